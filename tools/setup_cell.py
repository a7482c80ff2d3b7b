"""The first code cell of every notebook; `make run` puts this text into each.

It works in JupyterLab, under nbval, in Colab, in Kaggle and for a file that was mailed to somebody: the project is
looked for from the working directory upwards, else cloned into it. The environment variable NN_REPO_URL names another
source of the clone (a fork, a folder on a stick). Nothing is printed, and a second run changes nothing.
"""

MARK = "NN_REPO_URL"                            # the cell is recognised by this word
TEMPLATE = '''\
import os
import sys
from pathlib import Path

clone = Path("keras-from-zero").resolve()       # fetched only where this notebook stands alone, as in Colab
root = str(next((p for p in clone.parents if (p / "utils/nn").is_dir() and (p / "data").is_dir()), clone))
address = os.environ.get("NN_REPO_URL", "https://github.com/ADDRESS")
if not Path(root, "data").is_dir() and os.system(f'git clone --quiet --depth 1 "{address}" "{root}"') != 0:
    raise RuntimeError(f"cannot fetch {address}: go online (Kaggle: Internet on), or open this file in a full copy")
sys.path.insert(0, root)                        # our utils before any other
for n in [n for n, m in sys.modules.items() if n.split(".")[0] == "utils" and root not in str(vars(m).get("__file__"))]:
    del sys.modules[n]                          # not another that was imported before
import utils

assert Path(utils.__file__).is_relative_to(root), f"utils is {utils.__file__}, but {root} was expected"'''


def setup_cell(address):
    """The source of the set-up cell for a project published at `address`, "owner/name"."""
    return TEMPLATE.replace("ADDRESS", address)

