"""Division codes: digits that nest. 6 district, 9 town, 12 village, 16 grid cell. No database."""

from __future__ import annotations

from yiwang.engines.geography.spec import LEVEL_LENGTH, LEVELS
from yiwang.kernel.errors import InvalidInput

DIGITS = {digits: level for level, digits in LEVEL_LENGTH.items()}
"""Level by significant digits."""


def level_of(code: str) -> str:
    """The level its length tells; InvalidInput (`DIVISION_CODE`) when it is no division code."""
    level = DIGITS.get(len(code)) if code.isascii() and code.isdigit() else None
    if level is None:
        message = f"“{code[:20]}”不是区划代码：应为6位（区）、9位（镇街）、12位（村居）或16位（网格）数字。"
        raise InvalidInput([{"path": "division", "code": "DIVISION_CODE", "message": message}], message)
    return level


def parent_code(code: str) -> str | None:
    """The code one level up; None for a district."""
    lengths = sorted(DIGITS)
    at = lengths.index(len(code))
    return code[: lengths[at - 1]] if at else None


def display_code(code: str) -> str:
    """The form on documents and in exchanges: district and town padded with zeros to 12 digits."""
    return code.ljust(12, "0")


def significant(code: str) -> str:
    """The stored form of a code that may be padded to 12 digits; InvalidInput when it is no code."""
    code = code.strip()
    if len(code) == 12 and code.endswith("000000"):
        code = code[:6]
    elif len(code) == 12 and code.endswith("000"):
        code = code[:9]
    level_of(code)
    return code


def level_title(code: str) -> str:
    """区, 镇街, 村居 or 单元网格."""
    return LEVELS[level_of(code)]
