"""Helpers of keras-from-zero. Each module is a sentence of the book:

nn             a neural network in NumPy: layers, losses, optimizers, fit, gradient checks
data           the data sets: shipped (load_), downloaded (fetch_), drawn (make_)
preprocessing  split, impute, encode, scale: learned from training rows alone
metrics        how good is it: counts, curves, costs, calibration
resampling     how sure are we: intervals, two models on the same rows, the rows that a claim needs
plotting       the figures of the chapters
exercises      check(number, answer): exercises that answer back
bridge         weights and gradients, ours <-> Keras
notebook       what a notebook needs besides: is all here, show_source, a progress bar
quiet          a start of TensorFlow without messages

Importing this package prepares that quiet start, and does nothing else.
"""

from utils.quiet import quiet_tensorflow

quiet_tensorflow()
