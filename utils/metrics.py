"""How good is it? Counts, shares, curves and costs, written out. scikit-learn has each under a like name, and agrees.

decisions       accuracy, balanced_accuracy, confusion_matrix, precision, recall, f1, expected_cost
rankings        roc_curve, roc_auc, precision_recall_curve, average_precision, best_threshold
probabilities   brier_score, reliability_curve, expected_calibration_error

All take (prediction, labels), as the losses do; scikit-learn has the labels first. In questions of yes and no, class 1
is the positive one: the class that is looked for.
"""

import numpy as np

AVERAGES = ("binary", "micro", "macro", "weighted", None)
ROUNDING = 1e-4                                 # what float32 may miss the sum of probabilities by


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
    _check_range("labels", labels, n_classes)
    _check_range("predicted classes", classes, n_classes)
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, classes), 1)
    return counts


def precision(prediction, labels, average="binary"):
    """Share of the alarms that are right, TP / (TP + FP).

    Parameters
    ----------
    prediction : ndarray (N,) or (N, C)         as in `accuracy`
    labels : ndarray (N,), int                  true classes, 0..C-1
    average : str or None
        "binary": of class 1, where there are the classes 0 and 1 only
        None: an array (C,), each class in turn being the positive one
        "macro": the mean of those, each class alike; "weighted": each as often as it is true
        "micro": of the counts of all classes together, which for one class a row is the accuracy

    Returns
    -------
    float, or ndarray (C,)                      in 0..1; 0/0, where nothing was to be found, counts as 0

    C is the number of columns of scores; for classes (N,), the largest that occurs, and one more.

    Raises
    ------
    ValueError      as `confusion_matrix`, for another average, and for "binary" with more than two classes
    """
    return _score(lambda tp, fp, fn: _share(tp, tp + fp), prediction, labels, average)


def recall(prediction, labels, average="binary"):
    """Share of the positives that are found, TP / (TP + FN). Everything else as in `precision`."""
    return _score(lambda tp, fp, fn: _share(tp, tp + fn), prediction, labels, average)


def f1(prediction, labels, average="binary"):
    """2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall. Everything else as in `precision`."""
    return _score(lambda tp, fp, fn: _share(2 * tp, 2 * tp + fp + fn), prediction, labels, average)


def balanced_accuracy(prediction, labels):
    """Mean of the recalls of those classes that occur in `labels`: 1/C for whoever always says the same.

    Raises
    ------
    ValueError      as `confusion_matrix`
    """
    matrix = _matrix(prediction, labels)
    true = matrix.sum(axis=1)
    return float(np.mean(np.diag(matrix)[true > 0] / true[true > 0]))


def expected_cost(prediction, labels, *, cost_fp, cost_fn):
    """What a row costs on average, where each false alarm costs `cost_fp` and each positive that is missed `cost_fn`.

    Raises
    ------
    ValueError      as `precision` with average="binary"; and unless both costs are finite and not negative
    """
    _check_costs(cost_fp, cost_fn)
    (_, fp), (fn, _) = _matrix(prediction, labels, binary=True)
    return float((cost_fp * fp + cost_fn * fn) / len(labels))


def roc_curve(scores, labels):
    """Share of the negatives and share of the positives that are flagged, at every threshold: score >= threshold.

    Parameters
    ----------
    scores : ndarray (N,)               of class 1, of any scale
    labels : ndarray (N,), int          0 or 1; both occur

    Returns
    -------
    false_positive_rates : ndarray (M,)     rises from 0 to 1
    true_positive_rates : ndarray (M,)      rises from 0 to 1; another name of recall
    thresholds : ndarray (M,)               falls, from infinity (nothing is flagged) through all scores that occur

    Raises
    ------
    ValueError      for scores that are no finite numbers, one a label, or labels that are not 0 and 1, both

    References
    ----------
    Fawcett (2006), An introduction to ROC analysis, Pattern Recognition Letters 27, 861-874.
    """
    tp, fp, thresholds = _counts_by_threshold(scores, labels)
    return fp / fp[-1], tp / tp[-1], thresholds


def roc_auc(scores, labels):
    """Area under the ROC curve: the chance that a random positive scores above a random negative, ties counting half.

    Parameters and errors as in `roc_curve`; 1 for a perfect order, 1/2 for scores that know nothing.
    """
    false_positive_rates, true_positive_rates, _ = roc_curve(scores, labels)
    heights = (true_positive_rates[1:] + true_positive_rates[:-1]) / 2
    return float(np.sum(np.diff(false_positive_rates) * heights))


def precision_recall_curve(scores, labels):
    """Precision and recall at every threshold, score >= threshold.

    Parameters and errors as in `roc_curve`.

    Returns
    -------
    precisions, recalls : ndarray (M + 1,)      the last are 1 and 0, where nothing is flagged
    thresholds : ndarray (M,)                   rises through all scores that occur: scikit-learn's order, and not that
                                                of `roc_curve`
    """
    tp, fp, thresholds = _counts_by_threshold(scores, labels)
    precisions = np.append(1.0, tp[1:] / (tp[1:] + fp[1:]))
    return precisions[::-1], (tp / tp[-1])[::-1], thresholds[:0:-1]


def average_precision(scores, labels):
    """Mean of the precisions at which each further share of the positives is found: sum (R_n - R_(n-1)) P_n.

    Parameters and errors as in `roc_curve`. Scores that know nothing are worth the share of positives.
    """
    precisions, recalls, _ = precision_recall_curve(scores, labels)
    return float(np.sum(-np.diff(recalls) * precisions[:-1]))


def best_threshold(scores, labels, *, cost_fp, cost_fn):
    """The threshold at which flagging score >= threshold costs least on these rows; of several, the highest.

    Parameters and errors as in `roc_curve` and `expected_cost`. Infinity means: flag nothing.
    """
    _check_costs(cost_fp, cost_fn)
    tp, fp, thresholds = _counts_by_threshold(scores, labels)
    costs = cost_fp * fp - cost_fn * tp         # less the cost of flagging nothing, the same for all
    return float(thresholds[costs.argmin()])


def brier_score(probabilities, labels):
    """Mean squared distance of the probabilities from what happened: 0 at best.

    Parameters
    ----------
    probabilities : ndarray (N,), of class 1; or (N, C), one column a class
    labels : ndarray (N,), int          0 or 1; or 0..C-1

    Returns
    -------
    float               (N,): mean of (p - label)^2, in 0..1. (N, C): mean over the rows of the sum over the classes, in
                        0..2, for two classes halved, so that both forms of the same claim have the same score

    Raises
    ------
    ValueError          for NaN, numbers outside 0..1, rows that do not sum to 1, (N, 1), or labels out of range

    References
    ----------
    Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78, 1-3.
    """
    probabilities, labels = _probabilities(probabilities, labels)
    if probabilities.ndim == 1:
        return float(np.mean((probabilities - labels) ** 2))
    n_classes = probabilities.shape[1]
    squares = np.sum((probabilities - np.eye(n_classes)[labels]) ** 2, axis=1)
    return float(np.mean(squares)) / (2 if n_classes == 2 else 1)


def reliability_curve(probabilities, labels, n_bins=10):
    """Mean confidence and share right of the rows in each bin of confidence: equal where probabilities are honest.

    Parameters
    ----------
    probabilities : ndarray (N,), of class 1: the confidence that the label is 1; or
                    (N, C), one column a class: the confidence is the largest, and right is who names the true class
    labels : ndarray (N,), int          0 or 1; or 0..C-1
    n_bins : int                        bins of equal width from 0 to 1; each holds its upper edge, the first also 0

    Returns
    -------
    mean_confidence, share_right, counts : ndarray (M,)     one entry for each bin with rows in it; counts sum to N

    Raises
    ------
    ValueError          as `brier_score`, and unless n_bins is a whole number from 1 up
    """
    confidence, is_right = _claims(probabilities, labels)
    if not isinstance(n_bins, int | np.integer) or n_bins < 1:
        raise ValueError(f"n_bins must be a whole number from 1 up: got {n_bins!r}")
    inner_edges = np.linspace(0, 1, n_bins + 1)[1:-1]
    bins = np.searchsorted(inner_edges, confidence)
    _, bins, counts = np.unique(bins, return_inverse=True, return_counts=True)
    return np.bincount(bins, confidence) / counts, np.bincount(bins, is_right) / counts, counts


def expected_calibration_error(probabilities, labels, n_bins=10):
    """Mean distance between confidence and share right, over the bins of `reliability_curve`, weighted by their rows.

    Parameters and errors as in `reliability_curve`.

    References
    ----------
    Guo, Pleiss, Sun and Weinberger (2017), On Calibration of Modern Neural Networks, section 2.
    """
    mean_confidence, share_right, counts = reliability_curve(probabilities, labels, n_bins)
    return float(np.average(np.abs(mean_confidence - share_right), weights=counts))


def _share(part, whole):
    """`part` / `whole` of counts, and 0 for 0/0: a part of nothing is 0 as well."""
    return part / np.maximum(whole, 1)


def _score(rule, prediction, labels, average):
    """`rule`(TP, FP, FN) of class 1, of all counts together, of each class, or the mean over the classes."""
    if average not in AVERAGES:
        raise ValueError(f"average must be one of {AVERAGES}: got {average!r}")
    matrix = _matrix(prediction, labels, binary=average == "binary")
    tp, predicted, true = np.diag(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    counts = np.array([tp, predicted - tp, true - tp])              # TP, FP, FN of each class
    if average in ("binary", "micro"):
        return float(rule(*(counts[:, 1] if average == "binary" else counts.sum(axis=1))))
    scores = rule(*counts)
    return scores if average is None else float(np.average(scores, weights=true if average == "weighted" else None))


def _matrix(prediction, labels, binary=False):
    """The confusion matrix, for as many classes as there are columns of scores, or as occur."""
    classes, truth = _classes(prediction, labels)
    n_classes = np.shape(prediction)[1] if np.ndim(prediction) == 2 else 1 + int(max(classes.max(), truth.max()))
    if binary and n_classes > 2:
        raise ValueError(f'classes 0 and 1 expected, or average=None, "macro", ...: got {n_classes} classes')
    return confusion_matrix(classes, truth, 2 if binary else n_classes)


def _check_costs(*costs):
    if not all(np.isfinite(cost) and cost >= 0 for cost in costs):
        raise ValueError(f"finite costs that are not negative expected: got cost_fp, cost_fn = {costs}")


def _counts_by_threshold(scores, labels):
    """TP and FP of score >= threshold, and the thresholds: infinity, then all scores that occur, falling."""
    scores, labels = _scores(scores, labels)
    negated, ranks = np.unique(-scores, return_inverse=True)
    tp, fp = [np.cumsum(np.bincount(ranks, labels == label)) for label in (1, 0)]
    return np.append(0.0, tp), np.append(0.0, fp), np.append(np.inf, -negated)


def _claims(probabilities, labels):
    """The confidence of each row, and whether what it is confident of came true."""
    probabilities, labels = _probabilities(probabilities, labels)
    if probabilities.ndim == 1:
        return probabilities, labels == 1
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels


def _scores(scores, labels):
    """A finite score and a label of 0 or 1 for each row, both labels occurring, as arrays."""
    scores, labels = np.asarray(scores), _labels(labels)
    if scores.shape != labels.shape:
        raise ValueError(f"one score of class 1 a label expected: scores {scores.shape}, labels {labels.shape}")
    if scores.dtype.kind not in "iuf" or not np.isfinite(scores).all():
        raise ValueError(f"scores must be finite numbers: got {scores.dtype}, {scores.ravel()[:3]} ...")
    if set(labels.tolist()) != {0, 1}:
        raise ValueError(f"labels 0 and 1 expected, and both: got {np.unique(labels)}")
    return scores.astype(float), labels


def _probabilities(probabilities, labels):
    """Probabilities (N,) or (N, C) and a label for each row, as arrays."""
    probabilities, labels = np.asarray(probabilities), _labels(labels)
    if probabilities.ndim not in (1, 2) or len(probabilities) != len(labels) or probabilities.shape[1:] == (1,):
        raise ValueError("probabilities (N,) of class 1, or (N, C) with C > 1, expected, one row a label "
                         f"(of a column (N, 1) take [:, 0]): got {probabilities.shape}, labels {labels.shape}")
    if probabilities.dtype.kind not in "iuf" or not np.all((probabilities >= 0) & (probabilities <= 1 + ROUNDING)):
        raise ValueError(f"probabilities from 0 to 1 expected: got {probabilities.dtype}, "
                         f"{np.min(probabilities)} to {np.max(probabilities)}")
    if probabilities.ndim == 2 and np.any(np.abs(probabilities.sum(axis=1) - 1) > ROUNDING):
        sums = probabilities.sum(axis=1)
        raise ValueError(f"rows that sum to 1 expected: got sums from {sums.min()} to {sums.max()}")
    _check_range("labels", labels, 2 if probabilities.ndim == 1 else probabilities.shape[1])
    return probabilities.astype(float), labels


def _check_range(name, values, n_classes):
    if values.min() < 0 or values.max() >= n_classes:
        raise ValueError(f"{name} in 0..{n_classes - 1} expected: got {values.min()} to {values.max()}")


def _labels(labels):
    labels = np.asarray(labels)
    if labels.ndim != 1 or len(labels) == 0 or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers of shape (N,), N > 0: got {labels.dtype} {labels.shape}")
    return labels


def _classes(prediction, labels):
    """The predicted and the true class of each row, as arrays."""
    prediction, labels = np.asarray(prediction), _labels(labels)
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
