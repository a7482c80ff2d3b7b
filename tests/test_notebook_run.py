"""`make run` on small notebooks: what it stores, what it refuses, and that a second run changes nothing."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import ROOT, run_notebooks
from tools.address import read_address
from tools.kernel_environment import kernel_environment
from tools.run_notebooks import NotebookFailure, as_text, run
from tools.setup_cell import setup_cell

PLOT = "import matplotlib.pyplot as plt\n\nplt.plot([1, 4])\nplt.show()"


@pytest.fixture
def notebook(tmp_path):
    """Writes cells (source, or source and tag) to a notebook."""
    def write(*cells):
        made = [new_code_cell(cell) if isinstance(cell, str) else new_code_cell(cell[0], metadata={"tags": [cell[1]]})
                for cell in cells]
        path = tmp_path / "98_circles.ipynb"
        path.write_text(as_text(new_notebook(cells=[new_markdown_cell("# 98. Circles"), *made])), encoding="utf-8")
        return path
    return write


def outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.outputs for cell in cells if cell.cell_type == "code"]


def test_a_second_run_leaves_every_byte(notebook):
    path = notebook('print("one")\nprint("two", flush=True)', PLOT, "{'a', 'b', 'c'}", ("1 / 0", "raises-exception"))
    assert run(path)
    first, written = path.read_bytes(), path.stat().st_mtime_ns
    assert not run(path)
    assert path.read_bytes() == first
    assert path.stat().st_mtime_ns == written
    assert list(path.parent.iterdir()) == [path]


def test_counts_pictures_and_announced_errors_are_stored(notebook):
    path = notebook("1 + 1", PLOT, ("1 / 0", "raises-exception"), ("slider()", "skip-execution"), "2 + 2")
    run(path)
    counts = [cell.execution_count for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert counts == [1, 2, 3, None, 4]
    two, picture, error, skipped, four = outputs(path)
    assert two[0].data["text/plain"] == "2"
    assert {"image/png", "text/plain"} <= set(picture[0].data)
    assert (error[0].ename, error[0].evalue) == ("ZeroDivisionError", "division by zero")
    assert skipped == []


def test_a_traceback_through_the_library_names_no_file(notebook):
    path = notebook(("import nbformat\nnbformat.reads('', 4)", "raises-exception"))
    run(path)
    traceback = run_notebooks.plain("\n".join(outputs(path)[0][0].traceback))
    assert "Cell In[1]" in traceback
    assert ".py" not in traceback


def test_the_setup_cell_is_renewed(notebook):
    path = notebook("# an older set-up with NN_REPO_URL\nimport utils")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_notebooks, "execute", lambda notebook, path: None)
        run(path)
    assert nbformat.read(path, as_version=4).cells[1].source == setup_cell(read_address())


@pytest.mark.parametrize(("source", "complaint"), [
    ("1 / 0", "fails:(.|\n)*ZeroDivisionError: division by zero"),
    ("import sys\nprint('careful', file=sys.stderr)", "writes to stderr:\ncareful"),
    ("import os\nos._exit(1)", "fails"),
])
def test_a_failure_names_notebook_and_cell_and_leaves_the_file(notebook, source, complaint):
    path = notebook("print('new')", source)
    before = path.read_bytes()
    first_line = re.escape(source.split("\n")[0])
    with pytest.raises(NotebookFailure, match=rf"98_circles.ipynb, cell 3 \({first_line}\) {complaint}"):
        run(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_cell_without_end_is_stopped(notebook, monkeypatch):
    monkeypatch.setattr(run_notebooks, "CELL_TIMEOUT", 1)
    with pytest.raises(NotebookFailure, match="cell 2 .* fails:\n.*timed out"):
        run(notebook("while True:\n    pass"))


def test_nobodys_private_settings_reach_a_kernel(notebook, tmp_path, monkeypatch):
    startup = tmp_path / "ipython/profile_default/startup/mine.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("mine = True")
    mine = {"IPYTHONDIR": str(tmp_path / "ipython"), "PYTHONSTARTUP": str(startup)}
    ours = tmp_path / "ours"
    ours.mkdir()
    for name, value in (mine | {"PYTHONOPTIMIZE": "1", "MPLBACKEND": "agg"} | kernel_environment(ours)).items():
        monkeypatch.setenv(name, value)
    path = notebook("assert 'mine' not in dir()", PLOT, ("assert False", "raises-exception"))
    run(path)
    _, picture, failed_assertion = outputs(path)
    assert "image/png" in picture[0].data
    assert failed_assertion[0].ename == "AssertionError"


def test_the_command_refuses_an_unknown_chapter_in_one_line():
    command = [sys.executable, "-m", "tools.run_notebooks", "77"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ)
    assert answer.returncode == 1
    assert answer.stderr.startswith("no chapter '77'") and answer.stderr.count("\n") == 1
