"""Chapter 09: what is traced, what an epoch's loss is, when to stop, what a resumed training has behind it."""

import numpy as np

from utils.exercises.kinds import build, predict

predict(
    "09.1",
    right=(4, 6),
    tried="Python counts traces: two shapes, one more number, one tensor for both. The variable counts calls.",
    tolerance=0,
    mistakes={
        "The second number is right. Is the first call the only one whose arguments are of a new kind?": (1, 6),
        "Run eagerly, both would count. What does Python do at a call that was traced before?": (6, 6),
        "The traces are right. Does an operation on a variable run only while tracing?": (4, 4),
        "What is counted by Python, and what by the variable? You have them the other way round.": (6, 4),
        "The value of a tensor is no part of a trace: another one of the same kind needs none.": (5, 6),
        "One kind of novelty is missing: a new shape, a new Python number, a tensor where a number was.": (3, 6),
        "The shapes are counted. The other argument may be new as well.": (2, 6),
    },
)


def _epoch_losses(batch_losses, sizes, *, weigh=True, reset=True, by=None, mean=True):
    """One loss an epoch; each switch makes one mistake."""
    means, total, count = [], 0.0, 0
    for losses in batch_losses:
        if reset:
            total, count = 0.0, 0
        for loss, size in zip(losses, sizes, strict=True):
            total += loss * size if weigh else loss
            count += (size if weigh else 1) if by is None else by(size)
        means.append(total / count if mean else total)
    return means


def _runs():
    rng = np.random.default_rng(9)
    return [(rng.uniform(0.1, 2.0, (3, 4)), np.array([32, 32, 32, 8])),
            (rng.uniform(0.1, 2.0, (2, 3)), np.array([10, 10, 1]))]


build(
    "09.2",
    right=_epoch_losses,
    cases=_runs,
    tried="Two trainings, with a last batch of 8 beside 32, and of 1 beside 10: means over each epoch's examples.",
    mistakes={
        "This is the function as it was given. With what does an epoch begin, and what does a batch weigh?": (
            lambda *given: _epoch_losses(*given, weigh=False, reset=False)),
        "Every epoch begins anew now. May 8 examples count as much as 32?": (
            lambda *given: _epoch_losses(*given, weigh=False)),
        "The batches have their weights. What does the second epoch begin with?": (
            lambda *given: _epoch_losses(*given, reset=False)),
        "The losses are weighted by their examples. By what must the total be divided?": (
            lambda *given: _epoch_losses(*given, by=lambda size: 1)),
        "The total is a sum of one mean a batch, and it is divided by the number of examples.": (
            lambda *given: _epoch_losses(*given, weigh=False, by=lambda size: size)),
        "These are totals. A mean is asked for.": lambda *given: _epoch_losses(*given, mean=False),
    },
)


def _early_stopping(val_losses, patience, *, equal_counts=False, late=0, resets=True, against="best", stops=True):
    """(Epochs run, best epoch); each switch makes one mistake."""
    best, wait = np.inf, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < best or equal_counts and loss == best:
            best_epoch, wait = epoch, 0 if resets else wait
            best = loss
        else:
            wait += 1
            if against == "before":
                best = loss
            if stops and wait >= patience + late:
                return epoch, best_epoch
    return len(val_losses), best_epoch


def _curves():
    hill = [0.9, 0.6, 0.5, 0.55, 0.52, 0.51, 0.4, 0.45, 0.41, 0.43, 0.39]
    return [(hill, 2), (hill, 3), (hill, 4), (hill, 0), (hill, 1), ([0.5, 0.5, 0.5, 0.4], 2), ([3.0, 2.0, 1.0], 5),
            ([0.8, 0.9, 0.7, 0.75, 0.6, 0.65, 0.5, 0.55, 0.4], 2),
            ([0.5, 0.4, 0.6, 0.7, 0.8, 0.9], 2)]


def _best_of_all(val_losses, patience):
    return _early_stopping(val_losses, patience)[0], np.argmin(val_losses) + 1


build(
    "09.3",
    right=_early_stopping,
    cases=_curves,
    tried="Nine curves, with hills, plateaus and patience from 0 to 5, stop where Keras' callback stops.",
    mistakes={
        "An equal loss is taken for an improvement.": lambda *given: _early_stopping(*given, equal_counts=True),
        "It stops one epoch too late: how many epochs without improvement have passed by then?": (
            lambda *given: _early_stopping(*given, late=1)),
        "Epochs without improvement must follow each other: what does an improvement do to the count?": (
            lambda *given: _early_stopping(*given, resets=False)),
        "A loss is compared with the one before it, and not with the best so far.": (
            lambda *given: _early_stopping(*given, against="before")),
        "Epochs are counted from 1 here.": lambda *given: np.subtract(_early_stopping(*given), 1),
        "The best epoch is counted from 0, and the number of epochs from 1.": (
            lambda *given: np.subtract(_early_stopping(*given), (0, 1))),
        "The number of epochs is right. The best one lies behind the stop: that epoch was never run.": _best_of_all,
        "It never stops before the last loss.": lambda *given: _early_stopping(*given, stops=False),
        "Both numbers are there, in the other order.": lambda *given: _early_stopping(*given)[::-1],
    },
)


def _saved(killed_after, save_freq):
    return killed_after // save_freq * save_freq


def _steps_behind(killed_after, save_freq, n_steps, n_epochs):
    saved = _saved(killed_after, save_freq)
    begun = (saved - 1) // n_steps if saved else 0          # the epoch that was running, from 0
    return saved + (n_epochs - begun) * n_steps


def _counted_anew(killed_after, save_freq, n_steps, n_epochs):
    """As if each epoch counted its own steps to the next backup."""
    epoch, step = divmod(killed_after, n_steps)
    saved = epoch * n_steps + _saved(step, save_freq)
    return saved + (n_epochs - max(saved - 1, 0) // n_steps) * n_steps


build(
    "09.4",
    right=_steps_behind,
    cases=lambda: [(27, 5, 20, 3), (27, 7, 20, 3), (27, 20, 20, 3), (17, 30, 20, 3), (45, 10, 10, 6), (41, 9, 20, 3)],
    tried="Six trainings, one without a backup yet, and two with the last one at the end of an epoch.",
    mistakes={
        "Which epoch begins again is written in the backup, and not by the one who killed the training.": (
            lambda killed, freq, n_steps, n_epochs: (
                _saved(killed, freq) + (n_epochs - (killed - 1) // n_steps) * n_steps)),
        "The count of `save_freq` goes through; it does not begin again in each epoch.": _counted_anew,
        "So many would be right. Keras begins the epoch again, on weights that have had some of its steps.": (
            lambda killed, freq, n_steps, n_epochs: n_steps * n_epochs),
        "The epoch of a backup: right, but for one in the last step of an epoch. Which epoch does it name?": (
            lambda killed, freq, n_steps, n_epochs: (
                _saved(killed, freq) + (n_epochs - _saved(killed, freq) // n_steps) * n_steps)),
        "The steps since the last backup are lost: with which weights does the second process begin?": (
            lambda killed, freq, n_steps, n_epochs: (
                killed + _steps_behind(killed, freq, n_steps, n_epochs) - _saved(killed, freq))),
        "Those are the steps of the second process. The weights have some of the first behind them as well.": (
            lambda killed, freq, n_steps, n_epochs: (
                _steps_behind(killed, freq, n_steps, n_epochs) - _saved(killed, freq))),
        "And if no backup was made yet? Then nothing is taken up, and the second process begins at the beginning.": (
            lambda killed, freq, n_steps, n_epochs: (
                _saved(killed, freq) + (n_epochs - (_saved(killed, freq) - 1) // n_steps) * n_steps)),
    },
)

build(
    "09.5",
    right=lambda c, T: np.sqrt(2 * c * T),
    cases=lambda: [(3.0, 3600.0), (10.0, 86_400.0), (0.5, 600.0)],
    tried="There both shares are equal: as much time goes into backups as into lost work. (Young, 1974.)",
    tolerance=5e-3,
    mistakes={
        "Nearly. On average only half an interval is lost: where does that half go in the derivative?": (
            lambda c, T: np.sqrt(c * T)),
        "That is the square of it: t stands below c as a square in the derivative.": lambda c, T: 2 * c * T,
        "At the best t both shares are equal. Solve that for t again: which factors stay below?": (
            lambda c, T: np.sqrt(c / (2 * T))),
        "That is how much time is lost in all, as a share, and not after how many seconds to save.": (
            lambda c, T: np.sqrt(2 * c / T)),
        "The dearer a backup, the rarer it should be.": lambda c, T: np.sqrt(2 * T / c),
        "The 2 has changed sides.": lambda c, T: np.sqrt(c * T / 2),
        "That is half the time between two deaths, whatever a backup costs.": lambda c, T: T / 2,
    },
)
