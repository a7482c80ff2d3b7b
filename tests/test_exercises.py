"""Exercises answer back: to the blank, to the right answer, to every listed mistake, and to nonsense."""

import numpy as np
import pytest

from utils.exercises import EXERCISES, check
from utils.exercises.kinds import OPEN, SOLVED, WRONG, Build, Change, Predict, build, change, judge, predict

NONSENSE = [0, -1e300, np.nan, "", "a word", [], [[]], [1, [2]], {}, object(), np.zeros((2, 3)), 1 / 3j]
NUMBERS = sorted(EXERCISES)
MISTAKES = [(number, hint) for number in NUMBERS for hint in EXERCISES[number].mistakes]


def mistaken_answer(number, hint):
    wrong = EXERCISES[number].mistakes[hint]
    return wrong[0] if isinstance(EXERCISES[number], Change) else wrong


@pytest.fixture
def shelf(monkeypatch):
    """An empty registry, so that a test may make exercises of its own."""
    monkeypatch.setattr("utils.exercises.kinds.EXERCISES", {})


@pytest.mark.parametrize("number", NUMBERS)
def test_the_unsolved_stub_is_open_and_not_accepted(number):
    def stub(*arguments):
        ...

    for blank in (None, ..., stub) if isinstance(EXERCISES[number], Build) else (None, ...):
        assert judge(number, blank).state == OPEN


def test_a_half_filled_stub_is_open():
    assert judge("01.1", ([1, 1, 1, 1], ...)).state == OPEN


@pytest.mark.parametrize("number", NUMBERS)
def test_the_right_answer_is_confirmed_with_what_was_tried(number):
    verdict = judge(number, EXERCISES[number].right)
    assert verdict.state == SOLVED
    assert EXERCISES[number].tried in verdict.message


@pytest.mark.parametrize(("number", "hint"), MISTAKES)
def test_every_listed_mistake_gets_its_own_hint(number, hint):
    verdict = judge(number, mistaken_answer(number, hint))
    assert verdict.state == WRONG
    assert hint in verdict.message


@pytest.mark.parametrize("number", [number for number in NUMBERS if isinstance(EXERCISES[number], Build)])
def test_the_right_function_raises_nothing_on_its_cases(number):
    for case in EXERCISES[number].cases():
        EXERCISES[number].right(*case)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_exercise_knows_at_least_two_mistakes(number):
    assert len(EXERCISES[number].mistakes) >= 2


@pytest.mark.parametrize("number", NUMBERS)
def test_no_hint_prints_the_answer(number):
    right = EXERCISES[number].right
    forms = {str(right), f"{right:g}" if isinstance(right, int | float) else str(right)}
    for hint in EXERCISES[number].mistakes if not callable(right) else ():
        told = [word.strip(".:;()") for word in hint.replace(",", "").lower().split()]
        assert not any(form.lower() in told for form in forms)


@pytest.mark.parametrize("number", NUMBERS)
def test_nonsense_is_answered_in_one_line_and_never_accepted(number, capsys):
    for nonsense in NONSENSE:
        check(number, nonsense)
        assert capsys.readouterr().out.count("\n") == 1
        assert judge(number, nonsense).state == WRONG


@pytest.mark.parametrize("number", [number for number in NUMBERS if isinstance(EXERCISES[number], Build)])
def test_an_exception_inside_the_readers_function_is_quoted_in_one_line(number):
    def broken(*arguments):
        raise RuntimeError("first line\nsecond line")

    assert "RuntimeError: first line second line" in judge(number, broken).message


def test_an_unknown_number_is_told_the_known_ones():
    assert "00.1" in judge("77.7", 1).message


def test_a_number_stands_once(shelf):
    predict("1.1", right=2, tried="", mistakes={})
    with pytest.raises(ValueError, match="1.1 is registered twice"):
        predict("1.1", right=3, tried="", mistakes={})


def test_a_prediction_may_be_rounded_but_not_wrong(shelf):
    predict("1.1", right=1.2345, tried="", mistakes={})
    assert judge("1.1", 1.235).state == SOLVED
    assert judge("1.1", 1.25).state == WRONG


def test_a_shape_is_compared_as_a_whole(shelf):
    predict("1.1", right=(3, 2), tried="", mistakes={})
    assert judge("1.1", [3, 2]).state == SOLVED
    assert judge("1.1", (2, 3)).state == WRONG
    assert judge("1.1", (3, 2, 1)).state == WRONG


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


def test_kinds_are_told_apart():
    assert {type(exercise) for exercise in EXERCISES.values()} == {Predict, Build, Change}
