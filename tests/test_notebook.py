"""The source a notebook shows is the source in the file; the bar moves once an epoch; what is missing is named."""

import functools
import io
import types

import numpy as np
import pytest

from utils import notebook
from utils.notebook import check_environment, progress_bar, show_source


def twice(x):
    """Two times `x`."""
    return 2 * x


class Counter:
    """Counts.

    One at a time.
    """

    def step(self, n):
        """Take `n` steps.

        Parameters are not checked.
        """

        self.n = n                              # (1,), a comment stays
        return """not a docstring"""

    @staticmethod
    def start():
        """Only a docstring."""


@functools.wraps(twice)
def disguise(x):
    return twice(x)


def test_a_function_is_shown_as_it_stands_in_its_file():
    assert repr(show_source(twice)) == 'def twice(x):\n    """Two times `x`."""\n    return 2 * x'


def test_a_method_is_shown_from_the_left_margin():
    assert repr(show_source(Counter.step)).startswith("def step(self, n):\n    \"\"\"Take")
    assert repr(show_source(Counter().step)) == repr(show_source(Counter.step))


def test_a_class_is_shown_with_its_methods():
    shown = repr(show_source(Counter))
    assert shown.startswith("class Counter:")
    assert shown.endswith('    def start():\n        """Only a docstring."""')


def test_a_decorated_function_shows_what_it_stands_for():
    assert repr(show_source(disguise)) == repr(show_source(twice))


def test_without_docstring_the_rule_stands_bare():
    assert repr(show_source(twice, docstring=False)) == "def twice(x):\n    return 2 * x"


def undocumented(x):
    y = 2 * x
    return y


def test_without_docstring_a_function_that_has_none_stays_as_it_is():
    assert repr(show_source(undocumented, docstring=False)) == "def undocumented(x):\n    y = 2 * x\n    return y"


def test_without_docstrings_comments_and_other_strings_stay():
    shown = repr(show_source(Counter, docstring=False)).split("\n")
    assert shown[:2] == ["class Counter:", "    def step(self, n):"]
    assert shown[2].endswith("# (1,), a comment stays")
    assert shown[3].endswith('return """not a docstring"""')


def test_a_body_that_is_only_a_docstring_keeps_it():
    compile(repr(show_source(Counter, docstring=False)), "shown", "exec")
    assert "Only a docstring" in repr(show_source(Counter, docstring=False))


def test_the_source_is_stored_as_text_and_as_markdown_that_is_coloured():
    source = show_source(twice)
    assert source._repr_markdown_() == f"```python\n{source!r}\n```"


def test_a_fence_inside_the_source_does_not_end_it():
    source = notebook.Source('"""\n```\nexample\n```\n"""')
    assert source._repr_markdown_().startswith("````python\n")
    assert source._repr_markdown_().endswith("\n````")


@pytest.mark.parametrize("sourceless", [len, np.dot, int, np.add, 3, "twice", twice(1), types.ModuleType("m"), None])
def test_what_has_no_source_is_refused_by_name(sourceless):
    with pytest.raises(ValueError, match="show_source expects .*") as refused:
        show_source(sourceless)
    assert repr(sourceless) in str(refused.value)


def test_a_function_without_a_file_is_refused():
    space = {}
    exec(compile("def unwritten(): pass", "no such file", "exec"), space)
    with pytest.raises(ValueError, match="unwritten.* has no source text"):
        show_source(space["unwritten"])


class Bar(io.StringIO):
    def __init__(self, total, unit):
        super().__init__()
        self.n, self.total = 0, total

    def update(self):
        self.n += 1

    def set_postfix(self, loss):
        self.loss = loss


def test_the_bar_moves_once_an_epoch_shows_the_last_loss_and_is_closed_at_the_end(monkeypatch):
    bars = []
    monkeypatch.setattr("tqdm.auto.tqdm", lambda **settings: bars.append(Bar(**settings)) or bars[0])
    on_epoch, history = progress_bar(2), types.SimpleNamespace(loss=[])
    for epoch, loss in enumerate([0.5, 0.25]):
        history.loss.append(loss)
        assert not bars[0].closed
        on_epoch(epoch, history)
    assert (bars[0].n, bars[0].total, bars[0].loss, bars[0].closed) == (2, 2, "0.2500", True)


def test_a_bar_of_one_epoch_is_a_bar(monkeypatch):
    bars = []
    monkeypatch.setattr("tqdm.auto.tqdm", lambda **settings: bars.append(Bar(**settings)) or bars[0])
    progress_bar(1)(1, types.SimpleNamespace(loss=[0.5]))
    assert (bars[0].n, bars[0].closed) == (1, True)


def test_a_bar_of_no_epochs_is_refused():
    with pytest.raises(ValueError, match="at least one epoch expected: epochs=0"):
        progress_bar(0)


def test_the_environment_of_these_tests_is_complete(capsys):
    check_environment()
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"[OK]"}


@pytest.mark.parametrize(("package", "oldest", "said"), [
    ("no-such-package", "1.0", "no-such-package is missing"),
    ("numpy", "999.0", f"numpy {np.__version__} is older than 999.0"),
])
def test_a_missing_or_old_package_is_named_with_the_cure(monkeypatch, capsys, package, oldest, said):
    monkeypatch.setattr(notebook, "OLDEST", {package: oldest})
    check_environment()
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith(f"[!!] {said}") and "pip install -r requirements.txt" in line


def test_the_oldest_package_that_is_asked_for_is_old_enough_and_the_newest_python_new_enough(monkeypatch, capsys):
    monkeypatch.setattr(notebook, "OLDEST", {"numpy": np.__version__})
    for running in ((3, 11, 0), (3, 13, 9)):
        monkeypatch.setattr("sys.version_info", running)
        check_environment()
    assert "[!!]" not in capsys.readouterr().out


def test_a_python_that_is_too_old_is_named_with_the_cure(monkeypatch, capsys):
    monkeypatch.setattr("sys.version_info", (3, 9, 1))
    check_environment()
    assert capsys.readouterr().out.startswith("[!!] Python 3.9: install 3.13\n")
