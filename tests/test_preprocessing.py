import copy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import generators, refused, repeatable

from utils.data import load_cars, load_penguins
from utils.preprocessing import (
    MinMaxScaler,
    MissingIndicator,
    OneHotEncoder,
    OrdinalEncoder,
    SimpleImputer,
    StandardScaler,
    Transformer,
    as_part,
    k_folds,
    split,
)

NAN = np.nan


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def marked(part="train", **columns):
    return as_part(pd.DataFrame(columns), part)


def part_of(table):
    return table.attrs.get("part")


def test_importing_preprocessing_loads_neither_pandas_nor_scikit_learn_nor_keras():
    code = "import sys, utils.preprocessing; print({'pandas', 'sklearn', 'keras', 'tensorflow'} & set(sys.modules))"
    root = Path(__file__).resolve().parent.parent
    process = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "set()"


# split


def test_eleven_rows_are_dealt_out_as_rounding_their_shares_says(rng):
    assert [len(part) for part in split(pd.DataFrame({"a": range(11)}), rng=rng)] == [7, 2, 2]     # 6.6, 8.8 and 11


def test_ten_rows_are_dealt_out_as_six_two_and_two(rng):
    table = pd.DataFrame({"a": range(10)})
    train, validation, test = split(table, rng=rng)
    assert [len(part) for part in (train, validation, test)] == [6, 2, 2]
    assert [part_of(part) for part in (train, validation, test)] == ["train", "validation", "test"]
    assert part_of(table) is None


@repeatable
@given(generators, st.integers(10, 80), st.floats(0.1, 0.4), st.floats(0.1, 0.4))
def test_every_row_goes_to_exactly_one_part_and_shares_hold_to_the_row(rng, n, validation, test):
    table = pd.DataFrame({"a": rng.normal(size=n), "b": list("xy" * n)[:n]}, index=np.arange(n) + 100)
    parts = split(table, rng=rng, validation=validation, test=test)
    pd.testing.assert_frame_equal(pd.concat(parts).sort_index(), table)
    for part, share in zip(parts, (1 - validation - test, validation, test), strict=True):
        assert abs(len(part) - share * n) <= 1


def test_the_same_generator_splits_alike_and_another_does_not(rng):
    table = pd.DataFrame({"a": range(50)})
    first, again, other = [split(table, rng=np.random.default_rng(seed))[0].index.tolist() for seed in (1, 1, 2)]
    assert first == again != other


def test_rows_come_in_another_order_than_they_stood(rng):
    for part in split(pd.DataFrame({"a": range(100)}), rng=rng):
        assert not part.index.is_monotonic_increasing


def test_every_row_is_as_likely_as_another_to_be_tested(rng):
    table = pd.DataFrame({"a": range(10)})
    tested = np.bincount(np.concatenate([split(table, rng=rng)[2].index for _ in range(500)]), minlength=10)
    assert np.all(np.abs(tested - 100) < 40)            # four standard deviations and more


def test_equal_index_labels_do_no_harm(rng):
    table = pd.DataFrame({"a": range(10)}, index=[7] * 10)
    assert sorted(pd.concat(split(table, rng=rng))["a"]) == list(range(10))


@pytest.mark.parametrize(("shares", "sizes"), [
    ({"validation": 0}, [8, 0, 2]), ({"test": 0}, [8, 2, 0]), ({"validation": 0, "test": 0}, [10, 0, 0]),
    ({"validation": 0.5, "test": 0.3}, [2, 5, 3]),
])
def test_a_share_of_nothing_is_an_empty_table(shares, sizes, rng):
    parts = split(pd.DataFrame({"a": range(10)}), rng=rng, **shares)
    assert [len(part) for part in parts] == sizes
    assert [part_of(part) for part in parts] == ["train", "validation", "test"]


def test_stratified_penguins_have_the_same_shares_of_species_everywhere(rng):
    penguins = load_penguins()
    everywhere = penguins["species"].value_counts()
    for part, share in zip(split(penguins, rng=rng, stratify="species"), (0.6, 0.2, 0.2), strict=True):
        assert ((part["species"].value_counts() - share * everywhere).abs() <= 1).all()


@repeatable
@given(generators, st.integers(5, 60), st.integers(1, 4))
def test_stratified_parts_hold_every_row_once_and_each_label_in_its_share(rng, n, n_labels):
    table = pd.DataFrame({"label": rng.integers(0, n_labels, n)})
    parts = split(pd.concat([table] * 5, ignore_index=True), rng=rng, stratify="label")
    assert sorted(np.concatenate([part.index for part in parts])) == list(range(5 * n))
    for part, share in zip(parts, (0.6, 0.2, 0.2), strict=True):
        assert np.allclose(np.bincount(part["label"]), share * 5 * np.bincount(table["label"]))      # 5 n: no remainder


def test_without_stratify_shares_of_a_label_differ(rng):
    table = pd.DataFrame({"label": [0] * 20 + [1] * 20})
    counts = {(split(table, rng=rng)[2]["label"] == 0).sum() for _ in range(20)}
    assert len(counts) > 1


@repeatable
@given(generators, st.integers(10, 60), st.integers(8, 20))
def test_no_group_stands_in_two_parts(rng, n, n_groups):
    groups = np.concatenate([np.arange(n_groups), rng.integers(0, n_groups, n)])
    table = pd.DataFrame({"key": [f"g{group}" for group in groups]})
    parts = split(table, rng=rng, groups="key", validation=0.3, test=0.3)
    keys = [set(part["key"]) for part in parts]
    assert not (keys[0] & keys[1] or keys[0] & keys[2] or keys[1] & keys[2])
    assert sum(map(len, parts)) == len(groups)
    largest = np.bincount(groups).max()
    for part, share in zip(parts, (0.4, 0.3, 0.3), strict=True):
        assert abs(len(part) - share * len(groups)) <= largest


def test_groups_of_one_row_are_dealt_out_like_rows(rng):
    table = pd.DataFrame({"key": range(10)})
    assert [len(part) for part in split(table, rng=rng, groups="key")] == [6, 2, 2]


def test_a_training_part_may_be_split_again_and_the_others_may_not(rng):
    train, validation, test = split(pd.DataFrame({"a": range(50)}), rng=rng)
    assert [len(part) for part in split(train, rng=rng)] == [18, 6, 6]
    for part in (validation, test):
        with refused("not split yet", part_of(part)):
            split(part, rng=rng)


@pytest.mark.parametrize(("changes", "quotes"), [
    ({"table": [1, 2]}, ["DataFrame", "list"]),
    ({"table": pd.DataFrame({"a": []})}, ["rows expected", "0 rows"]),
    ({"rng": 0}, ["rng must be a generator", "got 0"]),
    ({"validation": -0.1}, ["validation=-0.1", "test=0.2"]),
    ({"test": -0.1}, ["validation=0.2", "test=-0.1"]),
    ({"validation": 0.8}, ["below 1", "validation=0.8"]),
    ({"validation": 1.0, "test": 0}, ["below 1", "validation=1.0"]),
    ({"validation": 0, "test": 1.0}, ["below 1", "test=1.0"]),
    ({"test": NAN}, ["test=nan"]),
    ({"validation": 0.01}, ["at least one row", "[8, 0, 2]"]),
    ({"test": 0.01}, ["at least one row", "[8, 2, 0]", "('train', 'validation', 'test')"]),
    ({"validation": 0.49, "test": 0.49, "table": pd.DataFrame({"a": [1, 2]})}, ["[0, 1, 1]"]),
    ({"stratify": "c"}, ["one of ['a', 'b']", "'c'"]),
    ({"groups": "c"}, ["one of ['a', 'b']", "'c'"]),
    ({"stratify": "b"}, ["'b' must have no holes", "got 2"]),
    ({"groups": "b"}, ["'b' must have no holes", "got 2"]),
    ({"stratify": "a", "groups": "b"}, ["not both", "'a' and 'b'"]),
    ({"groups": "one", "table": pd.DataFrame({"one": [1] * 9})}, ["at least one row"]),
])
def test_split_refuses_what_it_cannot_do(changes, quotes, rng):
    arguments = {"table": pd.DataFrame({"a": range(10), "b": ["x", None] + ["y"] * 7 + [None]}), "rng": rng} | changes
    with refused(*quotes):
        split(arguments.pop("table"), **arguments)


# marks


def test_a_marked_table_is_a_copy():
    table = pd.DataFrame({"a": [1.0, 2.0]})
    train = as_part(table, "train")
    train.loc[0, "a"] = 9.0
    assert table["a"].tolist() == [1, 2] and part_of(table) is None and part_of(train) == "train"


@pytest.mark.parametrize("name, change", {
    "copy": lambda t: t.copy(),
    "columns": lambda t: t[["a"]],
    "rows": lambda t: t[t["b"] > 1],
    "places": lambda t: t.iloc[:2],
    "dropna": lambda t: t.dropna(),
    "drop": lambda t: t.drop(columns="b"),
    "drop_duplicates": lambda t: t.drop_duplicates(),
    "assign": lambda t: t.assign(c=1),
    "fillna": lambda t: t.fillna(0),
    "astype": lambda t: t.astype("float32"),
    "sample": lambda t: t.sample(2, random_state=0),
    "reset_index": lambda t: t.reset_index(drop=True),
    "deepcopy": copy.deepcopy,
    "two of a kind": lambda t: pd.concat([t, t]),
}.items())
def test_pandas_keeps_the_mark_through(name, change):
    assert part_of(change(marked(a=[1.0, NAN, 3.0], b=[1, 2, 3]))) == "train"


@pytest.mark.parametrize("name, change", {
    "two parts": lambda t, v: pd.concat([t, v]),
    "two parts the other way": lambda t, v: pd.concat([v, t]),
    "a table without mark": lambda t, v: pd.concat([t, pd.DataFrame({"a": [1.0]})]),
    "merge with another part": lambda t, v: t.merge(v, on="a"),
    "merge with a table": lambda t, v: t.merge(pd.DataFrame({"a": [1.0, 2.0], "c": [3, 4]}), on="a"),
    "rebuilt": lambda t, v: pd.DataFrame(t.to_dict()),
}.items())
def test_a_mixture_loses_the_mark_and_is_refused(name, change):
    mixed = change(marked(a=[1.0, 2.0]), marked("test", a=[1.0, 5.0]))
    assert part_of(mixed) is None
    with refused('marked "train"', "without a mark", "Split first"):
        StandardScaler().fit(mixed)


def test_writing_test_rows_into_training_rows_by_hand_is_not_noticed():
    mixed = marked(a=[1.0, NAN]).combine_first(marked("test", a=[5.0, 6.0]))
    assert part_of(mixed) == "train"                    # a mark and no lock, as the module says


def test_test_rows_stay_test_rows():
    test = marked("test", a=[1.0])
    assert part_of(as_part(test, "test")) == "test"
    for part in ("train", "validation"):
        with refused("test rows stay test rows", f'"{part}"'):
            as_part(test, part)


def test_validation_and_training_rows_may_change_places():
    assert part_of(as_part(marked("validation", a=[1.0]), "train")) == "train"
    assert part_of(as_part(marked("train", a=[1.0]), "test")) == "test"


@pytest.mark.parametrize(("table", "part", "quotes"), [
    (pd.DataFrame({"a": [1]}), "Train", ["validation", "'Train'"]),
    (pd.DataFrame({"a": [1]}), None, ["validation", "None"]),
    (np.ones((2, 2)), "train", ["DataFrame", "ndarray"]),
    (pd.Series([1.0]), "train", ["DataFrame", "Series"]),
])
def test_a_mark_is_one_of_three_words_and_for_tables(table, part, quotes):
    with refused(*quotes):
        as_part(table, part)


def test_an_empty_table_may_be_marked():
    assert part_of(as_part(pd.DataFrame({"a": []}), "validation")) == "validation"


# folds


def test_five_rows_in_two_folds_are_held_out_as_three_and_two(rng):
    folds = k_folds(5, 2, rng=rng)
    assert [len(held_out) for _, held_out in folds] == [3, 2]
    assert sorted(np.concatenate([held_out for _, held_out in folds])) == [0, 1, 2, 3, 4]


def assert_folds_are_sound(folds, n, k):
    assert len(folds) == k
    assert sorted(np.concatenate([held_out for _, held_out in folds])) == list(range(n))
    for train, held_out in folds:
        assert sorted([*train, *held_out]) == list(range(n))
        assert (np.diff(train) > 0).all() and (np.diff(held_out) > 0).all()


@repeatable
@given(generators, st.integers(2, 30), st.data())
def test_every_row_is_held_out_once_and_sizes_differ_by_at_most_one(rng, n, data):
    k = data.draw(st.integers(2, n))
    folds = k_folds(n, k, rng=rng)
    assert_folds_are_sound(folds, n, k)
    assert np.ptp([len(held_out) for _, held_out in folds]) <= 1


@repeatable
@given(generators, st.integers(10, 40), st.integers(2, 6), st.integers(1, 4))
def test_stratified_counts_differ_by_at_most_one(rng, n, k, n_labels):
    labels = rng.choice(list("abcd"[:n_labels]), n)
    folds = k_folds(n, k, rng=rng, labels=labels)
    assert_folds_are_sound(folds, n, k)
    for label in set(labels):
        assert np.ptp([(labels[held_out] == label).sum() for _, held_out in folds]) <= 1
    assert np.ptp([len(held_out) for _, held_out in folds]) <= 1


@repeatable
@given(generators, st.integers(1, 40), st.integers(2, 6))
def test_no_group_is_on_both_sides_and_the_folds_are_balanced(rng, n, k):
    groups = np.concatenate([np.arange(k), rng.integers(0, 2 * k, n)])
    folds = k_folds(len(groups), k, rng=rng, groups=groups)
    assert_folds_are_sound(folds, len(groups), k)
    assert not any(set(groups[train]) & set(groups[held_out]) for train, held_out in folds)
    assert np.ptp([len(held_out) for _, held_out in folds]) <= np.bincount(groups).max()


def test_the_largest_groups_are_dealt_out_first(rng):
    groups = [0] * 4 + [1] * 3 + [2] * 2 + [3]          # 4 + 1 and 3 + 2
    for _ in range(10):
        assert {len(held_out) for _, held_out in k_folds(10, 2, rng=rng, groups=groups)} == {5}


def test_plain_and_stratified_and_grouped_folds_are_random(rng):
    for extra in ({}, {"labels": [0, 1] * 10}, {"groups": list(range(20))}):
        drawn = {tuple(k_folds(20, 2, rng=rng, **extra)[0][1]) for _ in range(10)}
        assert len(drawn) > 1


def test_the_same_generator_folds_alike():
    first, again = [k_folds(20, 4, rng=np.random.default_rng(3)) for _ in range(2)]
    assert all((a[1] == b[1]).all() for a, b in zip(first, again, strict=True))


def test_labels_may_be_a_column_of_words_and_folds_index_its_table(rng):
    species = load_penguins()["species"]
    for train, held_out in k_folds(344, 4, rng=rng, labels=species):
        assert species.iloc[held_out].value_counts().to_dict() == {"Adelie": 38, "Gentoo": 31, "Chinstrap": 17}
        assert len(train) == 258


@pytest.mark.parametrize(("changes", "quotes"), [
    ({"k": 1}, ["at least 2", "k=1"]), ({"k": 7}, ["k=7", "n=6"]), ({"k": 2.0}, ["k=2.0"]), ({"n": 6.0}, ["n=6.0"]),
    ({"rng": None}, ["rng must be a generator", "None"]),
    ({"labels": [0, 1]}, ["labels must be one a row, (6,)", "(2,)"]),
    ({"labels": np.zeros((6, 1))}, ["(6, 1)"]),
    ({"labels": [0, 1, NAN, 1, NAN, 0]}, ["labels must have no holes", "2"]),
    ({"groups": [0, 1, 2, 1, None, 0]}, ["groups must have no holes", "1"]),
    ({"groups": [0, 0, 0, 1, 1, 1]}, ["at least one group a fold", "2 groups for 3 folds"]),
    ({"labels": [0] * 6, "groups": [0] * 6}, ["not both"]),
])
def test_folds_refuse_what_they_cannot_do(changes, quotes, rng):
    arguments = {"n": 6, "k": 3, "rng": rng} | changes
    with refused(*quotes):
        k_folds(**arguments)


def test_as_many_folds_as_rows_hold_out_one_each(rng):
    assert [len(held_out) for _, held_out in k_folds(np.int64(4), np.int64(4), rng=rng)] == [1, 1, 1, 1]


def test_as_many_groups_as_folds_are_enough(rng):
    assert len(k_folds(6, 3, rng=rng, groups=[0, 0, 1, 1, 2, 2])) == 3


# what all transformers refuse


NUMBERS = {"a": [1.0, 2.0, 4.0], "b": [0.0, 0.0, 3.0]}
ALL = [
    StandardScaler, MinMaxScaler, SimpleImputer, MissingIndicator, OneHotEncoder,
    lambda: OrdinalEncoder({"a": [1.0, 2.0, 4.0, 5.0, 7.0], "b": [0.0, 3.0, 4.0]}),
]


def state(transformer):
    return {name: getattr(value, "tolist", lambda value=value: value)() for name, value in vars(transformer).items()}


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize(("part", "quotes"), [
    ("test", ['expects rows marked "train"', 'got rows marked "test"']),
    ("validation", ['expects rows marked "train"', 'got rows marked "validation"']),
    (None, ['expects rows marked "train"', "without a mark", "Split first"]),
])
def test_fit_refuses_rows_that_are_not_for_training_and_keeps_what_it_knew(make, part, quotes):
    rows = pd.DataFrame({"a": [5.0, 7.0], "b": [3.0, 4.0]})
    rows = rows if part is None else as_part(rows, part)
    fresh, fitted = make(), make().fit(marked(**NUMBERS))
    before = state(fresh), state(fitted)
    for transformer in (fresh, fitted):
        with refused(*quotes):
            transformer.fit(rows)
    assert (state(fresh), state(fitted)) == before
    with refused("not fitted yet"):
        fresh.transform(rows)


@pytest.mark.parametrize("make", ALL)
def test_a_column_that_cannot_be_learned_from_leaves_nothing_half_fitted(make):
    fresh, fitted = make(), make().fit(marked(**NUMBERS))
    before = state(fresh), state(fitted)
    for transformer in (fresh, fitted):
        with refused("infinity", "['b']"):
            transformer.fit(marked(a=[5.0, 7.0], b=[-np.inf, 4.0]))
    assert (state(fresh), state(fitted)) == before


def test_infinity_is_found_beside_the_holes_of_a_nullable_column():
    train = marked(a=pd.array([np.inf, None], dtype="Float64"), b=pd.array([1, None], dtype="Int64"))
    with refused("infinity", "['a']"):
        MissingIndicator().fit(train)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize(("rows", "quotes"), [
    (pd.DataFrame({"b": [0.0], "a": [1.0]}), ["['a', 'b']", "got ['b', 'a']"]),
    (pd.DataFrame({"a": [1.0]}), ["['a', 'b']", "got ['a']"]),
    (pd.DataFrame({"a": [1.0], "b": [0.0], "c": [0.0]}), ["['a', 'b']", "got ['a', 'b', 'c']"]),
    (pd.DataFrame({"a": [1.0, np.inf], "b": [0.0, 0.0]}), ["finite", "['a']"]),
    (np.ones((2, 2)), ["DataFrame", "ndarray"]),
    (pd.Series([1.0], name="a"), ["DataFrame", "Series"]),
])
def test_transform_refuses_other_columns_infinity_and_what_is_no_table(make, rows, quotes):
    transformer = make().fit(marked(**NUMBERS))
    with refused(*quotes):
        transformer.transform(rows)


@pytest.mark.parametrize("make", ALL)
def test_transform_before_fit_is_refused(make):
    transformer = make()
    with refused(type(transformer).__name__, "not fitted yet", "fit(train)"):
        transformer.transform(marked(**NUMBERS))


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize(("train", "quotes"), [
    (np.ones((2, 2)), ["DataFrame", "ndarray"]),
    (pd.Series([1.0]), ["DataFrame", "Series"]),
    (as_part(pd.DataFrame({"a": [], "b": []}), "train"), ["rows expected", "0 rows"]),
    (as_part(pd.DataFrame([[1.0, 2.0]], columns=["a", "a"]), "train"), ["name of its own", "['a', 'a']"]),
])
def test_fit_refuses_what_is_no_table_with_rows(make, train, quotes):
    with refused(*quotes):
        make().fit(train)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("part", ["train", "validation", "test", None])
def test_transform_takes_any_part_keeps_index_and_mark_and_leaves_its_argument_alone(make, part):
    transformer = make().fit(marked(**NUMBERS))
    rows = pd.DataFrame({"a": [4.0, 1.0], "b": [3.0, 0.0]}, index=[8, 3])
    rows = rows if part is None else as_part(rows, part)
    before = rows.copy()
    transformed = transformer.transform(rows)
    assert transformed.index.tolist() == [8, 3] and part_of(transformed) == part
    transformed.attrs["part"] = "another"
    assert part_of(rows) == part
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize("make", ALL)
def test_rows_without_a_row_are_transformed_to_none(make):
    transformer = make().fit(marked(**NUMBERS))
    rows = pd.DataFrame(NUMBERS)
    assert list(transformer.transform(rows[:0]).columns) == list(transformer.transform(rows).columns)
    assert len(transformer.transform(rows[:0])) == 0


@pytest.mark.parametrize("make", ALL)
def test_fit_returns_the_transformer_and_a_second_fit_forgets_the_first(make):
    transformer = make()
    assert transformer.fit(marked(**NUMBERS)) is transformer
    second = {"a": [5.0, 7.0, NAN], "b": [3.0, 4.0, NAN]}
    if isinstance(transformer, OneHotEncoder):
        second = {name: values[:2] for name, values in second.items()}
    assert state(transformer.fit(marked(**second))) == state(make().fit(marked(**second)))


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler, SimpleImputer, lambda: SimpleImputer("max")])
def test_words_are_no_numbers(make):
    with refused("numbers expected", "['b']", "Encode them first"):
        make().fit(marked(a=[1.0, 2.0], b=["x", "y"]))
    with refused("numbers expected", "['a']"):
        make().fit(marked(a=[1.0, 2.0])).transform(pd.DataFrame({"a": ["x"]}))


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler, SimpleImputer, lambda: SimpleImputer("most_frequent")])
def test_a_column_of_holes_teaches_nothing(make):
    with refused("at least one value a column", "['b']"):
        make().fit(marked(a=[1.0, 2.0], b=[NAN, NAN]))


def test_every_transformer_is_tested_here():
    assert {type(make()) for make in ALL} == set(Transformer.__subclasses__())


# scaling


def test_one_and_three_are_scaled_to_minus_one_and_one():
    scaler = StandardScaler().fit(marked(a=[1.0, 3.0], b=[10, 30]))
    assert scaler.mean_.to_dict() == {"a": 2, "b": 20} and scaler.scale_.to_dict() == {"a": 1, "b": 10}
    assert scaler.transform(pd.DataFrame({"a": [1.0, 5.0], "b": [20, 0]})).to_numpy().tolist() == [[-1, 0], [3, -2]]


def test_two_to_six_is_zero_to_one_and_eight_lies_outside():
    scaler = MinMaxScaler().fit(marked(a=[2.0, 6.0, 3.0]))
    assert scaler.data_min_.to_dict() == {"a": 2} and scaler.data_range_.to_dict() == {"a": 4}
    assert scaler.transform(pd.DataFrame({"a": [2.0, 6.0, 8.0, 0.0]}))["a"].tolist() == [0, 1, 1.5, -0.5]


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler])
@pytest.mark.parametrize("value", [0.0, 0.1, -7.0, 1e12 + 0.1, 3])
def test_a_constant_column_is_scaled_to_0_and_named(make, value):
    train = marked(a=[value] * 7, b=np.arange(7.0))
    scaler = make().fit(train)
    assert scaler.constant_ == ["a"]
    assert (scaler.transform(train)["a"] == 0).all()
    assert scaler.transform(pd.DataFrame({"a": [value + 2], "b": [0.0]}))["a"].tolist() == [pytest.approx(2)]


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler])
def test_where_no_column_is_constant_none_is_named(make):
    assert make().fit(marked(**NUMBERS)).constant_ == []


def test_a_deviation_too_small_for_a_number_counts_as_constant():
    train = marked(a=[0.0, 1e-200])
    scaler = StandardScaler().fit(train)
    assert scaler.constant_ == ["a"] and np.isfinite(scaler.transform(train)).all(axis=None)


@pytest.mark.parametrize("make", [StandardScaler, MinMaxScaler])
def test_holes_do_not_count_and_stay(make):
    with_holes, whole = marked(a=[1.0, NAN, 3.0]), marked(a=[1.0, 3.0])
    scaler = make().fit(with_holes)
    assert scaler.transform(whole)["a"].tolist() == make().fit(whole).transform(whole)["a"].tolist()
    assert scaler.transform(with_holes)["a"].isna().tolist() == [False, True, False]


def test_small_floats_and_whole_numbers_and_truths_are_scaled_as_float64():
    train = marked(a=np.float32([1, 3]), b=np.uint8([0, 255]), c=[True, False], d=pd.array([1, 3], dtype="Int64"))
    for scaler in (StandardScaler(), MinMaxScaler()):
        assert set(scaler.fit(train).transform(train).dtypes) == {np.dtype("float64")}
    assert StandardScaler().fit(train).transform(train).to_numpy().tolist() == [[-1, -1, 1, -1], [1, 1, -1, 1]]


@repeatable
@given(generators, st.integers(2, 40), st.integers(1, 4))
def test_training_rows_have_mean_0_and_deviation_1_after_scaling(rng, n, d):
    x = rng.normal(size=(n, d)) * 10 ** rng.uniform(-3, 3, d) + rng.normal(size=d)
    train = as_part(pd.DataFrame(x, columns=list("abcd"[:d])), "train")
    scaled = StandardScaler().fit(train).transform(train)
    assert np.allclose(scaled.mean(), 0) and np.allclose(scaled.std(ddof=0), 1)
    narrowed = MinMaxScaler().fit(train).transform(train)
    assert np.allclose(narrowed.min(), 0) and np.allclose(narrowed.max(), 1)


@repeatable
@given(generators, st.integers(2, 40), st.floats(0, 0.3))
def test_scalers_agree_with_scikit_learn_holes_and_constants_included(rng, n, holes):
    from sklearn import preprocessing as theirs  # here, for it takes a second

    x, other = rng.normal(3, 5, (2, n, 3))
    x[1:][rng.uniform(size=(n - 1, 3)) < holes] = NAN
    x[:, 2] = 0.3
    train, rows = as_part(pd.DataFrame(x, columns=list("abc")), "train"), pd.DataFrame(other, columns=list("abc"))
    for name in ("StandardScaler", "MinMaxScaler"):
        mine, expected = globals()[name]().fit(train), getattr(theirs, name)().fit(x)
        np.testing.assert_allclose(mine.transform(train), expected.transform(x), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(mine.transform(rows), expected.transform(other), rtol=1e-9, atol=1e-12)


# filling holes


@pytest.mark.parametrize(("strategy", "value"), [("mean", 3), ("median", 1), ("max", 9), ("most_frequent", 1)])
def test_a_hole_in_1_1_1_9_becomes_their_mean_median_maximum_or_most_frequent_one(strategy, value):
    train = marked(a=[1.0, 9.0, NAN, 1.0, 1.0])
    imputer = SimpleImputer(strategy).fit(train)
    assert imputer.statistics_ == {"a": value}
    assert imputer.transform(train)["a"].tolist() == [1, 9, value, 1, 1]
    assert imputer.transform(marked("test", a=[NAN, 100.0]))["a"].tolist() == [value, 100]


def test_the_mean_is_what_is_filled_in_where_nothing_is_said():
    assert SimpleImputer().strategy == "mean"


def test_words_are_filled_with_the_most_frequent_or_a_word_that_is_given():
    train = marked(sex=["male", None, "female", "male"])
    for imputer, word in ((SimpleImputer("most_frequent"), "male"), (SimpleImputer("constant", "unknown"), "unknown")):
        assert imputer.fit(train).transform(train)["sex"].tolist() == ["male", word, "female", "male"]


def test_of_equally_frequent_ones_the_smallest_is_filled_in():
    train = marked(a=[3.0, 2.0, 3.0, 2.0, 7.0], b=["y", "x", "x", "y", None])
    assert SimpleImputer("most_frequent").fit(train).statistics_ == {"a": 2, "b": "x"}


@pytest.mark.parametrize("zero", [0, 0.0, np.float32(0)])
def test_a_constant_may_be_0_and_fills_a_column_of_holes_too(zero):
    train = marked(a=[NAN, NAN], b=[1.0, NAN])
    filled = SimpleImputer("constant", fill_value=zero).fit(train).transform(train)
    assert filled.to_numpy().tolist() == [[0, 1], [0, 0]]


def test_whole_numbers_with_holes_are_filled_with_a_mean_that_is_none():
    train = marked(a=pd.array([1, 2, None], dtype="Int64"))
    assert SimpleImputer().fit(train).transform(train)["a"].tolist() == [1, 2, 1.5]


def test_a_table_without_holes_passes_an_imputer_unchanged():
    train = marked(a=[1, 2], b=["x", "y"])
    pd.testing.assert_frame_equal(SimpleImputer("most_frequent").fit(train).transform(train), train)


@pytest.mark.parametrize(("arguments", "quotes"), [
    (("average",), ["most_frequent", "'average'"]), ((None,), ["None"]), ((3.0,), ["3.0"]),
    (("constant",), ['strategy="constant"', "None"]), (("mean", 0), ["'mean' and 0"]),
    (("constant", NAN), ["finite", "nan"]), (("constant", np.inf), ["finite", "inf"]),
    (("constant", [1, 2]), ["finite", "[1, 2]"]),
])
def test_an_imputer_refuses_a_strategy_that_is_none(arguments, quotes):
    with refused(*quotes):
        SimpleImputer(*arguments)


@pytest.mark.parametrize(("value", "column"), [("unknown", [1.0, NAN]), (0, ["x", None])])
def test_a_constant_of_another_kind_than_its_column_is_refused(value, column):
    with refused("of the column's kind", repr(value), "'b'"):
        SimpleImputer("constant", fill_value=value).fit(marked(b=column))


@repeatable
@given(generators, st.integers(2, 40), st.sampled_from(["mean", "median", "most_frequent", "constant"]))
def test_imputers_and_indicators_agree_with_scikit_learn(rng, n, strategy):
    from sklearn import impute as theirs

    x = rng.integers(0, 5, (n, 3)).astype(float)
    x[1:, :2][rng.uniform(size=(n - 1, 2)) < 0.3] = NAN
    value = {"fill_value": 7} if strategy == "constant" else {}
    train = as_part(pd.DataFrame(x, columns=list("abc")), "train")
    expected = theirs.SimpleImputer(strategy=strategy, **value).fit_transform(x)
    np.testing.assert_allclose(SimpleImputer(strategy, **value).fit(train).transform(train), expected)
    for features in ("missing-only", "all"):
        indicator, expected = MissingIndicator(features), theirs.MissingIndicator(features=features)
        told, should = indicator.fit(train).transform(train), expected.fit_transform(train)
        assert np.array_equal(told, should)
        assert list(told.columns) == list(expected.get_feature_names_out())


def test_an_indicator_tells_of_columns_that_had_holes_in_training():
    train = marked(a=[1.0, NAN], b=[1.0, 2.0], c=["x", None])
    told = MissingIndicator().fit(train).transform(train)
    assert list(told.columns) == ["missingindicator_a", "missingindicator_c"]
    assert told.to_numpy().tolist() == [[0, 0], [1, 1]]
    assert set(told.dtypes) == {np.dtype("float64")}


def test_a_first_hole_after_training_is_refused_unless_all_columns_are_told_about():
    train, rows = marked(a=[1.0, NAN], b=[1.0, 2.0]), marked("test", a=[1.0, 1.0], b=[NAN, 2.0])
    with refused("none in training", "['b']", "features='all'"):
        MissingIndicator().fit(train).transform(rows)
    indicator = MissingIndicator("all").fit(train)
    assert indicator.features_ == ["a", "b"] and MissingIndicator().fit(train).features_ == ["a"]
    told = indicator.transform(rows)
    assert told.to_dict("list") == {"missingindicator_a": [0, 0], "missingindicator_b": [1, 0]}


def test_an_indicator_knows_two_settings():
    with refused("missing-only", "'some'"):
        MissingIndicator("some")


def test_a_table_without_holes_has_nothing_to_be_told_about():
    train = marked(a=[1.0, 2.0])
    assert MissingIndicator().fit(train).transform(train).shape == (2, 0)


# words


def test_three_origins_are_three_columns_in_order_and_one_for_what_was_not_seen():
    encoder = OneHotEncoder().fit(marked(Origin=["USA", "Japan", "Europe", "USA"]))
    assert encoder.categories_ == {"Origin": ["Europe", "Japan", "USA"]}
    rows = encoder.transform(marked("test", Origin=["USA", "Korea", "Europe"]))
    assert list(rows.columns) == ["Origin_[UNK]", "Origin_Europe", "Origin_Japan", "Origin_USA"]
    assert rows.to_numpy().tolist() == [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]


def test_two_columns_are_encoded_side_by_side_and_numbers_are_categories_too():
    train = marked(a=["x", "y"], n=[8, 4])
    encoded = OneHotEncoder().fit(train).transform(train)
    assert list(encoded.columns) == ["a_[UNK]", "a_x", "a_y", "n_[UNK]", "n_4", "n_8"]
    assert encoded.to_numpy().tolist() == [[0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 1, 0]]


@repeatable
@given(generators, st.integers(1, 30))
def test_one_hot_rows_hold_one_1_a_column_and_agree_with_scikit_learn_on_the_rest(rng, n):
    from sklearn import preprocessing as theirs

    train = as_part(pd.DataFrame(rng.choice(list("abcd"), (n, 2)), columns=["p", "q"]), "train")
    rows = pd.DataFrame(rng.choice(list("abcdef"), (n, 2)), columns=["p", "q"])
    encoded = OneHotEncoder().fit(train).transform(rows)
    assert (encoded.sum(axis=1) == 2).all() and set(encoded.to_numpy().ravel()) <= {0, 1}
    expected = theirs.OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(train)
    known = encoded.drop(columns=["p_[UNK]", "q_[UNK]"])
    assert list(known.columns) == list(expected.get_feature_names_out())
    assert np.array_equal(known, expected.transform(rows))


def test_holes_are_no_category():
    for fault in (marked(a=["x", None]), marked(a=["x", NAN])):
        with refused("no holes expected", "['a']", "SimpleImputer"):
            OneHotEncoder().fit(fault)
        with refused("no holes expected", "['a']"):
            OneHotEncoder().fit(marked(a=["x", "y"])).transform(fault)


def test_categories_of_two_kinds_are_refused():
    with refused("one kind", "'a'", "['int', 'str']"):
        OneHotEncoder().fit(marked(a=["x", 1]))


def test_two_columns_of_one_name_are_refused():
    with refused("a name of its own", "a_b_c"):
        OneHotEncoder().fit(marked(a=["b_c"], a_b=["c"]))
    with refused("a name of its own", "a_[UNK]"):
        OneHotEncoder().fit(marked(a=["[UNK]"]))


def test_an_order_that_is_given_numbers_the_words():
    train = marked(size=["large", "small", "middle"])
    encoder = OrdinalEncoder({"size": ["small", "middle", "large"]}).fit(train)
    assert encoder.transform(train)["size"].tolist() == [2, 0, 1]
    assert set(encoder.transform(train).dtypes) == {np.dtype("float64")}


def test_holes_keep_no_place_in_an_order():
    train = marked(size=["large", None, "small"])
    encoded = OrdinalEncoder({"size": ("small", "large")}).fit(train).transform(train)["size"]
    assert encoded.tolist()[::2] == [1, 0] and encoded.isna().tolist() == [False, True, False]


@repeatable
@given(generators, st.integers(1, 30))
def test_ordinal_codes_agree_with_scikit_learn(rng, n):
    from sklearn import preprocessing as theirs

    orders = {"p": ["c", "a", "b"], "q": [4, 6, 8]}
    table = as_part(pd.DataFrame({name: rng.choice(order, n) for name, order in orders.items()}), "train")
    expected = theirs.OrdinalEncoder(categories=list(orders.values())).fit_transform(table)
    assert np.array_equal(OrdinalEncoder(orders).fit(table).transform(table), expected)


def test_what_the_order_lacks_is_refused_by_fit_and_by_transform():
    encoder = OrdinalEncoder({"size": ["small", "large"]})
    with refused("'size' must be one of ['small', 'large']", "'huge'"):
        encoder.fit(marked(size=["small", "huge"]))
    assert encoder.columns_ is None
    with refused("'size' must be one of ['small', 'large']", "'huge'"):
        encoder.fit(marked(size=["small"])).transform(marked("test", size=["huge"]))


def test_columns_without_an_order_and_orders_without_a_column_are_refused():
    for columns in ({"size": ["small"], "b": ["x"]}, {"b": ["small"]}):
        with refused("['size']", f"got {list(columns)}"):
            OrdinalEncoder({"size": ["small"]}).fit(marked(**columns))


@pytest.mark.parametrize("categories", [
    ["small", "large"], "auto", {"size": []}, {"size": ["a", "a"]}, {"size": ["a"], "b": ["x", "x"]},
])
def test_an_order_is_a_dictionary_of_different_categories(categories):
    with refused("a dictionary", "in order", repr(categories)):
        OrdinalEncoder(categories)


def test_a_later_change_of_the_given_order_changes_no_code():
    order = ["small", "large"]
    encoder = OrdinalEncoder({"size": order})
    order.reverse()
    assert encoder.fit(marked(size=["small"])).transform(marked(size=["large"]))["size"].tolist() == [1]


# all of it


def test_cars_go_through_split_impute_encode_and_scale_without_a_hole(rng):
    cars = load_cars().dropna(subset="Miles_per_Gallon")
    train, validation, test = split(cars, rng=rng)
    numbers = ["Horsepower", "Weight_in_lbs"]
    imputer = SimpleImputer("median").fit(train[numbers])
    scaler = StandardScaler().fit(imputer.transform(train[numbers]))
    encoder = OneHotEncoder().fit(train[["Origin"]])
    for part in (train, validation, test):
        x = pd.concat([scaler.transform(imputer.transform(part[numbers])), encoder.transform(part[["Origin"]])], axis=1)
        assert x.shape == (len(part), 6) and not x.isna().any(axis=None) and part_of(x) == part_of(part)
    with refused('marked "test"'):
        scaler.fit(imputer.transform(test[numbers]))
