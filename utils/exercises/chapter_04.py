"""Chapter 04: the walk back in matrices."""

import numpy as np

from utils.exercises.kinds import build, change, predict

predict(
    "04.1",
    right=((32, 784), (784, 128), (128,)),
    tried="They are the shapes of x, W and b.",
    tolerance=0,
    mistakes={
        "Blame has the shape of what is blamed. Which axis of W counts the inputs?": ((32, 784), (128, 784), (128,)),
        "Is there one W for each example? The examples share it, and their blame is added up.": (
            (32, 784), (32, 784, 128), (128,)),
        "You kept every example's own blame of W and b. What does the sum over the examples do to that axis?": (
            (32, 784), (32, 784, 128), (32, 128)),
        "The bias is added to every row, and it is one flat array all the same.": ((32, 784), (784, 128), (32, 128)),
        "The bias stands flat, without an axis for the rows.": ((32, 784), (784, 128), (1, 128)),
        "A shape is a tuple: mind the comma.": ((32, 784), (784, 128), 128),
        "Each example has inputs of its own, and examples are rows.": ((784,), (784, 128), (128,)),
        "Rows are examples, in dx as in x.": ((784, 32), (784, 128), (128,)),
        "dx is the blame of what goes into the layer, not of what comes out.": ((32, 128), (784, 128), (128,)),
        "The order asked for is dx, dW, db.": ((784, 128), (128,), (32, 784)),
    },
)


def _outputs_and_blame():
    rng = np.random.default_rng(0)
    return [(np.where(z > 0, z, 0.1 * z), rng.normal(size=z.shape)) for z in rng.normal(size=(3, 5, 4))]


build(
    "04.2",
    right=lambda y, dy: dy * np.where(y > 0, 1, 0.1),
    cases=_outputs_and_blame,
    tried="Three batches agree with central differences. y is positive exactly where z is.",
    mistakes={
        "That is the way back of ReLU. What is the slope where this one leaks?": lambda y, dy: dy * (y > 0),
        "That is the slope. Blame times slope is handed back.": lambda y, dy: np.where(y > 0, 1, 0.1),
        "That is the function, applied to the blame. Whose sign decides?": lambda y, dy: np.where(dy > 0, dy, 0.1 * dy),
        "You multiplied by the function. What is its slope?": lambda y, dy: dy * np.where(y > 0, y, 0.1 * y),
        "You multiplied by the output. What is the slope?": lambda y, dy: dy * y,
        "Nothing is changed on the way. Is the slope 1 everywhere?": lambda y, dy: dy,
        "The two sides are exchanged.": lambda y, dy: dy * np.where(y > 0, 0.1, 1),
    },
)


def _square_layers():
    rng = np.random.default_rng(0)
    return [[rng.normal(size=shape) for shape in [(n, d), (d, d), d, (n, d)]] for n, d in [(1, 3), (5, 4), (4, 4)]]


def _residual(x, W, b, dy, *, past=1, through=1, turned=True, at_output=False, mean=False, slope=True):
    """The way back of y = x + tanh(x @ W + b); each switch makes one mistake."""
    hidden = np.tanh(x @ W + b)
    y = x + hidden if at_output else hidden
    dz = dy * (1 - y**2) if slope else dy
    n = len(x) if mean else 1
    return past * dy + through * dz @ (W.T if turned else W), x.T @ dz / n, dz.sum(axis=0) / n


build(
    "04.3",
    right=_residual,
    cases=_square_layers,
    tried="dx, dW and db agree with central differences on batches of 1, 5 and 4 examples.",
    mistakes={
        "dW and db are right. x acts in two places: what comes back by the shorter way?": (
            lambda x, W, b, dy: _residual(x, W, b, dy, past=0)),
        "dW and db are right. x acts in two places: what comes back through the layer?": (
            lambda x, W, b, dy: _residual(x, W, b, dy, through=0)),
        "W is square, so no shape complains. Over which index of W does the sum in dx run?": (
            lambda x, W, b, dy: _residual(x, W, b, dy, turned=False)),
        "1 - y² is the slope of tanh at its own output, and here y holds the input as well.": (
            lambda x, W, b, dy: _residual(x, W, b, dy, at_output=True)),
        "dx is right. The blame of the examples is added up: who divides by N, and when?": (
            lambda x, W, b, dy: _residual(x, W, b, dy, mean=True)),
        "dW and db are right. The way past the layer has the slope 1: and how much blame takes it?": (
            lambda x, W, b, dy: _residual(x, W, b, dy, past=1 / dy)),
        "dW and db are right. What is added at the end was on its way forward. What comes back past the layer?": (
            lambda x, W, b, dy: _residual(x, W, b, dy, past=x / dy)),
        "The slope of tanh is missing.": lambda x, W, b, dy: _residual(x, W, b, dy, slope=False),
    },
)


def _tanh_layer(x, W, b, dy, *, divided=False, twice=False):
    """The way back of y = tanh(x @ W + b); each switch makes one mistake."""
    y = np.tanh(x @ W + b)
    dz = dy * (1 - np.tanh(y) ** 2) if twice else dy * (1 - y**2)
    return dz @ W.T, x.T @ dz / (len(x) if divided else 1), dz.sum(axis=0)


def _tanh_layers():
    rng = np.random.default_rng(0)
    return [[rng.normal(size=shape) for shape in [(n, d), (d, h), h, (n, h)]] for n, d, h in [(3, 2, 4), (6, 5, 3)]]


build(
    "04.4",
    right=_tanh_layer,
    cases=_tanh_layers,
    tried="All three results agree with central differences on two batches.",
    mistakes={
        "This is the function as it was given. Which of its three results do central differences reject?": (
            lambda x, W, b, dy: _tanh_layer(x, W, b, dy, divided=True, twice=True)),
        "One is mended. dx and db are right now, and dW is not.": (
            lambda x, W, b, dy: _tanh_layer(x, W, b, dy, divided=True)),
        "One is mended. What is still wrong spoils all three results: at which point is the slope taken?": (
            lambda x, W, b, dy: _tanh_layer(x, W, b, dy, twice=True)),
        "Now db is divided by N as well. dy carries the 1/N of the loss already.": (
            lambda x, W, b, dy: [part / (1, len(x), len(x))[i] for i, part in enumerate(_tanh_layer(x, W, b, dy))]),
        "You dropped the slope altogether.": lambda x, W, b, dy: (dy @ W.T, x.T @ dy, dy.sum(axis=0)),
    },
)


def _swelling(standard_deviation):
    """How many powers of ten the blame gains on its way from the last to the first of twenty layers."""
    if not 0 < standard_deviation < np.inf:
        raise ValueError(f"a standard deviation above 0 expected: got {standard_deviation!r}")
    rng = np.random.default_rng(0)
    y, kept = rng.normal(scale=0.1, size=(50, 100)), []
    for _ in range(20):
        W = rng.normal(scale=standard_deviation, size=(100, 100))
        y = np.tanh(y @ W)
        kept.append((W, 1 - y**2))
    dy = rng.normal(size=y.shape)
    sizes = []
    for W, slope in reversed(kept):
        dz = dy * slope
        sizes.append(np.sqrt(np.mean(dz**2)))
        dy = dz @ W.T
    return np.log10(sizes[-1] / sizes[0])


change(
    "04.5",
    outcome=_swelling,
    right=0.1,
    goal=lambda powers: abs(powers) <= np.log10(3),
    tried="Over nineteen layers, the blame of fifty examples gains or loses less than a factor of 3.",
    mistakes={
        "That is one over the number of inputs. How fast does a sum of terms of either sign grow with their number?": (
            0.01, lambda setting, powers: setting == 0.01),
        "With 1 the sum of 100 terms is far too large, and the blame swells. By which factor, in one layer?": (
            1.0, lambda setting, powers: setting == 1),
        "That is the rule for ReLU, of which half are closed. How large are the slopes of tanh around 0?": (
            np.sqrt(2 / 100), lambda setting, powers: np.isclose(setting, np.sqrt(2 / 100), rtol=0.02)),
        "That is how far weights reach that are drawn evenly. What is their standard deviation?": (
            np.sqrt(6 / 200), lambda setting, powers: np.isclose(setting, np.sqrt(6 / 200), rtol=0.02)),
        "The blame fades on its way back: which factor has one layer?": (0.05, lambda setting, powers: powers < 0),
        "The blame swells on its way back: which factor has one layer?": (0.3, lambda setting, powers: powers > 0),
    },
)
