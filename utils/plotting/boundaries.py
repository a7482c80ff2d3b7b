"""Functions of two variables: the regions of a classifier, the landscape of a loss."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap, NoNorm, to_rgb

from .style import SEQUENTIAL, axes_or_new

_MARKERS = "os^Dv*P"                            # classes differ in shape too, not in colour alone
_N_SIDE, _N_SIDE_LOSS = 240, 80                 # points a side: a classifier takes all at once, a loss one by one
_N_BANDS = 12


def plot_decision_regions(predict, x, labels, ax=None):
    """Draw the examples, and behind them in pale colours which class `predict` says where; return the Axes.

    Parameters
    ----------
    predict : callable                  (M, 2) -> (M,) int: points, of the float type of `x`, to class numbers
    x : ndarray (N, 2)                  the examples
    labels : ndarray (N,), int          their true classes, 0..6
    ax : Axes or None                   None: a new figure

    Raises
    ------
    ValueError                          for other shapes, other labels, and predictions that are no class numbers
    """
    x, labels = np.asarray(x), np.asarray(labels)
    _check_examples(x, labels)
    xs, ys = _grid_lines(x)
    regions = _ask(predict, xs, ys)
    ax = axes_or_new(ax)
    palette = ListedColormap(_pale([to_rgb(f"C{k}") for k in range(len(_MARKERS))], strength=0.25))
    ax.imshow(regions, cmap=palette, norm=NoNorm(), interpolation="nearest", origin="lower",
              extent=(xs[0], xs[-1], ys[0], ys[-1]))
    for k in np.unique(labels):
        ax.scatter(*x[labels == k].T, s=22, color=f"C{k}", marker=_MARKERS[k], edgecolor="white", linewidth=0.5,
                   label=f"class {k}")
    return ax


def plot_contours(f, xlim, ylim, path=None, ax=None):
    """Draw `f` in bands of equal area, dark where it is low, and the steps of an optimiser on it; return the Axes.

    Equal areas, not equal heights: a narrow valley shows beside high walls.

    Parameters
    ----------
    f : callable                        f(x, y) -> height, asked for two floats at a time
    xlim, ylim : (float, float)         the window
    path : ndarray (T, 2) or dict       the points visited, from the start (a ring) on; {name: points} for several
    ax : Axes or None                   None: a new figure

    Raises
    ------
    ValueError                          for an empty window, a path of another shape, and an `f` that is not
                                        finite, or the same everywhere, in the window
    """
    paths = _named_paths(path)
    xs, ys = (_window(limits) for limits in (xlim, ylim))
    heights = np.array([[float(f(x, y)) for x in xs] for y in ys])
    levels = _levels(heights)
    ax = axes_or_new(ax)
    bands = ListedColormap(_pale(plt.get_cmap(SEQUENTIAL)(np.linspace(0, 1, len(levels) - 1)), strength=0.4))
    ax.contourf(xs, ys, heights, levels=levels, cmap=bands, norm=BoundaryNorm(levels, bands.N))
    _draw_paths(ax, paths)
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def _check_examples(x, labels):
    if x.ndim != 2 or x.shape[1] != 2 or labels.shape != x.shape[:1] or not len(x):
        raise ValueError(f"x (N, 2) and labels (N,) expected, got x {x.shape}, labels {labels.shape}")
    if not np.isfinite(x).all():
        raise ValueError(f"finite coordinates expected, got {np.count_nonzero(~np.isfinite(x))} that are not")
    _check_classes(labels, "labels")


def _check_classes(numbers, what):
    if not (np.issubdtype(numbers.dtype, np.integer) and numbers.min() >= 0 and numbers.max() < len(_MARKERS)):
        raise ValueError(f"{what}: whole numbers 0..{len(_MARKERS) - 1} expected, "
                         f"got {numbers.dtype} from {numbers.min()} to {numbers.max()}")


def _grid_lines(x, margin=0.08):
    """Coordinates (_N_SIDE,) across and up, a little further than the examples reach."""
    low, high = x.min(axis=0), x.max(axis=0)
    room = margin * (max(high - low) or 1.0)
    return np.linspace(low - room, high + room, _N_SIDE).T


def _ask(predict, xs, ys):
    """The class at each point of the grid (_N_SIDE, _N_SIDE)."""
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)         # of the float type of x
    regions = np.asarray(predict(points))
    if regions.shape != (len(points),):
        raise ValueError(f"predict: one class a point, {(len(points),)}, expected, got {regions.shape} "
                         "(of scores, take argmax(axis=1))")
    _check_classes(regions, "predict")
    return regions.reshape(_N_SIDE, _N_SIDE)


def _pale(colors, strength):
    return 1 - strength * (1 - np.asarray(colors))


def _window(limits):
    low, high = limits
    if not low < high:
        raise ValueError(f"a window (low, high) with low < high expected, got {limits}")
    return np.linspace(low, high, _N_SIDE_LOSS)


def _levels(heights):
    """Heights with equal areas between them: the quantiles."""
    if not np.isfinite(heights).all() or np.ptp(heights) == 0:
        raise ValueError(f"finite heights that differ expected, got {heights.min()} to {heights.max()}")
    return np.unique(np.quantile(heights, np.linspace(0, 1, _N_BANDS + 1)))


def _named_paths(path):
    if path is None:
        return {}
    named = path if isinstance(path, dict) else {"_path": path}         # "_": Matplotlib's mark for "no label"
    paths = {name: np.asarray(points, dtype=float) for name, points in named.items()}
    for points in paths.values():
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError(f"a path of points (T, 2) expected, got {points.shape}")
    return paths


def _draw_paths(ax, paths):
    for name, points in paths.items():
        line, = ax.plot(*points.T, label=name, marker=".", linewidth=1.2)
        ax.plot(*points[0], marker="o", color="white", markeredgecolor=line.get_color(), zorder=3)
    if paths and "_path" not in paths:
        ax.legend(labelcolor="linecolor", frameon=True)
