"""Chapter 14: the gap, and what narrows it."""

import numpy as np

from utils.data import load_mnist5k
from utils.exercises.kinds import build, predict
from utils.nn import relu

predict(
    "14.1",
    right=0.40,
    tried="Tomorrow, the noise that was learned is missing on the one side, and stands in the way on the other.",
    tolerance=2e-3,
    mistakes={
        "That is the gap alone. From where does it start?": 0.1,
        "That adds the variance once. Today's error has lost as much as tomorrow's has gained.": 0.35,
        "The noise counts by its square, as all that is in a mean squared error.": 0.5,
        "Tomorrow is not better than today.": 0.2,
        "p over N, not N over p: more rows make a smaller gap.": 2.8,
        "That is the noise alone.": 0.25,
        "That is today's error again, and by chance what tomorrow's would be without bias. Is there none?": 0.3,
    },
)


def _effective(x, l2, *, by=None):
    """Trace of the matrix that turns targets into a ridge regression's predictions."""
    inner = x.T @ x + l2 * np.eye(x.shape[1])
    return (by or (lambda x, inner: np.trace(x @ np.linalg.solve(inner, x.T))))(x, inner)


def _some_tables():
    rng = np.random.default_rng(14)
    return [(rng.normal(size=(8, 3)), 0.5), (rng.normal(size=(20, 5)), 10.0), (np.diag([1.0, 2.0, 3.0]), 1.0),
            (rng.normal(size=(4, 5)), 0.1)]


build(
    "14.2",
    right=_effective,
    cases=_some_tables,
    tried="Four tables were tried, one with more columns than rows. Of diag(1, 2, 3), l2 = 1 leaves 1/2 + 4/5 + 9/10.",
    mistakes={
        "That is p: as if the penalty took no freedom away.": lambda x, l2: x.shape[1],
        "That is the trace of the inverse alone. Which matrix stands between targets and predictions?": (
            lambda x, l2: _effective(x, l2, by=lambda x, inner: np.trace(np.linalg.inv(inner)))),
        "The penalty is l2 * ||w||^2 against a *sum* of squares: no factor N belongs to it.": (
            lambda x, l2: _effective(x, l2 * len(x))),
        "The factor 2 of the penalty's gradient stands before that of the squares as well.": (
            lambda x, l2: _effective(x, 2 * l2)),
        "That is the matrix itself. Add up its diagonal.": (
            lambda x, l2: _effective(x, l2, by=lambda x, inner: x @ np.linalg.solve(inner, x.T))),
        "That is the sum over all entries of the matrix. Only the diagonal counts.": (
            lambda x, l2: _effective(x, l2, by=lambda x, inner: np.sum(x @ np.linalg.solve(inner, x.T)))),
        "The penalty stands on the diagonal only: l2 times the unit matrix, not l2 added to every entry.": (
            lambda x, l2: np.trace(x @ np.linalg.solve(x.T @ x + l2, x.T))),
        "That is what the penalty has taken away. What is left?": (
            lambda x, l2: x.shape[1] - _effective(x, l2)),
        "That is the trace of the matrix times itself, which the variance takes. The gap takes the matrix once.": (
            lambda x, l2: np.sum(_effective(x, l2, by=lambda x, inner: x @ np.linalg.solve(inner, x.T)) ** 2)),
        "The squares of the singular values stand beside the penalty, not they themselves.": (
            lambda x, l2: np.sum(1 / (1 + l2 / np.linalg.svd(x, compute_uv=False)))),
    },
)

predict(
    "14.3",
    right=0.5,
    tried="With 25 weights of 0.4 the sum would be as large, and scatter twice as much: large weights cost here, too.",
    tolerance=2e-3,
    mistakes={
        "That is the variance.": 0.25,
        "That would be so if what is kept were not divided by 1 - r.": 0.4,
        "Variances of independent numbers add up, deviations do not.": 5,
        "That is the deviation of a single number: there are a hundred.": 0.05,
        "The mean stays, but the sum does vary from step to step.": 0,
        "That is the mean. How far from it does the sum fall?": 10,
        "That is what the mean would lose without the division by 1 - r.": 2,
        "A term that is kept is 0.1/0.8. How far are that, and 0, from the mean, and how often?": np.sqrt(0.2),
        "A mean square alone is no variance: the square of the mean is still in it.": np.sqrt(1.25),
        "The unscaled variance is divided by the square of 0.8, and the root comes last.": 0.4 / 0.64,
    },
)


def _batch_norm(x, gamma, beta, moving_mean, moving_variance, training, *, own_at_test=False, swapped=False,
                always_moves=False, n_less_one=0, outside=False, moving_in_training=False):
    """(y, moving mean, moving variance); each switch makes one mistake."""
    mean, variance = x.mean(axis=0), x.var(axis=0) * len(x) / (len(x) - n_less_one)
    old, new = (0.1, 0.9) if swapped else (0.9, 0.1)
    if training or always_moves:
        moving_mean = old * moving_mean + new * mean
        moving_variance = old * moving_variance + new * variance
    if moving_in_training or not training and not own_at_test:
        mean, variance = moving_mean, moving_variance
    scale = np.sqrt(variance) + 1e-3 if outside else np.sqrt(variance + 1e-3)
    return gamma * (x - mean) / scale + beta, moving_mean, moving_variance


def _some_batches():
    rng = np.random.default_rng(14)
    learned = np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0])
    moving = np.array([0.5, -1.0, 2.0]), np.array([1.5, 0.2, 4.0])
    return [(rng.normal(1, 3, size=(n, 3)), *learned, *moving, training)
            for n, training in [(6, True), (6, False), (1, False), (4, True)]]


build(
    "14.4",
    right=_batch_norm,
    cases=_some_batches,
    tried="Two training batches, and six rows and a single one without training, bring what Keras' layer brings.",
    mistakes={
        "This is the layer as it was given. Whose mean may it use without training? How far do the averages move?": (
            lambda *given: _batch_norm(*given, own_at_test=True, swapped=True)),
        "Training is right now. Without it, a row's answer still depends on its company.": (
            lambda *given: _batch_norm(*given, own_at_test=True)),
        "The right statistics, but the moving averages forget nearly all at each batch.": (
            lambda *given: _batch_norm(*given, swapped=True)),
        "Prediction changes the moving averages: they belong to training.": (
            lambda *given: _batch_norm(*given, always_moves=True)),
        "Now training uses the moving averages as well, and is no batch normalisation any more.": (
            lambda *given: _batch_norm(*given, moving_in_training=True)),
        "The variance is that of the batch, over N: it estimates nothing.": (
            lambda *given: _batch_norm(*given, n_less_one=1)),
        "The small number belongs under the root.": lambda *given: _batch_norm(*given, outside=True),
    },
)


STRENGTHS = [10.0**k for k in range(-3, 4)]


def _fits(F, t):
    """The W of each strength."""
    return [F.T @ np.linalg.solve(F @ F.T + l2 * np.eye(len(F)), t) for l2 in STRENGTHS]


def _read(F, y, fits):
    return [np.mean((F @ W).argmax(axis=1) == y) for W in fits]


def _best_l2(F, t, F_val, y_val):
    return STRENGTHS[np.argmax(_read(F_val, y_val, _fits(F, t)))]


def _least_square(F, t, F_val, y_val):
    return STRENGTHS[np.argmin([np.mean((F_val @ W - np.eye(10)[y_val]) ** 2) for W in _fits(F, t)])]


def _some_peaks():
    """100 digits and 100 random features: as they are, at 1/100, and twice with 3 or 4 labels in 10 drawn anew."""
    (x, y), _ = load_mnist5k()
    x, cases = x.reshape(-1, 784) / 255, []
    for seed, scale, noise in [(2, 1.0, 0.0), (5, 0.01, 0.0), (1, 1.0, 0.3), (8, 1.0, 0.4)]:
        rng = np.random.default_rng(1400 + seed)
        rows, V = rng.permutation(3000)[:100], rng.normal(size=(784, 100))
        F, F_val = [scale * relu(part @ V) / 10 for part in (x[rows], x[3000:])]
        is_wrong, others = rng.random(100) < noise, rng.integers(0, 10, 100)
        cases.append((F, np.eye(10)[np.where(is_wrong, others, y[rows])], F_val, y[3000:]))
    return cases


build(
    "14.5",
    right=_best_l2,
    cases=_some_peaks,
    tried="Four peaks were tried: ours, one with small features, two with wrong labels. No single number serves all.",
    mistakes={
        "That is the chapter's number. Smaller features, or wrong labels, want another.": lambda *given: 10,
        "The digits that W was fitted to always want the weakest penalty. Ask those that it has not seen.": (
            lambda F, t, *others: STRENGTHS[np.argmax(_read(F, t.argmax(axis=1), _fits(F, t)))]),
        "That is the share of the digits that the best one reads. Which one is it?": (
            lambda F, t, F_val, y_val: max(_read(F_val, y_val, _fits(F, t)))),
        "That is its place in the list. What stands there?": (
            lambda F, t, F_val, y_val: np.argmax(_read(F_val, y_val, _fits(F, t)))),
        "That is the one which reads the fewest.": (
            lambda F, t, F_val, y_val: STRENGTHS[np.argmin(_read(F_val, y_val, _fits(F, t)))]),
        "That one has the least squared error on the validation digits. Another reads more of them.": _least_square,
        "That is a W. The strength is asked for that leads to it.": (
            lambda F, t, F_val, y_val: _fits(F, t)[np.argmax(_read(F_val, y_val, _fits(F, t)))]),
    },
)
