"""Where the project is published: ``python -m tools.address`` checks it, ``… tools.address owner/name`` moves it.

The address is kept in pyproject.toml, [project.urls] Repository. Badges, set-up cells and the clone command repeat it,
because a notebook that was opened alone has nothing else to go by.
"""

import json
import re
import sys
import tomllib

from tools import ROOT, find_notebooks
from tools.setup_cell import setup_cell

GITHUB = "https://github.com/"
COLAB = "https://colab.research.google.com/github/"
FILES = ("pyproject.toml", "*.md", "data/**/*.md", "notebooks/**/*.md", "notebooks/**/*.ipynb")
VALID = re.compile(r"(?=[\w-]{1,39}/)[A-Za-z0-9]+(-[A-Za-z0-9]+)*/(?!\.*$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}", re.ASCII)


def read_address(root=ROOT):
    """The address in the pyproject.toml of `root`, as "owner/name"."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removeprefix(GITHUB)


def colab_link(address, file):
    """Where Colab opens `file`, given relative to the root, such as "notebooks/03_backpropagation.ipynb"."""
    return f"{COLAB}{address}/blob/main/{file}"


def move(address, root=ROOT):
    """Write `address` wherever the present one stands; moving back restores every byte.

    Raises
    ------
    ValueError      if `address` is no "owner/name" of GitHub, or is cited already: moving back would change that place
    """
    if not VALID.fullmatch(address):
        raise ValueError(f"an address has the form owner/name, as in keras-team/keras: got {address!r}")
    old, files = read_address(root), text_files(root)
    cited = [path for path in files if address != old and mention(address).search(path.read_bytes())]
    if cited:
        raise ValueError(f"{address} is another project: {cited[0].relative_to(root)} cites it")
    for path in files:
        before = path.read_bytes()
        after = mention(old).sub(rb"\g<1>" + address.encode(), before)
        if after != before:
            path.write_bytes(after)


def mention(address):
    """Finds the address in a link, but not in that of a longer name: …/name.git and …/name/blob, but not …/name-2."""
    host = rb"(github\.com[/:]|githubusercontent\.com/|/github/|/gh/)"
    return re.compile(host + re.escape(address.encode()) + rb"(?![\w-])(?!\.(?!git\b)\w)")


def text_files(root):
    return [path for pattern in FILES for path in sorted(root.glob(pattern)) if ".ipynb_checkpoints" not in path.parts]


def disagreements(root=ROOT):
    """One line for each file that sends its reader elsewhere than pyproject.toml says."""
    address = read_address(root)
    found = [line for path in find_notebooks(root / "notebooks") for line in notebook_disagreements(path, root)]
    readme = root / "README.md"
    command = re.compile(f"git clone .*{re.escape(GITHUB + address)}")
    if readme.exists() and not command.search(readme.read_text(encoding="utf-8")):
        found.append(f"README.md: no `git clone {GITHUB}{address}`")
    return found


def notebook_disagreements(path, root=ROOT):
    """What is wrong with the badge and the set-up cell of one notebook."""
    address, name = read_address(root), path.relative_to(root).as_posix()
    cells = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    if colab_link(address, name) not in "".join(cells[:1]):
        yield f"{name}: the first cell has no link to {colab_link(address, name)}"
    if setup_cell(address) not in cells:
        yield f"{name}: no cell is the set-up cell of tools/setup_cell.py"


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments:
        move(arguments[0])
    found = disagreements()
    print(read_address(), *(found or ["all files agree"]), sep="\n")
    return bool(found)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
