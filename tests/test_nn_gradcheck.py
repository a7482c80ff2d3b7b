import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import generators, refused, repeatable, sizes

from utils.nn import mean_squared_error, numerical_gradient, relative_error


@repeatable
@given(generators, st.lists(sizes, max_size=3))
def test_gradient_of_a_sum_of_squares_is_twice_x(rng, shape):
    x = np.array(rng.normal(size=shape))
    gradient = numerical_gradient(lambda: (x**2).sum(), x)
    assert gradient.shape == x.shape and gradient.dtype == np.float64
    assert gradient == pytest.approx(2 * x, abs=1e-9)


def test_every_element_has_its_own_slope():
    x, slopes = np.zeros((2, 3)), np.arange(6.0).reshape(2, 3)
    assert numerical_gradient(lambda: (slopes * x).sum(), x) == pytest.approx(slopes)


def test_error_for_a_cube_is_the_nudge_squared():
    x = np.array([3.0])
    assert numerical_gradient(lambda: x[0] ** 3, x, h=0.5) == 27 + 0.5**2
    assert numerical_gradient(lambda: x[0] ** 3, x) == pytest.approx(27, abs=1e-8)


def test_the_nudge_is_1e_5_to_either_side():
    x, seen = np.array([2.0]), []
    numerical_gradient(lambda: seen.append(x[0]) or 0.0, x)
    assert seen == [2 + 1e-5, 2 - 1e-5]


def test_a_wrong_gradient_is_rejected():
    x = np.array([1.0, -2.0])
    assert not np.allclose(x, numerical_gradient(lambda: (x**2).sum(), x))       # the truth is 2x


@repeatable
@given(generators, sizes)
def test_x_is_restored_to_the_last_bit(rng, n):
    x = rng.normal(0, 10.0 ** rng.integers(-9, 9), n)
    before = x.copy()
    numerical_gradient(lambda: x.sum(), x)
    assert (x == before).all()


@pytest.mark.parametrize("failing_call", range(1, 7))
def test_x_is_restored_when_f_raises(failing_call):
    x, calls = np.array([0.1, 0.2, 0.3]), iter(range(1, 7))

    def f():
        if next(calls) == failing_call:
            raise KeyError("f failed")
        return x.sum()

    with pytest.raises(KeyError, match="f failed"):
        numerical_gradient(f, x)
    assert x.tolist() == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("one", [float, np.float32, np.array, lambda v: np.array([[v]])])
def test_one_number_may_come_in_any_wrapping(one):
    x = np.array([2.0])
    assert numerical_gradient(lambda: one(3 * x[0]), x, h=0.5) == 3


@pytest.mark.parametrize("f, quotes", [
    (lambda x: x, ["one number", "ndarray", "1."]),
    (lambda x: mean_squared_error(x, x), ["one number", "tuple"]),
    (lambda x: None, ["one number", "NoneType"]),
    (lambda x: "much", ["one number", "much"]),
])
def test_f_that_returns_no_single_number_is_refused_and_x_restored(f, quotes):
    x = np.array([1.0, 2.0])
    with refused(*quotes):
        numerical_gradient(lambda: f(x), x)
    assert x.tolist() == [1, 2]


def read_only():
    x = np.ones(2)
    x.flags.writeable = False
    return x


@pytest.mark.parametrize("x, quotes", [
    (np.ones(2, np.float32), ["float64", "float32"]),
    (np.ones(2, int), ["float64", "int64"]),
    ([1.0, 2.0], ["float64", "list"]),
    (read_only(), ["writeable", "writeable=False"]),
    (np.array([1, np.nan]), ["finite", "nan"]),
    (np.array([-np.inf, 1]), ["finite", "inf"]),
])
def test_x_that_cannot_be_nudged_is_refused(x, quotes):
    with refused(*quotes):
        numerical_gradient(lambda: 0.0, x)


@pytest.mark.parametrize("h", [0, -1e-5, np.inf, np.nan])
def test_the_nudge_must_be_positive(h):
    with refused("positive", repr(h)):
        numerical_gradient(lambda: 0.0, np.ones(2), h=h)


# relative error


def test_relative_error_of_4_against_5_is_a_fifth_and_of_opposites_2():
    assert relative_error(np.array([4.0]), np.array([5.0])) == relative_error([5], [4]) == 1 / 5
    assert relative_error(np.array([3.0]), np.array([-3.0])) == 2
    assert relative_error([-5], [4]) == relative_error([4], [-5]) == 9 / 5


def test_relative_error_is_that_of_the_worst_element_and_0_where_both_are_0():
    assert relative_error(np.zeros((2, 2)), np.zeros((2, 2))) == 0
    assert relative_error(np.array([0.0, 1.0, 1e9]), np.array([0.0, 2.0, 1e9 + 1])) == 1 / 2
    assert relative_error(np.array([0.0]), np.array([1e-30])) == 1


@repeatable
@given(generators, sizes, st.floats(1e-6, 1e6))
def test_relative_error_knows_no_units(rng, n, scale):
    a, b = rng.normal(size=n), rng.normal(size=n)
    assert relative_error(scale * a, scale * b) == pytest.approx(relative_error(a, b))
    assert type(relative_error(a, b)) is float


@pytest.mark.parametrize("a, b", [((2,), (3,)), ((2, 1), (2,)), ((0,), (0,))])
def test_relative_error_compares_arrays_of_one_shape_only(a, b):
    with refused("one shape", str(a), str(b)):
        relative_error(np.zeros(a), np.zeros(b))


def test_relative_error_of_nan_passes_no_check():
    assert not relative_error(np.array([np.nan]), np.array([1.0])) < 1e-2
