"""Losses: pure functions (prediction, target) -> (loss, gradient of the loss with respect to the prediction).

Each is the mean over the batch, as Keras defines it, so the gradient already carries the 1/N.
"""

import numpy as np

from .activations import sigmoid


def mean_squared_error(prediction, target):
    """Mean of the squared differences, and its gradient.

    loss = mean over all elements of (prediction - target)^2          <- examples and outputs alike, as in Keras

    Parameters
    ----------
    prediction, target : ndarray, float, one shape      (N, 1) against (N,) is refused: it would broadcast to (N, N)

    Returns
    -------
    loss : float                        in the squared unit of the target
    dprediction : ndarray, that shape   2 (prediction - target) / number of elements

    Raises
    ------
    ValueError      for two shapes, an empty batch, integers as prediction, NaN or infinity
    """
    _require_prediction(prediction)
    _require_same_shape(prediction, target)
    error = prediction - target.astype(prediction.dtype, copy=False)
    return float(np.mean(error * error)), error * (2 / error.size)


def binary_cross_entropy(logits, target):
    """Mean cross-entropy of sigmoid(`logits`) against `target`, and its gradient. Exact for logits of any size.

    loss = mean of -t log s - (1 - t) log(1 - s),  s = sigmoid(z)     <- the rule, as on paper
         = mean of max(z, 0) - t z + log(1 + exp(-|z|))               <- the same, without log(0)

    Parameters
    ----------
    logits : ndarray, float             scores before the sigmoid, any shape
    target : ndarray, the same shape    0 or 1, or a probability between

    Returns
    -------
    loss : float                        in nats; log 2 for logits of 0
    dlogits : ndarray, that shape       (s - t) / number of elements

    Raises
    ------
    ValueError      for two shapes, an empty batch, integer logits, NaN or infinity, targets outside 0..1

    References
    ----------
    Goodfellow et al. (2016), Deep Learning, section 6.2.2.2.
    """
    _require_prediction(logits)
    _require_same_shape(logits, target)
    if target.min() < 0 or target.max() > 1:
        raise ValueError(f"targets between 0 and 1 expected: got {target.min()} to {target.max()}")
    target = target.astype(logits.dtype, copy=False)
    loss = np.maximum(logits, 0) - target * logits + np.log1p(np.exp(-np.abs(logits)))
    return float(loss.mean()), (sigmoid(logits) - target) / logits.size


def softmax_cross_entropy(logits, labels):
    """Mean cross-entropy of softmax(`logits`) against `labels`, and its gradient. Exact for logits of any size.

    loss = -mean_i log softmax(logits_i)[labels_i]                    <- the rule, as on paper

    Parameters
    ----------
    logits : ndarray (N, C), float      unnormalised scores
    labels : ndarray (N,), int          true classes, 0..C-1

    Returns
    -------
    loss : float                        in nats; log(C) for equal scores
    dlogits : ndarray (N, C)            (softmax(logits) - onehot(labels)) / N; every row sums to 0

    Raises
    ------
    ValueError      unless there is one label in 0..C-1 a row, and every logit is finite

    References
    ----------
    Goodfellow et al. (2016), Deep Learning, section 6.2.2.3.
    """
    _require_prediction(logits)
    _require_labels(logits, labels)
    rows = np.arange(len(labels))
    shifted = logits - logits.max(axis=1, keepdims=True)        # log-sum-exp: exp sees nothing above 0
    probabilities = np.exp(shifted)
    totals = probabilities.sum(axis=1, keepdims=True)
    loss = (np.log(totals[:, 0]) - shifted[rows, labels]).sum() / len(labels)
    probabilities /= totals
    probabilities[rows, labels] -= 1
    probabilities /= len(labels)
    return float(loss), probabilities


def _require_prediction(prediction):
    if not isinstance(prediction, np.ndarray) or prediction.dtype.kind != "f" or prediction.size == 0:
        shape, dtype = getattr(prediction, "shape", None), getattr(prediction, "dtype", type(prediction).__name__)
        raise ValueError(f"predictions must be a non-empty float array: got {dtype} of shape {shape}")
    if not np.isfinite(prediction).all():
        n_bad = prediction.size - np.isfinite(prediction).sum()
        raise ValueError(f"predictions must be finite: got {n_bad} NaN or infinite of {prediction.size}")


def _require_same_shape(prediction, target):
    if not isinstance(target, np.ndarray) or target.shape != prediction.shape:
        got = getattr(target, "shape", type(target).__name__)
        raise ValueError(f"target of the prediction's shape expected: prediction {prediction.shape}, target {got}")
    if target.dtype.kind not in "fiub" or not np.isfinite(target).all():
        raise ValueError(f"targets must be finite numbers: got dtype {target.dtype}, {target!r}")


def _require_labels(logits, labels):
    if logits.ndim != 2 or not isinstance(labels, np.ndarray) or labels.shape != logits.shape[:1]:
        got = getattr(labels, "shape", type(labels).__name__)
        raise ValueError(f"one label per row expected: logits {logits.shape}, labels {got}")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers 0..{logits.shape[1] - 1}: got dtype {labels.dtype}")
    if labels.min() < 0 or labels.max() >= logits.shape[1]:
        raise ValueError(f"labels in 0..{logits.shape[1] - 1} expected: got {labels.min()} to {labels.max()}")
