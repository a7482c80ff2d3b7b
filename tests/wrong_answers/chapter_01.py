"""Chapter 01: what a layer computes."""

import numpy as np

from utils.nn import relu, sigmoid, softmax


def looks_at_all_pixels_for_the_last_layer():
    return (784 * 30 + 30) + (784 * 10 + 10)


def gives_a_row_a_neuron(x, W, b):
    return sigmoid(W @ x.T + b[:, np.newaxis])


def stands_the_bias_up(x, W, b):
    return sigmoid(x @ W.T + b[:, np.newaxis])


def adds_the_biases_up(W1, b1, W2, b2, W3, b3):
    return W1 @ W2 @ W3, b1 + b2 + b3


def keeps_the_last_bias_only(W1, b1, W2, b2, W3, b3):
    return W1 @ W2 @ W3, b3


def loses_the_last_bias(W1, b1, W2, b2, W3, b3):
    return W1 @ W2 @ W3, b1 @ W2 @ W3 + b2 @ W3


def takes_the_third_layer_for_its_bias_only(W1, b1, W2, b2, W3, b3):
    return W1 @ W2 @ W3, b1 @ W2 + b2 + b3


def leaves_the_third_layer_out(W1, b1, W2, b2, W3, b3):
    return W1 @ W2, b1 @ W2 + b2


def loses_the_first_bias(W1, b1, W2, b2, W3, b3):
    return W1 @ W2 @ W3, b2 @ W3 + b3


def lets_the_second_bias_skip_the_third_layer(W1, b1, W2, b2, W3, b3):
    return W1 @ W2 @ W3, b1 @ W2 @ W3 + b2 + b3


def multiplies_the_weights_backwards(W1, b1, W2, b2, W3, b3):
    return W3 @ W2 @ W1, b1 @ W2 @ W3 + b2 @ W3 + b3


def multiplies_as_on_paper(W1, b1, W2, b2, W3, b3):
    return W3 @ W2 @ W1, W3 @ W2 @ b1 + W3 @ b2 + b3


def returns_the_weights_only(W1, b1, W2, b2, W3, b3):
    return W1 @ W2 @ W3


def subtracts_nothing(scores):
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def forgets_the_axis(scores):
    shifted = scores - scores.max()
    return shifted - np.log(np.exp(shifted).sum())


def forgets_the_axis_of_the_sum(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum())


def subtracts_inside_exp_only(scores):
    largest = scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores - largest).sum(axis=1, keepdims=True))


def subtracts_outside_exp_only(scores):
    largest = scores.max(axis=1, keepdims=True)
    return scores - largest - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def subtracts_the_largest_of_the_batch(scores):
    shifted = scores - scores.max()
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def sums_without_keepdims(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1))


def forgets_keepdims_twice(scores):
    shifted = scores - scores.max(axis=1)
    return shifted - np.log(np.exp(shifted).sum(axis=1))


def takes_columns_for_rows(scores):
    shifted = scores - scores.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


WRONG = [
    ("01.1", ([1, 1, 1, 1], -4.5), "It never answers:"),
    ("01.1", ([1, 1, 1, 1], 2.5), "It answers to an empty picture."),
    ("01.1", ([-1, 1, -1, 1], -0.5), "It treats equal numbers of pixels differently,"),
    ("01.1", ([1, 1, 1, 1], -1.5), "It counts pixels, and is content with too few:"),
    ("01.1", ([1, 1, 1, 1], -3), "It counts pixels, and wants too many:"),
    ("01.2", 784 * 30 + 30 * 10, "These are the weights."),
    ("01.2", 784 * 30 + 30 * 10 + 784 + 30 + 10, "Inputs are not neurons:"),
    ("01.2", 784 * 30 + 30, "That is the first layer alone."),
    ("01.2", (784 * 30 + 1) + (30 * 10 + 1), "A bias belongs to a neuron,"),
    ("01.2", 784 * 30 * 10, "Layers are added, not multiplied:"),
    ("01.2", 784 + 30 + 10, "These are the inputs and the neurons."),
    ("01.2", 30 + 10, "These are the neurons."),
    ("01.2", looks_at_all_pixels_for_the_last_layer(), "Who looks at whom?"),
    ("01.3", lambda x, W, b: sigmoid(x @ W + b), "The shapes do not meet."),
    ("01.3", lambda x, W, b: sigmoid(W @ x + b), "The shapes do not meet."),
    ("01.3", lambda x, W, b: sigmoid(x @ W.T), "The bias is missing."),
    ("01.3", lambda x, W, b: x @ W.T + b, "That is z."),
    ("01.3", gives_a_row_a_neuron, "One row a neuron came out."),
    ("01.3", lambda x, W, b: sigmoid(x @ W.T) + b, "The bias belongs inside the sigmoid."),
    ("01.3", stands_the_bias_up, "The bias belongs to the neurons, and stands flat,"),
    ("01.3", lambda x, W, b: sigmoid(W @ x.T + b), "W times x is the formula for a column."),
    ("01.3", lambda x, W, b: relu(x @ W.T + b), "That is another activation."),
    ("01.4", adds_the_biases_up, "A bias passes through every layer behind its own:"),
    ("01.4", keeps_the_last_bias_only, "The first two biases got lost."),
    ("01.4", loses_the_last_bias, "The bias of the last layer got lost."),
    ("01.4", takes_the_third_layer_for_its_bias_only, "What the second layer gives passes through the third,"),
    ("01.4", leaves_the_third_layer_out, "Where is the third layer?"),
    ("01.4", loses_the_first_bias, "The first bias got lost on the way."),
    ("01.4", lets_the_second_bias_skip_the_third_layer, "The second bias has another layer to pass, too."),
    ("01.4", multiplies_the_weights_backwards, "Which layer does x meet first?"),
    ("01.4", multiplies_as_on_paper, "That is the order on paper,"),
    ("01.4", returns_the_weights_only, "Two results are asked for,"),
    ("01.5", subtracts_nothing, "Right for small scores;"),
    ("01.5", lambda scores: np.log(softmax(scores)), "Somewhere the logarithm of a probability was taken"),
    ("01.5", softmax, "These are the probabilities,"),
    ("01.5", forgets_the_axis, "You summed over all examples together."),
    ("01.5", forgets_the_axis_of_the_sum, "The largest score is that of the row,"),
    ("01.5", subtracts_inside_exp_only, "You subtracted the largest score inside exp only."),
    ("01.5", subtracts_outside_exp_only, "You subtracted the largest score outside exp only."),
    ("01.5", subtracts_the_largest_of_the_batch, "Every row needs its own largest score:"),
    ("01.5", sums_without_keepdims, "Each row of scores needs a sum of its own,"),
    ("01.5", forgets_keepdims_twice, "Each row of scores needs a sum of its own,"),
    ("01.5", takes_columns_for_rows, "You summed over the wrong axis."),
]

REFUSED = [
    ("01.1", ([1, 1, 1], -2.5), "four weights and one bias expected: got shapes (3,) and ()"),
    ("01.1", ([[1, 1], [1, 1]], -2.5), "four weights and one bias expected: got shapes (2, 2) and ()"),
    ("01.1", ([1, 1, 1, 1], [-2.5]), "four weights and one bias expected: got shapes (4,) and (1,)"),
]
