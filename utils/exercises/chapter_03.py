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
        "That is the value of f, and the product of two ways. Slopes multiply along a way; what do ways do?": 15,
        "Which of the two is squared, in f = ab + b²?": 7,
        "So often b is used. How much comes by each of these ways?": 2,
        "You added the slopes of b's two arrows. Each is multiplied by the blame at the arrow's head.": 6,
        "Is it b times b? The slope of a sum is 1 towards each of its terms, whatever they are.": 9,
        "By the sum you went on with a, as if it were a product. What is the slope of a sum?": 11,
        "By the sum you went on with b, as if it were a product. What is the slope of a sum?": 14,
        "Two ways, but different ones: you counted the one by the factor b twice.": 10,
    },
)

build(
    "03.2",
    right=sigmoid,
    cases=lambda: [(x,) for x in (-3.0, -0.5, 0.4, 1.0, 2.0)],
    tried="It agrees with the slope of softplus at five numbers from -3 to 2.",
    mistakes={
        "That is the slope of the logarithm alone: one more factor.": lambda x: 1 / (1 + np.exp(x)),
        "That is the slope of the inner function. The logarithm has one, too.": np.exp,
        "That is the value, not the slope.": lambda x: np.log(1 + np.exp(x)),
        "That is the slope of tanh. Here the chain is 1 + e^x, then the logarithm.": lambda x: 1 - np.tanh(x) ** 2,
        "You took one derivative too many.": lambda x: sigmoid(x) * (1 - sigmoid(x)),
        "The slope of ReLU is meant to be made smooth: it does not jump.": lambda x: float(x > 0),
    },
)


def _walk(parents, slopes, *, youngest_first=True, adds=True, seed=1.0, multiplies=True, each_use=True):
    """The blame of every number; each switch makes one mistake."""
    blame = [0.0] * (len(parents) - 1) + [seed]
    for n in sorted(range(len(parents)), reverse=youngest_first):
        uses = zip(parents[n], slopes[n], strict=True)
        for parent, slope in uses if each_use else dict(uses).items():
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
    """A tree, the graph of the chapter, d + d with d = c + c, and nine numbers of which nearly all are used twice."""
    rng = np.random.default_rng(0)
    tangle = [[], [], [], *[sorted(rng.choice(n, 2, replace=False).tolist()) for n in range(3, 8)], [6, 7]]
    return [
        ([[], [], [], [0, 1], [3, 2]], [[], [], [], [1.0, 1.0], [-4.0, 3.0]]),
        ([[], [], [0, 1], [2, 0], [2, 3]], [[], [], [2.0, 3.0], [3.0, 6.0], [1.0, 1.0]]),
        ([[], [0, 0], [1, 1]], [[], [1.0, 1.0], [1.0, 1.0]]),
        (tangle, [rng.normal(size=len(parents)).tolist() for parents in tangle]),
    ]


build(
    "03.3",
    right=_walk,
    cases=_graphs,
    tried="The blame agrees on a tree, on the chapter's graph, on c + c doubled again and on a graph of nine numbers.",
    mistakes={
        "Right on trees. What becomes of the blame that had arrived before?": lambda p, s: _walk(p, s, adds=False),
        "Right until one step uses a number twice. What is the blame of c in c + c?": (
            lambda p, s: _walk(p, s, each_use=False)
        ),
        "You begin at the leaves, which have nothing to hand on yet.": lambda p, s: _walk(p, s, youngest_first=False),
        "All blame is 0. How much does the last number change with itself?": lambda p, s: _walk(p, s, seed=0.0),
        "You add up slopes. What is handed on is blame times slope.": lambda p, s: _walk(p, s, multiplies=False),
        "Some number hands on before all its children have: which order makes sure that they have?": _walk_as_met,
    },
)


_H1, _O = 0.593269992, np.array([0.75136507, 0.772928465])


def _blame_of_w1(weights=(0.40, 0.50), deltas=(0.138498562, -0.038098236), slope=_H1 * (1 - _H1), x=0.05):
    return np.dot(weights, deltas) * slope * x


predict(
    "03.4",
    right=_blame_of_w1(),
    tried="0.15 minus half of it is 0.149780716, as published.",
    mistakes={
        "That is what comes by the first output. The hidden neuron acts on the second, too.": _blame_of_w1((0.40, 0.0)),
        "These weights lead to one output. Which come from one hidden neuron?": _blame_of_w1((0.40, 0.45)),
        "Two weights lead to the second output. Which of them comes from h1?": _blame_of_w1((0.40, 0.55)),
        "The blame of the second output is negative: mind the sign in the sum.": _blame_of_w1((0.40, -0.50)),
        "The given blame lies before the sigmoids of the outputs: their slopes are in it already.": (
            _blame_of_w1(deltas=np.array([0.138498562, -0.038098236]) * _O * (1 - _O))
        ),
        "The blame passes the sigmoid of the hidden neuron, too.": _blame_of_w1(slope=1.0),
        "h1 is what the sigmoid gives. What is its slope there?": _blame_of_w1(slope=_H1),
        "You took the sigmoid of h1, which has come out of it already.": (
            _blame_of_w1(slope=sigmoid(_H1) * (1 - sigmoid(_H1)))
        ),
        "That is the blame before the hidden sigmoid. One slope is left.": _blame_of_w1(x=1.0),
        "You went back through weights that had moved already.": _blame_of_w1((0.35891648, 0.51130127)),
        "The first output's part is the larger one. Which sign has the sum?": -_blame_of_w1(),
        "So many ways lead from h1 to E. Add up what comes by them, and go on to w1.": 2,
        **{f"Four significant digits, please: noughts at the front do not count, so here there are {n}.": rounded
           for n, rounded in {1: 0.0004, 2: 0.00044, 3: 0.000439}.items()},
    },
    tolerance=2e-4,
)


def _overwrite(node, blame=1.0):
    node.grad = blame
    for parent, slope in zip(node.parents, node.slopes, strict=True):
        _overwrite(parent, blame * slope)


def _do_not_wait(result):
    """In rounds: what is reached for the first time hands on, in the next round, what has arrived so far."""
    result.grad, met, reached = 1.0, {result}, {result}
    while reached:
        uses = [(node, *use) for node in reached for use in zip(node.parents, node.slopes, strict=True)]
        handed_on = [(parent, node.grad * slope) for node, parent, slope in uses]
        for parent, blame in handed_on:
            parent.grad += blame
        reached = {parent for parent, _ in handed_on} - met
        met |= reached


def _gradients(expression, backward):
    """Blame of a and b, at two places, as `backward` sees it."""
    pairs = [(Value(3.0), Value(2.0)), (Value(1.5), Value(-0.7))]
    for a, b in pairs:
        backward(expression(a, b))
    return [(a.grad, b.grad) for a, b in pairs]


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
        "Both programs are right on it. Is any number used more than once?": (
            lambda a, b: a * b,
            lambda expression, verdicts: verdicts == (True, True),
        ),
        "Both are wrong on it: a number is used twice that has parents to hand on to. Which numbers have none?": (
            _example,
            lambda expression, verdicts: verdicts == (False, False),
        ),
    },
)
