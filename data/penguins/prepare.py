"""Makes penguins.csv and penguins_raw.csv from the package palmerpenguins:

    pip install --no-deps palmerpenguins==0.1.6
    python data/penguins/prepare.py [folder]        the folder is this one unless another is named
"""

import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path


def main(folder):
    package = distribution("palmerpenguins")
    for source, name in (("penguins.csv", "penguins.csv"), ("penguins-raw.csv", "penguins_raw.csv")):
        shutil.copyfile(package.locate_file(f"palmerpenguins/data/{source}"), Path(folder) / name)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
