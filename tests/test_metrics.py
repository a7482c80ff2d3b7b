import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import generators, refused, repeatable

from utils.metrics import accuracy, confusion_matrix

LABELS = np.array([0, 1, 2, 2])
SCORES = np.array([[3.0, 1.0, 2.0], [5.0, 4.0, -9.0], [0.0, 1.0, 2.0], [-3.0, -2.0, -1.0]])      # largest: 0, 0, 2, 2


def test_three_of_four_right_is_an_accuracy_of_three_quarters():
    assert accuracy(SCORES, LABELS) == accuracy(np.array([0, 0, 2, 2]), LABELS) == 3 / 4
    assert type(accuracy(SCORES, LABELS)) is float


def test_rows_of_the_confusion_matrix_are_truths_and_columns_predictions():
    assert confusion_matrix(SCORES, LABELS, 3).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 2]]
    assert confusion_matrix(np.array([0, 0, 2, 2]), LABELS, 3).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 2]]


def test_classes_that_nobody_saw_have_rows_and_columns_of_0():
    counts = confusion_matrix(np.array([1]), np.array([1]), 3)
    assert counts.tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]] and counts.dtype == int


@repeatable
@given(generators, st.integers(1, 50), st.integers(2, 5))
def test_the_confusion_matrix_counts_every_row_once_and_accuracy_is_its_diagonal(rng, n, n_classes):
    prediction, labels = rng.integers(0, n_classes, (2, n))
    counts = confusion_matrix(prediction, labels, n_classes)
    assert counts.sum(axis=1).tolist() == np.bincount(labels, minlength=n_classes).tolist()
    assert counts.sum(axis=0).tolist() == np.bincount(prediction, minlength=n_classes).tolist()
    assert accuracy(prediction, labels) == pytest.approx(np.trace(counts) / n)
    assert accuracy(np.eye(n_classes)[prediction], labels) == accuracy(prediction, labels)


def test_lists_have_an_accuracy_too():
    assert accuracy([0, 1, 2], [0, 1, 1]) == accuracy([[1, 0], [0, 1], [1, 0]], [0, 1, 1]) == 2 / 3


def test_scores_may_be_infinite_and_labels_small_integers():
    assert accuracy(np.array([[-np.inf, 0.0], [np.inf, 0.0]]), np.array([1, 0], np.uint8)) == 1
    assert accuracy(np.array([1, 0], np.uint8), np.array([1, 1], np.int8)) == 1 / 2


@pytest.mark.parametrize("prediction, labels, quotes", [
    (SCORES[:0], LABELS[:0], ["N > 0", "(0,)"]),
    (SCORES, LABELS[:, np.newaxis], ["shape (N,)", "(4, 1)"]),
    (SCORES, LABELS.astype(float), ["whole numbers", "float64"]),
    (SCORES, LABELS == 0, ["whole numbers", "bool"]),
    (SCORES[:3], LABELS, ["prediction (3, 3)", "labels (4,)"]),
    (SCORES[np.newaxis], LABELS, ["prediction (1, 4, 3)", "labels (4,)"]),
    (np.zeros((4, 3, 1)), LABELS, ["prediction (4, 3, 1)", "labels (4,)"]),
    (np.where(np.eye(4, 3), np.nan, SCORES), LABELS, ["NaN", "3 of them"]),
    (np.array([0.2, 0.7, 0.9, 0.1]), LABELS, ["predicted classes", "whole numbers", "float64 (4,)"]),
])
def test_both_refuse_what_is_no_prediction_of_these_labels(prediction, labels, quotes):
    for call in (lambda: accuracy(prediction, labels), lambda: confusion_matrix(prediction, labels, 3)):
        with refused(*quotes):
            call()


@pytest.mark.parametrize("prediction, labels, quotes", [
    ([0, 1], [0, 3], ["labels in 0..2", "0 to 3"]),
    ([0, 1], [-1, 2], ["labels in 0..2", "-1 to 2"]),
    ([0, 3], [0, 1], ["predicted classes in 0..2", "0 to 3"]),
    ([-1, 1], [0, 1], ["predicted classes in 0..2", "-1 to 1"]),
    (np.zeros((2, 4)) + [0, 0, 0, 1], [0, 1], ["predicted classes in 0..2", "3 to 3"]),
])
def test_the_confusion_matrix_refuses_classes_out_of_range(prediction, labels, quotes):
    with refused(*quotes):
        confusion_matrix(np.array(prediction), np.array(labels), 3)


@repeatable
@given(generators, st.integers(1, 50), st.integers(2, 5))
def test_both_agree_with_scikit_learn(rng, n, n_classes):
    from sklearn import metrics as theirs  # here, for it takes a second

    scores, labels = rng.normal(size=(n, n_classes)), rng.integers(0, n_classes, n)
    classes = scores.argmax(axis=1)
    assert accuracy(scores, labels) == pytest.approx(theirs.accuracy_score(labels, classes))
    expected = theirs.confusion_matrix(labels, classes, labels=range(n_classes))
    assert (confusion_matrix(scores, labels, n_classes) == expected).all()


def test_lists_have_a_confusion_matrix_too():
    assert confusion_matrix([0, 1, 1], [0, 1, 0], 2).tolist() == [[1, 1], [0, 1]]


def test_a_single_column_of_scores_is_refused():
    with pytest.raises(ValueError, match=r"two classes expected.*\(3, 1\)"):
        accuracy(np.ones((3, 1)), np.array([0, 1, 0]))
