"""The layers of a fully connected network as columns of circles."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle

from .style import MUTED, axes_or_new

_RADIUS = 0.32                                  # of a circle; neighbours are 1 apart
_WIDTH = 17                                     # of the picture, when its layers are many


def plot_network(sizes, names=None, max_circles=6, ax=None):
    """Draw a fully connected network: its layers, their sizes, the shape of W between two; return the Axes.

    A layer of more than `max_circles` units shows that many, and three dots for those left out.

    Parameters
    ----------
    sizes : sequence of int             units a layer, the inputs first: (784, 128, 64, 10)
    names : strings or None             one a layer: "input", "hidden", …
    max_circles : int                   even: the dots stand in the middle
    ax : Axes or None                   None: a new figure

    Raises
    ------
    ValueError                          for fewer than 2 layers, sizes below 1, another number of names,
                                        and an odd max_circles
    """
    names = [""] * len(sizes) if names is None else names
    if len(sizes) < 2 or min(sizes) < 1 or len(names) != len(sizes):
        raise ValueError(f"2 layers or more, sizes >= 1 and a name each expected, got {sizes}, {names}")
    if max_circles < 2 or max_circles % 2:
        raise ValueError(f"an even max_circles >= 2 expected, got {max_circles}")
    ax = axes_or_new(ax)
    layers = [_centres(column, size, max_circles) for column, size in zip(_columns(len(sizes)), sizes, strict=True)]
    for left, right in pairwise(layers):
        _connect(ax, left, right)
    for centres, size, name in zip(layers, sizes, names, strict=True):
        _draw_layer(ax, centres, size, name)
    reach = max(centres[0, 1] for centres in layers)
    _write_shapes(ax, layers, sizes, y=-reach - 1.2)
    ax.set(aspect="equal", ylim=(-reach - 1.6, reach + (1.4 if any(names) else 0.6)))
    ax.set_axis_off()
    return ax


def _columns(n_layers):
    return np.arange(n_layers) * min(6.0, _WIDTH / (n_layers - 1))


def _centres(x, size, max_circles):
    """Centres (n, 2) of the circles shown, top to bottom; with more units than circles a gap in the middle."""
    n = min(size, max_circles)
    y = np.arange(n, dtype=float)
    y[n // 2:] += 1.0 if size > n else 0.0
    return np.stack([np.full(n, x), y.mean() - y], axis=1)


def _connect(ax, left, right):
    lines = [(a, b) for a in left for b in right]
    ax.add_collection(LineCollection(lines, colors="0.85", linewidths=0.6, zorder=0))


def _draw_layer(ax, centres, size, name):
    x, top = centres[0]
    for centre in centres:
        ax.add_patch(Circle(centre, _RADIUS, facecolor="white", edgecolor="C0", linewidth=1.5))
    if size > len(centres):
        ax.plot(np.full(3, x), [0.28, 0.0, -0.28], "o", color="C0", markersize=2.5)
    ax.text(x, top + 0.7, name, ha="center", va="bottom", color=MUTED)


def _write_shapes(ax, layers, sizes, y):
    for centres, size in zip(layers, sizes, strict=True):
        ax.text(centres[0, 0], y, size, ha="center", va="center", weight="bold")
    for (left, right), (n_inputs, n_outputs) in zip(pairwise(layers), pairwise(sizes), strict=True):
        ax.text((left[0, 0] + right[0, 0]) / 2, y, f"W ({n_inputs}, {n_outputs})", ha="center", va="center",
                color=MUTED)
