"""A neural network in NumPy. Its modules are its theory, in the order of the chapters:

activations    relu, sigmoid, tanh, softmax: what makes a layer more than a matrix       (chapter 01)
initializers   the numbers that a layer starts from                                      (chapter 07)
layers         Dense and friends: forward(x) and backward(dy)                            (chapters 01, 04 and 14)
regularizers   L1 and L2: what a weight costs                                            (chapter 14)
losses         (prediction, target) -> (loss, gradient)                                  (chapter 02)
autodiff       Value: the chain rule on a graph of scalars, in a page                    (chapter 03)
gradcheck      central differences: is that gradient true?                               (chapters 02 to 04)
optimizers     SGD, RMSprop, Adam: what to do with a gradient                            (chapters 05 and 06)
model          Sequential: layers one after the other                                    (chapter 04)
training       Batches, fit, History: the loop                                           (chapter 07)

Rows are examples: a batch x has the shape (N, D). `dz` is d(loss)/dz and has the shape of `z`.
"""

from .activations import (
    log_softmax,
    log_softmax_jacobian,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_jacobian,
    tanh,
    tanh_derivative,
)
from .autodiff import Value
from .gradcheck import numerical_gradient, relative_error
from .initializers import glorot_uniform, he_normal
from .layers import BatchNormalization, Dense, Dropout, Layer, ReLU, Sigmoid, Tanh
from .losses import binary_cross_entropy, mean_squared_error, softmax_cross_entropy
from .model import Sequential
from .optimizers import SGD, Adam, Optimizer, RMSprop
from .regularizers import L1, L2
from .training import Batches, History, fit

__all__ = [
    "L1",
    "L2",
    "SGD",
    "Adam",
    "BatchNormalization",
    "Batches",
    "Dense",
    "Dropout",
    "History",
    "Layer",
    "Optimizer",
    "RMSprop",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "Value",
    "binary_cross_entropy",
    "fit",
    "glorot_uniform",
    "he_normal",
    "log_softmax",
    "log_softmax_jacobian",
    "mean_squared_error",
    "numerical_gradient",
    "relative_error",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_cross_entropy",
    "softmax_jacobian",
    "tanh",
    "tanh_derivative",
]
