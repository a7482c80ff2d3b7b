"""Chapter 05: which way, and how far."""

import numpy as np


def moves_at_every_try(loss, w, g, rate):
    before = loss(w)
    w = w - rate * g
    while loss(w) >= before:
        rate = rate / 2
        w = w - rate * g
    return rate


def halves_in_vain(loss, w, g, rate):
    half = rate
    while loss(w - rate * g) >= loss(w):
        half = half / 2
    return half


def calls_level_lower(loss, w, g, rate):
    while loss(w - rate * g) > loss(w):
        rate = rate / 2
    return rate


def halves_before_it_returns(loss, w, g, rate):
    while True:
        lower = loss(w - rate * g) < loss(w)
        rate = rate / 2
        if lower:
            return rate


def steps_uphill(loss, w, g, rate):
    while loss(w + rate * g) >= loss(w):
        rate = rate / 2
    return rate


def returns_the_point(loss, w, g, rate):
    while loss(w - rate * g) >= loss(w):
        rate = rate / 2
    return w - rate * g


def halves_once(loss, w, g, rate):
    if loss(w - rate * g) >= loss(w):
        rate = rate / 2
    return rate


WRONG = [
    ("05.1", abs(1 - 0.3 * 5) ** 3, "That is the distance."),
    ("05.1", 1 - 0.3 * 5, "That is the factor of one step."),
    ("05.1", (1 - 0.3 * 5) ** 2, "That is after two steps."),
    ("05.1", (1 - 0.3) ** 3, "You took the curvature to be 1"),
    ("05.1", (1 + 0.3 * 5) ** 3, "You went uphill"),
    ("05.1", 1 - 3 * 0.3 * 5, "The slope is 5 only at the start"),
    ("05.2", (2 / (1 + 0.6), 4, 0.6), "The limit is too large"),
    ("05.2", (2 / (2 * (1 - 0.6)), 4, 0.6), "The largest curvature sets the limit."),
    ("05.2", (1 / (2 * (1 + 0.6)), 4, 0.6), "The limit is 2 over the largest curvature."),
    ("05.2", (2 / (0.8 + 3.2), 4, 0.6), "You gave the best rate."),
    ("05.2", (2 / 3.2, (1 - 0.6) / (1 + 0.6), 0.6), "Turn your condition number over"),
    ("05.2", (2 / 3.2, 0.8 / 3.2, (0.25 - 1) / (0.25 + 1)), "The limit is right. Turn your condition number over"),
    ("05.2", (2 / 3.2, 4, abs(1 - 2 / 3.2 * 3.2)), "The last one is the factor at the limit"),
    ("05.2", (2 / 3.2, 4, (4 + 1) / (4 - 1)), "The last one: it is (kappa - 1) by (kappa + 1)"),
    ("05.2", (2 / 3.2, 4, -0.6), "A distance is never negative"),
    ("05.2", (2 / 3.2, 4, 1 - 0.6), "The last one is how much of the distance goes."),
    ("05.3", moves_at_every_try, "Your search does not always end."),
    ("05.3", halves_in_vain, "Your search does not always end."),
    ("05.3", lambda loss, w, g, rate: rate, "You return the rate unchanged."),
    ("05.3", calls_level_lower, "Your step ends as high as it began"),
    ("05.3", halves_before_it_returns, "One halving too many"),
    ("05.3", steps_uphill, "Down is against the gradient."),
    ("05.3", returns_the_point, "You return the point."),
    ("05.3", halves_once, "You halve once at most."),
    ("05.4", 32 * 8, "Eight times the batch"),
    ("05.4", 8**2, "That is by how much the batch must grow."),
    ("05.4", np.ceil(32 * np.sqrt(8)), "Noise falls with the root"),
    ("05.4", 32 * np.sqrt(8), "A batch size is a whole number."),
    ("05.4", 0.8 / 0.1, "That is by how much the noise must fall."),
    ("05.4", 32 * 4, "Four times the batch"),
    ("05.4", 32 * 4 * 4, "Two halvings"),
    ("05.4", 32 * (1 / 0.1) ** 2, "You squared 10"),
    ("05.5", 0.1, "Our own rate"),
    ("05.5", 0.1 * 64, "Wrong way round"),
    ("05.5", 0.1 / np.sqrt(64), "The root is for noise."),
    ("05.5", 0.1 / 4000, "He adds up a batch"),
    ("05.5", 0.01, "His steps are too long."),
    ("05.5", 0.001, "His steps are too short."),
]
