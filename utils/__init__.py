"""Helpers of keras-from-zero. Each module is a sentence of the book:

nn             a neural network in NumPy: layers, losses, optimizers, fit, gradient checks
data           the data sets: shipped (load_), downloaded (fetch_), drawn (make_)
metrics        accuracy, confusion matrix and what follows from it
plotting       the figures of the chapters
exercises      check(number, answer): exercises that answer back
bridge         weights and gradients, ours <-> Keras
notebook       what a notebook needs besides: is all here, show_source, a progress bar
quiet          a start of TensorFlow without messages

Importing this package prepares that quiet start, and does nothing else.
"""

from utils.quiet import quiet_tensorflow

quiet_tensorflow()
