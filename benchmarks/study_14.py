"""Which remedy mends a network that learned 500 digits by heart? Written to data/studies/14_remedies.csv.

python benchmarks/study_14.py [--out CSV] [--smoke]

784-128-64-10 learns 500 of the shipped digits in 1,600 steps of Adam, without a remedy, with each of them in several
strengths, and with some together. The strength is to be chosen by the validation score and judged by the test score.
The seed is that of training rows, weights, batches and whatever else is drawn, so that all settings of a seed begin
with the same digits and, at the same size, with the same weights. Since 1,600 steps are the fewer epochs the more
digits there are, 1,000 and 3,000 are also trained for as many epochs as the 500: a hundred.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from utils.data import load_mnist5k
from utils.metrics import accuracy
from utils.nn import (
    L1,
    L2,
    Adam,
    Batches,
    BatchNormalization,
    Dense,
    Dropout,
    ReLU,
    Sequential,
    fit,
    he_normal,
    softmax_cross_entropy,
)

OUT = Path(__file__).resolve().parent.parent / "data/studies/14_remedies.csv"
N_DIGITS, N_STEPS, BATCH_SIZE, N_TO_DRAW_FROM = 500, 1600, 32, 3000
SEEDS = range(10)
N_EPOCHS = 100                                  # 1,600 steps of 500 digits
SHIFTED, TURNED = 0.07, 0.03                    # up to 2 pixels of 28, and 11 degrees


def digits():
    """((x, y) to draw training rows from, (x, y) for validation, (x, y) for the test): 3,000, 1,000 and 1,000."""
    (x, y), (x_test, y_test) = load_mnist5k()
    x, x_test = [(pictures.reshape(-1, 784) / 255).astype("float32") for pictures in (x, x_test)]
    return (x[:N_TO_DRAW_FROM], y[:N_TO_DRAW_FROM]), (x[N_TO_DRAW_FROM:], y[N_TO_DRAW_FROM:]), (x_test, y_test)


def network(rng, hidden=(128, 64), regularizer=None, rate=0, is_normalized=False):
    layers, n_inputs = [], 784
    for n in hidden:
        layers.append(Dense(n_inputs, n, rng=rng, initializer=he_normal, kernel_regularizer=regularizer))
        layers += [BatchNormalization(n)] * is_normalized + [ReLU()] + [Dropout(rate, rng=rng)] * (rate > 0)
        n_inputs = n
    return Sequential(*layers, Dense(n_inputs, 10, rng=rng, initializer=he_normal, kernel_regularizer=regularizer))


def augmentation(kind, seed):
    """A compiled function from pictures (N, 28, 28, 1) to other pictures of the same digits (but for the mirror)."""
    import keras  # here, for most settings do without
    import tensorflow as tf

    layers = {
        "mirrored": [keras.layers.RandomFlip("horizontal", seed=seed)],
        "shifted": [keras.layers.RandomTranslation(SHIFTED, SHIFTED, fill_mode="constant", seed=seed)],
        "turned": [keras.layers.RandomRotation(TURNED, fill_mode="constant", seed=seed + 1)],
    }
    change = keras.Sequential([layer for word in kind.split(" and ") for layer in layers[word]])
    return tf.function(lambda pictures: change(pictures, training=True))


class AugmentedBatches(Batches):
    """Each epoch sees every picture once, changed in a new way."""

    def __init__(self, x, y, batch_size, *, rng, change):
        super().__init__(x, y, batch_size, rng=rng)
        self._originals, self._change = x.reshape(-1, 28, 28, 1), change

    def __iter__(self):
        self.x = self._change(self._originals).numpy().reshape(-1, 784)
        return super().__iter__()


class DecoupledAdam(Adam):
    """Adam that also takes the share `learning_rate * weight_decay` from all weights in each step, not from biases."""

    def __init__(self, weight_decay):
        super().__init__()
        self.weight_decay = weight_decay

    def _update(self, param, grad, *moments):
        if param.ndim == 2:
            param *= 1 - self.learning_rate * self.weight_decay
        super()._update(param, grad, *moments)


def trained(seed, n_digits=N_DIGITS, kind=None, n_steps=N_STEPS, n_epochs=None, weight_decay=0.0, **remedies):
    """(model, its training digits, the parameters after the epoch with the least validation loss)."""
    (x, y), validation, _ = digits()
    rng = np.random.default_rng(seed)
    rows = rng.permutation(N_TO_DRAW_FROM)[:n_digits]
    model = network(rng, **remedies)
    if kind:
        batches = AugmentedBatches(x[rows], y[rows], BATCH_SIZE, rng=rng, change=augmentation(kind, seed))
    else:
        batches = Batches(x[rows], y[rows], BATCH_SIZE, rng=rng)
    best = {}

    def keep_best(epoch, history):
        if history.val_loss[-1] == min(history.val_loss):
            best.update({key: param.copy() for key, param in model.params.items()})

    fit(model, softmax_cross_entropy, DecoupledAdam(weight_decay), batches,
        epochs=n_epochs or max(1, round(n_steps / len(batches))), validation_data=validation, on_epoch=keep_best)
    return model, (x[rows], y[rows]), best


def scores(model, train):
    """Accuracy and loss, without penalty, on the training, validation and test digits."""
    _, validation, test = digits()
    found = {}
    for part, (x, y) in {"train": train, "val": validation, "test": test}.items():
        logits = model.forward(x)
        found[f"{part}_accuracy"] = round(accuracy(logits, y), 4)
        found[f"{part}_loss"] = round(float(softmax_cross_entropy(logits, y)[0]), 4)
    return found


GEOMETRY = "shifted and turned"
SETTINGS = {                                    # (remedy, strength) -> what `trained` is told
    ("none", "-"): {},
    **{("number of digits", str(n)): {"n_digits": n} for n in (125, 250, 1000, 2000, 3000)},
    **{("augmentation", kind): {"kind": kind} for kind in ("shifted", GEOMETRY)},
    ("augmentation that lies", "mirrored"): {"kind": "mirrored"},
    **{("L2", f"{l2:g}"): {"regularizer": L2(l2)} for l2 in (0.0001, 0.0003, 0.001, 0.003)},
    **{("weight decay", f"{decay:g}"): {"weight_decay": decay} for decay in (0.1, 0.5, 1, 2)},
    **{("L1", f"{l1:g}"): {"regularizer": L1(l1)} for l1 in (0.00003, 0.0001, 0.0003)},
    **{("dropout", f"{rate:g}"): {"rate": rate} for rate in (0.2, 0.35, 0.5)},
    **{("smaller network", f"{n}-{n // 2}"): {"hidden": (n, n // 2)} for n in (64, 32, 16)},
    ("larger network", "256-128"): {"hidden": (256, 128)},
    ("batch normalisation", "-"): {"is_normalized": True},
    ("together", "augmentation, dropout 0.2"): {"kind": GEOMETRY, "rate": 0.2},
    ("together", "augmentation, L2 0.0003"): {"kind": GEOMETRY, "regularizer": L2(0.0003)},
    ("together", "augmentation, batch normalisation"): {"kind": GEOMETRY, "is_normalized": True},
    ("together", "augmentation, batch normalisation, dropout 0.2"): {
        "kind": GEOMETRY, "is_normalized": True, "rate": 0.2},
    ("together, 3000 digits", "augmentation, dropout 0.2"): {"kind": GEOMETRY, "rate": 0.2, "n_digits": 3000},
    **{("100 epochs", f"{n} digits"): {"n_digits": n, "n_epochs": N_EPOCHS} for n in (1000, 3000)},
    ("100 epochs", "3000 digits, augmentation, dropout 0.2"): {
        "kind": GEOMETRY, "rate": 0.2, "n_digits": 3000, "n_epochs": N_EPOCHS},
}


def measure(setting, seed, n_steps):
    """Rows of the table: one, and of the plain network another for what early stopping would have kept."""
    model, train, best = trained(seed, n_steps=n_steps, **SETTINGS[setting])
    yield *setting, seed, scores(model, train)
    if setting == ("none", "-"):
        for key, param in best.items():
            model.params[key][...] = param
        yield "early stopping", "best epoch", seed, scores(model, train)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, help="where to write the table; with --smoke only where it is named")
    parser.add_argument("--smoke", action="store_true", help="one seed, 32 steps, five settings: does it run?")
    wanted = parser.parse_args()
    out = wanted.out or (None if wanted.smoke else OUT)
    seeds, n_steps = ((0,), 32) if wanted.smoke else (SEEDS, N_STEPS)
    chosen = [("none", "-"), ("L2", "0.001"), ("weight decay", "0.5"), ("batch normalisation", "-"),
              ("together", "augmentation, dropout 0.2")]
    rows = []
    with threadpool_limits(1):
        for setting in chosen if wanted.smoke else SETTINGS:
            for seed in seeds:
                rows += [{"remedy": remedy, "strength": strength, "seed": seed, **found}
                         for remedy, strength, seed, found in measure(setting, seed, n_steps)]
            print(*setting, "done", flush=True)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(rows).to_csv(out, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
