"""Nielsen's first network at full size: 784-30-10, sigmoids, the quadratic cost.

Written to data/studies/07_nielsen.csv.

python -m benchmarks.nielsen [--mnist PATH] [--csv OUT] [--seeds 5] [--smoke]

Nielsen, Neural Networks and Deep Learning, chapter 1: 50,000 digits, 30 epochs, batches of 10, learning rate 3, weights
and biases drawn from N(0, 1). Counted after each epoch, for every seed: the test digits of 10,000 that are classified
rightly; then the same on the 5,000 shipped digits. The pixels are those of Keras' file, the draws are ours: a band, not
a number.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from utils.data import fetch_mnist, load_mnist5k
from utils.nn import SGD, Batches, Dense, Sequential, Sigmoid, fit, mean_squared_error

OUT = Path(__file__).resolve().parent.parent / "data/studies/07_nielsen.csv"
PUBLISHED = {1: 9129, 2: 9295, 3: 9348, "best of 30": 9542}     # he counts epochs from 0
N_TRAINING, N_EPOCHS = 50_000, 30               # of MNIST's 60,000; he keeps the rest for validation
HIS_COST_IN_OURS = 5                            # 1/(2n) sum ||y - a||^2 = 5 * mean over all 10 n elements


def standard_normal(n_inputs, n_outputs, *, rng, dtype=np.float32):
    """His first initializer: every weight from N(0, 1), however many inputs there are."""
    return rng.standard_normal((n_inputs, n_outputs)).astype(dtype)


def network(rng):
    layers = [Dense(n, m, rng=rng, initializer=standard_normal) for n, m in ((784, 30), (30, 10))]
    for layer in layers:
        layer.params["b"][...] = rng.standard_normal(layer.n_outputs)
    return Sequential(layers[0], Sigmoid(), layers[1], Sigmoid())


def count_right(model, x, y):
    return int(np.sum(model.forward(x).argmax(axis=1) == y))


def train(digits, seed, n_epochs):
    """How many test digits are classified rightly after each epoch."""
    (x, y), test = digits
    rng, right = np.random.default_rng(seed), []
    model, targets = network(rng), np.eye(10, dtype=np.float32)[y]
    fit(model, mean_squared_error, SGD(learning_rate=3.0 * HIS_COST_IN_OURS), Batches(x, targets, 10, rng=rng),
        epochs=n_epochs, on_epoch=lambda epoch, history: right.append(count_right(model, *test)))
    return right


def as_rows(sets, n_training=None):
    """((x, y), (x, y)) with pixels in 0..1, of the training set the first `n_training`."""
    (x, y), test = [(x.reshape(len(x), -1).astype(np.float32) / 255, y) for x, y in sets]
    return (x[:n_training], y[:n_training]), test


def measure(digits, seeds, n_epochs):
    rows = []
    for seed in seeds:
        right, n_training, n_test = train(digits, seed, n_epochs), len(digits[0][0]), len(digits[1][0])
        rows += [{"training digits": n_training, "seed": seed, "epoch": epoch, "classified rightly": count,
                  "of": n_test} for epoch, count in enumerate(right, 1)]
        print(f"{n_training:,} digits, seed {seed}: {right[:3]}, best {max(right)} of {n_test:,}", flush=True)
    return rows


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nielsen", description=__doc__.split("\n\n")[0])
    parser.add_argument("--mnist", help="an mnist.npz with all digits; without it they are downloaded")
    parser.add_argument("--csv", type=Path, default=OUT, help="where to write the counts")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--smoke", action="store_true", help="the shipped digits, one seed, two epochs, no file")
    return parser.parse_args()


def main():
    wanted = arguments()
    seeds, shipped = range(1 if wanted.smoke else wanted.seeds), as_rows(load_mnist5k())
    with threadpool_limits(1):
        if wanted.smoke:
            measure(shipped, seeds, n_epochs=2)
            return
        rows = measure(as_rows(fetch_mnist(wanted.mnist), N_TRAINING), seeds, N_EPOCHS)
        rows += measure(shipped, seeds, N_EPOCHS)
    wanted.csv.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(wanted.csv, index=False, lineterminator="\n")
    print(f"Published for epochs 1, 2, 3 and the best of 30: {list(PUBLISHED.values())} of 10,000")


if __name__ == "__main__":
    main()
