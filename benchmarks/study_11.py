"""Which fill for which holes, by the score of the network behind it? Written to data/studies/11_missing_values.csv.

python benchmarks/study_11.py [--out CSV] [--smoke]

Four measurements of 333 penguins lose half of their values, for one of three reasons; a linear model and a small
network learn the species from what is left, in five folds. Whatever is fitted is fitted on the training rows of each
fold, but for the mistakes, which are measured where holes come by chance. The seed is that of holes, folds, weights and
batches, so that all methods meet the same ones.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.impute import KNNImputer
from threadpoolctl import threadpool_limits

from utils.data import load_penguins
from utils.nn import Adam, Batches, Dense, ReLU, Sequential, fit, softmax_cross_entropy
from utils.preprocessing import MissingIndicator, SimpleImputer, StandardScaler, Transformer, as_part, k_folds

OUT = Path(__file__).resolve().parent.parent / "data/studies/11_missing_values.csv"
COLUMNS = ["flipper_length_mm", "bill_length_mm", "bill_depth_mm", "body_mass_g"]
SHARE = 0.5
SEEDS = range(20)


def penguins():
    """(measurements, species as 0, 1, 2) of the penguins without a hole."""
    whole = load_penguins().dropna()
    return whole[COLUMNS].astype(float), pd.factorize(whole["species"], sort=True)[0]


def punched(whole, reason, rng):
    """A copy in which half of the values are holes: those with the largest drive, plus chance.

    by chance: no drive; by another column: that of the flipper, which stays whole; by its own value.
    """
    z, holed = (whole - whole.mean()) / whole.std(ddof=0), whole.copy()
    for name in COLUMNS[1:] if reason == "by another column" else COLUMNS:
        drive = {"by chance": 0, "by another column": z[COLUMNS[0]], "by its own value": z[name]}[reason]
        order = np.argsort(np.asarray(drive + rng.normal(size=len(whole))))
        holed.iloc[order[-round(SHARE * len(whole)):], holed.columns.get_loc(name)] = np.nan
    return holed


class LeastSquaresImputer(Transformer):
    """Holes get the mean at first; then, five times over, each column's holes get what the other columns say."""

    def _learn(self, train):
        start, steps = SimpleImputer("mean").fit(train), []
        filled = start.transform(train)
        for name in 5 * list(train.columns):
            hole, x = train[name].isna(), with_ones(filled.drop(columns=name))
            w = np.linalg.lstsq(x[~hole], train.loc[~hole, name], rcond=None)[0]
            filled.loc[hole, name] = x[hole] @ w
            steps.append((name, w))
        return {"start_": start, "steps_": steps}

    def _apply(self, rows):
        filled = self.start_.transform(rows)
        for name, w in self.steps_:
            hole = rows[name].isna()
            filled.loc[hole, name] = with_ones(filled.drop(columns=name))[hole] @ w
        return filled


def with_ones(x):
    return np.column_stack([np.ones(len(x)), x])


class NearestRowsImputer(Transformer):
    """scikit-learn's KNNImputer on scaled columns: the mean of the five nearest rows that have the value."""

    def _learn(self, train):
        scaler = StandardScaler().fit(train)
        return {"scaler_": scaler, "imputer_": KNNImputer().fit(scaler.transform(train))}

    def _apply(self, rows):
        return pd.DataFrame(self.imputer_.transform(self.scaler_.transform(rows)), rows.index, rows.columns)


FILLS = {
    "mean": lambda: SimpleImputer("mean"),
    "median": lambda: SimpleImputer("median"),
    "most frequent": lambda: SimpleImputer("most_frequent"),
    "maximum": lambda: SimpleImputer("max"),
    "-999": lambda: SimpleImputer("constant", fill_value=-999.0),
    "least squares": LeastSquaresImputer,
    "nearest rows": NearestRowsImputer,
}


def by_fill(train, rows, labels, name):
    imputer = FILLS[name]().fit(train)
    return imputer.transform(train), imputer.transform(rows), labels


def with_indicator(train, rows, labels, name):
    told = MissingIndicator(features="all").fit(train)
    filled_train, filled_rows, labels = by_fill(train, rows, labels, name)
    return *(pd.concat([filled, told.transform(part)], axis=1).set_axis(range(2 * len(COLUMNS)), axis=1)
             for filled, part in ((filled_train, train), (filled_rows, rows))), labels


def dropped(train, rows, labels):
    """Learn from complete rows alone; rows that ask for an answer cannot be dropped, and get the mean."""
    is_whole = train.notna().all(axis=1).to_numpy()
    return by_fill(train[is_whole], rows, labels[is_whole], "mean")


def fitted_on_all_rows(train, rows, labels):
    imputer = LeastSquaresImputer().fit(as_part(pd.concat([train, rows]), "train"))
    return imputer.transform(train), imputer.transform(rows), labels


def each_part_by_itself(train, rows, labels):
    return *(LeastSquaresImputer().fit(as_part(part, "train")).transform(part) for part in (train, rows)), labels


METHODS = {
    "drop": dropped,
    **{name: lambda *given, name=name: by_fill(*given, name) for name in FILLS},
    "mean + indicator": lambda *given: with_indicator(*given, "mean"),
    "least squares + indicator": lambda *given: with_indicator(*given, "least squares"),
}
MISTAKES = {"fitted on all rows": fitted_on_all_rows, "each part by itself": each_part_by_itself}
KNOWING = ("species among the columns", "the same, asked without species")


def with_species(table, labels):
    return table.assign(**{f"species {k}": (labels == k).astype(float) for k in range(3)})


def knowing(train, rows, labels, rows_labels, asked_without):
    """Filled with the help of the species, for the held-out rows as well, or there without."""
    knows = LeastSquaresImputer().fit(with_species(train, labels))
    if asked_without:
        filled = LeastSquaresImputer().fit(train).transform(rows)
    else:
        filled = knows.transform(with_species(rows, rows_labels))[COLUMNS]
    return knows.transform(with_species(train, labels))[COLUMNS], filled, labels


def network(model, n_inputs, rng):
    if model == "linear":
        return Sequential(Dense(n_inputs, 3, rng=rng))
    return Sequential(Dense(n_inputs, 16, rng=rng), ReLU(), Dense(16, 3, rng=rng))


def cross_validated(holed, labels, method, model, seed):
    """(accuracy, loss), means of five folds."""
    rng, scores = np.random.default_rng(seed), []
    for train, held_out in k_folds(len(holed), 5, rng=rng, labels=labels):
        given = as_part(holed.iloc[train], "train"), as_part(holed.iloc[held_out], "validation"), labels[train]
        if method in KNOWING:
            filled, rows, y = knowing(*given, labels[held_out], method == KNOWING[1])
        else:
            filled, rows, y = (METHODS | MISTAKES)[method](*given)
        scaler = StandardScaler().fit(filled)
        x, x_held_out = [scaler.transform(part).to_numpy("float32") for part in (filled, rows)]
        trained = network(model, x.shape[1], rng)
        fit(trained, softmax_cross_entropy, Adam(0.02), Batches(x, y, 32, rng=rng), epochs=20)
        logits = trained.forward(x_held_out)
        scores.append((np.mean(logits.argmax(axis=1) == labels[held_out]),
                       softmax_cross_entropy(logits, labels[held_out])[0]))
    return np.mean(scores, axis=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, help="where to write the table; with --smoke only where it is named")
    parser.add_argument("--smoke", action="store_true", help="one seed, linear model only: does it run?")
    wanted = parser.parse_args()
    out = wanted.out or (None if wanted.smoke else OUT)
    seeds, models = ((0,), ("linear",)) if wanted.smoke else (SEEDS, ("linear", "network"))
    (whole, labels), rows = penguins(), []
    with threadpool_limits(1):
        for reason in ("by chance", "by another column", "by its own value"):
            methods = [*METHODS, *MISTAKES, *KNOWING] if reason == "by chance" else list(METHODS)
            for seed in seeds:
                holed = punched(whole, reason, np.random.default_rng(seed))
                for method in methods:
                    for model in models:
                        accuracy, loss = cross_validated(holed, labels, method, model, seed)
                        rows.append({"reason": reason, "method": method, "model": model, "seed": seed,
                                     "accuracy": round(float(accuracy), 4), "loss": round(float(loss), 4)})
            print(reason, "done", flush=True)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(rows).to_csv(out, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
