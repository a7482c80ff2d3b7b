"""Chapter 14: why it is worse tomorrow."""

import numpy as np


def hat_matrix(x, l2):
    return x @ np.linalg.inv(x.T @ x + l2 * np.eye(x.shape[1])) @ x.T


def trace_of_the_inverse(x, l2):
    return np.trace(np.linalg.inv(x.T @ x + l2 * np.eye(x.shape[1])))


def penalty_times_n(x, l2):
    return np.trace(x @ np.linalg.inv(x.T @ x + len(x) * l2 * np.eye(x.shape[1])) @ x.T)


def penalty_twice(x, l2):
    return np.trace(x @ np.linalg.inv(x.T @ x + 2 * l2 * np.eye(x.shape[1])) @ x.T)


def penalty_on_every_entry(x, l2):
    return np.trace(x @ np.linalg.inv(x.T @ x + l2) @ x.T)


def singular_values_not_squared(x, l2):
    s = np.linalg.svd(x, compute_uv=False)
    return np.sum(s / (s + l2))


def trace_of_the_square(x, l2):
    H = hat_matrix(x, l2)
    return np.trace(H @ H)


def variance_shares_squared(x, l2):
    s2 = np.linalg.svd(x, compute_uv=False) ** 2
    return np.sum((s2 / (s2 + l2)) ** 2)


def batch_norm_as_given(x, gamma, beta, moving_mean, moving_variance, training):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    if training:
        moving_mean = 0.1 * moving_mean + 0.9 * mean
        moving_variance = 0.1 * moving_variance + 0.9 * variance
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta, moving_mean, moving_variance


def predicts_by_the_batch(x, gamma, beta, moving_mean, moving_variance, training):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    if training:
        moving_mean = 0.9 * moving_mean + 0.1 * mean
        moving_variance = 0.9 * moving_variance + 0.1 * variance
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta, moving_mean, moving_variance


def averages_forget(x, gamma, beta, moving_mean, moving_variance, training):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        moving_mean = 0.1 * moving_mean + 0.9 * mean
        moving_variance = 0.1 * moving_variance + 0.9 * variance
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta, moving_mean, moving_variance


def prediction_moves_the_averages(x, gamma, beta, moving_mean, moving_variance, training):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    moving_mean = 0.9 * moving_mean + 0.1 * mean
    moving_variance = 0.9 * moving_variance + 0.1 * variance
    if not training:
        mean, variance = moving_mean, moving_variance
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta, moving_mean, moving_variance


def trains_by_the_averages(x, gamma, beta, moving_mean, moving_variance, training):
    if training:
        moving_mean = 0.9 * moving_mean + 0.1 * x.mean(axis=0)
        moving_variance = 0.9 * moving_variance + 0.1 * x.var(axis=0)
    return gamma * (x - moving_mean) / np.sqrt(moving_variance + 1e-3) + beta, moving_mean, moving_variance


def variance_over_n_less_one(x, gamma, beta, moving_mean, moving_variance, training):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0, ddof=1)
        moving_mean = 0.9 * moving_mean + 0.1 * mean
        moving_variance = 0.9 * moving_variance + 0.1 * variance
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta, moving_mean, moving_variance


def small_number_beside_the_root(x, gamma, beta, moving_mean, moving_variance, training):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        moving_mean = 0.9 * moving_mean + 0.1 * mean
        moving_variance = 0.9 * moving_variance + 0.1 * variance
    return gamma * (x - mean) / (np.sqrt(variance) + 1e-3) + beta, moving_mean, moving_variance


STRENGTHS = 10.0 ** np.arange(-3, 4)


def least_squares(F, t, l2):
    return F.T @ np.linalg.solve(F @ F.T + l2 * np.eye(len(F)), t)


def shares_read(F, t, F_val, y_val):
    return [np.mean((F_val @ least_squares(F, t, l2)).argmax(axis=1) == y_val) for l2 in STRENGTHS]


def best_on_training_digits(F, t, F_val, y_val):
    return STRENGTHS[np.argmax(shares_read(F, t, F, t.argmax(axis=1)))]


def share_of_the_best(F, t, F_val, y_val):
    return max(shares_read(F, t, F_val, y_val))


def place_of_the_best(F, t, F_val, y_val):
    return np.argmax(shares_read(F, t, F_val, y_val))


def worst_l2(F, t, F_val, y_val):
    return STRENGTHS[np.argmin(shares_read(F, t, F_val, y_val))]


def best_by_squared_error(F, t, F_val, y_val):
    t_val = np.eye(10)[y_val]
    return min(STRENGTHS, key=lambda l2: np.mean((F_val @ least_squares(F, t, l2) - t_val) ** 2))


def best_weights(F, t, F_val, y_val):
    return least_squares(F, t, STRENGTHS[np.argmax(shares_read(F, t, F_val, y_val))])


WRONG = [
    ("14.1", 2 * 0.5**2 * 20 / 100, "That is the gap alone."),
    ("14.1", 0.30 + 0.5**2 * 20 / 100, "That adds the variance once."),
    ("14.1", 0.30 + 2 * 0.5 * 20 / 100, "The noise counts by its square"),
    ("14.1", 0.30 - 2 * 0.5**2 * 20 / 100, "Tomorrow is not better than today."),
    ("14.1", 0.30 + 2 * 0.5**2 * 100 / 20, "p over N, not N over p"),
    ("14.1", 0.5**2, "That is the noise alone."),
    ("14.1", 0.5**2 * (1 + 20 / 100), "That is today's error again"),
    ("14.1", 0.30, "That is today's error again"),
    ("14.2", lambda x, l2: x.shape[1], "That is p:"),
    ("14.2", trace_of_the_inverse, "That is the trace of the inverse alone."),
    ("14.2", penalty_times_n, "The penalty is l2 * ||w||^2 against a *sum* of squares"),
    ("14.2", penalty_twice, "The factor 2 of the penalty's gradient"),
    ("14.2", hat_matrix, "That is the matrix itself."),
    ("14.2", lambda x, l2: hat_matrix(x, l2).sum(), "That is the sum over all entries of the matrix."),
    ("14.2", penalty_on_every_entry, "The penalty stands on the diagonal only"),
    ("14.2", lambda x, l2: x.shape[1] - np.trace(hat_matrix(x, l2)), "That is what the penalty has taken away."),
    ("14.2", trace_of_the_square, "That is the trace of the matrix times itself"),
    ("14.2", variance_shares_squared, "That is the trace of the matrix times itself"),
    ("14.2", singular_values_not_squared, "The squares of the singular values stand beside the penalty"),
    ("14.3", 100 * 0.1**2 * 0.2 / 0.8, "That is the variance."),
    ("14.3", np.sqrt(100 * 0.1**2 * 0.8 * 0.2), "That would be so if what is kept were not divided"),
    ("14.3", 100 * 0.1 * np.sqrt(0.2 / 0.8), "Variances of independent numbers add up"),
    ("14.3", 0.1 * np.sqrt(0.2 / 0.8), "That is the deviation of a single number"),
    ("14.3", 0, "The mean stays, but the sum does vary"),
    ("14.3", 100 * 0.1, "That is the mean."),
    ("14.3", 0.2 * 100 * 0.1, "That is what the mean would lose"),
    ("14.3", np.sqrt(100 * 0.2 * 0.1**2), "A term that is kept is 0.1/0.8."),
    ("14.3", np.sqrt(100 * 0.1**2 * 0.8 * 0.2 / 0.8), "A term that is kept is 0.1/0.8."),
    ("14.3", np.sqrt(100 * 0.8 * (0.1 / 0.8) ** 2), "A mean square alone is no variance"),
    ("14.3", np.sqrt(100 * 0.1**2 * 0.8 * 0.2) / 0.8**2, "The unscaled variance is divided by the square"),
    ("14.4", batch_norm_as_given, "This is the layer as it was given."),
    ("14.4", predicts_by_the_batch, "Training is right now."),
    ("14.4", averages_forget, "The right statistics, but the moving averages forget"),
    ("14.4", prediction_moves_the_averages, "Prediction changes the moving averages"),
    ("14.4", trains_by_the_averages, "Now training uses the moving averages as well"),
    ("14.4", variance_over_n_less_one, "The variance is that of the batch, over N"),
    ("14.4", small_number_beside_the_root, "The small number belongs under the root."),
    ("14.5", lambda F, t, F_val, y_val: 10, "That is the chapter's number."),
    ("14.5", best_on_training_digits, "The digits that W was fitted to"),
    ("14.5", share_of_the_best, "That is the share of the digits"),
    ("14.5", place_of_the_best, "That is its place in the list."),
    ("14.5", worst_l2, "That is the one which reads the fewest."),
    ("14.5", best_by_squared_error, "That one has the least squared error"),
    ("14.5", best_weights, "That is a W."),
]
