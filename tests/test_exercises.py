"""Exercises answer back: to the blank, to the right answer, to every listed mistake, and to nonsense."""

import numpy as np
import pytest
import sklearn.metrics
from wrong_answers import REFUSED, WRONG

from utils.exercises import EXERCISES, check
from utils.exercises.kinds import OPEN, SOLVED, Build, Change, Predict, judge
from utils.exercises.kinds import WRONG as NOT_YET
from utils.nn import numerical_gradient, sigmoid, softmax, softmax_cross_entropy

NONSENSE = [0, -1e300, np.nan, "", "a word", [], [[]], [1, [2]], {}, object(), np.zeros((2, 3)), 1 / 3j]
NUMBERS = sorted(EXERCISES)
MISTAKES = [(number, hint) for number in NUMBERS for hint in EXERCISES[number].mistakes]


def mistaken_answer(number, hint):
    wrong = EXERCISES[number].mistakes[hint]
    return wrong[0] if isinstance(EXERCISES[number], Change) else wrong


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
    assert verdict.state == NOT_YET
    assert hint in verdict.message


@pytest.mark.parametrize(("number", "answer", "beginning"), WRONG)
def test_a_readers_mistake_gets_the_hint_for_it(number, answer, beginning):
    verdict = judge(number, answer)
    assert verdict.state == NOT_YET
    assert verdict.message.startswith(f"not yet. {beginning}")


def test_every_hint_is_met_by_a_readers_mistake():
    met = {(number, hint) for number, _, beginning in WRONG for hint in EXERCISES[number].mistakes
           if hint.startswith(beginning)}
    assert sorted(set(MISTAKES) - met) == []


def test_every_beginning_fits_one_hint():
    for number, _, beginning in WRONG:
        assert sum(hint.startswith(beginning) for hint in EXERCISES[number].mistakes) == 1


@pytest.mark.parametrize(("number", "setting", "words"), REFUSED)
def test_a_setting_that_cannot_be_tried_out_is_told_what_is_expected(number, setting, words):
    assert words in judge(number, setting).message


@pytest.mark.parametrize("number", [number for number in NUMBERS if isinstance(EXERCISES[number], Build)])
def test_the_right_function_raises_nothing_on_its_cases_and_gives_no_nan(number):
    for case in EXERCISES[number].cases():
        result = EXERCISES[number].right(*case)
        parts = result if isinstance(result, tuple | list) else [result]
        assert not any(np.isnan(part).any() for part in parts)


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
        assert judge(number, nonsense).state == NOT_YET


@pytest.mark.parametrize("number", [number for number in NUMBERS if isinstance(EXERCISES[number], Build)])
def test_an_exception_inside_the_readers_function_is_quoted_in_one_line(number):
    def broken(*arguments):
        raise RuntimeError("first line\nsecond line")

    assert "RuntimeError: first line second line" in judge(number, broken).message


def test_an_unknown_number_is_told_the_known_ones():
    assert "00.1" in judge("77.7", 1).message


# What a checker says that it tried is true of its right answer (and what it says of Keras: test_keras_exercises.py)

def on_cases(number):
    """(arguments, result of the right function) for each case."""
    return [(case, EXERCISES[number].right(*case)) for case in EXERCISES[number].cases()]


@pytest.mark.parametrize("number", ["02.2", "02.3"])
def test_a_loss_has_the_gradient_that_central_differences_measure(number):
    for (prediction, target), (_, gradient) in on_cases(number):
        if np.abs(prediction).max() < 100:      # elsewhere a nudge of 1e-5 is lost in rounding
            measured = numerical_gradient(lambda y=prediction, t=target: EXERCISES[number].right(y, t)[0], prediction)
            assert gradient == pytest.approx(measured, abs=1e-7)


def test_softplus_has_the_slope_that_central_differences_measure():
    for (x,), slope in on_cases("03.2"):
        assert slope == pytest.approx((np.log1p(np.exp(x + 1e-5)) - np.log1p(np.exp(x - 1e-5))) / 2e-5)


def test_leaky_relu_hands_back_what_central_differences_measure():
    for (y, dy), dz in on_cases("04.2"):
        z = np.where(y > 0, y, 10 * y)
        measured = numerical_gradient(lambda z=z, dy=dy: np.sum(dy * np.where(z > 0, z, 0.1 * z)), z)
        assert dz == pytest.approx(measured, abs=1e-7)


@pytest.mark.parametrize(("number", "forward"), [
    ("04.3", lambda x, W, b: x + np.tanh(x @ W + b)),
    ("04.4", lambda x, W, b: np.tanh(x @ W + b)),
])
def test_a_layer_hands_back_what_central_differences_measure(number, forward):
    for (x, W, b, dy), gradients in on_cases(number):
        for array, gradient in zip([x, W, b], gradients, strict=True):
            measured = numerical_gradient(lambda x=x, W=W, b=b, dy=dy: np.sum(dy * forward(x, W, b)), array)
            assert gradient == pytest.approx(measured, abs=1e-7)


def test_the_slope_with_respect_to_the_temperature_is_what_central_differences_measure():
    for (z, labels, T), slope in on_cases("13.5"):
        temperature = np.array([float(T)])
        measured = numerical_gradient(
            lambda z=z, labels=labels, T=temperature: softmax_cross_entropy(z / T, labels)[0], temperature)
        assert slope == pytest.approx(measured[0], abs=1e-8)


def test_a_layer_on_rows_is_the_formula_on_paper_example_by_example():
    for (x, W, b), y in on_cases("01.3"):
        assert y == pytest.approx(np.array([sigmoid(W @ example + b) for example in x]))


def test_one_layer_does_what_three_linear_ones_do():
    for (W1, b1, W2, b2, W3, b3), (W, b) in on_cases("01.4"):
        x = np.random.default_rng(0).normal(size=(5, len(W1)))
        assert x @ W + b == pytest.approx(((x @ W1 + b1) @ W2 + b2) @ W3 + b3)


def test_fifty_steps_shrink_the_distance_by_the_predicted_factor():
    limit, kappa, factor = EXERCISES["05.2"].right
    curvatures = np.linalg.eigvalsh(2 * np.array([[1, -0.6], [-0.6, 1]]))
    assert curvatures[1] / curvatures[0] == pytest.approx(kappa)
    assert abs(1 - limit * curvatures[1]) == pytest.approx(1)
    best = 2 / curvatures.sum()
    assert np.abs((1 - best * curvatures) ** 50) == pytest.approx(factor**50)


def test_one_unit_gives_the_probability_of_class_1():
    for (W, b), (w, c) in on_cases("08.3"):
        x = np.random.default_rng(0).normal(size=(5, len(W)))
        assert sigmoid(x @ w + c)[:, 0] == pytest.approx(softmax(x @ W + b)[:, 1])


def test_folded_weights_give_for_raw_rows_what_they_gave_for_scaled_ones():
    for (W, b, mean, std), (folded, shifted) in on_cases("08.4"):
        x = np.random.default_rng(0).normal(size=(5, len(W)))
        assert x @ folded + shifted == pytest.approx((x - mean) / std @ W + b)


def test_macro_f1_and_recall_are_those_of_scikit_learn():
    for (counts,), f1 in on_cases("12.2"):
        truths, predictions = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
        assert f1 == pytest.approx(sklearn.metrics.f1_score(truths, predictions, average="macro"))
    for (batches,), recall in on_cases("12.3"):
        called, truth = map(np.concatenate, zip(*batches, strict=True))
        assert recall == pytest.approx(sklearn.metrics.recall_score(truth, called))


def test_a_paired_difference_has_the_standard_error_of_the_mean_of_the_differences():
    for (a, b), (difference, error) in on_cases("13.3"):
        differences = a.astype(float) - b
        assert (difference, error) == pytest.approx((differences.mean(), differences.std() / np.sqrt(len(a))))


def test_standardised_columns_have_mean_0_and_standard_deviation_1():
    for _, table in on_cases("A.4"):
        assert table.mean(axis=0) == pytest.approx(0, abs=1e-12)
        assert table.std(axis=0) == pytest.approx(1)


# (number, setting, what was measured with it): a break in a training or in its data shows in the fourth digit
OUTCOMES = [
    ("00.3", 0.05, 0.199035),
    ("00.3", 1e6, np.inf),
    ("01.1", ([1, 2, 1, 1], -2.5), [(0, 1), (0, 4), (3, 6), (4, 4), (1, 1)]),
    ("02.4", -2, 0.109203),
    ("03.5", lambda a, b: a + b, (True, True)),
    ("03.5", lambda a, b: a * b + a * a, (False, True)),
    ("03.5", lambda a, b: (lambda c: c + c * a)(a * b), (False, False)),
    ("04.5", 0.05, -5.728301),
    ("05.5", 0.003, 0.654480),
    ("05.5", 1e300, np.inf),
    ("06.5", 0.7, 86),
    ("06.5", 0.9, 280),
    ("06.5", 0.95, 571),
    ("06.5", 0, 2001),
    ("07.4", 50, 0.616),
    ("08.5", 0.001, 0.241398),
    ("08.5", 1e30, np.inf),
    ("10.5", 40, -0.107771),
    ("11.5", 0.05, 0.016522),
    ("11.5", 0.5, 0.319497),
    ("12.5", 0.4, (0.96875, 0.065421)),
    ("12.5", 0.5, (0.9375, 0.056075)),
]
# (number, an outcome just inside its goal, one just outside)
GOALS = [
    ("00.3", 0.0499, 0.05),
    ("02.4", -1.9e-5, -2e-5),
    ("02.4", 1.9e-5, 2e-5),
    ("04.5", np.log10(3), 0.4772),
    ("04.5", -np.log10(3), -0.4772),
    ("05.5", 0.99e-3, 1e-3),
    ("06.5", 105, 106),
    ("07.4", 0.8, 0.798),
    ("07.4", 0.88, 0.882),
    ("08.5", 0.08, 0.081),
    ("10.5", 0.12, 0.119),
    ("10.5", 0.25, 0.251),
    ("11.5", 0.04, 0.039),
    ("11.5", 0.1, 0.101),
    ("12.5", (0.98, 0.1), (0.979, 0.1)),
    ("12.5", (0.98, 0.1), (0.98, 0.101)),
]


@pytest.mark.parametrize(("number", "setting", "outcome"), OUTCOMES)
def test_a_setting_brings_what_was_measured(number, setting, outcome):
    np.testing.assert_allclose(EXERCISES[number].outcome(setting), outcome, rtol=1e-4)


def test_every_setting_to_change_was_measured():
    assert {number for number, *_ in OUTCOMES} == {n for n in NUMBERS if isinstance(EXERCISES[n], Change)}


@pytest.mark.parametrize(("number", "inside", "outside"), GOALS)
def test_a_goal_ends_where_the_text_says(number, inside, outside):
    assert EXERCISES[number].goal(inside)
    assert not EXERCISES[number].goal(outside)


def test_kinds_are_told_apart():
    assert {type(exercise) for exercise in EXERCISES.values()} == {Predict, Build, Change}
