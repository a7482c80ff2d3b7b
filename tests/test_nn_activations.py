import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import away_from_0, dtypes, generators, repeatable, sizes

from utils.nn import (
    log_softmax,
    log_softmax_jacobian,
    numerical_gradient,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_jacobian,
    tanh,
    tanh_derivative,
)

SLOPES = {relu: relu_derivative, sigmoid: sigmoid_derivative, tanh: tanh_derivative}
HUGE = np.array([[1e4, 0.0, -1e4]])


def jacobian(f, z):
    """dp_i/dz_j for p = f(z) of one row z, by central differences."""
    return np.stack([numerical_gradient(lambda i=i: f(z)[i], z) for i in range(len(z))])


def test_relu_lets_positive_numbers_pass_and_nothing_else():
    assert relu(np.array([-2.0, 0.0, 3.0])).tolist() == [0, 0, 3]


def test_slope_of_relu_is_1_above_0_and_0_elsewhere_at_0_too():
    assert relu_derivative(np.array([-2.0, 0.0, 0.5, 3.0])).tolist() == [0, 0, 1, 1]


def test_sigmoid_of_log_odds_is_the_probability():
    assert sigmoid(np.log([1.0, 3.0, 1 / 3])) == pytest.approx([1 / 2, 3 / 4, 1 / 4])


def test_sigmoid_is_exact_far_out_and_does_not_overflow():
    with np.errstate(over="raise", invalid="raise"):
        assert sigmoid(HUGE).tolist() == [[1, 0.5, 0]]
        assert sigmoid(np.array([-700.0])) == pytest.approx(np.exp(-700.0), abs=0)


def test_tanh_of_log_2_is_3_fifths_and_its_slope_there_16_twenty_fifths():
    assert tanh(np.log(2)) == pytest.approx(3 / 5)
    assert tanh_derivative(np.log(2)) == pytest.approx(16 / 25)


def test_slope_is_largest_at_0_a_quarter_for_sigmoid_and_1_for_tanh():
    elsewhere = np.array([-3.0, -0.1, 0.1, 3.0])
    assert sigmoid_derivative(0.0) == 1 / 4 and (sigmoid_derivative(elsewhere) < 1 / 4).all()
    assert tanh_derivative(0.0) == 1 and (tanh_derivative(elsewhere) < 1).all()


@repeatable
@given(generators, sizes, sizes)
def test_tanh_is_a_sigmoid_stretched_and_both_are_symmetric(rng, n, d):
    z = rng.normal(0, 3, (n, d))
    assert tanh(z) == pytest.approx(2 * sigmoid(2 * z) - 1)
    assert sigmoid(-z) == pytest.approx(1 - sigmoid(z))


@pytest.mark.parametrize("f", SLOPES)
@repeatable
@given(generators, sizes, sizes)
def test_slopes_agree_with_central_differences(f, rng, n, d):
    z = away_from_0(rng, n, d)
    assert SLOPES[f](z) == pytest.approx(numerical_gradient(lambda: f(z).sum(), z), rel=1e-6, abs=1e-9)


def test_the_check_of_slopes_rejects_the_slope_of_another_function():
    z = away_from_0(np.random.default_rng(0), 3, 2)
    assert not np.allclose(sigmoid_derivative(z), numerical_gradient(lambda: tanh(z).sum(), z))


def test_softmax_of_logs_of_counts_is_their_shares():
    assert softmax(np.log([1.0, 2.0, 5.0])) == pytest.approx([1 / 8, 2 / 8, 5 / 8])


@repeatable
@given(generators, st.lists(sizes, min_size=1, max_size=3))
def test_softmax_sums_to_1_along_the_last_axis_and_ignores_a_shift(rng, shape):
    z = rng.normal(0, 5, shape)
    assert softmax(z).shape == z.shape
    assert softmax(z).sum(axis=-1) == pytest.approx(1)
    assert softmax(z + 100 * rng.normal(size=shape[:-1])[..., np.newaxis]) == pytest.approx(softmax(z))


@repeatable
@given(generators, sizes, sizes)
def test_log_softmax_is_the_log_of_softmax(rng, n, n_classes):
    z = rng.normal(0, 5, (n, n_classes))
    assert np.exp(log_softmax(z)) == pytest.approx(softmax(z))


def test_softmax_and_its_log_are_exact_for_huge_scores_of_either_sign_side_by_side():
    scores = np.concatenate([HUGE, HUGE - 2e4])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert softmax(scores).tolist() == [[1, 0, 0]] * 2
        assert log_softmax(scores).tolist() == [[0, -1e4, -2e4]] * 2


def test_log_softmax_of_equal_scores_is_minus_log_of_their_number():
    assert log_softmax(np.full((2, 3), 7.0)) == pytest.approx(-np.log(3))


def test_two_equal_scores_have_jacobians_of_quarters_and_halves():
    assert softmax_jacobian(np.zeros(2)) == pytest.approx(np.array([[1, -1], [-1, 1]]) / 4)
    assert log_softmax_jacobian(np.zeros(2)) == pytest.approx(np.array([[1, -1], [-1, 1]]) / 2)


@repeatable
@given(generators, sizes, sizes)
def test_jacobians_agree_with_central_differences_row_by_row(rng, n, n_classes):
    z = rng.normal(size=(n, n_classes))
    for row, J, log_J in zip(z, softmax_jacobian(z), log_softmax_jacobian(z), strict=True):
        assert J == pytest.approx(jacobian(softmax, row), abs=1e-9)
        assert log_J == pytest.approx(jacobian(log_softmax, row), abs=1e-9)


def test_the_check_of_jacobians_rejects_a_transposed_one():
    z = np.array([1.0, -2.0, 0.5])
    assert not np.allclose(log_softmax_jacobian(z).T, jacobian(log_softmax, z))


@repeatable
@given(generators, st.lists(sizes, min_size=1, max_size=3))
def test_a_shift_of_all_scores_changes_nothing_so_rows_of_jacobians_sum_to_0(rng, shape):
    z = rng.normal(size=shape)
    for J in (softmax_jacobian(z), softmax_jacobian(z).swapaxes(-1, -2), log_softmax_jacobian(z)):
        assert J.shape == (*shape, shape[-1])
        assert J.sum(axis=-1) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("f", [*SLOPES, *SLOPES.values(), softmax, log_softmax, softmax_jacobian, log_softmax_jacobian])
@repeatable
@given(generators, dtypes, st.lists(sizes, min_size=1, max_size=3))
def test_dtype_is_kept_and_the_argument_unchanged(f, rng, dtype, shape):
    z = rng.normal(size=shape).astype(dtype)
    before = z.copy()
    assert f(z).dtype == dtype
    assert (z == before).all()


@pytest.mark.parametrize("f", [*SLOPES, *SLOPES.values()])
def test_a_single_number_will_do(f):
    assert f(0.5) == f(np.array([0.5]))[0]


@pytest.mark.parametrize("f", [relu, sigmoid, tanh, softmax, log_softmax])
def test_a_list_will_do(f):
    assert (f([0.5, -1.0]) == f(np.array([0.5, -1.0]))).all()
