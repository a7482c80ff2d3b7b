"""Chapter 13: folds, pairs, and promises."""

import numpy as np

from utils.exercises.kinds import build, predict
from utils.nn import softmax

predict(
    "13.1",
    right=1200,
    tried="Eight times s over the square of d. (With 7.85 and s - d² it is a little less, and passes, too.)",
    tolerance=0.03,
    mistakes={
        "So many would each of two separate test sets need. These models read the same rows.": 3240,
        "The difference of the accuracies is to be squared.": 8 * 0.06 / 0.02,
        "Then the mean difference stands one standard error from 0. A claim needs nearly three.": 0.06 / 0.02**2,
        "The difference would show only every second time: 1.96 standard errors, on average. Ask for more.": 588,
        "s and d have changed places.": 8 * 0.02 / 0.06**2,
        "In the rule, shares are shares: 2 % is 0.02.": 8 * 6 / 2**2,
        "Of the two, d alone is squared.": 8 * 0.06**2 / 0.02**2,
        "d is the difference of the accuracies, and not the share on which the models disagree.": 8 * 0.06 / 0.06**2,
    },
)


def _appearances(held_out_sets, groups):
    """For each group the number of held-out sets that it stands in."""
    members = [set(groups[rows]) for rows in held_out_sets]
    return {group: sum(group in found for found in members) for group in set().union(*members)}


def _rows_of_split_groups(held_out_sets, groups):
    split = {group for group, n in _appearances(held_out_sets, groups).items() if n > 1}
    return sum(group in split for group in groups)


def _some_folds():
    """Three cuts of cars into folds, with makes; of the last, none is split."""
    makes = np.array(["ford", "fiat", "ford", "opel", "ford", "saab", "fiat", "opel", "saab", "bmw", "ford", "audi"])
    numbers = np.array([3, 3, 3, 5, 5, 7, 9, 9])
    return [
        ([np.array([0, 1, 5, 9]), np.array([2, 3, 6, 8]), np.array([4, 7, 10, 11])], makes),
        ([np.array([7, 0, 3]), np.array([1, 4, 5]), np.array([2, 6])], numbers),
        ([np.array([0, 1, 2]), np.array([3, 4, 5]), np.array([6, 7])], numbers),
    ]


build(
    "13.2",
    right=lambda sets, groups: sum(n > 1 for n in _appearances(sets, groups).values()),
    cases=_some_folds,
    tried="Three cuts were tried: one splits four of six makes, one splits three groups of numbers, and one none.",
    mistakes={
        "Those are rows. How many groups are they?": _rows_of_split_groups,
        "A group that stands in three folds is one group: count it once.": (
            lambda sets, groups: sum(n - 1 for n in _appearances(sets, groups).values())),
        "Each pair of folds that share a group is counted. However many there are, it is one group.": (
            lambda sets, groups: sum(n * (n - 1) // 2 for n in _appearances(sets, groups).values())),
        "That only says whether there are any. How many?": (
            lambda sets, groups: any(n > 1 for n in _appearances(sets, groups).values())),
        "That counts the groups that are kept together.": (
            lambda sets, groups: sum(n == 1 for n in _appearances(sets, groups).values())),
        "Two folds are enough to split a group: it need not stand in all of them.": (
            lambda sets, groups: sum(n == len(sets) for n in _appearances(sets, groups).values())),
        "All groups that occur are counted, split or not.": lambda sets, groups: len(_appearances(sets, groups)),
        "The first two folds are compared. What of the others?": (
            lambda sets, groups: len(set(groups[sets[0]]) & set(groups[sets[1]]))),
    },
)


def _two_models():
    rng = np.random.default_rng(13)
    return [tuple(rng.random((2, n)) < [[p_a], [p_b]]) for n, p_a, p_b in [(40, 0.9, 0.6), (70, 0.5, 0.8)]]


def _difference(a, b):
    return a.mean() - b.mean()


def _disagreement(a, b):
    return np.mean(a != b)


def _variance(a, b):
    return _disagreement(a, b) - _difference(a, b) ** 2


build(
    "13.3",
    right=lambda a, b: (_difference(a, b), np.sqrt(_variance(a, b) / len(a))),
    cases=_two_models,
    tried="On 40 and on 70 rows, with either model ahead. NumPy's `std` of the differences over the root of N agrees.",
    mistakes={
        "That adds the variances of two separate test sets. On the same rows, look at each row's difference.": (
            lambda a, b: (_difference(a, b), np.sqrt((a.var() + b.var()) / len(a)))),
        "The mean of the squares is there. A variance lacks the square of the mean.": (
            lambda a, b: (_difference(a, b), np.sqrt(_disagreement(a, b) / len(a)))),
        "That is the variance of the mean. The standard error is its root.": (
            lambda a, b: (_difference(a, b), _variance(a, b) / len(a))),
        "That is the standard deviation on one row. The mean of N rows scatters less.": (
            lambda a, b: (_difference(a, b), np.sqrt(_variance(a, b)))),
        "N belongs under the root.": lambda a, b: (_difference(a, b), np.sqrt(_variance(a, b)) / len(a)),
        "The error is right, the difference has the wrong sign: the first less the second.": (
            lambda a, b: (-_difference(a, b), np.sqrt(_variance(a, b) / len(a)))),
        "The error is right. The sign of the difference is lost, and with it who is better.": (
            lambda a, b: (abs(_difference(a, b)), np.sqrt(_variance(a, b) / len(a)))),
        "It stopped with a TypeError. If that is `right_a - right_b`: booleans cannot be subtracted. The chapter's "
        "bootstrap of the paired difference shows a way.": lambda a, b: a - b,
        "That divides the squares by N − 1, which many do. Here the mean square less the squared mean is asked for.": (
            lambda a, b: (_difference(a, b), np.sqrt(_variance(a, b) / (len(a) - 1)))),
    },
)

predict(
    "13.4",
    right=1 - 0.95**20,
    tried="None looks different with 0.95 multiplied by itself, twenty times; this is the rest.",
    tolerance=5e-3,
    mistakes={
        "So many are expected to look different, on average. A probability is asked for.": 1,
        "That is one of them alone.": 0.05,
        "So probable is it that none looks different.": 0.95**20,
        "That would be all twenty.": 0.05**20,
        "That is exactly one. More would deceive you as well.": 20 * 0.05 * 0.95**19,
        "That is for ten variants.": 1 - 0.95**10,
    },
)


def _slope(z, labels, T):
    return np.mean((softmax(z / T) * z).sum(axis=1) - z[np.arange(len(z)), labels])


def _logits():
    rng = np.random.default_rng(5)
    return [(3 * rng.normal(size=(n, n_classes)), rng.integers(0, n_classes, n), T)
            for n, n_classes, T in [(6, 3, 2.0), (4, 5, 0.5), (7, 2, 3.0)]]


build(
    "13.5",
    right=lambda z, labels, T: -_slope(z, labels, T) / T**2,
    cases=_logits,
    tried="Three batches, at temperatures of 2, 0.5 and 3. Central differences say the same.",
    mistakes={
        "That is the slope with respect to 1/T. How does 1/T move when T does?": _slope,
        "The size is right. If T grows, does 1/T grow?": lambda z, labels, T: _slope(z, labels, T) / T**2,
        "The derivative of 1/T has T squared in it.": lambda z, labels, T: -_slope(z, labels, T) / T,
        "At which temperature are the probabilities taken?": (
            lambda z, labels, T: -np.mean((softmax(z) * z).sum(axis=1) - z[np.arange(len(z)), labels]) / T**2),
        "The expected score is there. The score of the truth is to be taken from it.": (
            lambda z, labels, T: -np.mean((softmax(z / T) * z).sum(axis=1)) / T**2),
        "The loss is a mean over the rows, and so is its slope.": (
            lambda z, labels, T: -len(z) * _slope(z, labels, T) / T**2),
        "The scores in the formula are z, and not z/T, or a factor is counted twice.": (
            lambda z, labels, T: -_slope(z, labels, T) / T**3),
    },
)
