"""Layers: forward(x) computes, backward(dy) turns d(loss)/d(output) into d(loss)/d(input) and fills `grads`.

Rows are examples. Forward and backward check shapes and dtypes; they do not search for NaN (that would cost a tenth of
the speed), `fit` does.
"""

import numpy as np

from .activations import relu, sigmoid, tanh
from .initializers import glorot_uniform


class Layer:
    """One step of a network.

    Attributes
    ----------
    params, grads : dict of str -> ndarray      the same keys and shapes; `grads` is overwritten by every `backward`
    n_inputs, n_outputs : int or None           columns that go in and come out; None where any number does
    state : dict of str -> ndarray              what training changes without a gradient (moving averages)

    `forward` must keep what `backward` needs; `backward(dy, needs_dx=False)` may return None instead of dx.
    """

    n_inputs = n_outputs = None

    def __init__(self):
        self.params = {}
        self.grads = {}
        self.state = {}

    def penalty(self):
        """What the weights cost by themselves: `fit` adds it to the loss, `backward` adds its gradient to `grads`."""
        return 0.0

    def forward(self, x, training=False):
        raise NotImplementedError(f"{type(self).__name__} has no forward")

    def backward(self, dy, needs_dx=True):
        raise NotImplementedError(f"{type(self).__name__} has no backward")


class Dense(Layer):
    """Fully connected layer, ``y = x @ W + b``.

    Parameters
    ----------
    n_inputs, n_outputs : int           columns of x and of y
    rng : numpy.random.Generator        the weights are drawn from it; the biases start at 0
    dtype : float32 or float64          of the parameters, and so of the batches that fit them
    initializer : function              glorot_uniform (as in Keras) or he_normal
    kernel_regularizer : function       W -> (penalty, gradient), such as L2(1e-3); None: W costs nothing

    ``params["W"]`` is (n_inputs, n_outputs), ``params["b"]`` is (n_outputs,). The arrays of `grads` are allocated once:
    copy what you keep.
    """

    def __init__(self, n_inputs, n_outputs, *, rng, dtype=np.float32, initializer=glorot_uniform,
                 kernel_regularizer=None):
        super().__init__()
        for name, n in (("n_inputs", n_inputs), ("n_outputs", n_outputs)):
            if not isinstance(n, int | np.integer) or n < 1:
                raise ValueError(f"{name} must be a whole number of at least 1: got {n!r}")
        _require_rng(rng)
        _require_dtype(dtype)
        if kernel_regularizer is not None and not callable(kernel_regularizer):
            raise ValueError(f"kernel_regularizer must be a function, such as L2(1e-3): got {kernel_regularizer!r}")
        self.n_inputs, self.n_outputs = int(n_inputs), int(n_outputs)
        W = initializer(n_inputs, n_outputs, rng=rng, dtype=dtype)
        self.params = {"W": W, "b": np.zeros(n_outputs, dtype)}
        self.grads = {key: np.zeros_like(param) for key, param in self.params.items()}
        self.kernel_regularizer, self._x = kernel_regularizer, None

    def penalty(self):
        return self.kernel_regularizer(self.params["W"])[0] if self.kernel_regularizer else 0.0

    def forward(self, x, training=False):
        require_batch(x, self.n_inputs, self.params["W"].dtype)
        self._x = x                                         # (N, D), kept for backward
        y = x @ self.params["W"]                            # (N, D) @ (D, H) -> (N, H)
        y += self.params["b"]
        return y

    def backward(self, dy, needs_dx=True):
        require_gradient(dy, None if self._x is None else (len(self._x), self.n_outputs), self.grads["W"].dtype)
        np.matmul(self._x.T, dy, out=self.grads["W"])       # (D, N) @ (N, H) -> (D, H)
        dy.sum(axis=0, out=self.grads["b"])                 # one bias served all N examples
        if self.kernel_regularizer:
            self.grads["W"] += self.kernel_regularizer(self.params["W"])[1]
        return dy @ self.params["W"].T if needs_dx else None        # (N, H) @ (H, D) -> (N, D)


class Activation(Layer):
    """A function applied to every number on its own. A subclass names the function, and its slope in terms of y."""

    def __init__(self):
        super().__init__()
        self._y = None

    def forward(self, x, training=False):
        require_batch(x)
        self._y = self.function(x)
        return self._y

    def backward(self, dy, needs_dx=True):
        require_gradient(dy, *_shape_and_dtype(self._y))
        return dy * self.slope(self._y)


class ReLU(Activation):
    """Rectified linear unit, ``y = max(x, 0)``. Its slope is 1 where y > 0 and 0 elsewhere (at x = 0 too)."""

    function = staticmethod(relu)

    def slope(self, y):
        return y > 0


class Sigmoid(Activation):
    """Logistic function, ``y = 1 / (1 + exp(-x))``. Its slope is y (1 - y)."""

    function = staticmethod(sigmoid)

    def slope(self, y):
        return y * (1 - y)


class Tanh(Activation):
    """Hyperbolic tangent, ``y = tanh(x)``. Its slope is 1 - y^2."""

    function = staticmethod(tanh)

    def slope(self, y):
        return 1 - y * y


class Dropout(Layer):
    """In training, sets each number to 0 with probability `rate` and scales the others by 1 / (1 - rate).

    The scaling keeps the expected value of every number, so that without training the layer is the identity.

    References
    ----------
    Srivastava et al. (2014), Dropout: A Simple Way to Prevent Neural Networks from Overfitting, JMLR 15.
    """

    def __init__(self, rate, *, rng):
        super().__init__()
        if not isinstance(rate, int | float | np.floating) or not 0 <= rate < 1:
            raise ValueError(f"rate must be a number in 0 <= rate < 1: got {rate!r}")
        _require_rng(rng)
        self.rate, self._rng, self._mask = float(rate), rng, None

    def forward(self, x, training=False):
        require_batch(x)
        if training:
            kept = self._rng.random(x.shape, np.float32) >= self.rate
            self._mask = kept * x.dtype.type(1 / (1 - self.rate))
        else:
            self._mask = np.ones_like(x)
        return x * self._mask

    def backward(self, dy, needs_dx=True):
        require_gradient(dy, *_shape_and_dtype(self._mask))
        return dy * self._mask


class BatchNormalization(Layer):
    """``y = gamma * (x - mean) / sqrt(variance + epsilon) + beta``, each column by itself.

    In training, mean and variance (over N, not N - 1) are those of the batch, and the moving averages in `state` take a
    step of 1 - momentum towards them. Otherwise the moving averages stand in their place: a row's answer does then not
    depend on its company. Names, defaults and rules are those of Keras.

    Parameters
    ----------
    n_features : int                    columns of x
    momentum : float                    share of the moving averages that a batch leaves as it was, 0 <= momentum < 1
    epsilon : float                     keeps a constant column finite, > 0
    dtype : float32 or float64          of gamma, beta and the moving averages, all (n_features,)

    References
    ----------
    Ioffe and Szegedy (2015), Batch Normalization, algorithms 1 and 2.
    """

    def __init__(self, n_features, *, momentum=0.99, epsilon=1e-3, dtype=np.float32):
        super().__init__()
        if not isinstance(n_features, int | np.integer) or n_features < 1:
            raise ValueError(f"n_features must be a whole number of at least 1: got {n_features!r}")
        if not isinstance(momentum, int | float | np.floating) or not 0 <= momentum < 1:
            raise ValueError(f"momentum must be a number in 0 <= momentum < 1: got {momentum!r}")
        if not isinstance(epsilon, int | float | np.floating) or not 0 < epsilon < np.inf:
            raise ValueError(f"epsilon must be a finite number above 0: got {epsilon!r}")
        _require_dtype(dtype)
        self.n_inputs = self.n_outputs = int(n_features)
        self.momentum, self.epsilon = float(momentum), float(epsilon)
        self.params = {"gamma": np.ones(n_features, dtype), "beta": np.zeros(n_features, dtype)}
        self.grads = {key: np.zeros_like(param) for key, param in self.params.items()}
        self.state = {"moving_mean": np.zeros(n_features, dtype), "moving_variance": np.ones(n_features, dtype)}
        self._normalized = None

    def forward(self, x, training=False):
        require_batch(x, self.n_inputs, self.params["gamma"].dtype)
        mean, variance = (x.mean(axis=0), x.var(axis=0)) if training else self.state.values()
        if training:
            for moving, batch in zip(self.state.values(), (mean, variance), strict=True):
                moving += (1 - self.momentum) * (batch - moving)
        self._scale, self._training = 1 / np.sqrt(variance + self.epsilon), training
        self._normalized = (x - mean) * self._scale
        return self.params["gamma"] * self._normalized + self.params["beta"]

    def backward(self, dy, needs_dx=True):
        require_gradient(dy, *_shape_and_dtype(self._normalized))
        (dy * self._normalized).sum(axis=0, out=self.grads["gamma"])
        dy.sum(axis=0, out=self.grads["beta"])
        if self._training:                                  # mean and variance depend on x, too
            dy = dy - (self.grads["beta"] + self._normalized * self.grads["gamma"]) / len(dy)
        return dy * self.params["gamma"] * self._scale


def require_batch(x, n_columns=None, dtype=None):
    """Refuse what cannot be the input of a layer with `n_columns` columns and parameters of `dtype` (None: any)."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        raise ValueError(f"a batch must be a float array: got {getattr(x, 'dtype', type(x).__name__)}")
    if n_columns is not None and (x.ndim != 2 or x.shape[1] != n_columns):
        raise ValueError(f"a batch of shape (N, {n_columns}) expected: got {x.shape}")
    if dtype is not None and x.dtype != dtype:
        raise ValueError(f"batch and parameters must have one dtype: got {x.dtype} for {dtype} parameters, use .astype")


def require_gradient(dy, shape, dtype):
    """Refuse a `dy` that does not belong to the last forward pass, whose output had `shape` (None: there was none)."""
    if shape is None:
        raise ValueError("backward needs the values of a forward pass: call forward(x) first")
    if not isinstance(dy, np.ndarray) or dy.shape != shape or dy.dtype != dtype:
        got = f"{dy.dtype} {dy.shape}" if isinstance(dy, np.ndarray) else type(dy).__name__
        raise ValueError(f"dy must have shape and dtype of the output, {dtype} {shape}: got {got}")


def _shape_and_dtype(array):
    return (None, None) if array is None else (array.shape, array.dtype)


def _require_dtype(dtype):
    if not any(dtype == known for known in (np.float32, "float32", np.float64, "float64")):
        raise ValueError(f"dtype must be float32 or float64: got {dtype!r}")


def _require_rng(rng):
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator, as np.random.default_rng(0) makes one: got {rng!r}")
