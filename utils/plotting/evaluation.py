"""What became of each case when somebody said yes or no: found, missed, falsely alarmed, left alone."""

import numpy as np

from .style import MUTED, WRONG, axes_or_new

_MARKS = {                                      # an error has a colour and a shape of its own
    "found (TP)": {"marker": "s", "color": "0.2"},
    "missed (FN)": {"marker": "x", "color": WRONG},
    "false alarms (FP)": {"marker": "s", "facecolor": "none", "edgecolor": WRONG},
    "left alone (TN)": {"marker": ".", "color": "0.8"},
}


def plot_outcomes(tp, fp, fn, tn, *, n_columns=40, ax=None):
    """Draw one mark for each case: those found first, then the missed, the false alarms, the rest; return the Axes.

    Parameters
    ----------
    tp, fp, fn, tn : int                how many positives are found, negatives flagged, positives missed, negatives not
    n_columns : int                     marks a row
    ax : Axes or None                   None: a new figure

    Raises
    ------
    ValueError                          unless all are whole numbers from 0 up, not all 0, and there is a column
    """
    counts = _checked_counts(tp, fn, fp, tn)
    if n_columns < 1:
        raise ValueError(f"at least one column expected: got n_columns={n_columns}")
    ax = axes_or_new(ax)
    rows, columns = np.divmod(np.arange(sum(counts)), n_columns)
    starts = np.cumsum([0, *counts])
    for (name, mark), count, start in zip(_MARKS.items(), counts, starts, strict=False):
        these = slice(start, start + count)
        ax.scatter(columns[these], rows[these], s=14, linewidth=0.9, label=f"{count} {name}", **mark)
    ax.set(aspect="equal", xlim=(-1, n_columns), ylim=(rows[-1] + 1, -1))
    ax.axis("off")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, labelcolor=MUTED, handletextpad=0.2)
    return ax


def _checked_counts(*counts):
    if not all(isinstance(count, int | np.integer) and count >= 0 for count in counts) or sum(counts) == 0:
        raise ValueError(f"whole numbers from 0 up, and a case, expected: got TP, FN, FP, TN = {counts}")
    return counts
