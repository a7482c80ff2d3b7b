"""What an exercise is, shown on some made here: what is right, whose mistake gets its hint, what others are told."""

import numpy as np
import pytest

from utils.exercises.kinds import SOLVED, WRONG, build, change, judge, predict


@pytest.fixture
def shelf(monkeypatch):
    """An empty registry, so that a test may make exercises of its own."""
    monkeypatch.setattr("utils.exercises.kinds.EXERCISES", {})


def test_a_number_stands_once(shelf):
    predict("1.1", right=2, tried="", mistakes={})
    with pytest.raises(ValueError, match="1.1 is registered twice"):
        predict("1.1", right=3, tried="", mistakes={})


def test_a_prediction_may_be_rounded_but_not_wrong(shelf):
    predict("1.1", right=2.0, tried="", mistakes={})
    assert judge("1.1", 2.0018).state == SOLVED
    assert judge("1.1", 2.0022).state == WRONG


def test_a_function_may_round_in_the_seventh_digit_but_not_before(shelf):
    build("1.1", right=lambda x: x, cases=lambda: [(2.0,)], tried="", mistakes={})
    assert judge("1.1", lambda x: x + 1.8e-6).state == SOLVED
    assert judge("1.1", lambda x: x + 2.2e-6).state == WRONG


def test_a_function_that_returns_nothing_on_one_case_of_several_is_wrong(shelf):
    build("1.1", right=lambda x: x, cases=lambda: [(2.0,), (-2.0,)], tried="", mistakes={})
    assert judge("1.1", lambda x: x if x > 0 else None).state == WRONG


def test_what_must_be_met_exactly_may_come_out_of_a_computation(shelf):
    predict("1.1", right=10_000, tried="", mistakes={}, tolerance=0)
    assert 100 * 0.2**2 / 0.02**2 != 10_000
    assert judge("1.1", 100 * 0.2**2 / 0.02**2).state == SOLVED
    assert judge("1.1", 10_001).state == WRONG


def test_a_shape_is_compared_as_a_whole(shelf):
    predict("1.1", right=(3, 2), tried="", mistakes={})
    assert judge("1.1", [3, 2]).state == SOLVED
    assert judge("1.1", (2, 3)).state == WRONG
    assert judge("1.1", (3, 2, 1)).state == WRONG


def test_booleans_are_right_when_all_of_them_are(shelf):
    predict("1.1", right=[True, False], tried="", mistakes={"Turned over.": [False, True]})
    assert judge("1.1", np.array([True, False])).state == SOLVED
    assert judge("1.1", [True, True]).state == WRONG
    assert "Turned over." in judge("1.1", [False, True]).message


@pytest.mark.parametrize(("right", "answer"), [
    ("relu", 3), (3, "relu"), (np.ones(2), (np.ones(2), 3)), ((np.ones(3), np.ones(3)), np.ones((2, 3))),
    ((np.ones(3), np.ones(3)), 3), (3, [[3], [3, 3]]),
], ids=str)
def test_an_answer_of_another_kind_is_wrong_and_nothing_stops(right, answer, shelf):
    predict("1.1", right=right, tried="", mistakes={})
    verdict = judge("1.1", answer)
    assert verdict.state == WRONG
    assert "stopped" not in verdict.message


def test_parts_of_different_shapes_are_told_from_one_array(shelf):
    predict("1.1", right=np.ones(2), tried="", mistakes={})
    assert judge("1.1", (np.ones(2), 3)).message == (
        "not yet. The shape is another in each part, and (2,) is asked for.")


def test_rows_in_a_list_are_as_good_as_an_array(shelf):
    build("1.1", right=lambda x: 2 * x, cases=lambda: [(np.eye(2, 3),)], tried="", mistakes={})
    assert judge("1.1", lambda x: [2 * row for row in x]).state == SOLVED
    assert judge("1.1", lambda x: [3 * row for row in x]).state == WRONG


def test_true_is_not_the_number_one(shelf):
    predict("1.1", right=1, tried="", mistakes={})
    assert judge("1.1", True).state == WRONG


def test_a_function_that_changes_its_arguments_spoils_only_its_own(shelf):
    def greedy(x):
        x *= 2
        return x

    build("1.1", right=lambda x: 2 * x, cases=lambda: [(np.ones(3),)], tried="", mistakes={})
    assert judge("1.1", greedy).state == SOLVED


def test_one_right_case_of_several_is_not_enough(shelf):
    build("1.1", right=abs, cases=lambda: [(1.0,), (-1.0,)], tried="", mistakes={})
    assert judge("1.1", lambda x: x).state == WRONG


def test_results_of_several_parts_are_compared_part_by_part(shelf):
    build("1.1", right=lambda x: (x, x.sum()), cases=lambda: [(np.ones(3),)], tried="", mistakes={})
    assert judge("1.1", lambda x: (x, 3.0)).state == SOLVED
    assert judge("1.1", lambda x: (x, 2.0)).state == WRONG
    assert judge("1.1", lambda x: x).state == WRONG


@pytest.mark.parametrize(("answer", "words"), [
    (np.ones((2, 3)), "2 results are asked for"),
    ((np.ones((2, 3)),), "2 results are asked for"),
    ((np.ones((2, 3)), 6, 7), "2 results are asked for"),
    ((np.ones((3, 2)), 6), "Result 1 of 2: The shape is (3, 2), and (2, 3) is asked for."),
    ((np.eye(2, 3), 6), "Result 1 of 2: The shape is right, the numbers are not."),
    ((np.ones((2, 3)), 7), "Result 2 of 2: This number is not the one."),
    ((np.ones((2, 3)), np.inf), "Result 2 of 2: There is NaN or infinity in it"),
    ((np.ones((2, 3)), [6]), "Result 2 of 2: The shape is (1,), and () is asked for."),
    ("six", "2 results are asked for"),
])
def test_a_mistake_that_is_not_listed_is_told_where_it_shows(answer, words, shelf):
    predict("1.1", right=(np.ones((2, 3)), 6), tried="", mistakes={})
    assert judge("1.1", answer).message.startswith(f"not yet. {words}")


def test_a_part_that_is_only_rounded_is_not_called_wrong(shelf):
    predict("1.1", right=(np.ones(3), 2.0), tried="", mistakes={}, tolerance=0.01)
    assert judge("1.1", (np.full(3, 1.005), 3.0)).message.startswith("not yet. Result 2 of 2")


def test_a_setting_is_judged_by_what_it_brings(shelf):
    change(
        "1.1",
        outcome=lambda setting: setting**2,
        right=4,
        goal=lambda outcome: outcome > 9,
        tried="its square is above nine.",
        mistakes={"Larger, please.": (2, lambda setting, outcome: outcome <= 9)},
    )
    assert judge("1.1", -5).state == SOLVED
    assert judge("1.1", 3).message == "not yet. Larger, please."


def test_a_mistake_whose_result_is_nan_gets_its_hint(shelf):
    cases = [(np.zeros(3),)]
    mistakes = {"Divided by the sum.": lambda x: x / x.sum(), "Divided by 0.": lambda x: (x + 1) / x}
    build("1.1", right=lambda x: x + 1 / x.size, cases=lambda: cases, tried="", mistakes=mistakes)
    for hint, wrong in mistakes.items():
        assert hint in judge("1.1", wrong).message
    assert "NaN" in judge("1.1", lambda x: np.array([np.nan, 1, 1])).message
