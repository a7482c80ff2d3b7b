"""Chapter 09: traces and calls, means of epochs, patience, a resumed training, the best interval."""

import numpy as np


def as_given(batch_losses, sizes):
    means, total, count = [], 0.0, 0
    for losses in batch_losses:
        for loss, _size in zip(losses, sizes, strict=True):
            total += loss
            count += 1
        means.append(total / count)
    return means


def runs_on_into_the_next_epoch(batch_losses, sizes):
    means, total, count = [], 0.0, 0
    for losses in batch_losses:
        for loss, size in zip(losses, sizes, strict=True):
            total += loss * size
            count += size
        means.append(total / count)
    return means


def divides_by_the_batches(batch_losses, sizes):
    means = []
    for losses in batch_losses:
        total, count = 0.0, 0
        for loss, size in zip(losses, sizes, strict=True):
            total += loss * size
            count += 1
        means.append(total / count)
    return means


def divides_plain_sums_by_the_examples(batch_losses, sizes):
    means = []
    for losses in batch_losses:
        total, count = 0.0, 0
        for loss, size in zip(losses, sizes, strict=True):
            total += loss
            count += size
        means.append(total / count)
    return means


def stops(val_losses, patience):
    """As it should be: the number of epochs, and the best of them."""
    lowest, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(val_losses), best


def takes_equal_for_better(val_losses, patience):
    lowest, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss <= lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(val_losses), best


def waits_for_more_than_patience(val_losses, patience):
    lowest, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited > patience:
                return epoch, best
    return len(val_losses), best


def never_resets_the_count(val_losses, patience):
    lowest, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < lowest:
            lowest, best = loss, epoch
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(val_losses), best


def compares_with_the_one_before(val_losses, patience):
    before, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses, 1):
        if loss < before:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
        before = loss
    return len(val_losses), best


def counts_from_0(val_losses, patience):
    lowest, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return epoch, best


def counts_the_best_from_0(val_losses, patience):
    n_epochs, _ = stops(val_losses, patience)
    return n_epochs, int(np.argmin(val_losses[:n_epochs]))


def looks_behind_the_stop(val_losses, patience):
    n_epochs, _ = stops(val_losses, patience)
    return n_epochs, int(np.argmin(val_losses)) + 1


def last_backup(killed_after, save_freq):
    return killed_after // save_freq * save_freq


def epoch_of_the_death(killed_after, save_freq, n_steps, n_epochs):
    return last_backup(killed_after, save_freq) + n_steps * (n_epochs - killed_after // n_steps)


def epoch_of_the_death_if_there_is_a_backup(killed_after, save_freq, n_steps, n_epochs):
    saved = last_backup(killed_after, save_freq)
    if saved == 0:
        return n_steps * n_epochs
    epoch = (killed_after - 1) // n_steps
    return saved + n_steps * (n_epochs - epoch)


def save_freq_anew_in_each_epoch(killed_after, save_freq, n_steps, n_epochs):
    epoch, step = divmod(killed_after, n_steps)
    saved = epoch * n_steps + last_backup(step, save_freq)
    epoch = max(saved - 1, 0) // n_steps
    return saved + n_steps * (n_epochs - epoch)


def counts_the_last_epoch_as_done(killed_after, save_freq, n_steps, n_epochs):
    saved = last_backup(killed_after, save_freq)
    return saved + n_steps * (n_epochs - saved // n_steps)


def loses_nothing(killed_after, save_freq, n_steps, n_epochs):
    saved = last_backup(killed_after, save_freq)
    epoch = max(saved - 1, 0) // n_steps
    return killed_after + n_steps * (n_epochs - epoch)


def of_the_second_process(killed_after, save_freq, n_steps, n_epochs):
    saved = last_backup(killed_after, save_freq)
    epoch = max(saved - 1, 0) // n_steps
    return n_steps * (n_epochs - epoch)


def always_finds_a_backup(killed_after, save_freq, n_steps, n_epochs):
    saved = last_backup(killed_after, save_freq)
    epoch = (saved - 1) // n_steps
    return saved + n_steps * (n_epochs - epoch)


CALLS = 3 + 3
TRACES = 2 + 1 + 1                                  # two shapes, another number, a tensor

WRONG = [
    ("09.1", (1, CALLS), "The second number is right."),
    ("09.1", (CALLS, CALLS), "Run eagerly, both would count."),
    ("09.1", (TRACES, TRACES), "The traces are right."),
    ("09.1", (CALLS, TRACES), "What is counted by Python,"),
    ("09.1", (TRACES + 1, CALLS), "The value of a tensor is no part of a trace:"),
    ("09.1", (TRACES - 1, CALLS), "One kind of novelty is missing:"),
    ("09.1", (2, CALLS), "The shapes are counted."),
    ("09.2", as_given, "This is the function as it was given."),
    ("09.2", lambda batch_losses, sizes: np.mean(batch_losses, axis=1), "Every epoch begins anew now."),
    ("09.2", runs_on_into_the_next_epoch, "The batches have their weights."),
    ("09.2", divides_by_the_batches, "The losses are weighted by their examples."),
    ("09.2", divides_plain_sums_by_the_examples, "The total is a sum of one mean a batch,"),
    ("09.2", lambda batch_losses, sizes: np.array(batch_losses) @ sizes, "These are totals."),
    ("09.3", takes_equal_for_better, "An equal loss is taken for an improvement."),
    ("09.3", waits_for_more_than_patience, "It stops one epoch too late:"),
    ("09.3", never_resets_the_count, "Epochs without improvement must follow each other:"),
    ("09.3", compares_with_the_one_before, "A loss is compared with the one before it,"),
    ("09.3", counts_from_0, "Epochs are counted from 1 here."),
    ("09.3", counts_the_best_from_0, "The best epoch is counted from 0,"),
    ("09.3", looks_behind_the_stop, "The number of epochs is right."),
    (
        "09.3",
        lambda val_losses, patience: (len(val_losses), int(np.argmin(val_losses)) + 1),
        "It never stops before the last loss.",
    ),
    ("09.3", lambda val_losses, patience: stops(val_losses, patience)[::-1], "Both numbers are there,"),
    ("09.4", epoch_of_the_death, "Which epoch begins again is written in the backup,"),
    ("09.4", epoch_of_the_death_if_there_is_a_backup, "Which epoch begins again is written in the backup,"),
    ("09.4", save_freq_anew_in_each_epoch, "The count of `save_freq` goes through;"),
    ("09.4", lambda killed_after, save_freq, n_steps, n_epochs: n_steps * n_epochs, "So many would be right."),
    ("09.4", counts_the_last_epoch_as_done, "The epoch of a backup:"),
    ("09.4", loses_nothing, "The steps since the last backup are lost:"),
    ("09.4", of_the_second_process, "Those are the steps of the second process."),
    ("09.4", always_finds_a_backup, "And if no backup was made yet?"),
    ("09.5", lambda c, T: np.sqrt(c * T), "Nearly."),
    ("09.5", lambda c, T: 2 * c * T, "That is the square of it:"),
    ("09.5", lambda c, T: np.sqrt(c / (2 * T)), "At the best t both shares are equal."),
    ("09.5", lambda c, T: np.sqrt(2 * c / T), "That is how much time is lost in all,"),
    ("09.5", lambda c, T: np.sqrt(2 * T / c), "The dearer a backup, the rarer it should be."),
    ("09.5", lambda c, T: np.sqrt(c * T / 2), "The 2 has changed sides."),
    ("09.5", lambda c, T: T / 2, "That is half the time between two deaths,"),
]
