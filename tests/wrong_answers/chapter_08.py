"""Chapter 08: counts, a skip, two scores for one, a scaling folded in, a rate."""

import numpy as np


def relu(z):
    return np.maximum(0, z)


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def without_its_skip(x, weights):
    W1, b1, W2, b2, W3, b3 = weights
    first = relu(x @ W1 + b1)
    second = relu(first @ W2 + b2)
    return second @ W3 + b3


def bends_the_sum(x, weights):
    W1, b1, W2, b2, W3, b3 = weights
    first = relu(x @ W1 + b1)
    second = relu(first + first @ W2 + b2)
    return second @ W3 + b3


def skips_to(last):
    """The network as it should be, with an activation of its last layer."""

    def with_skip(x, weights):
        W1, b1, W2, b2, W3, b3 = weights
        first = relu(x @ W1 + b1)
        second = relu(first @ W2 + b2)
        return last((first + second) @ W3 + b3)

    return with_skip


def adds_the_first_to_itself(x, weights):
    W1, b1, W2, b2, W3, b3 = weights
    first = relu(x @ W1 + b1)
    return (first + first) @ W3 + b3


def multiplies_by_std(W, b, mean, std):
    W = W * std[:, np.newaxis]
    return W, b - mean @ W


def turns_both_signs(W, b, mean, std):
    W = W * std[:, np.newaxis]
    return W, b + mean @ W


def undoes_the_scaling(W, b, mean, std):
    return W * std[:, np.newaxis], b + mean @ W


WEIGHTS = 30 * 16 + 16 * 8 + 8 * 1
BIASES = 16 + 8 + 1
BOTH = WEIGHTS + BIASES

WRONG = [
    ("08.1", (WEIGHTS, 2 * WEIGHTS + 2), "That is the weights without their biases."),
    ("08.1", (BOTH, 2 * BOTH), "Every weight has two moments."),
    ("08.1", (BOTH, 2 * BOTH + 1), "Nearly:"),
    ("08.1", (BOTH, BOTH + 2), "One moment would be momentum."),
    ("08.1", (BOTH, BOTH), "One number for each weight:"),
    ("08.1", (BOTH + 2 * BOTH + 2, 2 * BOTH + 2), "Adam's share belongs into the second number alone."),
    ("08.1", (BOTH, 3 * BOTH + 2), "The first is right."),
    ("08.1", (30 * 16 + 16 + 16 * 8 + 8, 2 * (30 * 16 + 16 + 16 * 8 + 8) + 2), "Is the 1 at the end a layer, too?"),
    ("08.2", without_its_skip, "That is the network without its skip:"),
    ("08.2", bends_the_sum, "The sum is bent by a ReLU."),
    ("08.2", skips_to(softmax), "Logits are asked for, and these are probabilities."),
    ("08.2", skips_to(relu), "The last layer bends its scores:"),
    ("08.2", adds_the_first_to_itself, "The first layer is added to itself:"),
    ("08.3", lambda W, b: (W[:, :1] - W[:, 1:], b[:1] - b[1:]), "That is the probability of class 0."),
    ("08.3", lambda W, b: (W[:, 1:], b[1:]), "The scores of class 1 alone:"),
    ("08.3", lambda W, b: (W[:, 1] - W[:, 0], b[1] - b[0]), "The numbers are right, the shapes are not:"),
    ("08.3", lambda W, b: (W[:, 1:] - W[:, :1], b[1:]), "The weights are right."),
    ("08.3", lambda W, b: (softmax(W)[:, 1:], softmax(b)[1:]), "Softmax of the weights is not"),
    ("08.3", lambda W, b: (W[:, 1:] / W[:, :1], b[1:] / b[:1]), "A ratio of probabilities is a difference of scores."),
    ("08.4", lambda W, b, mean, std: (W / std[:, np.newaxis], b), "The weights are right. And the mean?"),
    ("08.4", multiplies_by_std, "Write (x - mean) / std @ W out:"),
    (
        "08.4",
        lambda W, b, mean, std: (W / std[:, np.newaxis], b - mean @ W),
        "The weights are right. What is subtracted from b",
    ),
    (
        "08.4",
        lambda W, b, mean, std: (W / std[:, np.newaxis], b + mean / std @ W),
        "The weights are right. Which sign",
    ),
    ("08.4", turns_both_signs, "Two signs of one slip:"),
    ("08.4", undoes_the_scaling, "That is the other way:"),
    ("08.4", lambda W, b, mean, std: (W / std, b - mean / std @ W), "Each column of x has its std,"),
    ("08.4", lambda W, b, mean, std: (W, b - mean @ W), "That subtracts the mean and leaves the scale as it was."),
    ("08.5", 0.001, "That is the rate of the four lines,"),
    ("08.5", 0.0001, "Shorter steps come less far in ten epochs."),
    ("08.5", 0.0009, "Shorter steps come less far in ten epochs."),
    ("08.5", 0.002, "The steps are longer than the default's,"),
    ("08.5", 0.1, "Too far:"),
    ("08.5", 1.0, "Too far:"),
]
