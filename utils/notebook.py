"""What a notebook needs besides the lesson: is all here, the source of the library, a bar for a person who waits."""

import ast
import inspect
import sys
import textwrap
from importlib.metadata import PackageNotFoundError, version

from packaging.version import Version

OLDEST = {
    "numpy": "2.0", "pandas": "2.2", "matplotlib": "3.8", "scikit-learn": "1.4", "tensorflow": "2.20", "keras": "3.10",
    "tqdm": "4.60",
}
PYTHONS = ("3.11", "3.13")


def check_environment():
    """Print a line for Python and one a package: [OK], or [!!] with what is there and what to do."""
    running = ".".join(map(str, sys.version_info[:2]))
    is_fit = Version(PYTHONS[0]) <= Version(running) <= Version(PYTHONS[1])
    print(f"[OK] Python {PYTHONS[0]} to {PYTHONS[1]}" if is_fit else f"[!!] Python {running}: install {PYTHONS[1]}")
    for package, oldest in OLDEST.items():
        print(_package_line(package, oldest))


def _package_line(package, oldest):
    try:
        found = version(package)
    except PackageNotFoundError:
        return f"[!!] {package} is missing: install it with  pip install -r requirements.txt -c constraints.txt"
    if Version(found) < Version(oldest):
        return f"[!!] {package} {found} is older than {oldest}: pip install -r requirements.txt -c constraints.txt"
    return f"[OK] {package} {oldest} or newer"


class Source:
    """The text of a definition, which a notebook shows in colours that suit its theme, and nbval compares."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        fence = "`" * (4 if "```" in self.text else 3)
        return f"{fence}python\n{self.text}\n{fence}"


def show_source(obj, *, docstring=True):
    """The source of a function, method or class, as it stands in its file.

    Parameters
    ----------
    obj : function, method or class
    docstring : bool                whether docstrings are shown; without them the rule stands bare

    Returns
    -------
    Source                          shown by the notebook when it is the last expression of a cell

    Raises
    ------
    ValueError                      if `obj` is anything else, or was not written in Python
    """
    if not (inspect.isroutine(obj) or inspect.isclass(obj)):
        raise ValueError(f"show_source expects a function, method or class: got {obj!r}, a {type(obj).__name__}")
    try:
        text = textwrap.dedent(inspect.getsource(obj)).rstrip()
    except (OSError, TypeError):
        raise ValueError(f"show_source expects something written in Python: {obj!r} has no source text") from None
    return Source(text if docstring else _without_docstrings(text))


def _without_docstrings(text):
    """Leave out every docstring, and the blank line behind it, where more than the docstring follows."""
    lines, hidden = text.split("\n"), set()
    definitions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for node in definitions:
        if ast.get_docstring(node) is not None and len(node.body) > 1:
            first, last = node.body[0].lineno, node.body[0].end_lineno
            hidden.update(range(first, last + (not lines[last].strip()) + 1))
    return "\n".join(line for number, line in enumerate(lines, start=1) if number not in hidden)


def progress_bar(epochs):
    """A tqdm bar as the `on_epoch` hook of `utils.nn.fit`, for a person who waits.

    It moves, so a cell that uses it is not compared: keep it out of stored notebooks.

    Raises
    ------
    ValueError      unless `epochs` is at least 1
    """
    if epochs < 1:
        raise ValueError(f"at least one epoch expected: epochs={epochs}")
    from tqdm.auto import tqdm  # here, because it warns on stderr where widgets are missing

    bar = tqdm(total=epochs, unit="epoch")

    def on_epoch(epoch, history):
        bar.set_postfix(loss=f"{history.loss[-1]:.4f}")
        bar.update()
        if bar.n == epochs:
            bar.close()

    return on_epoch
