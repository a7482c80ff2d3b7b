"""Right answers that are said to agree with Keras do, on all cases of their checkers."""

import keras
import numpy as np
import pytest
from test_exercises import on_cases

from utils.exercises import EXERCISES


def test_the_step_of_adamw_is_that_of_keras():
    w, g = np.array([1.0, -2.0, 0.5]), np.array([[0.3, -1.0, 2.0], [0.1, 0.4, -0.5]])
    variable = keras.Variable(w, dtype="float64")
    optimizer = keras.optimizers.AdamW(0.05, weight_decay=0.3)
    m, v, t = np.zeros(3), np.zeros(3), 0
    for gradient in g:
        w, m, v, t = EXERCISES["06.3"].right(w, gradient, m, v, t, 0.05, 0.3)
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        assert w == pytest.approx(variable.numpy(), rel=1e-5)     # Keras' rate is a float32


def test_early_stopping_stops_where_the_callback_of_keras_stops():
    for (losses, patience), (n_epochs, best_epoch) in on_cases("09.3"):
        callback = keras.callbacks.EarlyStopping("val_loss", patience=patience)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        callback.set_model(model)
        callback.on_train_begin()
        model.stop_training, epoch = False, 0
        while not model.stop_training and epoch < len(losses):
            callback.on_epoch_end(epoch, {"val_loss": losses[epoch]})
            epoch += 1
        assert (epoch, callback.best_epoch + 1) == (n_epochs, best_epoch)


def test_batch_normalisation_is_the_layer_of_keras():
    for (x, gamma, beta, mean, variance, training), results in on_cases("14.4"):
        layer = keras.layers.BatchNormalization(momentum=0.9, dtype="float64")
        layer.build(x.shape)
        layer.set_weights([np.broadcast_to(part, x.shape[1:]) for part in (gamma, beta, mean, variance)])
        y = layer(x, training=training)
        for ours, keras_own in zip(results, [y, layer.moving_mean, layer.moving_variance], strict=True):
            assert np.broadcast_to(ours, keras_own.shape) == pytest.approx(keras_own.numpy(), rel=1e-5, abs=1e-7)
