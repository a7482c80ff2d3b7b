"""Chapter 07: how to begin, how to train, and how far to trust it."""

import numpy as np

from utils.nn import softmax_cross_entropy


def adds_the_slope_and_not_its_square(n_inputs, slope):
    return np.sqrt(2 / (n_inputs * (1 + slope)))


def puts_the_gain_above_the_line(n_inputs, slope):
    return np.sqrt(2 * (1 + slope**2) / n_inputs)


def as_given(model, optimizer, batches):
    total = 0.0
    for x, y in batches:
        loss, dz = softmax_cross_entropy(model.forward(x), y)
        optimizer.step(model.params, model.grads)
        model.backward(dz, needs_dx=False)
        total += loss
    return total / len(batches)


def mends_only_the_order(model, optimizer, batches):
    total = 0.0
    for x, y in batches:
        loss, dz = softmax_cross_entropy(model.forward(x), y)
        model.backward(dz, needs_dx=False)
        optimizer.step(model.params, model.grads)
        total += loss
    return total / len(batches)


def mends_only_the_mean(model, optimizer, batches):
    total = 0.0
    for x, y in batches:
        loss, dz = softmax_cross_entropy(model.forward(x), y)
        optimizer.step(model.params, model.grads)
        model.backward(dz, needs_dx=False)
        total += len(x) * loss
    return total / len(batches.x)


def loses_the_step(model, optimizer, batches):
    total = 0.0
    for x, y in batches:
        loss, dz = softmax_cross_entropy(model.forward(x), y)
        model.backward(dz, needs_dx=False)
        total += len(x) * loss
    return total / len(batches.x)


def weights_and_divides_by_batches(model, optimizer, batches):
    total = 0.0
    for x, y in batches:
        loss, dz = softmax_cross_entropy(model.forward(x), y)
        model.backward(dz, needs_dx=False)
        optimizer.step(model.params, model.grads)
        total += len(x) * loss
    return total / len(batches)


def divides_by_examples_without_weights(model, optimizer, batches):
    total = 0.0
    for x, y in batches:
        loss, dz = softmax_cross_entropy(model.forward(x), y)
        model.backward(dz, needs_dx=False)
        optimizer.step(model.params, model.grads)
        total += loss
    return total / len(batches.x)


WRONG = [
    ("07.1", 20 * (3500 // 64), "54 batches are full."),
    ("07.1", 20 * 3500, "A step is taken for each batch, not for each digit."),
    ("07.1", np.ceil(3500 / 64), "That is one epoch."),
    ("07.1", 3500 // 64, "That is one epoch, and without the digits that are left over."),
    ("07.1", 20 * 3500 / 64, "There is no half step:"),
    ("07.1", np.ceil(20 * 3500 / 64), "The digits left over in one epoch do not wait for the next:"),
    ("07.1", 20 * 110, "With batches of 32 this would be right."),
    ("07.2", lambda n_inputs, slope: np.sqrt(2 / n_inputs), "That is He's rule:"),
    ("07.2", adds_the_slope_and_not_its_square, "The slope makes the signal smaller"),
    ("07.2", lambda n_inputs, slope: 2 / (n_inputs * (1 + slope**2)), "That is the variance of the weights."),
    ("07.2", puts_the_gain_above_the_line, "More of the signal is kept than by ReLU."),
    ("07.2", lambda n_inputs, slope: np.sqrt(1 / n_inputs), "That keeps a signal that is not bent at all"),
    ("07.2", lambda n_inputs, slope: 1 / np.sqrt(n_inputs * (1 + slope**2)), "Both sides have a half"),
    ("07.3", as_given, "This is the epoch as it was given."),
    ("07.3", mends_only_the_order, "The steps are right."),
    ("07.3", mends_only_the_mean, "The mean is right."),
    ("07.3", loses_the_step, "Now no step is taken at all."),
    ("07.3", weights_and_divides_by_batches, "The losses are weighted by their examples now."),
    ("07.3", divides_by_examples_without_weights, "The total is a sum of one mean for each batch"),
    ("07.4", 3500, "That is all of them, and more is read"),
    ("07.4", 1, "With so few, most digits have hardly a handful of examples."),
    ("07.4", 30, "With so few, most digits have hardly a handful of examples."),
    ("07.4", 100, "Too few examples:"),
    ("07.4", 1000, "More is read than was asked for: it takes fewer examples."),
    ("07.4", np.int64(2000), "More is read than was asked for: it takes fewer examples."),
    ("07.5", 0.95 * 0.05 / 0.002**2, "That makes one standard deviation as large as asked for."),
    ("07.5", 4 * 0.95 / 0.002**2, "Of p(1 - p), the second factor is missing."),
    ("07.5", 4 * 0.95 * 0.05 / 0.02**2, "0.2 points are 0.002, not 0.02."),
    ("07.5", 4 * 0.95 * 0.05 / 0.2**2, "0.2 points are 0.002, not 0.2:"),
    ("07.5", np.ceil(4 * 0.95 * 0.05 / 0.2**2), "A handful of digits would do"),
    ("07.5", 4 * 0.95 * 0.05 / 0.002, "The doubt shrinks with the root of N"),
    ("07.5", 2 * np.sqrt(0.95 * 0.05) / 0.002, "That is the root of the number asked for."),
    ("07.5", 1000 * 0.014 / 0.002, "That would be so if seven times as many"),
    ("07.5", 2 * 0.95 * 0.05 / 0.002**2, "The 2 belongs under the square as well."),
]

REFUSED = [
    ("07.4", 0, "a whole number from 1 to 3500 expected: got 0"),
    ("07.4", -400, "a whole number from 1 to 3500 expected: got -400"),
    ("07.4", 3501, "a whole number from 1 to 3500 expected: got 3501"),
    ("07.4", True, "a whole number from 1 to 3500 expected: got True"),
    ("07.4", 400.0, "a whole number from 1 to 3500 expected: got 400.0"),
    ("07.4", 0.1, "a whole number from 1 to 3500 expected: got 0.1"),
    ("07.4", np.inf, "a whole number from 1 to 3500 expected: got inf"),
    ("07.4", "400", "a whole number from 1 to 3500 expected: got '400'"),
]
