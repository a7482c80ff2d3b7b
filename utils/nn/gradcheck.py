"""Is that gradient true? Central differences answer, slowly and for every function."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    """Gradient of `f` at `x` by central differences.

    df/dx_i = (f(x_i + h) - f(x_i - h)) / (2 h)      <- error of order h^2; below 1e-9 for well-scaled f

    Parameters
    ----------
    f : callable without arguments      returns one number that depends on `x`
    x : ndarray, float64, any shape     nudged in place, one element at a time, and restored, also when f raises
    h : float                           the nudge, in the units of x

    Returns
    -------
    gradient : ndarray, the shape of x

    Raises
    ------
    ValueError      unless x is a writeable, finite float64 array, h > 0, and f returns one number

    References
    ----------
    CS231n notes, Gradient checks: https://cs231n.github.io/neural-networks-3/#gradcheck
    """
    _require_checkable(x, h)
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = (_nudged(f, x, i, h) - _nudged(f, x, i, -h)) / (2 * h)
    return gradient


def relative_error(a, b):
    """Largest |a - b| / max(|a|, |b|) over the elements; 0 where both are 0.

    For a gradient check in float64: above 1e-2 wrong, below 1e-7 content (CS231n notes, Gradient checks).
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or a.size == 0:
        raise ValueError(f"two arrays of one shape with at least one element expected: got {a.shape} and {b.shape}")
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / np.where(size == 0, 1, size)))


def _nudged(f, x, i, h):
    kept = x[i]
    x[i] = kept + h
    try:
        value = f()
    finally:
        x[i] = kept
    try:
        return float(np.asarray(value).item())
    except (TypeError, ValueError):             # nothing, or (loss, gradient), or one number a row
        raise ValueError(f"f must return one number, a loss: got {type(value).__name__} {value!r}") from None


def _require_checkable(x, h):
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        got = getattr(x, "dtype", type(x).__name__)
        raise ValueError(f"x must be a float64 array (float32 is too coarse): got {got}")
    if not x.flags.writeable or not np.isfinite(x).all():
        raise ValueError(f"x must be writeable and finite: got writeable={x.flags.writeable}, x={x!r}")
    if not 0 < h < np.inf:
        raise ValueError(f"h must be a positive number: got {h!r}")
