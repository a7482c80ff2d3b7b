"""Chapter 08: what Keras counts, what it is given, and what is folded into a layer."""

import functools

import numpy as np

from utils.data import load_breast_cancer
from utils.exercises.kinds import build, change, predict
from utils.nn import Adam, Batches, Dense, ReLU, Sequential, binary_cross_entropy, fit, relu, softmax

predict(
    "08.1",
    right=(641, 1284),
    tried="496 and 136 and 9 are trained; Adam keeps two for each, and a count and a rate.",
    tolerance=0,
    mistakes={
        "That is the weights without their biases.": (616, 1234),
        "Every weight has two moments. What does Adam keep besides?": (641, 1282),
        "Nearly: Adam keeps the count of its steps, and one number more.": (641, 1283),
        "One moment would be momentum. Adam keeps the mean of the gradients and that of their squares.": (641, 643),
        "One number for each weight: how many moments does Adam keep, and what besides?": (641, 641),
        "Adam's share belongs into the second number alone.": (1925, 1284),
        "The first is right. The second asks for what Adam keeps, without the weights themselves.": (641, 1925),
        "Is the 1 at the end a layer, too?": (632, 1266),
    },
)


def _with_skip(x, weights, *, add=True, bend_last=False, bend_sum=False, share=False, turned=False):
    """A network with one skip connection; each switch makes one mistake."""
    W1, b1, W2, b2, W3, b3 = weights
    first = relu(x @ W1 + b1)
    second = first @ W2 + b2
    second = relu(second + first) if bend_sum else relu(second) + (first if add else 0)
    if turned:
        second = first + first
    logits = second @ W3 + b3
    return softmax(logits) if share else relu(logits) if bend_last else logits


def _skip_networks():
    rng = np.random.default_rng(2)
    for n, d, h, c in ((1, 2, 3, 2), (5, 3, 4, 3)):
        shapes = [(d, h), (h,), (h, h), (h,), (h, c), (c,)]
        yield rng.normal(size=(n, d)).astype("float32"), [rng.normal(size=shape).astype("float32") for shape in shapes]


build(
    "08.2",
    right=_with_skip,
    cases=lambda: list(_skip_networks()),
    tried="Two networks of different sizes answer as the same sums written in NumPy.",
    tolerance=1e-4,
    mistakes={
        "That is the network without its skip: what is added to the second layer's output?": (
            lambda x, weights: _with_skip(x, weights, add=False)),
        "The sum is bent by a ReLU. Only the layer is to be: its output comes first, then the sum.": (
            lambda x, weights: _with_skip(x, weights, bend_sum=True)),
        "Logits are asked for, and these are probabilities.": lambda x, weights: _with_skip(x, weights, share=True),
        "The last layer bends its scores: logits may be negative.": (
            lambda x, weights: _with_skip(x, weights, bend_last=True)),
        "The first layer is added to itself: what has become of the second?": (
            lambda x, weights: _with_skip(x, weights, turned=True)),
    },
)


def _two_columns():
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(n, 2)), rng.normal(size=2)) for n in (1, 4, 10)]


build(
    "08.3",
    right=lambda W, b: (W[:, 1:] - W[:, :1], b[1:] - b[:1]),
    cases=_two_columns,
    tried="Sigmoid of the difference gives the softmax of three layers, the probability of class 1.",
    mistakes={
        "That is the probability of class 0.": lambda W, b: (W[:, :1] - W[:, 1:], b[:1] - b[1:]),
        "The scores of class 1 alone: softmax looks at both.": lambda W, b: (W[:, 1:], b[1:]),
        "The numbers are right, the shapes are not: a Dense of one unit has a column.": (
            lambda W, b: (W[:, 1] - W[:, 0], b[1] - b[0])),
        "The weights are right. The biases are scores, too.": lambda W, b: (W[:, 1:] - W[:, :1], b[1:]),
        "Softmax of the weights is not the softmax of the scores: sigmoid wants a logit.": (
            lambda W, b: (softmax(W)[:, 1:], softmax(b)[1:])),
        "A ratio of probabilities is a difference of scores.": lambda W, b: (W[:, 1:] / W[:, :1], b[1:] / b[:1]),
    },
)


def _first_layers():
    rng = np.random.default_rng(4)
    return [(rng.normal(size=(d, h)), rng.normal(size=h), rng.normal(5, 2, d), rng.uniform(0.1, 3, d))
            for d, h in ((1, 1), (3, 2), (30, 10))]


def _fold(W, b, mean, std):
    W = W / std[:, np.newaxis]
    return W, b - mean @ W


build(
    "08.4",
    right=_fold,
    cases=_first_layers,
    tried="Three layers give for raw rows what they gave for scaled ones.",
    mistakes={
        "The weights are right. And the mean? It, too, can go somewhere.": (
            lambda W, b, mean, std: (W / std[:, np.newaxis], b)),
        "Write (x - mean) / std @ W out: by what is each row of W divided, or multiplied?": (
            lambda W, b, mean, std: (W * std[:, np.newaxis], b - mean @ (W * std[:, np.newaxis]))),
        "The weights are right. What is subtracted from b has passed the division, too.": (
            lambda W, b, mean, std: (W / std[:, np.newaxis], b - mean @ W)),
        "The weights are right. Which sign does the mean have in the product?": (
            lambda W, b, mean, std: (W / std[:, np.newaxis], b + (mean / std) @ W)),
        "Two signs of one slip: x / std @ W is x @ (W / std), and what is subtracted from x is subtracted.": (
            lambda W, b, mean, std: (W * std[:, np.newaxis], b + mean @ (W * std[:, np.newaxis]))),
        "That is the other way: these weights do to scaled rows what W and b do to raw ones.": (
            lambda W, b, mean, std: (W * std[:, np.newaxis], b + mean @ W)),
        "Each column of x has its std, and each row of W belongs to a column of x: std needs an axis.": (
            lambda W, b, mean, std: (W / std, b - mean @ (W / std))),
        "That subtracts the mean and leaves the scale as it was.": lambda W, b, mean, std: (W, b - mean @ W),
    },
)


@functools.cache
def _scaled_rows():
    """The chapter's rows, scaled by its training rows: (training, validation), each (x, y)."""
    cases = load_breast_cancer()
    y = (cases["diagnosis"] == "malignant").to_numpy("float32")[:, np.newaxis]
    x = cases.drop(columns="diagnosis").to_numpy("float32")
    train, val, _ = np.split(np.random.default_rng(8).permutation(569), [341, 455])
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)
    return (x[train], y[train]), (x[val], y[val])


def _loss_after_ten_epochs(rate):
    """Mean validation loss of five seeds; a training that leaves the numbers counts as infinitely bad."""
    (x, y), validation = _scaled_rows()
    losses = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        first, second = [Dense(n, m, rng=rng) for n, m in ((30, 10), (10, 1))]
        model, batches = Sequential(first, ReLU(), second), Batches(x, y, 32, rng=rng)
        try:
            history = fit(model, binary_cross_entropy, Adam(rate), batches, epochs=10, validation_data=validation)
            losses.append(history.val_loss[-1])
        except FloatingPointError:
            losses.append(np.inf)
    return np.mean(losses)


change(
    "08.5",
    outcome=_loss_after_ten_epochs,
    right=0.02,
    goal=lambda loss: loss <= 0.08,
    tried="With longer steps ten epochs are enough for this table.",
    mistakes={
        "That is the rate of the four lines, where the curves were still falling.": (
            0.001, lambda rate, loss: rate == 0.001),
        "Shorter steps come less far in ten epochs.": (0.0001, lambda rate, loss: rate < 0.001),
        "The steps are longer than the default's, and not yet long enough.": (
            0.003, lambda rate, loss: rate < 0.02),
        "Too far: the steps jump about, and the seeds no longer agree.": (1.0, lambda rate, loss: rate > 0.02),
    },
)
