"""How good is it? Counts and shares, written out. Each agrees with scikit-learn's function of the same name."""

import numpy as np


def accuracy(prediction, labels):
    """Share of the rows that are classified rightly.

    Parameters
    ----------
    prediction : ndarray (N, C), scores of any kind, the largest wins; or (N,), int, the classes themselves
    labels : ndarray (N,), int          true classes

    Returns
    -------
    float in 0..1

    Raises
    ------
    ValueError      for an empty set, NaN scores, or numbers of rows that differ
    """
    classes, labels = _classes(prediction, labels)
    return float(np.mean(classes == labels))


def confusion_matrix(prediction, labels, n_classes):
    """Counts of (true class, predicted class): rows are truths, columns are predictions, the diagonal is right.

    Parameters
    ----------
    prediction : ndarray (N, C) or (N,)     as in `accuracy`
    labels : ndarray (N,), int              true classes, 0..n_classes-1
    n_classes : int

    Returns
    -------
    counts : ndarray (n_classes, n_classes), int        sums to N

    Raises
    ------
    ValueError      as `accuracy`, and for a class outside 0..n_classes-1
    """
    classes, labels = _classes(prediction, labels)
    for name, values in (("labels", labels), ("predicted classes", classes)):
        if values.min() < 0 or values.max() >= n_classes:
            raise ValueError(f"{name} in 0..{n_classes - 1} expected: got {values.min()} to {values.max()}")
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, classes), 1)
    return counts


def _classes(prediction, labels):
    """The predicted and the true class of each row, as arrays."""
    prediction, labels = np.asarray(prediction), np.asarray(labels)
    if labels.ndim != 1 or len(labels) == 0 or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers of shape (N,), N > 0: got {labels.dtype} {labels.shape}")
    if prediction.ndim not in (1, 2) or len(prediction) != len(labels):
        raise ValueError(f"one row a label expected: prediction {prediction.shape}, labels {labels.shape}")
    if prediction.ndim == 2:
        if prediction.shape[1] < 2:
            raise ValueError(f"scores of at least two classes expected, or classes (N,): got {prediction.shape}")
        if np.isnan(prediction).any():
            raise ValueError(f"scores must not be NaN: got {np.isnan(prediction).sum()} of them")
        return prediction.argmax(axis=1), labels
    if prediction.dtype.kind not in "iu":
        raise ValueError(f"predicted classes must be whole numbers: got {prediction.dtype} {prediction.shape}")
    return prediction, labels
