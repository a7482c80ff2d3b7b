"""Chapter 15: knobs, searches, and winners."""

import numpy as np

from utils.exercises.kinds import build, predict

predict(
    "15.1",
    right=59,
    tried="All of 58 miss with a probability a little above one in twenty, all of this many with a little less.",
    mistakes={
        "On average one of so many is among the best. Average is not 95 in 100.": 20,
        "So it would be, were each trial sure to hit another twentieth. Yet once in three times all miss.": 19,
        "Is one trial not a whole one? Of the two whole numbers beside this, one is not enough.": (
            np.log(0.05) / np.log(0.95)),
        "That is a hair too few: all of them miss with a probability just above 0.05.": 58,
        "Then the search would succeed one time in two.": 14,
        "You took the share of the best for 1 in 100: here it is 1 in 20.": 299,
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
        "Those are values of 1 less the momentum. Which momentum belongs to them?": (
            lambda u, low, high: (1 - low) * ((1 - high) / (1 - low)) ** u),
        "The ends are swapped: u = 0 should give `low`.": (
            lambda u, low, high: 1 - (1 - high) * ((1 - low) / (1 - high)) ** u),
        "That takes equal factors of m itself, and m may be 0. What should change by equal factors?": (
            lambda u, low, high: low * (high / low) ** u),
        "Those are logarithms. Which function undoes them?": (
            lambda u, low, high: np.log(1 - low) + u * (np.log(1 - high) - np.log(1 - low))),
        "Logarithm and power must have the same base.": (
            lambda u, low, high: 1 - np.exp(np.log10(1 - low) + u * (np.log10(1 - high) - np.log10(1 - low)))),
        "The power must have the base of the logarithm.": (
            lambda u, low, high: 1 - 10 ** (np.log(1 - low) + u * (np.log(1 - high) - np.log(1 - low)))),
        "The rule of drawing wants both ends of 1 less the momentum: which are they?": (
            lambda u, low, high: 1 - (1 - high) ** u),
        "`low` and `high` are the ends of the momentum. Between which ends does 1 less the momentum run?": (
            lambda u, low, high: 1 - low * (high / low) ** u),
    },
)


def _smoothed(losses, keep=0.9, corrected=True):
    mean, found = 0.0, []
    for t, loss in enumerate(losses, start=1):
        mean = keep * mean + (1 - keep) * loss
        found.append(mean / (1 - keep**t) if corrected else mean)
    return np.array(found)


def _suggested(rates, tests, *, smooth=_smoothed, part=3, middle=np.median, skip=True):
    """The middle of what several tests advise, without those that are lowest at the last step."""
    advised = []
    for losses in tests:
        curve = smooth(losses)
        place = np.argmin(curve)
        if not skip or place < len(curve) - 1:
            advised.append(rates[place] / part)
    return middle(advised)


def _range_tests():
    """Noisy losses that fall and rise, one lucky batch in each; others stop early, or never rise."""
    rng, rates = np.random.default_rng(15), np.geomspace(1e-3, 10, 120)
    made = []
    for bottoms, n_calm in [((0.4, 2.0, 0.3), 2), ((1.5, 0.2, 1.0, 0.9, 0.15), 4)]:
        tests = []
        for bottom in bottoms:
            losses = 1 + 0.12 * np.log(rates / bottom) ** 2 + rng.normal(scale=0.05, size=120)
            losses[rng.integers(30, 60)] = 0.3
            tests.append(losses[: rng.integers(115, 120)])
        calm = [3 - 0.02 * np.arange(120) + rng.normal(scale=0.01, size=120) for _ in range(n_calm)]
        made.append((rates, [calm[0], *tests, *calm[1:]]))
    return made


build(
    "15.3",
    right=_suggested,
    cases=_range_tests,
    tried="Two times several tests, some of which never met the trouble, give the rate that their curves give.",
    mistakes={
        "The lowest single loss was a lucky batch. Smooth first.": (
            lambda rates, tests: _suggested(rates, tests, smooth=lambda losses: losses)),
        "Without the correction the mean starts near 0, and there it is lowest.": (
            lambda rates, tests: _suggested(rates, tests, smooth=lambda losses: _smoothed(losses, corrected=False))),
        "That rate is where the loss turns up: a third of it is safer.": (
            lambda rates, tests: _suggested(rates, tests, part=1)),
        "Three times the rate at the bottom lies where the loss rises.": (
            lambda rates, tests: _suggested(rates, tests, part=1 / 3)),
        "Some tests never met the trouble: their last step is no advice.": (
            lambda rates, tests: _suggested(rates, tests, skip=False)),
        "Is that the mean of what they advise? One odd test moves it. The median was asked for.": (
            lambda rates, tests: _suggested(rates, tests, middle=np.mean)),
        "Is that the geometric mean? The median was asked for.": (
            lambda rates, tests: _suggested(rates, tests, middle=lambda found: np.exp(np.mean(np.log(found))))),
        "That is the lowest advice. Take the one in the middle.": (
            lambda rates, tests: _suggested(rates, tests, middle=np.min)),
        "That is the advice of one test, and another would say something else.": (
            lambda rates, tests: _suggested(rates, tests, middle=lambda advised: advised[0])),
        "That is what the first test advises, which never met the trouble. What do the others say?": (
            lambda rates, tests: rates[np.argmin(_smoothed(tests[0]))] / 3),
        "That is one rate for each test. Which one number stands for them?": (
            lambda rates, tests: _suggested(rates, tests, middle=np.array)),
        "A third of the way is not a third of the rate: divide the rate, not its place.": (
            lambda rates, tests: np.median([rates[np.argmin(curve) // 3] for curve in map(_smoothed, tests)
                                            if np.argmin(curve) < len(curve) - 1])),
        "That is a loss. Which rate belongs to it?": (
            lambda rates, tests: np.median([np.min(curve) for curve in map(_smoothed, tests)
                                            if np.argmin(curve) < len(curve) - 1])),
    },
)


def _reported(val, test, *, choose=lambda val, test: val.mean(axis=1), score=lambda val, test: test.mean(axis=1)):
    """(the setting that is chosen, the score that is told of it)."""
    best = np.argmax(choose(val, test))
    return best, score(val, test)[best]


def _some_searches():
    """(settings, seeds) of validation and test accuracies: with a lucky seed, and a setting that the test prefers."""
    rng, made = np.random.default_rng(15), []
    for n_settings, best, lucky, by_test, uneven in [(5, 1, 3, 4, 0), (7, 6, 0, 2, 4)]:
        val, test = 0.90 + 0.005 * rng.random((2, n_settings, 4))
        val[best] += 0.010
        val[lucky, 2] += 0.035
        val[uneven] += [0.018, 0.018, 0.018, -0.03]
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
        "Whoever uses that setting meets the seed that failed, too: count all seeds, by the mean.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: np.median(val, axis=1))),
        "The median forgets the seed that failed, in choosing and in telling. Take the mean.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: np.median(val, axis=1),
                                        score=lambda val, test: np.median(test, axis=1))),
        "The winner is right. The score told of it is the one that it won by.": (
            lambda val, test: _reported(val, test, score=lambda val, test: val.mean(axis=1))),
        "The winner is right. Of its test scores, tell the mean: the median forgets the seed that failed.": (
            lambda val, test: _reported(val, test, score=lambda val, test: np.median(test, axis=1))),
        "The winner is right. Of its test scores, you tell the luckiest.": (
            lambda val, test: _reported(val, test, score=lambda val, test: test.max(axis=1))),
        "The winner is chosen by its luckiest seed, and told by its luckiest test score.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: val.max(axis=1),
                                        score=lambda val, test: test.max(axis=1))),
        "Rows are settings, columns are seeds: average along the columns.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: val.mean(axis=0),
                                        score=lambda val, test: test.mean(axis=0))),
        "The winner is a column, a seed. Rows are settings: average along the columns before you choose.": (
            lambda val, test: _reported(val, test, choose=lambda val, test: val.mean(axis=0))),
    },
)

predict(
    "15.5",
    right=251,
    tried="Then the standard error of the difference is 0.0714 points, and 2.8 of them are 0.2.",
    tolerance=1e-4,
    mistakes={
        "Is one seed not a whole one? Of the two whole numbers beside this, one is not enough.": (
            2 * (2.8 * 0.8 / 0.2) ** 2),
        "That is a hair too few: round up.": 250,
        "Both settings have their own seeds: their variances add up.": (2.8 * 0.8 / 0.2) ** 2,
        "Both settings have their own seeds, so their variances add up.": 126,
        "One rounds up. And both settings have their own seeds: their variances add up.": 125,
        "A mean of n seeds scatters by the root of n less, so your ratio must be squared.": 2 * 2.8 * 0.8 / 0.2,
        "The mean of n seeds scatters by the root of n less, so your ratio must be squared.": 23,
        "So the difference would stand two standard errors from 0 on average, and be overlooked one time in two.": (
            2 * (1.96 * 0.8 / 0.2) ** 2),
        "The difference would stand two standard errors from 0 on average, and be overlooked one time in two.": 123,
        "Two standard errors are overlooked one time in two.": 2 * (2 * 0.8 / 0.2) ** 2,
        "That is the number of trainings in all. How many does each setting need?": 4 * (2.8 * 0.8 / 0.2) ** 2,
        "That is how many trainings there are in all. How many does each setting need?": 502,
        "The ratio is upside down: a smaller difference needs more seeds.": 2 * (2.8 * 0.2 / 0.8) ** 2,
        "One seed? The ratio is upside down: a smaller difference needs more seeds.": 1,
        "One standard error is no distance at all: two equal settings differ by as much one time in three.": (
            2 * (0.8 / 0.2) ** 2),
    },
)
