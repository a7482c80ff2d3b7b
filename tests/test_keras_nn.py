"""Ours against Keras: from the same weights and batches both compute the same numbers.

Every comparison has a test in which it finds a difference, and a small one: 1e-8 in one weight, an epsilon elsewhere.
"""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils import nn
from utils.bridge import keras_gradients, to_keras
from utils.metrics import accuracy
from utils.nn import L1, L2, Adam, Batches, BatchNormalization, Dense, Dropout, ReLU, RMSprop, Sequential, Sigmoid, Tanh

# Keras 3 hands TensorFlow's arrays to NumPy 2 in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TOLERANCE = {"float64": 1e-10, "float32": 1e-5}


@pytest.fixture(params=["float64", "float32"])
def dtype(request):
    """Keras computes in this dtype, its losses and learning rates included."""
    before = keras.config.floatx()
    keras.config.set_floatx(request.param)
    yield request.param
    keras.config.set_floatx(before)


only_float64 = pytest.mark.parametrize("dtype", ["float64"], indirect=True)


def gap(ours, theirs):
    """Largest difference between two lists of numbers or arrays, as a share of the largest number."""
    ours, theirs = (np.concatenate([np.ravel(part) for part in parts]) for parts in (ours, theirs))
    assert ours.shape == theirs.shape
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


def network(dtype):
    rng = np.random.default_rng(0)
    dense = [Dense(n, m, rng=rng, dtype=np.dtype(dtype)) for n, m in [(6, 5), (5, 4), (4, 4), (4, 3)]]
    return Sequential(dense[0], ReLU(), dense[1], Tanh(), dense[2], Sigmoid(), dense[3])


def examples(loss, dtype, n=20, scale=1.0):
    """(x, a prediction, targets) as `loss` wants them."""
    rng = np.random.default_rng(1)
    x, prediction = rng.normal(size=(n, 6)).astype(dtype), (scale * rng.normal(size=(n, 3))).astype(dtype)
    targets = {
        "mean_squared_error": rng.normal(size=(n, 3)).astype(dtype),
        "binary_cross_entropy": rng.integers(0, 2, (n, 3)).astype(dtype),
        "softmax_cross_entropy": rng.integers(0, 3, n),
    }
    return x, prediction, targets[loss]


KERAS_LOSSES = {
    "mean_squared_error": lambda **more: keras.losses.MeanSquaredError(**more),
    "binary_cross_entropy": lambda **more: keras.losses.BinaryCrossentropy(from_logits=True, **more),
    "softmax_cross_entropy": lambda **more: keras.losses.SparseCategoricalCrossentropy(from_logits=True, **more),
}
each_loss = pytest.mark.parametrize("loss", KERAS_LOSSES)


# outputs, losses, gradients


def outputs(model, twin, x):
    return model.forward(x), keras.ops.convert_to_numpy(twin(x))


def test_outputs_are_those_of_keras(dtype):
    model, x = network(dtype), examples("mean_squared_error", dtype)[0]
    twin = to_keras(model)
    assert gap(*outputs(model, twin, x)) < TOLERANCE[dtype]
    model.params["2.b"][0] += 1e3 * TOLERANCE[dtype]
    assert gap(*outputs(model, twin, x)) > TOLERANCE[dtype]


def loss_and_gradient(keras_loss, prediction, target):
    with tf.GradientTape() as tape:
        watched = tf.constant(prediction)
        tape.watch(watched)
        value = keras_loss(target, watched)
    return float(value), tape.gradient(value, watched).numpy()


@each_loss
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_losses_and_their_gradients_are_those_of_keras(loss, scale, dtype):
    _, prediction, target = examples(loss, dtype, scale=scale)
    value, gradient = getattr(nn, loss)(prediction, target)
    keras_value, keras_gradient = loss_and_gradient(KERAS_LOSSES[loss](), prediction, target)
    assert value == pytest.approx(keras_value, rel=TOLERANCE[dtype])
    assert gap(gradient, keras_gradient) < TOLERANCE[dtype]


@each_loss
@only_float64
def test_a_sum_where_the_mean_belongs_is_found(loss, dtype):
    _, prediction, target = examples(loss, dtype)
    value, gradient = getattr(nn, loss)(prediction, target)
    keras_value, keras_gradient = loss_and_gradient(KERAS_LOSSES[loss](reduction="sum"), prediction, target)
    assert keras_value > 10 * value and gap(gradient, keras_gradient) > 0.9


def our_gradients(model, loss, x, target):
    value, dprediction = getattr(nn, loss)(model.forward(x), target)
    model.backward(dprediction)
    return value, list(model.grads.values())


@each_loss
def test_gradients_of_a_whole_network_are_those_of_keras(loss, dtype):
    x, _, target = examples(loss, dtype)
    model = network(dtype)
    keras_value, theirs = keras_gradients(to_keras(model), KERAS_LOSSES[loss](), x, target)
    value, ours = our_gradients(model, loss, x, target)
    assert value == pytest.approx(keras_value, rel=TOLERANCE[dtype]) and len(ours) == 8
    assert all(gap([mine], [other]) < TOLERANCE[dtype] for mine, other in zip(ours, theirs, strict=True))
    model.params["0.W"][0, 0] += 1e3 * TOLERANCE[dtype]
    assert gap(our_gradients(model, loss, x, target)[1], theirs) > TOLERANCE[dtype]


def test_published_losses_of_the_keras_documentation():
    """The examples in the docstrings of CategoricalCrossentropy and BinaryCrossentropy: .0513 and 2.303; .865."""
    probabilities, labels = np.array([[0.05, 0.95, 0], [0.1, 0.8, 0.1]]), np.array([1, 2])
    logits = np.log(np.maximum(probabilities, 1e-7))            # Keras keeps them away from 0 by as much
    for rows, published in [(slice(0, 1), 0.0513), (slice(1, 2), 2.303), (slice(0, 2), 1.177)]:
        theirs = keras.losses.CategoricalCrossentropy()(np.eye(3)[labels[rows]], probabilities[rows])
        ours, _ = nn.softmax_cross_entropy(logits[rows], labels[rows])
        assert [ours, float(theirs)] == pytest.approx([published] * 2, abs=5e-4)
    logits, target = np.array([-18.6, 0.51, 2.94, -12.8]), np.array([0.0, 1, 0, 0])
    theirs = keras.losses.BinaryCrossentropy(from_logits=True)(target, logits)
    assert [nn.binary_cross_entropy(logits, target)[0], float(theirs)] == pytest.approx([0.865] * 2, abs=5e-4)


# optimizers

DEFAULTS = [("SGD", {}), ("RMSprop", {}), ("Adam", {})]
SETTINGS = [                            # both sides know them by the same words
    ("SGD", {"learning_rate": 0.3}),
    ("SGD", {"learning_rate": 0.3, "momentum": 0.8}),
    ("SGD", {"learning_rate": 0.3, "momentum": 0.7, "nesterov": True}),
    ("RMSprop", {"learning_rate": 0.02, "rho": 0.7, "epsilon": 1e-3}),
    ("Adam", {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
]


def optimizers(rule, settings):
    """Ours and that of Keras, with numbers that float32 holds: Keras takes momentum and the betas through float32."""
    ours, theirs = getattr(nn, rule), getattr(keras.optimizers, rule)
    settings = {name: parameter.default for name, parameter in inspect.signature(ours).parameters.items()} | settings
    settings = {name: value if name == "nesterov" else float(np.float32(value)) for name, value in settings.items()}
    return ours(**settings), theirs(**settings)


def trajectories(ours, theirs, scale, dtype, n_steps=20):
    """Where both sides take weights that start at 0 (so that no step drowns) under gradients of about `scale`."""
    rng = np.random.default_rng(0)
    params = {"W": np.zeros((3, 2), dtype), "b": np.zeros(2, dtype)}
    variables = [keras.Variable(array) for array in params.values()]
    paths = [], []
    for _ in range(n_steps):
        grads = {key: (scale * rng.normal(size=array.shape)).astype(dtype) for key, array in params.items()}
        ours.step(params, grads)
        theirs.apply([keras.ops.convert_to_tensor(grad) for grad in grads.values()], variables)
        paths[0].extend(array.copy() for array in params.values())
        paths[1].extend(keras.ops.convert_to_numpy(variable) for variable in variables)
    return paths


@pytest.mark.parametrize("rule, settings", DEFAULTS + SETTINGS)
@pytest.mark.parametrize("scale", [1.0, 1e-7])
def test_twenty_steps_of_every_rule_are_those_of_keras(rule, settings, scale, dtype):
    assert gap(*trajectories(*optimizers(rule, settings), scale, dtype)) < TOLERANCE[dtype]


@pytest.mark.parametrize("rule", ["SGD", "RMSprop", "Adam"])
def test_defaults_are_those_of_keras(rule):
    ours, theirs = getattr(nn, rule)(), getattr(keras.optimizers, rule)().get_config()
    names = inspect.signature(type(ours)).parameters
    assert {name: getattr(ours, name) for name in names} == {name: pytest.approx(theirs[name]) for name in names}


class EpsilonOutsideTheRoot(RMSprop):
    def _update(self, param, grad, v):
        v += (1 - self.rho) * (grad**2 - v)
        param -= self.learning_rate * grad / (np.sqrt(v) + self.epsilon)


class EpsilonInsideTheRoot(Adam):
    def _update(self, param, grad, m, v):
        m += (1 - self.beta_1) * (grad - m)
        v += (1 - self.beta_2) * (grad**2 - v)
        growth = (1 - self.beta_2**self.iterations) ** 0.5 / (1 - self.beta_1**self.iterations)
        param -= self.learning_rate * growth * m / np.sqrt(v + self.epsilon)


@pytest.mark.parametrize("wrong, rule, settings", [
    (EpsilonOutsideTheRoot, "RMSprop", {"rho": 0.75}),
    (EpsilonInsideTheRoot, "Adam", {"beta_1": 0.75, "beta_2": 0.875}),
])
@only_float64
def test_an_epsilon_in_the_wrong_place_is_found_with_small_gradients(wrong, rule, settings, dtype):
    right = getattr(keras.optimizers, rule)
    assert gap(*trajectories(wrong(**settings), right(**settings), 1e-7, dtype)) > 0.5
    without_epsilon = [cls(**settings, epsilon=1e-30) for cls in (wrong, right)]        # all else is right
    assert gap(*trajectories(*without_epsilon, 1.0, dtype)) < TOLERANCE[dtype]


@pytest.mark.parametrize("rule, settings, switch", [
    ("SGD", {"momentum": 0.75}, "nesterov"),
    ("RMSprop", {"rho": 0.75}, "centered"),
    ("Adam", {"beta_2": 0.5}, "amsgrad"),
])
@only_float64
def test_the_next_relative_of_a_rule_is_found(rule, settings, switch, dtype):
    ours, theirs = getattr(nn, rule)(**settings), getattr(keras.optimizers, rule)(**settings, **{switch: True})
    assert gap(*trajectories(ours, theirs, 1.0, dtype)) > 0.01


@pytest.mark.parametrize("rule, settings", SETTINGS)
@only_float64
def test_twenty_steps_of_training_a_network_are_those_of_keras(rule, settings, dtype):
    x, _, labels = examples("softmax_cross_entropy", dtype)
    model = network(dtype)
    twin, (ours, theirs) = to_keras(model), optimizers(rule, settings)
    keras_loss = KERAS_LOSSES["softmax_cross_entropy"]()
    batches = Batches(x, labels, 8, rng=np.random.default_rng(0))
    start = [array.copy() for array in model.params.values()]
    for x, labels in [batch for _ in range(7) for batch in batches][:20]:
        our_gradients(model, "softmax_cross_entropy", x, labels)
        ours.step(model.params, model.grads)
        theirs.apply(keras_gradients(twin, keras_loss, x, labels)[1], twin.trainable_variables)
    assert gap(model.params.values(), twin.get_weights()) < TOLERANCE[dtype]
    assert gap(model.params.values(), start) > 0.01


# fit


def trained(model, loss, optimizer, batches, **more):
    return vars(nn.fit(model, getattr(nn, loss), optimizer, batches, epochs=3, **more))


@pytest.mark.parametrize("loss, rule, metrics", [
    ("mean_squared_error", "SGD", {}),
    ("binary_cross_entropy", "RMSprop", {}),
    ("softmax_cross_entropy", "Adam", {"accuracy": accuracy}),
])
@only_float64
def test_fit_reports_what_keras_reports(loss, rule, metrics, dtype):
    """20 rows in batches of 8 leave a last batch of 4, which counts half as much as the others."""
    x, _, target = examples(loss, dtype)
    validation_data = tuple(array[:7] for array in (-x, target))
    model, (ours, theirs) = network(dtype), optimizers(rule, {"learning_rate": 0.05})
    twin = to_keras(model)
    twin.compile(theirs, KERAS_LOSSES[loss](), metrics=list(metrics))
    expected = twin.fit(x, target, 8, 3, verbose=0, shuffle=False, validation_data=validation_data).history

    in_order = Batches(x, target, 8, rng=None, shuffle=False)
    history = trained(model, loss, ours, in_order, validation_data=validation_data, metrics=metrics)
    assert history.keys() == expected.keys() and len(expected) == 2 + 2 * len(metrics)
    assert all(gap(history[name], expected[name]) < TOLERANCE[dtype] for name in expected)
    assert gap(model.params.values(), twin.get_weights()) < TOLERANCE[dtype]


@pytest.mark.parametrize("rule", ["SGD", "Adam"])
@only_float64
def test_fit_with_penalties_and_batch_normalization_is_that_of_keras(rule, dtype):
    """The strengths are powers of two: Keras rounds them to float32, whatever floatx says."""
    x, _, labels = examples("softmax_cross_entropy", dtype)
    rng = np.random.default_rng(0)
    first, last = Dense(6, 5, rng=rng, dtype=dtype, kernel_regularizer=L2(2**-6)), Dense(5, 3, rng=rng, dtype=dtype)
    last.kernel_regularizer = L1(2**-7)
    model = Sequential(first, BatchNormalization(5, momentum=0.8, dtype=dtype), ReLU(), last)
    twin, (ours, theirs) = to_keras(model), optimizers(rule, {"learning_rate": 0.05})
    twin.compile(theirs, KERAS_LOSSES["softmax_cross_entropy"]())
    expected = twin.fit(x, labels, 8, 3, verbose=0, shuffle=False, validation_data=(-x, labels)).history
    in_order = Batches(x, labels, 8, rng=None, shuffle=False)
    history = trained(model, "softmax_cross_entropy", ours, in_order, validation_data=(-x, labels))
    assert all(gap(history[name], expected[name]) < TOLERANCE[dtype] for name in ("loss", "val_loss"))
    averages = np.concatenate(list(model.state.values())), np.concatenate(twin.layers[1].get_weights()[2:])
    assert gap(*averages) < TOLERANCE[dtype]
    without = nn.softmax_cross_entropy(model.forward(-x), labels)[0]
    assert history["val_loss"][-1] - without == pytest.approx(model.penalty()) and model.penalty() > 0.05


@only_float64
def test_another_order_of_the_batches_is_found(dtype):
    x, _, target = examples("mean_squared_error", dtype)
    orders = [Batches(x, target, 8, rng=None, shuffle=False), Batches(x, target, 8, rng=np.random.default_rng(0))]
    losses = [trained(network(dtype), "mean_squared_error", nn.SGD(0.05), order)["loss"]
              for order in orders]
    assert gap(*losses) > 1e-4


# what is drawn: no number is the same on both sides, but the laws are


def is_dropped_out(ones, rate):
    """Only 0 and 1/(1-rate), and a mean within 5 standard errors of 1."""
    standard_error = np.sqrt(rate / (1 - rate) / ones.size)
    return np.unique(ones) == pytest.approx([0, 1 / (1 - rate)]) and abs(ones.mean() - 1) < 5 * standard_error


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_dropout_keeps_and_scales_as_in_keras(rate):
    ones = np.ones((200, 300), np.float32)
    ours, theirs = Dropout(rate, rng=np.random.default_rng(0)), keras.layers.Dropout(rate, seed=0)
    assert is_dropped_out(ours.forward(ones, training=True), rate)
    assert is_dropped_out(keras.ops.convert_to_numpy(theirs(ones, training=True)), rate)
    assert np.array_equal(ours.forward(ones), ones) and np.array_equal(theirs(ones), ones)


def test_dropout_without_scaling_or_at_another_rate_is_found():
    dropped = Dropout(0.2, rng=np.random.default_rng(0)).forward(np.ones((200, 300)), training=True)
    assert is_dropped_out(dropped, 0.2)
    assert not is_dropped_out(0.8 * dropped, 0.2) and not is_dropped_out(dropped, 0.5)


N_INPUTS, N_OUTPUTS = 300, 200


@pytest.mark.parametrize("ours, theirs, variance", [
    (nn.he_normal, keras.initializers.HeNormal, 2 / N_INPUTS),
    (nn.glorot_uniform, keras.initializers.GlorotUniform, 2 / (N_INPUTS + N_OUTPUTS)),
])
def test_initial_weights_have_the_mean_and_variance_of_keras(ours, theirs, variance):
    W = ours(N_INPUTS, N_OUTPUTS, rng=np.random.default_rng(0))
    keras_W = keras.ops.convert_to_numpy(theirs(seed=0)((N_INPUTS, N_OUTPUTS)))
    assert W.dtype == keras_W.dtype
    # 5 standard errors of 60,000 draws: 2 % of a standard deviation, 3 % of a variance. The two rules are 40 % apart.
    assert [W.mean(), keras_W.mean()] == pytest.approx([0, 0], abs=0.02 * np.sqrt(variance))
    assert [W.var(), keras_W.var()] == pytest.approx([variance] * 2, rel=0.03)


def test_glorot_uniform_ends_where_that_of_keras_ends():
    limit = np.sqrt(6 / (N_INPUTS + N_OUTPUTS))
    W = nn.glorot_uniform(N_INPUTS, N_OUTPUTS, rng=np.random.default_rng(0))
    keras_W = keras.ops.convert_to_numpy(keras.initializers.GlorotUniform(seed=0)((N_INPUTS, N_OUTPUTS)))
    for found in (W, keras_W):
        assert [found.min(), found.max()] == pytest.approx([-limit, limit], rel=1e-3)
