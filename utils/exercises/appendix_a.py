"""Appendix A: mathematics and NumPy."""

import numpy as np

from utils.exercises.kinds import build, predict

predict(
    "A.1",
    right=(5, 1),
    tried="The 3 meets the 3 and vanishes, b is used for every row, and the named axis stays with size 1.",
    mistakes={
        "Almost: without keepdims it would be that. What does keepdims leave behind?": (5,),
        "The axis that you name is the one that disappears. Which one did you sum along?": (1, 4),
        "Look twice: which axis was named, and what does keepdims leave behind?": (4,),
        "Examples stand in rows before the sum and after it; along axis 1 nothing is turned.": (1, 5),
        "That is x @ W + b. Which axis does the sum take away?": (5, 4),
        "The sizes that meet in a matrix product vanish, and the outer ones stay.": (3, 1),
        "The shape of x does not outlive the product: the sizes that meet in it vanish.": (5, 3),
        "A shape is a tuple with one entry for each axis. What does keepdims leave behind?": 5,
        "A shape is a tuple of numbers: leave out the quotation marks.": "(5, 1)",
        "A shape is a tuple of numbers, in brackets and without quotation marks.": "5, 1",
    },
)

predict(
    "A.2",
    right=10_000,
    tried="The root of the number of measurements grew tenfold, and the standard error shrank tenfold.",
    mistakes={
        "Ten times as many make it smaller by the root of ten only.": 1000,
        "That is how many more. How many in all?": 9900,
        "If that is the factor, how many measurements are there in all?": 100,
        "Twice as many make it smaller by the root of two only.": 200,
        "Four times as many make it half as large. How much smaller should it be?": 400,
        "Twenty times as many make it smaller by the root of twenty only.": 2000,
        "That is more than it takes: it would bring the standard error down to 0.002.": 1_000_000,
        "Fewer measurements make the mean less certain, not more.": 10,
        "The root goes the other way: the number of measurements grows faster than the precision.": 100 * np.sqrt(10),
    },
)


def _f(x, y):
    return (x * y + 1) ** 2


def _measured_gradient(x, y, h=1e-5):
    """Central differences, an exact derivative up to rounding: f is of second degree in x, and in y."""
    return (_f(x + h, y) - _f(x - h, y)) / (2 * h), (_f(x, y + h) - _f(x, y - h)) / (2 * h)


build(
    "A.3",
    right=_measured_gradient,
    cases=lambda: [(1.0, 2.0), (3.0, -0.5), (-2.0, 0.25), (0.5, 4.0)],
    tried="It agrees with central differences at four points.",
    mistakes={
        "That is one number: the slope while x moves. What is the slope while y moves?": (
            lambda x, y: 2 * (x * y + 1) * y
        ),
        "That is one number: the slope while y moves. What is the slope while x moves?": (
            lambda x, y: 2 * (x * y + 1) * x
        ),
        "That is the height of f, not its slopes. How fast does it change while only x moves?": _f,
        "That is one number, the sum of the two. Each input has a slope of its own.": (
            lambda x, y: 2 * (x * y + 1) * (x + y)
        ),
        "That is one number: how fast the square moves with u. How fast does u move with x, and with y?": (
            lambda x, y: 2 * (x * y + 1)
        ),
        "The slope of the square is there. How fast does u move when x or y does?": (
            lambda x, y: (2 * (x * y + 1), 2 * (x * y + 1))
        ),
        "That is how fast u moves. What does the square make of it?": lambda x, y: (y, x),
        "While x moves, y is a constant factor; which of the two is then the slope of xy?": (
            lambda x, y: (2 * (x * y + 1) * x, 2 * (x * y + 1) * y)
        ),
        "The slope of the square is taken at the wrong place: what is u there?": (
            lambda x, y: (2 * x * y * y, 2 * x * y * x)
        ),
        "The slope of u squared is not u: what comes down from the exponent?": (
            lambda x, y: ((x * y + 1) * y, (x * y + 1) * x)
        ),
    },
)


def _tables():
    rng = np.random.default_rng(0)
    return [(rng.normal(loc=5, scale=[1, 10, 100][:d], size=(n, d)),) for n, d in [(4, 3), (3, 3), (50, 2)]]


def _by_rows(x):
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


build(
    "A.4",
    right=lambda x: (x - x.mean(axis=0)) / x.std(axis=0),
    cases=_tables,
    tried="In three tables of 4, 3 and 50 rows every column now has mean 0 and standard deviation 1.",
    mistakes={
        "Every row has mean 0 now. Which axis should disappear, so that a number for each column is left?": _by_rows,
        "One mean for the whole table: the columns are not treated one by one.": lambda x: (x - x.mean()) / x.std(),
        "You divided by the variance. The standard deviation is its root.": (
            lambda x: (x - x.mean(axis=0)) / x.var(axis=0)
        ),
        "The means are 0. What about the standard deviations?": lambda x: x - x.mean(axis=0),
        "Subtract first: only what is in brackets is divided as a whole.": lambda x: x - x.mean(axis=0) / x.std(axis=0),
        "That divides by N - 1 (ddof=1, as pandas does). Here NumPy's own std is meant, which divides by N.": (
            lambda x: (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
        ),
        "The shapes do not meet, or only by accident. Which axis should disappear?": (
            lambda x: (x - x.mean(axis=1)) / x.std(axis=1)
        ),
    },
)


def _pairs_of_pictures():
    rng = np.random.default_rng(0)
    pairs = [tuple(rng.integers(0, 256, size=(2, *shape)).astype(np.uint8)) for shape in [(4, 4), (28, 28)]]
    return [*pairs, (np.array([[3]], dtype=np.uint8), np.array([[5]], dtype=np.uint8))]


build(
    "A.5",
    right=lambda a, b: np.abs(a.astype(float) - b).mean(),
    cases=_pairs_of_pictures,
    tried="Three pairs of pictures, one of them a single pixel of 3 against one of 5, and no number wrapped around.",
    mistakes={
        "Somewhere 3 - 5 became 254, and np.abs came too late: what type do the pictures have when you subtract?": (
            lambda a, b: np.abs(a - b).mean()
        ),
        "A type of 8 bits with a sign ends at 127: it wraps around, too.": (
            lambda a, b: np.abs(a.astype(np.int8) - b.astype(np.int8)).mean()
        ),
        "Positive and negative differences cancel. Where is np.abs?": (
            lambda a, b: (a.astype(float) - b).mean()
        ),
        "np.abs of the mean is too late: by then the differences have cancelled.": (
            lambda a, b: np.abs((a.astype(float) - b).mean())
        ),
        "That is the sum. The mean does not depend on how many pixels there are.": (
            lambda a, b: np.abs(a.astype(float) - b).sum()
        ),
        "That is the mean of the squares.": lambda a, b: ((a.astype(float) - b) ** 2).mean(),
        "In grey levels, please, 0 to 255: that is the distance after a division by 255.": (
            lambda a, b: np.abs(a / 255 - b / 255).mean()
        ),
        "One number is asked for, not one for each pixel.": lambda a, b: np.abs(a.astype(float) - b),
    },
)
