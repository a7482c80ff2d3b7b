"""Curves over the epochs of a training."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from .style import TRAIN, VALIDATION, axes_or_new, label_line_ends


def plot_history(history, quantity="loss", ax=None):
    """Draw `quantity` and "val_" + `quantity` of a training over the epochs, and return the Axes.

    Parameters
    ----------
    history : History or dict           ours, Keras' History, or a dictionary: one list of numbers a quantity
    quantity : str                      "loss", "accuracy" or whatever was measured
    ax : Axes or None                   None: a new figure

    Raises
    ------
    ValueError                          if the quantity was not recorded or no epoch was completed
    """
    recorded = _recorded(history)
    if quantity not in recorded:
        raise ValueError(f"one of {sorted(recorded)} expected, got quantity {quantity!r}")
    ax = axes_or_new(ax)
    for name, role, color in [(quantity, "train", TRAIN), (f"val_{quantity}", "validation", VALIDATION)]:
        if name in recorded:
            _plot_over_epochs(ax, recorded[name], role, color)
    ax.set(xlabel="epoch", ylabel=quantity.replace("_", " "), xmargin=0.02)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    ax.grid(axis="y")
    return label_line_ends(ax)


def _recorded(history):
    """The rows of numbers in `history`, by name, the empty ones left out."""
    found = history if isinstance(history, dict) else getattr(history, "__dict__", {})
    found = found.get("history", found)         # a Keras History keeps them one level deeper
    recorded = {name: values for name, values in found.items() if np.ndim(values) == 1 and len(values)}
    if not recorded:
        raise ValueError(f"a history with at least one epoch expected, got {history!r}")
    return recorded


def _plot_over_epochs(ax, values, role, color):
    epochs = range(1, len(values) + 1)
    ax.plot(epochs, values, label=role, color=color, marker="o" if len(values) == 1 else None)
