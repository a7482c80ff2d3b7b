"""Chapter 06: a memory, and a step for every weight."""

import numpy as np


def moments(g, m, v, t, beta_1=0.9, beta_2=0.999):
    """Adam's two means, and the rate's correction."""
    t = t + 1
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    return m, v, t, np.sqrt(1 - beta_2**t) / (1 - beta_1**t)


def adds_the_decay_to_the_gradient(w, g, m, v, t, rate, decay):
    return plain_adam(w, g + decay * w, m, v, t, rate, decay)


def plain_adam(w, g, m, v, t, rate, decay):
    m, v, t, correction = moments(g, m, v, t)
    return w - rate * correction * m / (np.sqrt(v) + 1e-7), m, v, t


def forgets_the_rate_of_the_decay(w, g, m, v, t, rate, decay):
    m, v, t, correction = moments(g, m, v, t)
    return w - rate * correction * m / (np.sqrt(v) + 1e-7) - decay * w, m, v, t


def forgets_the_decay_of_the_decay(w, g, m, v, t, rate, decay):
    m, v, t, correction = moments(g, m, v, t)
    return w - rate * (correction * m / (np.sqrt(v) + 1e-7) + w), m, v, t


def pushes_away_from_zero(w, g, m, v, t, rate, decay):
    m, v, t, correction = moments(g, m, v, t)
    return w * (1 + rate * decay) - rate * correction * m / (np.sqrt(v) + 1e-7), m, v, t


def does_not_correct(w, g, m, v, t, rate, decay):
    m, v, t, _ = moments(g, m, v, t)
    return w - rate * m / (np.sqrt(v) + 1e-7) - rate * decay * w, m, v, t


def decays_twice(w, g, m, v, t, rate, decay):
    m, v, t, correction = moments(g + decay * w, m, v, t)
    return w - rate * correction * m / (np.sqrt(v) + 1e-7) - rate * decay * w, m, v, t


def takes_no_root(w, g, m, v, t, rate, decay):
    m, v, t, correction = moments(g, m, v, t)
    return w - rate * correction * m / (v + 1e-7) - rate * decay * w, m, v, t


def takes_no_root_of_the_corrected(w, g, m, v, t, rate, decay):
    m, v, t, _ = moments(g, m, v, t)
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - rate * (m_hat / (v_hat + 1e-7) + decay * w), m, v, t


def cosine(t, n_steps):
    return (1 + np.cos(np.pi * t / n_steps)) / 2


def begins_with_a_rate_of_zero(step, n_warm, n_steps, peak):
    if step < n_warm:
        return peak * step / n_warm
    return peak * cosine(step - n_warm, n_steps - n_warm)


def does_not_warm_up(step, n_warm, n_steps, peak):
    return peak * cosine(step, n_steps)


def begins_the_cosine_at_step_zero(step, n_warm, n_steps, peak):
    if step < n_warm:
        return peak * (step + 1) / n_warm
    return peak * cosine(step, n_steps)


def stretches_the_cosine(step, n_warm, n_steps, peak):
    if step < n_warm:
        return peak * (step + 1) / n_warm
    return peak * cosine(step - n_warm, n_steps)


def stays_at_the_peak(step, n_warm, n_steps, peak):
    return peak * min(1, (step + 1) / n_warm)


def forgets_the_half(step, n_warm, n_steps, peak):
    if step < n_warm:
        return peak * (step + 1) / n_warm
    return peak * (1 + np.cos(np.pi * (step - n_warm) / (n_steps - n_warm)))


WRONG = [
    ("06.1", 0.01 * 2, "That is a step without memory."),
    ("06.1", 1 / (1 - 0.9), "How long are the steps, whatever g is?"),
    ("06.1", 0.01 / (1 - 0.9), "That is the rate over 1 - μ."),
    ("06.1", 0.9 * 0.02 + 0.02, "That is the second step."),
    ("06.1", -0.01 * 2 / (1 - 0.9), "A length has no sign."),
    ("06.1", 0.01 * 2 / (1 + 0.9), "Here the gradients agree:"),
    ("06.2", 1, "That is the corrected step."),
    ("06.2", (0.1 * 3) / (0.04 * 3**2), "v is a mean of squares:"),
    ("06.2", (1 - 0.9) / (1 - 0.96), "You divide one share by the other."),
    ("06.2", (0.9 * 3) / np.sqrt(0.04 * 3**2), "Of the first gradient, m keeps the share that is new."),
    ("06.2", np.sqrt(0.04 * 3**2) / (0.1 * 3), "Turned over:"),
    ("06.2", (0.1 * 3) / np.sqrt(0.96 * 3**2), "v keeps 1 - β₂ of g²"),
    ("06.2", (0.1 * 3) / np.sqrt(0.04), "The gradient's size drops out:"),
    ("06.3", adds_the_decay_to_the_gradient, "The decay went into the gradient, and so through the division."),
    ("06.3", plain_adam, "That is Adam."),
    ("06.3", forgets_the_rate_of_the_decay, "w shrinks by far too much in a step."),
    ("06.3", forgets_the_decay_of_the_decay, "w shrinks by the rate times itself."),
    ("06.3", pushes_away_from_zero, "w grows where it should shrink."),
    ("06.3", does_not_correct, "The corrections for having started at 0 are missing."),
    ("06.3", decays_twice, "The decay is there twice"),
    ("06.3", takes_no_root, "Is the root of v taken?"),
    ("06.3", takes_no_root_of_the_corrected, "The root is missing, of v and of its correction alike."),
    ("06.4", begins_with_a_rate_of_zero, "Step 0 has rate 0:"),
    ("06.4", does_not_warm_up, "The cosine is there."),
    ("06.4", begins_the_cosine_at_step_zero, "At the end of the warm-up the rate jumps down."),
    ("06.4", stretches_the_cosine, "The fall begins in time, and is not over at the end."),
    ("06.4", stays_at_the_peak, "After the warm-up the rate stays where it is."),
    ("06.4", forgets_the_half, "After the warm-up the rate starts at twice the peak."),
    ("06.5", 0, "Without memory, at this rate, the steep direction does not even settle."),
    ("06.5", (np.sqrt(100) - 1) / (np.sqrt(100) + 1), "That is the factor by which the error falls in a step."),
    ("06.5", 0.9, "The usual choice."),
    ("06.5", ((100 - 1) / (100 + 1)) ** 2, "Did you put in κ where its root belongs?"),
    ("06.5", (100 - 1) / (100 + 1), "Did you put in κ where its root belongs?"),
    ("06.5", 0.8, "Too much memory:"),
    ("06.5", 0.95, "Too much memory:"),
    ("06.5", 0.99, "Too much memory:"),
    ("06.5", 0.999, "Too much memory:"),
    ("06.5", 0.5, "Too little memory."),
    ("06.5", 0.1, "Too little memory."),
]

REFUSED = [
    ("06.5", -0.001, "a momentum from 0 to below 1 expected: got -0.001"),
    ("06.5", 1, "a momentum from 0 to below 1 expected: got 1"),
    ("06.5", True, "a momentum from 0 to below 1 expected: got True"),
    ("06.5", 10 / 9, "a momentum from 0 to below 1 expected: got 1.11"),
    ("06.5", np.nan, "a momentum from 0 to below 1 expected: got nan"),
    ("06.5", np.inf, "a momentum from 0 to below 1 expected: got inf"),
]
