"""The transformers give what Keras' preprocessing layers give, and differ where the docstrings say so."""

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import generators, repeatable

from utils.preprocessing import OneHotEncoder, StandardScaler, as_part

# Keras 3 hands TensorFlow's arrays to NumPy 2 in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@repeatable
@given(generators, st.integers(2, 30), st.integers(1, 4))
def test_the_scaler_is_normalization_adapted_to_the_training_rows(rng, n, d):
    names = list("abcd"[:d])
    train, rows = [pd.DataFrame(rng.normal(3, 2, (n, d)), columns=names) for _ in range(2)]
    layer = keras.layers.Normalization()
    layer.adapt(train.to_numpy("float32"))
    scaler = StandardScaler().fit(as_part(train, "train"))
    np.testing.assert_allclose(layer(rows.to_numpy("float32")), scaler.transform(rows), rtol=1e-3, atol=1e-3)


def test_where_a_column_is_constant_keras_divides_by_its_epsilon_and_we_by_1():
    layer = keras.layers.Normalization()
    layer.adapt(np.full((5, 1), 4.0, "float32"))
    scaler = StandardScaler().fit(as_part(pd.DataFrame({"a": [4.0] * 5}), "train"))
    rows = pd.DataFrame({"a": [4.0, 5.0]})
    np.testing.assert_allclose(layer(rows.to_numpy("float32"))[:, 0], [0, 1e7], rtol=1e-5)
    assert scaler.transform(rows)["a"].tolist() == [0, 1]


def test_one_hole_in_training_makes_everything_nan_in_keras_and_nothing_here():
    layer, train = keras.layers.Normalization(), pd.DataFrame({"a": [1.0, np.nan, 3.0]})
    layer.adapt(train.to_numpy("float32"))
    assert np.isnan(layer(np.array([[1.0]], "float32"))).all()
    assert StandardScaler().fit(as_part(train, "train")).transform(pd.DataFrame({"a": [1.0]}))["a"].tolist() == [-1]


@repeatable
@given(generators, st.integers(1, 20))
def test_the_encoder_is_string_lookup_with_its_vocabulary_unknown_words_included(rng, n):
    train, rows = [pd.DataFrame({"a": rng.choice(list(letters), n)}) for letters in ("bcd", "abcde")]
    encoder = OneHotEncoder().fit(as_part(train, "train"))
    layer = keras.layers.StringLookup(vocabulary=encoder.categories_["a"], output_mode="one_hot")
    assert np.array_equal(layer(rows["a"].to_numpy(str)), encoder.transform(rows))
    assert [f"a_{word}" for word in layer.get_vocabulary()] == list(encoder.transform(rows).columns)
