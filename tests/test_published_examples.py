"""Numbers that others printed: a correct library reproduces them. Inputs and expected digits are theirs."""

import copy

import numpy as np
import pytest

from benchmarks import nielsen
from utils.metrics import accuracy
from utils.nn import (
    L2,
    SGD,
    Dense,
    ReLU,
    Sequential,
    Sigmoid,
    Value,
    binary_cross_entropy,
    mean_squared_error,
    numerical_gradient,
    relative_error,
    softmax,
    softmax_cross_entropy,
)


def dense(W, b, **options):
    """A float64 Dense layer with these weights."""
    W = np.array(W, dtype=float)
    layer = Dense(*W.shape, rng=np.random.default_rng(0), dtype=np.float64, **options)
    layer.params["W"][...], layer.params["b"][...] = W, b
    return layer


# A. Matt Mazur (2015), A Step by Step Backpropagation Example,
# https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/

INPUTS, TARGETS = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])


@pytest.fixture
def mazur():
    """Two inputs, two hidden units, two outputs, all sigmoid."""
    hidden, last = dense([[0.15, 0.25], [0.20, 0.30]], 0.35), dense([[0.40, 0.50], [0.45, 0.55]], 0.60)
    return Sequential(hidden, Sigmoid(), last, Sigmoid())


def walk(model, n_steps=1, slip=False):
    """Steps at rate 0.5; the biases stay. With `slip`, w5 to w8 change before the blame passes through them."""
    hidden, squash, last, squash_last = model.layers
    weights = [({"W": layer.params["W"]}, {"W": layer.grads["W"]}) for layer in (hidden, last)]
    rule = SGD(0.5)
    for _ in range(n_steps):
        dy = squash_last.backward(mean_squared_error(model.forward(INPUTS), TARGETS)[1])
        dhidden = last.backward(dy)
        if slip:
            rule.step(*weights[1])
            dhidden = last.backward(dy)
        hidden.backward(squash.backward(dhidden))
        rule.step(*weights[0])
        if not slip:
            rule.step(*weights[1])


def error(model):
    """Half of the sum over two outputs: their mean."""
    return mean_squared_error(model.forward(INPUTS), TARGETS)[0]


def test_mazur_forward(mazur):
    """Outputs of the hidden and of the last layer, and the total error."""
    outputs = mazur.forward(INPUTS)
    hidden = mazur.layers[1].forward(mazur.layers[0].forward(INPUTS))
    assert hidden == pytest.approx(np.array([[0.593269992, 0.596884378]]), abs=5e-10)
    assert outputs == pytest.approx(np.array([[0.75136507, 0.772928465]]), abs=5e-9)
    assert (outputs - TARGETS) ** 2 / 2 == pytest.approx(np.array([[0.274811083, 0.023560026]]), abs=5e-10)
    assert error(mazur) == pytest.approx(0.298371109, abs=5e-10)


def test_mazur_step(mazur):
    """The gradient of w5, and all eight weights after a step."""
    walk(mazur)
    assert mazur.grads["2.W"][0, 0] == pytest.approx(0.082167041, abs=5e-10)
    assert mazur.params["2.W"].T.ravel() == pytest.approx([0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9)
    assert mazur.params["0.W"].T.ravel() == pytest.approx([0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=5e-9)


def test_mazur_error_after_a_step_comes_out_only_with_weights_changed_too_early(mazur):
    """The post prints .291027924. Right is .2910277737."""
    slipped = copy.deepcopy(mazur)
    walk(slipped, slip=True)
    walk(mazur)
    assert error(slipped) == pytest.approx(0.291027924, abs=5e-10)
    assert error(mazur) == pytest.approx(0.2910277737, abs=5e-11)


def test_mazur_outputs_after_10000_steps_carry_the_same_slip(mazur):
    """The post prints .015912196 and .984065734."""
    slipped = copy.deepcopy(mazur)
    walk(slipped, 10_000, slip=True)
    walk(mazur, 10_000)
    assert slipped.forward(INPUTS) == pytest.approx(np.array([[0.015912196, 0.984065734]]), abs=1e-9)
    assert mazur.forward(INPUTS) == pytest.approx(np.array([[0.015913620, 0.984064274]]), abs=1e-9)
    assert error(mazur) == pytest.approx(3.510188e-05, abs=5e-12)


# B. and C. Andrej Karpathy, micrograd


def test_micrograd_readme():
    """micrograd, README, example usage: https://github.com/karpathy/micrograd"""
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert (g.data, a.grad, b.grad) == pytest.approx((24.7041, 138.8338, 645.5773), abs=5e-5)


def test_karpathy_neuron():
    """Karpathy (2022), The spelled-out intro to neural networks and backpropagation: building micrograd (lecture)."""
    x1, x2, w1, w2, b = Value(2.0), Value(0.0), Value(-3.0), Value(1.0), Value(6.8813735870195432)
    output = (x1 * w1 + x2 * w2 + b).tanh()
    output.backward()
    assert output.data == pytest.approx(0.70710669, abs=1e-7)
    assert [leaf.grad for leaf in (x1, w1, x2, w2)] == pytest.approx([-1.5, 1.0, 0.5, 0.0], abs=1e-6)


# D. CS231n course notes


def test_cs231n_sum_times_number():
    """CS231n notes, Backpropagation, Intuitions: f(x, y, z) = (x + y) z. https://cs231n.github.io/optimization-2/"""
    x, y, z = Value(-2), Value(5), Value(-4)
    f = (x + y) * z
    f.backward()
    assert (f.data, x.grad, y.grad, z.grad) == (-12, -4, -4, 3)


def test_cs231n_sigmoid_neuron():
    """The same page: a neuron w = (2, -3, -3), x = (-1, -2), the last weight its bias. On a graph, and as layers."""
    w, x = [Value(2), Value(-3), Value(-3)], [Value(-1), Value(-2)]
    f = (w[0] * x[0] + w[1] * x[1] + w[2]).sigmoid()
    f.backward()
    assert f.data == pytest.approx(0.73, abs=0.005)
    assert [leaf.grad for leaf in w] == pytest.approx([-0.20, -0.39, 0.20], abs=0.005)
    assert [leaf.grad for leaf in x] == pytest.approx([0.39, -0.59], abs=0.005)

    model = Sequential(dense([[2], [-3]], -3), Sigmoid())
    assert model.forward(np.array([[-1.0, -2.0]])) == pytest.approx(f.data)
    assert model.backward(np.ones((1, 1))) == pytest.approx(np.array([[leaf.grad for leaf in x]]))
    assert [*model.grads["0.W"][:, 0], model.grads["0.b"][0]] == pytest.approx([leaf.grad for leaf in w])


def test_cs231n_softmax():
    """CS231n notes, Linear classification: scores (1, -2, 0). https://cs231n.github.io/linear-classify/"""
    probabilities = softmax(np.array([1.0, -2.0, 0.0]))
    assert probabilities.round(2)[1:].tolist() == [0.04, 0.26] and probabilities.round(1)[0] == 0.7


def test_cs231n_first_loss_of_ten_classes():
    """CS231n notes, Learning and evaluation, sanity checks: 2.302. https://cs231n.github.io/neural-networks-3/"""
    assert softmax_cross_entropy(np.zeros((5, 10)), np.arange(5))[0] == pytest.approx(2.302, abs=0.001)


def test_cs231n_gradient_check():
    """The same page: a relative error below 1e-7 makes content, one above 1e-2 means a wrong gradient."""
    rng = np.random.default_rng(0)
    model, x, y = Sequential(dense(rng.normal(size=(4, 3)), 0)), rng.normal(size=(5, 4)), rng.integers(0, 3, 5)
    model.backward(softmax_cross_entropy(model.forward(x), y)[1])
    numerical = numerical_gradient(lambda: softmax_cross_entropy(model.forward(x), y)[0], model.params["0.W"])
    assert relative_error(model.grads["0.W"], numerical) < 1e-7
    assert relative_error(1.05 * model.grads["0.W"], numerical) > 1e-2


# E. CS231n notes, Minimal neural network case study, https://cs231n.github.io/neural-networks-case-study/


def spiral():
    """Three arms of 100 points, from the old global generator, which goes on to draw the weights."""
    np.random.seed(0)                                                                   # noqa: NPY002
    arms = []
    for j in range(3):
        radius = np.linspace(0, 1, 100)
        angle = np.linspace(4 * j, 4 * (j + 1), 100) + 0.2 * np.random.randn(100)       # noqa: NPY002
        arms.append(np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1))
    return np.concatenate(arms), np.repeat(np.arange(3), 100)


def small_weights(n_inputs, n_outputs):
    W = 0.01 * np.random.randn(n_inputs, n_outputs)                                     # noqa: NPY002
    return dense(W, 0, kernel_regularizer=L2(0.5e-3))           # the page: half of 1e-3


def descend(model, x, y, n_steps):
    """Losses, the penalty included, of `n_steps` at rate 1 on the whole set."""
    losses, rule, params, grads = [], SGD(1.0), model.params, model.grads
    for _ in range(n_steps):
        loss, dscores = softmax_cross_entropy(model.forward(x), y)
        losses.append(loss + model.penalty())
        model.backward(dscores, needs_dx=False)
        rule.step(params, grads)
    return losses


def test_cs231n_spiral():
    """All the losses that the page prints for a softmax classifier, and those of a hidden layer up to its 98 %.

    The page prints a start that belongs to the fourth set of weights drawn behind the data: its cell had run before.
    The hidden layer is published over 10,000 steps; here it walks the first 4,000, with 98 % at their end.
    """
    x, y = spiral()
    linear = [Sequential(small_weights(2, 3)) for _ in range(4)][3]
    losses = descend(linear, x, y, 200)
    assert losses[:200:10] == pytest.approx([
        1.096956, 0.917265, 0.851503, 0.822336, 0.807586, 0.799448, 0.794681, 0.791764, 0.789920, 0.788726,
        0.787938, 0.787409, 0.787049, 0.786803, 0.786633, 0.786514, 0.786431, 0.786373, 0.786331, 0.786302,
    ], abs=1e-6)
    assert accuracy(linear.forward(x), y) == pytest.approx(0.49, abs=0.005)

    model = Sequential(small_weights(2, 100), ReLU(), small_weights(100, 3))
    losses = descend(model, x, y, 4001)
    assert losses[::1000] == pytest.approx([1.098744, 0.294946, 0.259301, 0.248310, 0.246170], abs=2e-6)
    assert accuracy(model.forward(x), y) == pytest.approx(0.98, abs=0.005)


# F. Nielsen (2015), Neural Networks and Deep Learning, chapter 1. At full size: python -m benchmarks.nielsen


def test_nielsen_cost_is_five_times_the_mean_squared_error():
    """His C = 1/(2n) sum ||y - a||^2 has five times the gradient of ours, so his rate of 3 is our 15."""
    rng = np.random.default_rng(0)
    outputs, targets = rng.random((7, 10)), np.eye(10)[rng.integers(0, 10, 7)]
    cost = numerical_gradient(lambda: np.sum((targets - outputs) ** 2) / (2 * 7), outputs)
    ours = mean_squared_error(outputs, targets)[1]
    assert cost == pytest.approx(nielsen.HIS_COST_IN_OURS * ours, rel=1e-6)


def test_nielsen_network_learns_in_the_benchmark(monkeypatch, capsys):
    """Two epochs on the shipped digits, as a smoke test: far more than the 100 of 1,000 that a guess reads."""
    monkeypatch.setattr("sys.argv", ["nielsen", "--smoke"])
    nielsen.main()
    printed = capsys.readouterr().out
    assert printed.startswith("4,000 digits, seed 0: [") and int(printed.split("best ")[1].split()[0]) > 400


# G. Keras' docstrings, without Keras


def test_keras_categorical_cross_entropy():
    """keras.losses.CategoricalCrossentropy and keras.losses.categorical_crossentropy: .0513 and 2.303, mean 1.177.

    Logs of probabilities are logits. Keras lifts a probability of 0 to 1e-7; here -1e4 stands for its log.
    """
    logits = np.array([np.log([0.05, 0.95, 1.0]), np.log([0.1, 0.8, 0.1])])
    logits[0, 2] = -1e4
    labels = np.array([1, 2])
    losses = [softmax_cross_entropy(logits[i : i + 1], labels[i : i + 1])[0] for i in range(2)]
    assert losses == [pytest.approx(0.0513, abs=5e-5), pytest.approx(2.303, abs=5e-4)]
    assert softmax_cross_entropy(logits, labels)[0] == pytest.approx(1.177, abs=5e-4)


def test_keras_binary_cross_entropy_from_logits():
    """keras.losses.BinaryCrossentropy(from_logits=True): .865."""
    logits, target = np.array([-18.6, 0.51, 2.94, -12.8]), np.array([0.0, 1.0, 0.0, 0.0])
    assert binary_cross_entropy(logits, target)[0] == pytest.approx(0.865, abs=5e-4)
