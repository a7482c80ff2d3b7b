"""Chapter 01: neurons, layers, softmax."""

import itertools

import numpy as np

from utils.exercises.kinds import build, change, predict
from utils.nn import log_softmax, sigmoid, softmax

PICTURES = np.array(list(itertools.product([0, 1], repeat=4)))


def _answered_pictures(setting):
    """For each number of inked pixels, 0 to 4: (pictures that the neuron answers to, pictures that there are)."""
    weights, bias = setting
    if np.shape(weights) != (4,) or np.shape(bias) != ():
        raise ValueError(f"four weights and one bias expected: got shapes {np.shape(weights)} and {np.shape(bias)}")
    answers = PICTURES @ weights + bias > 0
    inked = PICTURES.sum(axis=1)
    return [(answers[inked == n].sum(), (inked == n).sum()) for n in range(5)]


change(
    "01.1",
    outcome=_answered_pictures,
    right=([1, 1, 1, 1], -2.5),
    goal=lambda found: found == [(0, 1), (0, 4), (0, 6), (4, 4), (1, 1)],
    tried="All sixteen pictures were shown to it, and it answered to the five that it should.",
    mistakes={
        "It never answers: the threshold is too high for these weights.": (
            ([1, 1, 1, 1], -5),
            lambda setting, found: sum(n for n, _ in found) == 0,
        ),
        "It answers to an empty picture. What is z when all inputs are 0?": (
            ([1, 1, 1, 1], 2.5),
            lambda setting, found: found[0][0] > 0,
        ),
        "It treats equal numbers of pixels differently, but the task does not say which pixels.": (
            ([-1, 1, -1, 1], -0.5),
            lambda setting, found: any(0 < n < of for n, of in found),
        ),
        "It counts pixels, and is content with too few: move the threshold.": (
            ([1, 1, 1, 1], -1.5),
            lambda setting, found: found[2][0] > 0,
        ),
        "It counts pixels, and wants too many: move the threshold.": (
            ([1, 1, 1, 1], -3),
            lambda setting, found: found[3][0] == 0,
        ),
    },
)

predict(
    "01.2",
    right=784 * 30 + 30 + 30 * 10 + 10,
    tried="A weight for each pair of neuron and input, and a bias for each neuron.",
    tolerance=0,
    mistakes={
        "These are the weights. What else does a neuron have?": 784 * 30 + 30 * 10,
        "Inputs are not neurons: they have no bias.": 784 * 30 + 30 * 10 + 784 + 30 + 10,
        "That is the first layer alone.": 784 * 30 + 30,
        "A bias belongs to a neuron, not to a layer.": 784 * 30 + 1 + 30 * 10 + 1,
        "Layers are added, not multiplied: count each on its own.": 784 * 30 * 10,
        "These are the inputs and the neurons. What does each neuron have?": 784 + 30 + 10,
        "These are the neurons. What does each of them have?": 40,
        "Who looks at whom? Count the inputs of a neuron in the last layer again.": 784 * 30 + 30 + 784 * 10 + 10,
    },
)


def _paper_layers():
    rng = np.random.default_rng(0)
    return [(rng.normal(size=(n, 3)), rng.normal(size=(4, 3)), rng.normal(size=4)) for n in (1, 2, 7)]


build(
    "01.3",
    right=lambda x, W, b: sigmoid(x @ W.T + b),
    cases=_paper_layers,
    tried="Three batches, of 1, 2 and 7 examples, agree with the formula on paper, example by example.",
    mistakes={
        "The shapes do not meet. Which axis of W counts the inputs, and where must it stand?": (
            lambda x, W, b: sigmoid(x @ W + b)
        ),
        "The bias is missing.": lambda x, W, b: sigmoid(x @ W.T),
        "That is z. What does the layer do with it?": lambda x, W, b: x @ W.T + b,
        "One row a neuron came out. Rows are examples.": lambda x, W, b: sigmoid(W @ x.T + b[:, np.newaxis]),
        "The bias belongs inside the sigmoid.": lambda x, W, b: sigmoid(x @ W.T) + b,
        "The bias belongs to the neurons, and stands flat, so that it is added to each row.": (
            lambda x, W, b: sigmoid(x @ W.T + b[:, np.newaxis])
        ),
        "W times x is the formula for a column. Here an example is a row.": lambda x, W, b: sigmoid(W @ x.T + b),
        "That is another activation.": lambda x, W, b: np.maximum(x @ W.T + b, 0),
    },
)


def _three_layers():
    rng = np.random.default_rng(0)
    return [
        [rng.normal(size=shape) for shape in [(d, h), (h,), (h, h), (h,), (h, h), (h,)]]
        for d, h in [(3, 4), (5, 2), (2, 2)]
    ]


build(
    "01.4",
    right=lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, (b1 @ W2 + b2) @ W3 + b3),
    cases=_three_layers,
    tried="For three stacks of three layers, the one layer has the weights and the bias of all.",
    mistakes={
        "A bias passes through every layer behind its own: multiply the formula out.": (
            lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, b1 + b2 + b3)
        ),
        "The first two biases got lost.": lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, b3),
        "The bias of the last layer got lost.": lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, (b1 @ W2 + b2) @ W3),
        "What the second layer gives passes through the third, its bias too.": (
            lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, b1 @ W2 + b2 + b3)
        ),
        "Where is the third layer?": lambda W1, b1, W2, b2, W3, b3: (W1 @ W2, b1 @ W2 + b2),
        "The first bias got lost on the way.": lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, b2 @ W3 + b3),
        "The second bias has another layer to pass, too.": (
            lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, b1 @ W2 @ W3 + b2 + b3)
        ),
        "Which layer does x meet first? Its W stands on the left.": (
            lambda W1, b1, W2, b2, W3, b3: (W3 @ W2 @ W1, (b1 @ W2 + b2) @ W3 + b3)
        ),
        "That is the order on paper, where x stands on the right. Here it stands on the left: which W is next to it?": (
            lambda W1, b1, W2, b2, W3, b3: (W3 @ W2 @ W1, W3 @ (W2 @ b1 + b2) + b3)
        ),
        "Two results are asked for, the weights and the bias.": lambda W1, b1, W2, b2, W3, b3: W1 @ W2 @ W3,
    },
)


def _scores():
    rng = np.random.default_rng(0)
    mixed = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1000.0, -1001.0]])
    return [(rng.normal(size=(4, 3)),), (mixed,), (rng.normal(size=(2, 10)) * 300,)]


def _less_largest(scores):
    return scores - scores.max(axis=1, keepdims=True)


build(
    "01.5",
    right=log_softmax,
    cases=_scores,
    tried="Scores of size 1, 300 and 1000 agree with utils.nn.log_softmax, and every row of probabilities sums to 1.",
    mistakes={
        "Right for small scores; for large ones something overflows. What does softmax subtract?": (
            lambda z: z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        ),
        "Somewhere the logarithm of a probability was taken that had been rounded to zero.": (
            lambda z: np.log(softmax(z))
        ),
        "These are the probabilities, not their logarithms.": softmax,
        "You summed over all examples together. Every row is a distribution of its own.": (
            lambda z: z - z.max() - np.log(np.exp(z - z.max()).sum())
        ),
        "The largest score is that of the row, but the sum runs over all examples together.": (
            lambda z: _less_largest(z) - np.log(np.exp(_less_largest(z)).sum())
        ),
        "You subtracted the largest score inside exp only. Is the formula still the same?": (
            lambda z: z - np.log(np.exp(_less_largest(z)).sum(axis=1, keepdims=True))
        ),
        "You subtracted the largest score outside exp only.": (
            lambda z: _less_largest(z) - np.log(np.exp(z).sum(axis=1, keepdims=True))
        ),
        "Every row needs its own largest score: here a row of small scores stands beside one of large scores.": (
            lambda z: z - z.max() - np.log(np.exp(z - z.max()).sum(axis=1, keepdims=True))
        ),
        "Each row of scores needs a sum of its own, kept as a column: mind keepdims.": (
            lambda z: z - np.log(np.exp(z).sum(axis=1))
        ),
        "You summed over the wrong axis. Every row is a distribution of its own.": lambda z: log_softmax(z.T).T,
    },
)
