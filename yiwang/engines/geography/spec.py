"""The levels of division, widest first, with their Chinese names and the digits of their codes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LEVELS: Mapping[str, str] = MappingProxyType({"district": "区", "town": "镇街", "village": "村居", "cell": "单元网格"})
"""Levels of division, widest first, with their Chinese names."""

LEVEL_LENGTH: Mapping[str, int] = MappingProxyType({"district": 6, "town": 9, "village": 12, "cell": 16})
"""Significant digits of a code by level."""
