"""Chapter 00: a first look at answers, accuracy and the learning rate."""

import numpy as np

from utils.data import load_mnist5k
from utils.exercises.kinds import build, change, predict
from utils.nn import SGD, Batches, Dense, ReLU, Sequential, fit, softmax_cross_entropy

predict(
    "00.1",
    right=100,
    tried="So a network that reads this many has learned nothing, however small its loss.",
    mistakes={
        "You gave a share. The question is how many of the 1,000 answers.": 0.1,
        "That is how many are wrong.": 900,
        "Some of the 1,000 digits are sevens, and those are answered rightly.": 0,
        "Of every ten digits one is a seven. And of 1,000?": 10,
        "Only the sevens are answered rightly.": 1000,
        "There are ten digits, for 0 is one of them: divide by ten, not by nine.": 1000 / 9,
        "There are ten digits, for 9 is the last: divide by ten, not by eleven.": 1000 / 11,
    },
)


def _pairs_of_answers():
    rng = np.random.default_rng(0)
    return [(rng.integers(0, 10, n), rng.integers(0, 3, n)) for n in (7, 20, 100)]


build(
    "00.2",
    right=lambda answers, labels: np.mean(answers == labels),
    cases=_pairs_of_answers,
    tried="It agrees with utils.metrics.accuracy on three sets of 7, 20 and 100 answers.",
    mistakes={
        "That is how many agree. Which share of all positions is it?": lambda a, b: np.sum(a == b),
        "That is the share of positions that differ.": lambda a, b: np.mean(a != b),
        "You return one truth value for each position. What is the share of True among them?": lambda a, b: a == b,
        "A share is asked for, from 0 to 1; that is per cent.": lambda a, b: 100 * np.mean(a == b),
    },
)


def _last_loss(learning_rate):
    """Training loss in the tenth epoch of the chapter's network; infinite when it diverges."""
    (x, y), _ = load_mnist5k()
    rng = np.random.default_rng(0)
    x = (x.reshape(4000, 784) / 255).astype("float32")
    model = Sequential(Dense(784, 128, rng=rng), ReLU(), Dense(128, 10, rng=rng))
    batches = Batches(x, y, batch_size=32, rng=rng)
    try:
        return fit(model, softmax_cross_entropy, SGD(learning_rate), batches, epochs=10).loss[-1]
    except FloatingPointError:
        return np.inf


change(
    "00.3",
    outcome=_last_loss,
    right=0.4,
    goal=lambda loss: loss < 0.05,
    tried="Ten epochs with this learning rate end below 0.05. Chapter 5 tells how far one may go, and why.",
    mistakes={
        "The loss still falls when the ten epochs are over: the steps are short.": (0.05, lambda rate, _: rate < 0.4),
        "The loss hardly falls, or jumps: the steps leap over what they seek.": (2.0, lambda _, loss: loss > 0.5),
        "The loss falls, but the steps are too long for it to settle.": (1.1, lambda rate, _: rate >= 0.4),
    },
)
