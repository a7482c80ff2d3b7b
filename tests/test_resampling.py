from math import comb, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import generators, refused, repeatable

from utils.resampling import bootstrap_interval, mcnemar, rows_needed, wilson_interval

RIGHT = np.array([True, True, True, False])


def rng(seed=0):
    return np.random.default_rng(seed)


def covers(interval, truth):
    low, high = interval
    return low <= truth <= high


# the bootstrap

def test_draws_of_equal_rows_are_all_equal():
    assert bootstrap_interval(np.full(5, 0.25), rng=rng()) == (0.25, 0.25)
    assert bootstrap_interval(np.ones(50, bool), rng=rng()) == (1.0, 1.0)


def test_the_bootstrap_of_two_rows_counts_the_four_draws():
    """0 and 1 give the means 0, 1/2, 1/2, 1: a quarter, a half, a quarter of the draws."""
    assert bootstrap_interval(np.array([0, 1]), rng=rng(), level=0.45) == (0.5, 0.5)
    assert bootstrap_interval(np.array([0, 1]), rng=rng(), level=0.55) == (0.0, 1.0)


def test_the_ends_of_the_interval_are_floats_in_order():
    low, high = bootstrap_interval(np.arange(9), rng=rng())
    assert type(low) is type(high) is float and low < 4 < high


def test_the_interval_of_a_share_is_two_standard_errors_wide_to_each_side():
    low, high = bootstrap_interval(np.arange(1000) < 900, rng=rng())
    half = 1.96 * sqrt(0.9 * 0.1 / 1000)
    assert low == pytest.approx(0.9 - half, abs=0.1 * half) and high == pytest.approx(0.9 + half, abs=0.1 * half)


@repeatable
@given(generators, st.integers(2, 30))
def test_a_higher_level_gives_an_interval_that_holds_the_lower_one(draws, n):
    values, seed = draws.normal(size=n), int(draws.integers(100))
    (low, high), (lower, higher) = [bootstrap_interval(values, rng=rng(seed), n_draws=50, level=level)
                                    for level in (0.5, 0.9)]
    assert lower <= low <= high <= higher


@repeatable
@given(generators, st.integers(2, 30))
def test_the_interval_moves_and_stretches_with_the_values(draws, n):
    values, seed = draws.normal(size=n), int(draws.integers(100))
    plain, moved = [bootstrap_interval(v, rng=rng(seed), n_draws=50) for v in (values, 3 * values + 1)]
    assert moved == pytest.approx([3 * end + 1 for end in plain])


def test_the_draws_come_from_the_given_generator_and_are_as_many_as_asked_for():
    values, calls = rng().normal(size=20), []

    def count(drawn):
        calls.append(drawn)
        return drawn.mean()

    assert bootstrap_interval(values, rng=rng(1)) == bootstrap_interval(values, rng=rng(1))
    assert bootstrap_interval(values, rng=rng(1)) != bootstrap_interval(values, rng=rng(2))
    bootstrap_interval(values, count, rng=rng(), n_draws=7)
    assert len(calls) == 7 and all(len(drawn) == 20 and set(drawn) <= set(values) for drawn in calls)
    bootstrap_interval(values, count, rng=rng())
    assert len(calls) == 2007


def test_every_row_is_drawn_equally_often():
    counts = np.zeros(5)

    def count(drawn):
        np.add.at(counts, drawn, 1)
        return 0.0

    bootstrap_interval(np.arange(5), count, rng=rng(), n_draws=4000)
    assert counts.sum() == 20_000 and np.abs(counts - 4000).max() < 4 * sqrt(20_000 * 0.2 * 0.8)


def test_rows_of_several_arrays_are_drawn_together():
    def difference(a, b):
        assert len(a) == len(b) == 40
        return np.mean(a - b)

    a = rng().normal(size=40)
    assert bootstrap_interval((a, a - 3), difference, rng=rng()) == pytest.approx((3, 3))


def test_a_pair_of_arrays_and_their_difference_have_the_same_interval():
    a, b = rng().random((2, 60)) < [[0.9], [0.8]]
    pair = bootstrap_interval((a, b), lambda a, b: a.mean() - b.mean(), rng=rng(3))
    assert pair == pytest.approx(bootstrap_interval(a.astype(int) - b, rng=rng(3)))


def test_rows_may_be_pictures():
    pictures = rng().random((30, 4, 4))
    assert covers(bootstrap_interval(pictures, lambda drawn: drawn.max(axis=(1, 2)).mean(), rng=rng()),
                  pictures.max(axis=(1, 2)).mean())


def test_lists_have_intervals_too():
    assert bootstrap_interval([0, 1, 1], rng=rng()) == bootstrap_interval(np.array([0, 1, 1]), rng=rng())
    assert bootstrap_interval(([1, 2], [1, 2]), lambda a, b: (a == b).mean(), rng=rng()) == (1, 1)


def test_nineteen_in_twenty_intervals_hold_the_truth():
    """Of 200 sets of 100 draws from an exponential, whose mean is 1: about 0.93 of the percentile intervals do."""
    worlds = rng().exponential(size=(200, 100))
    draws = rng(1)
    share = np.mean([covers(bootstrap_interval(world, rng=draws, n_draws=200), 1) for world in worlds])
    assert 0.89 < share < 0.975
    share = np.mean([covers(bootstrap_interval(world, rng=draws, n_draws=200, level=0.5), 1) for world in worlds])
    assert 0.40 < share < 0.60


def test_the_bootstrap_agrees_with_scipy():
    from scipy.stats import bootstrap  # here, for it takes half a second

    a, b = rng().normal(size=(2, 80))
    for data, statistic in [((a,), np.mean), ((a,), np.median), ((a, b), lambda a, b: np.mean(a * b))]:
        theirs = bootstrap(data, statistic, paired=True, vectorized=False, method="percentile", n_resamples=2000,
                           rng=rng(5), confidence_level=0.9).confidence_interval
        ours = bootstrap_interval(data, statistic, rng=rng(6), level=0.9)
        assert ours == pytest.approx(tuple(theirs), abs=0.04)


@pytest.mark.parametrize("values, quotes", [
    (3.0, ["at least 2 rows", "[()]"]),
    ([1.0], ["at least 2 rows", "[(1,)]"]),
    ((), ["tuple of arrays", "[]"]),
    (([1, 2, 3], [1, 2]), ["one length", "[(3,), (2,)]"]),
    (([1, 2, 3], 4), ["one length", "[(3,), ()]"]),
])
def test_the_bootstrap_refuses_what_has_no_rows_to_draw(values, quotes):
    with refused(*quotes):
        bootstrap_interval(values, lambda *arrays: 0.0, rng=rng())


@pytest.mark.parametrize("settings, quotes", [
    ({"rng": 0}, ["default_rng", "got 0"]),
    ({"rng": rng(), "n_draws": 0}, ["n_draws", "at least 1", "got 0"]),
    ({"rng": rng(), "n_draws": 10.0}, ["whole number", "got 10.0"]),
    ({"rng": rng(), "n_draws": True}, ["whole number", "got True"]),
    ({"rng": rng(), "level": 95}, ["level", "between 0 and 1", "got 95"]),
    ({"rng": rng(), "level": 1}, ["level", "got 1"]),
    ({"rng": rng(), "level": 0}, ["level", "got 0"]),
])
def test_the_bootstrap_refuses_settings_that_are_none(settings, quotes):
    with refused(*quotes):
        bootstrap_interval(RIGHT, **settings)


@pytest.mark.parametrize("statistic, quote", [
    (lambda drawn: np.nan, "got nan"), (lambda drawn: np.inf, "got inf"), (lambda drawn: np.ones(2), "array([1., 1.])"),
])
def test_a_statistic_that_is_no_number_is_refused(statistic, quote):
    with refused("one finite number", quote):
        bootstrap_interval(RIGHT, statistic, rng=rng())


def test_one_draw_is_enough_for_an_interval_without_width():
    low, high = bootstrap_interval(RIGHT, rng=rng(), n_draws=1)
    assert low == high


# Wilson's interval

def test_fifty_of_fifty_leave_a_doubt_of_z_squared_over_n_plus_z_squared():
    z2 = NormalDist().inv_cdf(0.975) ** 2
    assert wilson_interval(50, 50) == pytest.approx((1 - z2 / (50 + z2), 1.0))
    assert wilson_interval(0, 50) == pytest.approx((0.0, z2 / (50 + z2)))
    assert all(wilson_interval(0, n)[0] == 0 and wilson_interval(n, n)[1] == 1 for n in range(1, 60))


@repeatable
@given(st.integers(1, 200), st.data())
def test_each_end_lies_z_of_its_own_standard_errors_from_the_share(n, data):
    k, level = data.draw(st.integers(0, n)), data.draw(st.sampled_from([0.5, 0.9, 0.95, 0.99]))
    z = NormalDist().inv_cdf(0.5 + level / 2)
    for end in wilson_interval(k, n, level):
        assert abs(k / n - end) == pytest.approx(z * sqrt(max(0, end * (1 - end)) / n), abs=1e-9)


@repeatable
@given(st.integers(1, 200), st.data())
def test_rights_and_wrongs_have_mirrored_intervals_within_0_and_1(n, data):
    k = data.draw(st.integers(0, n))
    (low, high), (mirrored_low, mirrored_high) = wilson_interval(k, n), wilson_interval(n - k, n)
    assert 0 <= low <= k / n <= high <= 1 and low < high
    assert (low, high) == pytest.approx((1 - mirrored_high, 1 - mirrored_low))


def test_wilson_agrees_with_scipy():
    from scipy.stats import binomtest  # here, for it takes half a second

    for k, n, level in [(0, 1, 0.95), (3, 7, 0.9), (950, 1000, 0.95), (40, 40, 0.99), (np.int64(5), np.int64(9), 0.5)]:
        theirs = binomtest(int(k), int(n)).proportion_ci(level, method="wilson")
        assert wilson_interval(k, n, level) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_nineteen_in_twenty_test_sets_of_fifty_have_the_truth_in_their_interval():
    """Not by simulation: by the binomial weights of all 51 outcomes."""
    for p in (0.5, 0.8, 0.9, 0.95):
        weights = [comb(50, k) * p**k * (1 - p) ** (50 - k) for k in range(51)]
        share = sum(w for k, w in enumerate(weights) if covers(wilson_interval(k, 50), p))
        assert 0.93 < share < 0.98


@pytest.mark.parametrize("k, n, quotes", [
    (-1, 5, ["0 <= k <= n", "k=-1", "n=5"]), (6, 5, ["k=6", "n=5"]), (0, 0, ["n > 0", "n=0"]),
    (0.9, 5, ["whole numbers", "k=0.9"]), (1, 5.0, ["n=5.0"]), (True, 5, ["k=True"]), (1, True, ["n=True"]),
])
def test_wilson_refuses_what_is_no_share(k, n, quotes):
    with refused(*quotes):
        wilson_interval(k, n)


def test_wilson_refuses_a_level_in_per_cent():
    with refused("level", "between 0 and 1", "got 95"):
        wilson_interval(1, 2, 95)


# McNemar's test

def pair(both, only_a, only_b, neither):
    """Whether a and b are right, on so many rows of each kind."""
    a = [True] * both + [True] * only_a + [False] * only_b + [False] * neither
    b = [True] * both + [False] * only_a + [True] * only_b + [False] * neither
    return np.array(a), np.array(b)


def test_three_tosses_for_one_side_have_a_probability_of_a_quarter():
    assert mcnemar(*pair(5, 3, 0, 2)) == (3, 0, 0.25)
    assert mcnemar(*pair(5, 0, 3, 2)) == (0, 3, 0.25)
    assert mcnemar(*pair(0, 5, 0, 0))[2] == 2 / 32


def test_an_even_split_and_no_split_are_no_evidence():
    assert mcnemar(RIGHT, RIGHT) == (0, 0, 1.0)
    assert mcnemar(*pair(1, 4, 4, 1)) == (4, 4, 1.0)
    assert mcnemar(*pair(1, 1, 0, 0)) == (1, 0, 1.0)


def test_lists_may_be_compared_and_single_rows_too():
    assert mcnemar([True, True], [False, False]) == (2, 0, 0.5)
    assert mcnemar([True], [False]) == (1, 0, 1.0)


def test_rows_on_which_both_agree_change_nothing():
    assert mcnemar(*pair(0, 9, 2, 0)) == mcnemar(*pair(700, 9, 2, 300))


def test_the_parts_are_plain_numbers_and_survive_thousands_of_rows():
    only_a, only_b, p = mcnemar(*pair(0, 1600, 1400, 0))
    assert type(only_a) is type(only_b) is int and type(p) is float
    z = (1600 - 1400 - 1) / sqrt(3000)                      # with the continuity correction
    assert p == pytest.approx(2 * (1 - NormalDist().cdf(z)), rel=0.01)


@repeatable
@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_agrees_with_scipy_and_does_not_care_who_is_a(only_a, only_b):
    from scipy.stats import binomtest

    a, b = pair(3, only_a, only_b, 2)
    p = mcnemar(a, b)[2]
    assert mcnemar(b, a) == (only_b, only_a, p)
    if only_a + only_b:
        assert p == pytest.approx(binomtest(only_a, only_a + only_b).pvalue, rel=1e-9)


def test_equal_models_are_told_apart_in_at_most_one_test_of_twenty():
    """Two models that are right with 0.9, on 200 rows: by chance p < 0.05 at most as often."""
    draws = rng()
    p = np.array([mcnemar(*(draws.random((2, 200)) < 0.9))[2] for _ in range(1000)])
    assert 0.015 < np.mean(p < 0.05) < 0.055


@pytest.mark.parametrize("a, b, quotes", [
    (RIGHT.astype(int), RIGHT, ["prediction == labels", "int64 (4,)", "bool (4,)"]),
    (RIGHT, RIGHT.astype(float), ["float64 (4,)"]),
    (RIGHT, RIGHT[:3], ["bool (4,)", "bool (3,)"]),
    (RIGHT[:0], RIGHT[:0], ["bool (0,)"]),
    (RIGHT[:, np.newaxis], RIGHT[:, np.newaxis], ["(N,)", "bool (4, 1)"]),
    (RIGHT, RIGHT.reshape(2, 2), ["bool (2, 2)"]),
])
def test_mcnemar_refuses_what_does_not_say_whether_each_row_is_right(a, b, quotes):
    with refused(*quotes):
        mcnemar(a, b)


# how many rows

def test_95_against_96_needs_thousands_of_rows_and_a_third_of_them_in_pairs():
    """(1.960 + 0.842)^2 = 7.849; times 0.95 0.05 + 0.96 0.04 = 0.0859, or 0.03 - 0.0001, over 0.0001."""
    assert rows_needed(0.95, 0.96) == rows_needed(0.96, 0.95) == 6743
    assert rows_needed(0.95, 0.96, disagreement=0.03) == 2347


def test_half_the_difference_needs_about_four_times_the_rows():
    assert rows_needed(0.9, 0.91) / rows_needed(0.9, 0.92) == pytest.approx(4, abs=0.3)


def test_the_least_disagreement_that_is_possible_is_accepted():
    assert rows_needed(0.95, 0.96, disagreement=0.01) == rows_needed(0.96, 0.95, disagreement=0.01) == 778
    assert rows_needed(0.95, 0.96, disagreement=0.09) > 7000


@repeatable
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_without_a_disagreement_the_variances_of_both_add_up(p_a, p_b):
    if abs(p_a - p_b) > 0.01:
        z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
        expected = z**2 * (p_a * (1 - p_a) + p_b * (1 - p_b)) / (p_a - p_b) ** 2
        assert expected <= rows_needed(p_a, p_b) <= expected + 1


def test_with_so_many_rows_the_pairs_differ_visibly_in_four_sets_of_five():
    n, draws = rows_needed(0.9, 0.93, disagreement=0.07), rng()
    kind = draws.choice(4, size=(2000, n), p=[0.88, 0.02, 0.05, 0.05])      # both, only a, only b, neither
    difference = np.isin(kind, [0, 1]).astype(int) - np.isin(kind, [0, 2])
    far = np.abs(difference.mean(axis=1)) > 1.96 * difference.std(axis=1) / sqrt(n)
    assert np.mean(far) == pytest.approx(0.8, abs=0.03)


def test_with_so_many_rows_two_test_sets_differ_visibly_as_often_as_asked_for():
    n, draws = rows_needed(0.8, 0.85, level=0.9, power=0.6), rng()
    a, b = draws.binomial(n, [[0.8], [0.85]], size=(2, 4000)) / n
    far = np.abs(a - b) > 1.645 * np.sqrt((a * (1 - a) + b * (1 - b)) / n)
    assert np.mean(far) == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize("p_a, p_b, settings, quotes", [
    (0.9, 0.9, {}, ["different", "0.9 twice"]),
    (95, 96, {}, ["p_a", "between 0 and 1", "got 95"]),
    (0.95, 1, {}, ["p_b", "got 1"]),
    (0.95, 0.96, {"level": 95}, ["level", "got 95"]),
    (0.95, 0.96, {"power": 0}, ["power", "got 0"]),
    (0.95, 0.96, {"disagreement": 0.0099}, ["from 0.01 to 0.09", "0.95 and 0.96", "got 0.0099"]),
    (0.95, 0.96, {"disagreement": 0.0901}, ["from 0.01 to 0.09", "got 0.0901"]),
    (0.1, 0.2, {"disagreement": 0.31}, ["from 0.1 to 0.3", "got 0.31"]),
])
def test_rows_are_counted_for_accuracies_that_two_models_can_have(p_a, p_b, settings, quotes):
    with refused(*quotes):
        rows_needed(p_a, p_b, **settings)


def test_the_examples_in_the_docstrings_are_true():
    import doctest

    from utils import resampling

    found = doctest.testmod(resampling)
    assert found.attempted >= 6 and found.failed == 0
