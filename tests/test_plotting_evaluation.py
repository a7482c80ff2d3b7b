import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from strategies import refused

from utils.plotting import WRONG, plot_outcomes

NAMES = ["found (TP)", "missed (FN)", "false alarms (FP)", "left alone (TN)"]


def drawn(*counts, **options):
    ax = plot_outcomes(*counts, ax=Figure().subplots(), **options)
    return ax, [marks.get_offsets().data for marks in ax.collections]


def test_there_is_a_mark_for_each_case_and_its_number_in_the_legend():
    ax, places = drawn(9, 56, 1, 934)
    assert [len(marks) for marks in places] == [9, 1, 56, 934]
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == [f"{n} {name}" for n, name in zip([9, 1, 56, 934], NAMES, strict=True)]


def test_marks_run_along_rows_from_the_top_and_none_hides_another():
    ax, places = drawn(2, 1, 0, 3, n_columns=4)
    assert np.concatenate(places).tolist() == [[0, 0], [1, 0], [2, 0], [3, 0], [0, 1], [1, 1]]
    assert ax.yaxis_inverted() and ax.get_aspect() == 1
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    assert left < 0 and right > 3 and top < 0 and bottom > 1


def test_the_two_kinds_of_error_differ_in_shape_and_share_the_colour_of_what_is_wrong():
    ax, _ = drawn(2, 2, 2, 2)
    found, missed, alarms, alone = ax.collections
    assert same_color(missed.get_edgecolor(), WRONG) and same_color(alarms.get_edgecolor(), WRONG)
    assert len(alarms.get_facecolor()) == 0             # hollow
    outlines = [marks.get_paths()[0].vertices for marks in (missed, alarms)]
    assert outlines[0].shape != outlines[1].shape or not np.allclose(*outlines)
    for marks in (found, alone):
        assert not same_color(marks.get_facecolor(), WRONG)


def test_without_axes_there_is_a_new_figure():
    first, second = plot_outcomes(1, 1, 1, 1), plot_outcomes(np.int64(1), 0, 0, 0)
    assert first.figure is not second.figure


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (1, -1, 1, 1), (0.5, 1, 1, 1), ("one", 1, 1, 1)])
def test_counts_that_are_none_are_refused(counts):
    with refused("whole numbers from 0 up", f"TP, FN, FP, TN = {tuple(counts[i] for i in (0, 2, 1, 3))}"):
        plot_outcomes(*counts)


def test_one_column_is_enough():
    _, places = drawn(1, 1, 0, 1, n_columns=1)
    assert np.concatenate(places).tolist() == [[0, 0], [0, 1], [0, 2]]


def test_no_column_is_refused():
    with refused("at least one column", "n_columns=0"):
        plot_outcomes(1, 1, 1, 1, n_columns=0)
