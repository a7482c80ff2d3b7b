import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import generators, refused, repeatable

from utils.metrics import (
    accuracy,
    average_precision,
    balanced_accuracy,
    best_threshold,
    brier_score,
    confusion_matrix,
    expected_calibration_error,
    expected_cost,
    f1,
    precision,
    precision_recall_curve,
    recall,
    reliability_curve,
    roc_auc,
    roc_curve,
)

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


# precision, recall, F1

ILL = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
FLAGGED = np.array([1, 1, 0, 0, 1, 0, 0, 0, 0, 0])      # 2 of the 4 ill are found, and 1 of the 6 healthy is flagged


def test_of_three_alarms_two_are_right_and_of_four_ill_two_are_found():
    assert precision(FLAGGED, ILL) == pytest.approx(2 / 3)
    assert recall(FLAGGED, ILL) == 1 / 2
    assert f1(FLAGGED, ILL) == pytest.approx(4 / 7)     # the harmonic mean: 2 / (3/2 + 2)
    assert balanced_accuracy(FLAGGED, ILL) == pytest.approx((1 / 2 + 5 / 6) / 2)


def test_counts_of_class_0_make_other_scores():
    assert precision(FLAGGED, ILL, None) == pytest.approx([5 / 7, 2 / 3])
    assert f1(1 - FLAGGED, 1 - ILL) == pytest.approx(10 / 13)       # the same answers, healthy being the positive class


@pytest.mark.parametrize("metric, of_each, macro, weighted", [
    (precision, [1 / 2, 0, 1], 1 / 2, 5 / 8),           # nothing is called 1: 0/0 counts as 0
    (recall, [1, 0, 1], 2 / 3, 3 / 4),
    (f1, [2 / 3, 0, 1], 5 / 9, 2 / 3),
])
def test_averages_over_three_classes_by_hand(metric, of_each, macro, weighted):
    for prediction in (SCORES, [0, 0, 2, 2]):
        assert metric(prediction, LABELS, average=None) == pytest.approx(of_each)
        assert metric(prediction, LABELS, average="macro") == pytest.approx(macro)
        assert metric(prediction, LABELS, average="weighted") == pytest.approx(weighted)
        assert metric(prediction, LABELS, average="micro") == 3 / 4


@pytest.mark.parametrize("metric", [precision, recall, f1])
def test_nothing_out_of_nothing_is_0(metric):
    assert metric([0, 0], [0, 0]) == 0
    assert metric([1, 0, 0], [0, 1, 0]) == 0
    assert metric([0, 0], [0, 0], average=None).tolist() == [1]
    assert metric(np.eye(3)[[0, 0]], [0, 0], average=None).tolist() == [1, 0, 0]
    assert metric(np.eye(3)[[0, 0]], [0, 0], average="macro") == pytest.approx(1 / 3)


@pytest.mark.parametrize("metric", [precision, recall, f1])
def test_all_right_is_1_and_a_number_of_python(metric):
    for average in ("binary", "micro", "macro", "weighted"):
        score = metric(ILL, ILL, average)
        assert score == 1 and type(score) is float
    assert metric(ILL.tolist(), ILL.astype(np.uint8).tolist()) == 1
    assert metric(ILL.astype(np.uint8), ILL.astype(np.uint8)) == 1
    assert metric(np.full(300, 255, np.uint8), np.full(300, 255, np.uint8), None)[255] == 1


def test_two_columns_of_scores_are_a_question_of_yes_and_no():
    assert precision(np.eye(2)[FLAGGED], ILL) == precision(FLAGGED, ILL)
    assert precision(np.eye(2)[[0, 0]], [0, 0], average=None).tolist() == [1, 0]


def test_classes_that_never_occur_do_not_dilute_the_balanced_accuracy():
    assert balanced_accuracy([0, 2, 2], [0, 0, 2]) == 3 / 4
    assert balanced_accuracy([1, 2, 3], [0, 0, 0]) == 0
    assert type(balanced_accuracy(SCORES, LABELS)) is float


@repeatable
@given(generators, st.integers(2, 5))
def test_who_always_says_the_same_has_a_balanced_accuracy_of_one_over_the_classes(rng, n_classes):
    labels = np.append(np.arange(n_classes), rng.integers(0, n_classes, 20))
    assert balanced_accuracy(np.zeros_like(labels), labels) == pytest.approx(1 / n_classes)


@repeatable
@given(generators, st.integers(1, 50), st.integers(2, 5))
def test_truth_and_prediction_change_places_as_precision_and_recall_do(rng, n, n_classes):
    prediction, labels = rng.integers(0, n_classes, (2, n))
    for average in (None, "macro", "micro"):
        assert precision(prediction, labels, average) == pytest.approx(recall(labels, prediction, average))
        assert f1(prediction, labels, average) == pytest.approx(f1(labels, prediction, average))
    assert f1(prediction, labels, "micro") == pytest.approx(accuracy(prediction, labels))
    assert recall(prediction, labels, "weighted") == pytest.approx(accuracy(prediction, labels))


@repeatable
@given(generators, st.integers(1, 50), st.integers(2, 5))
def test_classes_scores_agree_with_scikit_learn(rng, n, n_classes):
    from sklearn import metrics as theirs

    scores, labels = rng.normal(size=(n, n_classes)), rng.integers(0, n_classes, n)
    classes, kept = scores.argmax(axis=1), {"labels": range(n_classes), "zero_division": 0}
    for ours, name in ((precision, "precision_score"), (recall, "recall_score"), (f1, "f1_score")):
        for average in (None, "macro", "weighted", "micro"):
            expected = getattr(theirs, name)(labels, classes, average=average, **kept)
            assert ours(scores, labels, average) == pytest.approx(expected)
        expected = getattr(theirs, name)(labels % 2, classes % 2, zero_division=0)
        assert ours(classes % 2, labels % 2) == pytest.approx(expected)
    everybody = np.append(labels, range(n_classes)), np.append(classes, range(n_classes))
    assert balanced_accuracy(*everybody[::-1]) == pytest.approx(theirs.balanced_accuracy_score(*everybody))


@pytest.mark.parametrize("metric", [precision, recall, f1])
@pytest.mark.parametrize("prediction, labels, average, quotes", [
    (FLAGGED, ILL, "mean", ["'binary', 'micro', 'macro', 'weighted', None", "got 'mean'"]),
    (SCORES, LABELS, "binary", ["classes 0 and 1 expected", "average=None", "got 3 classes"]),
    ([0, 2], [0, 1], "binary", ["classes 0 and 1 expected", "got 3 classes"]),
    ([0, 1], [0, 2], "binary", ["classes 0 and 1 expected", "got 3 classes"]),
    ([0, -1], [0, 1], "binary", ["predicted classes in 0..1", "-1 to 0"]),
    ([0, 1], [-1, 1], "macro", ["labels in 0..1", "-1 to 1"]),
    (np.eye(2), [0, 2], None, ["labels in 0..1", "0 to 2"]),
    (ILL / 2, ILL, "binary", ["predicted classes", "whole numbers", "float64"]),
    (FLAGGED[:3], ILL, "micro", ["prediction (3,)", "labels (10,)"]),
    (FLAGGED[:0], ILL[:0], "macro", ["N > 0"]),
])
def test_scores_of_classes_refuse_what_they_cannot_count(metric, prediction, labels, average, quotes):
    with refused(*quotes):
        metric(prediction, labels, average)


def test_the_balanced_accuracy_refuses_what_the_confusion_matrix_refuses():
    with refused("labels in 0..1", "0 to 2"):
        balanced_accuracy(np.eye(2), [0, 2])


# thresholds

RANKED, TRUTH = np.array([0.6, 0.9, 0.7, 0.8]), np.array([0, 1, 1, 0])      # from the top: 1, 0, 1, 0


def test_the_roc_curve_goes_up_at_a_positive_and_right_at_a_negative():
    false_positive_rates, true_positive_rates, thresholds = roc_curve(RANKED, TRUTH)
    assert false_positive_rates.tolist() == [0, 0, 1 / 2, 1 / 2, 1]
    assert true_positive_rates.tolist() == [0, 1 / 2, 1 / 2, 1, 1]
    assert thresholds.tolist() == [np.inf, 0.9, 0.8, 0.7, 0.6]


def test_the_precision_recall_curve_of_four_by_hand():
    precisions, recalls, thresholds = precision_recall_curve(RANKED, TRUTH)
    assert thresholds.tolist() == [0.6, 0.7, 0.8, 0.9]
    assert precisions == pytest.approx([1 / 2, 2 / 3, 1 / 2, 1, 1])
    assert recalls.tolist() == [1, 1, 1 / 2, 1 / 2, 0]


def test_of_four_pairs_three_are_in_order_and_the_positives_are_found_at_1_and_two_thirds():
    assert roc_auc(RANKED, TRUTH) == 3 / 4
    assert average_precision(RANKED, TRUTH) == pytest.approx((1 + 2 / 3) / 2)
    assert type(roc_auc(RANKED, TRUTH)) is type(average_precision(RANKED, TRUTH)) is float


def test_scores_that_are_all_the_same_know_nothing():
    assert roc_auc(np.zeros(10), ILL) == 1 / 2
    assert average_precision(np.zeros(10), ILL) == pytest.approx(4 / 10)
    assert [curve.tolist() for curve in roc_curve([7, 7], [0, 1])] == [[0, 1], [0, 1], [np.inf, 7]]


def test_ranks_may_be_small_integers_or_a_list():
    assert roc_auc(np.array([0, 4, 2, 3], np.uint8), TRUTH.astype(np.uint8)) == 3 / 4
    assert roc_auc([1, 4, 2, 3], [0, 1, 1, 0]) == 3 / 4


def drawn_scores(rng, n):
    """Scores of n rows, with ties, and labels of which both occur."""
    return rng.integers(-5, 6, n + 2) / 2, np.append([0, 1], rng.integers(0, 2, n))


@repeatable
@given(generators, st.integers(0, 50))
def test_the_area_is_the_chance_that_a_positive_scores_above_a_negative(rng, n):
    scores, labels = drawn_scores(rng, n)
    gap = scores[labels == 1][:, np.newaxis] - scores[labels == 0]
    assert roc_auc(scores, labels) == pytest.approx(np.mean(gap > 0) + np.mean(gap == 0) / 2)
    assert roc_auc(-scores, labels) == pytest.approx(1 - roc_auc(scores, labels))
    assert roc_auc(np.exp(scores), labels) == pytest.approx(roc_auc(scores, labels))


@repeatable
@given(generators, st.integers(0, 50))
def test_every_point_of_a_curve_is_counted_at_its_threshold(rng, n):
    scores, labels = drawn_scores(rng, n)
    for false_positive_rate, true_positive_rate, threshold in zip(*roc_curve(scores, labels), strict=True):
        flagged = scores >= threshold
        assert false_positive_rate == pytest.approx(flagged[labels == 0].mean())
        assert true_positive_rate == pytest.approx(flagged[labels == 1].mean())
    precisions, recalls, thresholds = precision_recall_curve(scores, labels)
    for i, threshold in enumerate(thresholds):
        flagged = (scores >= threshold).astype(int)
        assert precisions[i] == pytest.approx(precision(flagged, labels))
        assert recalls[i] == pytest.approx(recall(flagged, labels))


@repeatable
@given(generators, st.integers(0, 20))
def test_more_negatives_of_the_same_kind_leave_the_roc_curve_where_it_is_and_lower_the_average_precision(rng, n):
    scores, labels = drawn_scores(rng, n)
    is_negative = labels == 0
    rarer = np.append(scores, np.tile(scores[is_negative], 9)), np.append(labels, np.tile(labels[is_negative], 9))
    for before, after in zip(roc_curve(scores, labels), roc_curve(*rarer), strict=True):
        assert before == pytest.approx(after)
    assert average_precision(*rarer) <= average_precision(scores, labels)


@repeatable
@given(generators, st.integers(0, 50))
def test_curves_agree_with_scikit_learn(rng, n):
    from sklearn import metrics as theirs

    scores, labels = drawn_scores(rng, n)
    for ours, expected in zip(roc_curve(scores, labels), theirs.roc_curve(labels, scores, drop_intermediate=False),
                              strict=True):
        assert ours == pytest.approx(expected)
    for ours, expected in zip(precision_recall_curve(scores, labels), theirs.precision_recall_curve(labels, scores),
                              strict=True):
        assert ours == pytest.approx(expected)
    assert roc_auc(scores, labels) == pytest.approx(theirs.roc_auc_score(labels, scores))
    assert average_precision(scores, labels) == pytest.approx(theirs.average_precision_score(labels, scores))


@pytest.mark.parametrize("metric", [
    roc_curve, roc_auc, precision_recall_curve, average_precision,
    lambda scores, labels: best_threshold(scores, labels, cost_fp=1, cost_fn=1),
])
@pytest.mark.parametrize("scores, labels, quotes", [
    (RANKED[:3], TRUTH, ["scores (3,)", "labels (4,)"]),
    (RANKED[:, np.newaxis], TRUTH, ["one score of class 1", "scores (4, 1)", "labels (4,)"]),
    (np.where(RANKED > 0.8, np.nan, RANKED), TRUTH, ["finite numbers", "nan"]),
    (np.where(RANKED > 0.8, np.inf, RANKED), TRUTH, ["finite numbers", "inf"]),
    (RANKED.astype(str), TRUTH, ["finite numbers", "<U"]),
    (RANKED, np.ones(4, int), ["labels 0 and 1 expected, and both", "[1]"]),
    (RANKED, np.zeros(4, int), ["labels 0 and 1 expected, and both", "[0]"]),
    (RANKED, 2 * TRUTH, ["labels 0 and 1 expected, and both", "[0 2]"]),
    (RANKED, TRUTH - 1, ["labels 0 and 1 expected, and both", "[-1  0]"]),
    (RANKED, LABELS, ["labels 0 and 1 expected, and both", "[0 1 2]"]),
    (RANKED, TRUTH.astype(float), ["whole numbers", "float64"]),
    (RANKED[:0], TRUTH[:0], ["N > 0", "(0,)"]),
])
def test_curves_refuse_what_is_no_ranking_of_two_classes(metric, scores, labels, quotes):
    with refused(*quotes):
        metric(scores, labels)


# costs


def test_one_false_alarm_and_two_missed_among_ten():
    assert expected_cost(FLAGGED, ILL, cost_fp=1, cost_fn=10) == pytest.approx((1 + 2 * 10) / 10)
    assert expected_cost(FLAGGED, ILL, cost_fp=1, cost_fn=1) == pytest.approx(1 - accuracy(FLAGGED, ILL))
    assert expected_cost([0, 0], [0, 0], cost_fp=1, cost_fn=1) == 0
    assert type(expected_cost(FLAGGED.tolist(), ILL.tolist(), cost_fp=1, cost_fn=1)) is float


@pytest.mark.parametrize("cost_fp, cost_fn, threshold", [
    (1, 5, 0.7),                                # rather the negative at 0.8 than without the positive at 0.7
    (5, 1, 0.9),
    (1, 1, 0.9),                                # 0.7 is as good: of several, the highest
    (1, 0, np.inf),                             # nothing is lost by flagging nothing
    (0, 1, 0.7),
])
def test_the_best_threshold_of_four_by_hand(cost_fp, cost_fn, threshold):
    assert best_threshold(RANKED, TRUTH, cost_fp=cost_fp, cost_fn=cost_fn) == threshold
    assert type(best_threshold(RANKED, TRUTH, cost_fp=cost_fp, cost_fn=cost_fn)) is float


@repeatable
@given(generators, st.integers(0, 50))
def test_no_threshold_costs_less_than_the_best(rng, n):
    scores, labels = drawn_scores(rng, n)
    costs = dict(zip(("cost_fp", "cost_fn"), rng.integers(1, 10, 2), strict=True))

    def cost(threshold):
        return expected_cost((scores >= threshold).astype(int), labels, **costs)

    best = best_threshold(scores, labels, **costs)
    assert cost(best) == min(cost(threshold) for threshold in [np.inf, *scores])
    assert all(cost(threshold) > cost(best) for threshold in [np.inf, *scores] if threshold > best)


@pytest.mark.parametrize("metric, prediction", [(expected_cost, FLAGGED), (best_threshold, FLAGGED / 2)])
@pytest.mark.parametrize("cost_fp, cost_fn, quotes", [
    (-1, 1, ["not negative", "(-1, 1)"]), (1, np.nan, ["finite", "(1, nan)"]), (np.inf, 1, ["finite", "(inf, 1)"]),
])
def test_costs_that_are_none_are_refused(metric, prediction, cost_fp, cost_fn, quotes):
    with refused("cost_fp, cost_fn", *quotes):
        metric(prediction, ILL, cost_fp=cost_fp, cost_fn=cost_fn)


def test_the_cost_of_probabilities_is_refused_and_of_a_third_class_too():
    with refused("predicted classes", "whole numbers"):
        expected_cost(FLAGGED / 2, ILL, cost_fp=1, cost_fn=1)
    with refused("classes 0 and 1 expected", "3 classes"):
        expected_cost([0, 1, 2], [0, 1, 1], cost_fp=1, cost_fn=1)


# probabilities


def test_whoever_shrugs_scores_a_quarter_and_whoever_is_sure_0_or_1():
    assert brier_score(np.full(10, 0.5), ILL) == 1 / 4
    assert brier_score(ILL, ILL) == 0 and brier_score(1 - ILL, ILL) == 1
    assert brier_score([0.8, 0.4], [1, 0]) == pytest.approx((0.2**2 + 0.4**2) / 2)
    assert type(brier_score(ILL, ILL)) is float


def test_over_four_classes_shrugging_scores_three_quarters_and_a_sure_mistake_2():
    assert brier_score(np.full((3, 4), 1 / 4), [0, 1, 3]) == pytest.approx(3 / 4)   # (3/4)^2 + 3 (1/4)^2
    assert brier_score(np.eye(3)[[0, 1]], [1, 1]) == 1                              # of two, one is 2
    assert type(brier_score(np.eye(3), [0, 1, 2])) is float


@repeatable
@given(generators, st.integers(1, 50))
def test_both_forms_of_a_claim_about_two_classes_have_one_brier_score(rng, n):
    p, labels = rng.random(n), rng.integers(0, 2, n)
    assert brier_score(np.stack([1 - p, p], axis=1), labels) == pytest.approx(brier_score(p, labels))


def test_bins_by_hand():
    confidence, right, counts = reliability_curve([0.05, 0.12, 0.18, 0.95], [0, 1, 0, 1])
    assert confidence == pytest.approx([0.05, 0.15, 0.95])
    assert right.tolist() == [0, 1 / 2, 1]
    assert counts.tolist() == [1, 2, 1]
    assert expected_calibration_error([0.05, 0.12, 0.18, 0.95], [0, 1, 0, 1]) == pytest.approx(0.2)


def test_a_bin_holds_its_upper_edge_and_the_first_also_0():
    _, right, counts = reliability_curve([0.0, 0.25, 0.26, 0.5, 0.51, 1.0], [0, 0, 1, 1, 0, 0], n_bins=4)
    assert counts.tolist() == [2, 2, 1, 1] and right.tolist() == [0, 1, 0, 0]
    assert reliability_curve([0.0, 1.0], [0, 0], n_bins=1)[2].tolist() == [2]
    assert len(reliability_curve(np.linspace(0, 1, 101), np.zeros(101, int))[2]) == 10


def test_without_a_word_there_are_ten_bins():
    """0.905 and 0.95 share one of ten, where a right and a wrong claim meet; of eleven they would not."""
    p, labels = [0.905, 0.95], [1, 0]
    assert reliability_curve(p, labels)[2].tolist() == [2]
    assert expected_calibration_error(p, labels) == pytest.approx(0.9275 - 1 / 2)
    assert expected_calibration_error(p, labels, n_bins=11) == pytest.approx((0.095 + 0.95) / 2)


def test_of_several_classes_the_winner_claims_and_is_right_or_not():
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.1, 0.2, 0.7]])
    confidence, right, counts = reliability_curve(probabilities, [0, 1, 0])
    assert confidence == pytest.approx([0.6, 0.7]) and right.tolist() == [0, 1 / 2] and counts.tolist() == [1, 2]
    assert expected_calibration_error(probabilities, [0, 1, 0]) == pytest.approx((0.6 + 2 * 0.2) / 3)


def test_two_columns_ask_for_the_winner_and_one_for_class_1():
    p, labels = np.array([0.1, 0.2]), np.array([0, 0])
    assert reliability_curve(p, labels)[0] == pytest.approx([0.1, 0.2])
    assert reliability_curve(np.stack([1 - p, p], axis=1), labels)[0] == pytest.approx([0.8, 0.9])


def test_honest_probabilities_have_no_calibration_error_and_boasts_have_one():
    labels = np.repeat([1, 0, 1, 0], [1, 3, 4, 1])
    assert expected_calibration_error(np.repeat([1 / 4, 4 / 5], [4, 5]), labels) == pytest.approx(0)
    assert expected_calibration_error(np.repeat([0.0, 1.0], [4, 5]), labels) == pytest.approx(2 / 9)
    assert type(expected_calibration_error(np.repeat([0.0, 1.0], [4, 5]), labels)) is float


@repeatable
@given(generators, st.integers(1, 50), st.integers(2, 5), st.integers(1, 20))
def test_bins_lose_no_row_and_their_means_stay(rng, n, n_classes, n_bins):
    probabilities, labels = rng.dirichlet(np.ones(n_classes), n), rng.integers(0, n_classes, n)
    confidence, right, counts = reliability_curve(probabilities, labels, n_bins)
    assert counts.sum() == n and counts.min() > 0 and len(counts) <= n_bins and counts.dtype.kind == "i"
    assert counts @ right / n == pytest.approx(accuracy(probabilities, labels))
    assert counts @ confidence / n == pytest.approx(probabilities.max(axis=1).mean())


@repeatable
@given(generators, st.integers(1, 50), st.integers(2, 5), st.integers(1, 20))
def test_probabilities_agree_with_scikit_learn(rng, n, n_classes, n_bins):
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss

    labels = np.append(np.arange(n_classes), rng.integers(0, n_classes, n))
    probabilities = rng.dirichlet(np.ones(n_classes), len(labels))
    assert brier_score(probabilities, labels) == pytest.approx(brier_score_loss(labels, probabilities))
    p, is_last = probabilities[:, -1], (labels == n_classes - 1).astype(int)
    assert brier_score(p, is_last) == pytest.approx(brier_score_loss(is_last, p))
    confidence, right, _ = reliability_curve(p, is_last, n_bins)
    expected = calibration_curve(is_last, p, n_bins=n_bins)
    assert [right, confidence] == [pytest.approx(expected[0]), pytest.approx(expected[1])]


def test_probabilities_of_float32_may_miss_their_sum_by_a_rounding():
    nearly = np.array([[0.3, 0.7 + 5e-5], [1 + 5e-5, 0.0]], np.float32)
    assert brier_score(nearly, [1, 0]) == pytest.approx(0.09, abs=0.05)
    assert brier_score(np.array([1 + 5e-5]), [1]) == pytest.approx(0, abs=1e-6)
    for too_much in (np.array([1 + 1.5e-4]), np.array([[0.3, 0.7 + 1.5e-4]]), np.array([[0.3, 0.7 - 1.5e-4]])):
        with refused("expected"):
            brier_score(too_much, [1])


def test_probabilities_of_float32_are_scored_in_float64():
    tenth = np.array([0.1], np.float32)
    assert brier_score(tenth, np.array([0], np.uint8)) == pytest.approx(float(tenth[0]) ** 2, rel=1e-12)


P = np.array([0.2, 0.7, 0.9, 0.1])


@pytest.mark.parametrize("metric", [brier_score, reliability_curve, expected_calibration_error])
@pytest.mark.parametrize("probabilities, labels, quotes", [
    (P[:3], TRUTH, ["got (3,)", "labels (4,)"]),
    (P[:, np.newaxis], TRUTH, ["take [:, 0]", "got (4, 1)"]),
    (np.zeros((4, 2, 2)), TRUTH, ["(N, C)", "got (4, 2, 2)"]),
    (np.float64(0.5), TRUTH[:1], ["got ()", "labels (1,)"]),
    (P - 0.2, TRUTH, ["from 0 to 1", "-0.1"]),
    (P + 0.2, TRUTH, ["from 0 to 1", "to 1.1"]),
    (np.where(P > 0.8, np.nan, P), TRUTH, ["from 0 to 1", "nan"]),
    (P > 0.5, TRUTH, ["from 0 to 1", "bool"]),
    (np.stack([P, P], axis=1), TRUTH, ["sum to 1", "0.2 to 1.8"]),
    (np.stack([P, 1 - P - 0.001], axis=1), TRUTH, ["sum to 1", "0.999"]),
    (np.array([[0.5, 0.5], [0.5, 0.7]]), TRUTH[:2], ["sum to 1", "1.0 to 1.2"]),
    (P, LABELS, ["labels in 0..1", "0 to 2"]),
    (np.stack([P, 1 - P], axis=1), LABELS, ["labels in 0..1", "0 to 2"]),
    (np.full((4, 5), 0.2), LABELS - 1, ["labels in 0..4", "-1 to 1"]),
    (P, TRUTH.astype(float), ["whole numbers", "float64"]),
    (P[:0], TRUTH[:0], ["N > 0"]),
])
def test_what_is_no_probability_is_refused(metric, probabilities, labels, quotes):
    with refused(*quotes):
        metric(probabilities, labels)


@pytest.mark.parametrize("n_bins", [0, -1, 2.5, "ten", None])
def test_a_number_of_bins_that_is_none_is_refused(n_bins):
    for metric in (reliability_curve, expected_calibration_error):
        with refused("n_bins", repr(n_bins)):
            metric(P, TRUTH, n_bins)
