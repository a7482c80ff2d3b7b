"""Which knobs matter, and how to search? Written to data/studies/15_tuning.csv.

python benchmarks/study_15.py [--out CSV] [--smoke]

784-32-10 learns 3,000 of the shipped training digits and is scored on the other 1,000. Every
training sees the same number of digits. In the part "knobs", one knob at a time leaves the base setting, and each
setting is tried at every learning rate with every seed; "rate and batch" is a closer look at two of them; in "search"
three ways to search choose 27 settings of three knobs each, again and again. The seed of a training is that of weights
and order; the seed of a search is that of its choices, and its trainings all have seed 0. At last ten searches of
"forty trials" each have a winner, and winners and the base setting are trained again with 80 fresh seeds: scored on the
validation digits ("fresh seeds") and, for once, on the test digits ("confirmation").
"""

import argparse
from functools import partial
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
from threadpoolctl import threadpool_limits

from utils.data import load_mnist5k
from utils.metrics import accuracy
from utils.nn import (
    L2,
    SGD,
    Adam,
    BatchNormalization,
    Dense,
    ReLU,
    RMSprop,
    Sequential,
    he_normal,
    softmax_cross_entropy,
)

OUT = Path(__file__).resolve().parent.parent / "data/studies/15_tuning.csv"
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SEEDS = range(20)
DIGITS_SEEN = 12_000                            # of each training: four epochs
OPTIMIZERS = {"SGD": SGD, "momentum": partial(SGD, momentum=0.9), "RMSprop": RMSprop, "Adam": Adam}
KNOBS = {                                       # setting -> what differs from the base setting
    "optimizer": {name: {"optimizer": name} for name in OPTIMIZERS},
    "schedule": {"constant": {}, "cosine": {"schedule": "cosine"}},
    "initial weights": {f"{factor:g} He": {"factor": factor} for factor in (0.25, 0.5, 1, 2, 4)},
    "width": {str(n): {"width": n} for n in (8, 16, 32, 64, 128)},
    "hidden layers": {str(n): {"n_hidden": n} for n in (1, 2, 3, 4)},
    "batch size": {str(n): {"batch_size": n} for n in (8, 32, 128)},
    "normalisation": {"none": {}, "batch": {"normalise": True}},
}
BATCH_SIZES = (4, 8, 16, 32, 64, 128, 256, 512)
MORE_RATES = tuple(0.01 * 2.0**k for k in range(10))
SEARCHES, N_TRIALS = range(20), 27
SPACES = {                                      # knob -> its limits
    "three that matter": {"learning_rate": (1e-3, 10), "factor": (0.1, 10), "one_minus_momentum": (0.05, 1)},
    "one that matters": {"learning_rate": (1e-3, 10), "factor": (0.5, 2), "l2": (1e-8, 1e-5)},
}
FORTY, FRESH_SEEDS = range(10), range(100, 180)     # searches of forty trials; the seeds that nobody chose by
FORTY_SPACE = {"learning_rate": (0.03, 1), "factor": (0.2, 3), "width": (8, 64)}


def digits():
    """(x_train, y_train), (x_val, y_val): 3,000 and 1,000 of the training digits."""
    (x, y), _ = load_mnist5k()
    x = (x.reshape(-1, 784) / 255).astype("float32")
    return (x[:3000], y[:3000]), (x[3000:], y[3000:])


def test_digits():
    """(x_test, y_test): nobody chooses by them."""
    _, (x, y) = load_mnist5k()
    return (x.reshape(-1, 784) / 255).astype("float32"), y


def network(rng, *, width=32, n_hidden=1, factor=1, normalise=False, l2=0.0):
    """784-32-10, or what differs from it; the weights start at `factor` times He's."""
    def initializer(n_inputs, n_outputs, **drawn):
        return he_normal(n_inputs, n_outputs, **drawn) * np.float32(factor)

    given = {"rng": rng, "initializer": initializer, "kernel_regularizer": L2(l2) if l2 else None}
    sizes, layers = [784, *n_hidden * [width]], []
    for n, m in pairwise(sizes):
        between = [BatchNormalization(m, momentum=0.9)] if normalise else []
        layers += [Dense(n, m, **given), *between, ReLU()]
    return Sequential(*layers, Dense(width, 10, **given))


def endless_batches(x, y, batch_size, rng):
    """Full batches, in a new order each epoch."""
    while True:
        order = rng.permutation(len(x))
        for start in range(0, len(x) - batch_size + 1, batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows]


@np.errstate(over="ignore", invalid="ignore")
def trained(train, learning_rate, seed, *, optimizer="SGD", momentum=0.0, schedule="constant", batch_size=32,
            digits_seen=DIGITS_SEEN, **shape):
    """A network after its training on `train`; None when it diverged."""
    rng = np.random.default_rng(seed)
    model = network(rng, **shape)
    rule = SGD(learning_rate, momentum) if momentum else OPTIMIZERS[optimizer](learning_rate)
    n_steps, params, grads = digits_seen // batch_size, model.params, model.grads
    for step, (x, y) in zip(range(n_steps), endless_batches(*train, batch_size, rng), strict=False):
        if schedule == "cosine":
            rule.learning_rate = learning_rate * (1 + np.cos(np.pi * step / n_steps)) / 2
        logits = model.forward(x, training=True)
        if not np.isfinite(logits).all():
            return None
        model.backward(softmax_cross_entropy(logits, y)[1], needs_dx=False)
        rule.step(params, grads)
    return model


@np.errstate(over="ignore", invalid="ignore")
def score(train, validation, learning_rate, seed, **setting):
    """{"accuracy", "loss"} on the validation digits: 0.1 and no number when the training diverged."""
    model = trained(train, learning_rate, seed, **setting)
    logits = None if model is None else model.forward(validation[0])
    if logits is None or not np.isfinite(logits).all():
        return {"accuracy": 0.1, "loss": np.nan}
    return {"accuracy": round(float(accuracy(logits, validation[1])), 4),
            "loss": round(softmax_cross_entropy(logits, validation[1])[0], 4)}


def knobs(train, validation, rates, seeds):
    for knob, settings in KNOBS.items():
        for (setting, changed), rate, seed in product(settings.items(), rates, seeds):
            yield {"part": "knobs", "knob": knob, "setting": setting, "learning_rate": rate, "seed": seed,
                   **score(train, validation, rate, seed, **changed)}


def rate_and_batch(train, validation, batch_sizes, rates, seeds):
    for batch_size, rate, seed in product(batch_sizes, rates, seeds):
        yield {"part": "rate and batch", "knob": "batch size", "setting": str(batch_size), "learning_rate": rate,
               "seed": seed, **score(train, validation, rate, seed, batch_size=batch_size)}


def placed(u, limits):
    """Numbers in 0..1 as a setting: even steps of u are equal factors of each knob."""
    pairs = zip(u, limits.items(), strict=True)
    return {name: float(low * (high / low) ** part) for part, (name, (low, high)) in pairs}


def asked(method, limits, n_trials, rng):
    """Settings one by one: sent the loss of the last one, yields the next."""
    if method == "grid":                        # 3 x 3 x 3 points in random order, the whole grid shifted by chance
        points = (np.array(list(product(range(3), repeat=3))) + rng.random(3)) / 3
        for u in rng.permutation(points)[:n_trials]:
            yield placed(u, limits)
    elif method == "random":
        for _ in range(n_trials):
            yield placed(rng.random(3), limits)
    else:
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=int(rng.integers(2**31))))
        for _ in range(n_trials):
            trial = study.ask()
            loss = yield {name: trial.suggest_float(name, *ends, log=True) for name, ends in limits.items()}
            study.tell(trial, loss)


def searches(train, validation, methods, seeds, n_trials):
    for (space, limits), method, seed in product(SPACES.items(), methods, seeds):
        settings, loss = asked(method, limits, n_trials, np.random.default_rng(seed)), None
        for trial in range(1, n_trials + 1):
            chosen = settings.send(loss)
            shape = {name: chosen[name] for name in ("factor", "l2") if name in chosen}
            found = score(train, validation, chosen["learning_rate"], 0,
                          momentum=1 - chosen.get("one_minus_momentum", 1), **shape)
            loss = found["loss"] if found["loss"] < 10 else 10.0        # diverged: as bad as can be
            yield {"part": "search", "knob": space, "setting": method, "seed": seed, "trial": trial,
                   **{name: float(f"{value:.4g}") for name, value in chosen.items()}, **found}


def drawn_settings(search, n_trials=40):
    """The settings of one search at random: evenly drawn logarithms."""
    settings = [placed(u, FORTY_SPACE) for u in np.random.default_rng(search).random((n_trials, 3))]
    return [{**setting, "width": int(setting["width"])} for setting in settings]


def winners(train, validation, test, searches, seeds, n_trials=40):
    """Trials of each search, then its winner, and at last the base setting, with fresh seeds."""
    def row(part, knob, setting, seed, found):
        return {"part": part, "knob": knob, "setting": str(setting["width"]), "seed": seed,
                "learning_rate": float(f"{setting['learning_rate']:.4g}"),
                "factor": float(f"{setting['factor']:.4g}"), **found}

    rivals = {}
    for search in searches:
        tried = [(setting, score(train, validation, seed=0, **setting)) for setting in drawn_settings(search, n_trials)]
        for trial, (setting, found) in enumerate(tried, start=1):
            yield {**row("forty trials", f"search {search}", setting, 0, found), "trial": trial}
        rivals[f"search {search}"], _ = max(tried, key=lambda pair: pair[1]["accuracy"])
    rivals["base"] = {"learning_rate": 0.3, "factor": 1, "width": 32}
    for (name, setting), seed in product(rivals.items(), seeds):
        yield row("fresh seeds", name, setting, seed, score(train, validation, seed=seed, **setting))
        yield row("confirmation", name, setting, seed, score(train, test, seed=seed, **setting))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, help="where to write the table; with --smoke only where it is named")
    parser.add_argument("--smoke", action="store_true", help="one rate, one seed, few trials: does it run?")
    wanted = parser.parse_args()
    out = wanted.out or (None if wanted.smoke else OUT)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    parts = digits()
    with threadpool_limits(1):
        if wanted.smoke:
            rows = [*knobs(*parts, (0.1,), (0,)), *rate_and_batch(*parts, (64,), (0.1,), (0,)),
                    *searches(*parts, ("grid", "random", "TPE"), (0,), 2),
                    *winners(*parts, test_digits(), (0,), (100,), 2)]
        else:
            rows = [*knobs(*parts, RATES, SEEDS), *rate_and_batch(*parts, BATCH_SIZES, MORE_RATES, range(3)),
                    *searches(*parts, ("grid", "random", "TPE"), SEARCHES, N_TRIALS),
                    *winners(*parts, test_digits(), FORTY, FRESH_SEEDS)]
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        table = pd.DataFrame(rows).astype({"trial": "Int64"})
        table.to_csv(out, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
