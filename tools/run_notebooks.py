"""Execute notebooks from top to bottom and store what they show: ``python -m tools.run_notebooks [03 …]``.

A second run leaves every file byte-identical: no times, no widget state, one form for metadata and outputs, and the
set-up cell of `tools.setup_cell`. A notebook that fails or writes to stderr is named with its cell; its file stays.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools import ROOT, find_notebooks
from tools.address import read_address
from tools.kernel_environment import build_font_cache, kernel_environment
from tools.setup_cell import MARK, setup_cell

CELL_TIMEOUT = 300                              # seconds, as in pyproject.toml
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("tags", "reason")              # the reason says why a tag exempts the cell from comparison


class NotebookFailure(Exception):
    """A cell failed, or wrote to stderr."""


def run(path):
    """Execute the notebook at `path`; write it only when it holds something new, and tell whether it did.

    Raises
    ------
    NotebookFailure     if a cell fails without the tag raises-exception, or writes to stderr; the file is untouched
    """
    before = path.read_bytes().decode()
    notebook = normalised(nbformat.reads(before, as_version=4))
    renew_setup_cell(notebook)
    execute(notebook, path)
    after = as_text(normalised(notebook))
    if after != before:
        write(path, after)
    return after != before


def renew_setup_cell(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and MARK in cell.source:
            cell.source = setup_cell(read_address())


def execute(notebook, path):
    """Run all cells in a fresh kernel, in the notebook's own folder."""
    reached = [0]
    client = NotebookClient(
        notebook, kernel_name="python3", timeout=CELL_TIMEOUT, record_timing=False, store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: reached.append(cell_index),
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)           # the kernel's own remarks; what cells write comes as output
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise NotebookFailure(f"{where(notebook, path, reached[-1])} fails:\n{plain(str(error))}") from None
    refuse_stderr(notebook, path)


def refuse_stderr(notebook, path):
    for index, cell in enumerate(notebook.cells):
        said = "".join(output.text for output in cell.get("outputs", []) if output.get("name") == "stderr")
        if said:
            raise NotebookFailure(f"{where(notebook, path, index)} writes to stderr:\n{said}")


def where(notebook, path, index):
    first_line = notebook.cells[index].source.strip().split("\n")[0]
    return f"{path.name}, cell {index + 1} ({first_line})"


def normalised(notebook):
    """The one form in which a notebook is stored, whoever saved it. Applying it twice changes nothing."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)})
        if "skip-execution" in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
        if cell.cell_type == "code":
            cell.outputs = normalised_outputs(cell.outputs)
    _, notebook = nbformat.validator.normalize(notebook)    # valid and unique ids
    return notebook


def normalised_outputs(outputs):
    """Neighbouring pieces of a stream joined; of a traceback, the frames in this machine's files left out."""
    joined = []
    for output in outputs:
        if output.output_type == "error":
            output.traceback = [part for part in output.traceback if not is_file_frame(part)]
        if joined and output.output_type == "stream" and output.name == joined[-1].get("name"):
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def is_file_frame(part):
    """Whether a piece of IPython's traceback begins like ``File /…/layers.py:33, in Dense.forward``."""
    return plain(part).lstrip().startswith("File ")


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)              # without the terminal's colours


def as_text(notebook):
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def write(path, text):
    """Replace the file at once: a reader sees the old or the new one, never a half."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(text.encode())
    os.replace(partial, path)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tools.run_notebooks", description=__doc__.split(":")[0])
    parser.add_argument("chapters", nargs="*", help="numbers, such as 03; all when none is given")
    numbers = parser.parse_args(arguments).chapters or [None]
    with tempfile.TemporaryDirectory(prefix="kernels-", ignore_cleanup_errors=True) as private:
        os.environ.update(kernel_environment(private))
        build_font_cache()
        for path in [path for number in numbers for path in find_notebooks(ROOT / "notebooks", number)]:
            start = time.perf_counter()
            news = "written" if run(path) else "unchanged"
            print(f"{path.relative_to(ROOT)}: {news}, {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (NotebookFailure, ValueError) as error:
        sys.exit(str(error))
