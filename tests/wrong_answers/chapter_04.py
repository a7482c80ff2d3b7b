"""Chapter 04: the blame of a whole batch."""

import numpy as np


def shows_the_slope(y, dy):
    return np.where(y > 0, 1, 0.1)


def leaks_where_the_blame_is_negative(y, dy):
    return np.where(dy > 0, dy, 0.1 * dy)


def multiplies_by_the_function(y, dy):
    return dy * np.where(y > 0, y, 0.1 * y)


def forgets_the_way_past_the_layer(x, W, b, dy):
    dz = dy * (1 - np.tanh(x @ W + b) ** 2)
    return dz @ W.T, x.T @ dz, dz.sum(axis=0)


def forgets_the_way_through_the_layer(x, W, b, dy):
    dz = dy * (1 - np.tanh(x @ W + b) ** 2)
    return dy, x.T @ dz, dz.sum(axis=0)


def forgets_to_transpose_W(x, W, b, dy):
    dz = dy * (1 - np.tanh(x @ W + b) ** 2)
    return dy + dz @ W, x.T @ dz, dz.sum(axis=0)


def takes_the_slope_at_the_whole_output(x, W, b, dy):
    y = x + np.tanh(x @ W + b)
    dz = dy * (1 - y**2)
    return dy + dz @ W.T, x.T @ dz, dz.sum(axis=0)


def takes_means_over_the_examples(x, W, b, dy):
    dz = dy * (1 - np.tanh(x @ W + b) ** 2)
    return dy + dz @ W.T, x.T @ dz / len(x), dz.mean(axis=0)


def adds_the_slope_1_without_blame(x, W, b, dy):
    dz = dy * (1 - np.tanh(x @ W + b) ** 2)
    return 1 + dz @ W.T, x.T @ dz, dz.sum(axis=0)


def adds_x_once_more(x, W, b, dy):
    dz = dy * (1 - np.tanh(x @ W + b) ** 2)
    return x + dz @ W.T, x.T @ dz, dz.sum(axis=0)


def goes_back_as_if_without_tanh(x, W, b, dy):
    return dy + dy @ W.T, x.T @ dy, dy.sum(axis=0)


def as_given(x, W, b, dy):
    y = np.tanh(x @ W + b)
    dz = dy * (1 - np.tanh(y) ** 2)
    dW = x.T @ dz / len(x)
    db = dz.sum(axis=0)
    dx = dz @ W.T
    return dx, dW, db


def mends_the_slope_only(x, W, b, dy):
    y = np.tanh(x @ W + b)
    dz = dy * (1 - y**2)
    dW = x.T @ dz / len(x)
    db = dz.sum(axis=0)
    dx = dz @ W.T
    return dx, dW, db


def mends_the_sum_only(x, W, b, dy):
    y = np.tanh(x @ W + b)
    dz = dy * (1 - np.tanh(y) ** 2)
    dW = x.T @ dz
    db = dz.sum(axis=0)
    dx = dz @ W.T
    return dx, dW, db


def takes_the_mean_for_db_too(x, W, b, dy):
    y = np.tanh(x @ W + b)
    dz = dy * (1 - y**2)
    dW = x.T @ dz / len(x)
    db = dz.mean(axis=0)
    dx = dz @ W.T
    return dx, dW, db


def drops_the_slope(x, W, b, dy):
    dz = dy
    dW = x.T @ dz
    db = dz.sum(axis=0)
    dx = dz @ W.T
    return dx, dW, db


WRONG = [
    ("04.1", ((32, 784), (128, 784), (128,)), "Blame has the shape of what is blamed."),
    ("04.1", ((32, 784), (32, 784, 128), (128,)), "Is there one W for each example?"),
    ("04.1", ((32, 784), (32, 784, 128), (32, 128)), "You kept every example's own blame of W and b."),
    ("04.1", ((32, 784), (784, 128), (32, 128)), "The bias is added to every row"),
    ("04.1", ((32, 784), (784, 128), (1, 128)), "The bias stands flat"),
    ("04.1", ((32, 784), (784, 128), 128), "A shape is a tuple"),
    ("04.1", ((784,), (784, 128), (128,)), "Each example has inputs of its own"),
    ("04.1", ((784, 32), (784, 128), (128,)), "Rows are examples"),
    ("04.1", ((32, 128), (784, 128), (128,)), "dx is the blame of what goes into the layer"),
    ("04.1", ((784, 128), (128,), (32, 784)), "The order asked for"),
    ("04.2", lambda y, dy: dy * (y > 0), "That is the way back of ReLU."),
    ("04.2", shows_the_slope, "That is the slope."),
    ("04.2", leaks_where_the_blame_is_negative, "That is the function, applied to the blame."),
    ("04.2", multiplies_by_the_function, "You multiplied by the function."),
    ("04.2", lambda y, dy: dy * y, "You multiplied by the output."),
    ("04.2", lambda y, dy: dy, "Nothing is changed"),
    ("04.2", lambda y, dy: dy * np.where(y > 0, 0.1, 1), "The two sides are exchanged."),
    ("04.3", forgets_the_way_past_the_layer, "dW and db are right. x acts in two places: what comes back by"),
    ("04.3", forgets_the_way_through_the_layer, "dW and db are right. x acts in two places: what comes back through"),
    ("04.3", forgets_to_transpose_W, "W is square"),
    ("04.3", takes_the_slope_at_the_whole_output, "1 - y²"),
    ("04.3", takes_means_over_the_examples, "dx is right."),
    ("04.3", adds_the_slope_1_without_blame, "dW and db are right. The way past the layer has the slope 1"),
    ("04.3", adds_x_once_more, "dW and db are right. What is added at the end"),
    ("04.3", goes_back_as_if_without_tanh, "The slope of tanh is missing."),
    ("04.4", as_given, "This is the function as it was given."),
    ("04.4", mends_the_slope_only, "One is mended. dx and db are right now"),
    ("04.4", mends_the_sum_only, "One is mended. What is still wrong"),
    ("04.4", takes_the_mean_for_db_too, "Now db is divided by N as well."),
    ("04.4", drops_the_slope, "You dropped the slope"),
    ("04.5", 1 / 100, "That is one over the number of inputs."),
    ("04.5", 1, "With 1 the sum"),
    ("04.5", np.sqrt(2 / 100), "That is the rule for ReLU"),
    ("04.5", np.sqrt(6 / (100 + 100)), "That is how far weights reach"),
    ("04.5", 0.05, "The blame fades"),
    ("04.5", 0.25, "The blame swells"),
]

REFUSED = [
    ("04.5", -0.1, "a standard deviation above 0 expected: got -0.1"),
    ("04.5", 0, "a standard deviation above 0 expected: got 0"),
    ("04.5", np.inf, "a standard deviation above 0 expected: got inf"),
    ("04.5", np.nan, "a standard deviation above 0 expected: got nan"),
]
