"""The graph of an expression: which number was made from which, and how much each is to blame for the last."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
from matplotlib.bezier import BezierSegment
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from .style import WRONG, axes_or_new, spread_out

_PITCH, _BOX = np.array([1.50, 0.84]), np.array([0.92, 0.60])      # inches: from box to box; a box
_LINE_INCHES = 0.165                            # from one line of text in a box to the next
_GREY, _TINT = "0.6", "#EAF1F8"                 # of arrows and frames; of leaves
_NEAR_HEAD = 0.60                               # of an arrow's last bend: where arrows that cross are apart again
_MOST_NODES = 40


def plot_graph(value, ax=None, slopes=True):
    """Draw the expression behind `value` from left to right, one box a number, and return the Axes.

    A box holds the label, the data and the gradient; the tab on top names the operation that made it.
    Leaves are tinted. Each use has its arrow, so `a * a` has two, and each arrow its slope near the head.

    Parameters
    ----------
    value : Value                       with data, grad, parents, slopes, operation ("" for leaves) and label; made
                                        from at most 40 numbers, and easy to read with up to 20
    ax : Axes or None                   None: a new figure, as large as the graph
    slopes : bool                       whether to write them: d(child)/d(parent)

    Raises
    ------
    ValueError                          for something else, and for a graph that nobody could read
    """
    nodes = _parents_first(value)
    columns = _columns(nodes)
    routes = _routes(nodes, columns)
    places = _places([(id(node), columns[id(node)]) for node in nodes], [stops for stops, _, _ in routes])
    ax, scale = _room_for(np.array(list(places.values())), ax)
    for stops, shift, slope in routes:
        written = _typeset(f"{slope:.3g}") if slopes else ""
        _draw_use(ax, [places[stop] + (0, shift) for stop in stops], written, fontsize=7.6 * scale)
    for node in nodes:
        _draw_node(ax, node, places[id(node), columns[id(node)]], fontsize=8.4 * scale)
    return ax


def _parents_first(value):
    """The numbers behind `value`, each after its parents, `value` last."""
    missing = {"data", "grad", "parents", "slopes", "operation", "label"} - set(dir(value))
    if missing:
        raise ValueError(f"a Value expected, got {type(value).__name__} without {', '.join(sorted(missing))}")
    nodes, open_nodes = {}, [value]
    while open_nodes:
        node = open_nodes[-1]
        waiting = [parent for parent in node.parents if id(parent) not in nodes]
        if waiting:
            open_nodes.append(waiting[0])
        else:
            nodes[id(node)] = open_nodes.pop()
    if len(nodes) > _MOST_NODES:
        raise ValueError(f"a graph of at most {_MOST_NODES} numbers expected, got {len(nodes)}")
    return list(nodes.values())


def _columns(nodes):
    """The column of each node, by id: as far to the right as its uses allow, the last in column 0."""
    columns = {id(nodes[-1]): 0}
    for node in reversed(nodes):
        for parent in node.parents:
            columns[id(parent)] = min(columns.get(id(parent), 0), columns[id(node)] - 1)
    return columns


def _routes(nodes, columns):
    """For each use its stops (id, column), the parent's in every column on the way; its shift from twins; its slope."""
    routes = []
    for node in nodes:
        used = [id(parent) for parent in node.parents]
        for i, parent in enumerate(used):
            way = [(parent, column) for column in range(columns[parent], columns[id(node)])]
            shift = 0.24 * (used[:i].count(parent) - (used.count(parent) - 1) / 2)
            routes.append((way + [(id(node), columns[id(node)])], shift, node.slopes[i]))
    return routes


def _places(own_stops, routes, n_sweeps=24):
    """A place (x, y) in inches for each stop, near the mean height of its neighbours and off all others.

    Stops of one column keep one pitch apart; sweeps to the right and to the left let them settle.
    """
    rows, neighbours = defaultdict(list), defaultdict(list)
    for stop in dict.fromkeys(own_stops + [stop for route in routes for stop in route]):
        rows[stop[1]].append(stop)
    for a, b in (step for route in routes for step in pairwise(route)):
        neighbours[a].append(b)
        neighbours[b].append(a)
    y = {stop: float(i) for row in rows.values() for i, stop in enumerate(row)}
    for sweep in range(n_sweeps):
        for column in sorted(rows, reverse=sweep % 2 == 1):
            wanted = [np.mean([y[near] for near in neighbours[stop]] or 0.0) for stop in rows[column]]
            y.update(zip(rows[column], spread_out(wanted, gap=1.0), strict=True))
    return {stop: _PITCH * (stop[1], -y[stop]) for stop in y}


def _room_for(places, ax):
    """An Axes in inches that holds boxes at `places`, and its scale: 1, or less where there is not the room."""
    low, high = places.min(axis=0) - 0.55 * _PITCH, places.max(axis=0) + 0.55 * _PITCH
    inches = high - low if ax is None else ax.bbox.size / ax.figure.dpi
    scale = min(1.0, *(inches / (high - low)))
    spare = (inches / scale - (high - low)) / 2
    ax = axes_or_new(ax, inches + (0.1, 0.4))           # 0.4: a title
    (left, bottom), (right, top) = low - spare, high + spare
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    ax.set_axis_off()
    return ax, scale


def _draw_use(ax, centres, slope, fontsize):
    """An arrow from box to box, and what is written near its head."""
    vertices = _curve(centres)
    path = Path(vertices, [Path.MOVETO] + [Path.CURVE4] * (len(vertices) - 1))
    ax.add_patch(FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=7, color=_GREY, linewidth=1.0,
                                 shrinkA=0, shrinkB=0))
    ax.text(*BezierSegment(vertices[-4:])(_NEAR_HEAD), slope, color="0.35", fontsize=fontsize, ha="center",
            va="center", path_effects=[withStroke(linewidth=3, foreground="white")])


def _curve(centres):
    """A curve from box to box, level where it leaves, where it arrives and at the stops between."""
    half = np.array([_BOX[0] / 2, 0.0])
    points = [centres[0] + half, *(stop + side * half for stop in centres[1:-1] for side in (-1, 1)),
              centres[-1] - half]
    vertices = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        vertices += [((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1), (x1, y1)]
    return vertices


def _draw_node(ax, node, centre, fontsize):
    ax.add_patch(FancyBboxPatch(centre - _BOX / 2, *_BOX, boxstyle="round,pad=0,rounding_size=0.06",
                                edgecolor=_GREY, facecolor="white" if node.operation else _TINT))
    lines = [(f"data {node.data:.4g}", "0.15", "normal"), (f"grad {node.grad:.4g}", WRONG, "normal")]
    if node.label:
        lines.insert(0, (node.label, "0.15", "bold"))
    heights = _LINE_INCHES * ((len(lines) - 1) / 2 - np.arange(len(lines))) - 0.02
    for (text, color, weight), height in zip(lines, heights, strict=True):
        ax.text(centre[0], centre[1] + height, _typeset(text), color=color, weight=weight, fontsize=fontsize,
                ha="center", va="center")
    if node.operation:
        ax.text(*(centre + _BOX * (-0.44, 0.53)), {"*": "×"}.get(node.operation, node.operation), color="white",
                fontsize=fontsize, weight="bold", va="center", bbox={"boxstyle": "round,pad=0.2", "color": _GREY})


def _typeset(text):
    return text.replace("-", "\N{MINUS SIGN}")
