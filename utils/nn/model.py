"""Sequential: layers one after the other."""

from .layers import Layer, require_batch


class Sequential(Layer):
    """A network whose every layer takes the output of the one before it.

    Parameters
    ----------
    *layers : Layer         at least one; each of them a different object; sizes and dtypes must fit together

    `params`, `grads` and `state` are flat dictionaries in layer order, ``"0.W", "0.b", "2.W", ...`` (the layer's
    number), and their arrays are the layers' own: ``params["0.W"][...] = w`` changes the layer.
    """

    def __init__(self, *layers):
        _require_chain(layers)
        self.layers = layers
        self._dtype = next((array.dtype for array in self.params.values()), None)
        self.n_inputs = next((layer.n_inputs for layer in layers if layer.n_inputs), None)
        self.n_outputs = next((layer.n_outputs for layer in reversed(layers) if layer.n_outputs), None)

    @property
    def params(self):
        return {f"{i}.{key}": array for i, layer in enumerate(self.layers) for key, array in layer.params.items()}

    @property
    def grads(self):
        return {f"{i}.{key}": array for i, layer in enumerate(self.layers) for key, array in layer.grads.items()}

    @property
    def state(self):
        return {f"{i}.{key}": array for i, layer in enumerate(self.layers) for key, array in layer.state.items()}

    def penalty(self):
        return sum(layer.penalty() for layer in self.layers)

    def forward(self, x, training=False):
        require_batch(x, self.n_inputs, self._dtype)
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, dy, needs_dx=True):
        """d(loss)/dx, and `grads` filled. Without `needs_dx` the first layer's dx, often the dearest, is left out."""
        for layer in reversed(self.layers[1:]):
            dy = layer.backward(dy)
        return self.layers[0].backward(dy, needs_dx)


def _require_chain(layers):
    if not layers or not all(isinstance(layer, Layer) for layer in layers):
        raise ValueError(f"at least one layer, and only layers, expected: got {[type(x).__name__ for x in layers]}")
    if len({id(layer) for layer in layers}) < len(layers):
        raise ValueError("every layer must be an object of its own: one stands in two places, and keeps one x for both")
    width, dtypes = None, set()
    for i, layer in enumerate(layers):
        if None not in (width, layer.n_inputs) and layer.n_inputs != width:
            raise ValueError(f"layer {i} wants {layer.n_inputs} columns, and the layers before it give {width}")
        width = layer.n_outputs or width
        dtypes |= {str(array.dtype) for array in layer.params.values()}
    if len(dtypes) > 1:
        raise ValueError(f"all parameters must have one dtype: got {sorted(dtypes)}")
