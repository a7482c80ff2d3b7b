"""What all helpers of utils.plotting promise."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images
from pictures import FOLDER, PICTURES, draw
from strategies import refused

from utils.nn import Value
from utils.plotting import (
    plot_confusion_matrix,
    plot_contours,
    plot_decision_regions,
    plot_digits,
    plot_graph,
    plot_history,
    plot_network,
    plot_outcomes,
    plot_weights,
)
from utils.plotting.style import STYLE_FILE

X, LABELS = np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([0, 1])
HELPERS = {
    "plot_history": lambda ax: plot_history({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]}, ax=ax),
    "plot_decision_regions": lambda ax: plot_decision_regions(lambda points: (points[:, 0] > 0) * 1, X, LABELS, ax=ax),
    "plot_contours": lambda ax: plot_contours(lambda x, y: x + y, (0, 1), (0, 1), path={"walk": X}, ax=ax),
    "plot_digits": lambda ax: plot_digits(np.eye(4)[None], titles=["4"], wrong=[True], ax=ax),
    "plot_weights": lambda ax: plot_weights(np.eye(4), shape=(2, 2), ax=ax),
    "plot_confusion_matrix": lambda ax: plot_confusion_matrix(np.eye(3, dtype=int), ax=ax),
    "plot_graph": lambda ax: plot_graph(Value(2.0) * 3, ax=ax),
    "plot_network": lambda ax: plot_network([4, 2], ax=ax),
    "plot_outcomes": lambda ax: plot_outcomes(2, 1, 1, 9, ax=ax),
}
BAD_INPUT = {
    "plot_outcomes": lambda ax: plot_outcomes(0, 0, 0, 0, ax=ax),
    "plot_history": lambda ax: plot_history({"loss": []}, ax=ax),
    "plot_decision_regions": lambda ax: plot_decision_regions(lambda points: points, X, LABELS, ax=ax),
    "plot_contours": lambda ax: plot_contours(lambda x, y: 1.0, (0, 1), (0, 1), ax=ax),
    "plot_digits": lambda ax: plot_digits(np.eye(4)[None], titles=["4", "5"], ax=ax),
    "plot_weights": lambda ax: plot_weights(np.eye(5), shape=(2, 2), ax=ax),
    "plot_confusion_matrix": lambda ax: plot_confusion_matrix(np.eye(3), ax=ax),
    "plot_graph": lambda ax: plot_graph(2.0, ax=ax),
    "plot_network": lambda ax: plot_network([4], ax=ax),
}


@pytest.fixture
def pyplot():
    """pyplot without windows and without open figures, before and after."""
    before = plt.get_backend()
    plt.switch_backend("agg")
    plt.close("all")
    yield plt
    plt.close("all")
    plt.switch_backend(before)


@pytest.mark.parametrize("name", HELPERS)
def test_a_helper_draws_on_the_axes_it_is_given_and_touches_nothing_else(name, pyplot):
    settings, ax = dict(mpl.rcParams), Figure().subplots()
    assert HELPERS[name](ax) is ax
    assert ax.has_data() or ax.patches
    assert dict(mpl.rcParams) == settings
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("name", HELPERS)
def test_without_axes_a_helper_makes_one_figure_and_leaves_it_to_the_caller(name, pyplot, monkeypatch):
    monkeypatch.setattr(pyplot, "show", lambda: pytest.fail("a helper called show"))
    settings = dict(mpl.rcParams)
    ax = HELPERS[name](None)
    assert len(pyplot.get_fignums()) == 1
    assert ax is pyplot.gca()                   # so that plt.title reaches it
    assert dict(mpl.rcParams) == settings


@pytest.mark.parametrize("name", HELPERS)
def test_a_new_figure_has_whole_pixels_so_that_its_name_has_no_long_tail(name, pyplot):
    with pyplot.style.context(STYLE_FILE):
        width, height = HELPERS[name](None).figure.bbox.size
    assert (width, height) == pytest.approx((round(width), round(height)))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_it_was_when_somebody_looked_at_it(name, pyplot, tmp_path):
    """The root of the mean squared difference of all pixels (0..255) stays below 0.1: edges rounded another way."""
    assert compare_images(FOLDER / f"{name}.png", draw(name, tmp_path), tol=0.1) is None


def test_no_picture_is_kept_that_nobody_draws():
    assert {path.stem for path in FOLDER.glob("*.png")} == set(PICTURES)


def test_every_helper_has_its_picture():
    drawn = FOLDER.with_suffix(".py").read_text(encoding="utf-8")
    assert [name for name in HELPERS if f"    {name}(" not in drawn] == []


@pytest.mark.parametrize("n_columns", [1, 10, 40])
def test_a_new_figure_of_pictures_fits_a_notebook(n_columns, pyplot):
    width, height = plot_digits(np.zeros((40, 28, 28)), n_columns=n_columns).figure.get_size_inches()
    assert width < 7
    assert height / 40 * n_columns < 2


def test_a_new_figure_of_a_graph_grows_with_it(pyplot):
    short, long = Value(1.0).tanh(), Value(1.0).tanh().tanh().tanh()
    widths = [plot_graph(value).figure.get_figwidth() for value in (short, long)]
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.parametrize("name", BAD_INPUT)
def test_a_refused_call_draws_nothing(name, pyplot):
    ax = Figure().subplots()
    empty = len(ax.get_children())
    for place in (ax, None):
        with refused():
            BAD_INPUT[name](place)
    assert len(ax.get_children()) == empty
    assert pyplot.get_fignums() == []


def test_every_helper_keeps_these_promises():
    from utils import plotting
    assert set(HELPERS) == set(BAD_INPUT) == {name for name in plotting.__all__ if name.startswith("plot_")}
