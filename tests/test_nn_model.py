import pickle

import numpy as np
import pytest
from hypothesis import given
from strategies import away_from_0, dtypes, generators, refused, repeatable, sizes

from utils.nn import (
    L1,
    L2,
    BatchNormalization,
    Dense,
    Dropout,
    Layer,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    mean_squared_error,
    numerical_gradient,
    relative_error,
    softmax_cross_entropy,
)


def dense(n_inputs, n_outputs, dtype=np.float64, seed=0):
    return Dense(n_inputs, n_outputs, rng=np.random.default_rng(seed), dtype=dtype)


def network(dtype=np.float64, n_inputs=3, n_outputs=2):
    return Sequential(dense(n_inputs, 4, dtype), Tanh(), dense(4, 5, dtype), Sigmoid(), dense(5, n_outputs, dtype))


class Spy(Layer):
    """The identity, with a diary of how it was called."""

    def __init__(self):
        super().__init__()
        self.diary = []

    def forward(self, x, training=False):
        self.diary.append(("forward", training))
        return x

    def backward(self, dy, needs_dx=True):
        self.diary.append(("backward", needs_dx))
        return dy


# facts


def test_network_of_the_book_has_109386_parameters():
    model = Sequential(dense(784, 128), ReLU(), dense(128, 64), ReLU(), dense(64, 10))
    assert sum(array.size for array in model.params.values()) == 109_386
    assert (model.n_inputs, model.n_outputs) == (784, 10)


def test_params_and_grads_are_the_layers_own_by_the_number_of_the_layer():
    model = Sequential(dense(3, 4), ReLU(), dense(4, 2))
    assert list(model.params) == list(model.grads) == ["0.W", "0.b", "2.W", "2.b"]
    for i in (0, 2):
        for key in ("W", "b"):
            assert model.params[f"{i}.{key}"] is model.layers[i].params[key]
            assert model.grads[f"{i}.{key}"] is model.layers[i].grads[key]


def test_writing_into_params_changes_the_network():
    model = Sequential(dense(2, 1))
    model.params["0.W"][...] = [[1], [10]]
    model.params["0.b"][...] = 100
    assert model.forward(np.array([[1.0, 2.0]])).tolist() == [[121]]


def test_output_of_each_layer_is_the_input_of_the_next():
    model, x = network(), np.random.default_rng(0).normal(size=(4, 3))
    y = x
    for layer in model.layers:
        y = layer.forward(y)
    assert (model.forward(x) == y).all()


def test_linear_layers_in_a_row_are_one_linear_layer():
    model, x = Sequential(dense(3, 4), dense(4, 2, seed=1)), np.random.default_rng(0).normal(size=(5, 3))
    assert model.forward(x) == pytest.approx(x @ (model.params["0.W"] @ model.params["1.W"]))


def test_all_layers_are_told_about_training_and_only_the_first_about_needs_dx():
    spies = [Spy() for _ in range(3)]
    model = Sequential(*spies)
    model.forward(np.ones((1, 1)), training=True)
    model.backward(np.ones((1, 1)), needs_dx=False)
    model.forward(np.ones((1, 1)))
    model.backward(np.ones((1, 1)))
    always = [("forward", True), ("backward", True), ("forward", False), ("backward", True)]
    assert [spy.diary for spy in spies[1:]] == [always, always]
    assert spies[0].diary == [("forward", True), ("backward", False), ("forward", False), ("backward", True)]


def test_without_needs_dx_the_gradients_are_the_same_and_dx_is_not_computed():
    x, dy = np.ones((4, 3)), np.ones((4, 2))
    models = network(), network()
    for model in models:
        model.forward(x)
    assert models[0].backward(dy, needs_dx=False) is None and models[1].backward(dy).shape == x.shape
    assert all((grad == models[1].grads[key]).all() for key, grad in models[0].grads.items())


def test_sizes_are_those_of_the_outermost_layers_that_have_one():
    wrapped = Sequential(Dropout(0.1, rng=np.random.default_rng(0)), dense(3, 4), ReLU(), dense(4, 2), Sigmoid())
    assert (wrapped.n_inputs, wrapped.n_outputs) == (3, 2)
    assert (Sequential(ReLU()).n_inputs, Sequential(ReLU()).n_outputs) == (None, None)


def test_a_network_is_a_layer_of_a_larger_one():
    inner = network(n_outputs=3)
    outer = Sequential(inner, ReLU(), dense(3, 1))
    assert outer.params["0.2.W"] is inner.params["2.W"] and (outer.n_inputs, outer.n_outputs) == (3, 1)
    assert outer.forward(np.ones((2, 3))).shape == (2, 1)


def test_state_is_the_layers_own_by_the_number_of_the_layer():
    inner = Sequential(BatchNormalization(4, dtype=np.float64))
    model = Sequential(dense(3, 4), inner, dense(4, 2), BatchNormalization(2, dtype=np.float64))
    names = ["1.0.moving_mean", "1.0.moving_variance", "3.moving_mean", "3.moving_variance"]
    assert list(model.state) == names and network().state == {}
    assert model.state["1.0.moving_mean"] is inner.layers[0].state["moving_mean"]


def test_the_penalty_is_the_sum_of_those_of_the_layers():
    rng = np.random.default_rng(0)
    first, second = (Dense(3, 3, rng=rng, kernel_regularizer=kind) for kind in (L1(0.1), L2(0.2)))
    model = Sequential(first, ReLU(), Sequential(second, dense(3, 1, np.float32)))
    assert model.penalty() == pytest.approx(first.penalty() + second.penalty())
    assert first.penalty() > 0 < second.penalty() and network().penalty() == 0


# central differences


@pytest.mark.parametrize("loss, target", [
    (mean_squared_error, lambda rng, n: rng.normal(size=(n, 2))),
    (softmax_cross_entropy, lambda rng, n: rng.integers(0, 2, n)),
], ids=["mean_squared_error", "softmax_cross_entropy"])
@repeatable
@given(generators, sizes)
def test_gradients_of_a_network_agree_with_central_differences(loss, target, rng, n):
    model, x, y = network(), rng.normal(size=(n, 3)), target(rng, n)
    dx = model.backward(loss(model.forward(x), y)[1])
    for gradient, array in [(dx, x), *((model.grads[key], array) for key, array in model.params.items())]:
        numerical = numerical_gradient(lambda: loss(model.forward(x), y)[0], array)
        assert gradient == pytest.approx(numerical, rel=1e-5, abs=1e-8)


def test_the_check_rejects_a_network_that_skips_an_activation_on_the_way_back():
    model, x, y = network(), away_from_0(np.random.default_rng(0), 4, 3), np.zeros((4, 2))
    dy = mean_squared_error(model.forward(x), y)[1]
    dx = model.layers[0].backward(model.layers[2].backward(model.layers[3].backward(model.layers[4].backward(dy))))
    assert relative_error(dx, numerical_gradient(lambda: mean_squared_error(model.forward(x), y)[0], x)) > 1e-2


@repeatable
@given(generators, dtypes, sizes)
def test_dtype_of_the_parameters_is_that_of_everything(rng, dtype, n):
    model, x = network(dtype), rng.normal(size=(n, 3)).astype(dtype)
    y = model.forward(x)
    dx = model.backward(y)
    assert {array.dtype for array in (y, dx, *model.params.values(), *model.grads.values())} == {np.dtype(dtype)}


# refusals


@pytest.mark.parametrize("layers, quotes", [
    ([], ["at least one layer", "[]"]),
    ([dense(2, 2), np.tanh], ["only layers", "['Dense', 'ufunc']"]),
    ([[dense(2, 2)]], ["only layers", "['list']"]),
    ([dense(2, 3), dense(2, 3)], ["layer 1 wants 2 columns", "give 3"]),
    ([dense(2, 3), ReLU(), ReLU(), dense(4, 1)], ["layer 3 wants 4 columns", "give 3"]),
    ([dense(2, 3), ReLU(), dense(3, 1, np.float32)], ["one dtype", "['float32', 'float64']"]),
])
def test_layers_that_do_not_fit_together_are_refused(layers, quotes):
    with refused(*quotes):
        Sequential(*layers)


def test_one_layer_in_two_places_is_refused_but_two_alike_are_welcome():
    twin = Tanh()
    with refused("two places"):
        Sequential(twin, dense(3, 3), twin)
    assert len(Sequential(Tanh(), dense(3, 3), Tanh()).layers) == 3


@pytest.mark.parametrize("x, quotes", [
    (np.ones((2, 4)), ["(N, 3)", "(2, 4)"]),
    (np.ones(3), ["(N, 3)", "(3,)"]),
    (np.ones((2, 3), np.float32), ["float32", "float64"]),
    (np.ones((2, 3), np.uint8), ["float array", "uint8"]),
    ([[1.0, 2.0, 3.0]], ["float array", "list"]),
])
@pytest.mark.parametrize("n_before", [0, 1, 2])
def test_a_refused_batch_reaches_no_layer(n_before, x, quotes):
    before_dense = [ReLU(), Dropout(0.5, rng=np.random.default_rng(0))][:n_before]
    model = Sequential(*before_dense, dense(3, 2), Tanh())
    model.forward(np.ones((5, 3)), training=True)
    before = pickle.dumps(model)
    with refused(*quotes):
        model.forward(x, training=True)
    assert pickle.dumps(model) == before


@pytest.mark.parametrize("dy", [np.ones((5, 3)), np.ones((2, 2)), np.ones((5, 2), np.float32)])
def test_a_refused_gradient_reaches_no_layer(dy):
    model = network()
    model.forward(np.ones((5, 3)))
    before = pickle.dumps(model)
    with refused("float64 (5, 2)", f"{dy.dtype} {dy.shape}"):
        model.backward(dy)
    assert pickle.dumps(model) == before


def test_backward_before_forward_is_refused():
    model = network()
    before = pickle.dumps(model)
    with refused("call forward(x) first"):
        model.backward(np.ones((5, 2)))
    assert pickle.dumps(model) == before
