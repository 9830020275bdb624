"""All built-in functions of FEEL."""

from yiwang.engines.feel import (  # noqa: F401  (importing declares them)
    list_functions,
    number_functions,
    range_functions,
    text_functions,
    time_functions,
)
from yiwang.engines.feel.signatures import BUILTINS

__all__ = ["BUILTINS", "BUILTIN_NAMES", "PROPERTY_NAMES"]

PROPERTY_NAMES = ("time offset", "start included", "end included")
BUILTIN_NAMES = tuple(name for name in BUILTINS if " " in name) + PROPERTY_NAMES
"""Built-in names that hold a space, which the parser must know."""
