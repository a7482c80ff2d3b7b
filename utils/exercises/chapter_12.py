"""Chapter 12: alarms that are real, averages, batches, another prevalence, and a threshold for a purpose."""

from functools import cache

import numpy as np

from utils.data import load_breast_cancer
from utils.exercises.kinds import build, change, predict
from utils.nn import SGD, Batches, Dense, Sequential, binary_cross_entropy, fit, sigmoid

predict(
    "12.1",
    right=0.018 / (0.018 + 0.049),
    tried="Of 10,000 people 180 are ill and flagged, and 490 healthy: about one alarm in four is real.",
    tolerance=0.006,                            # two digits will do
    mistakes={
        "That is the share of the ill who are found. Asked is the share of the alarms.": 0.9,
        "These are the ill and flagged among all who were tested. Divide by all who were flagged.": 0.018,
        "The healthy are not everybody who was tested.": 0.018 / (0.018 + 0.05),
        "That would be so if as many were ill as healthy. How rare are the ill?": 0.9 / 0.95,
        "That is the prevalence: what was known before the test.": 0.02,
        "That is the share of the alarms that are false.": 0.049 / 0.067,
        "That compares real alarms with false ones. Asked is their share in all alarms.": 0.018 / 0.049,
        "A share is asked for, from 0 to 1, not a percentage.": 1.8 / 0.067,
    },
)


def _f1s(counts):
    return 2 * np.diag(counts) / (counts.sum(axis=0) + counts.sum(axis=1))


def _precisions_and_recalls(counts):
    return np.diag(counts) / counts.sum(axis=0), np.diag(counts) / counts.sum(axis=1)


def _f1_of_means(counts):
    precision, recall = (values.mean() for values in _precisions_and_recalls(counts))
    return 2 * precision * recall / (precision + recall)


build(
    "12.2",
    right=lambda counts: _f1s(counts).mean(),
    cases=lambda: [(np.array([[5, 1], [2, 9]]),), (np.array([[8, 2, 0], [1, 3, 1], [0, 2, 30]]),),
                   (np.array([[90, 0, 2, 1], [3, 4, 1, 0], [0, 2, 20, 5], [6, 0, 0, 7]]),)],
    tried="Three matrices, of two to four classes, agree with the rule.",
    mistakes={
        "That is the share of right answers, which is the micro F1.": lambda counts: np.trace(counts) / counts.sum(),
        "That is the F1 of two means. Asked is the mean of the F1s.": _f1_of_means,
        "That is the weighted mean: frequent classes count for more.": (
            lambda counts: np.average(_f1s(counts), weights=counts.sum(axis=1))),
        "That is the mean of the recalls alone.": lambda counts: _precisions_and_recalls(counts)[1].mean(),
        "That is the mean of the precisions alone.": lambda counts: _precisions_and_recalls(counts)[0].mean(),
        "These are the F1s of the classes. One number is asked for.": _f1s,
        "A factor of 2 is missing: all right must give 1.": lambda counts: _f1s(counts).mean() / 2,
        "That is their sum.": lambda counts: _f1s(counts).sum(),
    },
)


def _batches_of_a_rare_class():
    rng = np.random.default_rng(12)
    truths = [(rng.random(n) < share).astype(int) for n, share in [(8, 0.3), (8, 0.0), (8, 0.6), (3, 0.5), (8, 0.2)]]
    truths[0][0] = truths[2][0] = truths[3][0] = truths[4][0] = 1
    return [[(np.where(rng.random(len(truth)) < 0.7, truth, 1 - truth), truth) for truth in part]
            for part in (truths, truths[::-1] + [truths[2]])]


def _found(called, truth):
    return np.sum((called == 1) & (truth == 1))


def _mean_of_recalls(batches, empty=None, weigh=None):
    """The mean over the batches; those without a positive count as `empty`, or not at all."""
    parts = [(_found(*batch) / batch[1].sum() if batch[1].any() else empty, weigh(batch) if weigh else 1)
             for batch in batches if batch[1].any() or empty is not None]
    return np.average([value for value, _ in parts], weights=[weight for _, weight in parts])


def _ratio(batches, of):
    return sum(_found(*batch) for batch in batches) / sum(of(*batch) for batch in batches)


build(
    "12.3",
    right=lambda batches: _ratio(batches, lambda called, truth: truth.sum()),
    cases=lambda: [(batches,) for batches in _batches_of_a_rare_class()],
    tried="Two lists of five and six batches, one of them without a positive, give the recall of all their rows.",
    mistakes={
        "This is the function as it was given. A batch with one positive counts as much as a batch with five.": (
            _mean_of_recalls),
        "Now batches without a positive count as 0, although nothing was to be found in them.": (
            lambda batches: _mean_of_recalls(batches, empty=0)),
        "Weighted by rows. Which number of a batch stands in the denominator of its recall?": (
            lambda batches: _mean_of_recalls(batches, weigh=lambda batch: len(batch[1]))),
        "Weighted by all rows, also of batches without a positive. What does the denominator of a recall count?": (
            lambda batches: _mean_of_recalls(batches, empty=0, weigh=lambda batch: len(batch[1]))),
        "That is the precision of all rows: the denominator counts alarms.": (
            lambda batches: _ratio(batches, lambda called, truth: called.sum())),
        "You divide by all rows. Recall is a share of the positives.": (
            lambda batches: _ratio(batches, lambda called, truth: len(truth))),
        "That is how many are found. Recall is a share.": lambda batches: sum(_found(*batch) for batch in batches),
    },
)


def _odds(share):
    return share / (1 - share)


def _moved_odds(p, factor):
    odds = _odds(p) * factor
    return odds / (1 + odds)


build(
    "12.4",
    right=lambda p, before, after: _moved_odds(p, _odds(after) / _odds(before)),
    cases=lambda: [(np.array([0.1, 0.5, 0.9]), 0.37, 0.01), (np.array([0.02, 0.6]), 0.1, 0.3), (0.5, 0.5, 0.2)],
    tried="Whoever scored the old prevalence now scores the new one, and probabilities stay between 0 and 1.",
    mistakes={
        "That can exceed 1, if the disease becomes more frequent. Multiply odds, not probabilities.": (
            lambda p, before, after: p * after / before),
        "The odds are multiplied by a ratio of prevalences. By Bayes' rule it is a ratio of their odds.": (
            lambda p, before, after: _moved_odds(p, after / before)),
        "The wrong way round: a rarer disease makes each case less likely.": (
            lambda p, before, after: _moved_odds(p, _odds(before) / _odds(after))),
        "These are the odds. Turn them into a probability again.": (
            lambda p, before, after: _odds(p) * _odds(after) / _odds(before)),
        "You put the new prevalence in, and left the old one in, too.": (
            lambda p, before, after: _moved_odds(p, _odds(after))),
        "You took the old prevalence out. Now put the new one in.": (
            lambda p, before, after: _moved_odds(p, 1 / _odds(before))),
    },
)


@cache
def _validation():
    """Probabilities and labels of the chapter's validation rows, drawn and trained as there."""
    cases, rng = load_breast_cancer(), np.random.default_rng(12)
    means, labels = cases.filter(like="mean ").to_numpy(), (cases["diagnosis"] == "malignant").to_numpy(int)
    by_class = [rng.permutation(np.flatnonzero(labels == label)) for label in (0, 1)]
    parts = [np.split(rows, [int(0.4 * len(rows)), int(0.7 * len(rows))]) for rows in by_class]
    train, val, _ = [rng.permutation(np.concatenate(pair)) for pair in zip(*parts, strict=True)]
    x = (means - means[train].mean(axis=0)) / means[train].std(axis=0)
    model = Sequential(Dense(10, 1, rng=rng, dtype="float64"))
    batches = Batches(x[train], labels[train, np.newaxis].astype(float), len(train), rng=rng)
    fit(model, binary_cross_entropy, SGD(1.0), batches, epochs=300)
    return sigmoid(model.forward(x[val]))[:, 0], labels[val]


def _found_and_flagged(threshold):
    """Recall, and the share of the benign that is flagged."""
    if isinstance(threshold, bool) or not isinstance(threshold, int | float | np.number):
        raise ValueError(f"a number expected: got {threshold!r}")
    p, labels = _validation()
    return np.mean(p[labels == 1] >= threshold), np.mean(p[labels == 0] >= threshold)


change(
    "12.5",
    outcome=_found_and_flagged,
    right=0.275,
    goal=lambda rates: rates[0] >= 0.98 and rates[1] <= 0.1,
    tried="One of 64 malignant masses is missed. A threshold keeps such a promise only on the rows that chose it.",
    mistakes={
        "Nobody is flagged at such a threshold: no probability reaches it.": (
            1.5, lambda threshold, rates: max(rates) == 0),
        "Everybody is flagged at such a threshold.": (0.0, lambda threshold, rates: min(rates) == 1),
        "That is the habit, and it misses too many: a lower threshold.": (
            0.5, lambda threshold, rates: threshold == 0.5),
        "Too many malignant masses are missed: a lower threshold.": (0.4, lambda threshold, rates: rates[0] < 0.98),
        "They are found, but too many benign masses are flagged: a higher threshold.": (
            0.05, lambda threshold, rates: rates[1] > 0.1),
    },
)
