"""The data of every chapter, by three kinds of name.

load_*      shipped in data/, needs no network; each file is compared with its sha256 before it is read
fetch_*     downloaded on first use, checked, kept in a cache
make_*      toy sets drawn from `rng`

Beside them, `car_makes` gives each make in the table of cars one spelling.
The cards in data/ tell where each set comes from, its units, its licence and its known faults.
"""

import contextlib
import hashlib
import http.client
import io
import os
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "data"

SHA256 = {                                      # of the shipped files; data/README.md shows the same
    "mnist5k/mnist5k.npz": "f814240cf7e0d3cbaacc1a898905819a40ab46fb317a600d2a4b91a5c184c810",
    "penguins/penguins.csv": "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
    "penguins/penguins_raw.csv": "144f623143c9360fd77322a4f86acb06dc198814dbd2669724c63e6457b907bd",
    "cars/cars.csv": "91e1a4b2a045d02e5851a2ebf8238b2627866b5c65d04dbe7d051ae561648501",
    "breast_cancer/breast_cancer.csv": "7e115a871fc47b0002ff74842ddb6b61b08baf51b137f171c34af4d053c0b081",
}

_MEANT_MAKES = {
    "chevroelt": "chevrolet", "maxda": "mazda", "toyouta": "toyota", "vokswagen": "volkswagen",      # misspelt
    "chevy": "chevrolet", "mercedes": "mercedes-benz", "vw": "volkswagen",                           # short
}

MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"        # both as in keras.datasets
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
MNIST_SHAPES = {"x_train": (60000, 28, 28), "y_train": (60000,), "x_test": (10000, 28, 28), "y_test": (10000,)}
CACHE_VARIABLE = "KERAS_FROM_ZERO_CACHE"        # environment variable: the folder that keeps downloads


class DownloadError(OSError):
    """A download failed and left no file behind; the message names the address and the cure."""


def load_mnist5k():
    """5,000 handwritten digits, 500 of each, in a fixed split.

    Of each digit 400 images are for training and 100 for testing; both parts are shuffled, always in the same way. All
    are rows of MNIST's training set: do not score on them a model that was trained on `fetch_mnist`.

    Returns
    -------
    x_train, y_train : ndarray (4000, 28, 28), (4000,), uint8       pixels 0 (paper) to 255 (ink), digits 0..9
    x_test, y_test : ndarray (1000, 28, 28), (1000,), uint8         as ``(x_train, y_train), (x_test, y_test)``

    Raises
    ------
    ValueError                          when the shipped file is missing or damaged

    References
    ----------
    data/mnist5k/README.md; LeCun, Cortes, Burges, The MNIST database of handwritten digits.
    """
    with np.load(_shipped("mnist5k/mnist5k.npz")) as archive:
        x, y = archive["x"], archive["y"]
    rng = np.random.default_rng(0)
    rows = np.array([rng.permutation(np.flatnonzero(y == digit)) for digit in range(10)])      # (10, 500)
    train, test = rng.permutation(rows[:, :400].ravel()), rng.permutation(rows[:, 400:].ravel())
    return (x[train], y[train]), (x[test], y[test])


def load_penguins(raw=False):
    """344 penguins of three species, with their missing values.

    Parameters
    ----------
    raw : bool                          the table as it was recorded (17 columns) instead of the clean one (8 columns)

    Returns
    -------
    DataFrame of 344 rows               bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g (2 missing each);
                                        sex (11 missing); species, island, year

    The raw table's "Individual ID" names a nest and a bird in it, and is used again: no key to group by.

    Raises
    ------
    ValueError                          when the shipped file is missing or damaged

    References
    ----------
    data/penguins/README.md; Gorman, Williams and Fraser (2014), PLoS ONE 9(3): e90081.
    """
    return _table("penguins/penguins_raw.csv" if raw else "penguins/penguins.csv")


def load_cars():
    """406 cars of the model years 1970 to 1982, faults included.

    Returns
    -------
    DataFrame of 406 rows, 9 columns    Miles_per_Gallon (US gallon, 8 missing), Horsepower (6 missing), Displacement
                                        (cubic inches), Weight_in_lbs, Acceleration (seconds from 0 to 60 mph),
                                        Cylinders, Year (text, 1 January), Origin, Name

    Makes are misspelt ("toyouta", "maxda"), and the cars of 1981 stand under 1982: the card lists what is known.

    Raises
    ------
    ValueError                          when the shipped file is missing or damaged

    References
    ----------
    data/cars/README.md; Donoho and Ramos (1982), PRIMDATA.
    """
    return _table("cars/cars.csv")


def car_makes(names):
    """The make of each car: the first word of its name, misspelt and short makes under the one that is meant.

    Parameters
    ----------
    names : Series of str               as in `load_cars()["Name"]`: "toyouta corona mark ii (sw)", "vw rabbit"

    Returns
    -------
    Series of str                       "toyota", "volkswagen"; 30 makes for the cars that have a target

    "capri ii" has no make, and "hi 1200d" an abbreviated one: both stay as they are.

    References
    ----------
    data/cars/README.md, known faults.
    """
    return names.str.split().str[0].replace(_MEANT_MAKES)


def load_breast_cancer():
    """569 breast masses: 30 measurements of cell nuclei, and what they were.

    Returns
    -------
    DataFrame of 569 rows, 31 columns   30 numbers under scikit-learn's names, none missing; the last column,
                                        `diagnosis`, is the word "malignant" (212) or "benign" (357)

    The words are there because codes differ: scikit-learn's 0 means malignant. Write down which class is 1:
    ``y = (cases["diagnosis"] == "malignant")``.

    Raises
    ------
    ValueError                          when the shipped file is missing or damaged

    References
    ----------
    data/breast_cancer/README.md; Street, Wolberg and Mangasarian (1993), SPIE 1905, 861-870.
    """
    return _table("breast_cancer/breast_cancer.csv")


def _table(name):
    import pandas as pd  # here, so that the chapters without tables do not wait for it

    return pd.read_csv(_shipped(name))


def _shipped(name):
    """The bytes of a shipped file as a file to read: what is parsed is what was checked."""
    path = DATA / name
    content = path.read_bytes() if path.is_file() else b""
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        state = f"damaged (sha256 {found}, expected {SHA256[name]})" if path.is_file() else "missing"
        raise ValueError(f"data/{name} is {state}: restore it with `git checkout -- data/{name}` in {DATA.parent}")
    return io.BytesIO(content)


def fetch_mnist(path=None, *, cache_dir=None, url=MNIST_URL, sha256=MNIST_SHA256, timeout=30):
    """All 70,000 digits of MNIST, from the cache, the network or a file that you have.

    Parameters
    ----------
    path : str or Path                  an mnist.npz of yours: its arrays are checked, not its sha256; no network
    cache_dir : str or Path             where the download is kept; without it the folder that the environment variable
                                        KERAS_FROM_ZERO_CACHE names, or else ~/.cache/keras-from-zero
    url, sha256 : str                   the source and its fingerprint: Keras' own
    timeout : float                     seconds that the server may be silent

    Returns
    -------
    x_train, y_train : ndarray (60000, 28, 28), (60000,), uint8     pixels 0 (paper) to 255 (ink), digits 0..9
    x_test, y_test : ndarray (10000, 28, 28), (10000,), uint8       as ``(x_train, y_train), (x_test, y_test)``

    Raises
    ------
    DownloadError                       when the download fails, is cut off or is another file; nothing is kept of it
    ValueError                          when the file at `path` is not MNIST

    References
    ----------
    keras.datasets.mnist.load_data; LeCun, Cortes, Burges, The MNIST database of handwritten digits.
    """
    if path is not None:
        return _read_mnist(Path(path))
    cached = _cache_dir(cache_dir) / "mnist.npz"
    if not (cached.is_file() and hashlib.sha256(cached.read_bytes()).hexdigest() == sha256):
        try:
            _write_at_once(cached, _download(url, sha256, timeout))
        except (OSError, ValueError, http.client.HTTPException) as reason:
            raise DownloadError(
                f"MNIST could not be downloaded from {url} to {cached}: {reason}. Download the file by hand and read "
                f"it with fetch_mnist(path=...), or name another folder in {CACHE_VARIABLE}"
            ) from reason
    return _read_mnist(cached)


def _cache_dir(cache_dir):
    return Path(cache_dir or os.environ.get(CACHE_VARIABLE) or Path.home() / ".cache" / "keras-from-zero")


def _download(url, sha256, timeout):
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response:
            content = response.read()
    except urllib.error.HTTPError as answer:
        answer.close()                          # the answer 404 is an open connection, too
        raise
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(f"{len(content)} bytes of sha256 {found} came, sha256 {sha256} was expected")
    return content


def _write_at_once(target, content):
    """Write so that `target` is never there half-written, not even when the process is stopped."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(name, target)
    except BaseException:                       # Ctrl+C included
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _read_mnist(path):
    try:
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as archive:      # ZipFile refuses all but .npz
            arrays = {key: np.asarray(archive[key]) for key in MNIST_SHAPES}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as reason:
        raise ValueError(f"{path} is no mnist.npz with the arrays {', '.join(MNIST_SHAPES)}: {reason}") from reason
    for key, shape in MNIST_SHAPES.items():
        if arrays[key].shape != shape or arrays[key].dtype != np.uint8:
            raise ValueError(f"{path}: {key} {arrays[key].dtype} {arrays[key].shape}, expected uint8 {shape}")
        if key.startswith("y") and arrays[key].max() > 9:
            raise ValueError(f"{path}: labels of {key} must be 0..9, got {arrays[key].max()}")
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def make_spirals(n, *, rng, n_classes=3, noise=0.2, dtype=np.float32):
    """`n` points on spiral arms, one arm a class: no straight line separates them.

    A point at distance r of the centre, r drawn from 0..1, stands at the angle 4 r + 2 pi label / n_classes + noise.

    Parameters
    ----------
    n : int                             points in all; the classes differ by one at most
    rng : numpy.random.Generator
    n_classes : int                     arms, at least 2
    noise : float                       standard deviation of the angle, in radians
    dtype : float32 or float64          of the points

    Returns
    -------
    x : ndarray (n, 2), dtype           within the unit circle
    y : ndarray (n,), int64             0..n_classes-1, in turn

    Raises
    ------
    ValueError                          fewer points than classes, a negative noise, an rng or dtype that is none

    References
    ----------
    After the spirals of the CS231n notes, "Putting it together: Minimal Neural Network Case Study".
    """
    y = _labels(n, n_classes, noise, rng, dtype)
    r = rng.uniform(0, 1, n)
    angle = 4 * r + 2 * np.pi * y / n_classes + noise * rng.standard_normal(n)
    return _on_circle(angle, r).astype(dtype), y


def make_moons(n, *, rng, noise=0.1, dtype=np.float32):
    """`n` points on two half circles of radius 1 that reach into each other.

    Class 0 is the upper half of the circle around (0, 0), class 1 the lower half of that around (1, 0.5).

    Parameters
    ----------
    n : int                             points in all; the classes differ by one at most
    rng : numpy.random.Generator
    noise : float                       standard deviation of both coordinates
    dtype : float32 or float64          of the points

    Returns
    -------
    x : ndarray (n, 2), dtype
    y : ndarray (n,), int64             0 or 1, in turn

    Raises
    ------
    ValueError                          fewer than 2 points, a negative noise, an rng or dtype that is none

    References
    ----------
    The shape is that of sklearn.datasets.make_moons.
    """
    y = _labels(n, 2, noise, rng, dtype)
    angle = rng.uniform(0, np.pi, n) + np.pi * y
    x = _on_circle(angle, 1) + y[:, None] * np.array([1, 0.5]) + noise * rng.standard_normal((n, 2))
    return x.astype(dtype), y


def make_blobs(n, *, rng, n_classes=3, noise=0.2, dtype=np.float32):
    """`n` points in round clouds, one cloud a class, their centres evenly spaced on the unit circle.

    Parameters
    ----------
    n : int                             points in all; the classes differ by one at most
    rng : numpy.random.Generator
    n_classes : int                     clouds, at least 2; the first has its centre at (1, 0)
    noise : float                       standard deviation of both coordinates
    dtype : float32 or float64          of the points

    Returns
    -------
    x : ndarray (n, 2), dtype
    y : ndarray (n,), int64             0..n_classes-1, in turn

    Raises
    ------
    ValueError                          fewer points than classes, a negative noise, an rng or dtype that is none
    """
    y = _labels(n, n_classes, noise, rng, dtype)
    x = _on_circle(2 * np.pi * y / n_classes, 1) + noise * rng.standard_normal((n, 2))
    return x.astype(dtype), y


def _on_circle(angle, r):
    return np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)        # (N, 2)


def _labels(n, n_classes, noise, rng, dtype):
    """0, 1, .., n_classes-1, 0, 1, .. after a check of what all toy sets are given."""
    if not isinstance(n_classes, int | np.integer) or n_classes < 2:
        raise ValueError(f"n_classes must be a whole number of at least 2: got {n_classes!r}")
    if not isinstance(n, int | np.integer) or n < n_classes:
        raise ValueError(f"n must be a whole number of at least {n_classes}, one point a class: got {n!r}")
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise must be at least 0 and finite: got {noise!r}")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator, as np.random.default_rng(0) makes one: got {rng!r}")
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64: got {dtype!r}")
    return np.arange(n) % n_classes
