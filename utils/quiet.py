"""A quiet start of TensorFlow: where there is no GPU, its import writes on stderr what nobody can act on.

The environment variables that ought to silence it do not reach the messages of its shared libraries, which are written
before the log level is known (https://github.com/tensorflow/tensorflow/issues/100442). So those go nowhere, while
TensorFlow is imported and no longer. Python's own errors and warnings are not touched.
"""

import contextlib
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder


def quiet_tensorflow():
    """Silence TensorFlow's first import, whenever and by whomever it will be asked for."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "COLAB_RELEASE_TAG" not in os.environ:           # Colab keeps the faster oneDNN kernels: nobody compares there
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    if not any(isinstance(finder, _QuietFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _QuietFinder())


class _QuietFinder(MetaPathFinder):
    """Finds tensorflow as ever, and has it loaded with the system's stderr turned off."""

    def find_spec(self, name, path=None, target=None):
        spec = PathFinder.find_spec(name) if name == "tensorflow" else None
        if spec is not None:
            load = spec.loader.exec_module

            def load_quietly(module):
                with _stderr_off():
                    load(module)

            spec.loader.exec_module = load_quietly
        return spec


@contextlib.contextmanager
def _stderr_off():
    """Send file descriptor 2, where libraries in C++ write, to nowhere; sys.stderr keeps its buffer."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
