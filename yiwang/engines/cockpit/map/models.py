"""Cases in numbers: what the map and the wall count, a narrow row for each case, kept up with the cases by catch-ups.

These are copies: `rebuild` makes them anew from the cases at any time, so they have no journal of their own.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class Word(models.Model):
    """A text that many cases share (a division, a version, a category), as a number."""

    id = models.AutoField(primary_key=True)
    text = models.TextField(unique=True, db_collation="C")

    class Meta:
        app_label = "cockpit"


class CasePoint(models.Model):
    """Where and how one case stands. Texts are numbers of `Word`; instants are seconds since 2000 (`SECONDS_ZERO`).

    `x` and `y` are Mercator's, the world being 2^30 wide; -1 where a case has no coordinates. `number` counts from 1
    without holes, so that a column in memory finds its row by it. `turn` is the catch-up that wrote the row.
    """

    number = models.AutoField(primary_key=True)
    case_id = models.UUIDField(unique=True)
    turn = models.BigIntegerField(db_index=True)
    x = models.IntegerField()
    y = models.IntegerField()
    division = models.IntegerField()
    village = models.IntegerField()
    version = models.IntegerField()
    category = models.IntegerField()
    status = models.IntegerField()
    opened = models.IntegerField()
    due = models.IntegerField()
    closed = models.IntegerField()

    class Meta:
        app_label = "cockpit"


class CaseChange(models.Model):
    """A case whose row is behind; a trigger on the cases writes it in the transaction of the change."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.UUIDField()

    class Meta:
        app_label = "cockpit"


class PointState(models.Model):
    """The one row that catch-ups lock: which rebuild the points come from, and the last turn."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    generation = models.UUIDField(default=uuid4)
    turn = models.BigIntegerField(default=0)

    class Meta:
        app_label = "cockpit"
