"""The studies behind the chapters: their scripts still run, and every table has its card."""

import subprocess
import sys

import pandas as pd
import pytest

from tools import ROOT

TABLES = sorted((ROOT / "data/studies").glob("*.csv"))
TABLE_OF = {"study_05.py": "05_batch_size.csv", "study_06.py": "06_denormals.csv",
            "study_11.py": "11_missing_values.csv", "study_14.py": "14_remedies.csv", "study_15.py": "15_tuning.csv"}


def run(*arguments):
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)


def test_every_study_is_known_here():
    assert sorted(path.name for path in (ROOT / "benchmarks").glob("study_*.py")) == sorted(TABLE_OF)


@pytest.mark.parametrize("script", TABLE_OF)
def test_a_study_still_makes_the_columns_of_its_table(script, tmp_path):
    run(f"benchmarks/{script}", "--smoke", "--out", tmp_path / "made.csv")
    stored, made = pd.read_csv(ROOT / "data/studies" / TABLE_OF[script]), pd.read_csv(tmp_path / "made.csv")
    assert list(made.columns) == list(stored.columns)
    assert 0 < len(made) < len(stored)


def test_trying_a_study_out_leaves_its_table_alone():
    table = ROOT / "data/studies/05_batch_size.csv"
    before = table.read_bytes()
    run("benchmarks/study_05.py", "--smoke")
    assert table.read_bytes() == before


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_table_has_a_card_that_names_its_columns(table):
    cards = (ROOT / "data/studies/README.md").read_text(encoding="utf-8").split("\n## ")
    card, = [card for card in cards if card.startswith(table.name)]
    assert all(f"`{column}`" in card for column in pd.read_csv(table).columns)
