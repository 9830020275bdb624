"""Tables of the cockpit's rooms, where Django looks for them."""

from __future__ import annotations

from yiwang.engines.cockpit.map.models import CaseChange, CasePoint, PointState, Word
from yiwang.engines.cockpit.wall.models import Movement

__all__ = ["CaseChange", "CasePoint", "Movement", "PointState", "Word"]
