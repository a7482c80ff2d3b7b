"""The numbers that a layer starts from: functions of (n_inputs, n_outputs) that draw a weight matrix."""

import numpy as np


def he_normal(n_inputs, n_outputs, *, rng, dtype=np.float32):
    """Normal with mean 0 and variance 2 / n_inputs: keeps the size of signals through layers of ReLU.

    Keras' initializer of this name cuts the tails off at two standard deviations (and widens the rest to the same
    variance); this one does not.

    References
    ----------
    He et al. (2015), Delving Deep into Rectifiers, arXiv:1502.01852, section 2.2.
    """
    return (rng.standard_normal((n_inputs, n_outputs)) * np.sqrt(2 / n_inputs)).astype(dtype)


def glorot_uniform(n_inputs, n_outputs, *, rng, dtype=np.float32):
    """Uniform in (-r, r) with r = sqrt(6 / (n_inputs + n_outputs)), of variance 2 / (n_inputs + n_outputs).

    Keras' default.

    References
    ----------
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks, equation 16.
    """
    limit = np.sqrt(6 / (n_inputs + n_outputs))
    return rng.uniform(-limit, limit, (n_inputs, n_outputs)).astype(dtype)
