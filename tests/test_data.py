import hashlib
import importlib.util
import inspect
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from utils import data
from utils.data import (
    DATA,
    SHA256,
    car_makes,
    fetch_mnist,
    load_breast_cancer,
    load_cars,
    load_mnist5k,
    load_penguins,
    make_blobs,
    make_moons,
    make_spirals,
)

# The split of load_mnist5k, on which the numbers of many chapters rest: sha256 over the bytes of x_train, y_train,
# x_test, y_test, made from the rule in data/mnist5k/README.md by a program that did not use the loader.
SPLIT_SHA256 = "8a7adbe9b5c3bf456972a9db198d6c8526b57b03b4d3d1190db7a3eb54556f54"

LOADERS = {
    "mnist5k/mnist5k.npz": load_mnist5k,
    "penguins/penguins.csv": load_penguins,
    "penguins/penguins_raw.csv": lambda: load_penguins(raw=True),
    "cars/cars.csv": load_cars,
    "breast_cancer/breast_cancer.csv": load_breast_cancer,
}
TOYS = [make_spirals, make_moons, make_blobs]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# the folder data/


def index_rows():
    """file -> its row in the table of data/README.md, as a list of cells."""
    index = (DATA / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| \[(\S+)\]\(\S+\) \|(.*)\|$", index, re.MULTILINE)
    return {name: [cell.strip(" `") for cell in cells.split("|")] for name, cells in lines}


def test_index_shows_the_sha256_that_the_loaders_demand():
    assert {name: cells[-1] for name, cells in index_rows().items()} == SHA256


def test_index_states_the_rows_of_every_file():
    (_, y_train), (_, y_test) = load_mnist5k()
    rows = {name: len(load()) for name, load in LOADERS.items()} | {"mnist5k/mnist5k.npz": len(y_train) + len(y_test)}
    assert {name: int(cells[0]) for name, cells in index_rows().items()} == rows


@pytest.mark.parametrize("name", SHA256)
def test_shipped_file_is_the_one_that_is_expected(name):
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == SHA256[name]


def test_every_shipped_file_is_checked_by_a_loader():
    shipped = {path.relative_to(DATA).as_posix() for path in DATA.glob("*/*") if path.suffix in {".csv", ".npz"}}
    assert {name for name in shipped if not name.startswith("studies/")} == set(SHA256) == set(LOADERS)


@pytest.mark.parametrize("folder", sorted({name.split("/")[0] for name in SHA256}))
def test_every_set_has_a_card_with_source_licence_and_faults_and_a_script(folder):
    card = (DATA / folder / "README.md").read_text(encoding="utf-8")
    assert all(word in card for word in ("**Source.**", "**Licence.**", "**Known faults"))
    assert "def main(folder)" in (DATA / folder / "prepare.py").read_text(encoding="utf-8")


def test_prepare_makes_the_breast_cancer_table_again_byte_for_byte(tmp_path):
    runpy.run_path(str(DATA / "breast_cancer" / "prepare.py"))["main"](tmp_path)
    assert (tmp_path / "breast_cancer.csv").read_bytes() == (DATA / "breast_cancer" / "breast_cancer.csv").read_bytes()


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of data/ that the loaders read and that a test may damage."""
    copy = shutil.copytree(DATA, tmp_path / "data")
    monkeypatch.setattr(data, "DATA", copy)
    return copy


@pytest.mark.parametrize("name", SHA256)
def test_missing_file_is_named_with_its_cure(name, copied):
    (copied / name).unlink()
    with pytest.raises(ValueError, match=rf"data/{name} is missing.*git checkout -- data/{name}"):
        LOADERS[name]()


@pytest.mark.parametrize("name", SHA256)
def test_one_changed_byte_is_refused_with_its_cure(name, copied):
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"data/{name} is damaged.*{SHA256[name]}.*git checkout -- data/{name}"):
        LOADERS[name]()


def test_other_line_ends_count_as_damage(copied):
    table = copied / "cars" / "cars.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(ValueError, match="damaged"):
        load_cars()


def test_git_is_told_to_leave_line_ends_alone():
    assert {"*.csv -text", "*.npz -text"} <= set((DATA / ".gitattributes").read_text(encoding="utf-8").splitlines())


def test_untouched_copy_is_read(copied):
    assert len(load_cars()) == 406


def test_importing_utils_data_loads_numpy_alone():
    code = "import sys, utils.data; print({'pandas', 'sklearn', 'keras', 'tensorflow'} & set(sys.modules))"
    process = subprocess.run([sys.executable, "-c", code], cwd=DATA.parent, capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "set()"


# digits


@pytest.fixture(scope="module")
def digits():
    return load_mnist5k()


def test_digits_are_4000_and_1000_images_of_bytes(digits):
    (x_train, y_train), (x_test, y_test) = digits
    assert (x_train.shape, y_train.shape) == ((4000, 28, 28), (4000,))
    assert (x_test.shape, y_test.shape) == ((1000, 28, 28), (1000,))
    assert {array.dtype for part in digits for array in part} == {np.dtype(np.uint8)}
    assert (x_train.min(), x_train.max()) == (0, 255)


def test_every_digit_is_400_times_in_train_and_100_times_in_test(digits):
    (_, y_train), (_, y_test) = digits
    assert np.bincount(y_train).tolist() == [400] * 10
    assert np.bincount(y_test).tolist() == [100] * 10


def test_no_image_is_in_both_parts_or_twice_in_one(digits):
    (x_train, _), (x_test, _) = digits
    assert len({image.tobytes() for image in np.concatenate([x_train, x_test])}) == 5000


def test_the_split_is_the_one_that_the_chapters_rest_on(digits):
    digest = hashlib.sha256(b"".join(array.tobytes() for part in digits for array in part))
    assert digest.hexdigest() == SPLIT_SHA256


def test_every_batch_of_digits_is_mixed(digits):
    for _, y in digits:
        assert min(len(set(y[i : i + 50])) for i in range(0, len(y), 50)) >= 7


def test_a_zero_is_hollow_and_a_one_is_full_and_taller_than_wide(digits):
    (x, y), _ = digits
    assert x[y == 0, 14, 14].mean() < 10 < 200 < x[y == 1, 14, 14].mean()
    ink = x[y == 1] > 127
    assert ink.any(axis=2).sum(axis=1).mean() > 2 * ink.any(axis=1).sum(axis=1).mean()


def test_a_changed_array_does_not_change_the_next_load(digits):
    (x, _), _ = load_mnist5k()
    x[:] = 0
    assert (load_mnist5k()[0][0] == digits[0][0]).all()


# tables


def test_penguins_are_152_adelie_124_gentoo_and_68_chinstrap():
    assert load_penguins()["species"].value_counts().to_dict() == {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}


def test_two_penguins_were_not_measured_and_eleven_have_no_sex():
    missing = load_penguins().isna().sum()
    assert missing[missing > 0].to_dict() == {
        "bill_length_mm": 2, "bill_depth_mm": 2, "flipper_length_mm": 2, "body_mass_g": 2, "sex": 11,
    }  # fmt: skip


def test_clean_penguins_are_the_raw_ones_in_the_same_order():
    clean, raw = load_penguins(), load_penguins(raw=True)
    assert raw.shape == (344, 17)
    raw_names = ["Culmen Length (mm)", "Culmen Depth (mm)", "Flipper Length (mm)", "Body Mass (g)"]
    names = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    np.testing.assert_array_equal(clean[names].to_numpy(), raw[raw_names].to_numpy())
    assert (raw["Species"].str.split().str[0] == clean["species"]).all()


def test_individual_id_of_a_penguin_is_no_key():
    penguins = load_penguins(raw=True)
    assert penguins["Individual ID"].nunique() == 190
    assert (penguins.groupby("Individual ID")["Species"].nunique() > 1).sum() == 94


def test_cars_keep_their_14_holes():
    missing = load_cars().isna().sum()
    assert missing[missing > 0].to_dict() == {"Miles_per_Gallon": 8, "Horsepower": 6}


def test_cars_keep_their_misspelt_makes():
    makes = load_cars()["Name"].str.split().str[0].value_counts()
    assert makes[["chevroelt", "maxda", "toyouta", "vokswagen", "vw", "chevy"]].tolist() == [1, 2, 1, 1, 6, 3]
    assert load_cars()["Name"].str.startswith("honda Accelerationord").sum() == 4


def test_each_make_has_one_spelling():
    cars = load_cars()
    makes = car_makes(cars["Name"])
    assert makes.index.equals(cars.index)
    assert makes[cars["Miles_per_Gallon"].notna()].nunique() == 30
    as_they_are = cars["Name"].str.split().str[0]
    for make, spellings in {"chevrolet": ["chevroelt", "chevy"], "mazda": ["maxda"], "toyota": ["toyouta"],
                            "volkswagen": ["vokswagen", "vw"], "mercedes-benz": ["mercedes"]}.items():
        assert set(as_they_are[makes == make]) == {make, *spellings}
    assert (makes != as_they_are).sum() == 1 + 3 + 2 + 1 + 1 + 6 + 1
    assert {"capri", "hi"} < set(makes)


def test_cars_of_1981_stand_under_1982():
    years = load_cars()["Year"].str[:4].value_counts()
    assert "1981" not in years
    assert years["1982"] == 61


def test_breast_cancer_has_212_malignant_and_357_benign_cases():
    cases = load_breast_cancer()
    assert cases.shape == (569, 31)
    assert not cases.isna().any(axis=None)
    assert cases["diagnosis"].value_counts().to_dict() == {"benign": 357, "malignant": 212}


def test_malignant_means_the_larger_nuclei():
    radius = load_breast_cancer().groupby("diagnosis")["mean radius"].median()
    assert radius["malignant"] > 1.3 * radius["benign"]


def test_breast_cancer_equals_scikit_learn_whose_zero_means_malignant():
    from sklearn.datasets import load_breast_cancer as load_from_sklearn

    cases, theirs = load_breast_cancer(), load_from_sklearn()
    assert list(cases.columns[:-1]) == list(theirs.feature_names)
    assert (cases.iloc[:, :-1].to_numpy() == theirs.data).all()
    assert ((cases["diagnosis"] == "malignant") == (theirs.target == 0)).all()


# an mnist.npz of the reader's


@pytest.fixture
def mnist(monkeypatch):
    """The arrays of an MNIST of six and two images, which is what fetch_mnist expects while the test runs."""
    shapes = {"x_train": (6, 28, 28), "y_train": (6,), "x_test": (2, 28, 28), "y_test": (2,)}
    monkeypatch.setattr(data, "MNIST_SHAPES", shapes)
    return {key: np.full(shape, 9, np.uint8) for key, shape in shapes.items()}


def test_mnist_is_70000_images_of_28_by_28():
    shapes = data.MNIST_SHAPES
    assert shapes["x_train"][0] + shapes["x_test"][0] == shapes["y_train"][0] + shapes["y_test"][0] == 70_000
    assert shapes["x_train"][1:] == shapes["x_test"][1:] == (28, 28)


def test_own_file_is_read_in_the_order_of_keras(tmp_path, mnist):
    np.savez(tmp_path / "mine.npz", **mnist)
    (x_train, y_train), (x_test, y_test) = fetch_mnist(path=str(tmp_path / "mine.npz"))
    assert (x_train.shape, y_train.shape, x_test.shape, y_test.shape) == ((6, 28, 28), (6,), (2, 28, 28), (2,))
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}


@pytest.mark.parametrize(
    ("key", "array", "said"),
    [
        ("x_train", np.zeros((5, 28, 28), np.uint8), r"x_train uint8 \(5, 28, 28\), expected uint8 \(6, 28, 28\)"),
        ("x_test", np.zeros((2, 784), np.uint8), r"x_test uint8 \(2, 784\)"),
        ("x_test", np.zeros((2, 28, 28), np.float32), "x_test float32"),
        ("y_train", np.zeros(6, np.int64), "y_train int64"),
        ("y_train", np.array([0, 1, 2, 3, 4, 10], np.uint8), r"labels of y_train must be 0..9, got 10"),
        ("y_test", np.array([255, 0], np.uint8), r"labels of y_test must be 0..9, got 255"),
        ("y_test", np.array([None, None]), "no mnist.npz"),
    ],
)
def test_own_file_with_a_wrong_array_is_refused(key, array, said, tmp_path, mnist):
    np.savez(tmp_path / "mine.npz", **mnist | {key: array})
    with pytest.raises(ValueError, match=said):
        fetch_mnist(path=tmp_path / "mine.npz")


@pytest.mark.parametrize("key", ["x_train", "y_train", "x_test", "y_test"])
def test_own_file_without_an_array_is_refused(key, tmp_path, mnist):
    np.savez(tmp_path / "mine.npz", **{other: array for other, array in mnist.items() if other != key})
    with pytest.raises(ValueError, match=rf"mine.npz is no mnist.npz.*{key}"):
        fetch_mnist(path=tmp_path / "mine.npz")


def test_own_file_that_was_cut_off_is_refused(tmp_path, mnist):
    np.savez(tmp_path / "mine.npz", **mnist)
    content = (tmp_path / "mine.npz").read_bytes()
    (tmp_path / "mine.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="no mnist.npz"):
        fetch_mnist(path=tmp_path / "mine.npz")


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"\x93NUMPY\x01\x00"])
def test_own_file_that_is_no_archive_is_refused(content, tmp_path):
    (tmp_path / "mine.npz").write_bytes(content)
    with pytest.raises(ValueError, match="no mnist.npz"):
        fetch_mnist(path=tmp_path / "mine.npz")


def test_own_file_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ValueError, match="nowhere.npz"):
        fetch_mnist(path=tmp_path / "nowhere.npz")


def test_address_and_fingerprint_are_those_of_keras():
    keras = importlib.util.find_spec("keras")       # looked at, not imported
    if keras is None:
        pytest.skip("Keras is not installed")
    source = (Path(keras.origin).parent / "src" / "datasets" / "mnist.py").read_text(encoding="utf-8")
    assert data.MNIST_SHA256 in source
    folder, name = data.MNIST_URL.rsplit("/", 1)
    assert f"\"{folder}/\"" in source and f"}}{name}\"" in source       # Keras joins the two


# toy sets


@pytest.mark.parametrize("make", TOYS)
@pytest.mark.parametrize("n", [2, 5, 90])
def test_toy_sets_hold_equally_many_of_each_class(make, n, rng):
    x, y = make(n, rng=rng, **({} if make is make_moons else {"n_classes": 2}))
    assert x.shape == (n, 2)
    assert np.ptp(np.bincount(y, minlength=2)) == n % 2


@pytest.mark.parametrize("make", [make_spirals, make_blobs])
def test_toy_sets_have_as_many_classes_as_asked(make, rng):
    assert np.bincount(make(100, rng=rng, n_classes=5)[1]).tolist() == [20] * 5


@pytest.mark.parametrize("make", TOYS)
def test_toy_sets_fit_a_float32_network_unless_told_otherwise(make):
    x, y = make(30, rng=np.random.default_rng(1))
    x64, _ = make(30, rng=np.random.default_rng(1), dtype=np.float64)
    assert (x.dtype, x64.dtype, y.dtype.kind) == (np.float32, np.float64, "i")
    assert (x == x64.astype(np.float32)).all()


@pytest.mark.parametrize("make", TOYS)
def test_toy_sets_are_drawn_from_rng_alone(make):
    first, again, other = (make(30, rng=np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).all()


@pytest.mark.parametrize("make", TOYS)
def test_one_generator_gives_a_new_set_at_each_call(make, rng):
    assert (make(30, rng=rng)[0] != make(30, rng=rng)[0]).all()


NONSENSE = [
    ({"n": 1}, "got 1"),
    ({"n": 10.0}, "got 10.0"),
    ({"n": -3}, "got -3"),
    ({"noise": -0.1}, "got -0.1"),
    ({"noise": np.nan}, "got nan"),
    ({"noise": np.inf}, "got inf"),
    ({"rng": 7}, "got 7"),
    ({"rng": None}, "got None"),
    ({"dtype": np.int64}, "int64"),
]
NONSENSE_CLASSES = [({"n_classes": 1}, "got 1"), ({"n_classes": 2.5}, "got 2.5"), ({"n_classes": 11}, "at least 11")]


@pytest.mark.parametrize(
    ("make", "wrong", "said"),
    [(make, *case) for make in TOYS for case in NONSENSE]
    + [(make, *case) for make in (make_spirals, make_blobs) for case in NONSENSE_CLASSES],
)
def test_toy_sets_refuse_nonsense_and_draw_nothing(make, wrong, said, rng):
    before = rng.bit_generator.state
    with pytest.raises(ValueError, match=said):
        make(**{"n": 10, "rng": rng} | wrong)
    assert rng.bit_generator.state == before


def accuracy_of_lines(x, y):
    """Least squares, fitted and judged on the same points: no straight border does much better."""
    x = np.column_stack([x, np.ones(len(x))])
    return ((x @ np.linalg.lstsq(x, np.eye(y.max() + 1)[y])[0]).argmax(axis=1) == y).mean()


def accuracy_of_neighbours(x, y):
    distance = np.linalg.norm(x[:, None] - x, axis=2) + np.diag(np.full(len(x), np.inf))
    return (y[distance.argmin(axis=1)] == y).mean()


def test_spirals_defeat_straight_lines_but_not_neighbours(rng):
    x, y = make_spirals(600, rng=rng)
    assert accuracy_of_lines(x, y) < 0.65 < 0.97 < accuracy_of_neighbours(x, y)


def test_moons_bend_around_each_other(rng):
    x, y = make_moons(600, rng=rng)
    assert accuracy_of_lines(x, y) < 0.93 < 0.97 < accuracy_of_neighbours(x, y)


def test_blobs_are_separated_by_straight_lines(rng):
    assert accuracy_of_lines(*make_blobs(600, rng=rng)) > 0.97


def test_spirals_stay_within_the_unit_circle_and_fill_it(rng):
    r = np.linalg.norm(make_spirals(600, rng=rng, noise=0.5)[0], axis=1)
    assert 0 < r.min() < 0.1 < 0.9 < r.max() <= 1


def test_spiral_arms_without_noise_are_one_arm_turned_in_equal_steps(rng):
    x, y = make_spirals(900, rng=rng, noise=0, dtype=np.float64)
    turned_back = (x[:, 0] + 1j * x[:, 1]) * np.exp(-2j * np.pi * y / 3)
    on_the_way_out = turned_back[np.abs(turned_back).argsort()]
    assert np.abs(np.diff(on_the_way_out)).max() < 0.1              # neighbours on one line; arms are up to 1.7 apart


def test_a_spiral_turns_by_four_radians_on_its_way_out(rng):
    x, y = make_spirals(900, rng=rng, noise=0, dtype=np.float64)
    arm = (x[:, 0] + 1j * x[:, 1])[y == 0]
    assert np.allclose(arm, np.abs(arm) * np.exp(4j * np.abs(arm)))


def test_what_is_not_said_is_as_the_docstrings_say():
    defaults = {make: {name: parameter.default for name, parameter in inspect.signature(make).parameters.items()}
                for make in (make_spirals, make_moons, make_blobs, fetch_mnist)}
    assert [defaults[make]["noise"] for make in (make_spirals, make_moons, make_blobs)] == [0.2, 0.1, 0.2]
    assert defaults[make_spirals]["n_classes"] == defaults[make_blobs]["n_classes"] == 3
    assert (defaults[fetch_mnist]["url"], defaults[fetch_mnist]["sha256"]) == (data.MNIST_URL, data.MNIST_SHA256)


def test_moons_without_noise_are_half_circles(rng):
    x, y = make_moons(100, rng=rng, noise=0, dtype=np.float64)
    upper, lower = x[y == 0], x[y == 1]
    assert np.allclose(np.linalg.norm(upper, axis=1), 1) and (upper[:, 1] >= 0).all()
    assert np.allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1) and (lower[:, 1] <= 0.5).all()


def test_blobs_without_noise_are_the_corners_of_a_regular_polygon(rng):
    x, y = make_blobs(40, rng=rng, n_classes=4, noise=0, dtype=np.float64)
    assert np.allclose(x, np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])[y])


@pytest.mark.parametrize("make", [make_moons, make_blobs])
def test_noise_is_the_standard_deviation_of_a_coordinate(make):
    noisy, still = (make(20_000, rng=np.random.default_rng(3), noise=noise)[0] for noise in (0.3, 0))
    assert (noisy - still).std(axis=0) == pytest.approx(0.3, rel=0.03)      # same draws but for the noise


def test_noise_of_spirals_is_an_angle_in_radians():
    noisy, still = (make_spirals(20_000, rng=np.random.default_rng(3), noise=noise)[0] @ [1, 1j] for noise in (0.3, 0))
    assert np.angle(noisy / still).std() == pytest.approx(0.3, rel=0.03)
