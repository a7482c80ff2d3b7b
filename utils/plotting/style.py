"""The house style: one style file, colours by role, and labels at the ends of lines."""

from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Affine2D

STYLE_FILE = Path(__file__).with_name("house.mplstyle")

TRAIN, VALIDATION, TEST = "C0", "C1", "C2"      # places in the style's colour cycle
WRONG = "C3"                                    # never alone: a frame or a sign says the same
MUTED = "0.45"                                  # what is needed, and is not the message
SEQUENTIAL = "viridis"                          # from little to much
DIVERGING = "RdBu_r"                            # signed: blue below 0, white at 0, red above

_LABEL_ID = "label at the end of a line"


def use_house_style():
    """Give all figures from here on the style of `house.mplstyle`."""
    plt.style.use(STYLE_FILE)


def axes_or_new(ax, figsize=None):
    """`ax` itself; for None the Axes of a new figure, `figsize` in inches, rounded up to tenths: whole pixels."""
    if ax is not None:
        return ax
    return plt.figure(figsize=None if figsize is None else np.ceil(np.multiply(figsize, 10)) / 10).add_subplot()


def label_line_ends(ax):
    """Write the label of each line of `ax` at the line's last point, in its colour; return `ax`.

    Labels that would overlap move apart, up and down, by as little as possible. They follow later
    changes of limits and size, and a second call replaces the labels of the first. Lines without a
    label (or whose label starts with "_", as everywhere in Matplotlib) get none.

    Raises
    ------
    ValueError                          if no line of `ax` has a label and a finite point
    """
    lines = [line for line in ax.lines if not line.get_label().startswith("_") and len(_finite_points(line))]
    if not lines:
        raise ValueError(f"a line with a label and a finite point expected, got {len(ax.lines)} lines, none such")
    for text in [text for text in ax.texts if text.get_gid() == _LABEL_ID]:
        text.remove()
    for i, line in enumerate(lines):
        ax.annotate(line.get_label(), (0, 0), xycoords=partial(_place_of_label, ax, lines, i), color=line.get_color(),
                    va="center", gid=_LABEL_ID, path_effects=[withStroke(linewidth=2.5, foreground="white")])
    return ax


def _finite_points(line):
    points = line.get_xydata()
    return points[np.isfinite(points).all(axis=1)]


def _place_of_label(ax, lines, i, renderer):
    """Where the i-th label starts, asked for at every drawing: limits and size may have changed."""
    ends = [line.get_transform().transform(_finite_points(line)[-1]) for line in lines]
    x, y = np.clip(ends, ax.bbox.min, ax.bbox.max).T
    line_height = renderer.points_to_pixels(1.3 * plt.rcParams["font.size"])
    y = spread_out(y, line_height, ax.bbox.y0, ax.bbox.y1)
    return Affine2D().translate(x[i] + renderer.points_to_pixels(5), y[i])


def spread_out(wanted, gap, low=-np.inf, high=np.inf):
    """The positions nearest to `wanted` (least squares) that keep its order, `gap` apart, in `low`..`high`.

    Without the i * gap that lies below the i-th of them, this is isotonic regression: neighbours in the
    wrong order are replaced by their mean until none are left. Where the room does not suffice, `low` holds.

    Examples
    --------
    >>> spread_out([5.0, 5.0, 9.0], gap=2.0)
    array([4., 6., 9.])
    """
    order, shift = np.argsort(wanted, kind="stable"), gap * np.arange(len(wanted))
    blocks = []
    for value in np.asarray(wanted)[order] - shift:
        blocks.append([value])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    levels = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])
    positions = np.empty(len(wanted))
    positions[order] = np.maximum(np.minimum(levels, high - shift[-1]), low) + shift
    return positions
