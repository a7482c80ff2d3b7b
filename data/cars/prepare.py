"""Makes cars.csv from the package vega_datasets:

    pip install --no-deps vega_datasets==0.9.0
    python data/cars/prepare.py [folder]            the folder is this one unless another is named
"""

import csv
import json
import sys
from importlib.metadata import distribution
from pathlib import Path


def main(folder):
    source = distribution("vega_datasets").locate_file("vega_datasets/_data/cars.json")
    cars = json.loads(Path(source).read_text(encoding="utf-8"))         # 406 dictionaries, None for a missing value
    with open(Path(folder) / "cars.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(cars[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(cars)                                           # None becomes an empty field


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
