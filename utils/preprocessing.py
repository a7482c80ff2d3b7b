"""What must happen before the first layer: split, impute, encode, scale. Every rule is learned from training rows.

split, k_folds, as_part             rows for training, validation and testing; a table's part is ``table.attrs["part"]``
SimpleImputer, MissingIndicator     holes: filled, and told
OneHotEncoder, OrdinalEncoder       words become numbers
StandardScaler, MinMaxScaler        numbers become numbers of one size

``fit`` takes tables marked "train" and no others; ``transform`` takes any rows with the columns that `fit` saw, and
passes their mark on. pandas keeps the mark through copies and selections of rows or columns, and drops it where tables
of two parts are concatenated or merged. It is a mark and no lock: who writes test rows into a training table by hand
(``update``, ``combine_first``) is not stopped. Names and results are scikit-learn's where it has the same thing.
"""

import numpy as np

PARTS = ("train", "validation", "test")


def split(table, *, rng, validation=0.2, test=0.2, stratify=None, groups=None):
    """Deal the rows out to three tables, at random: every row goes to one of them, and each table is marked.

    Parameters
    ----------
    table : DataFrame                   not yet split, or a training part that is to be split again
    rng : numpy.random.Generator
    validation, test : float            shares of the rows, in 0..1; 0 makes an empty table
    stratify : str                      column of labels: each label is dealt out by itself, in the same shares
    groups : str                        column of a key: rows with the same key stay together, so shares hold roughly

    Returns
    -------
    train, validation, test : DataFrame     in shuffled order, with the index of `table`, marked by ``attrs["part"]``

    Raises
    ------
    ValueError      for validation or test rows, shares that leave a part without a row, holes in `stratify` or `groups`
    """
    _require_table(table)
    _require_rng(rng)
    if _mark(table) in PARTS[1:]:
        raise ValueError(f'a table that was not split yet expected: got rows marked "{_mark(table)}"')
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise ValueError(f"shares of at least 0, together below 1, expected: got {validation=}, {test=}")
    if stratify is not None and groups is not None:
        raise ValueError(f"stratify or groups expected, not both: got {stratify!r} and {groups!r}")
    shares = [1 - validation - test, validation, test]
    strata = np.zeros(len(table), int) if stratify is None else _codes_of_column(table, stratify)
    part = np.empty(len(table), int)
    for label in range(strata.max() + 1):
        rows = np.flatnonzero(strata == label)
        units = np.arange(len(rows)) if groups is None else _codes_of_column(table, groups)
        part[rows] = _deal(units, np.cumsum(shares), rng)
    _require_all_dealt(np.bincount(part, minlength=3), shares)
    order = rng.permutation(len(table))
    return tuple(as_part(table.iloc[order[part[order] == i]], name) for i, name in enumerate(PARTS))


def as_part(table, part):
    """A copy of `table`, marked as "train", "validation" or "test": for the folds of `k_folds`.

    Raises ValueError for another word, and for test rows that are to become something else.
    """
    _require_table(table, n_rows=0)
    if part not in PARTS:
        raise ValueError(f"a part is one of {PARTS}: got {part!r}")
    if _mark(table) == "test" and part != "test":
        raise ValueError(f'test rows stay test rows: got rows marked "test", to be marked "{part}"')
    marked = table.copy()
    marked.attrs["part"] = part
    return marked


def k_folds(n, k, *, rng, labels=None, groups=None):
    """`k` times (training rows, held-out rows) of `n` rows, at random: every row is held out once.

    Parameters
    ----------
    n, k : int                          rows, and folds: at least 2, at most n
    rng : numpy.random.Generator
    labels : sequence (n,)              stratified: the counts of a label differ by at most one between held-out sets
    groups : sequence (n,)              rows of one group are held out together; at least k groups

    Returns
    -------
    list of (ndarray, ndarray), int     row numbers in rising order, for ``table.iloc``; without `groups`, the sizes of
                                        the held-out sets differ by at most one

    Raises
    ------
    ValueError      for fewer rows or groups than folds, labels or groups with holes, or of another length
    """
    _require_rng(rng)
    if labels is not None and groups is not None:
        raise ValueError("labels or groups expected, not both")
    if not (isinstance(k, int | np.integer) and isinstance(n, int | np.integer) and 2 <= k <= n):
        raise ValueError(f"at least 2 folds, and as many rows, expected: got k={k!r} and n={n!r}")
    if groups is not None:
        fold = _lightest_fold(_codes(groups, n, "groups"), k, rng)
    else:
        codes = np.zeros(n) if labels is None else _codes(labels, n, "labels")
        fold = np.empty(n, int)
        fold[_shuffled_and_sorted(codes, rng)] = np.arange(n) % k           # label by label, in turn
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


class Transformer:
    """What all transformers do: `fit` learns from training rows, `transform` applies what was learned.

    A kind of transformer says how: `_learn(train)` returns what is to be kept, by name, and `_apply(rows)` uses it.
    A refused call changes nothing.
    """

    columns_ = None                     # of the table of the last fit

    def fit(self, train):
        """Learn from `train`, a table marked "train"; returns self.

        Raises ValueError for other rows, and for columns that cannot be learned from.
        """
        _require_training_rows(train)
        _require_finite(train)
        vars(self).update(self._learn(train), columns_=list(train.columns))
        return self

    def transform(self, rows):
        """A new table for `rows` of any part, with their index and their mark.

        Raises ValueError before `fit`, for columns that `fit` did not see, and for infinite numbers.
        """
        if self.columns_ is None:
            raise ValueError(f"{type(self).__name__} is not fitted yet: call fit(train) first")
        _require_table(rows, n_rows=0)
        if list(rows.columns) != self.columns_:
            raise ValueError(f"the columns of fit expected, {self.columns_}: got {list(rows.columns)}")
        _require_finite(rows)
        transformed = self._apply(rows)
        transformed.attrs = rows.attrs          # and not those of what was learned
        return transformed


class StandardScaler(Transformer):
    """Each column less its mean, divided by its standard deviation: 0 and 1 on the training rows.

    Holes do not count in `fit`, and stay. A column that is constant in training becomes 0 there (its deviation counts
    as 1), and `constant_` names it. `mean_` and `scale_` hold a number a column.
    """

    def _learn(self, train):
        _require_a_value_each(train)
        x = _numbers(train)
        mean, scale = x.mean(), x.std(ddof=0)
        constant = (x.min() == x.max()) | (scale == 0)
        mean, scale = mean.mask(constant, x.min()), scale.mask(constant, 1.0)
        return {"mean_": mean, "scale_": scale, "constant_": _which(constant)}

    def _apply(self, rows):
        return (_numbers(rows) - self.mean_) / self.scale_


class MinMaxScaler(Transformer):
    """Each column less its minimum, divided by its range: 0 to 1 on the training rows; others may lie outside.

    Holes do not count in `fit`, and stay. A column that is constant in training becomes 0 there (its range counts as
    1), and `constant_` names it. `data_min_` and `data_range_` hold a number a column.
    """

    def _learn(self, train):
        _require_a_value_each(train)
        x = _numbers(train)
        extent = x.max() - x.min()
        return {"data_min_": x.min(), "data_range_": extent.mask(extent == 0, 1.0), "constant_": _which(extent == 0)}

    def _apply(self, rows):
        return (_numbers(rows) - self.data_min_) / self.data_range_


class SimpleImputer(Transformer):
    """Each hole becomes a value that its column's training rows suggest; the rest stays as it is.

    Parameters
    ----------
    strategy : str                      "mean", "median" or "max", of numbers; "most_frequent", of equally frequent ones
                                        the smallest; "constant"
    fill_value : number or str          for strategy="constant": a number for numbers, a word for words

    `statistics_` tells the value of each column, by its name.
    """

    OF_NUMBERS = ("mean", "median", "max")
    STRATEGIES = (*OF_NUMBERS, "most_frequent", "constant")

    def __init__(self, strategy="mean", fill_value=None):
        if strategy not in self.STRATEGIES:
            raise ValueError(f"strategy must be one of {self.STRATEGIES}: got {strategy!r}")
        if (strategy == "constant") != (fill_value is not None):
            raise ValueError(f'a fill_value goes with strategy="constant": got {strategy!r} and {fill_value!r}')
        if strategy == "constant" and not (isinstance(fill_value, str) or _is_finite_number(fill_value)):
            raise ValueError(f"a fill_value is a word or a finite number: got {fill_value!r}")
        self.strategy, self.fill_value = strategy, fill_value

    def _learn(self, train):
        if self.strategy == "constant":
            return {"statistics_": {name: self._constant_for(name, train[name]) for name in train.columns}}
        _require_a_value_each(train)
        if self.strategy == "most_frequent":
            return {"statistics_": {name: train[name].mode().iloc[0] for name in train.columns}}
        return {"statistics_": getattr(_numbers(train), self.strategy)().to_dict()}

    def _constant_for(self, name, values):
        if _is_number(values.dtype) == isinstance(self.fill_value, str):
            raise ValueError(f"fill_value of the column's kind expected: got {self.fill_value!r} for {name!r}")
        return self.fill_value

    def _apply(self, rows):
        return (_numbers(rows) if self.strategy in self.OF_NUMBERS else rows).fillna(self.statistics_)


class MissingIndicator(Transformer):
    """A column of 0 and 1 for each column with holes: 1 where there is one.

    Parameters
    ----------
    features : str                      "missing-only": of columns that had a hole in training, and then a first hole
                                        elsewhere is refused; "all": of every column

    `features_` names the columns that are told about; theirs are called "missingindicator_...".
    """

    def __init__(self, features="missing-only"):
        if features not in ("missing-only", "all"):
            raise ValueError(f"features must be 'missing-only' or 'all': got {features!r}")
        self.features = features

    def _learn(self, train):
        holes = train.isna().any()
        return {"features_": _which(holes) if self.features == "missing-only" else list(train.columns)}

    def _apply(self, rows):
        holes = rows.isna()
        new = [name for name in _which(holes.any()) if name not in self.features_]
        if new:
            raise ValueError(f"holes in columns that had none in training: {new}. features='all' takes them")
        return holes[self.features_].astype(float).add_prefix("missingindicator_")


class OneHotEncoder(Transformer):
    """A column of 0 and 1 for each category of a column, and one in front, "[UNK]", for what `fit` did not see.

    So every row has exactly one 1 for each column encoded. Categories are sorted: `categories_` tells them, by column.
    The same as Keras' StringLookup with output_mode="one_hot". Holes are refused: fill them first.
    """

    UNKNOWN = "[UNK]"                   # Keras' word

    def _learn(self, train):
        _require_no_hole(train)
        categories = {name: _sorted_categories(name, train[name]) for name in train.columns}
        names = self._new_names(categories)
        if len(set(names)) < len(names):
            raise ValueError(f"a name of its own for each new column expected: got {names}")
        return {"categories_": categories}

    def _apply(self, rows):
        import pandas as pd  # here, so that the chapters without tables do not wait for it

        _require_no_hole(rows)
        blocks = []
        for name, known in self.categories_.items():
            slot = {category: i for i, category in enumerate(known, 1)}
            blocks.append(np.eye(1 + len(known))[[slot.get(value, 0) for value in rows[name]]])
        return pd.DataFrame(np.hstack(blocks), index=rows.index, columns=self._new_names(self.categories_))

    def _new_names(self, categories):
        return [f"{name}_{word}" for name, known in categories.items() for word in (self.UNKNOWN, *known)]


class OrdinalEncoder(Transformer):
    """Each category becomes its place, 0, 1, 2, ..., in an order that is given and not guessed.

    Parameters
    ----------
    categories : dict                   column -> its categories in order; one entry for each column of the table

    Holes stay; a category that is not in the order is refused, by `fit` and by `transform`.
    """

    def __init__(self, categories):
        orders = categories.values() if isinstance(categories, dict) else [[]]
        if not all(len(set(order)) == len(order) > 0 for order in orders):
            raise ValueError(f"a dictionary, column -> different categories in order, expected: got {categories!r}")
        self.categories = {name: list(order) for name, order in categories.items()}

    def _learn(self, train):
        if set(train.columns) != set(self.categories):
            raise ValueError(f"columns {list(self.categories)} expected, as ordered: got {list(train.columns)}")
        self._apply(train)
        return {}

    def _apply(self, rows):
        import pandas as pd

        return pd.DataFrame({name: self._places(name, rows[name]) for name in rows.columns}, index=rows.index)

    def _places(self, name, values):
        place = {category: i for i, category in enumerate(self.categories[name])}
        strange = [value for value in values[values.notna()] if value not in place]
        if strange:
            raise ValueError(f"{name!r} must be one of {self.categories[name]}: got {strange[0]!r}")
        return np.array([place.get(value, np.nan) for value in values], float)


# dealing out


def _deal(units, cuts, rng):
    """The part, 0, 1, .., of each row: units in random order on a line from 0 to 1, cut where `cuts` say.

    Rows of one unit stay together; where the middle of the unit lies decides.
    """
    order = rng.permutation(units.max() + 1)
    sizes = np.bincount(units)[order]
    middles = (np.cumsum(sizes) - sizes / 2) / len(units)
    part_of_unit = np.empty(len(order), int)
    part_of_unit[order] = np.searchsorted(cuts, middles)
    return part_of_unit[units]


def _lightest_fold(units, k, rng):
    """The fold of each row: units by falling size, of one size in random order, each to the fold with fewest rows."""
    sizes = np.bincount(units)
    if len(sizes) < k:
        raise ValueError(f"at least one group a fold expected: got {len(sizes)} groups for {k} folds")
    fold_of_unit, rows_in_fold = np.empty(len(sizes), int), np.zeros(k, int)
    for unit in _shuffled_and_sorted(-sizes, rng):
        fold_of_unit[unit] = rows_in_fold.argmin()
        rows_in_fold[fold_of_unit[unit]] += sizes[unit]
    return fold_of_unit[units]


def _shuffled_and_sorted(keys, rng):
    """Places of the keys from small to large, those of equal keys in random order."""
    return np.lexsort((rng.permutation(len(keys)), keys))


def _codes_of_column(table, name):
    if name not in table.columns:
        raise ValueError(f"a column of the table expected, one of {list(table.columns)}: got {name!r}")
    return _codes(table[name], len(table), repr(name))


def _codes(values, n, what):
    """0, 1, 2, .. for the values in the order in which they come."""
    import pandas as pd

    values = np.asarray(values)
    if values.shape != (n,):
        raise ValueError(f"{what} must be one a row, {(n,)}: got {values.shape}")
    codes, _ = pd.factorize(values)
    if (codes < 0).any():
        raise ValueError(f"{what} must have no holes: got {(codes < 0).sum()}")
    return codes


# looking at tables


def _mark(table):
    return table.attrs.get("part")


def _which(is_chosen):
    return list(is_chosen.index[is_chosen])


def _is_number(dtype):
    return dtype.kind in "fiub"


def _is_finite_number(value):
    return isinstance(value, int | float | np.number) and bool(np.isfinite(value))


def _numbers(table):
    """The table as float64, unless there are words in it."""
    words = [name for name, dtype in table.dtypes.items() if not _is_number(dtype)]
    if words:
        raise ValueError(f"numbers expected: columns {words} hold {table[words[0]].dtype}. Encode them first")
    return table.astype(float)


def _sorted_categories(name, values):
    try:
        return sorted(values.unique().tolist())
    except TypeError:
        kinds = sorted({type(value).__name__ for value in values})
        raise ValueError(f"categories of one kind expected: column {name!r} holds {kinds}") from None


# refusals


def _require_table(table, n_rows=1):
    import pandas as pd

    if not isinstance(table, pd.DataFrame) or len(table) < n_rows:
        got = f"{len(table)} rows" if isinstance(table, pd.DataFrame) else type(table).__name__
        raise ValueError(f"a DataFrame with rows expected: got {got}")


def _require_rng(rng):
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator, as np.random.default_rng(0) makes one: got {rng!r}")


def _require_training_rows(table):
    _require_table(table)
    if _mark(table) not in PARTS:
        raise ValueError('fit expects rows marked "train": got rows without a mark. Split first: split(table, rng=rng)')
    if _mark(table) != "train":
        raise ValueError(f'fit expects rows marked "train": got rows marked "{_mark(table)}"')
    if not table.columns.is_unique:
        raise ValueError(f"a name of its own for each column expected: got {list(table.columns)}")


def _require_all_dealt(counts, shares):
    if ((counts == 0) & (np.array(shares) > 0)).any():
        raise ValueError(f"at least one row for each share expected: got {counts.tolist()} for {PARTS}")


def _require_finite(table):
    floats = table[[name for name, dtype in table.dtypes.items() if dtype.kind == "f"]]
    infinite = _which(np.isinf(floats).any())
    if infinite:
        raise ValueError(f"finite numbers, or holes, expected: columns {infinite} hold infinity")


def _require_a_value_each(table):
    empty = _which(table.isna().all())
    if empty:
        raise ValueError(f"at least one value a column expected: columns {empty} hold none")


def _require_no_hole(table):
    holes = _which(table.isna().any())
    if holes:
        raise ValueError(f"no holes expected: columns {holes} have some. Fill them first, with SimpleImputer")
