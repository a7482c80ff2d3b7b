"""Chapter, checkers and solutions name the same exercises: unsolved in the one, solved in the other."""

import re

import nbformat
import pytest

from tools import ROOT, find_notebooks
from utils.exercises import EXERCISES

CHAPTERS = [path for path in find_notebooks(ROOT / "notebooks") if path.parent.name == "notebooks"]
CHECK = re.compile(r'^check\("([^"]+)"', re.MULTILINE)


def checked(notebook):
    """{number: what was answered} of all check cells, in their order."""
    found = {}
    for cell in notebook.cells:
        for number in CHECK.findall(cell.source) if cell.cell_type == "code" else ():
            found[number] = "".join(output.get("text", "") for output in cell.outputs).splitlines()[-1]
    return found


def differences(chapter, solutions, numbers):
    """What is wrong with the exercises of a chapter, whose registered ones are `numbers`; nothing when all is well."""
    asked, solved = checked(chapter), checked(solutions)
    if not list(asked) == list(solved) == sorted(numbers) or not numbers:
        yield f"asked {list(asked)}, solved {list(solved)}, checkers {sorted(numbers)}"
    yield from (answer for answer in asked.values() if ": right." in answer)
    yield from (answer for answer in solved.values() if ": right." not in answer)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_checkers_and_solutions_name_the_same_exercises(path):
    chapter, solutions = (nbformat.read(p, as_version=4) for p in (path, path.parent / "solutions" / path.name))
    prefix = path.stem.split("_")[0]
    numbers = {number for number in EXERCISES if number.split(".")[0] == prefix}
    assert list(differences(chapter, solutions, numbers)) == []


def book(*answers):
    """A notebook with a check cell for each (number, printed answer)."""
    cells = []
    for number, answer in answers:
        output = nbformat.v4.new_output("stream", text=f"Exercise {number}: {answer}\n")
        cells.append(nbformat.v4.new_code_cell(f'x = ...\ncheck("{number}", x)', outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)


OPEN, RIGHT, WRONG = ("9.1", "open. Put"), ("9.1", "right. It"), ("9.1", "not yet. Hm.")


def test_a_chapter_and_its_solutions_that_agree_pass():
    assert list(differences(book(OPEN), book(RIGHT), {"9.1"})) == []


@pytest.mark.parametrize(
    ("chapter", "solutions", "numbers"),
    [
        (book(OPEN), book(RIGHT), {"9.1", "9.2"}),
        (book(OPEN), book(), {"9.1"}),
        (book(), book(), set()),
        (book(RIGHT), book(RIGHT), {"9.1"}),
        (book(OPEN), book(WRONG), {"9.1"}),
    ],
    ids=["a checker too many", "no solution", "no exercise", "solved in the chapter", "a solution that is wrong"],
)
def test_a_chapter_that_disagrees_with_its_solutions_is_found(chapter, solutions, numbers):
    assert list(differences(chapter, solutions, numbers)) != []
