import numpy as np
import pytest
from hypothesis import given
from strategies import away_from_0, generators, refused, repeatable, sizes

from utils.nn import L1, L2, numerical_gradient

W = np.array([[3.0, -4.0], [0.0, 1.0]])
each_kind = pytest.mark.parametrize("kind, name", [(L1, "l1"), (L2, "l2")])


def test_penalties_and_gradients_by_hand():
    penalty, gradient = L1(0.5)(W)
    assert (penalty, gradient.tolist()) == (4, [[0.5, -0.5], [0, 0.5]])
    assert type(penalty) is float
    penalty, gradient = L2(0.5)(W)
    assert (penalty, gradient.tolist()) == (13, [[3, -4], [0, 1]])
    assert type(penalty) is float


@each_kind
@repeatable
@given(generators, sizes, sizes)
def test_a_gradient_agrees_with_central_differences(kind, name, rng, n, d):
    regularizer, weights = kind(0.7), away_from_0(rng, n, d)
    numerical = numerical_gradient(lambda: regularizer(weights)[0], weights)
    assert regularizer(weights)[1] == pytest.approx(numerical, rel=1e-6)


@each_kind
def test_strength_0_costs_nothing_and_the_default_is_that_of_keras(kind, name):
    penalty, gradient = kind(0)(W)
    assert penalty == 0 and not gradient.any()
    assert getattr(kind(), name) == 0.01 and type(getattr(kind(np.float64(0.1)), name)) is float


@each_kind
def test_the_gradient_keeps_the_dtype_and_the_weights_stay(kind, name):
    weights = W.astype(np.float32)
    assert kind(0.1)(weights)[1].dtype == np.float32
    assert (weights == W).all()


@each_kind
@pytest.mark.parametrize("strength", [-0.1, np.inf, np.nan, "0.1", None])
def test_a_strength_is_a_finite_number_that_is_not_negative(kind, name, strength):
    with refused(name, "at least 0", repr(strength)):
        kind(strength)
