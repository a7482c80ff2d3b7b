"""Chapter 15: knobs, searches, and winners."""

import numpy as np

from utils.exercises.kinds import build, predict

predict(
    "15.1",
    right=59,
    tried="All of 58 miss with a probability a little above one in twenty, all of this many with a little less.",
    mistakes={
        "On average one of so many is among the best. Average is not 95 in 100.": 20,
        "Each trial misses with probability 0.95. With so many, all of them miss still more than once in three.": 19,
        "Is one trial not a whole one? Of the two whole numbers beside this, one is not enough.": (
            np.log(0.05) / np.log(0.95)),
        "That is a hair too few: all of them miss with a probability just above 0.05.": 58,
        "Then the search would succeed one time in two.": 14,
        "You took the share of the best for 1 in 100: here it is 1 in 20.": 299,
        "So it would be, were each trial sure to hit another twentieth. They may miss again and again.": 95,
    },
)


def _some_momenta():
    u = np.array([0.0, 0.25, 0.5, 1.0])
    return [(u, 0.0, 0.99), (u, 0.5, 0.999), (0.3, 0.8, 0.98)]


build(
    "15.2",
    right=lambda u, low, high: 1 - (1 - low) * ((1 - high) / (1 - low)) ** u,
    cases=_some_momenta,
    tried="Half of the way from 0 to 0.99 is 0.9: ten times shorter than 1, and ten times longer than 0.01.",
    mistakes={
        "That is the linear scale: nearly all draws from 0 to 0.99 lie below 0.9.": (
            lambda u, low, high: low + u * (high - low)),
        "Those are values of 1 - m. Which m belongs to them?": (
            lambda u, low, high: (1 - low) * ((1 - high) / (1 - low)) ** u),
        "The ends are swapped: u = 0 should give `low`.": (
            lambda u, low, high: 1 - (1 - high) * ((1 - low) / (1 - high)) ** u),
        "That takes equal factors of m itself, and m may be 0. What should change by equal factors?": (
            lambda u, low, high: low * (high / low) ** u),
        "Those are logarithms. Which function undoes them?": (
            lambda u, low, high: np.log(1 - low) + u * (np.log(1 - high) - np.log(1 - low))),
        "Logarithm and power must have the same base.": (
            lambda u, low, high: 1 - np.exp(np.log10(1 - low) + u * (np.log10(1 - high) - np.log10(1 - low)))),
        "The rule of drawing wants both ends of 1 - m: which are they?": (
            lambda u, low, high: 1 - (1 - high) ** u),
        "You draw by yourself. The part of the way is given: it is `u`.": (
            lambda u, low, high: np.full(np.shape(u), 1 - (1 - low) * ((1 - high) / (1 - low)) ** 0.123)),
    },
)


def _smoothed(losses, keep=0.9, corrected=True):
    mean, found = 0.0, []
    for t, loss in enumerate(losses, start=1):
        mean = keep * mean + (1 - keep) * loss
        found.append(mean / (1 - keep**t) if corrected else mean)
    return np.array(found)


def _suggested(rates, losses, *, smooth=_smoothed, part=3):
    return rates[np.argmin(smooth(losses))] / part


def _range_tests():
    """Noisy losses that fall and rise: one single lucky batch is lower than the bottom of the smooth curve."""
    rng, rates = np.random.default_rng(15), np.geomspace(1e-3, 10, 120)
    made = []
    for bottom, lucky in [(0.4, 40), (1.5, 55)]:
        losses = 1 + 0.12 * np.log(rates / bottom) ** 2 + rng.normal(scale=0.05, size=120)
        losses[lucky] = 0.3
        made.append((rates, losses))
    return made


build(
    "15.3",
    right=_suggested,
    cases=_range_tests,
    tried="Two noisy tests, each with one batch that is low by luck, give the rate that the curve gives.",
    mistakes={
        "The lowest single loss was a lucky batch. Smooth first.": (
            lambda rates, losses: _suggested(rates, losses, smooth=lambda losses: losses)),
        "Without the correction the mean starts near 0, and there it is lowest.": (
            lambda rates, losses: _suggested(rates, losses, smooth=lambda losses: _smoothed(losses, corrected=False))),
        "That rate is where the loss turns up: a third of it is safer.": (
            lambda rates, losses: _suggested(rates, losses, part=1)),
        "Three times the rate at the bottom lies where the loss rises.": (
            lambda rates, losses: _suggested(rates, losses, part=1 / 3)),
        "A third of the way is not a third of the rate: divide the rate, not its place.": (
            lambda rates, losses: rates[np.argmin(_smoothed(losses)) // 3]),
        "That is a loss. Which rate belongs to it?": lambda rates, losses: _smoothed(losses).min(),
        "That is a third of the lowest loss. Asked is a third of the rate that belongs to it.": (
            lambda rates, losses: _smoothed(losses).min() / 3),
        "That is a place in the list. Which rate stands there?": lambda rates, losses: np.argmin(_smoothed(losses)),
    },
)


def _reported(val, test, *, choose=lambda val, test: val.mean(axis=1), score=lambda val, test: test.mean(axis=1)):
    """(the setting that is chosen, the score that is told of it)."""
    best = int(np.argmax(choose(val, test)))
    return best, float(score(val, test)[best])


def _some_searches():
    """(settings, seeds) of validation and test accuracies: with a lucky seed, and a setting that the test prefers."""
    rng, made = np.random.default_rng(15), []
    for n_settings, best, lucky, by_test in [(5, 1, 3, 4), (7, 6, 0, 2)]:
        val, test = 0.90 + 0.005 * rng.random((2, n_settings, 4))
        val[best] += 0.010
        val[lucky, 2] += 0.035
        test[by_test] += 0.020
        test[by_test, 1] += 0.003
        made.append((val, test))
    return made


build(
    "15.4",
    right=_reported,
    cases=_some_searches,
    tried="In two searches, the setting with the best mean on validation is told with its mean on the test.",
    mistakes={
        "That is what was given. Which scores may choose, and does one seed speak for a setting?": (
            lambda val, test: _reported(val, test, choose=lambda val, test: test.max(axis=1),
                                        score=lambda val, test: test.max(axis=1))),
        "The test scores still choose the winner.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: test.mean(axis=1))),
        "A winner is chosen for its luckiest seed. Average over the seeds before you choose.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: val.max(axis=1))),
        "The winner is right. The score told of it is the one that it won by.": (
            lambda val, test: _reported(val, test, score=lambda val, test: val.mean(axis=1))),
        "The winner is right. Of its test scores, you tell the luckiest.": (
            lambda val, test: _reported(val, test, score=lambda val, test: test.max(axis=1))),
        "The winner is chosen by its luckiest seed, and told by its luckiest test score.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: val.max(axis=1),
                                        score=lambda val, test: test.max(axis=1))),
        "Rows are settings, columns are seeds: average along the columns.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: val.mean(axis=0),
                                        score=lambda val, test: test.mean(axis=0))),
    },
)

predict(
    "15.5",
    right=2 * (2.8 * 0.8 / 0.4) ** 2,
    tried="Then the standard error of the difference is 0.143 points, and 2.8 of them are 0.4.",
    tolerance=0.006,
    mistakes={
        "Both settings have their own seeds: their variances add up.": (2.8 * 0.8 / 0.4) ** 2,
        "A mean of n seeds scatters by the root of n less, so your ratio must be squared.": 2 * 2.8 * 0.8 / 0.4,
        "So the difference would stand two standard errors from 0 on average, and be overlooked one time in two.": (
            2 * (1.96 * 0.8 / 0.4) ** 2),
        "Two standard errors are overlooked one time in two.": 2 * (2 * 0.8 / 0.4) ** 2,
        "That is the number of trainings in all. How many does each setting need?": 4 * (2.8 * 0.8 / 0.4) ** 2,
        "The ratio is upside down: a smaller difference needs more seeds.": 2 * (2.8 * 0.4 / 0.8) ** 2,
        "One standard error is no distance at all: two equal settings differ by as much one time in three.": (
            2 * (0.8 / 0.4) ** 2),
    },
)
