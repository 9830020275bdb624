"""The door to stories: carrying a year of cases through the engine. Words for `scenario.py` stand in `scenario`."""

from __future__ import annotations

from yiwang.engines.stories.camera import photo
from yiwang.engines.stories.merging import Merger, offer_merger
from yiwang.engines.stories.replay import BATCH, Move, Progress, Replay, Sequel, Story

__all__ = ["BATCH", "Merger", "Move", "Progress", "Replay", "Sequel", "Story", "offer_merger", "photo"]
