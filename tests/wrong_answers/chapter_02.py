"""Chapter 02: a loss, and its gradient."""

import numpy as np

from utils.nn import softmax

SCORES = np.array([[0, 0, np.log(2)]])
TRUTH = np.array([0, 0, 1])


def log_sum_exp(z):
    m = z.max(axis=1)
    return m + np.log(np.exp(z - m[:, np.newaxis]).sum(axis=1))


def log_softmax(z):
    return z - log_sum_exp(z)[:, np.newaxis]


def gradient_of_the_sum(y, t):
    return np.mean(np.abs(y - t)), np.sign(y - t)


def gradient_downhill(y, t):
    return np.mean(np.abs(y - t)), np.sign(t - y) / len(y)


def gradient_as_large_as_the_error(y, t):
    return np.mean(np.abs(y - t)), (y - t) / len(y)


def gradient_of_squared_error(y, t):
    return np.mean(np.abs(y - t)), 2 * (y - t) / len(y)


def mean_of_log_p(y, t):
    return np.mean(-np.abs(y - t)), np.sign(t - y) / len(y)


def sums(y, t):
    return np.sum(np.abs(y - t)), np.sign(y - t)


def loss_is_a_sum(y, t):
    return np.sum(np.abs(y - t)), np.sign(y - t) / len(y)


def with_the_constant(y, t):
    return np.mean(-np.log(np.exp(-np.abs(t - y)) / 2)), np.sign(y - t) / len(y)


def squared_error(y, t):
    return np.mean((y - t) ** 2), 2 * (y - t) / y.size


def exponential_overflows(z, t):
    loss = np.log(np.exp(z).sum(axis=1)) - (t * z).sum(axis=1)
    return np.mean(loss), (softmax(z) - t) / len(z)


def logarithm_of_probabilities(z, t):
    p = softmax(z)
    return np.mean(-(t * np.log(p)).sum(axis=1)), (p - t) / len(z)


def clipped_as_in_keras(z, t):
    p = np.clip(softmax(z), 1e-7, 1 - 1e-7)
    return np.mean(-(t * np.log(p)).sum(axis=1)), (softmax(z) - t) / len(z)


def largest_share_only(z, t):
    rows, labels = np.arange(len(z)), t.argmax(axis=1)
    dz = softmax(z)
    dz[rows, labels] -= 1
    return np.mean(log_sum_exp(z) - z[rows, labels]), dz / len(z)


def shared_gradient_of_the_sum(z, t):
    return np.mean(log_sum_exp(z) - (t * z).sum(axis=1)), softmax(z) - t


def shared_gradient_over_all_scores(z, t):
    return np.mean(log_sum_exp(z) - (t * z).sum(axis=1)), (softmax(z) - t) / z.size


def shared_loss_over_all_numbers(z, t):
    return -np.mean(t * log_softmax(z)), (softmax(z) - t) / len(z)


def both_over_all_numbers(z, t):
    return -np.mean(t * log_softmax(z)), (softmax(z) - t) / z.size


def classes_not_summed(z, t):
    return np.mean(log_sum_exp(z) - t * z), (softmax(z) - t) / len(z)


def shared_gradient_downhill(z, t):
    return np.mean(log_sum_exp(z) - (t * z).sum(axis=1)), (t - softmax(z)) / len(z)


def shared_sums(z, t):
    return np.sum(log_sum_exp(z) - (t * z).sum(axis=1)), softmax(z) - t


def truth_and_prediction_exchanged(z, t):
    p = softmax(z)
    return np.mean(-(p * np.log(t)).sum(axis=1)), (p - t) / len(z)


WRONG = [
    ("02.1", softmax(SCORES)[0], "These are the probabilities."),
    ("02.1", TRUTH - softmax(SCORES)[0], "That is the push,"),
    ("02.1", np.array([1, 1, 1]) / 3 - TRUTH, "That belongs to three equal scores."),
    ("02.1", (softmax(SCORES)[0] - TRUTH) / 3, "You divided by the number of classes."),
    ("02.1", softmax(SCORES)[0] - [1, 0, 0], "Which class is the true one?"),
    ("02.1", SCORES[0] - TRUTH, "These are the scores, less 1 at the truth."),
    ("02.2", gradient_of_the_sum, "The loss is right. Its gradient is that of the sum:"),
    ("02.2", gradient_downhill, "The loss is right, the gradient points downhill."),
    ("02.2", gradient_as_large_as_the_error, "The loss is right. The slope of |e|"),
    ("02.2", gradient_of_squared_error, "The loss is right, the gradient is that of squared error."),
    ("02.2", mean_of_log_p, "The loss must not be negative:"),
    ("02.2", sums, "These are sums over the batch."),
    ("02.2", loss_is_a_sum, "The gradient is right. The loss is a sum:"),
    ("02.2", with_the_constant, "The constant is still in the loss."),
    ("02.2", squared_error, "That is squared error,"),
    ("02.3", exponential_overflows, "Right on small scores."),
    ("02.3", logarithm_of_probabilities, "Right on small scores."),
    ("02.3", clipped_as_in_keras, "Clipped probabilities make"),
    ("02.3", largest_share_only, "You kept the largest share of each row only."),
    ("02.3", shared_gradient_of_the_sum, "The loss is right, the gradient is that of the sum"),
    ("02.3", shared_gradient_over_all_scores, "The loss is right. Its gradient is divided"),
    ("02.3", shared_loss_over_all_numbers, "The gradient is right. The loss is a mean over the rows,"),
    ("02.3", both_over_all_numbers, "The mean is over the rows,"),
    ("02.3", classes_not_summed, "Each row has one surprise:"),
    ("02.3", shared_gradient_downhill, "The loss is right, the gradient points downhill."),
    ("02.3", shared_sums, "These are sums over the rows."),
    ("02.3", truth_and_prediction_exchanged, "Which is the truth,"),
    ("02.4", 1 / 100, "That is a probability."),
    ("02.4", 0, "That is a shrug:"),
    ("02.4", np.log(0.99 / 0.01), "With this logit most parts are called defective."),
    ("02.4", np.log(1 / 100), "That is the logarithm of the share."),
    ("02.4", round(np.log(0.01 / 0.99), 1), "Close:"),
    ("02.4", round(np.log(0.01 / 0.99), 2), "Close:"),
    ("02.4", -10, "The detector is too sure"),
    ("02.4", -5, "The detector is too sure"),
    ("02.4", -2, "Still too many parts are suspected:"),
    ("02.4", -4, "Still too many parts are suspected:"),
    ("02.5", np.log(1000), "That is the shrug,"),
    ("02.5", np.log(1 + 1000 / np.e), "One class of the thousand is the truth."),
    ("02.5", round(np.log(1 + 1000 / np.e), 3), "One class of the thousand is the truth."),
    ("02.5", np.log(999 / np.e), "Close. The true class has a term"),
    ("02.5", round(np.log(999 / np.e), 3), "Close. The true class has a term"),
    ("02.5", np.log(1000) - 1, "Close. In the sum, too,"),
    ("02.5", np.log(1 + 9 / np.e), "That is the floor for ten classes."),
    ("02.5", np.e / (np.e + 999), "That is the largest probability."),
    ("02.5", (np.e + 999) / np.e, "That is one over the largest probability."),
    ("02.5", np.log(np.e / (np.e + 999)), "A surprise is never negative:"),
    ("02.5", 0, "With one softmax a perfect network"),
]
