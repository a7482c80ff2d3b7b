"""How sure are we? Intervals, two models on the same rows, and the rows that a claim needs.

intervals           bootstrap_interval, of any score; wilson_interval, of a share
two models          mcnemar, on the same test rows
before the test     rows_needed

What is in doubt here is the draw of the test rows. The seeds of the training are another doubt,
which no test row shows.
"""

from math import ceil, comb, sqrt
from statistics import NormalDist

import numpy as np

ROUNDING = 1e-9                                 # what the last digits of 0.96 - 0.95 may miss 0.01 by


def bootstrap_interval(values, statistic=np.mean, *, rng, n_draws=2000, level=0.95):
    """Interval of a score, from rows drawn again: the middle `level` of what `statistic` says about the draws.

    Each draw takes N of the N rows, with replacement: some come twice, others not at all (the percentile bootstrap).

    Parameters
    ----------
    values : ndarray (N, ...)           a row an example; or a tuple of such arrays, whose rows are drawn together
    statistic : function                of the array, or of all arrays of the tuple, to one finite number
    rng : numpy.random.Generator
    n_draws : int
    level : float                       share of the draws within the interval, between 0 and 1

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError          for fewer than 2 rows, arrays of different lengths, a statistic that is no finite number

    References
    ----------
    Efron (1979), Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics 7, 1-26.

    Examples
    --------
    >>> right = np.arange(100) < 90
    >>> low, high = bootstrap_interval(right, rng=np.random.default_rng(0))
    >>> low < 0.9 < high
    True
    """
    arrays = _require_rows(values)
    _require_draws(rng, n_draws)
    _require_between_0_and_1(level=level)
    n = len(arrays[0])
    scores = []
    for _ in range(n_draws):
        rows = rng.integers(0, n, n)
        scores.append(_require_number(statistic(*(array[rows] for array in arrays))))
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def wilson_interval(k, n, level=0.95):
    """Interval of a share, `k` of `n`: all p that lie no further from k/n than z of *their own* standard errors.

    (k/n - p)^2 <= z^2 p (1 - p) / n, solved for p. Unlike k/n +- z sqrt(p(1-p)/n), it never leaves 0..1, and has a
    width when k is 0 or n.

    Parameters
    ----------
    k, n : int          so many of so many, 0 <= k <= n, n > 0
    level : float       between 0 and 1; 0.95 means z = 1.96

    Returns
    -------
    low, high : float

    References
    ----------
    Wilson (1927), Probable Inference, Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> low, high = wilson_interval(50, 50)
    >>> round(low, 3), round(high, 3)
    (0.929, 1.0)
    """
    if not (_is_whole(k) and _is_whole(n) and 0 <= k <= n and n > 0):
        raise ValueError(f"k of n expected, whole numbers with 0 <= k <= n and n > 0: got k={k!r}, n={n!r}")
    _require_between_0_and_1(level=level)
    z2 = _z(level) ** 2
    middle = (k + z2 / 2) / (n + z2)
    half = sqrt(z2 * (k * (n - k) / n + z2 / 4)) / (n + z2)
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)         # exact ends


def mcnemar(right_a, right_b):
    """Two models on the same rows: how often is each right alone, and could that be a fair coin?

    Rows on which both are right, or both wrong, say nothing about the difference. If the models are equally good, each
    other row is a toss: the p-value is the probability of a split at least as uneven, in either direction (exact).

    Parameters
    ----------
    right_a, right_b : ndarray (N,), bool       whether each row is right, as ``prediction == labels``

    Returns
    -------
    only_a, only_b : int                rows on which a alone is right, and b alone
    p_value : float                     1 when the models never differ

    Raises
    ------
    ValueError                          unless both are boolean, of one length, and not empty

    References
    ----------
    McNemar (1947), Psychometrika 12, 153-157.

    Examples
    --------
    >>> mcnemar(np.array([True, True, True, True]), np.array([False, False, False, True]))
    (3, 0, 0.25)
    """
    right_a, right_b = np.asarray(right_a), np.asarray(right_b)
    kinds = {(array.dtype.name, array.ndim, array.size) for array in (right_a, right_b)}
    if kinds != {("bool", 1, right_a.size)} or right_a.size == 0:
        raise ValueError("two boolean arrays (N,) expected, as prediction == labels gives them: got "
                         f"{right_a.dtype} {right_a.shape} and {right_b.dtype} {right_b.shape}")
    only_a, only_b = int(np.sum(right_a & ~right_b)), int(np.sum(right_b & ~right_a))
    n = only_a + only_b
    tail = sum(comb(n, i) for i in range(min(only_a, only_b) + 1))
    return only_a, only_b, 1.0 if only_a == only_b else 2 * tail / 2**n


def rows_needed(p_a, p_b, *, disagreement=None, level=0.95, power=0.8):
    """Test rows on which accuracies `p_a` and `p_b` will differ visibly.

    N = (z + z')^2 (s - d^2) / d^2, with d = p_a - p_b, and s the share of rows on which only one of the two is right:
    s - d^2 is the variance of the difference on one row. (z + z')^2 = 7.85 with the defaults. An approximation for N
    so large that sums are normal.

    Parameters
    ----------
    p_a, p_b : float            accuracies, between 0 and 1, different
    disagreement : float        s, at least |p_a - p_b|; None: p_a (1 - p_b) + p_b (1 - p_a), errors that have nothing
                                to do with each other, as on two test sets of N rows each
    level : float               of the interval of the difference that is to leave out 0
    power : float               share of the test sets on which it is to do so

    Returns
    -------
    int

    Raises
    ------
    ValueError                  for equal accuracies, or a disagreement that two such models cannot have

    Examples
    --------
    >>> rows_needed(0.95, 0.96), rows_needed(0.95, 0.96, disagreement=0.03)
    (6743, 2347)
    """
    _require_between_0_and_1(p_a=p_a, p_b=p_b, level=level, power=power)
    if p_a == p_b:
        raise ValueError(f"two different accuracies expected: got {p_a} twice")
    s = p_a * (1 - p_b) + p_b * (1 - p_a) if disagreement is None else disagreement
    difference, most = abs(p_a - p_b), min(p_a + p_b, 2 - p_a - p_b)
    if not difference - ROUNDING <= s <= most + ROUNDING:
        raise ValueError(f"a disagreement from {difference:.4g} to {most:.4g} expected, as accuracies {p_a} and {p_b} "
                         f"allow: got {disagreement}")
    return ceil((_z(level) + NormalDist().inv_cdf(power)) ** 2 * (s - difference**2) / difference**2)


def _z(level):
    """How many standard deviations to both sides hold `level` of a normal distribution: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def _is_whole(value):
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _require_rows(values):
    arrays = [np.asarray(array) for array in (values if isinstance(values, tuple) else (values,))]
    shapes = [array.shape for array in arrays]
    if not shapes or () in shapes or len({shape[0] for shape in shapes}) > 1 or shapes[0][0] < 2:
        raise ValueError(f"an array of at least 2 rows, or a tuple of arrays of one length, expected: got {shapes}")
    return arrays


def _require_draws(rng, n_draws):
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator, as np.random.default_rng(0) makes one: got {rng!r}")
    if not _is_whole(n_draws) or n_draws < 1:
        raise ValueError(f"n_draws must be a whole number of at least 1: got {n_draws!r}")


def _require_number(score):
    if np.ndim(score) or not np.isfinite(score):
        raise ValueError(f"the statistic of each draw must be one finite number: got {score!r}")
    return score


def _require_between_0_and_1(**numbers):
    for name, number in numbers.items():
        if not 0 < number < 1:
            raise ValueError(f"{name} must lie between 0 and 1: got {number!r}")
