"""What the catalogue knows of a class at an instant: the advice `catalogue.facts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def advise(facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """Nothing yet: the book stands in the next slice."""
    return {}
