"""Ours against PyTorch, where it is installed: the same gradients in float64."""

import numpy as np
import pytest

from utils import nn

torch = pytest.importorskip("torch")
functional = torch.nn.functional

RNG = np.random.default_rng(0)
X, NUMBERS, SHARES, LABELS = RNG.normal(size=(20, 6)), RNG.normal(size=(20, 3)), RNG.random((20, 3)), np.arange(20) % 3
LOSSES = {
    "mean_squared_error": (functional.mse_loss, NUMBERS),
    "binary_cross_entropy": (functional.binary_cross_entropy_with_logits, SHARES),
    "softmax_cross_entropy": (functional.cross_entropy, LABELS),
}
each_loss = pytest.mark.parametrize("loss", LOSSES)


def gap(ours, theirs):
    """Largest difference, as a share of the largest number."""
    assert ours.shape == theirs.shape
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def network():
    rng, dtype = np.random.default_rng(1), np.float64
    dense = [nn.Dense(n, m, rng=rng, dtype=dtype) for n, m in [(6, 5), (5, 4), (4, 4), (4, 3)]]
    return nn.Sequential(dense[0], nn.ReLU(), dense[1], nn.Tanh(), dense[2], nn.Sigmoid(), dense[3])


def torch_forward(x, params):
    """The same network, written out."""
    W, b = params[::2], params[1::2]
    hidden = torch.tanh(torch.relu(x @ W[0] + b[0]) @ W[1] + b[1])
    return torch.sigmoid(hidden @ W[2] + b[2]) @ W[3] + b[3]


@each_loss
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_losses_and_their_gradients_are_those_of_pytorch(loss, scale):
    torch_loss, target = LOSSES[loss]
    prediction = leaf(scale * X[:, :3])
    value, gradient = getattr(nn, loss)(scale * X[:, :3], target)
    torch_value = torch_loss(prediction, torch.tensor(target))
    torch_value.backward()
    assert value == pytest.approx(torch_value.item(), rel=1e-10)
    assert gap(gradient, prediction.grad.numpy()) < 1e-10


@each_loss
def test_gradients_of_a_whole_network_are_those_of_pytorch(loss):
    torch_loss, target = LOSSES[loss]
    model, x = network(), leaf(X)
    params = [leaf(array) for array in model.params.values()]
    torch_loss(torch_forward(x, params), torch.tensor(target)).backward()
    dx = model.backward(getattr(nn, loss)(model.forward(X), target)[1])
    assert gap(dx, x.grad.numpy()) < 1e-10
    for gradient, param in zip(model.grads.values(), params, strict=True):
        assert gap(gradient, param.grad.numpy()) < 1e-10


@each_loss
def test_a_difference_of_1e_7_in_one_weight_is_found(loss):
    torch_loss, target = LOSSES[loss]
    model = network()
    params = [leaf(array) for array in model.params.values()]
    torch_loss(torch_forward(torch.tensor(X), params), torch.tensor(target)).backward()
    model.params["0.W"][0, 0] += 1e-7
    model.backward(getattr(nn, loss)(model.forward(X), target)[1])
    assert gap(model.grads["0.W"], params[0].grad.numpy()) > 1e-10
