import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dtypes, generators, refused, repeatable, sizes

from utils.nn import binary_cross_entropy, mean_squared_error, numerical_gradient, relative_error, softmax_cross_entropy


def draw(loss, rng, n, n_columns, dtype=np.float64):
    """A prediction, and a target that fits the loss."""
    prediction = rng.normal(0, 2, (n, n_columns)).astype(dtype)
    if loss is softmax_cross_entropy:
        return prediction, rng.integers(0, n_columns, n)
    return prediction, rng.uniform(0, 1, (n, n_columns)).astype(dtype)


LOSSES = [mean_squared_error, binary_cross_entropy, softmax_cross_entropy]
each_loss = pytest.mark.parametrize("loss", LOSSES)


# facts


def test_squared_error_of_misses_by_1_and_2_is_2_and_a_half():
    loss, dprediction = mean_squared_error(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    assert loss == 2.5
    assert dprediction.tolist() == [1, -2]


def test_squared_error_is_a_mean_over_outputs_too():
    one, grid = np.array([[3.0]]), np.full((2, 4), 3.0)
    assert mean_squared_error(one, 0 * one)[0] == mean_squared_error(grid, 0 * grid)[0] == 9
    assert mean_squared_error(grid, 0 * grid)[1].tolist() == [[6 / 8] * 4] * 2


def test_an_undecided_sigmoid_costs_log_2_whatever_the_target():
    for target in (0.0, 0.3, 1.0):
        assert binary_cross_entropy(np.zeros((2, 3)), np.full((2, 3), target))[0] == pytest.approx(np.log(2))


def test_gradient_of_binary_cross_entropy_is_probability_minus_target_over_n():
    logits = np.log([[3.0, 1 / 3]])                                         # probabilities 3/4 and 1/4
    assert binary_cross_entropy(logits, np.array([[1, 1]]))[1] == pytest.approx(np.array([[-1 / 8, -3 / 8]]))


@repeatable
@given(generators, sizes, sizes)
def test_binary_cross_entropy_treats_both_classes_alike(rng, n, n_columns):
    logits, target = draw(binary_cross_entropy, rng, n, n_columns)
    loss, dlogits = binary_cross_entropy(logits, target)
    mirrored, dmirrored = binary_cross_entropy(-logits, 1 - target)
    assert mirrored == pytest.approx(loss) and dmirrored == pytest.approx(-dlogits)


def test_cross_entropy_of_equal_scores_is_log_of_the_number_of_classes():
    loss, dlogits = softmax_cross_entropy(np.full((2, 3), 7.0), np.array([0, 2]))
    assert loss == pytest.approx(np.log(3))
    assert dlogits == pytest.approx(np.array([[-2, 1, 1], [1, 1, -2]]) / 6)


@repeatable
@given(generators, sizes, sizes)
def test_rows_of_the_gradient_of_cross_entropy_sum_to_0_and_a_shift_of_scores_changes_nothing(rng, n, n_classes):
    logits, labels = draw(softmax_cross_entropy, rng, n, n_classes)
    loss, dlogits = softmax_cross_entropy(logits, labels)
    assert dlogits.sum(axis=1) == pytest.approx(0, abs=1e-12)
    assert softmax_cross_entropy(logits + rng.normal(0, 100, (n, 1)), labels)[0] == pytest.approx(loss)


@repeatable
@given(generators, sizes)
def test_cross_entropy_of_two_classes_is_the_binary_one_of_their_difference(rng, n):
    logits, labels = draw(softmax_cross_entropy, rng, n, 2)
    binary, ddifference = binary_cross_entropy(logits[:, 1] - logits[:, 0], labels)
    loss, dlogits = softmax_cross_entropy(logits, labels)
    assert loss == pytest.approx(binary)
    assert dlogits == pytest.approx(np.stack([-ddifference, ddifference], axis=1))


@each_loss
def test_a_batch_written_twice_costs_the_same_and_each_row_is_worth_half(loss):
    prediction, target = draw(loss, np.random.default_rng(0), 3, 4)
    value, gradient = loss(prediction, target)
    twice, halves = loss(np.concatenate([prediction] * 2), np.concatenate([target] * 2))
    assert twice == pytest.approx(value)
    assert halves == pytest.approx(np.concatenate([gradient] * 2) / 2)


# central differences


@each_loss
@repeatable
@given(generators, sizes, sizes)
def test_gradient_agrees_with_central_differences(loss, rng, n, n_columns):
    prediction, target = draw(loss, rng, n, n_columns)
    numerical = numerical_gradient(lambda: loss(prediction, target)[0], prediction)
    assert loss(prediction, target)[1] == pytest.approx(numerical, rel=1e-6, abs=1e-9)


@each_loss
def test_the_check_rejects_a_gradient_that_forgot_the_mean(loss):
    prediction, target = draw(loss, np.random.default_rng(0), 3, 4)
    numerical = numerical_gradient(lambda: loss(prediction, target)[0], prediction)
    assert relative_error(3 * loss(prediction, target)[1], numerical) > 1e-2


# any size, either precision


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropies_are_exact_for_huge_logits(dtype):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for logit, target, loss, dlogit in [(1e4, 1, 0, 0), (1e4, 0, 1e4, 1), (-1e4, 1, 1e4, -1), (-1e4, 0, 0, 0),
                                            (1e4, 0.5, 5e3, 0.5), (-1e4, 0.5, 5e3, -0.5)]:
            assert binary_cross_entropy(np.array([logit], dtype), np.array([target])) == (loss, [dlogit])
        logits = np.array([[1e4, -1e4, 0], [-1e4, -3e4, -2e4]], dtype)
        for label, loss, dlogits in [(0, 0, [0, 0, 0]), (1, 2e4, [1, -1, 0]), (2, 1e4, [1, 0, -1])]:
            value, gradient = softmax_cross_entropy(logits, np.array([label] * 2))
            assert value == loss and (2 * gradient).tolist() == [dlogits] * 2


def test_a_confident_sigmoid_still_tells_how_confident():
    assert binary_cross_entropy(np.array([50.0]), np.array([1.0]))[0] == pytest.approx(np.exp(-50), abs=0)


@each_loss
@repeatable
@given(generators, sizes, sizes)
def test_float32_agrees_with_float64(loss, rng, n, n_columns):
    prediction, target = draw(loss, rng, n, n_columns, np.float32)
    value, gradient = loss(prediction, target)
    exact, exact_gradient = loss(prediction.astype(np.float64), target)
    assert value == pytest.approx(exact, rel=1e-5, abs=1e-6) and gradient == pytest.approx(exact_gradient, abs=1e-6)


@each_loss
@repeatable
@given(generators, sizes, sizes, dtypes)
def test_loss_is_a_float_and_gradient_has_shape_and_dtype_of_the_prediction(loss, rng, n, n_columns, dtype):
    prediction, target = draw(loss, rng, n, n_columns, dtype)
    before = prediction.copy(), target.copy()
    for same in (target, target.astype(np.int8), target.astype(np.int64)):      # probabilities become 0: still targets
        value, gradient = loss(prediction, same)
        assert type(value) is float
        assert gradient.shape == prediction.shape and gradient.dtype == dtype
    assert (prediction == before[0]).all() and (target == before[1]).all()


@pytest.mark.parametrize("loss", [mean_squared_error, binary_cross_entropy])
def test_targets_in_double_precision_or_of_bools_leave_a_float32_gradient(loss):
    prediction = np.zeros((2, 2), np.float32)
    for target in (np.eye(2), np.eye(2, dtype=bool)):
        value, gradient = loss(prediction, target)
        assert gradient.dtype == np.float32
        assert value == loss(prediction, np.eye(2, dtype=np.float32))[0]


@repeatable
@given(st.integers(1, 4), st.integers(1, 4))
def test_losses_of_numbers_take_any_shape(n, m):
    for shape in ((n,), (n, 1), (n, m, 2)):
        assert mean_squared_error(np.ones(shape), np.zeros(shape))[0] == 1
        assert binary_cross_entropy(np.zeros(shape), np.ones(shape))[0] == pytest.approx(np.log(2))


# refusals

ZEROS = np.zeros((2, 3))


@pytest.mark.parametrize("loss, target", list(zip(LOSSES, [ZEROS, ZEROS, np.array([0, 1])], strict=True)))
@pytest.mark.parametrize("prediction, quotes", [
    (ZEROS.tolist(), ["non-empty float array", "list"]),
    (ZEROS.astype(int), ["non-empty float array", "int64", "(2, 3)"]),
    (np.zeros((0, 3)), ["non-empty float array", "float64", "(0, 3)"]),
    (np.where(np.eye(2, 3), np.nan, 0), ["finite", "got 2 NaN or infinite of 6"]),
    (np.where(np.eye(2, 3), [[np.inf], [-np.inf]], 0), ["finite", "got 2 NaN or infinite of 6"]),
])
def test_no_loss_takes_such_predictions(loss, target, prediction, quotes):
    with refused(*quotes):
        loss(prediction, target)


@pytest.mark.parametrize("loss", [mean_squared_error, binary_cross_entropy])
@pytest.mark.parametrize("target, quotes", [
    (np.zeros(2), ["prediction (2, 3)", "target (2,)"]),
    (np.zeros((1, 3)), ["prediction (2, 3)", "target (1, 3)"]),
    (ZEROS.tolist(), ["prediction (2, 3)", "target list"]),
    (np.where(np.eye(2, 3), np.nan, 0), ["finite", "float64", "nan"]),
    (np.where(np.eye(2, 3), -np.inf, 0), ["finite", "-inf"]),
    (ZEROS.astype(complex), ["finite numbers", "complex128"]),
    (ZEROS.astype(str), ["finite numbers", "<U"]),
])
def test_no_loss_of_numbers_takes_such_targets(loss, target, quotes):
    with refused(*quotes):
        loss(ZEROS, target)


@pytest.mark.parametrize("loss", [mean_squared_error, binary_cross_entropy])
def test_a_column_against_a_row_is_refused_for_broadcasting_would_make_a_square(loss):
    with refused("prediction (4, 1)", "target (4,)"):
        loss(np.zeros((4, 1)), np.zeros(4))


@pytest.mark.parametrize("target", [-0.1, 1.1])
def test_binary_cross_entropy_wants_targets_between_0_and_1(target):
    with refused("between 0 and 1", "0.0", str(target)):
        binary_cross_entropy(np.zeros(2), np.array([0, target]) if target > 1 else np.array([target, 0]))


@pytest.mark.parametrize("labels, quotes", [
    ([0, 1], ["logits (2, 3)", "labels list"]),
    (np.array([0, 1, 2]), ["logits (2, 3)", "labels (3,)"]),
    (np.eye(2, 3, dtype=int), ["logits (2, 3)", "labels (2, 3)"]),
    (np.array([0.0, 1.0]), ["0..2", "float64"]),
    (np.array([True, False]), ["0..2", "bool"]),
    (np.array([0, 3]), ["0..2", "0 to 3"]),
    (np.array([-1, 2]), ["0..2", "-1 to 2"]),
])
def test_softmax_cross_entropy_wants_one_whole_label_a_row_in_range(labels, quotes):
    with refused(*quotes):
        softmax_cross_entropy(ZEROS, labels)


@pytest.mark.parametrize("shape", [(3,), (2, 3, 1)])
def test_softmax_cross_entropy_wants_a_table_of_logits(shape):
    with refused(f"logits {shape}"):
        softmax_cross_entropy(np.zeros(shape), np.zeros(shape[0], int))


def test_the_last_class_is_a_class():
    assert softmax_cross_entropy(np.array([[0.0, 0.0, 1e4]]), np.array([2], np.uint8))[0] == 0
