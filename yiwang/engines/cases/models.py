"""The tables of running and past cases. History is not here: it is the journal stream with the case's id.

`division` is the shard key: the town (9 digits) whose people work the case, or the district (6 digits) while the town
is unknown. It leads every composite index. `area` is the finest division known, down to the grid cell.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Left

from yiwang.engines.geography.spec import LEVEL_LENGTH
from yiwang.kernel.ids import new_id

FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands in lists by time limit for "no limit", so that what has none comes last."""
RUNNING = ("open", "suspended")
VERSION_STATUSES = {"draft": "草稿", "published": "已发布", "retired": "已停用"}


class AppVersion(models.Model):
    """A definition: its bundle, numbered within its case type. A published bundle never changes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    type = models.TextField()
    number = models.PositiveIntegerField()
    title = models.TextField()
    status = models.TextField(choices=list(VERSION_STATUSES.items()), default="draft")
    bundle = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "number"], name="app_version_number"),
            models.UniqueConstraint(fields=["type"], condition=Q(status="published"), name="app_version_one_published"),
        ]


class Case(models.Model):
    """A case as it stands now."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.TextField(unique=True)
    division = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C", default="")
    version = models.ForeignKey(AppVersion, on_delete=models.PROTECT, db_index=False)
    type = models.TextField()
    title = models.TextField(default="")
    category = models.TextField(default="")
    status = models.TextField()
    outcome = models.TextField(default="")
    stage = models.TextField(default="")
    data = models.JSONField(default=dict)
    memory = models.JSONField(default=dict)
    next_token = models.IntegerField(default=1)
    next_scope = models.IntegerField(default=1)
    next_clock = models.IntegerField(default=1)
    sequence = models.IntegerField(default=0)
    head = models.BinaryField(max_length=32)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    words = SearchVectorField(null=True, editable=False)
    """Pairs of neighbouring characters of number, title and address, kept by a trigger: Chinese has no spaces."""

    class Meta:
        indexes = [
            models.Index(fields=["division", "type", "-opened_at", "-id"], name="case_by_type"),
            models.Index(fields=["division", "type", "category", "-opened_at", "-id"], name="case_by_category"),
            models.Index(
                F("division"),
                F("type"),
                Left("area", LEVEL_LENGTH["village"]),
                F("opened_at").desc(),
                F("id").desc(),
                name="case_by_village",
            ),
            models.Index(
                fields=["division", "type", "-opened_at", "-id"],
                name="case_set_aside",
                condition=Q(status__in=["suspended", "cancelled"]),
            ),
            models.Index(
                fields=["division", "type", "-opened_at", "-id"],
                name="case_open_by_type",
                condition=Q(status__in=RUNNING),
            ),
            models.Index(
                F("division"),
                F("type"),
                Coalesce("due_at", Value(FAR)),
                F("id"),
                name="case_open_by_due",
                condition=Q(status__in=RUNNING),
            ),
            models.Index(
                fields=["opened_by", "-opened_at", "-id"], name="case_by_opener", condition=Q(opened_by__isnull=False)
            ),
            GinIndex(fields=["words"], name="case_words", gin_pending_list_limit=256),
        ]


class Token(models.Model):
    """One place where work stands; the work lists read this table."""

    pk = models.CompositePrimaryKey("case_id", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    no = models.IntegerField()
    division = models.TextField(db_collation="C")
    type = models.TextField()
    node = models.TextField()
    scope = models.IntegerField()
    status = models.TextField()
    since = models.DateTimeField()
    flow = models.TextField(default="")
    role = models.TextField(default="")
    assignee = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    host = models.IntegerField(default=0)
    came_from = models.TextField(default="")
    came_by = models.BigIntegerField(null=True)
    extra = models.JSONField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                F("division"),
                F("role"),
                Coalesce("due_at", Value(FAR)),
                F("case_id"),
                F("no"),
                name="token_free",
                condition=Q(status="open", assignee__isnull=True),
            ),
            models.Index(fields=["assignee"], name="token_by_assignee", condition=Q(assignee__isnull=False)),
            models.Index(
                fields=["organisation"], name="token_by_organisation", condition=Q(organisation__isnull=False)
            ),
        ]


class Scope(models.Model):
    """A running sub-process or multi-instance activity."""

    pk = models.CompositePrimaryKey("case_id", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    no = models.IntegerField()
    parent = models.IntegerField()
    node = models.TextField()
    kind = models.TextField()
    host = models.IntegerField()
    variables = models.JSONField(default=dict)


class Due(models.Model):
    """A running clock; `next_at` is swept by the workers."""

    pk = models.CompositePrimaryKey("case_id", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    no = models.IntegerField()
    division = models.TextField(db_collation="C")
    token = models.IntegerField()
    kind = models.TextField()
    node = models.TextField()
    amount = models.TextField()
    unit = models.TextField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)
    next_share = models.SmallIntegerField(default=0)
    mark = models.SmallIntegerField(default=0)
    ledger = models.JSONField(default=list)
    is_stopped = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="due_next", condition=Q(next_at__isnull=False))]


class Involvement(models.Model):
    """Who may look at a case because they worked on it, were given it, or watch it: `u<user>` or `o<organisation>`."""

    pk = models.CompositePrimaryKey("party", "case_id")
    party = models.TextField(db_collation="C")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    is_watching = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["party", "-opened_at", "-case"], name="involvement_by_party"),
            models.Index(
                fields=["party", "-opened_at", "-case"], name="involvement_watched", condition=Q(is_watching=True)
            ),
        ]


class Outbox(models.Model):
    """An effect waiting to be carried out; `dead` after the last try, kept for a person to look at."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField(null=True)
    division = models.TextField(db_collation="C", default="")
    kind = models.TextField()
    payload = models.JSONField()
    status = models.TextField(default="waiting")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_error = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="outbox_next", condition=Q(status="waiting"))]


class CaseFile(models.Model):
    """An attachment of forms put on a case, by which step, so that rights to the case open the file."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_constraint=False)
    attachment_id = models.UUIDField(db_index=True)
    node = models.TextField(default="")
    added_at = models.DateTimeField()
    refusal = models.TextField(default="")
    """Why it proves nothing though it was sent as proof; "" for every other file."""
