"""The environment of every kernel, the same when outputs are stored (`make run`) and compared (`pytest --nbval`)."""

from pathlib import Path

# A sum that is split over two threads rounds differently. One thread a kernel gives the same digits alone and beside
# another kernel, and `pytest -n 2` keeps both cores busy anyway.
THREADS = "1"

SETTINGS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",                # both are needed for silence at TensorFlow's start
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",               # a GPU gives other digits
    "KERAS_BACKEND": "tensorflow",
    "OMP_NUM_THREADS": THREADS,
    "OPENBLAS_NUM_THREADS": THREADS,
    "MKL_NUM_THREADS": THREADS,
    "VECLIB_MAXIMUM_THREADS": THREADS,
    "TF_NUM_INTRAOP_THREADS": THREADS,
    "PYTHONHASHSEED": "0",                      # sets of strings keep one order
    "PYTHONOPTIMIZE": "",                       # assertions must run
    "PYTHONWARNINGS": "",
    "PYTHONSTARTUP": "",
    "PYTHONUTF8": "1",
    "LC_ALL": "C",                              # with UTF-8 by the line above: C.UTF-8 does not exist everywhere
    "TZ": "UTC",
    "COLUMNS": "80",
    "LINES": "24",
    "MPLBACKEND": "",                           # empty, so that ipykernel chooses its inline backend
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",      # no debugger message in the terminal
}
PRIVATE_FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "KERAS_HOME")


def kernel_environment(private):
    """`SETTINGS`, and empty places below the folder `private` where a user's own settings would be read.

    Matplotlib keeps its folder, which holds the font cache, and reads its settings from a file in `private`.
    """
    private = Path(private)
    settings_file = private / "matplotlibrc"
    settings_file.write_text("backend: agg\n")  # for tests outside a kernel: no window
    folders = {name: str(private / name.lower()) for name in PRIVATE_FOLDERS}
    return SETTINGS | folders | {"MATPLOTLIBRC": str(settings_file)}


def build_font_cache():
    """Matplotlib, new on a machine, builds a font cache and says so on stderr: here, rather than in a compared cell."""
    import matplotlib.font_manager  # noqa: F401   the import builds it
