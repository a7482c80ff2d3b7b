"""Chapter 07: where to start, the loop, and how good that is."""

import numpy as np

from utils.data import load_mnist5k
from utils.exercises.kinds import build, change, predict
from utils.metrics import accuracy
from utils.nn import SGD, Batches, Dense, ReLU, Sequential, fit, he_normal, softmax_cross_entropy

predict(
    "07.1",
    right=1100,
    tried="Each epoch has 54 full batches and one of 44 digits, and every batch is a step.",
    tolerance=0,
    mistakes={
        "54 batches are full. What becomes of the digits that are left over?": 1080,
        "A step is taken for each batch, not for each digit.": 70_000,
        "That is one epoch.": 55,
        "That is one epoch, and without the digits that are left over.": 54,
        "There is no half step: how large is the last batch of each epoch, and is it used?": 1093.75,
        "The digits left over in one epoch do not wait for the next: every epoch is cut into batches anew.": 1094,
        "With batches of 32 this would be right.": 2200,
    },
)

build(
    "07.2",
    right=lambda n_inputs, slope: np.sqrt(2 / (n_inputs * (1 + slope**2))),
    cases=lambda: [(100, 0.1), (784, 0.3), (64, 0.0), (256, 1.0)],
    tried="With a slope of 0 it is He's rule, and with 1, where nothing is bent, the root of one over n_inputs.",
    mistakes={
        "That is He's rule: it loses all of the negative half. Here some of it is kept.": (
            lambda n_inputs, slope: np.sqrt(2 / n_inputs)),
        "The slope makes the signal smaller, and what counts is its mean square.": (
            lambda n_inputs, slope: np.sqrt(2 / (n_inputs * (1 + slope)))),
        "That is the variance of the weights.": lambda n_inputs, slope: 2 / (n_inputs * (1 + slope**2)),
        "More of the signal is kept than by ReLU. Must the weights be larger for it, or smaller?": (
            lambda n_inputs, slope: np.sqrt(2 * (1 + slope**2) / n_inputs)),
        "That keeps a signal that is not bent at all, whatever the slope.": (
            lambda n_inputs, slope: np.sqrt(1 / n_inputs)),
        "Both sides have a half of the mean square each. Did you forget the halves?": (
            lambda n_inputs, slope: np.sqrt(1 / (n_inputs * (1 + slope**2)))),
    },
)


def _small_network():
    rng = np.random.default_rng(0)
    return Sequential(Dense(3, 4, rng=rng, dtype="float64"), ReLU(), Dense(4, 3, rng=rng, dtype="float64"))


def _small_trainings():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(11, 3)), rng.integers(0, 3, 11)
    return [(_small_network(), SGD(rate), Batches(x, y, size, rng=np.random.default_rng(2)))
            for rate, size in [(0.5, 4), (0.1, 3)]]


def _one_epoch(model, optimizer, batches, *, step_first=False, weighted=True, steps=True, by=None):
    """An epoch's mean loss; each switch makes one mistake."""
    total = 0.0
    for x, y in batches:
        loss, dz = softmax_cross_entropy(model.forward(x), y)
        if step_first:
            optimizer.step(model.params, model.grads)
        model.backward(dz, needs_dx=False)
        if steps and not step_first:
            optimizer.step(model.params, model.grads)
        total += len(x) * loss if weighted else loss
    return total / (by or (lambda batches: len(batches.x) if weighted else len(batches)))(batches)


build(
    "07.3",
    right=lambda model, optimizer, batches: fit(model, softmax_cross_entropy, optimizer, batches, epochs=1).loss[0],
    cases=_small_trainings,
    tried="Two trainings on 11 examples, in batches of 4 and of 3, bring the loss of `fit`.",
    mistakes={
        "This is the epoch as it was given. What does the very first step go by, and whose mean is returned?": (
            lambda *given: _one_epoch(*given, step_first=True, weighted=False)),
        "The steps are right. The last batch is smaller: may it count as much as the others?": (
            lambda *given: _one_epoch(*given, weighted=False)),
        "The mean is right. Whose blame is in `grads` when the step reads it?": (
            lambda *given: _one_epoch(*given, step_first=True)),
        "Now no step is taken at all.": lambda *given: _one_epoch(*given, steps=False),
        "The losses are weighted by their examples now. By what must the total be divided?": (
            lambda *given: _one_epoch(*given, by=len)),
        "The total is a sum of one mean for each batch, and it is divided by the number of examples.": (
            lambda *given: _one_epoch(*given, weighted=False, by=lambda batches: len(batches.x))),
    },
)


def _share_read(n_digits):
    """Share of the 500 validation digits that is read after 20 epochs on the first `n_digits`."""
    if isinstance(n_digits, bool) or not isinstance(n_digits, int | np.integer) or not 1 <= n_digits <= 3500:
        raise ValueError(f"a whole number from 1 to 3500 expected: got {n_digits!r}")
    (x, y), _ = load_mnist5k()
    x, rng = (x.reshape(-1, 784) / 255).astype("float32"), np.random.default_rng(7)
    sizes = [(784, 128), (128, 64), (64, 10)]
    first, second, third = [Dense(n, m, rng=rng, initializer=he_normal) for n, m in sizes]
    model, batches = Sequential(first, ReLU(), second, ReLU(), third), Batches(x[:n_digits], y[:n_digits], 32, rng=rng)
    fit(model, softmax_cross_entropy, SGD(0.1), batches, epochs=20)
    return accuracy(model.forward(x[3500:]), y[3500:])


change(
    "07.4",
    outcome=_share_read,
    right=400,
    goal=lambda share: 0.80 <= share <= 0.88,
    tried="So few examples go a long way, and each further point costs more of them than the last.",
    mistakes={
        "That is all of them, and more is read than was asked for. How little is enough?": (
            3500, lambda n_digits, share: n_digits == 3500),
        "With so few, most digits have hardly a handful of examples.": (
            50, lambda n_digits, share: n_digits <= 50),
        "Too few examples: more of them.": (150, lambda n_digits, share: share < 0.8),
        "More is read than was asked for: it takes fewer examples.": (2000, lambda n_digits, share: share > 0.88),
    },
)

predict(
    "07.5",
    right=4 * 0.95 * 0.05 / 0.002**2,
    tried="Two standard deviations of a share of 0.95 are then 0.002. MNIST's own 10,000 give twice as much.",
    tolerance=0.045,                            # 1.96 standard deviations are as good as 2
    mistakes={
        "That makes one standard deviation as large as asked for. How many did we count?": 0.95 * 0.05 / 0.002**2,
        "Of p(1 - p), the second factor is missing.": 4 * 0.95 / 0.002**2,
        "0.2 points are 0.002, not 0.02.": 4 * 0.95 * 0.05 / 0.02**2,
        "0.2 points are 0.002, not 0.2: so few digits would do for a rough guess only.": 4 * 0.95 * 0.05 / 0.2**2,
        "A handful of digits would do for a rough guess only: 0.2 points are 0.002, not 0.2.": 5,
        "The doubt shrinks with the root of N, so its square belongs in your formula.": 4 * 0.95 * 0.05 / 0.002,
        "That is the root of the number asked for.": 2 * np.sqrt(0.95 * 0.05) / 0.002,
        "That would be so if seven times as many made the doubt seven times smaller.": 7000,
        "The 2 belongs under the square as well.": 2 * 0.95 * 0.05 / 0.002**2,
    },
)
