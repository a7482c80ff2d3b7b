import io
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.colors import same_color, to_rgb
from matplotlib.figure import Figure
from strategies import refused, repeatable

from utils.plotting import label_line_ends, use_house_style
from utils.plotting.style import STYLE_FILE, TEST, TRAIN, VALIDATION, WRONG, spread_out

# Red, green and blue light as eyes without one kind of cone see them: Machado et al. (2009), severity 1.
WITHOUT_CONES = {
    "none": np.eye(3),
    "green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])      # sRGB, white D65


def light(color):
    """Linear red, green and blue of an sRGB colour (IEC 61966-2-1)."""
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIELAB, in which a distance of 2.3 is just noticed."""
    x, y, z = np.cbrt(XYZ @ np.clip(rgb, 1e-3, 1) / XYZ.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(a, b, missing):
    seen_a, seen_b = (np.array(WITHOUT_CONES[missing]) @ light(color) for color in (a, b))
    return np.linalg.norm(lab(seen_a) - lab(seen_b))


def contrast_to_white(color):
    """From 1 to 21; signs need 3, small text 4.5 (WCAG 2.1)."""
    return 1.05 / (XYZ[1] @ light(color) + 0.05)


def house(name):
    return mpl.rc_params_from_file(STYLE_FILE, use_default_template=False)[name]


def drawn(*ends, labels=None):
    """An Axes with a line to each of `ends`, labelled, and where its labels stand after drawing."""
    with plt.style.context(STYLE_FILE):
        ax = Figure().subplots()
        for i, end in enumerate(ends):
            ax.plot([0, 1], [0.0, end], label=labels[i] if labels else f"line {i}")
        label_line_ends(ax)
    return ax, boxes(ax)


def boxes(ax):
    ax.figure.draw_without_rendering()
    return [text.get_window_extent() for text in ax.texts]


# -- the file

def test_the_style_is_loaded_on_demand_from_beside_the_code():
    with mpl.rc_context():
        use_house_style()
        assert mpl.rcParams["axes.prop_cycle"] == house("axes.prop_cycle")
    assert STYLE_FILE.parent == Path(use_house_style.__globals__["__file__"]).parent


@pytest.mark.parametrize("name", ["figure.facecolor", "axes.facecolor", "savefig.facecolor"])
def test_white_is_said_explicitly(name):
    assert house(name) == "white"


def test_a_figure_is_white_and_opaque_even_after_a_dark_style():
    picture = io.BytesIO()
    with plt.style.context(["dark_background", {"savefig.transparent": True}, STYLE_FILE]):
        ax = Figure().subplots()
        ax.figure.savefig(picture, format="png")
    pixels = plt.imread(io.BytesIO(picture.getvalue()))
    assert (pixels[0, 0] == 1).all()
    assert (pixels[pixels.shape[0] // 2, pixels.shape[1] // 2] == 1).all()


@pytest.mark.parametrize("name", ["text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor"])
def test_text_is_dark_enough_on_white(name):
    assert contrast_to_white(house(name)) > 4.5


def test_the_font_ships_with_matplotlib():
    (family,) = house("font.family")
    path = font_manager.findfont(family, fallback_to_default=False)
    assert Path(path).is_relative_to(mpl.get_data_path())


def test_a_picture_of_two_curves_is_small():
    picture = io.BytesIO()
    with plt.style.context(STYLE_FILE):
        ax = Figure().subplots()
        ax.plot(np.exp(-np.arange(30) / 6), label="train")
        ax.plot(np.exp(-np.arange(30) / 5) + 0.2, label="validation")
        label_line_ends(ax).set_title("The validation loss stays higher")
        ax.figure.savefig(picture, format="png", bbox_inches="tight")
    assert len(picture.getvalue()) < 40_000


# -- the colours

@pytest.mark.parametrize("missing", WITHOUT_CONES)
def test_train_validation_test_and_wrong_differ_for_every_kind_of_eye(missing):
    with plt.style.context(STYLE_FILE):
        pairs = list(combinations([TRAIN, VALIDATION, TEST, WRONG], 2))
        assert min(distance(a, b, missing) for a, b in pairs) > 20


def test_the_simulated_eye_confuses_red_and_green():
    red, green = "#d62728", "#2ca02c"
    assert distance(red, green, "none") > 100
    assert distance(red, green, "green") < 10


def test_train_is_blue_validation_orange_and_test_green():
    with plt.style.context(STYLE_FILE):
        (r, g, b), (r1, g1, b1), (r2, g2, b2) = map(to_rgb, [TRAIN, VALIDATION, TEST])
    assert b > g > r
    assert r1 > g1 > b1
    assert g2 > max(r2, b2)


@pytest.mark.parametrize("role", [TRAIN, VALIDATION, TEST, WRONG])
def test_lines_of_every_role_stand_out_from_white(role):
    with plt.style.context(STYLE_FILE):
        assert contrast_to_white(role) > 3


# -- the labels

def test_each_label_stands_right_of_its_line_at_its_height_in_its_colour():
    ax, places = drawn(1.0, 5.0)
    for line, text, place in zip(ax.lines, ax.texts, places, strict=True):
        x, y = ax.transData.transform(line.get_xydata()[-1])
        assert text.get_text() == line.get_label()
        assert same_color(text.get_color(), line.get_color())
        assert 0 < place.x0 - x < 20
        assert place.y0 < y < place.y1


def test_labels_of_lines_that_end_at_one_point_do_not_overlap():
    _, places = drawn(1.0, 1.0, 1.0, 1.001, 5.0)
    assert not any(a.overlaps(b) for a, b in combinations(places, 2))


def test_many_labels_at_the_lower_edge_stay_beside_the_axes():
    ax, places = drawn(*[0.001] * 5, 9.0)
    half_a_line = 10
    assert min(place.y0 for place in places) > ax.bbox.y0 - half_a_line
    assert not any(a.overlaps(b) for a, b in combinations(places, 2))


def test_labels_have_the_order_of_the_ends():
    _, places = drawn(1.003, 1.001, 1.002)
    heights = [place.y0 for place in places]
    assert heights[1] < heights[2] < heights[0]


def test_labels_follow_when_the_limits_change_later():
    ax, _ = drawn(1.0, 5.0)
    ax.set_ylim(-20, 20)
    low, high = boxes(ax)
    _, end = ax.transData.transform((1, 5.0))
    assert high.y0 < end < high.y1
    assert not low.overlaps(high)


def test_labels_are_inside_the_figure():
    ax, places = drawn(1.0, 2.0, labels=["a rather long label", "b"])
    assert max(place.x1 for place in places) <= ax.figure.bbox.x1


def test_labelling_twice_labels_once():
    ax, _ = drawn(1.0, 2.0)
    ax.text(0, 0, "a remark")
    label_line_ends(ax)
    assert sorted(text.get_text() for text in ax.texts) == ["a remark", "line 0", "line 1"]


def test_a_line_without_a_label_gets_none():
    ax, _ = drawn(1.0, 2.0, labels=["shown", "_hidden"])
    assert [text.get_text() for text in ax.texts] == ["shown"]


def test_a_line_that_breaks_off_is_labelled_where_it_breaks_off():
    ax = Figure().subplots()
    ax.plot([0, 1, 2, 3], [1, 2, np.nan, np.inf], label="diverged")
    (place,) = boxes(label_line_ends(ax))
    x, y = ax.transData.transform((1, 2))
    assert 0 < place.x0 - x < 20
    assert place.y0 < y < place.y1


def test_a_line_without_a_finite_point_gets_no_label():
    ax, _ = drawn(1.0)
    ax.plot([0, 1], [np.nan, np.nan], label="diverged at once")
    assert [text.get_text() for text in label_line_ends(ax).texts] == ["line 0"]


def test_a_horizontal_line_across_the_axes_is_labelled_at_the_right_edge():
    ax = Figure().subplots()
    ax.set(xlim=(0, 9), ylim=(0, 1))
    ax.axhline(0.5, label="chance")
    (place,) = boxes(label_line_ends(ax))
    assert 0 < place.x0 - ax.bbox.x1 < 20


def test_a_line_that_leaves_the_window_is_labelled_at_its_edge():
    ax, _ = drawn(2.0)
    ax.set(xlim=(0, 0.5), ylim=(0, 1))
    (place,) = boxes(ax)
    assert 0 < place.x0 - ax.bbox.x1 < 20
    assert place.y0 < ax.bbox.y1 < place.y1


def test_axes_without_a_labelled_line_are_refused():
    ax = Figure().subplots()
    ax.plot([1, 2])
    with refused("1 lines", "label"):
        label_line_ends(ax)


# -- spreading

def test_two_equal_wishes_part_evenly():
    assert spread_out([3.0, 3.0], gap=2.0) == pytest.approx([2, 4])


def test_what_is_far_enough_apart_stays():
    assert spread_out([7.0, 1.0, 4.0], gap=3.0) == pytest.approx([7, 1, 4])


def test_a_pushed_pair_pushes_the_next():
    assert spread_out([0.0, 0.0, 0.5], gap=1.0) == pytest.approx([-5 / 6, 1 / 6, 7 / 6])     # mean stays 1/6


def test_a_pushed_pair_leaves_alone_what_has_room():
    assert spread_out([2.0, 2.0, 4.0], gap=1.0) == pytest.approx([1.5, 2.5, 4])
    assert spread_out([-2.0, 0.0, 0.0], gap=1.0) == pytest.approx([-2, -0.5, 0.5])


def test_many_equal_wishes_keep_their_order():
    assert np.diff(spread_out([1.0] * 40, gap=1.0)) == pytest.approx(np.ones(39))


def test_the_edges_hold():
    assert spread_out([0.0, 0.0], gap=2.0, low=0.0, high=10.0) == pytest.approx([0, 2])
    assert spread_out([9.0, 10.0], gap=2.0, low=0.0, high=10.0) == pytest.approx([8, 10])


@repeatable
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=8), st.floats(0.1, 5))
def test_spread_positions_keep_order_distance_and_mean(wanted, gap):
    found = spread_out(wanted, gap)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(found[order]) >= gap - 1e-9).all()
    assert found.mean() == pytest.approx(np.mean(wanted))
