"""What every test run shares: the kernels' environment, and which tests plain `pytest` leaves to `pytest --nbval`."""

import os
import tempfile

import pytest

from tools.kernel_environment import build_font_cache, kernel_environment

SLOW = ("test_notebook", "test_keras", "test_torch", "test_download")


def compares_notebooks(config):
    return config.option.nbval or config.option.nbval_lax


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """With `-n`, keep a notebook's cells on one worker: they share a kernel."""
    if getattr(config.option, "numprocesses", None) and config.option.dist == "no":
        config.option.dist = "loadfile"


def pytest_configure(config):
    private = tempfile.TemporaryDirectory(prefix="kernels-", ignore_cleanup_errors=True)
    config.add_cleanup(private.cleanup)
    os.environ.update(kernel_environment(private.name))
    if config.option.nbval_sanitize_with:       # relative to this file, wherever pytest is called
        config.option.nbval_sanitize_with = str(config.rootpath / config.option.nbval_sanitize_with)
    if compares_notebooks(config) and not hasattr(config, "workerinput"):
        build_font_cache()


def pytest_ignore_collect(collection_path, config):
    """Plain `pytest` is fast: what needs notebooks, Keras, PyTorch or downloads waits for `--nbval`, or to be named."""
    if collection_path.suffix == ".py" and collection_path.name.startswith(SLOW) and not compares_notebooks(config):
        return True                             # pytest does not ask about files that the command line names
