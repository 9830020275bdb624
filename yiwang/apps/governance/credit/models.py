"""Tables of credit. Entries are written once (a trigger refuses the rest); scores of subjects are kept for lists only
and can be computed again from entries at any time.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiwang.apps.governance.credit.kinds import LISTS, SUBJECTS
from yiwang.kernel.ids import new_id


class Subject(models.Model):
    """Whose credit it is. `key`: id of the organisation, code of the town, id of the user, or uuid of firm or place.

    `stream`, `sequence` and `hash` are the head of its history in the journal. `organisation` speaks for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=10, choices=list(SUBJECTS.items()))
    key = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(max_length=120)
    division = models.CharField(max_length=16, db_collation="C")
    organisation = models.BigIntegerField(null=True)
    score = models.FloatField(default=100.0)
    level = models.CharField(max_length=2, blank=True, default="")
    counted_at = models.DateTimeField(null=True)
    stream = models.UUIDField(unique=True)
    sequence = models.IntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="credit_subject_once")]
        indexes = [
            models.Index(F("kind"), F("score").desc(), F("id"), name="credit_subject_score"),
            models.Index(
                fields=["organisation"], name="credit_subject_office", condition=Q(organisation__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Entry(models.Model):
    """One thing that happened, or one change of an earlier entry (`target`). Never updated, never deleted.

    `source` says what it came from ("<case>:<step>"); the same event of the same source is entered once.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="entries", db_index=False)
    sequence = models.IntegerField()
    event = models.CharField(max_length=20)
    source = models.CharField(max_length=120, db_collation="C")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    evidence_kind = models.CharField(max_length=8)
    evidence = models.UUIDField(null=True)
    number = models.CharField(max_length=60, blank=True)
    """Of the case, or the name of what was visited: what a reader knows the evidence by."""
    step = models.CharField(max_length=40, blank=True)
    target = models.ForeignKey("self", models.PROTECT, null=True, related_name="changes", db_index=False)
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "event", "source"], name="credit_entry_once")]
        indexes = [
            models.Index(fields=["target"], name="credit_entry_target", condition=Q(target__isnull=False)),
            models.Index(fields=["evidence", "event"], name="credit_entry_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.at:%Y-%m-%d}"


class Listing(models.Model):
    """守信 or 失信 from a day on, until it expires or is ended before."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="listings")
    listed = models.CharField(max_length=10, choices=list(LISTS.items()))
    score = models.FloatField()
    from_on = models.DateField()
    until_on = models.DateField()
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "listed"], name="credit_listing_one", condition=Q(ended_on__isnull=True)
            )
        ]
        indexes = [models.Index(fields=["listed", "until_on", "id"], name="credit_listing_until")]

    def __str__(self) -> str:
        return f"{self.listed} {self.from_on}"


class FrozenMonth(models.Model):
    """The league table of one kind as it was published; `sha256` is of `rows`. It never moves."""

    month = models.DateField()
    kind = models.CharField(max_length=10, choices=list(SUBJECTS.items()))
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    rows = models.JSONField()
    """[subject id, name, division, organisation, score, level], best first."""
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "kind"], name="credit_month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind}"


class Progress(models.Model):
    """How far the builder has read each dataset: the instant it had been brought up to date."""

    dataset = models.CharField(max_length=40, primary_key=True)
    reached_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dataset} {self.reached_at}"
