"""A running case changes to another version of its definition: what goes where, what stands in the way, the new state.

Pure. Tokens move node → node; tokens parked at joins move flow → flow as well, so that branches that have arrived stay
arrived. Nothing is done or undone by moving: a case that cannot stand in the new version as it stands now stays.
"""

from __future__ import annotations

from yiwang.engines.processes.migration.carrying import carried
from yiwang.engines.processes.migration.moves import Moves, UnknownPlace, check_sources, moves_between
from yiwang.engines.processes.migration.obstacles import Inspector, Obstacle

__all__ = ["Inspector", "Moves", "Obstacle", "UnknownPlace", "carried", "check_sources", "moves_between"]
