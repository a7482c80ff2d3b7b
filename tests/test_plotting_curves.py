import numpy as np
import pytest
from matplotlib.figure import Figure
from strategies import refused

from utils.nn.training import History
from utils.plotting import TRAIN, VALIDATION, plot_history

LISTS = {"loss": [3.0, 2.0, 1.5], "val_loss": [3.5, 2.5, 2.25], "accuracy": [0.5, 0.75, 1.0]}


class KerasHistory:
    """What keras.callbacks.History shows after fit."""

    def __init__(self, lists):
        self.params, self.epoch, self.history = {"epochs": 3}, [0, 1, 2], lists


def ours(lists):
    history = History(*lists)
    for values in zip(*lists.values(), strict=True):
        history.append(**dict(zip(lists, values, strict=True)))
    return history


def axes():
    return Figure().subplots()


@pytest.mark.parametrize("form", [dict, ours, KerasHistory], ids=["dictionary", "ours", "Keras"])
def test_every_form_of_history_gives_the_same_two_lines(form):
    train, validation = plot_history(form(LISTS), ax=axes()).lines
    assert list(train.get_ydata()) == [3.0, 2.0, 1.5]
    assert list(validation.get_ydata()) == [3.5, 2.5, 2.25]


def test_epochs_are_counted_from_1():
    ax = plot_history(LISTS, ax=axes())
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2, 3], [1, 2, 3]]
    assert ax.get_xlabel() == "epoch"


def test_train_and_validation_have_their_colours_and_their_names_at_the_end():
    ax = plot_history(LISTS, ax=axes())
    assert [line.get_color() for line in ax.lines] == [TRAIN, VALIDATION]
    assert [text.get_text() for text in ax.texts] == ["train", "validation"]


def test_another_quantity_is_drawn_alone_when_it_was_not_validated():
    ax = plot_history(LISTS, "accuracy", ax=axes())
    (line,) = ax.lines
    assert list(line.get_ydata()) == [0.5, 0.75, 1.0]
    assert ax.get_ylabel() == "accuracy"


def test_a_quantity_of_two_words_is_written_as_two_words():
    assert plot_history({"top_two": [0.5, 0.75]}, "top_two", ax=axes()).get_ylabel() == "top two"


def test_only_the_quantity_has_grid_lines():
    ax = axes()
    ax.grid(False)
    plot_history(LISTS, ax=ax)
    shown = [[line.get_visible() for line in axis.get_gridlines()] for axis in (ax.xaxis, ax.yaxis)]
    assert not any(shown[0]) and all(shown[1])


def test_what_is_no_row_of_numbers_is_left_out():
    assert len(plot_history({"loss": [1.0, 0.5], "table": np.ones((2, 2))}, ax=axes()).lines) == 1
    with refused("one of ['loss']", "'table'"):
        plot_history({"loss": [1.0, 0.5], "table": np.ones((2, 2))}, "table", ax=axes())


def test_ticks_are_ones_twos_fives_and_tens():
    for n_epochs, step in ((9, 1), (20, 2), (45, 5), (60, 10)):
        ax = plot_history({"loss": list(range(n_epochs))}, ax=axes())
        assert set(np.diff(ax.get_xticks())) == {step}, n_epochs


def test_ticks_are_whole_epochs():
    for n_epochs in (1, 2, 3, 30):
        ax = plot_history({"loss": list(range(n_epochs))}, ax=axes())
        low, high = ax.get_xlim()
        ticks = [tick for tick in ax.get_xticks() if low <= tick <= high]
        assert ticks and all(tick == round(tick) for tick in ticks)


def test_one_epoch_is_a_visible_point():
    ax = plot_history({"loss": [2.0], "val_loss": [2.5]}, ax=axes())
    assert all(line.get_marker() == "o" for line in ax.lines)


def test_arrays_serve_as_lists():
    (line,) = plot_history({"loss": np.array([2.0, 1.0])}, ax=axes()).lines
    assert list(line.get_ydata()) == [2.0, 1.0]


def test_two_histories_on_one_axes_keep_one_label_a_line():
    ax = plot_history(LISTS, ax=axes())
    plot_history({"loss": [9.0, 8.0]}, ax=ax)
    assert [text.get_text() for text in ax.texts] == ["train", "validation", "train"]


def test_a_quantity_that_was_not_recorded_is_refused_with_those_that_were():
    with refused("'recall'", "'accuracy', 'loss', 'val_loss'"):
        plot_history(LISTS, "recall", ax=axes())


@pytest.mark.parametrize("nothing", [{"loss": []}, {}, History("loss"), KerasHistory({}), [1.0, 2.0], None])
def test_a_history_without_an_epoch_is_refused(nothing):
    with refused("at least one epoch"):
        plot_history(nothing, ax=axes())
