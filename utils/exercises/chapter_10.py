"""Chapter 10: what must happen before the first layer."""

import numpy as np

from utils.data import load_cars
from utils.exercises.kinds import build, change, predict

predict(
    "10.1",
    right=16,
    tried="The column of [UNK] is 0 in all training rows, and meets one weight of each hidden unit.",
    tolerance=0,
    mistakes={
        "Look for a column of the prepared rows that is 0 in every training row. What blame reaches its weights?": 0,
        "There is one such column. How many weights does it meet?": 1,
        "A bias is added whatever the column holds, so it gets its blame.": 17,
        "The hidden units' biases are added whatever the column holds, so they get their blame.": 32,
        "Only one of the four columns of Origin is the same in all training rows.": 64,
        "Eight columns go in. Count the weights of the one that never speaks up.": 8,
        "That would be all of them: then nothing would be learned.": 161,
    },
)


def _scale_both(train, test, *, of_test=None, floor=None, ddof=0, keep_constant=True, by_deviation=False):
    """Both parts scaled; each option makes one mistake."""
    scaled = []
    for rows in (train, test):
        source = {"own": rows, "all": np.concatenate([train, test]), None: train}[of_test]
        deviation = source.std(axis=0, ddof=ddof)
        is_constant = deviation == 0 if by_deviation else source.min(axis=0) == source.max(axis=0)
        divisor = np.maximum(deviation, floor) if floor else np.where(is_constant, 1, deviation)
        result = (rows - source.mean(axis=0)) / divisor
        scaled.append(result if keep_constant else np.where(is_constant, 0, result))
    return scaled


def _parts_to_scale():
    rng = np.random.default_rng(10)
    parts = []
    for n in (6, 9):
        train, test = rng.normal(3, 2, (n, 4)), rng.normal(4, 1, (4, 4))
        train[:, 2], test[:, 2] = 4, [4, 4, 5, 4]
        train[:, 3], test[:, 3] = 0.1, 0.1                  # whose mean is rounded
        parts.append((train, test))
    return parts


build(
    "10.2",
    right=_scale_both,
    cases=_parts_to_scale,
    tried="Test rows go by the mean and deviation of the training rows, and a fifth wheel is 1.",
    mistakes={
        "Each part is scaled by its own mean and deviation, as it was given: so every single new car would become 0. "
        "Whose numbers should a test row go by?": lambda train, test: _scale_both(train, test, of_test="own"),
        "The test rows go by the training rows now. Look at the last column of the test rows: how large is it?": (
            lambda train, test: _scale_both(train, test, floor=1e-7)),
        "Now the mean and the deviation come from all rows: this is the leak itself.": (
            lambda train, test: _scale_both(train, test, of_test="all")),
        "A column that is constant in training becomes 0 there. A test row that differs must still differ.": (
            lambda train, test: _scale_both(train, test, keep_constant=False)),
        "The deviation divides by N here, as NumPy's does, and not by N - 1.": (
            lambda train, test: _scale_both(train, test, ddof=1)),
        "Nearly. Six times 0.1 is a constant column, and its deviation is not 0. By what else can one tell?": (
            lambda train, test: _scale_both(train, test, by_deviation=True)),
    },
)

predict(
    "10.3",
    right=(1000, 80),
    tried="`decode` saw each picture once, before the cache; `distort` sees batches, in each epoch anew.",
    tolerance=0,
    mistakes={
        "`decode` is right. `distort` comes after `batch`: what is handed to it, and how often?": (1000, 4000),
        "`decode` is right. `distort` sees batches, yes; but the cache does not keep what is behind it.": (1000, 20),
        "`decode` is right. One call of `distort` for each epoch? It is called for each batch.": (1000, 4),
        "`decode` is right. 50 is the size of a batch: how many of them make an epoch?": (1000, 200),
        "The cache keeps what comes into it. Does that include a step behind it? And what does that see?": (1000, 1000),
        "`distort` is right. `decode` stands before the cache: how often must it decode a picture?": (4000, 80),
        "That would be so without the cache, and without `batch`.": (4000, 4000),
        "`distort` is right. `decode` comes before `batch`: it sees single pictures.": (20, 80),
        "`distort` is right. `decode` comes before `batch` and `cache`: what does it see, and how often?": (80, 80),
        "That is one epoch's number of batches: which of the steps sees batches, and which works once?": (20, 20),
        "The first epoch has to decode every picture.": (0, 80),
        "The order of the two numbers: `decode` first.": (80, 1000),
    },
)


def _others_mean(names, targets, *, own=False, alone=None, divide_by_all=False, others_overall=False, equals=False):
    """The code of each row; each option makes one mistake."""
    codes = np.empty(len(names))
    for i, name in enumerate(names):
        same = names == name
        is_alone = same.sum() == 1
        if not own:
            same &= targets != targets[i] if equals else np.arange(len(names)) != i
        total, n = targets[same].sum(), same.sum()
        overall = np.delete(targets, i).mean() if others_overall else targets.mean()
        lonely = overall if alone is None else targets[i] if alone == "own" else alone
        codes[i] = lonely if is_alone or n == 0 else total / (n + divide_by_all)
    return codes


def _named_targets():
    rng = np.random.default_rng(4)
    tables = [(rng.permutation(np.array(list(letters))), rng.uniform(10, 40, len(letters)).round(1))
              for letters in ("aaabbc", "xyzzzzww")]
    return [*tables, (np.array(list("aaabbc")), np.array([20.0, 20.0, 26.0, 31.0, 31.0, 12.0]))]


build(
    "10.4",
    right=_others_mean,
    cases=_named_targets,
    tried="Three small tables, with names that stand once, twice and more often, and with equal targets.",
    mistakes={
        "Each row is counted in its own mean. That is the leak, within the training rows.": (
            lambda names, targets: _others_mean(names, targets, own=True, alone="own")),
        "Each row is counted in its own mean, unless it stands alone. That is the leak, within the training rows.": (
            lambda names, targets: _others_mean(names, targets, own=True)),
        "A name that stands alone must not get its own target: that is the leak at its purest.": (
            lambda names, targets: _others_mean(names, targets, alone="own")),
        "For a name that stands alone, 0 miles per gallon is a strong claim. What would you say of a car that you "
        "know nothing of?": lambda names, targets: _others_mean(names, targets, alone=0.0),
        "The row itself is left out of the sum, but it is still counted in the number by which you divide.": (
            lambda names, targets: _others_mean(names, targets, divide_by_all=True)),
        "Nearly. For a name that stands alone, the mean of all targets is asked for, not of all the others: those "
        "would tell the row's own target by what is missing.": (
            lambda names, targets: _others_mean(names, targets, others_overall=True)),
        "Two cars of one name may do the same miles per gallon: leave out one row, not all rows with its target.": (
            lambda names, targets: _others_mean(names, targets, equals=True)),
        "Every row got the same code. Whose targets belong to the name of this row?": (
            lambda names, targets: np.full(len(names), targets.mean())),
    },
)


def _reported(n_columns):
    """Mean R2 on 18 rows over 200 draws, when the ten best of `n_columns` of noise were chosen on all 60 rows."""
    if not isinstance(n_columns, int | np.integer) or not 10 <= n_columns <= 5000:
        raise ValueError(f"a whole number from 10 to 5000 expected: got {n_columns!r}")
    miles, scores = load_cars()["Miles_per_Gallon"].dropna().to_numpy(), []
    for draw in range(200):
        rng = np.random.default_rng(draw)
        t = rng.choice(miles, 60, replace=False)
        noise = rng.normal(size=(n_columns, 60)).T          # more columns: the same, and new ones
        best = np.argsort(np.abs(noise.T @ (t - t.mean())))[-10:]
        x = np.column_stack([np.ones(60), noise[:, best]])
        w = np.linalg.lstsq(x[:42], t[:42])[0]
        scores.append(1 - np.mean((x[42:] @ w - t[42:]) ** 2) / np.var(t[42:]))
    return np.mean(scores)


change(
    "10.5",
    outcome=_reported,
    right=250,
    goal=lambda score: 0.12 <= score <= 0.25,
    tried="So little choice is enough to find something where there is nothing.",
    mistakes={
        "Ten of ten is no choice at all: this is what an honest line on noise scores. Give chance more columns.": (
            10, lambda n_columns, score: n_columns == 10),
        "Ten columns of noise still do worse than the mean of all. Give chance more to choose from.": (
            40, lambda n_columns, score: score < 0),
        "Something is reported now, but less than asked for: give chance more columns to choose from.": (
            120, lambda n_columns, score: score < 0.12),
        "More is reported than asked for: so many columns are not needed.": (
            1000, lambda n_columns, score: score > 0.25),
    },
)
