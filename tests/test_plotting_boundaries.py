from fractions import Fraction

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from strategies import refused

from utils.plotting import plot_contours, plot_decision_regions

X = np.array([[-1.0, -2.0], [1.0, -2.0], [-1.0, 2.0], [1.0, 2.0]])
LABELS = np.array([0, 1, 2, 3])


def quadrant(points):
    """0 and 1 below, 2 and 3 above; the odd ones on the right."""
    return (points[:, 0] > 0) + 2 * (points[:, 1] > 0)


def axes():
    return Figure().subplots()


def at(ax, x, y):
    """The class and the colour that the picture shows at a point."""
    (image,) = ax.images
    left, right, bottom, top = image.get_extent()
    regions = image.get_array()
    row, column = (y - bottom) / (top - bottom) * regions.shape[0], (x - left) / (right - left) * regions.shape[1]
    shown = regions[int(row), int(column)]
    return shown, np.array(image.to_rgba(shown)[:3])


# -- decision regions

def test_every_place_shows_the_class_that_is_predicted_there():
    ax = plot_decision_regions(quadrant, X, LABELS, ax=axes())
    assert ax.images[0].origin == "lower"
    assert [at(ax, x, y)[0] for x, y in X] == [0, 1, 2, 3]
    assert [at(ax, x / 20, y / 20)[0] for x, y in X] == [0, 1, 2, 3]


def test_the_examples_lie_in_the_picture_each_class_in_its_shape():
    ax = plot_decision_regions(quadrant, np.repeat(X, 2, axis=0), np.repeat(LABELS, 2), ax=axes())
    assert [np.unique(points.get_offsets(), axis=0).tolist() for points in ax.collections] == [[x] for x in X.tolist()]
    assert len({len(points.get_paths()[0].vertices) for points in ax.collections}) > 1
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < -1 and 1 < right and bottom < -2 and 2 < top


def test_a_region_is_a_pale_form_of_its_examples_colour():
    ax = plot_decision_regions(quadrant, X, LABELS, ax=axes())
    for points, (x, y) in zip(ax.collections, X, strict=True):
        strong = np.array(to_rgb(points.get_facecolor()[0]))
        tint = (1 - at(ax, x, y)[1]) / (1 - strong).clip(1e-9)          # the share of colour on white
        assert tint[strong < 0.99] == pytest.approx(tint[strong.argmin()])
        assert 0.1 < tint[strong.argmin()] < 0.5


def test_a_class_that_is_predicted_but_has_no_example_is_shown():
    ax = plot_decision_regions(quadrant, X[:2], LABELS[:2] * 0, ax=axes())
    assert at(ax, 1.0, -2.0)[0] == 1


@pytest.mark.parametrize(("dtype", "expected"), [(np.float32, np.float32), (np.float64, np.float64), (int, np.float64)])
def test_predict_is_asked_in_the_float_type_of_the_examples(dtype, expected):
    asked = []

    def predict(points):
        asked.append(points.dtype)
        return quadrant(points)

    plot_decision_regions(predict, X.astype(dtype), LABELS, ax=axes())
    assert asked == [expected]


def test_one_example_alone_has_room_around_it():
    ax = plot_decision_regions(quadrant, X[:1], LABELS[:1], ax=axes())
    assert ax.get_xlim() == pytest.approx((-1.08, -0.92))


def test_lists_will_do():
    ax = plot_decision_regions(lambda points: quadrant(points).tolist(), X.tolist(), LABELS.tolist(), ax=axes())
    assert at(ax, 1.0, -2.0)[0] == 1


def test_scores_instead_of_classes_are_refused_with_the_cure():
    with refused("(57600,)", "(57600, 3)", "argmax(axis=1)"):
        plot_decision_regions(lambda points: np.zeros((len(points), 3)), X, LABELS, ax=axes())


def test_probabilities_instead_of_classes_are_refused():
    with refused("predict", "float64"):
        plot_decision_regions(lambda points: np.full(len(points), 0.5), X, LABELS, ax=axes())


@pytest.mark.parametrize(("x", "labels", "quotes"), [
    (X, LABELS[:3], ("(4, 2)", "(3,)")),
    (np.ones((4, 3)), LABELS, ("(4, 3)", "(4,)")),
    (np.ones((4, 2, 1)), LABELS, ("(4, 2, 1)", "(4,)")),
    (X[:0], LABELS[:0], ("(0, 2)", "(0,)")),
    (X, LABELS[:, None], ("(4, 2)", "(4, 1)")),
    (X, LABELS - 1, ("-1 to 2",)),
    (X, LABELS + 4, ("4 to 7",)),
    (X, LABELS / 1, ("float64",)),
    (X * [1, np.nan], LABELS, ("4 that are not",)),
])
def test_examples_that_do_not_fit_are_refused(x, labels, quotes):
    with refused(*quotes):
        plot_decision_regions(quadrant, x, labels, ax=axes())


# -- contours

STEP = 1 / 79                                   # f is asked at 80 points a side


def bands(ax):
    return ax.collections[0]


def test_bands_of_a_plane_have_equal_areas_and_here_equal_heights():
    levels = bands(plot_contours(lambda x, y: 12 * y, (0, 1), (0, 1), ax=axes())).levels
    assert levels == pytest.approx(np.arange(13), abs=12 * STEP)


def test_bands_of_a_parabola_have_equal_areas_not_equal_heights():
    levels = bands(plot_contours(lambda x, y: (12 * x) ** 2, (0, 1), (0, 1), ax=axes())).levels
    assert np.sqrt(levels) == pytest.approx(np.arange(13), abs=12 * STEP)


def test_the_lowest_band_lies_where_f_is_low_and_is_the_darkest():
    ax = plot_contours(lambda x, y: y, (5, 8), (0, 12), ax=axes())
    lowest = bands(ax).get_paths()[0].get_extents()
    assert (lowest.x0, lowest.x1, lowest.y0, lowest.y1) == pytest.approx((5, 8, 0, 1), abs=12 * STEP)
    brightness = bands(ax).get_facecolor()[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(brightness) > 0).all()


def test_the_window_is_the_one_asked_for_even_when_the_path_leaves_it():
    ax = plot_contours(lambda x, y: x + y, (0, 2), (-1, 1), path=[[0, 0], [9, 9]], ax=axes())
    assert ax.get_xlim() == (0, 2)
    assert ax.get_ylim() == (-1, 1)


def test_the_path_is_drawn_step_by_step_from_a_ring():
    walk = np.array([[0.0, 0.5], [1.0, 0.25], [1.5, 0.0]])
    steps, start = plot_contours(lambda x, y: x + y, (0, 2), (-1, 1), path=walk, ax=axes()).lines
    assert steps.get_xydata().tolist() == walk.tolist()
    assert steps.get_marker() == "."
    assert start.get_xydata().tolist() == [[0.0, 0.5]]


def test_several_paths_are_told_apart_by_name_and_colour():
    paths = {"SGD": [[0, 0], [1, 1]], "Adam": [[0, 0], [1, 0]]}
    ax = plot_contours(lambda x, y: x + y, (0, 2), (-1, 1), path=paths, ax=axes())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["SGD", "Adam"]
    assert ax.lines[0].get_color() != ax.lines[2].get_color()


def test_a_single_path_needs_no_legend():
    ax = plot_contours(lambda x, y: x + y, (0, 2), (-1, 1), path=[[0, 0]], ax=axes())
    assert ax.get_legend() is None


def test_f_is_asked_for_one_point_at_a_time():
    kinds = set()
    plot_contours(lambda x, y: kinds.add((np.ndim(x), np.ndim(y))) or x * y, (0, 1), (0, 1), ax=axes())
    assert kinds == {(0, 0)}


def test_f_may_return_any_number():
    ax = plot_contours(lambda x, y: Fraction(x), (0, 1), (0, 1), ax=axes())
    assert bands(ax).levels[[0, -1]] == pytest.approx([0, 1])


def test_a_plateau_with_a_hole_is_drawn():
    ax = plot_contours(lambda x, y: float(x > 0.1), (0, 1), (0, 1), ax=axes())
    assert bands(ax).levels[[0, -1]] == pytest.approx([0, 1])


@pytest.mark.parametrize(("f", "quotes"), [
    (lambda x, y: 7.0, ("7.0 to 7.0",)),
    (lambda x, y: np.inf if x > 0.5 else 1.0, ("finite", "inf")),
])
def test_a_function_without_heights_is_refused(f, quotes):
    with refused(*quotes):
        plot_contours(f, (0, 1), (0, 1), ax=axes())


@pytest.mark.parametrize("path", [[0.0, 1.0], np.ones((3, 3)), np.ones((0, 2)), {"SGD": [1.0, 2.0]}], ids=str)
def test_a_path_of_another_shape_is_refused(path):
    shape = np.shape(path["SGD"] if isinstance(path, dict) else path)
    with refused("(T, 2)", str(shape)):
        plot_contours(lambda x, y: x, (0, 1), (0, 1), path=path, ax=axes())


def test_an_empty_window_is_refused():
    with refused("(1, 1)"):
        plot_contours(lambda x, y: x, (0, 1), (1, 1), ax=axes())
