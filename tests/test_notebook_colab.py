"""Rehearsals of "open in Colab", without a network: a notebook alone in an empty folder, a local clone as the address.

There, a stub stands for `google.colab`, and a foreign package `utils` lies first on the path.
"""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from tools import ROOT, find_notebooks
from tools.address import read_address
from tools.setup_cell import setup_cell

SETUP = setup_cell(read_address())
OURS = "\nprint(Path(utils.__file__).parents[1])"
FOREIGN_FIRST = "import utils, utils.data\nassert utils.FOREIGN and utils.data.FOREIGN\n"
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "workbook", "build", "*.egg-info")


@pytest.fixture(scope="session")
def origin(tmp_path_factory):
    """A bare clone of the work tree, also of what is not committed yet."""
    folder = tmp_path_factory.mktemp("origin")
    shutil.copytree(ROOT, folder / "tree", ignore=NOT_COPIED)
    commit_all(folder / "tree")
    git(folder, "clone", "--bare", "tree", "bare.git")
    return (folder / "bare.git").as_uri()


def commit_all(folder):
    git(folder, "init")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--message", "all")


def git(folder, *command):
    nobodys = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True, env=os.environ | nobodys)


@pytest.fixture
def content(tmp_path, origin, monkeypatch):
    """The empty folder, and the surroundings that Colab gives it."""
    for package in ("google/colab", "utils"):
        (tmp_path / "site" / package).mkdir(parents=True)
        (tmp_path / "site" / package / "__init__.py").write_text("FOREIGN = True\n")
    (tmp_path / "site/utils/data.py").write_text("FOREIGN = True\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setenv("NN_REPO_URL", origin)
    monkeypatch.setenv("COLAB_RELEASE_TAG", "rehearsal")
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


def python(source, folder):
    return subprocess.run([sys.executable, "-c", source], cwd=folder, capture_output=True, text=True)


def test_a_lone_notebook_fetches_the_project_and_imports_its_utils(content):
    answer = python(SETUP + OURS + "\nfrom utils.nn import Dense\nimport google.colab", content)
    assert (answer.stdout, answer.stderr) == (f"{content / 'keras-from-zero'}\n", "")
    assert [path.name for path in content.iterdir()] == ["keras-from-zero"]


def test_a_foreign_utils_that_is_imported_already_gives_way_with_its_modules(content):
    check = "\nimport utils.data\nassert not hasattr(utils, 'FOREIGN') and not hasattr(utils.data, 'FOREIGN')"
    answer = python(FOREIGN_FIRST + SETUP + check, content)
    assert (answer.stdout, answer.stderr) == ("", "")


def test_a_second_run_keeps_our_modules_and_fetches_nothing(content):
    again = f"import utils.nn\nfirst, nn = utils, utils.nn\nos.environ['NN_REPO_URL'] = 'nowhere'\n{SETUP}\n"
    answer = python(f"{SETUP}\n{again}assert utils is first and utils.nn is nn", content)
    assert (answer.stdout, answer.stderr) == ("", "")


@pytest.mark.parametrize("folder", [".", "notebooks", "notebooks/solutions", "workbook", "workbook/mine"])
def test_inside_the_project_nothing_is_fetched(content, folder):
    for name in ("utils/nn", "data", folder):
        (content / name).mkdir(parents=True, exist_ok=True)
    (content / "utils/__init__.py").touch()
    answer = python(SETUP + OURS, content / folder)
    assert (answer.stdout, answer.stderr) == (f"{content}\n", "")


@pytest.mark.parametrize("missing", ["clone", "git"])
def test_a_failed_fetch_says_what_to_do_and_leaves_nothing(content, monkeypatch, missing):
    monkeypatch.setenv(*{"clone": ("NN_REPO_URL", "file:///nowhere.git"), "git": ("PATH", str(content))}[missing])
    answer = python(SETUP, content)
    assert answer.returncode == 1
    assert f"RuntimeError: cannot fetch {os.environ['NN_REPO_URL']}: go online" in answer.stderr
    assert list(content.iterdir()) == []


def test_a_clone_of_something_else_is_refused(content, monkeypatch):
    other = content.parent / "other"
    (other / "data").mkdir(parents=True)
    (other / "data/README.md").touch()
    commit_all(other)
    monkeypatch.setenv("NN_REPO_URL", other.as_uri())
    answer = python(SETUP, content)
    assert "AssertionError: utils is " in answer.stderr and "but " in answer.stderr


def execute(notebook, content):
    resources = {"metadata": {"path": str(content)}}
    NotebookClient(notebook, kernel_name="python3", timeout=300, resources=resources).execute(stderr=subprocess.DEVNULL)


def first_chapter():
    """Chapter 00 as it is, or the set-up cell and an import until there is one."""
    chapters = find_notebooks(ROOT / "notebooks")
    if chapters:
        return nbformat.read(chapters[0], as_version=4)
    return new_notebook(cells=[new_code_cell(SETUP), new_code_cell("from utils.nn import Dense")])


def test_the_first_chapter_runs_alone_in_colab(content):
    chapter = first_chapter()
    chapter.cells.insert(0, new_code_cell(FOREIGN_FIRST))
    chapter.cells.append(new_code_cell("assert Path(utils.__file__).parents[1] == clone"))
    execute(chapter, content)


def test_a_chapter_that_cannot_fetch_the_project_stops_at_its_setup_cell(content, monkeypatch):
    monkeypatch.setenv("NN_REPO_URL", "file:///nowhere.git")
    chapter = first_chapter()
    with pytest.raises(CellExecutionError, match="cannot fetch file:///nowhere.git: go online"):
        execute(chapter, content)
    assert list(content.iterdir()) == []
