"""Chapter 08: what Keras counts, what it is given, and what is folded into a layer."""

import functools

import numpy as np

from utils.data import load_breast_cancer
from utils.exercises.kinds import build, change, predict
from utils.nn import Adam, Batches, Dense, ReLU, Sequential, binary_cross_entropy, fit, glorot_uniform, softmax

predict(
    "08.1",
    right=(641, 1284),
    tried="496 and 136 and 9 are trained; Adam keeps two for each, and a count and a rate.",
    tolerance=0,
    mistakes={
        "That is the weights without their biases.": (616, 1234),
        "Every weight has two moments. What does Adam keep besides?": (641, 1282),
        "One moment would be momentum. Adam keeps the mean of the gradients and that of their squares.": (641, 643),
        "Adam's share belongs into the second number alone.": (1925, 1284),
        "The first is right. The second asks for what Adam keeps, without the weights themselves.": (641, 1925),
        "Is the 1 at the end a layer, too?": (632, 1266),
    },
)


def _reported_and_right(logits, targets, *, first=0.5, second=0.0, at_least=False, of_class=None):
    """Shares of the rows on the right side of two thresholds; each switch makes one mistake."""
    above = (lambda cut: logits >= cut) if at_least else (lambda cut: logits > cut)
    rows = slice(None) if of_class is None else targets == of_class
    return tuple(float(np.mean((above(cut) == targets)[rows])) for cut in (first, second))


def _logits_and_targets():
    rng = np.random.default_rng(2)
    on_the_cuts = np.array([-1.5, 0.0, 0.2, 0.4, 0.5, 0.6, 3.0]), np.array([0, 0, 1, 0, 0, 1, 1])
    drawn = [(rng.normal(size=n), rng.integers(0, 2, n)) for n in (20, 57)]
    return [on_the_cuts, *[(z + t, t) for z, t in drawn]]


build(
    "08.2",
    right=_reported_and_right,
    cases=_logits_and_targets,
    tried="Three sets agree, one with logits that lie on the thresholds themselves.",
    mistakes={
        "The two numbers are exchanged: which threshold does `\"accuracy\"` use?": (
            lambda logits, targets: _reported_and_right(logits, targets)[::-1]),
        "Both numbers count at the same threshold. An even chance is another number for a logit.": (
            lambda logits, targets: _reported_and_right(logits, targets, second=0.5)),
        "`\"accuracy\"` knows nothing of logits: it cuts the output where a probability would be cut.": (
            lambda logits, targets: _reported_and_right(logits, targets, first=0.0)),
        "On the threshold itself a row counts as 0.": (
            lambda logits, targets: _reported_and_right(logits, targets, at_least=True)),
        "That looks at the cases of class 1 alone. A 0 that is called 0 is right, too.": (
            lambda logits, targets: _reported_and_right(logits, targets, of_class=1)),
        "A logit of 0.5 is a probability of 0.62. Which logit is a probability of 0.5?": (
            lambda logits, targets: _reported_and_right(logits, targets, second=1 / (1 + np.exp(-0.5)))),
    },
)


def _two_columns():
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(n, 2)), rng.normal(size=2)) for n in (1, 4, 10)]


build(
    "08.3",
    right=lambda W, b: (W[:, 1:] - W[:, :1], b[1:] - b[:1]),
    cases=_two_columns,
    tried="Sigmoid of the difference gives the softmax of three layers, the probability of class 1.",
    mistakes={
        "That is the probability of class 0.": lambda W, b: (W[:, :1] - W[:, 1:], b[:1] - b[1:]),
        "The scores of class 1 alone: softmax looks at both.": lambda W, b: (W[:, 1:], b[1:]),
        "The numbers are right, the shapes are not: a Dense of one unit has a column.": (
            lambda W, b: (W[:, 1] - W[:, 0], b[1] - b[0])),
        "The weights are right. The biases are scores, too.": lambda W, b: (W[:, 1:] - W[:, :1], b[1:]),
        "Softmax of the weights is not the softmax of the scores: sigmoid wants a logit.": (
            lambda W, b: (softmax(W)[:, 1:], softmax(b[np.newaxis])[0, 1:])),
        "A ratio of probabilities is a difference of scores.": lambda W, b: (W[:, 1:] / W[:, :1], b[1:] / b[:1]),
    },
)


def _first_layers():
    rng = np.random.default_rng(4)
    return [(rng.normal(size=(d, h)), rng.normal(size=h), rng.normal(5, 2, d), rng.uniform(0.1, 3, d))
            for d, h in ((1, 1), (3, 2), (30, 10))]


def _fold(W, b, mean, std):
    W = W / std[:, np.newaxis]
    return W, b - mean @ W


build(
    "08.4",
    right=_fold,
    cases=_first_layers,
    tried="Three layers give for raw rows what they gave for scaled ones.",
    mistakes={
        "The weights are right. And the mean? It, too, can go somewhere.": (
            lambda W, b, mean, std: (W / std[:, np.newaxis], b)),
        "Write (x - mean) / std @ W out: by what is each row of W divided, or multiplied?": (
            lambda W, b, mean, std: (W * std[:, np.newaxis], b - mean @ (W * std[:, np.newaxis]))),
        "The weights are right. What is subtracted from b has passed the division, too.": (
            lambda W, b, mean, std: (W / std[:, np.newaxis], b - mean @ W)),
        "The weights are right. Which sign does the mean have in the product?": (
            lambda W, b, mean, std: (W / std[:, np.newaxis], b + (mean / std) @ W)),
        "That subtracts the mean and leaves the scale as it was.": lambda W, b, mean, std: (W, b - mean @ W),
    },
)


@functools.cache
def _scaled_rows():
    """The chapter's rows, scaled by its training rows: (training, validation), each (x, y)."""
    cases = load_breast_cancer()
    y = (cases["diagnosis"] == "malignant").to_numpy("float32")[:, np.newaxis]
    x = cases.drop(columns="diagnosis").to_numpy("float32")
    train, val, _ = np.split(np.random.default_rng(8).permutation(569), [341, 455])
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)
    return (x[train], y[train]), (x[val], y[val])


def _loss_after_ten_epochs(rate):
    """Mean validation loss of five seeds; a training that leaves the numbers counts as infinitely bad."""
    (x, y), validation = _scaled_rows()
    losses = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        first, second = [Dense(n, m, rng=rng, initializer=glorot_uniform) for n, m in ((30, 10), (10, 1))]
        model, batches = Sequential(first, ReLU(), second), Batches(x, y, 32, rng=rng)
        try:
            history = fit(model, binary_cross_entropy, Adam(rate), batches, epochs=10, validation_data=validation)
            losses.append(history.val_loss[-1])
        except FloatingPointError:
            losses.append(np.inf)
    return float(np.mean(losses))


change(
    "08.5",
    outcome=_loss_after_ten_epochs,
    right=0.02,
    goal=lambda loss: loss <= 0.08,
    tried="With longer steps ten epochs are enough for this table.",
    mistakes={
        "That is the rate of the four lines, where the curves were still falling.": (
            0.001, lambda rate, loss: rate == 0.001),
        "Shorter steps come less far in ten epochs.": (0.0001, lambda rate, loss: rate < 0.001),
        "The steps are longer than the default's, and not yet long enough.": (
            0.003, lambda rate, loss: 0.001 < rate < 0.02),
        "Too far: the steps jump about, and the seeds no longer agree.": (1.0, lambda rate, loss: rate > 0.05),
    },
)
