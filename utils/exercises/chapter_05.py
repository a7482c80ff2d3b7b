"""Chapter 05: which way, and how far."""

from dataclasses import dataclass

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
        "The limit is right. Turn your condition number over, and compute the factor again.": (0.625, 0.25, -0.6),
        "The last one is the factor at the limit, where nothing is gained. What is it at the best rate?": (0.625, 4, 1),
        "The last one: it is (kappa - 1) by (kappa + 1), not the other way round.": (0.625, 4, 5 / 3),
        "A distance is never negative: the sign of the correlation turns the valley, no more.": (0.625, 4, -0.6),
        "The last one is how much of the distance goes. By which factor is it multiplied?": (0.625, 4, 0.4),
    },
)


@dataclass
class _Bowl:
    """A loss as a function of w. It is asked a thousand times at most, so that a search without end is stopped."""

    curvatures: np.ndarray
    bottom: np.ndarray
    n_calls: int = 0

    def __call__(self, w):
        self.n_calls += 1
        if self.n_calls > 1000:
            raise TimeoutError("the loss was asked a thousand times: does your search come to an end?")
        return np.sum(self.curvatures / 2 * (w - self.bottom) ** 2)

    def gradient(self, w):
        return self.curvatures * (w - self.bottom)


def _bowls():
    """(loss, w, g, rate): a rate that does as it is, one far too long, one that ends as high as it began; a valley."""
    w = np.array([1.0, -2.0])
    circle, valley = _Bowl(np.array([2, 2]), np.array([0, 0])), _Bowl(np.array([2, 50]), np.array([-2, 3]))
    return [(bowl, w, bowl.gradient(w), rate) for bowl, rate in [(circle, 0.3), (circle, 10), (circle, 1), (valley, 1)]]


def _halved_until(leads_down):
    """The search for the first rate of which leads_down(loss, w, g, rate) is true."""
    def search(loss, w, g, rate):
        while not leads_down(loss, w, g, rate):
            rate = rate / 2
        return rate
    return search


_safe_rate = _halved_until(lambda loss, w, g, rate: loss(w - rate * g) < loss(w))


def _walks_away(loss, w, g, rate):
    """The mistake of moving w at every try."""
    while not loss(w - rate * g) < loss(w):
        w, rate = w - rate * g, rate / 2
    return rate


build(
    "05.3",
    right=_safe_rate,
    cases=_bowls,
    tried="On four bowls it returns the first rate that leads down, also where the first try ends as high as it began.",
    mistakes={
        "Your search does not always end. Does every try start from the same w, with half the rate?": _walks_away,
        "You return the rate unchanged. When is it too long?": lambda loss, w, g, rate: rate,
        "Your step ends as high as it began, and you call that lower.": (
            _halved_until(lambda loss, w, g, rate: loss(w - rate * g) <= loss(w))),
        "One halving too many: the first rate that leads down is asked for.": lambda *case: _safe_rate(*case) / 2,
        "Down is against the gradient. With a plus, no rate leads down.": (
            _halved_until(lambda loss, w, g, rate: loss(w + rate * g) < loss(w))),
        "You return the point. The rate is asked for.": lambda loss, w, g, rate: w - _safe_rate(loss, w, g, rate) * g,
        "You halve once at most. It may take more.": (
            lambda loss, w, g, rate: rate if loss(w - rate * g) < loss(w) else rate / 2),
    },
)

predict(
    "05.4",
    right=2048,
    tried="Eight times less noise takes the square of it as many examples.",
    tolerance=0,
    mistakes={
        "Eight times the batch brings the noise down by the root of 8 only.": 256,
        "That is by how much the batch must grow. How large is it then?": 64,
        "Noise falls with the root of the batch size, so you need the square, not the root.": 91,
        "A batch size is a whole number. And noise falls with its root: what undoes a root?": 32 * np.sqrt(8),
        "That is by how much the noise must fall. By how much must the batch grow for it, and from where?": 8,
        "Four times the batch halves the noise. How often must you halve?": 128,
        "Two halvings of the noise do not lead from 0.8 to 0.1.": 512,
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
