"""What many tests share: draws that repeat, batches of all shapes, and the demand that a refusal tells both sides."""

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

repeatable = settings(derandomize=True, deadline=None, max_examples=20, database=None)

sizes = st.integers(1, 5)
dtypes = st.sampled_from([np.float32, np.float64])
generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def away_from_0(rng, *shape, dtype=np.float64):
    """Numbers of either sign with 0.1 < |z| < 2: no nudge of a gradient check carries them over ReLU's kink."""
    return (rng.uniform(0.1, 2, shape) * rng.choice([-1, 1], shape)).astype(dtype)


@contextmanager
def refused(*quotes):
    """A ValueError is raised here, and its text holds every one of `quotes`: what came, what was expected."""
    with pytest.raises(ValueError) as caught:
        yield
    for quote in quotes:
        assert quote in str(caught.value)
