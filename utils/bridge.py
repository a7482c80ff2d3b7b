"""Ours <-> Keras: the same network on both sides. Inside utils the only importer of Keras."""

import keras

from utils.nn import L1, L2, BatchNormalization, Dense, Dropout, Layer, ReLU, Sequential, Sigmoid, Tanh

ACTIVATIONS = {ReLU: "relu", Sigmoid: "sigmoid", Tanh: "tanh"}


def to_keras(model):
    """A built `keras.Sequential` with the layers, the dtype and the weights of `model`, a `utils.nn.Sequential`.

    Raises ValueError for a layer or regularizer without counterpart, and for a model that does not begin with Dense.
    """
    first = type(model.layers[0]).__name__ if isinstance(model, Sequential) else f"no layer in {type(model).__name__}"
    if first != "Dense":
        raise ValueError(f"a utils.nn.Sequential that begins with Dense expected: got one that begins with {first}")
    dtype = model.params["0.W"].dtype.name
    layers = [_counterpart(layer, dtype) for layer in model.layers]
    twin = keras.Sequential([keras.Input((model.n_inputs,), dtype=dtype), *layers])
    copy_weights(model, twin)
    return twin


def copy_weights(source, target):
    """Copy all weights, moving averages included, from `source` to `target`: one of `utils.nn`, one of Keras and built.

    Raises ValueError, and copies nothing, unless both hold weights of the same shapes in the same order.
    """
    ours_first = isinstance(source, Layer)
    ours, theirs = (source, target) if ours_first else (target, source)
    if not isinstance(ours, Layer) or not isinstance(theirs, keras.Layer):
        got = f"{type(source).__name__} and {type(target).__name__}"
        raise ValueError(f"a model of utils.nn and one of Keras expected: got {got}")
    arrays, variables = list(_weights(ours)), theirs.weights
    shapes = [array.shape for array in arrays], [tuple(variable.shape) for variable in variables]
    if shapes[0] != shapes[1]:
        raise ValueError(f"weights of the same shapes expected: got {shapes[0]} and, in Keras, {shapes[1]}")
    for array, variable in zip(arrays, variables, strict=True):
        if ours_first:
            variable.assign(array)
        else:
            array[...] = keras.ops.convert_to_numpy(variable)


def keras_gradients(model, loss, x, y, training=False):
    """(loss, gradients) of a Keras model, as a float and a list of arrays in the order of its trainable variables.

    `loss` is called as loss(y, model(x)), the order of Keras; the model's penalties are added. `training` switches the
    model's dropout and batch normalisation. TensorFlow backend.
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        value = loss(y, model(x, training=training)) + sum(model.losses)
    gradients = tape.gradient(value, model.trainable_variables)
    return float(value), [gradient.numpy() for gradient in gradients]


def _weights(layer):
    """Parameters and state in the order of Keras: layer after layer, and in each the state last."""
    if isinstance(layer, Sequential):
        for inner in layer.layers:
            yield from _weights(inner)
    else:
        yield from (layer.params | layer.state).values()


def _counterpart(layer, dtype):
    if isinstance(layer, Dense):
        return keras.layers.Dense(layer.n_outputs, dtype=dtype, kernel_regularizer=_penalty(layer.kernel_regularizer))
    if isinstance(layer, BatchNormalization):
        return keras.layers.BatchNormalization(momentum=layer.momentum, epsilon=layer.epsilon, dtype=dtype)
    if isinstance(layer, Dropout):
        return keras.layers.Dropout(layer.rate, dtype=dtype)
    if type(layer) not in ACTIVATIONS:
        raise ValueError(f"no Keras counterpart is known for {type(layer).__name__}")
    return keras.layers.Activation(ACTIVATIONS[type(layer)], dtype=dtype)


def _penalty(regularizer):
    if regularizer is None:
        return None
    kinds = {L1: (keras.regularizers.L1, "l1"), L2: (keras.regularizers.L2, "l2")}
    if type(regularizer) not in kinds:
        raise ValueError(f"no Keras counterpart is known for {regularizer!r}")
    kind, name = kinds[type(regularizer)]
    twin = kind(getattr(regularizer, name))
    setattr(twin, name, getattr(regularizer, name))     # Keras 3.10 made float32 of it, which a float64 layer refuses
    return twin
