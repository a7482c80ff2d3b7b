"""A picture of each helper of utils.plotting, drawn in the house style and kept in `tests/pictures/`.

test_plotting.py draws them again and compares. After a wanted change: `python tests/pictures.py`, and look at each.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from utils.nn import Value
from utils.plotting import (
    label_line_ends,
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

FOLDER = Path(__file__).with_name("pictures")
RAMP = np.linspace(0, 1, 20).reshape(5, 4)                      # higher than wide, and of no symmetry
FALL = np.array([[-1.6, 1.2], [-0.8, 1.0], [-0.2, 0.3], [0.1, 0.2]])


def regions():
    x = np.random.default_rng(0).uniform((0, -1), (7, 1), size=(60, 2))
    plot_decision_regions(lambda points: np.clip(points[:, 0] + points[:, 1], 0, 6).astype(int), x, x[:, 0].astype(int))


def contours_with_a_path():
    plot_contours(lambda x, y: x**2 + 8 * (y - 0.2 * x) ** 2, (-2, 1), (-1, 1.5), path=FALL)


def contours_with_two_named_paths():
    plot_contours(lambda x, y: x + y**2, (-2, 2), (-1, 1.5), path={"momentum": FALL, "plain": FALL[:3] * (-1, 0.5)})


def history():
    plot_history({"loss": [2.0, 1.2, 0.9, 0.7], "val_loss": [2.1, 1.4, 1.2, 1.25]})


def history_of_one_epoch():
    plot_history({"accuracy": [0.8], "val_accuracy": [0.79]}, "accuracy")


def lines_that_end_together():
    ax = plt.figure().add_subplot()
    for i in range(5):
        ax.plot([0, 1, 2 + i % 2], [i, 0.3 * i, 0.1 * i - 0.2], label=f"line {i}")
    label_line_ends(ax.set(ylim=(0, 4)) and ax)


def digits():
    plot_digits(np.stack([RAMP, RAMP.T.reshape(5, 4), 1 - RAMP, RAMP**2, RAMP]), titles=[4, 7, "one", 0, 9],
                wrong=[False, True, False, False, True], n_columns=3)


def digits_without_titles():
    ax = plt.figure(figsize=(3, 2)).add_subplot()
    plot_digits(np.stack([RAMP, 1 - RAMP, RAMP]), n_columns=2, ax=ax)


def digits_in_a_flat_place():
    plot_digits(np.stack([RAMP] * 4), titles="abcd", n_columns=2, ax=plt.figure(figsize=(4, 1.7)).add_subplot())


def digits_in_a_tall_place():
    plot_digits(np.stack([RAMP] * 4), titles="abcd", n_columns=2, ax=plt.figure(figsize=(1.4, 4)).add_subplot())


def weights():
    plot_weights(np.stack([RAMP.ravel() - 0.4, 0.5 - RAMP.ravel(), RAMP.ravel() ** 2], axis=1), shape=(5, 4),
                 titles=["a", "b", "c"], n_columns=2)


def confusion_of_three():
    plot_confusion_matrix(np.array([[50, 3, 0], [1, 40, 12], [0, 25, 30]]), class_names=["cat", "dog", "fox"])


def confusion_of_eight():
    plot_confusion_matrix(np.arange(64).reshape(8, 8) % 11)


def labelled(data, label):
    return Value(data, label=label)


def graph():
    a, b = labelled(0.5, "a"), labelled(-1.5, "b")
    c = a * b
    c.label = "c"
    result = (c + c * a + a * a).tanh()
    result.backward()
    plot_graph(result)


def graph_in_a_small_place():
    a, b = labelled(0.5, "a"), labelled(1.25, "")
    result = a * b + b
    result.backward()
    plot_graph(result, ax=plt.figure(figsize=(3.4, 1.4)).add_subplot(), slopes=False)


def network():
    plot_network((784, 128, 6, 3), names=["input", "hidden", "hidden", "output"])


def network_of_many_layers():
    plot_network((3, 5, 7, 5, 3), max_circles=4)


def network_of_two_layers():
    plot_network((9, 1), names=["", "output"])


def outcomes():
    plot_outcomes(12, 7, 3, 31, n_columns=15)


def outcomes_in_rows_of_forty():
    plot_outcomes(50, 9, 2, 20)


PICTURES = {function.__name__: function for function in (
    regions, contours_with_a_path, contours_with_two_named_paths, history, history_of_one_epoch,
    lines_that_end_together, digits, digits_without_titles, digits_in_a_flat_place, digits_in_a_tall_place, weights,
    confusion_of_three, confusion_of_eight, graph, graph_in_a_small_place, network, network_of_many_layers,
    network_of_two_layers, outcomes, outcomes_in_rows_of_forty)}


def draw(name, folder):
    """Draw a picture into a folder; return its file."""
    plt.switch_backend("agg")
    plt.close("all")
    with plt.style.context(["default", STYLE_FILE, {"figure.dpi": 70}]):
        PICTURES[name]()
        plt.savefig(folder / f"{name}.png", metadata={"Software": None})
    plt.close("all")
    return folder / f"{name}.png"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for kept in FOLDER.glob("*.png"):
        kept.unlink()
    for name in PICTURES:
        draw(name, FOLDER)
