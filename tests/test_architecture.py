"""The house stays as it was planned: imports run one way, tests mirror modules, nobody leaves litter."""

import ast
import io
import os
import re
import subprocess
import sys
import tokenize

import pytest

from tools import ROOT

PARTS = {"nn", "data", "metrics", "preprocessing", "resampling", "plotting", "notebook", "exercises", "bridge", "quiet"}
MAY_IMPORT = {                                  # of utils; the others: none
    "__init__": {"quiet"}, "exercises": {"nn", "metrics", "preprocessing", "resampling", "data"}, "bridge": {"nn"},
}
HEAVY = {"tensorflow", "keras", "torch"}        # for the bridge alone
TAKE_ARGUMENTS = ("nn/training.py", "nn/gradcheck.py")      # models and losses are handed to them
MODELS = {"layers", "losses", "model", "optimizers"}
WITHOUT_MODULE = {"test_architecture", "test_data", "test_published_examples", "test_tools"}
NEEDS_MORE = ("test_notebook", "test_keras", "test_torch", "test_download")
LITTER = re.compile(r"(?i)untitled|[-_ ](v\d+|(copy|old|backup|final|tmp)\d*)\.\w+$|\.(orig|rej|bak|swp|tmp|partial)$")
FOLDERS = ("utils", "tests", "tools", "benchmarks", "notebooks", "data")
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
PYTHON = [path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.py"), *FILES] if path.suffix == ".py"]
MODULES = [name.removeprefix("utils/") for name in PYTHON if name.startswith("utils/")]


def imported_names(source, module):
    """Absolute dotted names that the source of `module`, such as "nn/layers.py", imports, nested imports included."""
    package = ["utils", *module.split("/")[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def wrong_imports(source, module):
    """Those imports of a module of utils that do not run the one way."""
    part = module.split("/")[0].removesuffix(".py")
    closed = PARTS - {part} - MAY_IMPORT.get(part, set())
    for name in imported_names(source, module):
        first, second, third = (name.split(".") + ["", ""])[:3]
        against = first == "utils" and (second in closed or module in TAKE_ARGUMENTS and third in MODELS)
        framework = first in HEAVY and part != "bridge"
        foreign = part == "nn" and first not in {"utils", "numpy", *sys.stdlib_module_names}
        if against or framework or foreign or first in FOLDERS[1:]:
            yield name


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module):
    assert list(wrong_imports((ROOT / "utils" / module).read_text(encoding="utf-8"), module)) == []


@pytest.mark.parametrize(("module", "line", "name"), [
    ("nn/layers.py", "import tensorflow as tf", "tensorflow"),
    ("nn/layers.py", "def f():\n    import scipy.special", "scipy.special"),
    ("nn/layers.py", "from utils import metrics", "utils.metrics"),
    ("nn/losses.py", "from ..data import load_cars", "utils.data.load_cars"),
    ("nn/training.py", "from .layers import Dense", "utils.nn.layers.Dense"),
    ("nn/gradcheck.py", "from . import losses", "utils.nn.losses"),
    ("metrics.py", "from .nn.losses import softmax_cross_entropy", "utils.nn.losses.softmax_cross_entropy"),
    ("plotting/curves.py", "from ..nn import Dense", "utils.nn.Dense"),
    ("plotting/curves.py", "import keras", "keras"),
    ("exercises/chapter_01.py", "from utils.bridge import to_keras", "utils.bridge.to_keras"),
    ("notebook.py", "from tools import ROOT", "tools.ROOT"),
])
def test_an_import_against_the_direction_is_found(module, line, name):
    assert list(wrong_imports(line, module)) == [name]


@pytest.mark.parametrize(("module", "line"), [
    ("nn/layers.py", "import contextlib\nimport numpy as np\nfrom .initializers import he_normal"),
    ("nn/model.py", "from utils.nn.layers import Dense"),
    ("bridge.py", "import keras\nfrom utils.nn import Dense"),
    ("exercises/chapter_01.py", "from ..nn import Dense\nfrom .kinds import predict\nfrom utils import metrics"),
    ("plotting/curves.py", "import matplotlib.pyplot as plt\nfrom .style import label_end"),
])
def test_an_import_in_the_direction_is_not_found(module, line):
    assert list(wrong_imports(line, module)) == []


def traces_of_importing(module, **environment):
    """What importing a module leaves in a fresh Python: packages loaded from elsewhere, and variables changed."""
    script = f"""if True:
        import os, sys
        before, loaded = dict(os.environ), set(sys.modules)
        import {module}
        packages = {{name.split(".")[0] for name in set(sys.modules) - loaded}} - sys.stdlib_module_names - {{"utils"}}
        print(packages, {{name: value for name, value in os.environ.items() if before.get(name) != value}}, sep=";")
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "COLAB_"))}
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, env=clean | environment, check=True)
    assert answer.stderr == ""
    return tuple(map(ast.literal_eval, answer.stdout.strip().split(";")))


def test_importing_utils_prepares_a_quiet_tensorflow_and_does_nothing_else():
    assert traces_of_importing("utils") == (set(), {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"})


def test_importing_utils_changes_no_variable_that_is_set():
    mine = {"TF_CPP_MIN_LOG_LEVEL": "0", "TF_ENABLE_ONEDNN_OPTS": "1"}
    assert traces_of_importing("utils", **mine) == (set(), {})


def test_importing_utils_leaves_colab_its_faster_kernels():
    assert traces_of_importing("utils", COLAB_RELEASE_TAG="any")[1] == {"TF_CPP_MIN_LOG_LEVEL": "3"}


@pytest.mark.parametrize("module", ["utils.nn", "utils.notebook", "utils.metrics", "utils.resampling"])
def test_importing_loads_no_framework(module):
    packages, _ = traces_of_importing(module)
    assert not packages & HEAVY


def test_importing_the_network_loads_numpy_and_nothing_else():
    assert traces_of_importing("utils.nn")[0] == {"numpy"}


def homes(module):
    """Which files may test a module: `nn/layers.py` in test_nn_layers; `plotting/curves.py` in test_plotting, too."""
    *folders, name = module.removesuffix(".py").split("/")
    whole_package = [] if folders == ["nn"] or not folders else [f"test_{folders[0]}"]
    return ["_".join(["test", *folders, name]), "_".join(["test_keras", *folders, name]), *whole_package]


TESTED = [module for module in MODULES if not module.endswith("__init__.py")]
STEMS = sorted(path.stem for path in (ROOT / "tests").glob("test_*.py"))


@pytest.mark.parametrize("module", TESTED)
def test_every_module_has_its_test(module):
    assert set(homes(module)) & set(STEMS)


@pytest.mark.parametrize("stem", STEMS)
def test_every_test_has_its_module(stem):
    named_after_modules = {name for module in TESTED for name in homes(module)}
    assert stem in named_after_modules | WITHOUT_MODULE or stem.startswith(NEEDS_MORE)


def test_nobody_leaves_litter():
    assert [path for path in FILES if LITTER.search(path.name)] == []


@pytest.mark.parametrize("name", [
    "Untitled.ipynb", "Untitled1.ipynb", "03_loss_v1.ipynb", "03-Copy1.ipynb", "layers_old.py", "a.orig", ".03.partial",
])
def test_litter_is_known_by_its_name(name):
    assert LITTER.search(name)


def commented_out_code(source):
    """Whole-line comments that hold a call, an import or another statement, where a reason, shape or source belongs."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip():
            text = token.string.lstrip("# ")
            if is_code(text):
                yield text


def is_code(text):
    try:
        statement = (ast.parse(text).body or [None])[0]
    except SyntaxError:
        return False
    kinds = (ast.Import, ast.ImportFrom, ast.Return, ast.Assert, ast.Delete, ast.AugAssign)
    return isinstance(statement, kinds) or isinstance(getattr(statement, "value", None), ast.Call)


@pytest.mark.parametrize("name", PYTHON)
def test_no_code_is_commented_out(name):
    assert list(commented_out_code((ROOT / name).read_text(encoding="utf-8"))) == []


def test_commented_out_code_is_told_from_an_explanation():
    code = ["print(loss)", "import keras", "model = Sequential(Dense(2, 1))", "return x", "x += 1"]
    prose = ["(N, D) @ (D, H)", "the mean over the batch", "y = x @ W + b", "see section 6.2", "N", "x: the batch"]
    assert list(commented_out_code("".join(f"# {line}\n" for line in code + prose))) == code
