"""The queue of the centres: one narrow row for each task that waits in an incident, kept by triggers on the cases."""

from __future__ import annotations

from django.db import models
from django.db.models.expressions import RawSQL

MARKS = """((status = 'open')::int + is_urgent::int * 2 + is_returned::int * 4 + is_ruled::int * 8
+ (assignee IS NULL)::int * 16 + risen * 32)::smallint"""
FLAGS = ("is_open", "is_urgent", "is_returned", "is_ruled", "is_free")
"""The bits of `MARKS`, the lowest first; above them stands how far the incident rose."""


class QueuedTask(models.Model):
    """A task that somebody can work now, with what the console counts of its incident.

    A copy in the transaction of each change: the cases themselves are wide, and a centre of twenty thousand running
    ones would unpack the data of each for every page. There is no index but the key's: to read all of it takes two
    milliseconds, and every step writes it. `risen`: 1 came up to the town, 2 to the district.
    """

    pk = models.CompositePrimaryKey("case_id", "no")
    case_id = models.UUIDField()
    no = models.IntegerField()
    division = models.TextField(db_collation="C")
    version_id = models.UUIDField()
    category = models.TextField()
    status = models.TextField()
    level = models.TextField()
    unit = models.TextField()
    is_urgent = models.BooleanField()
    risen = models.SmallIntegerField()
    is_returned = models.BooleanField()
    is_ruled = models.BooleanField()
    node = models.TextField()
    assignee = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    marks = models.GeneratedField(
        expression=RawSQL(MARKS, []), output_field=models.SmallIntegerField(), db_persist=True
    )
    """What the console asks of a task, in one number: worked out when the row is written, not for every page."""
