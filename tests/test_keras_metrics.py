"""Our metrics against Keras': equal where both count, near where Keras samples 200 thresholds.

Keras' metrics are objects that count over batches, and flag a probability *above* the threshold; ours take all rows at
once, and flag one *at* the threshold too.
"""

import keras
import numpy as np
import pytest

from utils import metrics

# Keras 3 hands TensorFlow's arrays to NumPy 2 in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TOLERANCE = 1e-5                                # Keras counts in float32


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def of_keras(metric, labels, prediction, batch_size=64):
    """What a metric object of Keras says after all rows, seen in batches."""
    for start in range(0, len(labels), batch_size):
        rows = slice(start, start + batch_size)
        metric.update_state(labels[rows], prediction[rows])
    return keras.ops.convert_to_numpy(metric.result())


def yes_or_no(rng, n=500):
    """Probabilities of class 1, and labels: three in ten are 1, and score higher."""
    labels = (rng.random(n) < 0.3).astype(int)
    return 1 / (1 + np.exp(-(rng.normal(size=n) + 1.5 * labels))), labels


def classes(rng, n=500, n_classes=4):
    """Probabilities of four classes, more often right than not, and labels: the later, the rarer."""
    labels = rng.choice(n_classes, n, p=[0.6, 0.25, 0.1, 0.05])
    weights = rng.random((n, n_classes)) + 0.5 * np.eye(n_classes)[labels]
    return (weights / weights.sum(axis=1, keepdims=True)).astype("float32"), labels


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_precision_and_recall_of_a_threshold_agree(rng, threshold):
    p, labels = yes_or_no(rng)
    flagged = (p >= threshold).astype(int)
    for ours, theirs in ((metrics.precision, keras.metrics.Precision), (metrics.recall, keras.metrics.Recall)):
        assert of_keras(theirs(threshold), labels, p) == pytest.approx(ours(flagged, labels), abs=TOLERANCE)


@pytest.mark.parametrize("metric, score", [(keras.metrics.Precision, 0), (keras.metrics.Recall, 0)])
def test_nothing_out_of_nothing_is_0_in_keras_too(metric, score):
    assert of_keras(metric(), np.zeros(3), np.zeros(3)) == score == metrics.precision([0, 0, 0], [0, 0, 0])


def test_at_the_threshold_itself_keras_does_not_flag():
    assert of_keras(keras.metrics.Recall(), np.array([1.0]), np.array([0.5])) == 0


def test_another_threshold_is_found(rng):
    p, labels = yes_or_no(rng)
    ours = metrics.precision((p >= 0.45).astype(int), labels)
    assert abs(of_keras(keras.metrics.Precision(0.5), labels, p) - ours) > 1000 * TOLERANCE


@pytest.mark.parametrize("average", [None, "macro", "micro", "weighted"])
def test_f1_of_several_classes_agrees(rng, average):
    p, labels = classes(rng)
    one_hot = np.eye(4, dtype="float32")[labels]
    ours = metrics.f1(p, labels, average)
    assert of_keras(keras.metrics.F1Score(average=average), one_hot, p) == pytest.approx(ours, abs=TOLERANCE)


def test_the_averages_of_f1_are_told_apart(rng):
    p, labels = classes(rng)
    found = [metrics.f1(p, labels, average) for average in ("macro", "micro", "weighted")]
    assert np.abs(np.subtract.outer(found, found))[np.triu_indices(3, 1)].min() > 1000 * TOLERANCE


def test_accuracy_agrees(rng):
    p, labels = classes(rng)
    theirs = of_keras(keras.metrics.SparseCategoricalAccuracy(), labels, p)
    assert theirs == pytest.approx(metrics.accuracy(p, labels), abs=TOLERANCE)


def test_the_brier_score_of_yes_or_no_is_the_mean_squared_error_of_keras(rng):
    p, labels = yes_or_no(rng)
    theirs = of_keras(keras.metrics.MeanSquaredError(), labels[:, np.newaxis], p[:, np.newaxis])
    assert theirs == pytest.approx(metrics.brier_score(p, labels), abs=TOLERANCE)


def test_of_rows_without_a_column_keras_takes_the_mean_of_each_batch_first(rng):
    """500 rows in batches of 64 leave a batch of 52, which then counts like the others."""
    p, labels = yes_or_no(rng)
    theirs = of_keras(keras.metrics.MeanSquaredError(), labels, p)
    assert abs(theirs - metrics.brier_score(p, labels)) > 50 * TOLERANCE


def test_the_area_agrees_where_keras_has_a_threshold_between_any_two_scores(rng):
    """Keras flags what lies above a threshold: in the middle of each gap, both mean the same rows."""
    p, labels = yes_or_no(rng)
    p = p.round(2)                              # ties
    scores = np.unique(p)
    between = ((scores[1:] + scores[:-1]) / 2).tolist()
    theirs = of_keras(keras.metrics.AUC(thresholds=between), labels, p)
    assert theirs == pytest.approx(metrics.roc_auc(p, labels), abs=TOLERANCE)


def test_two_hundred_thresholds_do_where_the_scores_are_spread(rng):
    p, labels = yes_or_no(rng, 5000)
    ours = metrics.roc_auc(p, labels)
    theirs = of_keras(keras.metrics.AUC(), labels, p)
    assert TOLERANCE / 10 < abs(theirs - ours) < 1e-3


def test_two_hundred_thresholds_see_nothing_of_scores_that_are_all_small(rng):
    """The order of the rows, all that an area knows, is the same."""
    p, labels = yes_or_no(rng)
    assert metrics.roc_auc(p / 250, labels) == metrics.roc_auc(p, labels) > 0.8
    assert of_keras(keras.metrics.AUC(), labels, p / 250) == pytest.approx(0.5)
