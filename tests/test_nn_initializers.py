import numpy as np
import pytest
from hypothesis import given
from strategies import dtypes, generators, repeatable, sizes

from utils.nn import glorot_uniform, he_normal, relu

VARIANCES = {he_normal: 2 / 400, glorot_uniform: 2 / (400 + 600)}       # of a layer from 400 to 600


@pytest.mark.parametrize("initializer", VARIANCES)
def test_mean_is_0_and_variance_as_the_rule_says(initializer):
    W = initializer(400, 600, rng=np.random.default_rng(0), dtype=np.float64)
    deviation = np.sqrt(VARIANCES[initializer])
    assert abs(W.mean()) < 4 * deviation / np.sqrt(W.size)
    assert W.var() == pytest.approx(VARIANCES[initializer], rel=0.02)       # 240,000 draws: known to 0.3 %


def test_glorot_draws_fill_their_interval_evenly():
    limit = np.sqrt(6 / (3 + 5))
    W = glorot_uniform(3, 5, rng=np.random.default_rng(0))
    assert (np.abs(W) <= limit).all()
    draws = glorot_uniform(300, 500, rng=np.random.default_rng(0)) / np.sqrt(6 / 800)
    assert np.histogram(draws, bins=4, range=(-1, 1))[0] / draws.size == pytest.approx(1 / 4, abs=0.01)


def test_he_draws_are_normal_with_their_tails():
    W = he_normal(400, 600, rng=np.random.default_rng(0)) / np.sqrt(2 / 400)
    assert np.mean(np.abs(W) > 1) == pytest.approx(0.3173, abs=0.01)
    assert np.mean(np.abs(W) > 2) == pytest.approx(0.0455, abs=0.005)


def size_after_12_layers(initializer):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, 256))
    for _ in range(12):
        x = relu(x @ initializer(256, 256, rng=rng, dtype=np.float64))
    return np.mean(x**2)


def test_he_keeps_the_size_of_signals_through_relu_and_glorot_halves_it_in_every_layer():
    assert 1 / 4 < size_after_12_layers(he_normal) < 4
    assert 1 / 4 < size_after_12_layers(glorot_uniform) * 2**12 < 4


@pytest.mark.parametrize("initializer", VARIANCES)
@repeatable
@given(generators, sizes, sizes, dtypes)
def test_shape_and_dtype_are_as_asked(initializer, rng, n_inputs, n_outputs, dtype):
    W = initializer(n_inputs, n_outputs, rng=rng, dtype=dtype)
    assert W.shape == (n_inputs, n_outputs) and W.dtype == dtype
    assert initializer(n_inputs, n_outputs, rng=rng).dtype == np.float32


@pytest.mark.parametrize("initializer", VARIANCES)
def test_a_seed_decides_the_draws(initializer):
    first, again, other = (initializer(4, 3, rng=np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert (first == again).all() and not (first == other).any()
