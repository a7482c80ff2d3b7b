"""Draw README's picture from the first network of chapter 0: ``python -m tools.readme_picture``."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np

from tools import ROOT
from utils.data import load_mnist5k
from utils.nn import SGD, Batches, Dense, ReLU, Sequential, fit, softmax_cross_entropy
from utils.plotting import plot_digits, use_house_style


def main():
    use_house_style()
    rng = np.random.default_rng(0)
    (x_train, y_train), (x_test, y_test) = load_mnist5k()
    x_train, x_test = ((x.reshape(-1, 784) / 255).astype("float32") for x in (x_train, x_test))
    model = Sequential(Dense(784, 128, rng=rng), ReLU(), Dense(128, 10, rng=rng))
    history = fit(model, softmax_cross_entropy, SGD(0.1), Batches(x_train, y_train, 32, rng=rng), epochs=10)
    answers = model.forward(x_test).argmax(axis=1)
    missed = np.flatnonzero(answers != y_test)

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), gridspec_kw={"width_ratios": [2, 3]})
    left.plot(np.arange(1, 11), history.loss, marker="o")
    left.set(title="Each epoch makes it less wrong", xlabel="epoch", ylabel="loss", ylim=(0, None))
    titles = [f"{y} read as {a}" for y, a in zip(y_test[missed[:10]], answers[missed[:10]], strict=True)]
    plot_digits(x_test[missed[:10]].reshape(-1, 28, 28), titles=titles, wrong=np.ones(10, bool), n_columns=5, ax=right)
    right.set_title(f"{1000 - len(missed)} of 1,000 unseen digits are read; ten that are not")
    figure.savefig(ROOT / "notebooks" / "images" / "first_network.png", dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
