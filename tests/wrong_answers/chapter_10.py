"""Chapter 10: preparing data."""

import numpy as np


def scales_each_part_by_itself(train, test):
    scaled = []
    for rows in (train, test):
        deviation = np.maximum(rows.std(axis=0), 1e-7)
        scaled.append((rows - rows.mean(axis=0)) / deviation)
    return tuple(scaled)


def keeps_the_tiny_deviation(train, test):
    mean, deviation = train.mean(axis=0), np.maximum(train.std(axis=0), 1e-7)
    return (train - mean) / deviation, (test - mean) / deviation


def learns_from_all_rows(train, test):
    rows = np.concatenate([train, test])
    mean, deviation = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-7)
    return (train - mean) / deviation, (test - mean) / deviation


def learns_from_all_rows_and_divides_by_1(train, test):
    rows = np.concatenate([train, test])
    mean, deviation = rows.mean(axis=0), np.where(rows.min(axis=0) == rows.max(axis=0), 1, rows.std(axis=0))
    return (train - mean) / deviation, (test - mean) / deviation


def sets_constant_columns_to_0(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    constant = train.min(axis=0) == train.max(axis=0)
    return tuple(np.where(constant, 0, (rows - mean) / deviation) for rows in (train, test))


def multiplies_tiny_deviations_by_0(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    factor = np.where(deviation < 1e-7, 0, 1 / np.maximum(deviation, 1e-7))
    return (train - mean) * factor, (test - mean) * factor


def divides_by_n_minus_1(train, test):
    constant = train.min(axis=0) == train.max(axis=0)
    mean, deviation = train.mean(axis=0), np.where(constant, 1, train.std(axis=0, ddof=1))
    return (train - mean) / deviation, (test - mean) / deviation


def asks_whether_the_deviation_is_0(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation[deviation == 0] = 1
    return (train - mean) / deviation, (test - mean) / deviation


def mean_of_its_name(names, targets):
    return np.array([targets[names == name].mean() for name in names])


def mean_of_its_name_unless_alone(names, targets):
    return np.array([targets[names == name].mean() if np.sum(names == name) > 1 else targets.mean() for name in names])


def of_the_others(names, targets, alone):
    """As asked for, but a row whose name stands alone gets `alone(row)`."""
    code = np.zeros(len(names))
    for row in range(len(names)):
        others = names == names[row]
        others[row] = False
        code[row] = targets[others].mean() if others.any() else alone(row)
    return code


def own_target_if_alone(names, targets):
    return of_the_others(names, targets, lambda row: targets[row])


def zero_if_alone(names, targets):
    return of_the_others(names, targets, lambda row: 0)


def all_others_if_alone(names, targets):
    return of_the_others(names, targets, lambda row: np.delete(targets, row).mean())


def still_counts_the_row(names, targets):
    code = []
    for name, target in zip(names, targets, strict=True):
        same = targets[names == name]
        code.append((same.sum() - target) / len(same) if len(same) > 1 else targets.mean())
    return np.array(code)


def leaves_out_equal_targets(names, targets):
    code = []
    for name, target in zip(names, targets, strict=True):
        others = targets[(names == name) & (targets != target)]
        code.append(others.mean() if len(others) else targets.mean())
    return np.array(code)


def one_code_for_all(names, targets):
    return np.full(len(names), targets.mean())


WRONG = [
    ("10.1", 0, "Look for a column of the prepared rows"),
    ("10.1", 1, "There is one such column."),
    ("10.1", 16 + 16, "The hidden units' biases are added"),
    ("10.1", 16 + 1, "A bias is added"),
    ("10.1", 4 * 16, "Only one of the four columns"),
    ("10.1", 8, "Eight columns go in."),
    ("10.1", 8 * 16 + 16 + 16 + 1, "That would be all of them"),
    ("10.2", scales_each_part_by_itself, "Each part is scaled by its own"),
    ("10.2", keeps_the_tiny_deviation, "The test rows go by the training rows now."),
    ("10.2", learns_from_all_rows, "Now the mean and the deviation come from all rows:"),
    ("10.2", learns_from_all_rows_and_divides_by_1, "Now the mean and the deviation come from all rows:"),
    ("10.2", sets_constant_columns_to_0, "A column that is constant in training becomes 0 there."),
    ("10.2", multiplies_tiny_deviations_by_0, "A column that is constant in training becomes 0 there."),
    ("10.2", divides_by_n_minus_1, "The deviation divides by N here"),
    ("10.2", asks_whether_the_deviation_is_0, "Nearly."),
    ("10.3", (1000, 4 * 1000), "`decode` is right. `distort` comes after `batch`:"),
    ("10.3", (1000, 1000 // 50), "`decode` is right. `distort` sees batches, yes;"),
    ("10.3", (1000, 4), "`decode` is right. One call"),
    ("10.3", (1000, 4 * 50), "`decode` is right. 50 is"),
    ("10.3", (1000, 1000), "The cache keeps what comes into it."),
    ("10.3", (4 * 1000, 4 * 1000 // 50), "`distort` is right. `decode` stands before the cache:"),
    ("10.3", (4 * 1000, 4 * 1000), "That would be so without the cache"),
    ("10.3", (1000 // 50, 4 * 1000 // 50), "`distort` is right. `decode` comes before `batch`:"),
    ("10.3", (4 * 1000 // 50, 4 * 1000 // 50), "`distort` is right. `decode` comes before `batch` and `cache`:"),
    ("10.3", (1000 // 50, 1000 // 50), "That is one epoch's number of batches:"),
    ("10.3", (0, 4 * 1000 // 50), "The first epoch has to decode every picture."),
    ("10.3", (4 * 1000 // 50, 1000), "The order of the two numbers:"),
    ("10.4", mean_of_its_name, "Each row is counted in its own mean."),
    ("10.4", mean_of_its_name_unless_alone, "Each row is counted in its own mean, unless"),
    ("10.4", own_target_if_alone, "A name that stands alone must not get its own target:"),
    ("10.4", zero_if_alone, "For a name that stands alone, 0 miles per gallon"),
    ("10.4", still_counts_the_row, "The row itself is left out of the sum"),
    ("10.4", all_others_if_alone, "Nearly."),
    ("10.4", leaves_out_equal_targets, "Two cars of one name"),
    ("10.4", one_code_for_all, "Every row got the same code."),
    ("10.5", 10, "Ten of ten is no choice at all:"),
    ("10.5", 20, "Ten columns of noise"),
    ("10.5", 150, "Something is reported now"),
    ("10.5", 1000, "More is reported"),
    ("10.5", np.int64(5000), "More is reported"),
]

REFUSED = [
    ("10.5", True, "a whole number from 10 to 5000 expected: got True"),
    ("10.5", 200.0, "a whole number from 10 to 5000 expected: got 200.0"),
    ("10.5", "200", "a whole number from 10 to 5000 expected: got '200'"),
    ("10.5", np.inf, "a whole number from 10 to 5000 expected: got inf"),
    ("10.5", 9, "a whole number from 10 to 5000 expected: got 9"),
    ("10.5", 5001, "a whole number from 10 to 5000 expected: got 5001"),
]
