"""The tools' decisions, on copies in a temporary folder. What needs a kernel is in test_notebook_run.py."""

import ast
import json
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import ROOT, address, breaks, find_notebooks, workbook
from tools.kernel_environment import kernel_environment
from tools.run_notebooks import as_text, normalised
from tools.setup_cell import setup_cell

pytestmark = pytest.mark.filterwarnings("ignore:Non-unique cell id")     # said when one is mended


@pytest.fixture
def project(tmp_path):
    """A copy of the files that name the address, with one more chapter and its solutions."""
    for path in address.text_files(ROOT):
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, tmp_path / path.relative_to(ROOT))
    present = address.read_address()
    (tmp_path / "README.md").write_text(f"git clone https://github.com/{present}.git keras-from-zero\n")
    for name in ("notebooks/98_circles.ipynb", "notebooks/solutions/98_circles.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        title = new_markdown_cell(f"# 98. Circles\n\n[Open in Colab]({address.colab_link(present, name)})")
        cells = [title, new_code_cell(setup_cell(present))]
        (tmp_path / name).write_text(as_text(new_notebook(cells=cells)), encoding="utf-8")
    return tmp_path


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Chapters by number

@pytest.mark.parametrize("number", ["98", "98_circles", "98_circles.ipynb", "notebooks/98_circles.ipynb"])
def test_a_chapter_is_found_with_its_solutions_by_number_or_name(project, number):
    found = find_notebooks(project / "notebooks", number)
    assert [path.parent.name for path in found] == ["notebooks", "solutions"]


@pytest.mark.parametrize("number", ["3", "03", "a", "A"])
def test_a_number_needs_no_zero_and_a_letter_no_capital(tmp_path, number):
    for name in ("03_squares.ipynb", "A_signs.ipynb"):
        (tmp_path / name).touch()
    assert len(find_notebooks(tmp_path, number)) == 1


def test_an_unknown_chapter_is_told_the_known_ones(project):
    with pytest.raises(ValueError, match="no chapter '97'; there are: .*98"):
        find_notebooks(project / "notebooks", "97")


# The workbook

def test_the_workbook_gets_chapters_solutions_and_pictures(project):
    (project / "notebooks/images").mkdir(exist_ok=True)
    (project / "notebooks/images/circle.png").write_bytes(b"a picture")
    workbook.fill(project)
    assert contents(project / "workbook") == contents(project / "notebooks")


def test_the_workbook_leaves_checkpoints_out(project):
    (project / "notebooks/.ipynb_checkpoints").mkdir()
    (project / "notebooks/.ipynb_checkpoints/98_circles-checkpoint.ipynb").touch()
    workbook.fill(project)
    assert not list(project.glob("workbook/.*"))


def test_the_workbook_never_overwrites(project):
    workbook.fill(project)
    (project / "workbook/98_circles.ipynb").write_text("my answers")
    assert workbook.fill(project) == []
    assert (project / "workbook/98_circles.ipynb").read_text() == "my answers"


def test_a_fresh_chapter_keeps_every_earlier_one_beside_it(project):
    workbook.fill(project)
    for n in (1, 2):
        (project / "workbook/98_circles.ipynb").write_text(f"attempt {n}")
        assert workbook.fresh("98", project).name == f"98_circles.yours-{n}.ipynb"
    kept = [project / f"workbook/98_circles.yours-{n}.ipynb" for n in (1, 2)]
    assert [path.read_text() for path in kept] == ["attempt 1", "attempt 2"]
    assert (project / "workbook/98_circles.ipynb").read_bytes() == (project / "notebooks/98_circles.ipynb").read_bytes()


def test_an_unchanged_chapter_is_not_kept_twice(project):
    assert workbook.fresh("98", project) is None
    assert workbook.fresh("98", project) is None
    assert not list(project.glob("workbook/*yours*"))


@pytest.mark.parametrize("arguments", [["fresh"], ["fersh", "03"], ["fresh", "03", "04"]])
def test_a_mistyped_workbook_command_is_told_the_right_one(arguments):
    with pytest.raises(ValueError, match="make fresh NB=03"):
        workbook.main(arguments)


# The address

def test_the_address_moves_everywhere_and_back_without_changing_a_byte(project):
    before, present = contents(project), address.read_address(project)
    address.move("some-body/deep.learning_2", project)
    assert address.read_address(project) == "some-body/deep.learning_2"
    assert b"github.com/some-body/deep.learning_2.git" in (project / "README.md").read_bytes()
    assert not address.disagreements(project)
    assert not [path for path, text in contents(project).items() if f"github.com/{present}".encode() in text]
    address.move(present, project)
    assert contents(project) == before


@pytest.mark.parametrize("nonsense", [
    "", "name", "/name", "owner/", "owner/name/", "https://github.com/owner/name", "owner name/x", "-owner/name",
    "owner-/name", "own_er/name", "o" * 40 + "/name", "owner/..", "owner/name.git", "owner/na\nme", 'owner/"name"',
])
def test_nonsense_is_no_address(project, nonsense):
    before = contents(project)
    with pytest.raises(ValueError, match="owner/name"):
        address.move(nonsense, project)
    assert contents(project) == before


def test_an_address_that_is_cited_as_another_project_is_refused(project):
    (project / "notebooks/README.md").write_text("See https://github.com/karpathy/micrograd.")
    before = contents(project)
    with pytest.raises(ValueError, match="notebooks/README.md cites it"):
        address.move("karpathy/micrograd", project)
    assert contents(project) == before


def test_a_longer_name_is_another_address():
    mention = address.mention("owner/name")
    assert mention.search(b"https://github.com/owner/name.")
    assert mention.search(b"git@github.com:owner/name.git")
    for other in (b"https://github.com/owner/name-2", b"https://github.com/owner/name.js", b"data/owner/name"):
        assert not mention.search(other)


def test_all_files_of_the_project_agree_about_the_address():
    assert address.disagreements() == []


@pytest.mark.parametrize(("file", "right", "wrong"), [
    ("README.md", "git clone https://github.com", "git clone https://gitlab.com"),
    ("notebooks/98_circles.ipynb", "blob/main/notebooks/98_circles", "blob/main/notebooks/97_circles"),
    ("notebooks/98_circles.ipynb", "sys.path.insert(0, root)", "sys.path.append(root)"),
    ("notebooks/solutions/98_circles.ipynb", "notebooks/solutions/98", "notebooks/98"),
])
def test_a_file_that_leads_elsewhere_is_named(project, file, right, wrong):
    text = (project / file).read_text(encoding="utf-8")
    assert right in text
    (project / file).write_text(text.replace(right, wrong), encoding="utf-8")
    assert [line.split(":")[0] for line in address.disagreements(project)] == [file]


# The set-up cell and the stored form

def test_the_setup_cell_is_plain_python_of_at_most_15_lines():
    assert len(setup_cell("owner/name").splitlines()) <= 15
    ast.parse(setup_cell("owner/name"))


@pytest.fixture
def untidy():
    """What JupyterLab, jupytext and a kernel may leave behind."""
    frames = ["Traceback", "Cell In[1], line 1", "\x1b[36mFile \x1b[39m/x.py:1"]
    outputs = [
        new_output("stream", name="stdout", text="one\n"),
        new_output("stream", name="stdout", text="two\n"),
        new_output("display_data", {"text/plain": "a picture"}),
        new_output("stream", name="stdout", text="three\n"),
        new_output("error", ename="ValueError", evalue="no", traceback=frames),
    ]
    leftovers = {"execution": {"busy": "12:00"}, "jupyter": {}}
    cells = [
        new_markdown_cell("# Title", metadata={"editable": False}),
        new_code_cell("1 / 0", outputs=outputs, execution_count=1),
        new_code_cell("slider()", metadata={"tags": ["skip-execution"]}, execution_count=7, outputs=outputs[2:3]),
        new_code_cell(" \n"),
    ]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "mine", "display_name": ""}, "jupytext": {}})
    notebook.cells[1].metadata = {"tags": ["raises-exception"], "reason": "why"} | leftovers
    notebook.cells[1].id = notebook.cells[0].id
    return nbformat.from_dict(json.loads(json.dumps(notebook)))


def test_normalising_leaves_one_form_of_metadata(untidy):
    notebook = normalised(untidy)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.cells[0].metadata == {}
    assert notebook.cells[1].metadata == {"tags": ["raises-exception"], "reason": "why"}


def test_normalising_gives_every_cell_an_id_of_its_own(untidy):
    notebook = normalised(untidy)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    nbformat.validate(notebook)


def test_normalising_joins_neighbouring_pieces_of_a_stream_and_keeps_the_order(untidy):
    outputs = normalised(untidy).cells[1].outputs
    assert [output.get("text") for output in outputs] == ["one\ntwo\n", None, "three\n", None]


def test_normalising_keeps_of_a_traceback_what_is_the_same_on_every_machine(untidy):
    assert normalised(untidy).cells[1].outputs[-1].traceback == ["Traceback", "Cell In[1], line 1"]


def test_normalising_empties_a_cell_that_is_not_executed_and_drops_an_empty_one(untidy):
    cells = normalised(untidy).cells
    assert len(cells) == 3
    assert (cells[2].outputs, cells[2].execution_count) == ([], None)


def test_normalising_twice_changes_nothing(untidy):
    once = as_text(normalised(untidy))
    assert as_text(normalised(nbformat.reads(once, as_version=4))) == once


def test_a_kernel_reads_nobodys_private_settings(tmp_path):
    environment = kernel_environment(tmp_path)
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "KERAS_HOME", "MATPLOTLIBRC"):
        assert environment[name].startswith(str(tmp_path))
    assert environment["PYTHONSTARTUP"] == environment["PYTHONOPTIMIZE"] == ""


# Breaks

def planted(path, source):
    path.write_text(source)
    return [f"{one.old} -> {one.new}" for one in breaks.find_breaks(path)]


def test_code_is_broken_and_texts_are_not(tmp_path):
    source = 'def f(x):\n    "x of 3"\n    if x < 3:\n        raise ValueError(f"3 expected, got {x + 1}")\n'
    assert planted(tmp_path / "layers.py", source) == [
        "x < 3 -> (not x < 3)", "x < 3 -> (x <= 3)", "3 -> (4)",
        'raise ValueError(f"3 expected, got {x + 1}") -> pass',
    ]


def test_arguments_are_exchanged_where_it_matters(tmp_path):
    assert planted(tmp_path / "layers.py", "y = f(a, b)") == ["f(a, b) -> (f(b, a))"]
    assert planted(tmp_path / "layers.py", "y = np.add(a, b)") == []


@pytest.mark.parametrize("source", ["np.abs(a - b)", "abs(a - b)", "(a - b)**2"])
def test_a_difference_whose_sign_does_not_matter_is_not_turned_over(tmp_path, source):
    found = planted(tmp_path / "layers.py", source)
    assert "a - b -> (a + b)" in found
    assert "a - b -> (b - a)" not in found
    assert "a - b -> (b - a)" in planted(tmp_path / "layers.py", "f(a - b)")


def test_the_cases_of_an_exercise_stay_whole(tmp_path):
    source = """
def _right(x): return -x
def _shared(x): return x + 1
def _drawn(n): return n + 2
def _cases(): return [_drawn(3)]
exercise = Build(right=_right, cases=_cases, mistakes={"One more.": _shared})
"""
    found = planted(tmp_path / "chapter_01.py", source)
    assert {"-x -> (x)", "1 -> (2)"} < set(found)
    assert not [text for text in found if text[0] in "n23"]
    assert {"n + 2 -> (n - 2)", "3 -> (4)"} < set(planted(tmp_path / "layers.py", source))


def test_a_planted_break_stands_in_its_place(tmp_path):
    path = tmp_path / "layers.py"
    path.write_text("é = 1\ny = x + 1\n")
    first, *_ = [one for one in breaks.find_breaks(path) if one.line == 2]
    assert first.plant(path.read_bytes()).decode() == "é = 1\ny = (x - 1)\n"
