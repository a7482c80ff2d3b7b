import pickle
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import generators, refused, repeatable

from utils.nn import (
    L2,
    SGD,
    Adam,
    Batches,
    Dense,
    Dropout,
    History,
    Layer,
    ReLU,
    Sequential,
    fit,
    mean_squared_error,
    softmax_cross_entropy,
)

STANDSTILL = 1e-300                     # a learning rate that changes no bit of a float64 weight


def accuracy(scores, labels):
    return np.mean(scores.argmax(axis=1) == labels)


def examples(n=10, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 3)).astype(dtype), rng.integers(0, 2, n)


def network(dtype=np.float64, n_outputs=2):
    rng = np.random.default_rng(0)
    return Sequential(Dense(3, 4, rng=rng, dtype=dtype), ReLU(), Dense(4, n_outputs, rng=rng, dtype=dtype))


def batches(n=10, batch_size=4, dtype=np.float64, seed=0):
    return Batches(*examples(n, dtype), batch_size, rng=np.random.default_rng(seed))


def one_weight(w=1.0):
    """y = w x + b, with b = 0 to begin with."""
    model = Dense(1, 1, rng=np.random.default_rng(0), dtype=np.float64)
    model.params["W"][...] = w
    return model


class Diary(Layer):
    """The identity, with a diary of whether it was training, and with how many rows."""

    def __init__(self, diary):
        super().__init__()
        self.diary = diary

    def forward(self, x, training=False):
        self.diary.append(("training" if training else "scoring", len(x)))
        return x

    def backward(self, dy, needs_dx=True):
        self.diary.append(("backward", needs_dx))
        return dy


# Batches


@repeatable
@given(generators, st.integers(1, 30), st.integers(1, 12), st.booleans())
def test_an_epoch_holds_every_row_once_with_its_own_target(rng, n, batch_size, shuffle):
    x, y = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    epoch = list(Batches(x, y, batch_size, rng=rng, shuffle=shuffle))
    full, rest = divmod(n, batch_size)
    assert [len(part) for part, _ in epoch] == [batch_size] * full + [rest] * (rest > 0)
    assert all((part[:, 0] == 2 * targets).all() and part.shape[1] == 2 for part, targets in epoch)
    assert sorted(np.concatenate([targets for _, targets in epoch])) == list(range(n))


@repeatable
@given(st.integers(1, 30), st.integers(1, 12))
def test_length_is_the_number_of_batches(n, batch_size):
    parts = batches(n, batch_size)
    assert len(parts) == len(list(parts))


def order(parts):
    return np.concatenate([y for _, y in parts]).tolist()


def test_every_epoch_has_a_new_order_that_the_generator_decides():
    x, y = np.zeros((50, 1)), np.arange(50)
    parts, again = (Batches(x, y, 7, rng=np.random.default_rng(0)) for _ in range(2))
    first, second = order(parts), order(parts)
    assert first != second and list(range(50)) not in (first, second)
    assert [first, second] == [order(again), order(again)]
    assert first != order(Batches(x, y, 7, rng=np.random.default_rng(1)))


def test_without_shuffle_every_epoch_keeps_the_order_of_the_rows_and_needs_no_generator():
    parts = Batches(np.zeros((5, 1)), np.arange(5), 2, rng=None, shuffle=False)
    assert order(parts) == order(parts) == [0, 1, 2, 3, 4]


def test_batches_keep_the_arrays_they_are_given_and_their_dtypes():
    x, y = np.ones((4, 2, 2), np.float32), np.ones((4, 3), np.uint8)
    parts = Batches(x, y, np.int64(3), rng=np.random.default_rng(0))
    assert parts.x is x and parts.y is y and (type(parts.batch_size), parts.shuffle) == (int, True)
    part, targets = next(iter(parts))
    assert (part.shape, part.dtype, targets.shape, targets.dtype) == ((3, 2, 2), np.float32, (3, 3), np.uint8)


X, Y = np.ones((4, 2)), np.zeros(4, int)


def with_one(bad, x):
    x = x.astype(float)
    x[-1] = bad
    return x


BAD_EXAMPLES = [
    (X.tolist(), Y, ["x must be an array", "list"]),
    (X, Y.tolist(), ["y must be an array", "list"]),
    (X, None, ["y must be an array", "NoneType"]),
    (X.astype(str), Y, ["x must be an array of numbers", "<U"]),
    (X, Y.astype(object), ["y must be an array of numbers", "object"]),
    (X[:0], Y[:0], ["x must be", "at least one row", "(0, 2)"]),
    (X, Y[:0], ["y must be", "at least one row", "(0,)"]),
    (np.array(1.0), Y, ["x must be", "at least one row", "float64 ()"]),
    (X, Y[:3], ["one target a row", "4 rows in x", "3 in y"]),
    (with_one(np.nan, X), Y, ["x must be finite", "NaN or infinity"]),
    (with_one(np.inf, X), Y, ["x must be finite"]),
    (with_one(-np.inf, X), Y, ["x must be finite"]),
    (X, with_one(np.nan, Y), ["y must be finite"]),
    (X.astype(np.uint8), Y, ["uint8", "Divide by 255"]),
    (X.astype(int), Y, ["x must be a float array", "int64"]),
    (X > 0, Y, ["x must be a float array", "bool"]),
]


@pytest.mark.parametrize("x, y, quotes", BAD_EXAMPLES)
def test_batches_refuse_what_cannot_be_learned_from(x, y, quotes):
    with refused(*quotes):
        Batches(x, y, 2, rng=np.random.default_rng(0))


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, "2", None])
def test_a_batch_holds_at_least_one_row(batch_size):
    with refused("batch_size", "at least 1", repr(batch_size)):
        Batches(X, Y, batch_size, rng=np.random.default_rng(0))


@pytest.mark.parametrize("rng", [None, 0, np.random.RandomState(0)])    # noqa: NPY002
def test_the_order_comes_from_a_generator_only(rng):
    with refused("np.random.default_rng(0)", repr(rng)):
        Batches(X, Y, 2, rng=rng)


def test_rows_without_columns_are_rows():
    assert len(Batches(np.ones((4, 0)), np.ones((4, 0)), 2, rng=np.random.default_rng(0))) == 2


# History


def test_history_holds_a_list_a_quantity_and_a_number_an_epoch():
    history = History("loss", "accuracy")
    history.append(loss=1.0, accuracy=0.25)
    history.append(accuracy=1 / 3, loss=0.5)
    assert vars(history) == {"loss": [1.0, 0.5], "accuracy": [0.25, 1 / 3]}
    assert repr(history) == "loss: [1.0, 0.5]\naccuracy: [0.25, 0.3333]"


# fit: facts


def test_fit_is_the_loop_forward_loss_backward_step():
    model, by_hand = network(), network()
    fit(model, softmax_cross_entropy, SGD(0.1), batches(), epochs=3)
    rule, parts = SGD(0.1), batches()
    for _ in range(3):
        for x, y in parts:
            by_hand.backward(softmax_cross_entropy(by_hand.forward(x), y)[1])
            rule.step(by_hand.params, by_hand.grads)
    assert all((array == by_hand.params[key]).all() for key, array in model.params.items())


def test_fit_learns_a_line():
    x = np.linspace(-1, 1, 20)[:, np.newaxis]
    model = one_weight(0)
    fit(model, mean_squared_error, SGD(0.3), Batches(x, 2 * x + 3, 5, rng=np.random.default_rng(0)), epochs=50)
    assert model.params["W"][0, 0] == pytest.approx(2) and model.params["b"][0] == pytest.approx(3)


def test_history_holds_means_over_examples_not_over_batches():
    model, (x, y) = network(), examples(10)
    parts = Batches(x, y, 4, rng=None, shuffle=False)                       # of 4, 4 and 2 rows
    history = fit(model, softmax_cross_entropy, SGD(STANDSTILL), parts, epochs=2, metrics={"accuracy": accuracy})
    scores = model.forward(x)
    assert history.loss == pytest.approx([softmax_cross_entropy(scores, y)[0]] * 2)
    assert history.accuracy == pytest.approx([accuracy(scores, y)] * 2)
    over_batches = np.mean([softmax_cross_entropy(model.forward(part), labels)[0] for part, labels in parts])
    assert history.loss[0] != pytest.approx(over_batches)


def test_training_loss_is_taken_before_each_step_and_validation_after_the_epoch():
    x = np.ones((1, 1))
    history = fit(one_weight(), mean_squared_error, SGD(0.125), Batches(x, 0 * x, 1, rng=np.random.default_rng(0)),
                  epochs=3, validation_data=(x, 0 * x))
    # prediction p = w + b falls by 0.125 * (2p + 2p) in a step: it halves, and its square is quartered
    assert history.loss == [1, 1 / 4, 1 / 16] and history.val_loss == [1 / 4, 1 / 16, 1 / 64]


@pytest.mark.parametrize("n", [1, 255, 256, 257, 600])
def test_validation_scores_are_means_over_the_whole_set_after_the_epoch(n):
    model, (x, y) = network(), examples(n, seed=1)
    history = fit(model, softmax_cross_entropy, SGD(0.1), batches(), epochs=1, validation_data=(x, y),
                  metrics={"accuracy": accuracy})
    scores = model.forward(x)
    assert history.val_loss == pytest.approx([softmax_cross_entropy(scores, y)[0]])
    assert history.val_accuracy == pytest.approx([accuracy(scores, y)])


def test_layers_are_told_what_is_training_and_no_dx_is_asked_of_the_first():
    diary = []
    model = Sequential(Diary(diary), network())
    fit(model, softmax_cross_entropy, SGD(0.1), batches(5, 4), epochs=1, validation_data=examples(3))
    assert diary == [("training", 4), ("backward", False), ("training", 1), ("backward", False), ("scoring", 3)]


def test_losses_hold_the_penalty_as_it_is_and_metrics_do_not():
    model = one_weight(3.0)
    model.kernel_regularizer = L2(0.5)                                      # 0.5 * 3^2 = 4.5, once: no share a row
    x = np.zeros((7, 1))
    history = fit(model, mean_squared_error, SGD(STANDSTILL), Batches(x, x + 1, 2, rng=np.random.default_rng(0)),
                  epochs=1, validation_data=(x, x + 2), metrics={"error": lambda y, t: mean_squared_error(y, t)[0]})
    assert history.loss == pytest.approx([1 + 4.5]) and history.val_loss == pytest.approx([4 + 4.5])
    assert history.error == pytest.approx([1]) and history.val_error == pytest.approx([4])


def test_dropout_is_off_when_validation_is_scored():
    model = Sequential(Dropout(0.5, rng=np.random.default_rng(0)), network())
    x, y = examples(8)
    history = fit(model, softmax_cross_entropy, SGD(0.1), batches(), epochs=1, validation_data=(x, y))
    assert history.val_loss == pytest.approx([softmax_cross_entropy(model.forward(x), y)[0]])


def test_validation_teaches_nothing():
    models = network(), network()
    fit(models[0], softmax_cross_entropy, Adam(), batches(), epochs=2)
    fit(models[1], softmax_cross_entropy, Adam(), batches(), epochs=2, validation_data=examples(7, seed=1))
    assert all((array == models[1].params[key]).all() for key, array in models[0].params.items())


def test_history_names_what_was_asked_for():
    plain = fit(network(), softmax_cross_entropy, SGD(), batches(), epochs=2)
    assert list(vars(plain)) == ["loss"] and type(plain.loss[0]) is float
    full = fit(network(), softmax_cross_entropy, SGD(), batches(), epochs=np.int64(2), validation_data=examples(),
               metrics={"accuracy": accuracy, "rows": lambda scores, labels: len(labels)})
    assert list(vars(full)) == ["loss", "accuracy", "rows", "val_loss", "val_accuracy", "val_rows"]
    assert all(len(values) == 2 and type(values[0]) is float for values in vars(full).values())


def test_on_epoch_is_called_after_each_epoch_from_1_with_the_history_so_far():
    calls = []
    history = fit(network(), softmax_cross_entropy, SGD(), batches(), epochs=3, validation_data=examples(),
                  on_epoch=lambda epoch, history: calls.append((epoch, history, len(history.val_loss))))
    assert calls == [(1, history, 1), (2, history, 2), (3, history, 3)]


def test_a_fit_within_on_epoch_is_a_fit_of_its_own():
    inner = []
    fit(network(), softmax_cross_entropy, SGD(), batches(), epochs=2, on_epoch=lambda epoch, history: inner.append(
        fit(network(), softmax_cross_entropy, SGD(), batches(), epochs=epoch).loss))
    assert [len(loss) for loss in inner] == [1, 2] and inner[0] == inner[1][:1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_of_the_model_lasts_through_training(dtype):
    model, rule = network(dtype), Adam(np.float64(0.001))
    fit(model, softmax_cross_entropy, rule, batches(dtype=dtype), epochs=2, validation_data=examples(dtype=dtype))
    state = [moment for moments in rule._state.values() for moment in moments]
    assert {array.dtype for array in [*model.params.values(), *model.grads.values(), *state]} == {np.dtype(dtype)}


def test_fit_prints_and_warns_nothing(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(network(), softmax_cross_entropy, SGD(), batches(), epochs=2, validation_data=examples())
    assert capfd.readouterr() == ("", "")


# divergence


def diverge(x, validation_data=None, w=1.0, epochs=5, **options):
    """Fit y = w x to 0 at a rate of 1e30, in silence."""
    parts = Batches(x, 0 * x, 1, rng=None, shuffle=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return fit(one_weight(w), mean_squared_error, SGD(1e30), parts, epochs=epochs, validation_data=validation_data,
                   **options)


def test_a_loss_that_turns_infinite_names_epoch_step_and_rate_and_carries_the_epochs_before(capfd):
    # p = w + b grows by a factor of 4e30 in a step: its square passes the largest double, 1.8e308, at the seventh
    told = r"^epoch 2, step 3 of 4: the loss is inf.*learning_rate=1e\+30"
    with pytest.raises(FloatingPointError, match=told) as caught:
        diverge(np.ones((4, 1)))
    history = caught.value.history
    assert len(history.loss) == 1 and np.isfinite(history.loss[0])
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    assert capfd.readouterr() == ("", "")


def test_a_prediction_that_turns_infinite_is_told_the_same_way():
    seen = []
    with pytest.raises(FloatingPointError, match="^epoch 1, step 2 of 2: the loss is nan") as caught:
        diverge(np.array([[1e140], [1e140]]), on_epoch=lambda epoch, history: seen.append(epoch))
    assert vars(caught.value.history) == {"loss": []} and seen == []


def test_validation_that_diverges_is_told_too():
    x = np.array([[1e200]])
    told = r"^epoch 1, validation: the loss is inf.*learning_rate=1e\+30"
    with pytest.raises(FloatingPointError, match=told) as caught:
        diverge(np.zeros((2, 1)), validation_data=(x, x * 0))
    assert vars(caught.value.history) == {"loss": [], "val_loss": []}


def test_infinite_weights_of_both_signs_are_told_without_a_warning():
    # the first step sends the weights to minus and plus infinity; the second prediction is their difference
    model = Dense(2, 1, rng=np.random.default_rng(0), dtype=np.float64)
    parts = Batches(np.array([[1e160, -1e160], [1e160, 1e160]]), np.ones((2, 1)), 1, rng=None, shuffle=False)
    model.params["W"][...] = [[1e-20], [0]]
    with warnings.catch_warnings(), pytest.raises(FloatingPointError, match="^epoch 1, step 2 of 2: the loss is nan"):
        warnings.simplefilter("error")
        fit(model, mean_squared_error, SGD(1e30), parts, epochs=1)


def test_a_network_that_diverges_in_single_precision_is_told_once(capfd):
    with warnings.catch_warnings(), pytest.raises(FloatingPointError, match="learning_rate=1e"):
        warnings.simplefilter("error")
        fit(network(np.float32), softmax_cross_entropy, SGD(1e20), batches(dtype=np.float32), epochs=9)
    assert capfd.readouterr() == ("", "")


# memory


def peak_over_need(n_outputs, loss, n_validation, n_rows=6000):
    """Peak of memory within fit, over the sizes of x, y, parameters and state."""
    rng, tables = np.random.default_rng(0), []
    for n in (n_rows, n_validation):
        x = rng.random((n, 784), np.float32)
        tables.append((x, x[:, :n_outputs].copy() if loss is mean_squared_error else rng.integers(0, n_outputs, n)))
    model = Sequential(Dense(784, 128, rng=rng), ReLU(), Dense(128, n_outputs, rng=rng))
    held = sum(array.nbytes for table in tables for array in table) + sum(a.nbytes for a in model.params.values())
    tracemalloc.start()
    fit(model, loss, SGD(), Batches(*tables[0], 128, rng=rng), epochs=1, validation_data=tables[1])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (held + peak) / held


@pytest.mark.parametrize("n_outputs, loss, n_validation", [
    (10, softmax_cross_entropy, 1000),
    (10, softmax_cross_entropy, 6000),
    (784, mean_squared_error, 1000),        # an autoencoder: y is as large as x
])
def test_fit_needs_little_memory_beside_the_data_the_parameters_and_the_state(n_outputs, loss, n_validation):
    assert peak_over_need(n_outputs, loss, n_validation) < 1.2


# refusals


def fit_with(**changes):
    """A fit that works but for `changes`, and what it must leave as it was."""
    model = Sequential(Dropout(0.5, rng=np.random.default_rng(0)), network())
    rule, parts = Adam(), batches()
    x, y = examples(5)
    model.backward(softmax_cross_entropy(model.forward(x, training=True), y)[1])
    rule.step(model.params, model.grads)
    arguments = dict(model=model, loss=softmax_cross_entropy, optimizer=rule, batches=parts, epochs=1) | changes
    return arguments, (arguments["model"], rule, arguments["batches"])


def rows(n_columns=3, dtype=np.float64, labels=(0, 1)):
    return np.ones((len(labels), n_columns), dtype), np.array(labels)


many = np.zeros(700, int)
REFUSED_FITS = [
    ({"epochs": 0}, ["epochs", "at least 1", "got 0"]),
    ({"epochs": -1}, ["epochs", "got -1"]),
    ({"epochs": 2.0}, ["epochs", "got 2.0"]),
    ({"epochs": "2"}, ["epochs", "got '2'"]),
    ({"batches": [examples()]}, ["Batches(x, y, batch_size, rng=rng)", "list"]),
    ({"metrics": ["accuracy"]}, ["name -> function", "['accuracy']"]),
    ({"metrics": {"accuracy": 0.5}}, ["name -> function", "{'accuracy': 0.5}"]),
    ({"metrics": {"top 5": accuracy}}, ["name -> function", "top 5"]),
    ({"metrics": {5: accuracy}}, ["name -> function", "{5:"]),
    ({"metrics": {"loss": accuracy}}, ["metrics must not be called", "['loss']"]),
    ({"metrics": {"accuracy": accuracy, "val_loss": accuracy}}, ["must not be called", "['accuracy', 'val_loss']"]),
    ({"metrics": {"append": accuracy}}, ["metrics must not be called", "['append']"]),
    ({"model": network(n_outputs=1)}, ["labels in 0..0", "0 to 1"]),
    ({"loss": mean_squared_error}, ["prediction (10, 2)", "target (10,)"]),
    ({"batches": Batches(*rows(4), 2, rng=np.random.default_rng(0))}, ["(N, 3)", "(1, 4)"]),
    ({"batches": Batches(*rows(3, np.float32), 2, rng=np.random.default_rng(0))}, ["float32", "float64"]),
    ({"batches": Batches(*rows(labels=[*many, 2]), 2, rng=np.random.default_rng(0))}, ["0..1", "0 to 2"]),
    ({"validation_data": list(rows())}, ["pair (x, y)", "list"]),
    ({"validation_data": (*rows(), None)}, ["pair (x, y)", "tuple of 3"]),
    ({"validation_data": rows()[:1]}, ["pair (x, y)", "tuple of 1"]),
    ({"validation_data": rows(4)}, ["(N, 3)", "(1, 4)"]),
    ({"validation_data": rows(labels=[*many, -1])}, ["0..1", "-1 to 0"]),
    *(({"validation_data": (x, y)}, quotes) for x, y, quotes in BAD_EXAMPLES),
]


@pytest.mark.parametrize("changes, quotes", REFUSED_FITS)
def test_a_refused_fit_changes_nothing(changes, quotes):
    arguments, state = fit_with(**changes)
    before = pickle.dumps(state)
    with refused(*quotes):
        fit(**arguments)
    assert pickle.dumps(state) == before


def test_a_metric_may_be_called_self():
    history = fit(network(), softmax_cross_entropy, SGD(), batches(), epochs=1, metrics={"self": accuracy})
    assert len(vars(history)["self"]) == 1
