import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import away_from_0, dtypes, generators, refused, repeatable, sizes

from utils.nn import (
    L1,
    L2,
    BatchNormalization,
    Dense,
    Dropout,
    Layer,
    ReLU,
    Sigmoid,
    Tanh,
    glorot_uniform,
    he_normal,
    numerical_gradient,
    relative_error,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)

ACTIVATIONS = {ReLU: (relu, relu_derivative), Sigmoid: (sigmoid, sigmoid_derivative), Tanh: (tanh, tanh_derivative)}
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def dense(n_inputs, n_outputs, dtype=np.float64, **options):
    return Dense(n_inputs, n_outputs, rng=np.random.default_rng(0), dtype=dtype, **options)


def all_layers(n_columns=3, dtype=np.float64):
    """One of each, for batches of `n_columns`; all give as many columns back."""
    dropout = Dropout(0.5, rng=np.random.default_rng(0))
    return [dense(n_columns, n_columns, dtype), ReLU(), Sigmoid(), Tanh(), dropout,
            BatchNormalization(n_columns, dtype=dtype)]


def kinds(layer):
    return type(layer).__name__


each_layer = pytest.mark.parametrize("layer", range(6), ids=map(kinds, all_layers()))


def weighted_sum(layer, x, dy):
    """A loss whose gradient with respect to the output is `dy`."""
    return lambda: (layer.forward(x) * dy).sum()


# Dense: facts


def test_dense_of_a_small_batch_by_hand():
    layer = dense(2, 3)
    layer.params["W"][...] = [[1, 2, 3], [4, 5, 6]]
    layer.params["b"][...] = [10, 20, 30]
    assert layer.forward(np.array([[1.0, 2.0], [1.0, 0.0]])).tolist() == [[19, 32, 45], [11, 22, 33]]
    assert layer.backward(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])).tolist() == [[1, 4], [3, 6]]
    assert layer.grads["W"].tolist() == [[1, 0, 1], [2, 0, 0]]
    assert layer.grads["b"].tolist() == [1, 0, 1]


def test_dense_starts_with_biases_of_0_and_glorot_weights():
    layer = dense(30, 20)
    assert layer.params["b"].tolist() == [0] * 20
    assert (layer.params["W"] == glorot_uniform(30, 20, rng=np.random.default_rng(0), dtype=np.float64)).all()
    he = dense(30, 20, initializer=he_normal)
    assert (he.params["W"] == he_normal(30, 20, rng=np.random.default_rng(0), dtype=np.float64)).all()


def test_dense_draws_from_the_generator_it_is_given():
    rng = np.random.default_rng(0)
    first, second, again = Dense(4, 3, rng=rng), Dense(4, 3, rng=rng), Dense(4, 3, rng=np.random.default_rng(0))
    assert (first.params["W"] == again.params["W"]).all() and not (first.params["W"] == second.params["W"]).any()


@repeatable
@given(sizes, sizes)
def test_parameters_and_gradients_of_dense_have_the_same_keys_and_shapes(n_inputs, n_outputs):
    layer = dense(np.int64(n_inputs), np.int64(n_outputs))
    assert (layer.n_inputs, layer.n_outputs) == (n_inputs, n_outputs)
    assert type(layer.n_inputs) is type(layer.n_outputs) is int
    for arrays in (layer.params, layer.grads):
        assert {key: array.shape for key, array in arrays.items()} == {"W": (n_inputs, n_outputs), "b": (n_outputs,)}
    assert not any(grad.any() for grad in layer.grads.values()) and layer.state == {}


def test_gradients_of_dense_are_overwritten_in_arrays_allocated_once():
    layer, x, dy = dense(3, 2), np.ones((4, 3)), np.ones((4, 2))
    arrays = dict(layer.grads)
    for _ in range(2):
        layer.forward(x)
        layer.backward(dy)
        assert all(layer.grads[key] is array and (array == 4).all() for key, array in arrays.items())


class Untransposed(np.ndarray):
    """An array that nobody may transpose."""

    @property
    def T(self):
        raise AssertionError("dx needs the transpose of W")


def test_without_needs_dx_dense_fills_the_same_gradients_and_computes_no_dx():
    x, dy = np.random.default_rng(0).normal(size=(2, 4, 3))
    layers = dense(3, 3), dense(3, 3)
    layers[0].params["W"] = layers[0].params["W"].view(Untransposed)
    for layer in layers:
        layer.forward(x)
    assert layers[0].backward(dy, needs_dx=False) is None and layers[1].backward(dy).shape == x.shape
    assert all((layers[0].grads[key] == layers[1].grads[key]).all() for key in ("W", "b"))
    with pytest.raises(AssertionError, match="transpose"):
        layers[0].backward(dy)


@pytest.mark.parametrize("dtype", [np.float32, "float32", np.dtype("float32"), np.float64, "float64"])
def test_dense_takes_its_dtype_in_all_spellings(dtype):
    assert {array.dtype for array in dense(2, 3, dtype).params.values()} == {np.dtype(dtype)}
    assert Dense(2, 3, rng=np.random.default_rng(0)).params["W"].dtype == np.float32


# activations: facts


@each_activation
@repeatable
@given(generators, st.lists(sizes, min_size=1, max_size=3))
def test_an_activation_layer_is_its_function_and_passes_dy_times_its_slope(activation, rng, shape):
    f, slope = ACTIVATIONS[activation]
    x, dy = rng.normal(0, 2, shape), rng.normal(size=shape)
    layer = activation()
    assert (layer.forward(x) == f(x)).all()
    assert layer.backward(dy) == pytest.approx(dy * slope(x))
    assert (layer.params, layer.grads, layer.n_inputs, layer.n_outputs) == ({}, {}, None, None)


def test_the_relu_layer_passes_nothing_at_0():
    layer = ReLU()
    layer.forward(np.array([[-1.0, 0.0, 1.0]]))
    assert layer.backward(np.ones((1, 3))).tolist() == [[0, 0, 1]]


# Dropout: facts


def test_dropout_is_the_identity_outside_training():
    x = np.random.default_rng(0).normal(size=(4, 5))
    layer = Dropout(0.9, rng=np.random.default_rng(0))
    layer.forward(x, training=True)
    assert (layer.forward(x) == x).all() and (layer.backward(x) == x).all()


def test_dropout_keeps_the_mean():
    rate = 0.8
    y = Dropout(rate, rng=np.random.default_rng(0)).forward(np.ones((200, 500)), training=True)
    assert sorted(set(y.ravel())) == pytest.approx([0, 5])
    assert np.mean(y == 0) == pytest.approx(rate, abs=0.01)
    assert y.mean() == pytest.approx(1, abs=4 * np.sqrt(rate / (1 - rate) / y.size))


@repeatable
@given(generators, sizes, sizes)
def test_dropout_passes_the_gradient_where_it_passed_the_number(rng, n, d):
    layer, x = Dropout(0.5, rng=rng), away_from_0(rng, n, d)
    y = layer.forward(x, training=True)
    assert layer.backward(x) == pytest.approx(y)


def test_dropout_draws_anew_in_every_pass_from_the_generator_it_is_given():
    x = np.ones((10, 10))
    layer, again = (Dropout(0.5, rng=np.random.default_rng(0)) for _ in range(2))
    first, second = layer.forward(x, training=True), layer.forward(x, training=True)
    assert (first == again.forward(x, training=True)).all() and (first != second).any()


class Zeros(np.random.Generator):
    """Draws the smallest number there is to draw, again and again."""

    def random(self, size, dtype):
        return np.zeros(size, dtype)


def test_dropout_at_rate_0_drops_nothing():
    x = np.random.default_rng(0).normal(size=(3, 2))
    for rng in (np.random.default_rng(0), Zeros(np.random.PCG64(0))):
        assert (Dropout(0, rng=rng).forward(x, training=True) == x).all()


# penalties


def test_a_layer_costs_nothing_unless_told():
    assert [layer.penalty() for layer in all_layers()] == [0] * 6


@pytest.mark.parametrize("regularizer", [L1(0.3), L2(0.3)], ids=["L1", "L2"])
def test_dense_adds_the_gradient_of_its_penalty_to_that_of_the_data(regularizer):
    x, dy = np.random.default_rng(0).normal(size=(2, 4, 3))
    plain, penalised = dense(3, 3), dense(3, 3, kernel_regularizer=regularizer)
    for layer in (plain, penalised):
        layer.params["b"][...] = 7
        layer.forward(x)
        layer.backward(dy)
    penalty, gradient = regularizer(plain.params["W"])
    assert penalised.penalty() == penalty > 0
    assert penalised.grads["W"] == pytest.approx(plain.grads["W"] + gradient)
    assert (penalised.grads["b"] == plain.grads["b"]).all()             # biases are free


@pytest.mark.parametrize("regularizer", [0.01, "l2", L2(0.1)(np.ones((2, 2)))])
def test_a_regularizer_is_a_function(regularizer):
    with refused("kernel_regularizer", "L2(1e-3)", repr(regularizer)):
        dense(2, 2, kernel_regularizer=regularizer)


# BatchNormalization: facts


def normalization(n_features=3, **options):
    """One whose parameters and moving averages are not those of the start."""
    rng = np.random.default_rng(2)
    layer = BatchNormalization(n_features, dtype=np.float64, **options)
    for array in (*layer.params.values(), *layer.state.values()):
        array[...] = rng.uniform(0.5, 2, n_features)
    return layer


def test_a_batch_in_training_by_hand():
    layer = BatchNormalization(1, momentum=0.9, epsilon=16.0, dtype=np.float64)
    layer.params["gamma"][...], layer.params["beta"][...] = 10, 1
    y = layer.forward(np.array([[1.0], [7.0]]), training=True)          # mean 4, variance 9, and 9 + 16 is 5 squared
    assert y == pytest.approx(np.array([[-5.0], [7.0]]))
    assert layer.state["moving_mean"] == pytest.approx(0.9 * 0 + 0.1 * 4)
    assert layer.state["moving_variance"] == pytest.approx(0.9 * 1 + 0.1 * 9)


@repeatable
@given(generators, sizes)
def test_in_training_every_column_has_mean_beta_and_deviation_gamma(rng, d):
    layer, x = normalization(d, epsilon=1e-12), rng.normal(5, 3, (50, d))
    y = layer.forward(x, training=True)
    assert y.mean(axis=0) == pytest.approx(layer.params["beta"])
    assert y.std(axis=0) == pytest.approx(layer.params["gamma"])


def test_outside_training_the_moving_averages_stand_in_and_stay():
    layer, x = normalization(), np.random.default_rng(0).normal(size=(4, 3))
    before = {key: array.copy() for key, array in layer.state.items()}
    y = layer.forward(x)
    z = (x - before["moving_mean"]) / np.sqrt(before["moving_variance"] + 1e-3)
    assert y == pytest.approx(layer.params["gamma"] * z + layer.params["beta"])
    assert layer.forward(x[:1]) == pytest.approx(y[:1])                 # a row's answer does not depend on its company
    assert all((layer.state[key] == array).all() for key, array in before.items())


def test_moving_averages_come_to_those_of_the_data():
    layer, x = BatchNormalization(2, momentum=0.8, dtype=np.float64), np.random.default_rng(0).normal(5, 3, (60, 2))
    arrays = list(layer.state.values())
    for _ in range(100):
        layer.forward(x, training=True)
    assert arrays[0] == pytest.approx(x.mean(axis=0)) and arrays[1] == pytest.approx(x.var(axis=0))
    assert all(array is now for array, now in zip(arrays, layer.state.values(), strict=True))


def test_without_momentum_the_moving_averages_are_those_of_the_last_batch():
    layer, x = normalization(momentum=0), np.random.default_rng(0).normal(5, 3, (4, 3))
    layer.forward(x, training=True)
    assert layer.state["moving_mean"] == pytest.approx(x.mean(axis=0))
    assert layer.state["moving_variance"] == pytest.approx(x.var(axis=0))


def test_settings_that_come_as_numpy_numbers_are_kept_as_python_numbers():
    layer = BatchNormalization(2, momentum=np.float64(0.9), epsilon=np.float64(0.1))
    assert type(layer.momentum) is type(layer.epsilon) is float


def test_a_constant_column_stays_finite():
    assert (BatchNormalization(2, dtype=np.float64).forward(np.full((4, 2), 7.0), training=True) == 0).all()


def test_batch_normalization_starts_as_in_keras():
    layer = BatchNormalization(np.int64(3))
    assert (layer.momentum, layer.epsilon, layer.n_inputs, layer.n_outputs) == (0.99, 1e-3, 3, 3)
    assert type(layer.n_inputs) is int
    started = {key: array.tolist() for key, array in (layer.params | layer.state).items()}
    assert started == {"gamma": [1] * 3, "beta": [0] * 3, "moving_mean": [0] * 3, "moving_variance": [1] * 3}
    assert {array.dtype for array in (*layer.params.values(), *layer.grads.values(), *layer.state.values())} == {
        np.dtype("float32")}
    assert not any(grad.any() for grad in layer.grads.values())


@pytest.mark.parametrize("name, value, quotes", [
    ("n_features", 0, ["at least 1"]), ("n_features", 2.0, ["at least 1"]), ("n_features", None, ["at least 1"]),
    ("momentum", 1, ["0 <= momentum < 1"]), ("momentum", -0.1, ["momentum"]), ("momentum", "0.9", ["momentum"]),
    ("epsilon", 0, ["above 0"]), ("epsilon", np.inf, ["finite"]), ("epsilon", np.nan, ["epsilon"]),
    ("epsilon", None, ["epsilon"]), ("dtype", "float16", ["float32 or float64"]), ("dtype", int, ["dtype"]),
])
def test_batch_normalization_refuses_such_settings(name, value, quotes):
    with refused(name, repr(value), *quotes):
        BatchNormalization(**{"n_features": 2} | {name: value})


@pytest.mark.parametrize("training", [True, False])
@repeatable
@given(generators, st.integers(2, 5), sizes)
def test_gradients_of_batch_normalization_agree_with_central_differences(training, rng, n, d):
    layer, x, dy = normalization(d, momentum=0.5), rng.normal(size=(n, d)), rng.normal(size=(n, d))
    fixed = {key: array.copy() for key, array in layer.state.items()}

    def f():
        for key, array in fixed.items():
            layer.state[key][...] = array
        return (layer.forward(x, training) * dy).sum()

    numerical = [numerical_gradient(f, array) for array in (x, layer.params["gamma"], layer.params["beta"])]
    f()
    ours = layer.backward(dy), layer.grads["gamma"], layer.grads["beta"]
    assert all(mine == pytest.approx(other, rel=1e-5, abs=1e-6) for mine, other in zip(ours, numerical, strict=True))


def test_the_check_rejects_a_dx_that_takes_mean_and_variance_for_constants():
    layer, (x, dy) = normalization(), np.random.default_rng(0).normal(size=(2, 4, 3))
    numerical = numerical_gradient(lambda: (layer.forward(x, training=True) * dy).sum(), x)
    constant = dy * layer.params["gamma"] / np.sqrt(x.var(axis=0) + 1e-3)
    assert relative_error(constant, numerical) > 1e-2


# central differences


@each_layer
@repeatable
@given(generators, sizes, sizes)
def test_dx_agrees_with_central_differences(layer, rng, n, d):
    layer, x, dy = all_layers(d)[layer], away_from_0(rng, n, d), rng.normal(size=(n, d))
    layer.forward(x)
    assert layer.backward(dy) == pytest.approx(numerical_gradient(weighted_sum(layer, x, dy), x), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("key", ["W", "b"])
@repeatable
@given(generators, sizes, sizes, sizes)
def test_gradients_of_dense_agree_with_central_differences(key, rng, n, d, h):
    layer, x, dy = dense(d, h), rng.normal(size=(n, d)), rng.normal(size=(n, h))
    layer.forward(x)
    layer.backward(dy)
    numerical = numerical_gradient(weighted_sum(layer, x, dy), layer.params[key])
    assert layer.grads[key] == pytest.approx(numerical, rel=1e-6, abs=1e-8)


def test_dropout_agrees_with_central_differences_under_a_fixed_mask():
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 4, 3))

    def f():
        return (Dropout(0.5, rng=np.random.default_rng(1)).forward(x, training=True) * dy).sum()

    layer = Dropout(0.5, rng=np.random.default_rng(1))
    layer.forward(x, training=True)
    assert layer.backward(dy) == pytest.approx(numerical_gradient(f, x), abs=1e-9)


def test_the_check_rejects_a_bias_that_forgot_the_sum_and_a_relu_that_lets_all_pass():
    x, dy = np.random.default_rng(0).normal(size=(2, 4, 3))
    layer = dense(3, 3)
    layer.forward(x)
    layer.backward(dy)
    assert relative_error(dy.mean(axis=0), numerical_gradient(weighted_sum(layer, x, dy), layer.params["b"])) > 1e-2
    assert relative_error(dy, numerical_gradient(weighted_sum(ReLU(), x, dy), x)) > 1e-2


# dtypes and purity


@each_layer
@repeatable
@given(generators, dtypes, sizes, sizes, st.booleans())
def test_dtype_and_shape_are_kept_and_x_and_dy_unchanged(layer, rng, dtype, n, d, training):
    layer = all_layers(d, dtype)[layer]
    x, dy = (rng.normal(size=(n, d)).astype(dtype) for _ in range(2))
    before = x.copy(), dy.copy()
    y, dx = layer.forward(x, training), layer.backward(dy)
    assert (y.shape, y.dtype, dx.shape, dx.dtype) == (x.shape, dtype, x.shape, dtype)
    assert all(grad.dtype == dtype for grad in layer.grads.values())
    assert (x == before[0]).all() and (dy == before[1]).all()


# refusals: nothing changes, what the last forward pass left for backward included


def test_a_layer_without_a_rule_says_so():
    class Mirror(Layer):
        pass

    layer = Mirror()
    assert (layer.params, layer.grads, layer.n_inputs, layer.n_outputs) == ({}, {}, None, None)
    assert (layer.state, layer.penalty()) == ({}, 0)
    for call in (layer.forward, layer.backward):
        with pytest.raises(NotImplementedError, match="Mirror has no"):
            call(np.ones((1, 1)))


@each_layer
@pytest.mark.parametrize("x, quotes", [
    ([[1.0, 2.0, 3.0]], ["float array", "list"]),
    (np.ones((2, 3), int), ["float array", "int64"]),
    (np.ones((2, 3), bool), ["float array", "bool"]),
])
def test_no_layer_takes_such_batches(layer, x, quotes):
    layer = all_layers()[layer]
    layer.forward(np.ones((2, 3)), training=True)
    before = pickle.dumps(layer)
    with refused(*quotes):
        layer.forward(x, training=True)
    assert pickle.dumps(layer) == before


@pytest.mark.parametrize("x, quotes", [
    (np.ones((2, 4)), ["(N, 3)", "(2, 4)"]),
    (np.ones(3), ["(N, 3)", "(3,)"]),
    (np.ones((2, 3, 3)), ["(N, 3)", "(2, 3, 3)"]),
    (np.ones((2, 3), np.float32), ["float32", "float64", "astype"]),
])
def test_dense_takes_tables_of_its_width_and_dtype_only(x, quotes):
    layer = dense(3, 2)
    layer.forward(np.ones((5, 3)))
    before = pickle.dumps(layer)
    with refused(*quotes):
        layer.forward(x)
    assert pickle.dumps(layer) == before


@each_layer
@pytest.mark.parametrize("dy, quotes", [
    (np.ones((2, 4)), ["(2, 3)", "(2, 4)"]),
    (np.ones((1, 3)), ["(2, 3)", "(1, 3)"]),
    (np.ones((2, 3), np.float32), ["float64", "float32"]),
    ([[1.0] * 3] * 2, ["float64 (2, 3)", "list"]),
    (None, ["float64 (2, 3)", "NoneType"]),
])
def test_backward_takes_what_belongs_to_the_last_output_only(layer, dy, quotes):
    layer = all_layers()[layer]
    layer.forward(np.ones((2, 3)))
    before = pickle.dumps(layer)
    with refused(*quotes):
        layer.backward(dy)
    assert pickle.dumps(layer) == before


@each_layer
def test_backward_before_forward_is_refused(layer):
    layer = all_layers()[layer]
    before = pickle.dumps(layer)
    with refused("call forward(x) first"):
        layer.backward(np.ones((2, 3)))
    assert pickle.dumps(layer) == before


@pytest.mark.parametrize("n", [0, -1, 2.0, "2", None])
@pytest.mark.parametrize("name, arguments", [("n_inputs", lambda n: (n, 1)), ("n_outputs", lambda n: (1, n))])
def test_dense_wants_at_least_one_column_on_both_sides(name, arguments, n):
    rng = np.random.default_rng(0)
    with refused(name, "at least 1", repr(n)):
        Dense(*arguments(n), rng=rng)
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


@pytest.mark.parametrize("dtype", [int, np.float16, "double-double", None])
def test_dense_wants_single_or_double_precision(dtype):
    rng = np.random.default_rng(0)
    with refused("float32 or float64", repr(dtype)):
        Dense(2, 2, rng=rng, dtype=dtype)
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


@pytest.mark.parametrize("rng", [None, 0, np.random.RandomState(0)])     # noqa: NPY002
@pytest.mark.parametrize("make", [lambda rng: Dense(2, 2, rng=rng), lambda rng: Dropout(0.5, rng=rng)])
def test_randomness_comes_from_a_generator_only(make, rng):
    with refused("np.random.default_rng(0)", repr(rng)):
        make(rng)


@pytest.mark.parametrize("rate", [1, 1.5, -0.1, np.nan, "0.5", None])
def test_dropout_wants_a_share_that_leaves_something(rate):
    with refused("0 <= rate < 1", repr(rate)):
        Dropout(rate, rng=np.random.default_rng(0))


def test_dropout_keeps_its_rate_as_a_float():
    rate = Dropout(np.float32(0.5), rng=np.random.default_rng(0)).rate
    assert rate == 0.5 and type(rate) is float
