"""Penalties on weights: what a large weight costs, whatever the data say.

A regularizer is called as regularizer(W) and returns (penalty, gradient). The penalty is added to the loss as it is: no
mean over the batch, no division by the number of weights, as in Keras.
"""

import numpy as np


class L1:
    """``penalty = l1 * sum(|W|)``; its gradient, l1 * sign(W), pulls all weights towards 0 equally hard (at 0: not).

    References
    ----------
    Goodfellow et al. (2016), Deep Learning, section 7.1.2.
    """

    def __init__(self, l1=0.01):
        self.l1 = _strength("l1", l1)

    def __call__(self, W):
        return float(self.l1 * np.abs(W).sum()), self.l1 * np.sign(W)


class L2:
    """``penalty = l2 * sum(W^2)``; its gradient, 2 * l2 * W, pulls a weight towards 0 the harder, the larger it is.

    References
    ----------
    Goodfellow et al. (2016), Deep Learning, section 7.1.1 (there with a factor 1/2, that is alpha = 2 * l2).
    """

    def __init__(self, l2=0.01):
        self.l2 = _strength("l2", l2)

    def __call__(self, W):
        return float(self.l2 * (W * W).sum()), 2 * self.l2 * W


def _strength(name, value):
    if not isinstance(value, int | float | np.floating) or not 0 <= value < np.inf:
        raise ValueError(f"{name} must be a finite number of at least 0: got {value!r}")
    return float(value)
