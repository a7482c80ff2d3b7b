"""Activations and their derivatives: pure functions of the pre-activation z, of any shape. Softmax takes the last axis.

References: Goodfellow et al. (2016), Deep Learning, sections 4.1 (stable softmax) and 6.3 (hidden units).
"""

import numpy as np


def relu(z):
    """max(z, 0), element by element."""
    return np.maximum(z, 0)


def relu_derivative(z):
    """1 where z > 0, else 0. At z = 0, where ReLU has no derivative, 0 by convention (Keras' too)."""
    return np.asarray(z > 0, dtype=np.result_type(z))


def sigmoid(z):
    """1 / (1 + exp(-z)), written so that exp never sees a positive number and never overflows."""
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)


def sigmoid_derivative(z):
    """s (1 - s) with s = sigmoid(z): 1/4 at z = 0, less everywhere else."""
    s = sigmoid(z)
    return s * (1 - s)


def tanh(z):
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z)), in (-1, 1)."""
    return np.tanh(z)


def tanh_derivative(z):
    """1 - tanh(z)^2: 1 at z = 0, less everywhere else."""
    return 1 - np.tanh(z) ** 2


def softmax(z):
    """exp(z) / sum(exp(z)) along the last axis: positive numbers that sum to 1.

    The largest score is subtracted first. That changes nothing on paper, and keeps exp from overflowing.
    """
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z):
    """log(softmax(z)) without the detour through numbers that round to 0: z - log(sum(exp(z)))."""
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax_jacobian(z):
    """dp_i/dz_j = p_i ([i = j] - p_j) with p = softmax(z): shape (..., C, C), rows and columns sum to 0."""
    p = softmax(z)
    return p[..., :, None] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :])


def log_softmax_jacobian(z):
    """d(log p_i)/dz_j = [i = j] - p_j with p = softmax(z): shape (..., C, C), rows sum to 0."""
    p = softmax(z)
    return np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :]
