"""Chapter 06: rules with a memory, and steps of their own for each weight."""

import numpy as np

from utils.exercises.kinds import build, change, predict

predict(
    "06.1",
    right=0.2,
    tried="Where v = 0.9 v - 0.02 the velocity grows no more: its length is ten times 0.02.",
    mistakes={
        "That is a step without memory. What do the earlier gradients add?": 0.02,
        "How long are the steps, whatever g is? That is the factor, not the length.": 10,
        "That is the rate over 1 - μ. And how large is the gradient?": 0.1,
        "That is the second step. Go on: where does it end?": 0.038,
        "A length has no sign.": -0.2,
        "Here the gradients agree: they do not cancel.": 0.02 / 1.9,
    },
)

predict(
    "06.2",
    right=0.5,
    tried="m is a tenth of g, and the root of v a fifth of it.",
    mistakes={
        "That is the corrected step. What are m and v before they are corrected?": 1,
        "v is a mean of squares: is the root taken?": 0.3 / 0.36,
        "You divide one share by the other. What does Adam take of v before it divides?": 2.5,
        "Of the first gradient, m keeps the share that is new. Which share does β₁ give to the old?": 4.5,
        "Turned over: which of the two stands below the line?": 2,
        "v keeps 1 - β₂ of g², as m keeps 1 - β₁ of g.": 0.1 / np.sqrt(0.96),
        "The gradient's size drops out: v holds its square.": 1.5,
    },
)


def _adamw(w, g, m, v, t, rate, decay, *, in_gradient=0, shrink=None, root=0.5, root_of_correction=0.5, corrected=True):
    """A step of AdamW; each switch makes one mistake. Without roots, the powers are 1."""
    t = t + 1
    g = g + in_gradient * decay * w
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    alpha = rate * (1 - 0.999**t) ** root_of_correction / (1 - 0.9**t) if corrected else rate
    shrink = rate * decay if shrink is None else shrink
    return w - alpha * m / (v**root + 1e-7) - shrink * w, m, v, t


def _adam_states():
    rng = np.random.default_rng(0)
    return [(rng.normal(size=3), rng.normal(size=3), 0.3 * rng.normal(size=3), rng.random(3) + 0.1, t, 0.05, 0.3)
            for t in (0, 1, 7)]


build(
    "06.3",
    right=_adamw,
    cases=_adam_states,
    tried="Three steps, the first, the second and a later one, agree in w, m, v and t.",
    mistakes={
        "The decay went into the gradient, and so through the division. It is to stay outside.": (
            lambda *a: _adamw(*a, in_gradient=1, shrink=0)),
        "That is Adam. Where does w shrink?": lambda *a: _adamw(*a, shrink=0),
        "w shrinks by far too much in a step. Which of the two numbers is missing?": (
            lambda *a: _adamw(*a, shrink=a[6])),
        "w shrinks by the rate times itself. Where is the decay?": lambda *a: _adamw(*a, shrink=a[5]),
        "w grows where it should shrink.": lambda *a: _adamw(*a, shrink=-a[5] * a[6]),
        "The corrections for having started at 0 are missing.": lambda *a: _adamw(*a, corrected=False),
        "The decay is there twice, once through the gradient.": lambda *a: _adamw(*a, in_gradient=1),
        "Is the root of v taken?": lambda *a: _adamw(*a, root=1),
        "The root is missing, of v and of its correction alike.": lambda *a: _adamw(*a, root=1, root_of_correction=1),
    },
)


def _schedule(step, n_warm, n_steps, peak):
    if step < n_warm:
        return peak * (step + 1) / n_warm
    return peak * (1 + np.cos(np.pi * (step - n_warm) / (n_steps - n_warm))) / 2


build(
    "06.4",
    right=_schedule,
    cases=lambda: [(step, 10, 100, 0.4) for step in (0, 5, 9, 10, 40, 99)],
    tried="Six steps of a hundred, on either side of the end of the warm-up.",
    mistakes={
        "Step 0 has rate 0: it goes nowhere. The first of the warm-up steps already counts.": (
            lambda s, n, T, p: p * s / n if s < n else _schedule(s, n, T, p)),
        "The cosine is there. What of the warm-up?": lambda s, n, T, p: p * (1 + np.cos(np.pi * s / T)) / 2,
        "At the end of the warm-up the rate jumps down. When does the cosine begin?": (
            lambda s, n, T, p: _schedule(s, n, T, p) if s < n else p * (1 + np.cos(np.pi * s / T)) / 2),
        "The fall begins in time, and is not over at the end. How many steps are left for it?": (
            lambda s, n, T, p: _schedule(s, n, T, p) if s < n else p * (1 + np.cos(np.pi * (s - n) / T)) / 2),
        "After the warm-up the rate stays where it is.": lambda s, n, T, p: min(p * (s + 1) / n, p),
        "After the warm-up the rate starts at twice the peak.": (
            lambda s, n, T, p: _schedule(s, n, T, p) * (1 if s < n else 2)),
    },
)


def _steps_through_the_valley(momentum):
    """Steps until both distances stay below 1e-6, of 2,000 that are taken; curvatures 1 and 100."""
    if not 0 <= momentum < 1:
        raise ValueError(f"a momentum from 0 to below 1 expected: got {momentum!r}")
    curvature, w, v = np.array([1.0, 100.0]), np.ones(2), np.zeros(2)
    last_above = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(1, 2001):
            v = momentum * v - 4 / 121 * curvature * w
            w = w + v
            if not np.abs(w).max() < 1e-6:      # NaN, too, when it diverges
                last_above = step
    return last_above + 1


change(
    "06.5",
    outcome=_steps_through_the_valley,
    right=(9 / 11) ** 2,
    goal=lambda n_steps: n_steps <= 105,
    tried="Both distances stay below a millionth from step 105 on, or from an earlier one.",
    mistakes={
        "Without memory, at this rate, the steep direction does not even settle.": (0, lambda s, n: s == 0),
        "That is the factor by which the error falls in a step. What is the momentum that brings it about?": (
            9 / 11, lambda s, n: abs(s - 9 / 11) < 0.005),
        "The usual choice. It rolls through the valley and back again: too much, here.": (
            0.9, lambda s, n: abs(s - 0.9) < 0.005),
        "Did you put in κ where its root belongs?": (
            (99 / 101) ** 2, lambda s, n: min(abs(s - 99 / 101), abs(s - (99 / 101) ** 2)) < 0.005),
        "Too much memory: it overshoots.": (0.85, lambda s, n: s > 0.68),
        "Too little memory.": (0.3, lambda s, n: s < 0.669),
    },
)
