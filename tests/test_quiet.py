"""TensorFlow's import is silent, and nothing else is. A tiny package of that name stands in for it."""

import os
import subprocess
import sys

import pytest

from tools import ROOT

NOISY = "import os\nos.write(2, b'noise of a shared library\\n')\nvalue = 7\n"


@pytest.fixture
def python(tmp_path):
    """Runs code in a fresh interpreter whose tensorflow is `source`; returns what it printed, and its stderr."""

    def run(code, source=NOISY, **environment):
        (tmp_path / "tensorflow.py").write_text(source)
        path = os.pathsep.join([str(tmp_path), str(ROOT)])
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": path} | environment
        done = subprocess.run([sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True)
        return done.stdout.strip(), done.stderr

    return run


def test_the_stand_in_is_noisy_without_utils(python):
    assert "noise" in python("import tensorflow")[1]


def test_the_import_of_tensorflow_is_silent(python):
    assert python("import utils, tensorflow; print(tensorflow.value)") == ("7", "")


def test_an_import_of_utils_that_comes_twice_changes_nothing(python):
    code = "import sys, utils; n = len(sys.meta_path); utils.quiet_tensorflow(); print(len(sys.meta_path) - n)"
    assert python(code) == ("0", "")


def test_what_is_written_after_the_import_is_seen(python):
    assert python("import os, utils, tensorflow; os.write(2, b'seen')") == ("", "seen")


def test_an_error_inside_tensorflow_is_seen(python):
    assert "ImportError: libnothing.so" in python("import utils, tensorflow", "raise ImportError('libnothing.so')")[1]


def test_stderr_is_back_after_a_failed_import(python):
    code = "import os, utils\ntry:\n    import tensorflow\nexcept ImportError:\n    os.write(2, b'back')"
    assert python(code, "raise ImportError('x')") == ("", "back")


def test_what_was_written_before_the_import_is_not_lost_in_it(python):
    code = "import sys, utils; sys.stderr.write('before'); import tensorflow"
    assert python(code, "import sys; sys.stderr.flush()") == ("", "before")


def test_no_file_descriptor_stays_open(python):
    code = "import os, utils; n = os.dup(2); os.close(n); import tensorflow; print(os.dup(2) - n)"
    assert python(code) == ("0", "")


SHOW = "import os, utils; print(os.environ.get('TF_CPP_MIN_LOG_LEVEL'), os.environ.get('TF_ENABLE_ONEDNN_OPTS'))"


def test_both_variables_are_set_here(python):
    assert python(SHOW) == ("3 0", "")


def test_colab_keeps_onednn(python):
    assert python(SHOW, COLAB_RELEASE_TAG="release") == ("3 None", "")


def test_what_the_user_chose_stays(python):
    assert python(SHOW, TF_CPP_MIN_LOG_LEVEL="0", TF_ENABLE_ONEDNN_OPTS="1") == ("0 1", "")
