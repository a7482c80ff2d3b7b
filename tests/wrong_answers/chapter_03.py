"""Chapter 03: blame, and the ways back."""

import numpy as np

from utils.nn import sigmoid

A, B = 2, 3                             # of f = (a + b) b

DZ1, DZ2 = 0.138498562, -0.038098236    # Mazur's network
W5, W6, W7, W8 = 0.40, 0.45, 0.50, 0.55
H1, O1, O2 = 0.593269992, 0.75136507, 0.772928465
DH1 = DZ1 * W5 + DZ2 * W7
SLOPE = H1 * (1 - H1)


def slope_of_a_sigmoid(x):
    return sigmoid(x) * (1 - sigmoid(x))


def overwrites(parents, slopes):
    blame = [0.0] * len(parents)
    blame[-1] = 1.0
    for n in reversed(range(len(parents))):
        for parent, slope in zip(parents[n], slopes[n], strict=True):
            blame[parent] = blame[n] * slope
    return blame


def slopes_looked_up_by_parent(parents, slopes):
    blame = [0.0] * len(parents)
    blame[-1] = 1.0
    for n in reversed(range(len(parents))):
        for parent, slope in dict(zip(parents[n], slopes[n], strict=True)).items():
            blame[parent] += blame[n] * slope
    return blame


def collects_once_from_each_child(parents, slopes):
    blame = [0.0] * len(parents)
    blame[-1] = 1.0
    for n in reversed(range(len(parents) - 1)):
        for child in range(n + 1, len(parents)):
            if n in parents[child]:
                blame[n] += blame[child] * slopes[child][parents[child].index(n)]
    return blame


def adds_to_all_parents_by_numpy(parents, slopes):
    blame = np.zeros(len(parents))
    blame[-1] = 1.0
    for n in reversed(range(len(parents))):
        blame[parents[n]] += blame[n] * np.array(slopes[n])
    return list(blame)


def begins_at_the_leaves(parents, slopes):
    blame = [0.0] * len(parents)
    blame[-1] = 1.0
    for n in range(len(parents)):
        for parent, slope in zip(parents[n], slopes[n], strict=True):
            blame[parent] += blame[n] * slope
    return blame


def blames_nobody(parents, slopes):
    blame = [0.0] * len(parents)
    for n in reversed(range(len(parents))):
        for parent, slope in zip(parents[n], slopes[n], strict=True):
            blame[parent] += blame[n] * slope
    return blame


def adds_up_slopes(parents, slopes):
    blame = [0.0] * len(parents)
    blame[-1] = 1.0
    for n in reversed(range(len(parents))):
        for parent, slope in zip(parents[n], slopes[n], strict=True):
            blame[parent] += slope
    return blame


def goes_back_in_rounds(parents, slopes):
    blame = [0.0] * len(parents)
    blame[-1] = 1.0
    order = [len(parents) - 1]
    for n in order:
        for parent, slope in zip(parents[n], slopes[n], strict=True):
            blame[parent] += blame[n] * slope
            if parent not in order:
                order.append(parent)
    return blame


def chapters_expression(a, b):
    c = a * b
    d = c * a
    return c + d


def sum_used_twice(a, b):
    c = a + b
    d = c * a
    return d * c


def first_reached_with_no_blame(a, b):
    c = a * b
    return 0 * c + c * a * b


def relu_of_the_product(a, b):
    c = (a * b).relu()
    return c + c * a


def hinge(a, b):
    c = (1 - b).relu()
    return c + c * a


WRONG = [
    ("03.1", A + B, "That is what comes by the factor b."),
    ("03.1", B, "That is what comes by the sum a + b"),
    ("03.1", (A + B) * B, "That is the value of f,"),
    ("03.1", 2 * A + B, "Which of the two is squared,"),
    ("03.1", 2, "So often b is used."),
    ("03.1", 1 + (A + B), "You added the slopes of b's two arrows."),
    ("03.1", B * B, "Is it b times b?"),
    ("03.1", (A + B) + B * A, "By the sum you went on with a,"),
    ("03.1", (A + B) + B * B, "By the sum you went on with b,"),
    ("03.1", (A + B) + (A + B), "Two ways, but different ones:"),
    ("03.2", lambda x: 1 / (1 + np.exp(x)), "That is the slope of the logarithm alone:"),
    ("03.2", lambda x: np.exp(x), "That is the slope of the inner function."),
    ("03.2", lambda x: np.log(1 + np.exp(x)), "That is the value,"),
    ("03.2", lambda x: 1 - np.tanh(x) ** 2, "That is the slope of tanh."),
    ("03.2", slope_of_a_sigmoid, "You took one derivative too many."),
    ("03.2", lambda x: 1.0 if x > 0 else 0.0, "The slope of ReLU"),
    ("03.2", lambda x: float(x >= 0), "The slope of ReLU"),
    ("03.3", overwrites, "Right on trees."),
    ("03.3", slopes_looked_up_by_parent, "Right until one step uses a number twice."),
    ("03.3", collects_once_from_each_child, "Right until one step uses a number twice."),
    ("03.3", adds_to_all_parents_by_numpy, "Right until one step uses a number twice."),
    ("03.3", begins_at_the_leaves, "You begin at the leaves,"),
    ("03.3", blames_nobody, "All blame is 0."),
    ("03.3", adds_up_slopes, "You add up slopes."),
    ("03.3", goes_back_in_rounds, "Some number hands on before"),
    ("03.4", DZ1 * W5 * SLOPE * 0.05, "That is what comes by the first output."),
    ("03.4", (DZ1 * W5 + DZ2 * W6) * SLOPE * 0.05, "These weights lead to one output."),
    ("03.4", (DZ1 * W5 + DZ2 * W8) * SLOPE * 0.05, "Two weights lead to the second output."),
    ("03.4", (DZ1 * W5 - DZ2 * W7) * SLOPE * 0.05, "The blame of the second output is negative:"),
    ("03.4", (DZ1 * O1 * (1 - O1) * W5 + DZ2 * O2 * (1 - O2) * W7) * SLOPE * 0.05, "The given blame lies before"),
    ("03.4", DH1 * 0.05, "The blame passes the sigmoid"),
    ("03.4", DH1 * H1 * 0.05, "h1 is what the sigmoid gives."),
    ("03.4", DH1 * slope_of_a_sigmoid(H1) * 0.05, "You took the sigmoid of h1,"),
    ("03.4", DH1 * SLOPE, "That is the blame before the hidden sigmoid."),
    ("03.4", (DZ1 * 0.35891648 + DZ2 * 0.511301270) * SLOPE * 0.05, "You went back through weights"),
    ("03.4", -DH1 * SLOPE * 0.05, "The first output's part is the larger one."),
    ("03.4", 2, "So many ways lead from h1 to E."),
    ("03.4", round(DH1 * SLOPE * 0.05, 4),
     "Four significant digits, please: noughts at the front do not count, so here there are 1."),
    ("03.4", round(DH1 * SLOPE * 0.05, 5),
     "Four significant digits, please: noughts at the front do not count, so here there are 2."),
    ("03.4", round(DH1 * SLOPE * 0.05, 6),
     "Four significant digits, please: noughts at the front do not count, so here there are 3."),
    ("03.5", lambda a, b: a + b, "Both programs are right on it."),
    ("03.5", lambda a, b: a * b, "Both programs are right on it."),
    ("03.5", chapters_expression, "Both are wrong on it:"),
    ("03.5", sum_used_twice, "Both are wrong on it:"),
    ("03.5", first_reached_with_no_blame, "Both are wrong on it:"),
    ("03.5", relu_of_the_product, "Both are wrong on it:"),
    ("03.5", hinge, "Both are wrong on it:"),
]
