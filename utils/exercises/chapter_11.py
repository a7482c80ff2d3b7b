"""Chapter 11: how many rows are whole, fills by groups and by lines, a fold that leaks, and what dropping costs."""

import functools

import numpy as np

from utils.data import load_breast_cancer
from utils.exercises.kinds import build, change, predict
from utils.nn import SGD, Batches, Dense, Sequential, fit, softmax_cross_entropy
from utils.preprocessing import k_folds

predict(
    "11.1",
    right=0.9 * 0.96**12,
    tried="Nine in ten come to the visit, and of those about six in ten keep the other twelve.",
    tolerance=0.006,                            # two digits will do
    mistakes={
        "The eight are lost together: a patient came, or did not. That is one chance, not eight.": 0.9**8 * 0.96**12,
        "That treats all twenty alike. Which of them hang together?": 0.96**20,
        "That is the share with a hole. Asked is the share without.": 1 - 0.9 * 0.96**12,
        "Losses overlap: a patient can lack two of the twelve and counts once. Multiply what is kept.": 0.9 - 12 * 0.04,
        "Losses among the twelve overlap, too: multiply what is kept of them.": 0.9 * (1 - 12 * 0.04),
        "The twelve are lost one by one: each is a chance of its own.": 0.9 * 0.96,
        "Those are the patients who keep the twelve. And the visit?": 0.96**12,
        "Those are the patients who came. And the other twelve values?": 0.9,
        "A share is asked for, from 0 to 1, not a percentage.": 100 * 0.9 * 0.96**12,
    },
)


def _fill_by_group(train_values, train_groups, values, groups, *, middle=np.nanmean, lone=None):
    """Holes get `middle` of the training values of their group, or else `lone` (None: `middle` of all of them)."""
    lone = middle(train_values) if lone is None else lone
    fills = {}
    for group in set(groups):
        known = train_values[(train_groups == group) & ~np.isnan(train_values)]
        fills[group] = middle(known) if len(known) else lone
    return np.where(np.isnan(values), [fills[group] for group in groups], values)


def _together(train_values, train_groups, values, groups):
    return np.concatenate([train_values, values]), np.concatenate([train_groups, groups])


def _mean_of_group_means(values, groups):
    known = ~np.isnan(values)
    return np.mean([values[known & (groups == group)].mean() for group in set(groups[known])])


def _grouped_values():
    rng = np.random.default_rng(2)
    tables = []
    for n_train, n, names in [(9, 5, "ab"), (40, 12, "abcd"), (30, 8, "xyz")]:
        words = np.array(list(names))
        train_groups = words[rng.integers(0, len(words), n_train)]
        groups = rng.permutation(words[np.arange(n) % len(words)])
        train_values, values = [10.0 * np.searchsorted(words, part) + rng.exponential(4, len(part)).round(1)
                                for part in (train_groups, groups)]
        train_values[rng.random(n_train) < 0.3] = np.nan
        train_values[train_groups == words[-1]] = np.nan        # no training value in the last group
        values[[0, -1]], values[groups == words[-1]] = np.nan, np.nan
        tables.append((train_values, train_groups, values, groups))
    return tables


build(
    "11.2",
    right=_fill_by_group,
    cases=_grouped_values,
    tried="Three tables, each with a group that has no training value, are filled as the rule says.",
    mistakes={
        "Every hole gets the same: the mean of all training values. And its group?": (
            lambda train_values, train_groups, values, groups: (
                np.where(np.isnan(values), np.nanmean(train_values), values))),
        "Every hole gets the same: the mean of the rows that are filled. Learn from the training rows, by groups.": (
            lambda train_values, train_groups, values, groups: (
                np.where(np.isnan(values), np.nanmean(values), values))),
        "All means are those of the rows that are filled. A fill is learned from the training rows.": (
            lambda train_values, train_groups, values, groups: _fill_by_group(values, groups, values, groups)),
        "The groups' means are those of the rows that are filled. A fill is learned from the training rows.": (
            lambda train_values, train_groups, values, groups: _fill_by_group(
                values, groups, values, groups, lone=np.nanmean(train_values))),
        "A group without a training value gets 0. The text names something better.": (
            lambda *given: _fill_by_group(*given, lone=0.0)),
        "A group without a training value gets the mean of the groups' means. Asked is the mean of all values.": (
            lambda train_values, train_groups, values, groups: _fill_by_group(
                train_values, train_groups, values, groups, lone=_mean_of_group_means(train_values, train_groups))),
        "The rows that are filled helped. A fill is learned from the training rows alone.": (
            lambda train_values, train_groups, values, groups: _fill_by_group(
                *_together(train_values, train_groups, values, groups), values, groups)),
        "The rows that are filled helped their groups' means. Only training rows may.": (
            lambda train_values, train_groups, values, groups: _fill_by_group(
                *_together(train_values, train_groups, values, groups), values, groups, lone=np.nanmean(train_values))),
        "Those are medians.": lambda *given: _fill_by_group(*given, middle=np.nanmedian),
        "The values that were there are gone: only holes are filled.": (
            lambda train_values, train_groups, values, groups: _fill_by_group(
                train_values, train_groups, np.full_like(values, np.nan), groups)),
    },
)


def _after_line(s, r):
    deviation = np.sqrt(s + (1 - s) * r**2)
    return deviation, r / deviation


build(
    "11.3",
    right=_after_line,
    cases=lambda: [(0.5, 0.873), (0.8, 0.3), (0.7, -0.6), (1.0, 0.4), (0.6, 1.0)],
    tried="Five pairs of s and r, negative and perfect correlation among them.",
    mistakes={
        "That is the fill by the mean. Fills on a line are not all alike: they have a variance, too.": (
            lambda s, r: (np.sqrt(s), r * np.sqrt(s))),
        "The first is a variance. Asked is the deviation.": (
            lambda s, r: (s + (1 - s) * r**2, r / np.sqrt(s + (1 - s) * r**2))),
        "Both go by the variance. By what is a covariance divided to make a correlation?": (
            lambda s, r: (s + (1 - s) * r**2, r / (s + (1 - s) * r**2))),
        "The deviation is right. The covariance stays, but it is divided by a deviation that has shrunk.": (
            lambda s, r: (np.sqrt(s + (1 - s) * r**2), r)),
        "The deviation is right. A smaller divisor makes the correlation larger, not smaller.": (
            lambda s, r: (np.sqrt(s + (1 - s) * r**2), r * np.sqrt(s + (1 - s) * r**2))),
        "The deviation is right. The covariance does not shrink: fills on the line keep it.": (
            lambda s, r: (np.sqrt(s + (1 - s) * r**2), s * r / np.sqrt(s + (1 - s) * r**2))),
        "You changed the parts: s is what is still there.": (
            lambda s, r: (np.sqrt(1 - s + s * r**2), r / np.sqrt(1 - s + s * r**2))),
        "The fills have r squared times the variance, not r times.": (
            lambda s, r: (np.sqrt(s + (1 - s) * r), r / np.sqrt(s + (1 - s) * r))),
    },
)


def _filled_fold(x, y, train, held_out, *, all_rows=False, target=False, by_itself=False, mean=False, over=False):
    """The filled parts; each switch makes one mistake."""
    parts = []
    for rows in (train, held_out):
        learned_from = np.arange(len(x)) if all_rows else rows if by_itself else train
        others = np.column_stack([np.ones(len(x)), x[:, 0], *([y] if target else [])])
        known = learned_from[~np.isnan(x[learned_from, 1])]
        w = np.linalg.lstsq(others[known], x[known, 1])[0]
        told = np.full(len(x), x[known, 1].mean()) if mean else others @ w
        parts.append(np.column_stack([x[rows, 0], np.where(np.isnan(x[rows, 1]) | over, told[rows], x[rows, 1])]))
    return parts


def _folds_with_holes():
    rng = np.random.default_rng(4)
    cases = []
    for n, n_held_out in [(20, 6), (50, 10)]:
        x, y = rng.normal(size=(n, 2)), rng.integers(0, 2, n)
        x[:, 1] += x[:, 0] + 2 * y
        x[rng.random(n) < 0.4, 1] = np.nan
        order = rng.permutation(n)
        cases.append((x, y, order[n_held_out:], order[:n_held_out]))
    return cases


build(
    "11.4",
    right=_filled_fold,
    cases=_folds_with_holes,
    tried="Two folds of 20 and 50 rows are filled by what their training rows say, without the target.",
    mistakes={
        "This is the fold as it was given. Whom may a fill learn from, and what will be unknown tomorrow?": (
            lambda *given: _filled_fold(*given, all_rows=True, target=True)),
        "The rows are right. The answer itself still helps to fill.": lambda *given: _filled_fold(*given, target=True),
        "The target is gone. The weights still see the rows that are held out.": (
            lambda *given: _filled_fold(*given, all_rows=True)),
        "The held-out rows are filled by weights of their own. Theirs come from the training rows, too.": (
            lambda *given: _filled_fold(*given, by_itself=True)),
        "That fills with the mean. Column 0 has more to say.": lambda *given: _filled_fold(*given, mean=True),
        "The values that were there are gone: only holes are filled.": lambda *given: _filled_fold(*given, over=True),
        "Both parts are right. The text asks for the training rows first.": lambda *given: _filled_fold(*given)[::-1],
    },
)


@functools.cache
def _masses():
    table = load_breast_cancer()
    return table.drop(columns="diagnosis").to_numpy(), (table["diagnosis"] == "malignant").to_numpy(int)


def _held_out_accuracy(holed, labels, train, held_out, drop, rng):
    """Of a dense layer on columns that are filled and scaled by the rows it learns from."""
    kept = train[~np.isnan(holed[train]).any(axis=1)] if drop else train
    if len(kept) < 2:                           # nothing to learn from: always the most frequent class
        return np.mean(labels[held_out] == np.bincount(labels[train]).argmax())
    mean, deviation = np.nanmean(holed[kept], axis=0), np.nanstd(holed[kept], axis=0)
    deviation[deviation == 0] = 1
    x = np.nan_to_num((holed - mean) / deviation)
    layer = Sequential(Dense(x.shape[1], 2, rng=rng, dtype="float64"))
    fit(layer, softmax_cross_entropy, SGD(0.1), Batches(x[kept], labels[kept], 32, rng=rng), epochs=20)
    return np.mean(layer.forward(x[held_out]).argmax(axis=1) == labels[held_out])


def cost_of_dropping(share):
    """Accuracy with all rows, less that with whole rows alone: means of five draws of holes, five folds each.

    `share` of the values of each column of the breast masses is lost, by chance.
    """
    if isinstance(share, bool) or not isinstance(share, int | float | np.number) or not 0 <= share < 0.9:
        raise ValueError(f"a share of at least 0 and below 0.9 expected: got {share!r}")
    masses, labels = _masses()
    costs = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        holed = np.where(rng.random(masses.shape) < share, np.nan, masses)
        for fold in k_folds(len(labels), 5, rng=rng, labels=labels):
            filled, dropped = [_held_out_accuracy(holed, labels, *fold, drop, rng) for drop in (False, True)]
            costs.append(filled - dropped)
    return np.mean(costs)


change(
    "11.5",
    outcome=cost_of_dropping,
    right=0.09,
    goal=lambda cost: 0.04 <= cost <= 0.1,
    tried="One row in twelve to twenty-five is left, and the fill lost next to nothing.",
    mistakes={
        "That is the text's example: a fifth of the rows is left, and two points are lost. More holes.": (
            0.05, lambda share, cost: share == 0.05),
        "Nothing is lost, so nothing is dropped.": (0, lambda share, cost: share == 0),
        "That costs less than 4 points: enough rows are whole.": (0.02, lambda share, cost: cost < 0.04),
        "Hardly a row is whole. It takes much less: compute what is left of thirty columns.": (
            0.5, lambda share, cost: share >= 0.2),
        "That costs more than 10 points: too few rows are whole.": (0.14, lambda share, cost: cost > 0.1),
    },
)
