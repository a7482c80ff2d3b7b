"""Commands for authors and readers, one module each: ``python -m tools.<name>``.

run_notebooks       execute the notebooks and store what they show (`make run`)
workbook            the reader's own copy of the notebooks (`make lab`, `make fresh`)
address             where the project is published: one place, one command (`make address`)
setup_cell          the first code cell of every notebook
spelling            codespell over code and text cells (`make lint`)
breaks              break the code on purpose: some test must go red
readme_picture      draw the picture of README.md
kernel_environment  not a command: what every kernel inherits
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def find_notebooks(folder, number=None):
    """Chapters below `folder` in reading order, then their solutions; all, or those of one chapter.

    Parameters
    ----------
    folder : Path
    number : str, optional      "03", "3", "a" or "03_backpropagation"

    Raises
    ------
    ValueError                  if there is no such chapter
    """
    found = sorted(folder.glob("*.ipynb")) + sorted(folder.glob("solutions/*.ipynb"))
    chosen = [path for path in found if number is None or _number(path.stem) == _number(number)]
    if number is not None and not chosen:
        known = sorted({_number(path.stem) for path in found})
        raise ValueError(f"no chapter {number!r}; there are: {', '.join(known) or 'none yet'}")
    return chosen


def _number(name):
    number = Path(name).stem.split("_")[0]
    return number.zfill(2) if number.isdigit() else number.upper()
