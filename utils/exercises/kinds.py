"""What an exercise is: a right answer, the commonest mistakes, and for each of them a hint.

predict     a number, a shape, a word: compared as it stands
build       a function (a derivative found by hand, too): compared on cases, with the right function
change      a setting: tried out, and judged by what it brings

Mistakes are wrong answers of the same kind. A wrong answer that equals one of them gets its hint, so that hints can be
tested with the mistakes themselves.
"""

import copy
from dataclasses import dataclass

import numpy as np

EXERCISES = {}                          # number -> exercise, filled by the chapters' modules

OPEN, SOLVED, WRONG = "open", "solved", "wrong"


@dataclass(frozen=True)
class Verdict:
    """What became of an answer: open, solved or wrong, and the line that the reader sees."""

    state: str
    message: str


def predict(number, *, right, tried, mistakes, tolerance=1e-3):
    """Register an exercise whose answer is a number, a shape (a tuple), an array or a word.

    `tried` tells what the answer was compared with; `mistakes` is {hint: wrong answer}; `tolerance` is relative, and is
    what a reader who rounds may lose; 0 lets pass what the computer rounds, and no more.
    """
    _register(number, Predict(number, right, tried, mistakes, tolerance))


def build(number, *, right, cases, tried, mistakes, tolerance=1e-6):
    """Register an exercise whose answer is a function.

    `cases()` gives argument tuples; `right` and the values of `mistakes`, {hint: wrong function}, take them.
    """
    _register(number, Build(number, right, tried, mistakes, tolerance, cases))


def change(number, *, outcome, right, goal, tried, mistakes):
    """Register an exercise whose answer is a setting that reaches a goal.

    `outcome(setting)` tries it out; `goal(outcome)` is True when it is reached; `right` is a setting that does, for the
    tests; `mistakes` is {hint: (wrong setting, test)} where test(setting, outcome) recognises the mistake.
    """
    _register(number, Change(number, right, tried, mistakes, outcome, goal))


def judge(number, answer):
    """The Verdict on `answer`. Whatever goes wrong inside the answer is told in its message."""
    if number not in EXERCISES:
        return Verdict(WRONG, f"there is no exercise of this number. The chapters have {', '.join(sorted(EXERCISES))}.")
    if _is_blank(answer):
        return Verdict(OPEN, "open. Put your answer in the place of the three dots and run the cell again.")
    try:
        return EXERCISES[number].judge(answer)
    except Exception as error:          # an answer that NumPy cannot even look at
        return Verdict(WRONG, f"not yet. {_quoted(error)}")


@dataclass(frozen=True)
class Predict:
    number: str
    right: object
    tried: str
    mistakes: dict
    tolerance: float

    def judge(self, answer):
        if _agree(answer, self.right, self.tolerance):
            return Verdict(SOLVED, f"right. {self.tried}")
        for hint, wrong in self.mistakes.items():
            if _agree(answer, wrong, self.tolerance):
                return Verdict(WRONG, f"not yet. {hint}")
        return Verdict(WRONG, f"not yet. {_difference(answer, self.right, self.tolerance)}")


@dataclass(frozen=True)
class Build(Predict):
    cases: object

    def judge(self, answer):
        if not callable(answer):
            return Verdict(WRONG, f"not yet. A function is asked for: got {type(answer).__name__}.")
        cases = self.cases()
        results = [_outcome(answer, case) for case in cases]
        if all(_is_blank(result) for result in results):
            return Verdict(OPEN, "open. The function returns nothing yet. (If it should: is `return` missing?)")
        expected = [_outcome(self.right, case) for case in cases]
        if _all_agree(results, expected, self.tolerance):
            return Verdict(SOLVED, f"right. {self.tried}")
        for hint, wrong in self.mistakes.items():
            if _all_agree(results, [_outcome(wrong, case) for case in cases], self.tolerance):
                return Verdict(WRONG, f"not yet. {hint}")
        pairs = zip(results, expected, strict=True)
        first = next(pair for pair in pairs if not _agree(*pair, self.tolerance))
        return Verdict(WRONG, f"not yet. {_difference(*first, self.tolerance)}")


@dataclass(frozen=True)
class Change:
    number: str
    right: object
    tried: str
    mistakes: dict
    outcome: object
    goal: object

    def judge(self, answer):
        outcome = self.outcome(answer)
        if self.goal(outcome):
            return Verdict(SOLVED, f"right. {self.tried}")
        for hint, (_, recognises) in self.mistakes.items():
            if recognises(answer, outcome):
                return Verdict(WRONG, f"not yet. {hint}")
        return Verdict(WRONG, "not yet. The goal is not reached with this setting: what did it change, and which way?")


def _register(number, exercise):
    if number in EXERCISES:
        raise ValueError(f"exercise {number} is registered twice")
    EXERCISES[number] = exercise


def _is_blank(answer):
    """None, the three dots, or a tuple in which one of them still stands."""
    return answer is None or answer is Ellipsis or isinstance(answer, tuple) and any(map(_is_blank, answer))


def _outcome(function, case):
    """What the function returns, or the exception that it raises: mistakes are known by their errors, too."""
    try:
        with np.errstate(all="ignore"):
            return function(*copy.deepcopy(case))       # a function that changes its arguments spoils only its own
    except Exception as error:
        return error


def _quoted(error):
    return f"It stopped with {type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _all_agree(results, expected, tolerance):
    return all(_agree(a, b, tolerance) for a, b in zip(results, expected, strict=True))


def _agree(answer, right, tolerance):
    """Equal in shape, and numbers up to a relative tolerance; words whatever their case; tuples of arrays by parts."""
    if isinstance(right, Exception) or isinstance(answer, Exception):
        return type(answer) is type(right)
    if isinstance(right, str) or isinstance(answer, str):
        return isinstance(answer, type(right)) and answer.strip().lower() == right.strip().lower()
    if _has_parts(right):
        return _is_sequence(answer) and len(answer) == len(right) and _all_agree(answer, right, tolerance)
    if _is_blank(answer) or _shape(answer) != np.shape(right):
        return False
    answer, right = np.asarray(answer), np.asarray(right)
    if right.dtype.kind == "b" or answer.dtype.kind == "b":
        return answer.dtype == right.dtype and (answer == right).all()
    return np.allclose(answer, right, rtol=max(tolerance, 1e-12), atol=tolerance * 1e-3, equal_nan=True)


def _difference(answer, right, tolerance):
    """What a stranger may say about two answers without telling the right one."""
    if isinstance(answer, Exception):
        return _quoted(answer)
    if _has_parts(right):
        if not _is_sequence(answer) or len(answer) != len(right):
            return f"{len(right)} results are asked for, in the order of the text."
        first = next(i for i in range(len(right)) if not _agree(answer[i], right[i], tolerance))
        return f"Result {first + 1} of {len(right)}: {_difference(answer[first], right[first], tolerance)}"
    if _shape(answer) != np.shape(right):
        return f"The shape is {_shape(answer)}, and {np.shape(right)} is asked for."
    if np.asarray(answer).dtype.kind == "f" and not np.isfinite(answer).all():
        return "There is NaN or infinity in it: which step overflows, or takes the logarithm of 0?"
    if np.ndim(right) == 0:
        return "This number is not the one. Write down each step, and check each by a nudge or a smaller case."
    return "The shape is right, the numbers are not. Do the smallest case by hand."


def _shape(answer):
    try:
        return np.shape(answer)
    except ValueError:
        return "another in each part"


def _has_parts(value):
    """Several results: a tuple or list that holds an array (or another list), and not numbers alone."""
    return _is_sequence(value) and any(np.ndim(part) for part in value)


def _is_sequence(value):
    return isinstance(value, tuple | list)
