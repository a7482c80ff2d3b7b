"""Exercises that answer back: ``check("03.2", my_function)``.

One module a chapter registers its exercises; `kinds` says what an exercise is. An open exercise is told in one calm
line, a right answer with what was tried, a wrong one with a hint aimed at that mistake. No hint tells the answer.
"""

import importlib
import pkgutil

from .kinds import EXERCISES, judge

__all__ = ["EXERCISES", "check"]

for _module in pkgutil.iter_modules(__path__):          # every chapter_NN and appendix beside this file
    importlib.import_module(f"{__name__}.{_module.name}")


def check(number, answer):
    """Print, in one line, what becomes of `answer` to exercise `number`. Never raises, whatever the answer is."""
    print(f"Exercise {number}: {judge(number, answer).message}")
