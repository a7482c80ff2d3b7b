"""Makes breast_cancer.csv from scikit-learn, which the project has already:

    python data/breast_cancer/prepare.py [folder]   the folder is this one unless another is named
"""

import csv
import sys
from pathlib import Path

from sklearn.datasets import load_breast_cancer


def main(folder):
    source = load_breast_cancer()
    diagnoses = source.target_names[source.target]                      # words: scikit-learn's 0 means malignant
    with open(Path(folder) / "breast_cancer.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*source.feature_names, "diagnosis"])
        table.writerows([*row, diagnosis] for row, diagnosis in zip(source.data.tolist(), diagnoses, strict=True))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
