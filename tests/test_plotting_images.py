from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgb
from matplotlib.figure import Figure
from strategies import refused

from utils.plotting import DIVERGING, WRONG, plot_confusion_matrix, plot_digits, plot_weights

IMAGES = np.arange(5 * 4 * 3).reshape(5, 4, 3)
COUNTS = np.array([[900, 3, 0], [7, 800, 1], [2, 40, 700]])


def axes():
    return Figure().subplots()


def corners(ax):
    """(left, top) of every picture, in the coordinates of `ax`, whose y grows downwards."""
    return [(left, min(bottom, top)) for left, _, bottom, top in (image.get_extent() for image in ax.images)]


# -- digits

def test_every_picture_is_drawn_as_it_came():
    ax = plot_digits(IMAGES, ax=axes())
    assert np.array_equal([image.get_array() for image in ax.images], IMAGES)


def test_pictures_stand_upright():
    ax = plot_digits(IMAGES, ax=axes())
    assert ax.yaxis_inverted()
    assert all(image.origin == "upper" and image.get_extent()[2] > image.get_extent()[3] for image in ax.images)


def test_pictures_run_along_rows_and_then_down_without_touching():
    places = corners(plot_digits(IMAGES, n_columns=2, ax=axes()))
    (x0, y0), (x1, y1), (x2, y2), _, (x4, y4) = places
    assert y0 == y1 < y2 < y4 and x0 == x2 == x4 < x1
    assert x1 - x0 > 3 and y2 - y0 > 4


def test_ten_pictures_make_a_row():
    for ax in (plot_digits(np.zeros((11, 2, 2)), ax=axes()), plot_weights(np.zeros((4, 11)), shape=(2, 2), ax=axes())):
        heights = [top for _, top in corners(ax)]
        assert len(set(heights[:10])) == 1 and heights[10] > heights[9]


def test_lists_will_do():
    ax = plot_digits(IMAGES.tolist(), titles=(number for number in range(5)), ax=axes())
    assert [text.get_text() for text in ax.texts] == ["0", "1", "2", "3", "4"]


def test_a_title_may_be_the_number_0():
    ax = plot_digits(IMAGES, titles=[0] * 5, n_columns=3, ax=axes())
    assert corners(ax) == corners(plot_digits(IMAGES, titles=["0"] * 5, n_columns=3, ax=axes()))
    ax = plot_weights(np.eye(4), shape=(2, 2), titles=[0] * 4, n_columns=2, ax=axes())
    assert corners(ax) == corners(plot_weights(np.eye(4), shape=(2, 2), titles=["0"] * 4, n_columns=2, ax=axes()))


def test_one_title_is_enough_to_make_room_for_all():
    first, second = [corners(plot_digits(IMAGES, titles=titles, n_columns=3, ax=axes())) for titles in (
        ["a", "", "", "", ""], list("abcde"))]
    assert first == second


def test_all_pictures_share_one_scale_on_which_ink_is_dark():
    ax = plot_digits(IMAGES, ax=axes())
    assert {image.get_clim() for image in ax.images} == {(0, 59)}
    assert same_color(ax.images[0].to_rgba(0), "white")
    assert same_color(ax.images[0].to_rgba(59), "black")


def test_a_title_stands_above_its_picture():
    ax = plot_digits(IMAGES, titles=[7, 1, 3, 4, 5], n_columns=2, ax=axes())
    assert [text.get_text() for text in ax.texts] == ["7", "1", "3", "4", "5"]
    ax.figure.draw_without_rendering()
    for text, image in zip(ax.texts, ax.images, strict=True):
        title, picture = text.get_window_extent(), image.get_window_extent()
        assert picture.y1 <= title.y0 and picture.x0 < (title.x0 + title.x1) / 2 < picture.x1


@pytest.mark.parametrize("n_columns", [2, 5, 10])
def test_titles_stay_clear_of_the_pictures_above(n_columns):
    ax = plot_digits(np.zeros((20, 28, 28)), titles=["8, not 3"] * 20, n_columns=n_columns, ax=axes())
    ax.figure.draw_without_rendering()
    for text, image in zip(ax.texts[n_columns:], ax.images, strict=False):
        assert text.get_window_extent().y1 <= image.get_window_extent().y0 + 1


def test_wrong_ones_have_a_frame_and_a_cross_and_no_others():
    wrong = np.array([False, True, False, False, True])
    ax = plot_digits(IMAGES, titles=list("abcde"), wrong=wrong, n_columns=3, ax=axes())
    assert [frame.get_xy() for frame in ax.patches] == [corners(ax)[1], corners(ax)[4]]
    assert [text.get_text() for text in ax.texts] == ["a", "✗ b", "c", "d", "✗ e"]
    assert [same_color(text.get_color(), WRONG) for text in ax.texts] == wrong.tolist()


def test_marks_find_their_pictures_on_axes_that_hold_something_already():
    ax = axes()
    ax.text(0, 0, "a remark")
    plot_digits(IMAGES, titles=list("abcde"), wrong=[True] + [False] * 4, ax=ax)
    assert [text.get_text() for text in ax.texts if same_color(text.get_color(), WRONG)] == ["✗ a"]


@pytest.mark.parametrize(("arguments", "quotes"), [
    ({"images": np.zeros((5, 784))}, ("(N, height, width)", "(5, 784)")),
    ({"images": np.zeros((0, 28, 28))}, ("(0, 28, 28)",)),
    ({"images": IMAGES, "n_columns": 0}, ("in 0",)),
    ({"images": IMAGES / [[[1], [1], [1], [np.nan]]]}, ("15 that are not",)),
    ({"images": IMAGES, "titles": ["1", "2"]}, ("5 expected", "title", "2: ['1', '2']")),
    ({"images": IMAGES, "wrong": [True]}, ("5 expected", "mark", "1: [True]")),
])
def test_pictures_that_do_not_fit_are_refused(arguments, quotes):
    with refused(*quotes):
        plot_digits(**arguments, ax=axes())


# -- weights

def test_each_column_of_W_is_a_picture():
    W = np.arange(24.0).reshape(6, 4)
    ax = plot_weights(W, shape=(2, 3), ax=axes())
    assert len(ax.images) == 4
    assert ax.images[1].get_array().tolist() == [[1, 5, 9], [13, 17, 21]]


@pytest.mark.parametrize("W", [[[1.0, -3.0]], [[2.0, 3.0]], [[-3.0, -1.0]]], ids=str)
def test_all_weights_share_one_scale_symmetric_around_0(W):
    ax = plot_weights(W, shape=(1, 1), ax=axes())
    assert {image.get_clim() for image in ax.images} == {(-3.0, 3.0)}
    assert {image.get_cmap().name for image in ax.images} == {DIVERGING}


def test_weight_0_is_nearly_white_plus_reddish_minus_bluish():
    image = plot_weights([[1.0]], shape=(1, 1), ax=axes()).images[0]
    zero, plus, minus = (image.to_rgba(weight)[:3] for weight in (0.0, 0.6, -0.6))
    assert min(zero) > 0.95
    assert plus[0] > plus[2]
    assert minus[2] > minus[0]


def test_weights_that_are_all_0_are_white():
    image = plot_weights(np.zeros((4, 1)), shape=(2, 2), ax=axes()).images[0]
    assert min(image.to_rgba(0.0)[:3]) > 0.95


def test_the_scale_of_weights_is_shown_beside_them_as_high_as_they():
    ax = plot_weights(np.arange(-8.0, 8.0).reshape(4, 4), shape=(2, 2), ax=axes())
    ax.figure.draw_without_rendering()
    (bar,) = ax.child_axes
    assert bar.get_ylim() == (-8.0, 8.0)
    assert (bar.bbox.y0, bar.bbox.y1) == pytest.approx((ax.bbox.y0, ax.bbox.y1))
    assert bar.bbox.x0 >= ax.bbox.x1


def test_weights_of_one_unit_that_are_no_column_are_refused():
    with refused("784 rows", "(784,)"):
        plot_weights(np.zeros(784), ax=axes())


def test_W_with_another_number_of_rows_is_refused():
    with refused("784 rows", "(28, 28)", "(10, 784)"):
        plot_weights(np.zeros((10, 784)), ax=axes())


# -- confusion matrix

def test_every_count_stands_in_its_cell_true_class_down_predicted_class_across():
    ax = plot_confusion_matrix(COUNTS, ax=axes())
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written == {(j, i): str(COUNTS[i, j]) for i in range(3) for j in range(3)}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    assert ax.yaxis_inverted()


def test_the_colours_tell_errors_apart_and_leave_the_diagonal_out():
    image = plot_confusion_matrix(COUNTS, ax=axes()).images[0]
    assert image.get_clim() == (0, 40)
    shown = image.to_rgba(image.get_array())
    assert same_color(shown[0, 2], "white")
    assert same_color(shown[2, 1], WRONG)
    grey = shown[range(3), range(3), :3]
    assert np.ptp(grey) == 0 and 0.85 < grey[0, 0] < 1


def test_a_matrix_without_an_error_is_drawn():
    assert plot_confusion_matrix(np.diag([5, 6]), ax=axes()).images[0].get_clim() == (0, 1)


def test_every_error_is_legible_on_its_colour():
    ax = plot_confusion_matrix(np.arange(1, 101).reshape(10, 10), ax=axes())
    shown = ax.images[0].to_rgba(ax.images[0].get_array())
    for text in ax.texts:
        j, i = text.get_position()
        if i != j:
            assert contrast(to_rgb(text.get_color()), shown[i, j, :3]) > 4.5


def contrast(*colors):
    """Between two colours, from 1 to 21; small text needs 4.5 (WCAG 2.1)."""
    dark, bright = sorted(np.where((rgb := np.array(color)) <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
                          @ [0.2126, 0.7152, 0.0722] for color in colors)
    return (bright + 0.05) / (dark + 0.05)


def test_the_classes_are_named_on_both_sides():
    ax = plot_confusion_matrix(COUNTS[:2, :2], ["benign", "malignant"], ax=axes())
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["benign", "malignant"]


def test_ten_classes_have_numbers_that_do_not_touch():
    ax = plot_confusion_matrix(np.full((10, 10), 1000), ax=Figure((4.8, 4.8), layout="constrained").subplots())
    ax.figure.draw_without_rendering()
    places = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for a, b in combinations(places, 2))


@pytest.mark.parametrize(("counts", "names", "quotes"), [
    (np.ones((2, 3), int), None, ("(C, C)", "(2, 3)")),
    (np.ones((0, 0), int), None, ("(0, 0)",)),
    (5, None, ("()",)),
    (np.eye(2), None, ("float64",)),
    (-np.eye(2, dtype=int), None, ("smallest -1",)),
    (COUNTS, ["a", "b"], ("3 expected", "name", "2: ['a', 'b']")),
])
def test_counts_that_do_not_fit_are_refused(counts, names, quotes):
    with refused(*quotes):
        plot_confusion_matrix(counts, names, ax=axes())
