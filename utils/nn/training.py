"""The loop: Batches hands out examples, fit steps, History remembers."""

import copy
import math

import numpy as np


class Batches:
    """The examples in batches. One pass over it is one epoch, in a new order each time.

    Parameters
    ----------
    x : ndarray (N, ...), float         examples in rows; kept, not copied
    y : ndarray (N, ...)                one target a row
    batch_size : int                    the last batch of an epoch is smaller when N does not divide, and is used
    rng : numpy.random.Generator        the order is drawn from it; None with shuffle=False
    shuffle : bool                      False: every epoch in the order of the rows

    Raises
    ------
    ValueError      for an empty set, raw images, NaN or infinite numbers, x and y of different lengths
    """

    def __init__(self, x, y, batch_size, *, rng, shuffle=True):
        require_examples(x, y)
        if not isinstance(batch_size, int | np.integer) or batch_size < 1:
            raise ValueError(f"batch_size must be a whole number of at least 1: got {batch_size!r}")
        if shuffle and not isinstance(rng, np.random.Generator):
            raise ValueError(f"rng must be a generator, as np.random.default_rng(0) makes one: got {rng!r}")
        self.x, self.y, self.batch_size, self._rng, self.shuffle = x, y, int(batch_size), rng, bool(shuffle)

    def __len__(self):
        """Batches in an epoch."""
        return math.ceil(len(self.x) / self.batch_size)

    def __iter__(self):
        order = self._rng.permutation(len(self.x)) if self.shuffle else np.arange(len(self.x))
        for start in range(0, len(order), self.batch_size):
            rows = order[start : start + self.batch_size]
            yield self.x[rows], self.y[rows]            # gathered here: no shuffled copy of the set


class History:
    """What each epoch brought: one list a quantity (`loss`, `val_loss`, `accuracy`, ...), one number an epoch.

    ``vars(history)`` is the dictionary of the lists, ``pandas.DataFrame(vars(history))`` the table.
    """

    def __init__(self, *names):
        for name in names:
            setattr(self, name, [])

    def append(self, /, **values):
        """Add an epoch: one number for each quantity."""
        for name, value in values.items():
            getattr(self, name).append(value)

    def __repr__(self):
        return "\n".join(f"{name}: {[round(value, 4) for value in values]}" for name, values in vars(self).items())


@np.errstate(over="ignore", invalid="ignore")             # a network that diverges is told once, by the error below
def fit(model, loss, optimizer, batches, *, epochs, validation_data=None, metrics=None, on_epoch=None):
    """Train `model`: for every batch forward, loss, backward, step.

    Parameters
    ----------
    model : Layer                       changed in place
    loss : function                     (prediction, target) -> (loss, gradient)
    optimizer : Optimizer
    batches : Batches                   one pass is one epoch
    epochs : int
    validation_data : (x, y)            scored after each epoch, never trained on
    metrics : dict of name -> function  (prediction, target) -> number, a mean over rows, such as {"accuracy": accuracy}
    on_epoch : function                 called as on_epoch(epoch, history) after each epoch, counted from 1

    Returns
    -------
    History     loss and metrics, means over the epoch's examples *while the network was learning* (as Keras reports
                them); val_loss and val_... after the epoch; both losses with the penalty of the weights

    Raises
    ------
    ValueError              for data that do not fit the model or the loss, before the first step
    FloatingPointError      when the loss turns NaN or infinite; its `history` holds the epochs before
    """
    metrics = metrics or {}
    _require_fit(model, loss, batches, epochs, validation_data, metrics)
    names = ["loss", *metrics, *(f"val_{name}" for name in ("loss", *metrics) if validation_data is not None)]
    history = History(*names)
    for epoch in range(1, epochs + 1):
        try:
            scores = _train_epoch(model, loss, optimizer, batches, metrics)
            if validation_data is not None:
                scores += _validate(model, loss, metrics, *validation_data)
        except FloatingPointError as error:
            raise _diverged(error, epoch, optimizer, history) from None
        history.append(**dict(zip(names, scores, strict=True)))
        if on_epoch:
            on_epoch(epoch, history)
    return history


def _train_epoch(model, loss, optimizer, batches, metrics):
    """One pass over the batches; loss and metrics as means over the epoch's examples."""
    params, grads = model.params, model.grads
    totals = np.zeros(1 + len(metrics))
    for step, (x, y) in enumerate(batches, 1):
        try:
            scores, dprediction = _score(model, loss, metrics, x, y, training=True)
        except FloatingPointError as error:
            raise FloatingPointError(f"step {step} of {len(batches)}: {error}") from None
        model.backward(dprediction, needs_dx=False)
        optimizer.step(params, grads)
        totals += len(x) * np.array(scores)
    return (totals / len(batches.x)).tolist()


def _validate(model, loss, metrics, x, y):
    """Loss and metrics as means over the examples, which come in parts: what the layers keep grows with the rows."""
    totals = np.zeros(1 + len(metrics))
    for part in _parts(x):
        try:
            totals += len(x[part]) * np.array(_score(model, loss, metrics, x[part], y[part])[0])
        except FloatingPointError as error:
            raise FloatingPointError(f"validation: {error}") from None
    return (totals / len(x)).tolist()


def _parts(x, n_rows=256):
    return [slice(start, start + n_rows) for start in range(0, len(x), n_rows)]


def _score(model, loss, metrics, x, y, training=False):
    """[loss with the penalty, metric, ...] of one batch, and the gradient of the loss by the prediction."""
    prediction = model.forward(x, training)
    value, dprediction = loss(prediction, y) if np.isfinite(prediction).all() else (math.nan, None)
    value += model.penalty()
    if not math.isfinite(value):
        raise FloatingPointError(f"the loss is {value}")
    return [value, *(float(f(prediction, y)) for f in metrics.values())], dprediction


def _diverged(error, epoch, optimizer, history):
    """The error to raise: it tells where, what to try, and carries the epochs before."""
    rate = optimizer.learning_rate
    told = FloatingPointError(f"epoch {epoch}, {error} with learning_rate={rate:g}: try a smaller one")
    told.history = history
    return told


def require_examples(x, y):
    """Refuse what cannot be learned from: see Batches."""
    for name, array in (("x", x), ("y", y)):
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub" or array.ndim == 0 or len(array) == 0:
            got = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            raise ValueError(f"{name} must be an array of numbers with at least one row: got {got}")
        if array.size and not np.isfinite([array.min(), array.max()]).all():    # both pass NaN on, and copy nothing
            raise ValueError(f"{name} must be finite: it holds NaN or infinity")
    if x.dtype == np.uint8:
        raise ValueError("x must be a float array: got uint8. Raw images? Divide by 255 first, as float32")
    if x.dtype.kind != "f":
        raise ValueError(f"x must be a float array: got {x.dtype}")
    if len(x) != len(y):
        raise ValueError(f"one target a row expected: got {len(x)} rows in x and {len(y)} in y")


def _require_fit(model, loss, batches, epochs, validation_data, metrics):
    """Refuse before the first step what would fail in some later one."""
    if not isinstance(batches, Batches):
        raise ValueError(f"batches must be Batches(x, y, batch_size, rng=rng): got {type(batches).__name__}")
    if not isinstance(epochs, int | np.integer) or epochs < 1:
        raise ValueError(f"epochs must be a whole number of at least 1: got {epochs!r}")
    _require_metrics(metrics)
    _require_targets(model, loss, batches.x, batches.y)
    if validation_data is not None:
        if not isinstance(validation_data, tuple) or len(validation_data) != 2:
            n = f" of {len(validation_data)}" if isinstance(validation_data, tuple) else ""
            raise ValueError(f"validation_data must be a pair (x, y): got {type(validation_data).__name__}{n}")
        require_examples(*validation_data)
        _require_targets(model, loss, *validation_data)


def _require_metrics(metrics):
    named = isinstance(metrics, dict) and all(isinstance(name, str) and name.isidentifier() for name in metrics)
    if not named or not all(map(callable, metrics.values())):
        raise ValueError(f"metrics must be a dictionary of name -> function: got {metrics!r}")
    if any(name == "loss" or name.startswith("val_") or hasattr(History, name) for name in metrics):
        raise ValueError(f"metrics must not be called loss, val_... or append: got {list(metrics)}")


def _require_targets(model, loss, x, y):
    """Let the loss see all targets, against a prediction of zeros of the model's shape and dtype."""
    output = copy.deepcopy(model).forward(x[:1])            # a copy's: a refused call leaves no trace in the model
    for part in _parts(x):
        loss(np.zeros((len(x[part]), *output.shape[1:]), output.dtype), y[part])
