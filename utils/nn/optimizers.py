"""Optimizers: what to do with a gradient. The rules are Keras 3's, epsilon in its place included.

Each keeps its state (velocities, moments) by the key of the parameter. So one optimizer serves one dictionary of
parameters: a second model wants a second optimizer.
"""

import numpy as np

# Added to every gradient that a mean is kept of. A mean that only decays ends among the denormal numbers, on which
# processors are 20 to 40 times slower. This is too small to matter, and large enough to keep the mean out, and the mean
# of squares: about 1e-15 in float32 and 1e-123 in float64 (chapter 06).
SMALLEST = {name: float(np.finfo(name).tiny) ** 0.4 for name in ("float32", "float64")}


class Optimizer:
    """What all rules share: a learning rate, a count of steps, and state by key. A rule defines `_update`."""

    n_moments = 0                       # arrays of state that the rule keeps for each parameter

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate
        self.iterations = 0
        self._state = {}

    @property
    def learning_rate(self):
        """The step size; may be set between steps (a schedule)."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        if not _is_number(value) or not 0 < value < np.inf:
            raise ValueError(f"learning_rate must be a positive number: got {value!r}")
        self._learning_rate = float(value)              # a NumPy float64 would make float64 of every float32 array

    def step(self, params, grads):
        """Change every array of `params` in place, by the rule and by `grads`, a dictionary with the same keys.

        Raises ValueError, and changes nothing, when keys, shapes or dtypes of the two, or of the state, differ.
        """
        self._require_pairs(params, grads)
        self.iterations += 1
        for key, param in params.items():
            if key not in self._state:
                self._state[key] = [np.zeros_like(param) for _ in range(self.n_moments)]
            grad = grads[key] + SMALLEST[param.dtype.name] if self.n_moments else grads[key]
            self._update(param, grad, *self._state[key])

    def _update(self, param, grad, *moments):           # with moments, `grad` is a copy, and free to be overwritten
        raise NotImplementedError(f"{type(self).__name__} has no rule")

    def _require_pairs(self, params, grads):
        if params.keys() != grads.keys():
            raise ValueError(f"params and grads must have the same keys: got {list(params)} and {list(grads)}")
        for key, param in params.items():
            got = getattr(param, "dtype", type(param).__name__)
            if got not in (np.float32, np.float64):
                raise ValueError(f"parameter {key!r} must be a float32 or float64 array: got {got}")
            for array in (grads[key], *self._state.get(key, ())):
                got = getattr(array, "dtype", type(array).__name__), np.shape(array)
                if got != (param.dtype, param.shape):
                    raise ValueError(
                        f"gradient and state of {key!r} must be {param.dtype} {param.shape} as the parameter is: "
                        f"got {got[0]} {got[1]}"
                    )


class SGD(Optimizer):
    """Gradient descent, with momentum if you like.

    w <- w - learning_rate * g                              without momentum
    v <- momentum * v - learning_rate * g;  w <- w + v      with momentum
                                            w <- w + momentum * v - learning_rate * g      and Nesterov's look ahead

    References
    ----------
    Sutskever et al. (2013), On the importance of initialization and momentum in deep learning, section 2.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum, self.nesterov = _share("momentum", momentum), bool(nesterov)
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov=True needs a momentum above 0: got momentum=0")
        self.n_moments = int(self.momentum > 0)

    def _update(self, param, grad, velocity=None):
        step = self.learning_rate * grad
        if velocity is not None:
            velocity *= self.momentum
            velocity -= step
            step = step - self.momentum * velocity if self.nesterov else -velocity
        param -= step


class RMSprop(Optimizer):
    """Divides each gradient by the root of its recent mean square.

    v <- rho * v + (1 - rho) * g^2;  w <- w - learning_rate * g / sqrt(v + epsilon)

    References
    ----------
    Hinton (2012), Neural Networks for Machine Learning, lecture 6e. Epsilon inside the root, as in Keras.
    """

    n_moments = 1

    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho, self.epsilon = _share("rho", rho), _positive("epsilon", epsilon)

    def _update(self, param, grad, v):
        v *= self.rho
        v += (1 - self.rho) * (grad * grad)
        root = v + self.epsilon
        np.sqrt(root, out=root)
        grad *= self.learning_rate                      # a copy (see step), and room to work in
        grad /= root
        param -= grad


class Adam(Optimizer):
    """Momentum and RMSprop together, both corrected for having started at 0.

    m <- beta_1 * m + (1 - beta_1) * g;  v <- beta_2 * v + (1 - beta_2) * g^2
    w <- w - alpha * m / (sqrt(v) + epsilon),  alpha = learning_rate * sqrt(1 - beta_2^t) / (1 - beta_1^t)

    The first step of every weight with |g| well above epsilon is the learning rate itself.

    References
    ----------
    Kingma and Ba (2015), Adam, arXiv:1412.6980, section 2: the efficient form at its end, which is Keras' too.
    """

    n_moments = 2

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1, self.beta_2 = _share("beta_1", beta_1), _share("beta_2", beta_2)
        self.epsilon = _positive("epsilon", epsilon)

    def _update(self, param, grad, m, v):
        alpha = self.learning_rate * (1 - self.beta_2**self.iterations) ** 0.5 / (1 - self.beta_1**self.iterations)
        m *= self.beta_1
        m += (1 - self.beta_1) * grad
        v *= self.beta_2
        grad *= grad                                    # a copy (see step), and from here on room to work in
        v += (1 - self.beta_2) * grad
        step = np.sqrt(v, out=grad)                     # alpha * m / (sqrt(v) + epsilon), in no new array
        step += self.epsilon
        np.divide(m, step, out=step)
        step *= alpha
        param -= step


def _is_number(value):
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _share(name, value):
    if not _is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name} must be a number in 0 <= {name} < 1: got {value!r}")
    return float(value)


def _positive(name, value):
    if not _is_number(value) or not 0 < value < np.inf:
        raise ValueError(f"{name} must be a positive number: got {value!r}")
    return float(value)
