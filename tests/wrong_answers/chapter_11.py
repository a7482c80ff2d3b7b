"""Chapter 11: missing values."""

import numpy as np


def filled_by(values, groups, means, otherwise):
    """`values` with each hole filled by the mean of its group, where `means` has one."""
    filled = values.copy()
    for i in np.flatnonzero(np.isnan(values)):
        filled[i] = means.get(groups[i], otherwise)
    return filled


def group_means(values, groups, mean=np.mean):
    known = ~np.isnan(values)
    return {group: mean(values[known & (groups == group)]) for group in np.unique(groups[known])}


def mean_for_all(train_values, train_groups, values, groups):
    return np.where(np.isnan(values), np.nanmean(train_values), values)


def own_mean_for_all(train_values, train_groups, values, groups):
    return np.where(np.isnan(values), np.nanmean(values), values)


def own_group_means(train_values, train_groups, values, groups):
    return filled_by(values, groups, group_means(values, groups), np.nanmean(values))


def own_group_means_else_the_training_mean(train_values, train_groups, values, groups):
    return filled_by(values, groups, group_means(values, groups), np.nanmean(train_values))


def zero_for_unknown_groups(train_values, train_groups, values, groups):
    return filled_by(values, groups, group_means(train_values, train_groups), 0)


def mean_of_means_for_unknown_groups(train_values, train_groups, values, groups):
    means = group_means(train_values, train_groups)
    return filled_by(values, groups, means, np.mean(list(means.values())))


def learns_from_both(train_values, train_groups, values, groups):
    all_values, all_groups = np.concatenate([train_values, values]), np.concatenate([train_groups, groups])
    return filled_by(values, groups, group_means(all_values, all_groups), np.nanmean(all_values))


def group_means_of_both(train_values, train_groups, values, groups):
    all_values, all_groups = np.concatenate([train_values, values]), np.concatenate([train_groups, groups])
    return filled_by(values, groups, group_means(all_values, all_groups), np.nanmean(train_values))


def medians(train_values, train_groups, values, groups):
    return filled_by(values, groups, group_means(train_values, train_groups, np.median), np.nanmedian(train_values))


def fills_every_value(train_values, train_groups, values, groups):
    means = group_means(train_values, train_groups)
    return np.array([means.get(group, np.nanmean(train_values)) for group in groups])


def deviation(s, r):
    return np.sqrt(s + (1 - s) * r**2)


def by_r_times_the_variance(s, r):
    deviation = np.sqrt(s + (1 - s) * r)
    return deviation, r / deviation


def mixes_up_the_parts(s, r):
    deviation = np.sqrt(1 - s + s * r**2)
    return deviation, r / deviation


def as_it_was_given(x, y, train, held_out):
    known = ~np.isnan(x[:, 1])
    others = np.column_stack([np.ones(len(x)), x[:, 0], y])
    w = np.linalg.lstsq(others[known], x[known, 1])[0]
    filled = x.copy()
    filled[~known, 1] = others[~known] @ w
    return filled[train], filled[held_out]


def keeps_the_target(x, y, train, held_out):
    known = ~np.isnan(x[:, 1])
    others = np.column_stack([np.ones(len(x)), x[:, 0], y])
    learn = train[known[train]]
    w = np.linalg.lstsq(others[learn], x[learn, 1])[0]
    filled = x.copy()
    filled[~known, 1] = others[~known] @ w
    return filled[train], filled[held_out]


def learns_from_held_out_rows(x, y, train, held_out):
    known = ~np.isnan(x[:, 1])
    others = np.column_stack([np.ones(len(x)), x[:, 0]])
    w = np.linalg.lstsq(others[known], x[known, 1])[0]
    filled = x.copy()
    filled[~known, 1] = others[~known] @ w
    return filled[train], filled[held_out]


def weights_for_each_part(x, y, train, held_out):
    parts = []
    for rows in (train, held_out):
        filled = x[rows]
        hole = np.isnan(filled[:, 1])
        others = np.column_stack([np.ones(len(rows)), filled[:, 0]])
        w = np.linalg.lstsq(others[~hole], filled[~hole, 1])[0]
        filled[hole, 1] = others[hole] @ w
        parts.append(filled)
    return tuple(parts)


def fills_with_the_mean(x, y, train, held_out):
    filled = x.copy()
    filled[np.isnan(x[:, 1]), 1] = np.nanmean(x[train, 1])
    return filled[train], filled[held_out]


def overwrites_what_was_there(x, y, train, held_out):
    others = np.column_stack([np.ones(len(x)), x[:, 0]])
    learn = train[~np.isnan(x[train, 1])]
    filled = x.copy()
    filled[:, 1] = others @ np.linalg.lstsq(others[learn], x[learn, 1])[0]
    return filled[train], filled[held_out]


def held_out_rows_first(x, y, train, held_out):
    hole = np.isnan(x[:, 1])
    others = np.column_stack([np.ones(len(x)), x[:, 0]])
    learn = train[~hole[train]]
    filled = x.copy()
    filled[hole, 1] = others[hole] @ np.linalg.lstsq(others[learn], x[learn, 1])[0]
    return filled[held_out], filled[train]


WRONG = [
    ("11.1", 0.9**8 * 0.96**12, "The eight are lost together:"),
    ("11.1", 0.96**20, "That treats all twenty alike."),
    ("11.1", 1 - 0.9 * 0.96**12, "That is the share with a hole."),
    ("11.1", 1 - 0.1 - 12 * 0.04, "Losses overlap:"),
    ("11.1", 0.9 * (1 - 12 * 0.04), "Losses among the twelve overlap, too:"),
    ("11.1", 0.9 * 0.96, "The twelve are lost one by one:"),
    ("11.1", 0.96**12, "Those are the patients who keep the twelve."),
    ("11.1", 1 - 0.1, "Those are the patients who came."),
    ("11.1", 100 * 0.9 * 0.96**12, "A share is asked for"),
    ("11.2", mean_for_all, "Every hole gets the same: the mean of all training values."),
    ("11.2", own_mean_for_all, "Every hole gets the same: the mean of the rows that are filled."),
    ("11.2", own_group_means, "All means are those of the rows that are filled."),
    ("11.2", own_group_means_else_the_training_mean, "The groups' means are those of the rows that are filled."),
    ("11.2", zero_for_unknown_groups, "A group without a training value gets 0."),
    ("11.2", mean_of_means_for_unknown_groups, "A group without a training value gets the mean of the groups' means."),
    ("11.2", learns_from_both, "The rows that are filled helped."),
    ("11.2", group_means_of_both, "The rows that are filled helped their groups' means."),
    ("11.2", medians, "Those are medians."),
    ("11.2", fills_every_value, "The values that were there are gone:"),
    ("11.3", lambda s, r: (np.sqrt(s), np.sqrt(s) * r), "That is the fill by the mean."),
    ("11.3", lambda s, r: (s + (1 - s) * r**2, r / deviation(s, r)), "The first is a variance."),
    ("11.3", lambda s, r: (s + (1 - s) * r**2, r / (s + (1 - s) * r**2)), "Both go by the variance."),
    ("11.3", lambda s, r: (deviation(s, r), r), "The deviation is right. The covariance stays"),
    ("11.3", lambda s, r: (deviation(s, r), r * deviation(s, r)), "The deviation is right. A smaller divisor"),
    ("11.3", lambda s, r: (deviation(s, r), s * r / deviation(s, r)), "The deviation is right. The covariance does"),
    ("11.3", mixes_up_the_parts, "You changed the parts:"),
    ("11.3", by_r_times_the_variance, "The fills have r squared times the variance"),
    ("11.4", as_it_was_given, "This is the fold as it was given."),
    ("11.4", keeps_the_target, "The rows are right."),
    ("11.4", learns_from_held_out_rows, "The target is gone."),
    ("11.4", weights_for_each_part, "The held-out rows are filled by weights of their own."),
    ("11.4", fills_with_the_mean, "That fills with the mean."),
    ("11.4", overwrites_what_was_there, "The values that were there are gone:"),
    ("11.4", held_out_rows_first, "Both parts are right."),
    ("11.5", 0.05, "That is the text's example:"),
    ("11.5", 0, "Nothing is lost"),
    ("11.5", 0.03, "That costs less than 4 points:"),
    ("11.5", 0.2, "Hardly a row is whole."),
    ("11.5", np.float32(0.5), "Hardly a row is whole."),
    ("11.5", 0.12, "That costs more than 10 points:"),
]

REFUSED = [
    ("11.5", False, "a share of at least 0 and below 0.9 expected: got False"),
    ("11.5", True, "a share of at least 0 and below 0.9 expected: got True"),
    ("11.5", "9 %", "a share of at least 0 and below 0.9 expected: got '9 %'"),
    ("11.5", -1e-9, "a share of at least 0 and below 0.9 expected: got -1e-09"),
    ("11.5", 0.9, "a share of at least 0 and below 0.9 expected: got 0.9"),
    ("11.5", 9, "a share of at least 0 and below 0.9 expected: got 9"),
    ("11.5", np.inf, "a share of at least 0 and below 0.9 expected: got inf"),
    ("11.5", np.nan, "a share of at least 0 and below 0.9 expected: got nan"),
]
