"""The house style of figures, and a helper for each kind of picture in the chapters.

style       use_house_style · colours by role · label_line_ends
curves      plot_history: a training, epoch by epoch
boundaries  plot_decision_regions: a classifier in the plane · plot_contours: a loss and the way down
images      plot_digits · plot_weights · plot_confusion_matrix
graph       plot_graph: an expression with its gradients
network     plot_network: layers as columns of circles
evaluation  plot_outcomes: found, missed, falsely alarmed, left alone: one mark a case

Every helper draws on `ax`, or on a new figure when there is none, and returns the Axes, so that the title, the
finding, is the caller's: ``plot_history(history).set_title("Validation loss turns up after epoch 15")``. None
sets an rcParam, none calls `show`. What is drawn is an argument: no helper knows a model or loads data.
"""

from .boundaries import plot_contours, plot_decision_regions
from .curves import plot_history
from .evaluation import plot_outcomes
from .graph import plot_graph
from .images import plot_confusion_matrix, plot_digits, plot_weights
from .network import plot_network
from .style import (
    DIVERGING,
    MUTED,
    SEQUENTIAL,
    TEST,
    TRAIN,
    VALIDATION,
    WRONG,
    label_line_ends,
    use_house_style,
)

__all__ = [
    "DIVERGING", "MUTED", "SEQUENTIAL", "TEST", "TRAIN", "VALIDATION", "WRONG",
    "label_line_ends", "plot_confusion_matrix", "plot_contours", "plot_decision_regions", "plot_digits",
    "plot_graph", "plot_history", "plot_network", "plot_outcomes", "plot_weights", "use_house_style",
]
