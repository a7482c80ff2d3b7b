"""Training speed, side by side: ours, Keras, PyTorch, and the matrix products that none of them can do without.

python -m benchmarks.training_speed [--mnist PATH] [--epochs 5] [--threads 1] [--csv OUT] [--figure OUT.png] [--smoke]

All train 784-128-64-10 on the same digits, in turns of one epoch each: what slows the machine for a while slows them
all. The first epoch of each is a warm-up and not counted; a ratio is the median of the other epochs' ratios.
"""

import argparse
import platform
import tracemalloc
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise, product
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_info, threadpool_limits

from utils import nn
from utils.data import fetch_mnist, load_mnist5k
from utils.plotting import MUTED, label_line_ends, use_house_style

WIDTHS = (784, 128, 64, 10)
BATCH_SIZES = (32, 64, 128, 512)
LEARNING_RATES = {"SGD": 0.1, "Adam": 0.001}
OTHERS = ("Keras", "PyTorch")


def network():
    rng = np.random.default_rng(0)
    first, second, third = (nn.Dense(n, m, rng=rng) for n, m in pairwise(WIDTHS))
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third)


# The contestants


class Contestant:
    """Trains the network of WIDTHS on the images x and labels y, by the rule of that name."""

    package = "numpy"                           # what must be installed

    def __init__(self, x, y, batch_size, rule):
        self.x, self.y, self.batch_size, self.rule = x, y, batch_size, rule

    def epoch(self):
        """Train for an epoch and return its seconds."""
        start = perf_counter()
        self.train()
        return perf_counter() - start


class Limit(Contestant):
    """For every batch three x @ W, three x.T @ dz and two dz @ W.T, into arrays that are there: no step does less."""

    def __init__(self, *settings):
        super().__init__(*settings)
        starts = range(0, len(self.x), self.batch_size)
        batches = [self.x[start : start + self.batch_size] for start in starts]
        workspaces = {n: self.workspace(n) for n in {len(batch) for batch in batches}}
        self.steps = [(batch, workspaces[len(batch)]) for batch in batches]

    def workspace(self, n):
        """For each layer its weights, an input and a dz to multiply, and room for the three products."""
        rng = np.random.default_rng(0)
        shapes = [((width, n_units), (n, width), (n, n_units)) for width, n_units in pairwise(WIDTHS)]
        return [([rng.standard_normal(shape, np.float32) for shape in (W, x, dz)],
                 [np.empty(shape, np.float32) for shape in (dz, W, x)]) for W, x, dz in shapes]

    def train(self):
        for batch, workspace in self.steps:
            for i, ((W, hidden, dz), (z, dW, dx)) in enumerate(workspace):
                x = hidden if i else batch
                np.matmul(x, W, out=z)
                np.matmul(x.T, dz, out=dW)
                if i:                           # nobody needs the first layer's dx
                    np.matmul(dz, W.T, out=dx)


class Ours(Contestant):
    def __init__(self, *settings):
        super().__init__(*settings)
        self.model = network()
        self.optimizer = getattr(nn, self.rule)(LEARNING_RATES[self.rule])
        self.batches = nn.Batches(self.x, self.y, self.batch_size, rng=np.random.default_rng(0))

    def train(self):
        nn.fit(self.model, nn.softmax_cross_entropy, self.optimizer, self.batches, epochs=1)


class Keras(Contestant):
    package = "tensorflow"

    def __init__(self, *settings):
        import keras

        from utils.bridge import to_keras

        super().__init__(*settings)
        self.model, self.times = to_keras(network()), []
        optimizer = getattr(keras.optimizers, self.rule)(LEARNING_RATES[self.rule])
        self.model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        self.clock = keras.callbacks.LambdaCallback(on_epoch_begin=self.look, on_epoch_end=self.look)

    def look(self, epoch, logs):
        self.times.append(perf_counter())

    def epoch(self):
        """Seconds without what `fit` does once a call, however many epochs follow: it copies the data."""
        self.times.clear()
        self.model.fit(self.x, self.y, self.batch_size, verbose=0, callbacks=[self.clock])
        start, end = self.times
        return end - start


class PyTorch(Contestant):
    package = "torch"

    def __init__(self, *settings):
        import torch

        super().__init__(*settings)
        linear, relu = torch.nn.Linear, torch.nn.ReLU
        self.model = torch.nn.Sequential(linear(784, 128), relu(), linear(128, 64), relu(), linear(64, 10))
        self.optimizer = getattr(torch.optim, self.rule)(self.model.parameters(), lr=LEARNING_RATES[self.rule])
        self.loss, self.permutation = torch.nn.functional.cross_entropy, torch.randperm
        self.x, self.y = torch.from_numpy(self.x), torch.from_numpy(self.y)

    def train(self):
        for rows in self.permutation(len(self.x)).split(self.batch_size):
            self.optimizer.zero_grad()
            self.loss(self.model(self.x[rows]), self.y[rows]).backward()
            self.optimizer.step()


# The race


def limit_threads(n):
    """For all contestants; TensorFlow wants to know before its first use."""
    if find_spec("tensorflow"):
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(n)
        tf.config.threading.set_inter_op_parallelism_threads(n)
    if find_spec("torch"):
        import torch

        torch.set_num_threads(n)
    threadpool_limits(n)


def race(x, y, batch_sizes, n_epochs):
    """Seconds of every epoch: a row for each rule, batch size and epoch, a column for each contestant."""
    rows = []
    for rule, batch_size in product(LEARNING_RATES, batch_sizes):
        field = [kind(x, y, batch_size, rule) for kind in (Limit, Ours, Keras, PyTorch) if find_spec(kind.package)]
        for epoch in range(1, n_epochs + 2):
            seconds = {type(contestant).__name__: contestant.epoch() for contestant in field}
            rows.append({"rule": rule, "batch size": batch_size, "epoch": epoch} | seconds)
    return pd.DataFrame(rows)


def ratios(seconds):
    """The table to read: one row for each rule and batch size."""
    rows = []
    for (rule, batch_size), epochs in seconds.groupby(["rule", "batch size"], sort=False):
        counted, multiples = epochs[epochs["epoch"] > 1], (epochs["Ours"] / epochs["Limit"]).to_numpy()
        rows.append({
            "rule": rule,
            "batch size": str(batch_size),
            "limit, s an epoch": counted["Limit"].median(),
            "ours ÷ limit": (counted["Ours"] / counted["Limit"]).median(),
            **{f"{name} ÷ ours": (counted[name] / counted["Ours"]).median() for name in present(OTHERS, seconds)},
            "ours, fifth epoch ÷ first": multiples[:5][-1] / multiples[0],
        })
    return pd.DataFrame(rows)


def present(names, seconds):
    return [name for name in names if name in seconds]


def markdown(table):
    rows = [[value if isinstance(value, str) else f"{value:.2f}" for value in row] for row in table.to_numpy()]
    lines = [list(table.columns), ["---"] * len(table.columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def peak_memory(x, y):
    """Peak of memory while `fit` trains with Adam, as a multiple of x, y, the parameters and Adam's state."""
    tracemalloc.start()
    ours = Ours(x, y, 128, "Adam")
    ours.train()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    n_bytes = sum(param.nbytes for param in ours.model.params.values())
    return (x.nbytes + y.nbytes + peak) / (x.nbytes + y.nbytes + n_bytes * (1 + ours.optimizer.n_moments))


# The report


def draw(seconds, path):
    """One panel a rule, one line a contestant; the title is what was found."""
    use_house_style()
    times = in_limits(seconds).rename(columns={"Ours": "NumPy"})
    fig, axes = plt.subplots(1, len(LEARNING_RATES), sharey=True, figsize=(8, 3.6))
    for ax, rule in zip(axes, LEARNING_RATES, strict=True):
        draw_rule(ax, times.loc[rule]).set_title(rule)
    axes[0].set(ylabel="time of an epoch,\nits matrix products = 1", ylim=(0, 1.05 * times.to_numpy().max()))
    found = [f"in {name} {times[name].min():.1f} to {times[name].max():.1f}" for name in times]
    fig.suptitle(f"An epoch takes {', '.join(found)} times its matrix products", x=0, ha="left")
    fig.savefig(path)


def in_limits(seconds):
    """Medians of the counted epochs, in multiples of the limit: a row for each rule and batch size."""
    counted = seconds[seconds["epoch"] > 1]
    times = counted[present(["Ours", *OTHERS], seconds)].div(counted["Limit"], axis=0)
    return times.groupby([counted["rule"], counted["batch size"]]).median()


def draw_rule(ax, times):
    for name, style in zip(times, ("-", "--", ":"), strict=False):
        ax.plot(times.index, times[name], style, marker="o", label=name, color="C0" if name == "NumPy" else MUTED)
    ax.axhline(1, color=MUTED, linewidth=1)
    ax.set(xscale="log", xlabel="batch size")
    ax.set_xticks(times.index, times.index)
    ax.minorticks_off()
    return label_line_ends(ax)


def digits(path):
    """All training digits of MNIST from `path`, or the shipped ones: (N, 784) in 0..1, and labels."""
    (x, y), _ = fetch_mnist(path) if path else load_mnist5k()
    return x.reshape(len(x), -1).astype(np.float32) / 255, y.astype(np.int64)


def circumstances(x, n_threads):
    packages = [f"{name} {version(name)}" for name in ("numpy", "keras", "tensorflow", "torch") if find_spec(name)]
    kernels = next((pool.get("architecture") for pool in threadpool_info() if pool["user_api"] == "blas"), "unknown")
    return (f"{len(x):,} digits, threads: {n_threads}; Python {platform.python_version()}, {', '.join(packages)}; "
            f"NumPy's BLAS uses {kernels} kernels")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_speed", description=__doc__.split("\n\n")[0])
    parser.add_argument("--mnist", help="an mnist.npz with all digits; without it the 4,000 shipped for training")
    parser.add_argument("--epochs", type=int, default=5, help="epochs to count, after the warm-up")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--csv", help="where to write the seconds of every epoch")
    parser.add_argument("--figure", help="where to draw the ratios")
    parser.add_argument("--smoke", action="store_true", help="1,000 digits, one batch size, one epoch: does it run?")
    return parser.parse_args()


def main():
    wanted = arguments()
    limit_threads(wanted.threads)
    x, y = digits(wanted.mnist)
    if wanted.smoke:
        x, y = x[:1000], y[:1000]
    seconds = race(x, y, *((BATCH_SIZES[:1], 1) if wanted.smoke else (BATCH_SIZES, wanted.epochs)))
    print(circumstances(x, wanted.threads), markdown(ratios(seconds)), sep="\n\n", end="\n\n")
    print(f"Peak memory of fit, in x + y + parameters + Adam's state: {peak_memory(x, y):.2f}")
    if wanted.csv:
        seconds.to_csv(wanted.csv, index=False)
    if wanted.figure:
        draw(seconds, wanted.figure)


if __name__ == "__main__":
    main()
