from collections import Counter

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from strategies import refused

from utils.plotting import plot_network


def drawn(*arguments, **options):
    return plot_network(*arguments, **options, ax=Figure().subplots())


def circles(ax):
    """Circles a layer, from left to right."""
    return list(Counter(patch.center[0] for patch in ax.patches if isinstance(patch, Circle)).values())


def connections(ax):
    return [len(lines.get_segments()) for lines in ax.collections if isinstance(lines, LineCollection)]


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_a_small_network_shows_all_units_and_all_connections():
    ax = drawn([2, 3, 1])
    assert circles(ax) == [2, 3, 1]
    assert connections(ax) == [2 * 3, 3 * 1]


def test_a_large_layer_shows_as_many_as_allowed_and_three_dots():
    ax = drawn([784, 128, 3], max_circles=4)
    assert circles(ax) == [4, 4, 3]
    assert [len(dots.get_xdata()) for dots in ax.lines] == [3, 3]


def test_the_dots_stand_where_no_circle_does():
    ax = drawn([100, 1], max_circles=6)
    heights = [patch.center[1] for patch in ax.patches if patch.center[0] == 0]
    assert min(abs(height - y) for height in heights for y in ax.lines[0].get_ydata()) > 0.5


def test_a_layer_that_just_fits_needs_no_dots():
    ax = drawn([6, 1], max_circles=6)
    assert circles(ax) == [6, 1]
    assert len(ax.lines) == 0


def test_two_circles_are_enough_for_a_large_layer():
    ax = drawn([100, 1], max_circles=2)
    assert circles(ax) == [2, 1]


def test_every_layer_has_its_size_and_every_pair_the_shape_of_W():
    assert sorted(texts(drawn([784, 64, 10]))) == sorted(["784", "64", "10", "W (784, 64)", "W (64, 10)"])


def test_sizes_may_be_numbers_of_numpy():
    assert "W (3, 2)" in texts(drawn(np.array([3, 2])))


def test_names_stand_above_their_layers():
    ax = drawn([2, 8], names=["pixels", "digits"])
    for name, x in zip(["pixels", "digits"], sorted({patch.center[0] for patch in ax.patches}), strict=True):
        (text,) = [text for text in ax.texts if text.get_text() == name]
        assert text.get_position()[0] == x
        assert text.get_position()[1] > max(patch.center[1] + patch.radius for patch in ax.patches
                                            if patch.center[0] == x)


def test_names_and_sizes_stay_within_the_axes_clear_of_a_title():
    ax = drawn([8, 8, 2, 8], names=["pixels", "hidden", "hidden", "digits"])
    ax.figure.draw_without_rendering()
    for text in ax.texts:
        place = text.get_window_extent()
        assert ax.bbox.y0 <= place.y0 and place.y1 <= ax.bbox.y1


@pytest.mark.parametrize(("arguments", "quotes"), [
    ({"sizes": [4]}, ("2 layers", "[4]")),
    ({"sizes": []}, ("2 layers", "[]")),
    ({"sizes": [4, 0]}, (">= 1", "[4, 0]")),
    ({"sizes": [4, 2], "names": ["input"]}, ("a name each", "['input']")),
    ({"sizes": [4, 2], "max_circles": 5}, ("even", "5")),
    ({"sizes": [4, 2], "max_circles": 0}, ("even", "0")),
])
def test_layers_that_cannot_be_drawn_are_refused(arguments, quotes):
    with refused(*quotes):
        drawn(**arguments)
