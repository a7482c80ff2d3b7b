"""Chapter 03: blame on a graph."""

import numpy as np

from utils.exercises.kinds import build, change, predict
from utils.nn import Value, sigmoid

predict(
    "03.1",
    right=8,
    tried="It agrees with a central difference of f = ab + b².",
    mistakes={
        "That is what comes by the factor b. By which other way does b act?": 5,
        "That is what comes by the sum a + b (and all of the blame of a). By which other way does b act?": 3,
        "Slopes multiply along a way. What becomes of two ways?": 15,
        "These are the slopes alone. Blame times slope is handed on.": 2,
    },
)

build(
    "03.2",
    right=sigmoid,
    cases=lambda: [(x,) for x in (-3.0, -0.5, 0.0, 0.4, 2.0)],
    tried="It agrees with the slope of softplus at five numbers from -3 to 2.",
    mistakes={
        "That is the slope of the logarithm alone: one more factor.": lambda x: 1 / (1 + np.exp(x)),
        "That is the slope of the inner function. The logarithm has one, too.": np.exp,
        "That is the value, not the slope.": lambda x: np.log(1 + np.exp(x)),
        "You took one derivative too many.": lambda x: sigmoid(x) * (1 - sigmoid(x)),
        "The slope of ReLU is meant to be made smooth: it does not jump.": lambda x: float(x > 0),
    },
)


def _walk(parents, slopes, *, youngest_first=True, adds=True, seed=1.0, multiplies=True):
    """The blame of every number; each switch makes one mistake."""
    blame = [0.0] * (len(parents) - 1) + [seed]
    for n in sorted(range(len(parents)), reverse=youngest_first):
        for parent, slope in zip(parents[n], slopes[n], strict=True):
            handed_on = blame[n] * slope if multiplies else slope
            blame[parent] = adds * blame[parent] + handed_on
    return blame


def _walk_as_met(parents, slopes):
    """Each number hands on when a walk back first meets it, done or not."""
    blame, met = [0.0] * (len(parents) - 1) + [1.0], [len(parents) - 1]
    for n in met:
        for parent, slope in zip(parents[n], slopes[n], strict=True):
            blame[parent] += blame[n] * slope
            met += [parent] if parent not in met else []
    return blame


def _graphs():
    """A tree, the graph of the chapter, and one of nine numbers in which nearly all are used twice."""
    rng = np.random.default_rng(0)
    tangle = [[], [], [], *[sorted(rng.choice(n, 2, replace=False).tolist()) for n in range(3, 8)], [6, 7]]
    return [
        ([[], [], [], [0, 1], [3, 2]], [[], [], [], [1.0, 1.0], [-4.0, 3.0]]),
        ([[], [], [0, 1], [2, 0], [2, 3]], [[], [], [2.0, 3.0], [3.0, 6.0], [1.0, 1.0]]),
        (tangle, [rng.normal(size=len(parents)).tolist() for parents in tangle]),
    ]


build(
    "03.3",
    right=_walk,
    cases=_graphs,
    tried="A tree, the graph of the chapter and a graph of nine numbers agree with utils.nn.Value.",
    mistakes={
        "Right on trees. What becomes of the blame that had arrived before?": lambda p, s: _walk(p, s, adds=False),
        "You begin at the leaves, which have nothing to hand on yet.": lambda p, s: _walk(p, s, youngest_first=False),
        "All blame is 0. How much does the last number change with itself?": lambda p, s: _walk(p, s, seed=0.0),
        "You add up slopes. What is handed on is blame times slope.": lambda p, s: _walk(p, s, multiplies=False),
        "Some number hands on before all its children have: which order makes sure that they have?": _walk_as_met,
    },
)


def _blame_of_w1(weights=(0.40, 0.50), deltas=(0.138498562, -0.038098236), h=0.593269992, x=0.05):
    return np.dot(weights, deltas) * h * (1 - h) * x


predict(
    "03.4",
    right=_blame_of_w1(),
    tried="0.15 minus half of it is 0.149780716, as published.",
    mistakes={
        "That is what comes by the first output. The hidden unit acts on the second, too.": _blame_of_w1((0.40, 0.0)),
        "These weights lead to one output. Which come from one hidden unit?": _blame_of_w1((0.40, 0.45)),
        "The blame of the second output is negative: mind the sign in the sum.": _blame_of_w1((0.40, -0.50)),
        "The blame passes the sigmoid of the hidden unit, too.": _blame_of_w1() / (0.593269992 * (1 - 0.593269992)),
        "That is the blame before the hidden sigmoid. One slope is left.": _blame_of_w1(x=1.0),
        "You went back through weights that had moved already.": _blame_of_w1((0.35891648, 0.51130127)),
    },
)


def _overwrite(node, blame=1.0):
    node.grad = blame
    for parent, slope in zip(node.parents, node.slopes, strict=True):
        _overwrite(parent, blame * slope)


def _do_not_wait(result):
    """Each number hands on when a walk back first meets it; blame is added up."""
    result.grad, met = 1.0, [result]
    for node in met:
        for parent, slope in zip(node.parents, node.slopes, strict=True):
            parent.grad += node.grad * slope
            met += [parent] if parent not in met else []


def _gradients(expression, backward):
    """Blame of a and b, at two places, as `backward` sees it."""
    pairs = [(Value(3.0), Value(2.0)), (Value(1.5), Value(-0.7))]
    for a, b in pairs:
        backward(expression(a, b))
    return np.array([(a.grad, b.grad) for a, b in pairs])


def _example(a, b):
    """The expression of the chapter: c is used twice, and has parents."""
    c = a * b
    return c + c * a


def _verdicts(expression):
    """Whether the program that overwrites, and the one that does not wait, are right on the expression."""
    truth = _gradients(expression, Value.backward)
    return tuple(np.allclose(_gradients(expression, program), truth) for program in (_overwrite, _do_not_wait))


change(
    "03.5",
    outcome=_verdicts,
    right=lambda a, b: a * b + a,
    goal=lambda verdicts: verdicts == (False, True),
    tried="The program that overwrites is wrong on it, the one that does not wait is right.",
    mistakes={
        "Both programs are right on it: every number is used once.": (
            lambda a, b: a * b,
            lambda expression, verdicts: verdicts == (True, True),
        ),
        "Both are wrong on it: a number is used twice that has parents to hand on to. Which numbers have none?": (
            _example,
            lambda expression, verdicts: verdicts == (False, False),
        ),
    },
)
