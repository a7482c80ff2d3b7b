"""Wrong answers of readers, one module a chapter: written from the exercise and its hints, not from the checker.

WRONG       (number, answer, how the hint begins that it should get); a mistake may stand there in several forms
REFUSED     (number, setting, words of the message) for the settings that a `change` exercise does not try out
"""

import importlib
import pkgutil

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
WRONG = [entry for module in _MODULES for entry in module.WRONG]
REFUSED = [entry for module in _MODULES for entry in getattr(module, "REFUSED", [])]
