"""The test commands themselves, in a small copy of the project: what they collect, and what strict nbval lets pass."""

import re
import shutil
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_notebook_rules import Book, runs_once_from_top_to_bottom

from tools import ROOT
from tools.run_notebooks import as_text, normalised

TESTS = ("test_nn_layers.py", "test_notebook_rules.py", "test_keras_nn.py", "test_torch_nn.py", "test_download.py")
COPIED = (
    "conftest.py", "pyproject.toml", "tests/nbval_sanitize.cfg", "tools/__init__.py", "tools/kernel_environment.py",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in COPIED:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for name in TESTS:
        (folder / "tests" / name).write_text("def test_nothing():\n    pass\n")
    (folder / "notebooks").mkdir()
    store(folder, "97_squares.ipynb", *STEPS)
    store(folder, "98_circles.ipynb", *STEPS)
    return folder


STEPS = [("x = 0", ""), *[("x += 1\nprint(x)", f"{n}\n") for n in range(1, 9)]]      # each needs the one before


def store(folder, name, *sources_and_texts):
    """A notebook whose cells are stored as if they had printed these texts; None: stored without a count."""
    cells = []
    for n, (source, text) in enumerate(sources_and_texts, start=1):
        outputs = [new_output("stream", name="stdout", text=text)] if text else []
        cells.append(new_code_cell(source, execution_count=None if text is None else n, outputs=outputs))
    path = folder / "notebooks" / name
    path.write_text(as_text(normalised(new_notebook(cells=cells))), encoding="utf-8")
    return path


def pytest_in(folder, *arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


def collected(project, *arguments):
    """The names of the files that this command would run."""
    lines = pytest_in(project, "--collect-only", *arguments).splitlines()
    return {line.split("::")[0].split("/")[-1] for line in lines if "::" in line}


def test_plain_pytest_collects_only_what_is_fast(project):
    assert collected(project) == {"test_nn_layers.py"}


def test_nbval_collects_everything(project):
    assert collected(project, "--nbval") == {*TESTS, "97_squares.ipynb", "98_circles.ipynb"}


def test_a_slow_test_runs_when_it_is_named(project):
    named = ("tests/test_keras_nn.py::test_nothing", "tests/test_torch_nn.py")
    assert collected(project, *named) == {"test_keras_nn.py", "test_torch_nn.py"}


def test_two_workers_keep_the_cells_of_a_notebook_together(project):
    assert "18 passed" in pytest_in(project, "--nbval", "-n", "2", "notebooks")


@pytest.fixture(scope="module")
def comparison(project):
    """Strict nbval's verdicts on the cells of a tampered notebook, called from a folder below the project's."""
    cells = {
        "right": ("print(3.1416)", "3.1416\n"),
        "changed": ("print(6.2832)", "6.2831\n"),
        "address": ("print(object())", "<object object at 0x7fe0123456789>\n"),
        "changed hex": ("print(hex(10**9))", "0x3b9aca01\n"),
        "no count": ("print(2)", None),
    }
    path = store(project, "99_spheres.ipynb", *cells.values())
    printed = pytest_in(path.parent, "--nbval", "-rA", path.name)
    path = path.rename(project / path.name)     # out of the other tests' way
    verdicts = sorted(re.findall(r"^(?:PASSED|FAILED) .*::Cell \d", printed, re.MULTILINE), key=lambda line: line[-1])
    return dict(zip(cells, [line.split()[0] for line in verdicts], strict=True)), path


def test_a_right_number_passes_and_a_changed_one_fails(comparison):
    verdicts, _ = comparison
    assert (verdicts["right"], verdicts["changed"]) == ("PASSED", "FAILED")


def test_addresses_are_sanitised_and_numbers_are_not(comparison):
    verdicts, _ = comparison
    assert (verdicts["address"], verdicts["changed hex"]) == ("PASSED", "FAILED")


def test_a_cell_saved_without_count_passes_nbval_and_not_our_rule(comparison):
    verdicts, path = comparison
    assert verdicts["no count"] == "PASSED"
    assert list(runs_once_from_top_to_bottom(Book(path)))
