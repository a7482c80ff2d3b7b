"""Chapter 13: how many rows, split groups, pairs and a temperature."""

from itertools import combinations

import numpy as np

from utils.nn import softmax


def folds_of(held_out_sets, groups):
    """For each group the number of folds in which it stands."""
    folds = [set(groups[rows]) for rows in held_out_sets]
    return {group: sum(group in fold for fold in folds) for group in set(groups)}


def rows_in_split_groups(held_out_sets, groups):
    leaked = 0
    for i, rows in enumerate(held_out_sets):
        others = np.concatenate(held_out_sets[:i] + held_out_sets[i + 1 :])
        leaked += np.isin(groups[rows], groups[others]).sum()
    return leaked


def counts_each_return(held_out_sets, groups):
    seen, n_split = set(), 0
    for rows in held_out_sets:
        here = set(groups[rows])
        n_split += len(here & seen)
        seen |= here
    return n_split


def counts_each_pair_of_folds(held_out_sets, groups):
    return sum(len(set(groups[a]) & set(groups[b])) for a, b in combinations(held_out_sets, 2))


def says_whether_there_are_any(held_out_sets, groups):
    return any(n > 1 for n in folds_of(held_out_sets, groups).values())


def counts_those_kept_together(held_out_sets, groups):
    return sum(n == 1 for n in folds_of(held_out_sets, groups).values())


def asks_for_all_folds(held_out_sets, groups):
    return len(set.intersection(*[set(groups[rows]) for rows in held_out_sets]))


def counts_every_group(held_out_sets, groups):
    return len(folds_of(held_out_sets, groups))


def compares_two_folds(held_out_sets, groups):
    return len(np.intersect1d(groups[held_out_sets[0]], groups[held_out_sets[1]]))


def difference(right_a, right_b):
    return np.mean(right_a) - np.mean(right_b)


def error(right_a, right_b):
    return np.std(right_a.astype(int) - right_b) / np.sqrt(len(right_a))


def adds_two_variances(right_a, right_b):
    return difference(right_a, right_b), np.sqrt((right_a.var() + right_b.var()) / len(right_a))


def forgets_the_squared_mean(right_a, right_b):
    return difference(right_a, right_b), np.sqrt(np.mean(right_a != right_b) / len(right_a))


def takes_no_root(right_a, right_b):
    return difference(right_a, right_b), np.var(right_a.astype(int) - right_b) / len(right_a)


def scatter_of_one_row(right_a, right_b):
    return difference(right_a, right_b), np.std(right_a.astype(int) - right_b)


def divides_the_root_by_n(right_a, right_b):
    return difference(right_a, right_b), np.std(right_a.astype(int) - right_b) / len(right_a)


def subtracts_booleans(right_a, right_b):
    differences = right_a - right_b
    return differences.mean(), differences.std() / np.sqrt(len(differences))


def one_row_less(right_a, right_b):
    differences = right_a.astype(int) - right_b
    return differences.mean(), differences.std(ddof=1) / np.sqrt(len(differences))


def slope(beta, z, labels):
    return np.mean((softmax(beta * z) * z).sum(axis=1) - z[np.arange(len(z)), labels])


def probabilities_as_trained(z, labels, T):
    return -np.mean((softmax(z) * z).sum(axis=1) - z[np.arange(len(z)), labels]) / T**2


def forgets_the_truth(z, labels, T):
    return -np.mean((softmax(z / T) * z).sum(axis=1)) / T**2


def sums_over_rows(z, labels, T):
    return -np.sum((softmax(z / T) * z).sum(axis=1) - z[np.arange(len(z)), labels]) / T**2


def divides_the_scores(z, labels, T):
    z = z / T
    return -np.mean((softmax(z) * z).sum(axis=1) - z[np.arange(len(z)), labels]) / T**2


WRONG = [
    ("13.1", 8 * (0.9 * 0.08 + 0.1 * 0.92) / 0.02**2, "So many would each of two separate test sets need."),
    ("13.1", 2.8**2 * (0.9 * 0.08 + 0.1 * 0.92 - 0.02**2) / 0.02**2, "So many would each of two separate test sets"),
    ("13.1", 8 * 0.06 / 0.02, "The difference of the accuracies is to be squared."),
    ("13.1", 0.06 / 0.02**2, "Then the mean difference stands one standard error from 0."),
    ("13.1", (0.06 - 0.02**2) / 0.02**2, "Then the mean difference stands one standard error from 0."),
    ("13.1", 1.96**2 * 0.06 / 0.02**2, "The difference would show only every second time:"),
    ("13.1", 1.96**2 * (0.06 - 0.02**2) / 0.02**2, "The difference would show only every second time:"),
    ("13.1", 2**2 * 0.06 / 0.02**2, "The difference would show only every second time:"),
    ("13.1", 8 * 0.02 / 0.06**2, "s and d have changed places."),
    ("13.1", 8 * 6 / 2**2, "In the rule, shares are shares:"),
    ("13.1", 8 * (0.06 / 0.02) ** 2, "Of the two, d alone is squared."),
    ("13.1", 8 * 0.06 / 0.06**2, "d is the difference of the accuracies,"),
    ("13.2", rows_in_split_groups, "Those are rows."),
    ("13.2", counts_each_return, "A group that stands in three folds is one group:"),
    ("13.2", counts_each_pair_of_folds, "Each pair of folds that share a group is counted."),
    ("13.2", says_whether_there_are_any, "That only says whether there are any."),
    ("13.2", counts_those_kept_together, "That counts the groups that are kept together."),
    ("13.2", asks_for_all_folds, "Two folds are enough to split a group:"),
    ("13.2", counts_every_group, "All groups that occur are counted,"),
    ("13.2", compares_two_folds, "The first two folds are compared."),
    ("13.3", adds_two_variances, "That adds the variances of two separate test sets."),
    ("13.3", forgets_the_squared_mean, "The mean of the squares is there."),
    ("13.3", takes_no_root, "That is the variance of the mean."),
    ("13.3", scatter_of_one_row, "That is the standard deviation on one row."),
    ("13.3", divides_the_root_by_n, "N belongs under the root."),
    ("13.3", lambda a, b: (difference(b, a), error(b, a)), "The error is right, the difference has the wrong sign:"),
    ("13.3", lambda a, b: (abs(difference(a, b)), error(a, b)), "The error is right. The sign"),
    ("13.3", subtracts_booleans, "It stopped with a TypeError."),
    ("13.3", one_row_less, "That divides the squares by N − 1,"),
    ("13.4", 20 * 0.05, "So many are expected to look different,"),
    ("13.4", 0.05, "That is one of them alone."),
    ("13.4", 0.95**20, "So probable is it that none looks different."),
    ("13.4", 0.05**20, "That would be all twenty."),
    ("13.4", 20 * 0.05 * 0.95**19, "That is exactly one."),
    ("13.4", 1 - 0.95**10, "That is for ten variants."),
    ("13.5", lambda z, labels, T: slope(1 / T, z, labels), "That is the slope with respect to 1/T."),
    ("13.5", lambda z, labels, T: slope(1 / T, z, labels) / T**2, "The size is right."),
    ("13.5", lambda z, labels, T: -slope(1 / T, z, labels) / T, "The derivative of 1/T has T squared in it."),
    ("13.5", probabilities_as_trained, "At which temperature are the probabilities taken?"),
    ("13.5", forgets_the_truth, "The expected score is there."),
    ("13.5", sums_over_rows, "The loss is a mean over the rows,"),
    ("13.5", divides_the_scores, "The scores in the formula are z,"),
]
