from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from strategies import refused

from utils.nn import Value
from utils.plotting import WRONG, plot_graph


def leaf(data, label):
    return Value(data, label=label)


def labelled(value, label):
    value.label = label
    return value


def product_of_sum():
    """(x + y) z at (-2, 5, -4), as in the CS231n notes: f = -12, gradients -4, -4 and 3."""
    f = labelled(labelled(leaf(-2, "x") + leaf(5, "y"), "q") * leaf(-4, "z"), "f")
    f.backward()
    return f


def neuron():
    """Karpathy's neuron with tanh spelt out by exp: every kind of edge, 18 numbers."""
    n = leaf(2, "x1") * leaf(-3, "w1") + leaf(0, "x2") * leaf(1, "w2") + leaf(6.8813735870195432, "b")
    e = (2 * n).exp()
    o = (e + -1) / (e + 1)
    o.backward()
    return o


def drawn(value):
    ax = plot_graph(value, ax=Figure((12, 5)).subplots())
    ax.figure.draw_without_rendering()
    return ax


def boxes(ax):
    return [patch.get_window_extent() for patch in ax.patches if isinstance(patch, FancyBboxPatch)]


def arrows(ax):
    return [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]


def pixels(arrow):
    """Points close together along an arrow, in pixels, as the boxes are."""
    lines = arrow.get_path().to_polygons(arrow.get_transform(), closed_only=False)
    return np.concatenate([Path(line).interpolated(20).vertices for line in lines])


def texts_in(ax, box):
    """The lines written within a box, from the top."""
    inside = [text for text in ax.texts if box.contains(*text.get_transform().transform(text.get_position()))]
    return [text.get_text() for text in sorted(inside, key=lambda text: -text.get_position()[1])]


def by_label(ax):
    return {texts_in(ax, box)[0]: box for box in boxes(ax)}


def test_every_box_holds_label_data_and_gradient():
    ax = drawn(product_of_sum())
    assert sorted(texts_in(ax, box) for box in boxes(ax)) == [
        ["f", "data −12", "grad 1"], ["q", "data 3", "grad −4"], ["x", "data −2", "grad −4"],
        ["y", "data 5", "grad −4"], ["z", "data −4", "grad 3"]]


def test_gradients_have_a_colour_of_their_own():
    ax = drawn(product_of_sum())
    assert all(same_color(text.get_color(), WRONG) == text.get_text().startswith("grad") for text in ax.texts)


@pytest.mark.parametrize(("make", "sign"), [
    (lambda a: a + 1, "+"), (lambda a: a * 2, "×"), (lambda a: a**2, "**2"), (lambda a: a.tanh(), "tanh"),
])
def test_the_operation_stands_on_the_box_of_its_result(make, sign):
    ax = drawn(labelled(make(leaf(3.0, "a")), "result"))
    (tab,) = [text for text in ax.texts if text.get_text() == sign]
    assert by_label(ax)["result"].overlaps(tab.get_window_extent())


def test_a_leaf_has_no_operation():
    ax = drawn(leaf(1.0, "alone"))
    assert [text.get_text() for text in ax.texts] == ["alone", "data 1", "grad 0"]


def test_leaves_and_no_others_are_tinted():
    ax = drawn(product_of_sum())
    frames = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    white = {texts_in(ax, box)[0] for frame, box in zip(frames, boxes(ax), strict=True)
             if same_color(frame.get_facecolor(), "white")}
    assert white == {"q", "f"}


def test_a_small_graph_on_large_axes_keeps_its_proportions():
    small, large = (plot_graph(leaf(1.0, "a") + 1, ax=Figure(size).subplots()) for size in [(5, 3), (15, 9)])
    for ax in (small, large):
        ax.figure.draw_without_rendering()
    assert boxes(small)[0].size == pytest.approx(boxes(large)[0].size, rel=0.01)


def test_parents_stand_left_of_their_children():
    x, q, z, f = (by_label(drawn(product_of_sum()))[label] for label in "xqzf")
    assert x.x1 < q.x0 and q.x1 < f.x0 and z.x1 < f.x0


def test_operands_stand_in_their_order_from_the_top():
    x, y = (by_label(drawn(product_of_sum()))[label] for label in "xy")
    assert x.y0 > y.y1


def test_a_result_stands_between_its_operands():
    ax = drawn(labelled(leaf(1, "a") * leaf(2, "b"), "ab") + labelled(leaf(3, "c") * leaf(4, "d"), "cd") * 5)
    height = {label: (box.y0 + box.y1) / 2 for label, box in by_label(ax).items()}
    assert height["a"] > height["ab"] > height["b"]
    assert height["c"] > height["cd"] > height["d"]


def test_every_arrow_runs_from_its_parents_right_edge_to_its_childs_left_edge():
    ax = drawn(labelled(leaf(2.0, "a") * leaf(3.0, "b"), "c"))
    a, b, c = (by_label(ax)[label] for label in "abc")
    for parent, arrow in zip([a, b], arrows(ax), strict=True):
        ends = pixels(arrow)
        assert ends.min(axis=0)[0] == pytest.approx(parent.x1, abs=2)
        assert ends.max(axis=0)[0] == pytest.approx(c.x0, abs=2)
        assert any(parent.y0 < y < parent.y1 and x < parent.x1 + 2 for x, y in ends)
        assert any(c.y0 < y < c.y1 and x > c.x0 - 2 for x, y in ends)


@pytest.mark.parametrize(("make", "uses"), [
    (lambda a: a, 0), (lambda a: a + 1, 2), (lambda a: a * a, 2), (lambda a: a * a * a, 4),
])
def test_each_use_has_its_arrow(make, uses):
    assert len(arrows(drawn(make(leaf(3.0, "a"))))) == uses


def test_the_two_arrows_of_a_square_are_told_apart():
    a = leaf(3.0, "a")
    first, second = arrows(drawn(a * a))
    assert abs(first.get_window_extent().y0 - second.get_window_extent().y0) > 5


def slopes_written(ax):
    """The texts that are no line of a box and no tab on one."""
    return [text for text in ax.texts if text.get_text() and same_color(text.get_color(), "0.35")]


def test_each_arrow_carries_its_slope_in_the_half_of_its_head():
    ax = drawn(leaf(2.0, "a") * leaf(-3.0, "b"))
    for arrow, text, slope in zip(arrows(ax), slopes_written(ax), ["−3", "2"], strict=True):
        way, place = pixels(arrow), text.get_transform().transform(text.get_position())
        assert text.get_text() == slope
        assert np.linalg.norm(way - place, axis=1).min() < 2            # pixels
        assert place[0] > (way[:, 0].min() + way[:, 0].max()) / 2


def test_slopes_may_be_left_out():
    ax = plot_graph(leaf(2.0, "a") * leaf(-3.0, "b"), ax=Figure().subplots(), slopes=False)
    assert slopes_written(ax) == []


def test_the_slopes_of_a_real_graph_cover_neither_boxes_nor_each_other():
    ax = drawn(neuron())
    written = [text.get_window_extent() for text in slopes_written(ax)]
    assert len(written) == len(arrows(ax)) == 18
    assert not any(a.overlaps(b) for a, b in combinations(written, 2))
    assert not any(text.overlaps(box) for text in written for box in boxes(ax))


def test_the_boxes_of_a_real_graph_do_not_overlap():
    assert len(boxes(drawn(neuron()))) == 18
    assert not any(a.overlaps(b) for a, b in combinations(boxes(drawn(neuron())), 2))


def test_no_arrow_runs_through_a_box():
    ax = drawn(neuron())
    assert [arrow for arrow in arrows(ax) for box in boxes(ax) if runs_through(arrow, box)] == []


def runs_through(arrow, box):
    inner = box.padded(-5)                      # pixels: touching an edge is not running through
    return any(inner.contains(x, y) for x, y in pixels(arrow))


def test_an_arrow_through_a_box_would_be_noticed():
    ax = drawn(labelled(labelled(leaf(2.0, "a") * 1, "b") * 1, "c"))
    a, b, c = (by_label(ax)[label] for label in "abc")
    left, right = ax.transData.inverted().transform([a.p0 + a.size / 2, c.p0 + c.size / 2])
    straight = ax.add_patch(FancyArrowPatch(left, right))
    assert runs_through(straight, b)


def test_boxes_stay_in_small_axes_and_all_text_in_its_box():
    ax = plot_graph(neuron(), ax=Figure((6, 2.5)).subplots())
    ax.figure.draw_without_rendering()
    for box in boxes(ax):
        assert ax.bbox.containsx(box.x0) and ax.bbox.containsx(box.x1)
        assert ax.bbox.containsy(box.y0) and ax.bbox.containsy(box.y1)
        for text in ax.texts:
            written = text.get_window_extent()
            if box.contains(*(written.p0 + written.p1) / 2):
                assert box.x0 <= written.x0 and written.x1 <= box.x1


def test_something_else_than_a_value_is_refused_by_name():
    with refused("Value expected", "float", "data, grad"):
        plot_graph(2.5, ax=Figure().subplots())


def test_the_largest_graph_that_somebody_could_read_is_drawn():
    value = Value(1.0)
    for _ in range(39):
        value = value.tanh()
    ax = plot_graph(value, ax=Figure().subplots())
    assert sum(text.get_text().startswith("data") for text in ax.texts) == 40


def test_a_graph_that_nobody_could_read_is_refused():
    value = leaf(1.0, "a")
    for _ in range(40):
        value = value.tanh()
    with refused("at most 40", "41"):
        plot_graph(value, ax=Figure().subplots())
