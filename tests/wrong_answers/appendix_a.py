"""Appendix A: mathematics and NumPy."""

import numpy as np


def sums_along_axis_0(keepdims):
    x, W, b = np.zeros((5, 3)), np.zeros((3, 4)), np.zeros(4)
    return (x @ W + b).sum(axis=0, keepdims=keepdims).shape


def gradient_with_the_inner_slopes_swapped(x, y):
    u = x * y + 1
    return 2 * u * x, 2 * u * y


def gradient_with_u_taken_as_xy(x, y):
    u = x * y
    return 2 * u * y, 2 * u * x


def gradient_without_the_2(x, y):
    u = x * y + 1
    return u * y, u * x


def standardises_rows(x):
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


def standardises_the_whole_table(x):
    return (x - x.mean()) / x.std()


def divides_by_the_variance(x):
    return (x - x.mean(axis=0)) / x.var(axis=0)


def divides_as_pandas_does(x):
    return (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)


def standardises_rows_without_keepdims(x):
    return (x - x.mean(axis=1)) / x.std(axis=1)


def distance_in_bytes(a, b):
    return np.abs(a - b).mean()


def distance_in_signed_bytes(a, b):
    return np.abs(a.astype("int8") - b.astype("int8")).mean()


def difference_without_abs(a, b):
    return (a.astype(float) - b.astype(float)).mean()


def abs_of_the_mean(a, b):
    return np.abs((a.astype(float) - b.astype(float)).mean())


def sum_of_distances(a, b):
    return np.abs(a.astype(float) - b.astype(float)).sum()


def mean_square(a, b):
    return ((a.astype(float) - b.astype(float)) ** 2).mean()


def distance_from_0_to_1(a, b):
    return np.abs(a / 255 - b / 255).mean()


def distance_of_each_pixel(a, b):
    return np.abs(a.astype(float) - b.astype(float))


WRONG = [
    ("A.1", (5,), "Almost: without keepdims it would be that."),
    ("A.1", sums_along_axis_0(keepdims=True), "The axis that you name is the one that disappears."),
    ("A.1", sums_along_axis_0(keepdims=False), "Look twice:"),
    ("A.1", (1, 5), "Examples stand in rows before the sum and after it;"),
    ("A.1", (5, 4), "That is x @ W + b."),
    ("A.1", (3, 1), "The sizes that meet in a matrix product vanish,"),
    ("A.1", (5, 3), "The shape of x does not outlive the product:"),
    ("A.1", 5, "A shape is a tuple with one entry for each axis."),
    ("A.1", "(5, 1)", "A shape is a tuple of numbers: leave out the quotation marks."),
    ("A.1", "5, 1", "A shape is a tuple of numbers, in brackets and without quotation marks."),
    ("A.2", 10 * 100, "Ten times as many make it smaller by the root of ten only."),
    ("A.2", 100**2 - 100, "That is how many more."),
    ("A.2", (0.2 / 0.02) ** 2, "If that is the factor,"),
    ("A.2", 2 * 100, "Twice as many"),
    ("A.2", 4 * 100, "Four times as many"),
    ("A.2", 20 * 100, "Twenty times as many"),
    ("A.2", 100 * 100**2, "That is more than it takes:"),
    ("A.2", 100 / 10, "Fewer measurements"),
    ("A.2", 100 * np.sqrt(10), "The root goes the other way:"),
    ("A.2", 316, "The root goes the other way:"),
    ("A.3", lambda x, y: 2 * (x * y + 1) * y, "That is one number: the slope while x moves."),
    ("A.3", lambda x, y: 2 * (x * y + 1) * x, "That is one number: the slope while y moves."),
    ("A.3", lambda x, y: (x * y + 1) ** 2, "That is the height of f, not its slopes."),
    ("A.3", lambda x, y: 2 * (x * y + 1) * y + 2 * (x * y + 1) * x, "That is one number, the sum of the two."),
    ("A.3", lambda x, y: 2 * (x * y + 1), "That is one number: how fast the square moves with u."),
    ("A.3", lambda x, y: (2 * (x * y + 1), 2 * (x * y + 1)), "The slope of the square is there."),
    ("A.3", lambda x, y: (y, x), "That is how fast u moves."),
    ("A.3", gradient_with_the_inner_slopes_swapped, "While x moves, y is a constant factor;"),
    ("A.3", gradient_with_u_taken_as_xy, "The slope of the square is taken at the wrong place:"),
    ("A.3", gradient_without_the_2, "The slope of u squared is not u:"),
    ("A.4", standardises_rows, "Every row has mean 0 now."),
    ("A.4", standardises_the_whole_table, "One mean for the whole table:"),
    ("A.4", divides_by_the_variance, "You divided by the variance."),
    ("A.4", lambda x: x - x.mean(axis=0), "The means are 0."),
    ("A.4", lambda x: x - x.mean(axis=0) / x.std(axis=0), "Subtract first:"),
    ("A.4", divides_as_pandas_does, "That divides by N - 1"),
    ("A.4", standardises_rows_without_keepdims, "The shapes do not meet, or only by accident."),
    ("A.5", distance_in_bytes, "Somewhere 3 - 5 became 254,"),
    ("A.5", distance_in_signed_bytes, "A type of 8 bits with a sign ends at 127:"),
    ("A.5", difference_without_abs, "Positive and negative differences cancel."),
    ("A.5", abs_of_the_mean, "np.abs of the mean is too late:"),
    ("A.5", sum_of_distances, "That is the sum."),
    ("A.5", mean_square, "That is the mean of the squares."),
    ("A.5", distance_from_0_to_1, "In grey levels, please,"),
    ("A.5", distance_of_each_pixel, "One number is asked for,"),
]
