"""The reader's own copy of the notebooks: ``python -m tools.workbook``, or ``python -m tools.workbook fresh 03``.

`workbook/` lies beside `notebooks/`, so links and pictures are found from both. What is there is never overwritten.
"""

import itertools
import shutil
import sys

from tools import ROOT, find_notebooks


def fill(root=ROOT):
    """Copy what `workbook/` lacks: chapters, solutions, pictures, the map; return the copied paths."""
    notebooks, workbook = root / "notebooks", root / "workbook"
    copied = []
    for source in sorted(notebooks.rglob("*")):
        target = workbook / source.relative_to(notebooks)
        if source.is_file() and not is_hidden(source.relative_to(notebooks)) and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            copied.append(target)
    return copied


def is_hidden(path):
    return any(part.startswith(".") for part in path.parts)     # .ipynb_checkpoints


def fresh(number, root=ROOT):
    """Put a new copy of a chapter into `workbook/`; return where the reader's own was kept, or None if there was none.

    Raises
    ------
    ValueError      if there is no chapter of that number
    """
    chapter = find_notebooks(root / "notebooks", number)[0]
    mine = root / "workbook" / chapter.name
    kept = free_name(mine) if mine.exists() and mine.read_bytes() != chapter.read_bytes() else None
    if kept:
        mine.rename(kept)
    fill(root)
    return kept


def free_name(path):
    """`03_backpropagation.yours-1.ipynb`, or the first number that is free."""
    names = (path.with_name(f"{path.stem}.yours-{n}{path.suffix}") for n in itertools.count(1))
    return next(name for name in names if not name.exists())


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments:
        print(f"workbook/: {len(fill())} new files; what was there stays")
    elif arguments[0] == "fresh" and len(arguments) == 2:
        kept = fresh(arguments[1])
        print(f"a new copy is in workbook/; yours is kept as {kept.name}" if kept else "the copy in workbook/ is new")
    else:
        raise ValueError("usage: python -m tools.workbook [fresh 03], or with make: make fresh NB=03")


if __name__ == "__main__":
    try:
        main()
    except ValueError as error:
        sys.exit(str(error))
