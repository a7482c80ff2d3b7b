"""How many steps, and how much time, for which batch size? Written to data/studies/05_batch_size.csv.

python benchmarks/study_05.py [--out CSV] [--smoke]

784-128-64-10 learns the shipped digits by plain gradient descent until the loss on all 4,000 is below TARGET. For every
batch size each learning rate is tried with every seed; the rate with the fewest steps (median over seeds) is kept. The
time of a step is a median, all batch sizes in turns, one thread; seconds = steps times that.
"""

import argparse
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from utils.data import load_mnist5k
from utils.nn import SGD, Batches, Dense, ReLU, Sequential, softmax_cross_entropy

OUT = Path(__file__).resolve().parent.parent / "data/studies/05_batch_size.csv"
BATCH_SIZES = (1, 4, 16, 64, 256, 1024, 4000)
RATES = tuple(0.0125 * 2.0**k for k in range(8))
SEEDS = range(5)
TARGET = 0.3
MOST_EPOCHS, MOST_STEPS = 12, 400               # give up when both are exceeded


def digits():
    (x, y), _ = load_mnist5k()
    return (x.reshape(-1, 784) / 255).astype("float32"), y


def network(rng):
    layers = [layer for n, m in pairwise([784, 128, 64, 10]) for layer in (Dense(n, m, rng=rng), ReLU())]
    return Sequential(*layers[:-1])


def train_step(model, optimizer, x, y):
    dz = softmax_cross_entropy(model.forward(x), y)[1]
    model.backward(dz, needs_dx=False)
    optimizer.step(model.params, model.grads)


def steps_needed(x, y, batch_size, rate, seed):
    """Steps until the loss on all examples is below TARGET, looked at when the count has grown by 3 %; None: never."""
    rng = np.random.default_rng(seed)
    model, optimizer = network(rng), SGD(rate)
    batches, step, next_look = Batches(x, y, batch_size, rng=rng), 0, 1
    while step < max(MOST_EPOCHS * len(batches), MOST_STEPS):
        for rows in batches:
            train_step(model, optimizer, *rows)
            step += 1
            if step >= next_look:
                scores = model.forward(x)
                if not np.isfinite(scores).all():
                    return None
                if softmax_cross_entropy(scores, y)[0] < TARGET:
                    return step
                next_look = max(step + 1, 1.03 * step)
    return None


def step_seconds(x, y, batch_sizes, n_rounds=40):
    """Median seconds of a step for each batch size, gathering of the batch included, all in turns."""
    rng, seconds = np.random.default_rng(0), {batch_size: [] for batch_size in batch_sizes}
    contestants = {batch_size: (network(rng), SGD(0.01)) for batch_size in batch_sizes}
    for _ in range(n_rounds):
        for batch_size, (model, optimizer) in contestants.items():
            order = rng.permutation(len(x))[:batch_size]
            n_repeats = max(1, 200 // batch_size)
            start = perf_counter()
            for _ in range(n_repeats):
                train_step(model, optimizer, x[order], y[order])
            seconds[batch_size].append((perf_counter() - start) / n_repeats)
    return {batch_size: float(np.median(values)) for batch_size, values in seconds.items()}


def best_rate(x, y, batch_size, rates, seeds):
    """(rate, steps of each seed) of the rate with the fewest steps that reaches the target with every seed."""
    found = {rate: [steps_needed(x, y, batch_size, rate, seed) for seed in seeds] for rate in rates}
    reached = {rate: steps for rate, steps in found.items() if None not in steps}
    return min(reached.items(), key=lambda item: np.median(item[1]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, help="where to write the table; with --smoke only where it is named")
    parser.add_argument("--smoke", action="store_true", help="two batch sizes, one rate, one seed: does it run?")
    wanted = parser.parse_args()
    out = wanted.out or (None if wanted.smoke else OUT)
    batch_sizes, rates, seeds = ((64, 256), (0.2,), (0,)) if wanted.smoke else (BATCH_SIZES, RATES, SEEDS)
    (x, y), rows = digits(), []
    with threadpool_limits(1):
        seconds = step_seconds(x, y, batch_sizes)
        for batch_size in batch_sizes:
            rate, steps = best_rate(x, y, batch_size, rates, seeds)
            rows += [{"batch_size": batch_size, "learning_rate": rate, "seed": seed, "steps": n,
                      "epochs": round(n * batch_size / len(x), 3),
                      "seconds_per_step": float(f"{seconds[batch_size]:.3g}")}
                     for seed, n in zip(seeds, steps, strict=True)]
            print(f"batch size {batch_size}: learning rate {rate}, steps {steps}", flush=True)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(rows).to_csv(out, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
