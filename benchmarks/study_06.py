"""Does an epoch of Adam get slower when nothing keeps its moments from decaying?

Written to data/studies/06_denormals.csv.

python benchmarks/study_06.py [--out CSV] [--smoke]

784-128-64-10 learns the shipped digits in batches of 4, with and without the guard of `utils.nn.Adam`. After each epoch
two things are noted: the share of first moments that are denormal, and the seconds spent in the optimizer's steps,
relative to the first epoch of the same training. Both trainings take turns epoch by epoch, one thread.
"""

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from utils.data import load_mnist5k
from utils.nn import Adam, Batches, Dense, ReLU, Sequential, softmax_cross_entropy
from utils.nn.optimizers import SMALLEST

OUT = Path(__file__).resolve().parent.parent / "data/studies/06_denormals.csv"
EPOCHS, SEEDS = 8, range(3)


class Unguarded(Adam):
    """Adam without the small number; the guarded one pays for a subtraction, too, so that both do the same work."""

    kept = 0.0

    def _update(self, param, grad, m, v):
        grad -= (1 - self.kept) * SMALLEST[param.dtype.name]
        super()._update(param, grad, m, v)


class Guarded(Unguarded):
    kept = 1.0


def denormal_share(optimizer):
    """The share of first moments that are neither 0 nor normal numbers."""
    m = np.abs(np.concatenate([moments[0].ravel() for moments in optimizer._state.values()]))
    return float(np.mean((m > 0) & (m < np.finfo(m.dtype).tiny)))


def contestant(optimizer, x, y, seed):
    rng = np.random.default_rng(seed)
    model = Sequential(Dense(784, 128, rng=rng), ReLU(), Dense(128, 64, rng=rng), ReLU(), Dense(64, 10, rng=rng))
    return model, optimizer, Batches(x, y, 4, rng=rng)


def epoch_seconds(model, optimizer, batches):
    """Train for one epoch; the seconds spent in `step`."""
    seconds = 0.0
    for x, y in batches:
        model.backward(softmax_cross_entropy(model.forward(x), y)[1], needs_dx=False)
        start = perf_counter()
        optimizer.step(model.params, model.grads)
        seconds += perf_counter() - start
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, help="where to write the table; with --smoke only where it is named")
    parser.add_argument("--smoke", action="store_true", help="one seed, two epochs: does it run?")
    wanted = parser.parse_args()
    out = wanted.out or (None if wanted.smoke else OUT)
    (x, y), _ = load_mnist5k()
    x, rows = (x.reshape(-1, 784) / 255).astype("float32"), []
    with threadpool_limits(1):
        for seed in SEEDS[:1] if wanted.smoke else SEEDS:
            both = {rule: contestant(rule(), x, y, seed) for rule in (Unguarded, Guarded)}
            first = {}
            for epoch in range(1, 3 if wanted.smoke else EPOCHS + 1):
                for rule, parts in both.items():
                    seconds = epoch_seconds(*parts)
                    ratio = seconds / first.setdefault(rule, seconds)
                    rows.append({"guard": rule is Guarded, "seed": seed, "epoch": epoch,
                                 "denormal_share": round(denormal_share(parts[1]), 4), "ratio": round(ratio, 3)})
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(rows).to_csv(out, index=False, lineterminator="\n")
    print(pd.DataFrame(rows).groupby(["guard", "epoch"])[["denormal_share", "ratio"]].median().to_string())


if __name__ == "__main__":
    main()
