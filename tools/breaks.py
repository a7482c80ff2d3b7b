"""Break the code on purpose, one small break at a time, and see whether a test goes red.

    python -m tools.breaks                              the network and the metrics
    python -m tools.breaks --path utils/data.py         another file, or several
    python -m tools.breaks --every 10                   a sample: each tenth break of a file
    python -m tools.breaks --list                       only show the breaks

Each break is planted in a copy of the project, in a temporary folder. There the tests of the broken file run until the
first one fails. A break that no test notices survives, and is listed at the end: a test is missing, or the broken
code does nothing. The breaks are the same in every run. Not broken are texts (docstrings, error messages), the
inputs that an exercise is tried on, which are as good as others, and what makes no difference: |a - b| -> |b - a|.
"""

import argparse
import ast
import multiprocessing
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pytest

from tools import ROOT

# Where the system can, a process is forked off one that has imported what takes long.
START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PROCESSES = multiprocessing.get_context(START)
PRELOADED = ["numpy", "pytest", "hypothesis", "nbval.plugin"]
N_WORKERS = 2
LOG = "breaks.log"
DEFAULT_PATHS = [*sorted((ROOT / "utils/nn").glob("[!_]*.py")), ROOT / "utils/metrics.py"]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "__pycache__", "workbook", "build", "*.egg-info", ".*_cache")

OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.In: ast.NotIn, ast.NotIn: ast.In,       # codespell:ignore notin
}
TWINS = [("sum", "mean"), ("max", "min"), ("maximum", "minimum"), ("argmax", "argmin"), ("any", "all"), ("sin", "cos"),
         ("zeros", "ones"), ("zeros_like", "ones_like"), ("floor", "ceil"), ("log1p", "log")]
NAMES = {**dict(TWINS), **{second: first for first, second in TWINS}}
COMMUTATIVE = {"max", "min", "maximum", "minimum", "add", "multiply"}
CONVERSIONS = {"float", "int", "bool", "str", "abs", "reversed", "sorted", "list", "tuple", "set", "dict"}


@dataclass(frozen=True)
class Break:
    """`old`, at `start` of the file at `path` (bytes, for so ast counts), becomes `new`."""

    path: Path
    line: int
    start: int
    old: str
    new: str

    def plant(self, source):
        rest = source[self.start + len(self.old.encode()) :]
        return source[: self.start] + self.new.encode() + rest

    def __str__(self):
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.path.relative_to(ROOT)}:{self.line}: {old}  ->  {new}"


# what can be broken


def find_breaks(path):
    """All breaks of a file that leave it Python, in the order of its lines."""
    source = path.read_bytes()
    tree = ast.parse(source)
    mark_signless(tree)
    left_out = only_for_cases(tree) if is_of_checkers(path) else set()
    parts = [part for part in tree.body if getattr(part, "name", None) not in left_out]
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = {}
    for node in (node for part in parts for node in nodes_of_code(part)):
        for target, new in broken(node):
            start, end = (starts[row - 1] + column for row, column in (
                (target.lineno, target.col_offset), (target.end_lineno, target.end_col_offset)))
            found[start, end, new] = Break(path, target.lineno, start, source[start:end].decode(), new)
    return [found[key] for key in sorted(found) if is_other_python(found[key], source)]


def nodes_of_code(tree):
    """All nodes of a tree but texts (docstrings, f-strings, what an error says) and the cases of an exercise."""
    if isinstance(tree, ast.JoinedStr) or is_text(tree) or is_list_of_names(tree) or is_left_out(tree):
        return
    yield tree
    for child in ast.iter_child_nodes(tree) if not isinstance(tree, ast.Raise) else ():
        yield from nodes_of_code(child)


def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_list_of_names(node):
    return isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "__all__"


def is_left_out(node):
    """The inputs that an exercise is tried on, and a zip's check on ourselves."""
    return isinstance(node, ast.keyword) and node.arg in ("cases", "strict")


def mark_signless(tree):
    """Mark the differences whose sign does not matter: of an absolute value, of a square."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) == "abs":
            node.args[0].signless = True
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and getattr(node.right, "value", None) == 2:
            node.left.signless = True


def name_of(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def is_of_checkers(path):
    return path.stem.startswith(("chapter_", "appendix_"))


def only_for_cases(tree):
    """The names of functions, in a module of checkers, that only the cases use."""
    left_out, functions = set(), {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}
    while True:
        rest = [part for part in tree.body if getattr(part, "name", None) not in left_out]
        used = {node.id for part in rest for node in nodes_of_code(part) if isinstance(node, ast.Name)}
        if functions - used == left_out:
            return left_out
        left_out = functions - used


def is_other_python(planted, source):
    try:
        return ast.dump(ast.parse(planted.plant(source))) != ast.dump(ast.parse(source))
    except SyntaxError:
        return False


def broken(node):
    """Pairs (node to replace, its new text) for everything that can be broken in `node` itself."""
    for target, new in [*broken_operators(node), *broken_values(node), *broken_calls(node), *broken_choices(node)]:
        yield target, f"({ast.unparse(new)})"
    if isinstance(node, ast.AugAssign | ast.Raise) or is_call(node) or changes_state(node):
        yield node, "pass"
    if isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        yield node, ast.unparse(ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value))


def is_call(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def changes_state(node):
    """An assignment to an attribute or to elements."""
    return isinstance(node, ast.Assign) and not all(isinstance(name, ast.Name) for name in names_in(node.targets))


def names_in(targets):
    return [name for target in targets for name in (target.elts if isinstance(target, ast.Tuple) else [target])]


def broken_operators(node):
    if isinstance(node, ast.BinOp):
        if type(node.op) in OPERATORS:
            yield node, ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow) and not is_signless_difference(node):
            yield node, ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.UnaryOp):
        yield node, node.operand
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            ops = [*node.ops[:i], OPERATORS[type(op)](), *node.ops[i + 1 :]]
            yield node, ast.Compare(node.left, ops, node.comparators)
    if isinstance(node, ast.BoolOp):
        yield node, ast.BoolOp(OPERATORS[type(node.op)](), node.values)
        for i in range(len(node.values)):
            yield node, ast.BoolOp(node.op, [*node.values[:i], *node.values[i + 1 :]])


def is_signless_difference(node):
    return isinstance(node.op, ast.Sub) and getattr(node, "signless", False)


def broken_values(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield node, ast.Constant(node.value + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield node, ast.Constant(2 * node.value or 1.0)
    if isinstance(node, ast.keyword) and node.arg == "axis":
        yield node.value, ast.Constant(1 if ast.unparse(node.value) == "0" else 0)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node, node.value
    if isinstance(node, ast.Slice):
        for bound in filter(None, (node.lower, node.upper)):
            yield bound, ast.BinOp(bound, ast.Add(), ast.Constant(1))


def broken_calls(node):
    if not isinstance(node, ast.Call):
        return
    name = name_of(node)
    if name in NAMES:
        yield node.func, renamed(node.func, NAMES[name])
    if len(node.args) > 1 and name not in COMMUTATIVE | {"isinstance", "getattr", "hasattr"}:
        yield node, ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    for keyword in node.keywords:
        if not isinstance(getattr(keyword.value, "value", None), bool | int | float):      # those are broken as values
            yield node, ast.Call(node.func, node.args, [other for other in node.keywords if other is not keyword])
    if name in ("copy", "astype", "ravel") and isinstance(node.func, ast.Attribute):
        yield node, node.func.value
    elif len(node.args) == 1 and (name in CONVERSIONS or ast.unparse(node.func).startswith("np.")):
        yield node, node.args[0]


def renamed(function, name):
    return ast.Name(name) if isinstance(function, ast.Name) else ast.Attribute(function.value, name)


def broken_choices(node):
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.UnaryOp):
        yield node.test, ast.UnaryOp(ast.Not(), node.test)
    for test in getattr(node, "ifs", []):
        yield test, ast.UnaryOp(ast.Not(), test)
    for default in [*getattr(node, "defaults", []), *getattr(node, "kw_defaults", [])]:
        if isinstance(default, ast.Name | ast.Attribute):
            yield default, ast.Constant(None)


# does a test notice?


def tests_of(path, root=ROOT):
    """What pytest is called with: the tests of a module, and others that look at the same code.

    A chapter's checkers have the tests of their exercises and the solutions, the bridge those that need Keras, the
    rest all tests.
    """
    name = "_".join(path.relative_to(ROOT / "utils").with_suffix("").parts)
    if is_of_checkers(path):
        number = name.rsplit("_", 1)[1].upper()
        solutions = next((ROOT / "notebooks/solutions").glob(f"{number}_*.ipynb")).relative_to(ROOT)
        return ["tests/test_exercises.py", str(solutions), "--nbval", "-k", f"{number}. or Cell"]
    more = {"nn": "published_examples", "metrics": "published_examples", "plotting": "plotting", "data": "download",
            "quiet": "architecture", "exercises": "exercises"}
    for own in (f"tests/test_{name}.py", f"tests/test_keras_{name}.py"):
        if (root / own).exists():
            return [own, *(f"tests/test_{more[part]}.py" for part in more if name.split("_")[0] == part)]
    return ["tests"]


def run_tests(folder, path, timeout=600):
    """Whether the tests of `path` pass in the copy `folder`, in a process of its own. A hang is a failure."""
    process = PROCESSES.Process(target=run_pytest, args=(folder, tests_of(path)))
    process.start()
    process.join(timeout)
    if process.exitcode is None:
        process.kill()
        return False
    if process.exitcode in (3, 4, 5):           # pytest's own trouble, a wrong call, no tests
        log = (folder / LOG).read_text()
        raise RuntimeError(f"pytest ended with {process.exitcode}, not with a verdict on {tests_of(path)}:\n{log}")
    return process.exitcode == 0


def run_pytest(folder, tests):
    """In the process of `run_tests`: run pytest in `folder`, write to its log, and exit with what pytest returns."""
    os.chdir(folder)
    for module in [name for name in sys.modules if name.split(".")[0] == "tools"]:
        del sys.modules[module]                 # its ROOT is the project, where a test would start an unbroken Python
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))


def survives(planted, folders):
    """Whether all tests pass with the break, in one of the copies in the queue `folders`."""
    folder = folders.get()
    place = folder / planted.path.relative_to(ROOT)
    source = place.read_bytes()
    try:
        place.write_bytes(planted.plant(source))
        return run_tests(folder, planted.path, timeout=120)
    finally:
        place.write_bytes(source)
        folders.put(folder)


def try_all(breaks, temporary):
    """Yield (break, whether it survived), in order, with two copies of the project in use."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"     # it would outlive a break of the same size and second
    if START == "forkserver":
        PROCESSES.set_forkserver_preload(PRELOADED)
    folders = SimpleQueue()
    for i in range(N_WORKERS):
        folders.put(Path(shutil.copytree(ROOT, Path(temporary) / str(i), ignore=LEFT_OUT)))
    for path in dict.fromkeys(planted.path for planted in breaks):
        if not run_tests(Path(temporary) / "0", path):
            raise RuntimeError(f"the tests of {path.relative_to(ROOT)} fail without any break: mend that first")
    with ThreadPoolExecutor(N_WORKERS) as pool:
        yield from zip(breaks, pool.map(lambda planted: survives(planted, folders), breaks), strict=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", nargs="+", type=lambda name: (ROOT / name).resolve(), default=DEFAULT_PATHS)
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    breaks = [planted for path in arguments.path for planted in find_breaks(path)[:: arguments.every]]
    if arguments.list:
        print(*breaks, f"{len(breaks)} breaks", sep="\n")
        return
    with tempfile.TemporaryDirectory(prefix="breaks-") as temporary:
        survivors = [print(planted, flush=True) or planted for planted, alive in try_all(breaks, temporary) if alive]
    n_killed = len(breaks) - len(survivors)
    print(f"{n_killed} of {len(breaks)} breaks noticed ({n_killed / len(breaks):.1%}); the survivors stand above")


if __name__ == "__main__":
    main()
