"""Pictures: digits, weights seen as pictures, and the confusion matrix. Many small ones share one Axes."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from .style import DIVERGING, MUTED, WRONG, axes_or_new

_GAP = 0.14                                     # between two pictures, in parts of one
_TITLE_INCHES = 0.24                            # a line of text above a picture
_WIDTH_INCHES = 6.2                             # of a new figure, shared by at least 6 columns


def plot_digits(images, titles=None, wrong=None, n_columns=10, ax=None):
    """Draw small pictures in rows, dark ink on white, and return the Axes.

    Parameters
    ----------
    images : ndarray (N, height, width) on one scale, on which the smallest number is white
    titles : N short strings or None    above each picture
    wrong : ndarray (N,), bool or None  True: a frame around the picture, and a cross before its title
    n_columns : int                     pictures a row
    ax : Axes or None                   None: a new figure

    Raises
    ------
    ValueError                          for other shapes, and unless there is one title and one mark a picture
    """
    images = _checked_pictures(images, n_columns)
    titles = [str(title) for title in _one_each(images, titles, "title")]
    wrong = _one_each(images, wrong, "mark", default=False)
    titles = [f"✗ {title}" if is_wrong else title for title, is_wrong in zip(titles, wrong, strict=True)]
    ax, tiles = _draw_tiles(images, titles, n_columns, ax, cmap="gray_r", vmin=images.min(), vmax=images.max())
    for i in np.flatnonzero(wrong):
        corner, text = tiles[i]
        text.set_color(WRONG)
        height, width = images[i].shape
        ax.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=WRONG, linewidth=1.8))
    return ax


def plot_weights(W, shape=(28, 28), titles=None, n_columns=10, ax=None):
    """Draw what each unit of a layer looks for: its weights as a picture; return the Axes.

    All units share one scale, symmetric around 0: blue below, white at 0, red above.

    Parameters
    ----------
    W : ndarray (D, H)                  column h holds the weights of unit h
    shape : (int, int)                  height and width of the input picture, D pixels
    titles, n_columns, ax               as in `plot_digits`

    Raises
    ------
    ValueError                          unless W has height * width rows
    """
    W = np.asarray(W)
    if W.ndim != 2 or len(W) != np.prod(shape):
        raise ValueError(f"W with {np.prod(shape)} rows, pixels of {shape}, expected, got {W.shape}")
    images = _checked_pictures(W.T.reshape(-1, *shape), n_columns)
    titles = [str(title) for title in _one_each(images, titles, "title")]
    limit = np.abs(images).max()
    ax, _ = _draw_tiles(images, titles, n_columns, ax, cmap=DIVERGING, vmin=-limit, vmax=limit)
    beside = ax.inset_axes((1.02, 0.0, 0.02, 1.0))
    ax.figure.colorbar(ax.images[-1], cax=beside, label="weight").outline.set_visible(False)
    return ax


def plot_confusion_matrix(counts, class_names=None, ax=None):
    """Draw how often each true class (row) was taken for each class (column); return the Axes.

    The colours show the errors alone: the right answers on the diagonal would outshine them.

    Parameters
    ----------
    counts : ndarray (C, C), int        counts[i, j]: examples of class i that were called j
    class_names : C strings or None     None: the numbers 0..C-1
    ax : Axes or None                   None: a new figure

    Raises
    ------
    ValueError                          unless counts is square, of whole numbers >= 0, with a name for each class
    """
    counts = np.asarray(counts)
    _check_counts(counts)
    names = _one_each(counts, range(len(counts)) if class_names is None else class_names, "name")
    ax = axes_or_new(ax, (max(2.6, 0.4 * len(counts) + 0.8),) * 2)
    errors = np.ma.masked_where(np.eye(len(counts), dtype=bool), counts)
    colors = LinearSegmentedColormap.from_list("errors", ["white", WRONG]).with_extremes(bad="0.93")
    image = ax.imshow(errors, vmin=0, vmax=max(1, counts[~errors.mask].max(initial=0)), cmap=colors)
    for (i, j), count in np.ndenumerate(counts):
        ax.text(j, i, count, ha="center", va="center", color=_ink(image, count, is_right=i == j))
    _name_classes(ax, names)
    return ax


def _name_classes(ax, names):
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _check_counts(counts):
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ValueError(f"counts (C, C) expected, got {counts.shape}")
    if not np.issubdtype(counts.dtype, np.integer) or counts.min() < 0:
        raise ValueError(f"whole numbers >= 0 expected, got {counts.dtype}, smallest {counts.min()}")


def _ink(image, count, is_right):
    """A colour for `count` that is legible on its cell, and faint where there is no error."""
    if is_right or count == 0:
        return "0.5" if is_right else "0.75"
    luminance = np.dot(np.power(image.to_rgba(count)[:3], 2.2), [0.2126, 0.7152, 0.0722])
    return "white" if luminance < 0.18 else "black"         # 0.18: where both contrast alike (WCAG 2.1)


def _checked_pictures(images, n_columns):
    images = np.asarray(images)
    if images.ndim != 3 or not images.size or n_columns < 1:
        raise ValueError(f"pictures (N, height, width) in 1 column or more expected, "
                         f"got {images.shape} in {n_columns}")
    if not np.isfinite(images).all():
        raise ValueError(f"finite numbers expected, got {np.count_nonzero(~np.isfinite(images))} that are not")
    return images


def _one_each(rows, given, what, default=""):
    given = [default] * len(rows) if given is None else list(given)
    if len(given) != len(rows):
        raise ValueError(f"{len(rows)} expected, one {what} each, got {len(given)}: {given}")
    return given


def _draw_tiles(images, titles, n_columns, ax, **scale):
    """Draw the pictures in rows; return the Axes and for each picture its upper left corner and its title."""
    n, height, width = images.shape
    rows, columns = np.divmod(np.arange(n), n_columns)
    n_rows, n_columns = rows.max() + 1, columns.max() + 1
    inches = _inches_of_picture(ax, n_rows, n_columns)
    room = height * (_TITLE_INCHES / inches if any(titles) else _GAP)
    ax = axes_or_new(ax, (inches * n_columns, inches * (1 + room / height) * n_rows + 0.35))
    corners = np.stack([columns * width * (1 + _GAP), rows * (height + room)], axis=1)
    texts = [_draw_tile(ax, *tile, scale) for tile in zip(images, titles, corners, strict=True)]
    ax.set(xlim=(-1, corners[:, 0].max() + width + 1), ylim=(corners[-1, 1] + height + 1, -room))
    ax.set_axis_off()
    return ax, list(zip(corners, texts, strict=True))


def _draw_tile(ax, image, title, corner, scale):
    (left, top), (height, width) = corner, image.shape
    ax.imshow(image, extent=(left, left + width, top + height, top), interpolation="nearest", **scale)
    return ax.annotate(title, (left + width / 2, top), (0, 1), textcoords="offset points", ha="center",
                       va="bottom", color=MUTED, fontsize=8.5)


def _inches_of_picture(ax, n_rows, n_columns):
    """The width of one picture: in a new figure at most 1 inch, otherwise what `ax` has room for."""
    if ax is None:
        return min(1.0, _WIDTH_INCHES / n_columns)
    return min(ax.bbox.width / n_columns, ax.bbox.height / n_rows) / ax.figure.dpi
