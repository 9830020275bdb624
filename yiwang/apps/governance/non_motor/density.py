"""Where things cluster: a Gaussian kernel density on a grid of metres, and whether a change is more than chance.

Two periods are compared by their densities, each over its own number of days (the exposure). The test shuffles which
event belongs to which period and asks how often chance alone moves some cell as far: a hint, not a proof, and blind to
traffic, weather and how eagerly was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]
METRES_PER_DEGREE = 111_320.0
BANDWIDTH = 400.0
"""Metres; a proposal: about a crossing with its approaches."""
SIDE = 96
"""Cells along the longer side of the ground: over a whole district a cell is about as wide as the kernel."""
SHUFFLES = 199


class Ground(NamedTuple):
    """The cells: centres in degrees (`x` west to east, `y` south to north) and their size in degrees."""

    x: Grid
    y: Grid
    width: float
    height: float


class Change(NamedTuple):
    """Events per square kilometre and 30 days before and after, on `ground`; `chance` is the share of shuffles that
    move some cell at least as far (1 when there is nothing to compare)."""

    ground: Ground
    before: Grid
    after: Grid
    chance: float

    @property
    def difference(self) -> Grid:
        return self.after - self.before


def ground_of(points: Grid, margin: float = 2 * BANDWIDTH) -> Ground:
    """A grid around points (rows of longitude, latitude) with a margin in metres."""
    shrink = cos(radians(float(points[:, 1].mean())))
    edge = np.array([margin / METRES_PER_DEGREE / shrink, margin / METRES_PER_DEGREE])
    low, high = points.min(axis=0) - edge, points.max(axis=0) + edge
    metres = (high - low) * METRES_PER_DEGREE * np.array([shrink, 1.0])
    size = float(metres.max()) / SIDE
    counts = np.maximum(1, np.ceil(metres / size).astype(int))
    steps = (high - low) / counts
    x = low[0] + (np.arange(counts[0]) + 0.5) * steps[0]
    y = low[1] + (np.arange(counts[1]) + 0.5) * steps[1]
    return Ground(x, y, float(steps[0]), float(steps[1]))


def kernels(points: Grid, ground: Ground, bandwidth: float = BANDWIDTH) -> Grid:
    """What each point adds to each cell, per square kilometre: (points, rows of y, columns of x)."""
    shrink = cos(radians(float(ground.y.mean())))
    across = (points[:, 0, None] - ground.x[None, :]) * METRES_PER_DEGREE * shrink
    along = (points[:, 1, None] - ground.y[None, :]) * METRES_PER_DEGREE
    flat = np.exp(-0.5 * (across / bandwidth) ** 2)
    steep = np.exp(-0.5 * (along / bandwidth) ** 2)
    peak = 1e6 / (2 * np.pi * bandwidth**2)
    found: Grid = peak * steep[:, :, None] * flat[:, None, :]
    return found


def compared(
    before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]], days: tuple[int, int], *,
    shuffles: int = SHUFFLES, seed: int = 1,
) -> Change | None:  # fmt: skip
    """The densities of two periods of `days` each and how surprising their difference is; None without any event."""
    points: Grid = np.array([*before, *after], dtype=np.float64).reshape(-1, 2)
    if not len(points):
        return None
    ground = ground_of(points)
    each = kernels(points, ground).reshape(len(points), -1)
    is_after = np.arange(len(points)) >= len(before)
    shape = (len(ground.y), len(ground.x))
    first, second = _densities(each, is_after, days)
    chance = _chance(each, is_after, days, shuffles, seed) if before and after else 1.0
    return Change(ground, first.reshape(shape), second.reshape(shape), chance)


def _densities(each: Grid, is_after: NDArray[np.bool_], days: tuple[int, int]) -> tuple[Grid, Grid]:
    """Both densities for one division of the events, or for many at once (a row each)."""
    first: Grid = (~is_after).astype(np.float64) @ each * (30 / days[0])
    second: Grid = is_after.astype(np.float64) @ each * (30 / days[1])
    return first, second


def _chance(each: Grid, is_after: NDArray[np.bool_], days: tuple[int, int], shuffles: int, seed: int) -> float:
    """Each event falls into the second period with the share its days have of both."""
    first, second = _densities(each, is_after, days)
    seen = float(np.abs(second - first).max())
    random = np.random.default_rng(seed)
    drawn = random.random((shuffles, len(each))) < days[1] / (days[0] + days[1])
    before, after = _densities(each, drawn, days)
    as_far = int((np.abs(after - before).max(axis=1) >= seen - 1e-12).sum())
    return (as_far + 1) / (shuffles + 1)
