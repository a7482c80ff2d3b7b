import keras
import numpy as np
import pytest
from strategies import refused

from utils.bridge import copy_weights, keras_gradients, to_keras
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
)

# Keras 3 hands TensorFlow's arrays to NumPy 2 in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

both_dtypes = pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-14), (np.float32, 1e-6)])


def network(dtype=np.float64, seed=0):
    """Every kind of layer, with biases that are not 0."""
    rng = np.random.default_rng(seed)
    first, second, third = (Dense(n, m, rng=rng, dtype=dtype) for n, m in [(5, 4), (4, 3), (3, 2)])
    for layer in (first, second, third):
        layer.params["b"][...] = rng.normal(size=layer.n_outputs)
    return Sequential(first, ReLU(), Dropout(0.25, rng=rng), second, Tanh(), third, Sigmoid())


def batch(dtype=np.float64):
    return np.random.default_rng(1).normal(size=(6, 5)).astype(dtype)


def one_neuron(w):
    """A Keras model that computes w x."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.set_weights([np.array([[w]]), np.zeros(1)])
    return model


def weights_of(model):
    arrays = model.params.values() if isinstance(model, Layer) else model.get_weights()
    return [array.copy() for array in arrays]


def same(arrays, others):
    return len(arrays) == len(others) and all(map(np.array_equal, arrays, others))


# to_keras


@both_dtypes
def test_a_twin_computes_what_the_model_computes_in_the_same_dtype(dtype, tolerance):
    model, x = network(dtype), batch(dtype)
    y = keras.ops.convert_to_numpy(to_keras(model)(x))
    assert y.dtype == dtype and np.abs(y - model.forward(x)).max() < tolerance


def test_a_twin_has_the_same_kinds_of_layers_in_the_same_order():
    layers = to_keras(network()).layers
    kinds = ["Dense", "Activation", "Dropout", "Dense", "Activation", "Dense", "Activation"]
    assert [type(layer).__name__ for layer in layers] == kinds
    assert [layers[i].activation.__name__ for i in (1, 4, 6)] == ["relu", "tanh", "sigmoid"]
    assert layers[2].rate == 0.25


def test_a_twin_has_weights_of_its_own():
    model = network()
    before, twin = weights_of(model), to_keras(model)
    twin.set_weights([np.zeros_like(array) for array in before])
    assert same(weights_of(model), before)


def normalized(dtype=np.float64):
    """Batch normalisation whose four arrays are not those of the start, between two penalised layers."""
    rng = np.random.default_rng(0)
    first = Dense(5, 4, rng=rng, dtype=dtype, kernel_regularizer=L2(0.3))
    last = Dense(4, 2, rng=rng, dtype=dtype, kernel_regularizer=L1(0.2))
    middle = BatchNormalization(4, momentum=0.7, epsilon=0.02, dtype=dtype)
    for array in (*middle.params.values(), *middle.state.values()):
        array[...] = rng.uniform(0.5, 2, 4)
    return Sequential(first, middle, Tanh(), last)


@both_dtypes
@pytest.mark.parametrize("training", [True, False])
def test_a_twin_normalises_as_the_model_does_and_moves_its_averages_alike(dtype, tolerance, training):
    model, x = normalized(dtype), batch(dtype)
    twin = to_keras(model)
    y = keras.ops.convert_to_numpy(twin(x, training=training))
    assert np.abs(y - model.forward(x, training)).max() < 10 * tolerance
    moved = np.concatenate(twin.layers[1].get_weights()[2:]), np.concatenate(list(model.state.values()))
    assert np.abs(moved[0] - moved[1]).max() < 10 * tolerance
    assert (np.abs(moved[1] - np.concatenate(list(normalized(dtype).state.values()))).max() > 0.1) == training


def test_a_twin_has_the_penalties_of_the_model():
    model = normalized()
    losses = [float(loss) for loss in to_keras(model).losses]
    assert losses == pytest.approx([layer.penalty() for layer in model.layers if layer.params and layer.penalty()])
    assert len(losses) == 2 and sum(losses) == pytest.approx(model.penalty())
    assert to_keras(network()).losses == []


def test_moving_averages_are_copied_in_both_directions():
    model = normalized()
    twin = to_keras(model)
    twin.layers[1].set_weights([np.full(4, value) for value in (1.5, 2.5, 3.5, 4.5)])
    copy_weights(twin, model)
    assert [array.tolist() for array in (model.layers[1].params | model.layers[1].state).values()] == [
        [value] * 4 for value in (1.5, 2.5, 3.5, 4.5)]


def test_weights_of_a_network_within_a_network_keep_their_places():
    def arrays():
        return [BatchNormalization(2, dtype=np.float64) for _ in range(2)]

    source, target = Sequential(*arrays()), Sequential(Sequential(*arrays()))
    twin = keras.Sequential([keras.Input((2,), dtype="float64")]
                            + [keras.layers.BatchNormalization(dtype="float64") for _ in range(2)])
    for i, array in enumerate([*source.params.values(), *source.state.values()]):
        array[...] = i
    copy_weights(source, twin)
    copy_weights(twin, target)
    assert [array[0] for array in target.params.values()] == [0, 1, 2, 3]
    assert [array[0] for array in target.state.values()] == [4, 5, 6, 7]


@pytest.mark.parametrize("training", [True, False])
def test_gradients_with_penalties_and_batch_statistics_are_those_of_keras(training):
    model, x = normalized(), batch()
    target = np.random.default_rng(3).normal(size=(6, 2))
    twin, squared = to_keras(model), keras.losses.MeanSquaredError(dtype="float64")
    value, theirs = keras_gradients(twin, squared, x, target, training=training)
    ours, dprediction = mean_squared_error(model.forward(x, training), target)
    model.backward(dprediction)
    assert value == pytest.approx(ours + model.penalty(), rel=1e-6)
    assert all(mine == pytest.approx(other, rel=1e-6) for mine, other in zip(model.grads.values(), theirs, strict=True))


def test_what_has_no_twin_is_refused():
    class Softplus(Layer):
        pass

    rng = np.random.default_rng(0)
    with refused("no Keras counterpart", "Softplus"):
        to_keras(Sequential(Dense(2, 2, rng=rng), Softplus()))
    with refused("no Keras counterpart", "function"):
        to_keras(Sequential(Dense(2, 2, rng=rng, kernel_regularizer=lambda W: (0.0, 0 * W))))
    with refused("begins with Dense", "begins with ReLU"):
        to_keras(Sequential(ReLU(), Dense(2, 2, rng=rng)))
    with refused("utils.nn.Sequential", "Dense"):
        to_keras(Dense(2, 2, rng=rng))


# copy_weights


def test_weights_travel_to_keras_and_back():
    model, other, twin = network(seed=0), network(seed=1), to_keras(network(seed=2))
    copy_weights(model, twin)
    assert same(weights_of(twin), weights_of(model)) and not same(weights_of(other), weights_of(model))
    copy_weights(twin, other)
    assert same(weights_of(other), weights_of(model))


def test_weights_arrive_in_the_arrays_that_the_layers_use():
    model = network()
    arrays = list(model.params.values())
    copy_weights(to_keras(network(seed=1)), model)
    assert all(now is before for now, before in zip(model.params.values(), arrays, strict=True))
    assert same(arrays, weights_of(network(seed=1)))


def test_weights_of_a_single_layer_travel_too():
    ours, theirs = Dense(1, 1, rng=np.random.default_rng(0)), one_neuron(3.0).layers[0]
    copy_weights(theirs, ours)
    assert ours.params["W"].tolist() == [[3]] and ours.params["b"].tolist() == [0]


def test_frozen_layers_are_copied_like_the_others():
    twin, model = to_keras(network(seed=1)), network()
    twin.layers[0].trainable = False
    copy_weights(twin, model)
    assert same(weights_of(model), weights_of(network(seed=1)))


def with_batch_normalization():
    """Dense(5, 4) and Dense(4, 3), and between them the four weights of BatchNormalization."""
    layers = keras.layers
    return keras.Sequential([keras.Input((5,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(3)])


@pytest.mark.parametrize("theirs, quote", [
    (lambda: one_neuron(3.0), "[(1, 1), (1,)]"),
    (with_batch_normalization, "(4,), (4,), (4,)"),
    (lambda: keras.Sequential([keras.layers.Dense(4)]), "in Keras, []"),        # not built yet
])
def test_weights_of_other_shapes_are_refused_and_none_is_copied(theirs, quote):
    model, theirs = network(), theirs()
    before = weights_of(model), weights_of(theirs)
    for source, target in [(model, theirs), (theirs, model)]:
        with refused("same shapes", "(5, 4), (4,)", quote):
            copy_weights(source, target)
    assert same(weights_of(model), before[0]) and same(weights_of(theirs), before[1])


def test_one_side_must_be_ours_and_the_other_one_of_keras():
    with refused("one of Keras expected", "Sequential and Dense"):
        copy_weights(network(), Dense(1, 1, rng=np.random.default_rng(0)))
    with refused("model of utils.nn", "Sequential and Sequential"):
        copy_weights(one_neuron(1.0), one_neuron(2.0))


# keras_gradients


def test_gradients_of_one_neuron_by_hand():
    x, y = np.array([[1.0], [2.0]], np.float32), np.array([[1.0], [0.0]], np.float32)
    loss, (dW, db) = keras_gradients(one_neuron(3.0), keras.losses.MeanSquaredError(), x, y)
    assert loss == 20                                   # errors 2 and 6: (4 + 36) / 2
    assert dW.tolist() == [[14]] and db.tolist() == [8]     # (2*2*1 + 2*6*2) / 2 and (2*2 + 2*6) / 2


def test_gradients_are_taken_without_dropout_and_change_no_weight():
    twin, x = to_keras(network()), batch()
    before = weights_of(twin)
    first, second = (keras_gradients(twin, lambda y, prediction: keras.ops.sum(prediction), x, None) for _ in range(2))
    assert first[0] == second[0] and same(first[1], second[1]) and same(weights_of(twin), before)
