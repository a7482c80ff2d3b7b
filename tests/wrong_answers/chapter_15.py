"""Chapter 15: which knobs matter."""

import numpy as np


def same_factors_of_the_momentum(u, low, high):
    return low * (high / low) ** u


def one_less_the_momentum(u, low, high):
    return (1 - low) * ((1 - high) / (1 - low)) ** u


def logarithms(u, low, high, log=np.log):
    return log(1 - low) + u * (log(1 - high) - log(1 - low))


def one_less_the_factors_of_the_momentum(u, low, high):
    return 1 - low * (high / low) ** u


def running_mean(losses):
    mean, found = 0.0, []
    for loss in losses:
        mean = 0.9 * mean + 0.1 * loss
        found.append(mean)
    return np.array(found)


def smoothed(losses):
    return running_mean(losses) / (1 - 0.9 ** np.arange(1, len(losses) + 1))


def bottoms(tests, smooth=smoothed):
    """Where the curve of each test is lowest, of those that met the trouble."""
    places = [np.argmin(smooth(losses)) for losses in tests]
    return np.array([place for place, losses in zip(places, tests, strict=True) if place < len(losses) - 1])


def rate_at_the_lowest_loss(rates, tests):
    return np.median(rates[bottoms(tests, smooth=np.asarray)] / 3)


def mean_not_corrected(rates, tests):
    return np.median(rates[bottoms(tests, smooth=running_mean)] / 3)


def also_without_trouble(rates, tests):
    return np.median([rates[np.argmin(smoothed(losses))] / 3 for losses in tests])


def geometric_mean_of_the_advice(rates, tests):
    return np.exp(np.mean(np.log(rates[bottoms(tests)] / 3)))


def lowest_smoothed_loss(rates, tests):
    curves = [smoothed(losses) for losses in tests]
    return np.median([curve.min() for curve in curves if curve.argmin() < len(curve) - 1])


def report_as_given(val, test):
    scores = test.max(axis=1)
    winner = int(scores.argmax())
    return winner, scores[winner]


def winner_by_the_test(val, test):
    scores = test.mean(axis=1)
    winner = int(scores.argmax())
    return winner, scores[winner]


def luckiest_seed_chooses(val, test):
    winner = int(val.max(axis=1).argmax())
    return winner, test[winner].mean()


def median_chooses(val, test):
    winner = int(np.median(val, axis=1).argmax())
    return winner, test[winner].mean()


def median_chooses_and_tells(val, test):
    winner = int(np.median(val, axis=1).argmax())
    return winner, np.median(test[winner])


def tells_validation(val, test):
    scores = val.mean(axis=1)
    winner = int(scores.argmax())
    return winner, scores[winner]


def median_tells(val, test):
    winner = int(val.mean(axis=1).argmax())
    return winner, np.median(test[winner])


def luckiest_seed_tells(val, test):
    winner = int(val.mean(axis=1).argmax())
    return winner, test[winner].max()


def luckiest_seed_chooses_and_tells(val, test):
    winner = int(val.max(axis=1).argmax())
    return winner, test[winner].max()


def mean_over_settings(val, test):
    winner = int(val.mean(axis=0).argmax())
    return winner, test.mean(axis=0)[winner]


def mean_over_settings_chooses(val, test):
    winner = int(val.mean(axis=0).argmax())
    return winner, test[winner].mean()


WRONG = [
    ("15.1", 1 / 0.05, "On average one of so many"),
    ("15.1", np.log(0.05) / np.log(0.95), "Is one trial not a whole one?"),
    ("15.1", int(np.log(0.05) / np.log(0.95)), "That is a hair too few"),
    ("15.1", np.ceil(np.log(0.5) / np.log(0.95)), "Then the search would succeed one time in two."),
    ("15.1", np.ceil(np.log(0.05) / np.log(0.99)), "You took the share of the best for 1 in 100"),
    ("15.1", 0.95 / 0.05, "So it would be, were each trial sure"),
    ("15.2", lambda u, low, high: low + u * (high - low), "That is the linear scale"),
    ("15.2", one_less_the_momentum, "Those are values of 1 less the momentum."),
    ("15.2", lambda u, low, high: 1 - (1 - high) * ((1 - low) / (1 - high)) ** u, "The ends are swapped"),
    ("15.2", same_factors_of_the_momentum, "That takes equal factors of m itself"),
    ("15.2", logarithms, "Those are logarithms."),
    ("15.2", lambda u, low, high: 1 - np.exp(logarithms(u, low, high, np.log10)), "Logarithm and power must have"),
    ("15.2", lambda u, low, high: 1 - 10 ** logarithms(u, low, high), "The power must have the base of the logarithm."),
    ("15.2", lambda u, low, high: 1 - (1 - high) ** u, "The rule of drawing wants both ends"),
    ("15.2", one_less_the_factors_of_the_momentum, "`low` and `high` are the ends of the momentum."),
    ("15.3", rate_at_the_lowest_loss, "The lowest single loss was a lucky batch."),
    ("15.3", mean_not_corrected, "Without the correction the mean starts near 0"),
    ("15.3", lambda rates, tests: np.median(rates[bottoms(tests)]), "That rate is where the loss turns up"),
    ("15.3", lambda rates, tests: np.median(3 * rates[bottoms(tests)]), "Three times the rate at the bottom"),
    ("15.3", also_without_trouble, "Some tests never met the trouble"),
    ("15.3", lambda rates, tests: np.mean(rates[bottoms(tests)] / 3), "Is that the mean of what they advise?"),
    ("15.3", geometric_mean_of_the_advice, "Is that the geometric mean?"),
    ("15.3", lambda rates, tests: np.min(rates[bottoms(tests)] / 3), "That is the lowest advice."),
    ("15.3", lambda rates, tests: rates[bottoms(tests)[0]] / 3, "That is the advice of one test"),
    ("15.3", lambda rates, tests: rates[np.argmin(smoothed(tests[0]))] / 3, "That is what the first test advises"),
    ("15.3", lambda rates, tests: rates[bottoms(tests)] / 3, "That is one rate for each test."),
    ("15.3", lambda rates, tests: np.median(rates[bottoms(tests) // 3]), "A third of the way"),
    ("15.3", lowest_smoothed_loss, "That is a loss."),
    ("15.4", report_as_given, "That is what was given."),
    ("15.4", winner_by_the_test, "The test scores still choose the winner."),
    ("15.4", luckiest_seed_chooses, "A winner is chosen for its luckiest seed."),
    ("15.4", median_chooses, "Whoever uses that setting meets the seed that failed"),
    ("15.4", median_chooses_and_tells, "The median forgets the seed that failed"),
    ("15.4", tells_validation, "The winner is right. The score told of it"),
    ("15.4", median_tells, "The winner is right. Of its test scores, tell the mean"),
    ("15.4", luckiest_seed_tells, "The winner is right. Of its test scores, you tell the luckiest."),
    ("15.4", luckiest_seed_chooses_and_tells, "The winner is chosen by its luckiest seed"),
    ("15.4", mean_over_settings, "Rows are settings, columns are seeds"),
    ("15.4", mean_over_settings_chooses, "The winner is a column, a seed."),
    ("15.5", 2 * (2.8 * 0.8 / 0.2) ** 2, "Is one seed not a whole one?"),
    ("15.5", int(2 * (2.8 * 0.8 / 0.2) ** 2), "That is a hair too few"),
    ("15.5", (2.8 * 0.8 / 0.2) ** 2, "Both settings have their own seeds: their variances add up."),
    ("15.5", np.ceil((2.8 * 0.8 / 0.2) ** 2), "Both settings have their own seeds, so their variances add up."),
    ("15.5", int((2.8 * 0.8 / 0.2) ** 2), "One rounds up. And both settings have their own seeds"),
    ("15.5", 2 * 2.8 * 0.8 / 0.2, "A mean of n seeds scatters by the root of n less"),
    ("15.5", np.ceil(2 * 2.8 * 0.8 / 0.2), "The mean of n seeds scatters by the root of n less"),
    ("15.5", 2 * (1.96 * 0.8 / 0.2) ** 2, "So the difference would stand two standard errors from 0"),
    ("15.5", np.ceil(2 * (1.96 * 0.8 / 0.2) ** 2), "The difference would stand two standard errors from 0"),
    ("15.5", 2 * (2 * 0.8 / 0.2) ** 2, "Two standard errors are overlooked one time in two."),
    ("15.5", 4 * (2.8 * 0.8 / 0.2) ** 2, "That is the number of trainings in all."),
    ("15.5", 2 * np.ceil(2 * (2.8 * 0.8 / 0.2) ** 2), "That is how many trainings there are in all."),
    ("15.5", 2 * (2.8 * 0.2 / 0.8) ** 2, "The ratio is upside down"),
    ("15.5", np.ceil(2 * (2.8 * 0.2 / 0.8) ** 2), "One seed? The ratio is upside down"),
    ("15.5", 2 * (0.8 / 0.2) ** 2, "One standard error is no distance at all"),
]
