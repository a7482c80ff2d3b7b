"""Chapter 05: which way, and how far."""

import numpy as np

from utils.data import load_mnist5k
from utils.exercises.kinds import build, change, predict
from utils.nn import SGD, Batches, Dense, ReLU, Sequential, fit, softmax_cross_entropy

predict(
    "05.1",
    right=-0.125,
    tried="Three steps of w - 0.3 times 5w lead there. You leapt to the other side each time.",
    mistakes={
        "That is the distance. On which side of the bottom are you?": 0.125,
        "That is the factor of one step. Three steps are asked for.": -0.5,
        "That is after two steps.": 0.25,
        "You took the curvature to be 1: the slope at w is 5w.": 0.343,
        "You went uphill: the gradient is subtracted.": 15.625,
        "The slope is 5 only at the start; nearer to the bottom it is smaller.": -3.5,
    },
)

predict(
    "05.2",
    right=(0.625, 4, 0.6),
    tried="The curvatures of the matrix H agree, and so does a descent of fifty steps.",
    mistakes={
        "The limit is too large: did you forget the 2 in front of the matrix H?": (1.25, 4, 0.6),
        "The largest curvature sets the limit. You took the smallest.": (2.5, 4, 0.6),
        "The limit is 2 over the largest curvature. You gave 1 over it, which makes no step leap over the bottom.": (
            0.3125, 4, 0.6),
        "You gave the best rate. The limit is asked for.": (0.5, 4, 0.6),
        "Turn your condition number over: largest by smallest.": (0.625, 0.25, 0.6),
        "The last one is the factor at the limit, where nothing is gained. What is it at the best rate?": (0.625, 4, 1),
        "The last one: it is (kappa - 1) by (kappa + 1), not the other way round.": (0.625, 4, 5 / 3),
        "A distance is never negative: the sign of the correlation turns the valley, no more.": (0.625, 4, -0.6),
        "The last one is how much of the distance goes. By which factor is it multiplied?": (0.625, 4, 0.4),
    },
)


def _safe_rate(loss, w, g, rate):
    while not loss(w - rate * g) < loss(w):
        rate = rate / 2
    return rate


def _walks_away(loss, w, g, rate):
    """The mistake of moving w at every try."""
    before = loss(w)
    for _ in range(60):
        w = w - rate * g
        if loss(w) < before:
            return rate
        rate = rate / 2
    return rate


def _halves(loss, w, g, rate, is_enough):
    for _ in range(60):
        if is_enough(loss, w, g, rate):
            return rate
        rate = rate / 2
    return rate


def _bowls():
    """(loss, w, g, rate): a rate that does as it is, one far too long, and one that ends exactly where it began."""
    return [
        (lambda w: np.sum(w**2), np.array([1.0, -2.0]), np.array([2.0, -4.0]), 0.3),
        (lambda w: np.sum(w**2), np.array([1.0, -2.0]), np.array([2.0, -4.0]), 10.0),
        (lambda w: np.sum(w**2), np.array([1.0, -2.0]), np.array([2.0, -4.0]), 1.0),
        (lambda w: np.sum(np.array([1.0, 25.0]) * w**2), np.array([3.0, 1.0]), np.array([6.0, 50.0]), 1.0),
    ]


build(
    "05.3",
    right=_safe_rate,
    cases=_bowls,
    tried="On four bowls it returns the first rate that leads down, also where the first try ends as high as it began.",
    mistakes={
        "You move w at every try. Each try should start from the same w.": _walks_away,
        "You return the rate unchanged. When is it too long?": lambda loss, w, g, rate: rate,
        "Your step ends as high as it began, and you call that lower.": (
            lambda *case: _halves(*case, lambda loss, w, g, rate: loss(w - rate * g) <= loss(w))),
        "One halving too many: the first rate that leads down is asked for.": lambda *case: _safe_rate(*case) / 2,
        "Down is against the gradient. With a plus, no rate leads down.": (
            lambda *case: _halves(*case, lambda loss, w, g, rate: loss(w + rate * g) < loss(w))),
        "You return the point. The rate is asked for.": lambda loss, w, g, rate: w - _safe_rate(loss, w, g, rate) * g,
        "You halve once at most. It may take more.": (
            lambda loss, w, g, rate: rate if loss(w - rate * g) < loss(w) else rate / 2),
    },
)

predict(
    "05.4",
    right=2048,
    tried="Eight times less noise takes the square of it as many examples.",
    mistakes={
        "Eight times the batch brings the noise down by the root of 8 only.": 256,
        "That is by how much the batch must grow. How large is it then?": 64,
        "Noise falls with the root of the batch size, so you need the square, not the root.": 32 * np.sqrt(8),
        "The factor is 0.8 by 0.1. Mind that you start from 32, not from 1.": 8,
        "Four times the batch halves the noise. How often must you halve?": 128,
        "You squared 10, as if the error were 1 now. It is 0.8.": 3200,
    },
)


def _distance_to_ours(learning_rate):
    """How far the weights that a summed loss has learned lie from ours, in multiples of our own way."""
    (x, y), _ = load_mnist5k()
    x = (x.reshape(-1, 784) / 255)[:1920]

    def train(loss, rate):
        rng = np.random.default_rng(5)
        model = Sequential(Dense(784, 16, rng=rng, dtype="float64"), ReLU(), Dense(16, 10, rng=rng, dtype="float64"))
        start = model.params["0.W"].copy()
        fit(model, loss, SGD(rate), Batches(x, y[:1920], 64, rng=rng), epochs=1)
        return model.params["0.W"] - start

    def summed(logits, labels):
        loss, dlogits = softmax_cross_entropy(logits, labels)
        return len(logits) * loss, len(logits) * dlogits

    ours = train(softmax_cross_entropy, 0.1)
    try:
        return np.linalg.norm(train(summed, learning_rate) - ours) / np.linalg.norm(ours)
    except FloatingPointError:
        return np.inf


change(
    "05.5",
    outcome=_distance_to_ours,
    right=0.1 / 64,
    goal=lambda distance: distance < 1e-3,
    tried="After an epoch both networks have the same weights.",
    mistakes={
        "Our own rate, and gradients of 64 digits added up: his steps are too long. By how much?": (
            0.1, lambda rate, _: np.isclose(rate, 0.1)),
        "Wrong way round: his gradient is the larger one.": (6.4, lambda rate, _: np.isclose(rate, 6.4)),
        "The root is for noise. Here a sum stands against a mean.": (0.0125, lambda rate, _: np.isclose(rate, 0.0125)),
        "He adds up a batch, not the whole set.": (0.1 / 4000, lambda rate, _: np.isclose(rate, 0.1 / 4000)),
        "His steps are too long.": (0.003, lambda rate, _: rate > 0.1 / 64),
        "His steps are too short.": (0.0005, lambda rate, _: rate < 0.1 / 64),
    },
)
