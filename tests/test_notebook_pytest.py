"""The test commands themselves, in a small copy of the project: what they collect, and what strict nbval lets pass."""

import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_notebook_rules import Book, runs_once_from_top_to_bottom

from tools import ROOT
from tools.run_notebooks import as_text, normalised

TESTS = ("test_nn_layers.py", "test_notebook_rules.py", "test_keras_nn.py", "test_torch_nn.py", "test_download.py")
COPIED = (
    "conftest.py", "pyproject.toml", "tests/nbval_sanitize.cfg", "tools/__init__.py", "tools/kernel_environment.py",
)


@pytest.fixture
def project(tmp_path):
    for name in COPIED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    for name in TESTS:
        (tmp_path / "tests" / name).write_text("def test_nothing():\n    pass\n")
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def store(project, name, *sources_and_texts):
    """A notebook whose cells are stored as if they had printed these texts."""
    cells = []
    for n, (source, text) in enumerate(sources_and_texts, start=1):
        outputs = [new_output("stream", name="stdout", text=text)] if text else []
        cells.append(new_code_cell(source, execution_count=n, outputs=outputs))
    path = project / "notebooks" / name
    path.write_text(as_text(normalised(new_notebook(cells=cells))), encoding="utf-8")
    return path


def pytest_in(folder, *arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def collected(project, *arguments):
    """The names of the files that this command would run."""
    lines = pytest_in(project, "--collect-only", *arguments).stdout.splitlines()
    return {line.split("::")[0].split("/")[-1] for line in lines if "::" in line}


def test_plain_pytest_collects_only_what_is_fast(project):
    store(project, "98_circles.ipynb", ("1", ""))
    assert collected(project) == collected(project, "tests") == {"test_nn_layers.py"}


def test_nbval_collects_everything(project):
    store(project, "98_circles.ipynb", ("1", ""))
    assert collected(project, "--nbval") == {*TESTS, "98_circles.ipynb"}


@pytest.mark.parametrize("name", ["tests/test_keras_nn.py", "tests/test_keras_nn.py::test_nothing"])
def test_a_slow_test_runs_when_it_is_named(project, name):
    assert collected(project, name) == {"test_keras_nn.py"}


def test_two_workers_keep_the_cells_of_a_notebook_together(project):
    steps = [("x = 0", ""), *[("x += 1\nprint(x)", f"{n}\n") for n in range(1, 9)]]
    for name in ("97_triangles.ipynb", "98_circles.ipynb"):
        store(project, name, *steps)
    answer = pytest_in(project, "--nbval", "-n", "2", "notebooks")
    assert answer.returncode == 0, answer.stdout
    assert "18 passed" in answer.stdout


def test_a_changed_number_fails_from_any_folder(project):
    path = store(project, "98_circles.ipynb", ("print(3.1416)", "3.1416\n"), ("print(6.2832)", "6.2831\n"))
    answer = pytest_in(project / "notebooks", "--nbval", path.name)
    assert "1 failed, 1 passed" in answer.stdout
    assert "6.2831" in answer.stdout and "6.2832" in answer.stdout


def test_addresses_are_sanitised_and_numbers_are_not(project):
    path = store(project, "98_circles.ipynb",
                 ("print(object())", "<object object at 0x7fe0123456789>\n"), ("print(hex(10**9))", "0x3b9aca01\n"))
    answer = pytest_in(project, "--nbval", str(path))
    assert "1 failed, 1 passed" in answer.stdout


def test_a_cell_saved_without_count_passes_nbval_and_not_our_rule(project):
    path = store(project, "98_circles.ipynb", ("print(1)", "1\n"), ("print(2)", ""))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].execution_count = None
    path.write_text(as_text(notebook), encoding="utf-8")
    assert pytest_in(project, "--nbval", str(path)).returncode == 0
    assert list(runs_once_from_top_to_bottom(Book(path)))
