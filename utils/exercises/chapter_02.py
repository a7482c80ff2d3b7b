"""Chapter 02: losses, their gradients, and the softmax that was applied twice."""

import numpy as np

from utils.exercises.kinds import build, change, predict
from utils.nn import log_softmax, sigmoid, softmax

predict(
    "02.1",
    right=[0.25, 0.25, -0.5],
    tried="It equals p, less 1 at the true class, and its three numbers sum to 0.",
    mistakes={
        "These are the probabilities. What becomes of the one at the truth?": [0.25, 0.25, 0.5],
        "That is the push, which goes downhill. The gradient points uphill.": [-0.25, -0.25, 0.5],
        "That belongs to three equal scores. What is the exponential of log 2?": np.array([1, 1, -2]) / 3,
        "You divided by the number of classes. The mean is over examples, and there is one.": np.array([1, 1, -2]) / 12,
        "Which class is the true one? Count to the last.": [-0.75, 0.25, 0.5],
        "These are the scores, less 1 at the truth. Softmax comes first.": [0, 0, np.log(2) - 1],
    },
)


def _predictions_and_targets():
    rng = np.random.default_rng(0)
    return [(rng.normal(size=n), rng.normal(size=n)) for n in (2, 3, 8)]


def _mean_distance(y, t):
    return np.mean(np.abs(y - t)), np.sign(y - t) / y.size


build(
    "02.2",
    right=_mean_distance,
    cases=_predictions_and_targets,
    tried="Loss and gradient are right on batches of 2, 3 and 8 numbers. This is the mean absolute error.",
    mistakes={
        "The loss is right. Its gradient is that of the sum: where is the N?": lambda y, t: (
            np.mean(np.abs(y - t)), np.sign(y - t)),
        "The loss is right, the gradient points downhill. What happens when y grows above t?": lambda y, t: (
            np.mean(np.abs(y - t)), np.sign(t - y) / y.size),
        "The loss is right. The slope of |e| does not depend on how large e is.": lambda y, t: (
            np.mean(np.abs(y - t)), (y - t) / y.size),
        "The loss is right, the gradient is that of squared error. What is the slope of |e|?": lambda y, t: (
            np.mean(np.abs(y - t)), 2 * (y - t) / y.size),
        "The loss must not be negative: what is -log of an exponential?": lambda y, t: (
            -np.mean(np.abs(y - t)), -np.sign(y - t) / y.size),
        "These are sums over the batch. Means are asked for, of both.": lambda y, t: (
            np.sum(np.abs(y - t)), np.sign(y - t)),
        "The gradient is right. The loss is a sum: where is the N?": lambda y, t: (
            np.sum(np.abs(y - t)), np.sign(y - t) / y.size),
        "The constant is still in the loss. It changes no gradient: leave it out.": lambda y, t: (
            np.mean(np.abs(y - t)) + np.log(2), np.sign(y - t) / y.size),
        "That is squared error, the loss of Gaussian noise.": lambda y, t: (
            np.mean((y - t) ** 2), 2 * (y - t) / y.size),
    },
)


def _scores_and_shares():
    rng = np.random.default_rng(0)
    cases = [(rng.normal(size=(n, c)), rng.dirichlet(np.ones(c), size=n)) for n, c in [(1, 3), (4, 3), (5, 10)]]
    return [*cases, (np.array([[1000.0, -1000.0], [0.0, 1000.0]]), np.array([[0.25, 0.75], [0.5, 0.5]]))]


def _shared(z, t):
    return -np.mean(np.sum(t * log_softmax(z), axis=1)), (softmax(z) - t) / len(z)


def _one_hot(t):
    return np.eye(t.shape[1])[t.argmax(axis=1)]


def _forgotten_sum(z, t):
    log_sum_exp = -log_softmax(z)[:, 0] + z[:, 0]
    return np.mean(log_sum_exp - t * z), _shared(z, t)[1]


build(
    "02.3",
    right=_shared,
    cases=_scores_and_shares,
    tried="Loss and gradient are right on batches of up to 5 examples with 2 to 10 classes, and on scores of ±1000.",
    mistakes={
        "Right on small scores. On scores of ±1000 the loss is infinite: which step overflows, or meets log 0?":
            lambda z, t: (-np.mean(np.sum(t * np.log(softmax(z)), axis=1)), _shared(z, t)[1]),
        "Clipped probabilities make the loss of ±1000 finite, and wrong. Which form never leaves the logarithms?":
            lambda z, t: (-np.mean(np.sum(t * np.log(np.maximum(softmax(z), 1e-7)), axis=1)), _shared(z, t)[1]),
        "You kept the largest share of each row only. The others count, too.": lambda z, t: _shared(z, _one_hot(t)),
        "The loss is right, the gradient is that of the sum over the rows.": lambda z, t: (
            _shared(z, t)[0], softmax(z) - t),
        "The loss is right. Its gradient is divided by the number of rows, not by that of all scores.": lambda z, t: (
            _shared(z, t)[0], (softmax(z) - t) / z.size),
        "The gradient is right. The loss is a mean over the rows, not over all numbers of the table.": lambda z, t: (
            -np.mean(t * log_softmax(z)), _shared(z, t)[1]),
        "The mean is over the rows, not over all numbers of the table.": lambda z, t: (
            -np.mean(t * log_softmax(z)), (softmax(z) - t) / z.size),
        "Each row has one surprise: somewhere a sum over its classes (axis=1) is missing.": _forgotten_sum,
        "The loss is right, the gradient points downhill.": lambda z, t: (_shared(z, t)[0], -_shared(z, t)[1]),
        "These are sums over the rows. Means are asked for.": lambda z, t: (
            len(z) * _shared(z, t)[0], len(z) * _shared(z, t)[1]),
        "Which is the truth, and which is weighted with it? You exchanged p and t.": lambda z, t: (
            -np.mean(np.sum(softmax(z) * np.log(t), axis=1)), (softmax(z) - t) / len(z)),
    },
)


def _gradient_of_constant(logit):
    """How the mean loss of 1 defective and 99 sound parts answers when their common logit grows."""
    return sigmoid(logit) - 0.01


change(
    "02.4",
    outcome=_gradient_of_constant,
    right=np.log(0.01 / 0.99),
    goal=lambda gradient: abs(gradient) < 2e-5,         # about 0.002 of the logit
    tried="The loss has gradient 0 here: the sigmoid of the logit is the share of defective parts.",
    mistakes={
        "That is a probability. Which score has it as its sigmoid?": (0.01, lambda logit, _: 0 < logit < 0.5),
        "That is a shrug: half of the parts would be defective.": (0, lambda logit, _: logit == 0),
        "With this logit most parts are called defective.": (4.6, lambda logit, _: logit > 0),
        "That is the logarithm of the share. Close, but its sigmoid is not quite the share.": (
            np.log(0.01), lambda logit, _: abs(logit - np.log(0.01)) < 2e-3),
        "Close: to three decimals, please.": (-4.6, lambda logit, gradient: abs(gradient) < 1e-3),
        "The detector is too sure that all is well: one surprise in a hundred costs too much.": (
            -8, lambda logit, gradient: gradient < 0),
        "Still too many parts are suspected: further from 0.": (-2, lambda logit, _: logit < 0),
    },
)

predict(
    "02.5",
    right=np.log(1 + 999 / np.e),
    tolerance=8.1e-5,                                   # half of the third decimal
    tried="One less than a shrug, nearly: with many classes two softmaxes leave next to no room to learn.",
    mistakes={
        "That is the shrug, 1/C for every class. A perfect network does a little better.": np.log(1000),
        "One class of the thousand is the truth. How many others are there?": np.log(1 + 1000 / np.e),
        "Close. The true class has a term in the sum, too.": np.log(999) - 1,
        "Close. In the sum, too, the true score counts with its exponential, not with 1.": np.log(1000) - 1,
        "That is the floor for ten classes.": np.log(1 + 9 / np.e),
        "That is the largest probability. Which loss belongs to it?": np.e / (np.e + 999),
        "That is one over the largest probability. Take the logarithm.": 1 + 999 / np.e,
        "A surprise is never negative: turn the sign.": -np.log(1 + 999 / np.e),
        "With one softmax a perfect network comes down to this. Here there are two.": 0,
    },
)
