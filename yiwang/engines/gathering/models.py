"""Where cases lie and what they say, so that look-alikes are found; which case stands for which; handling trips.

Everything here can be made anew from the cases but for `Membership` and `Bundle`, whose changes are journalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yiwang.engines.gathering.likeness import SIGNATURE_BITS
from yiwang.kernel.ids import new_id

KINDS = {"merged": "并案", "bundled": "协同处置", "split_from": "拆分"}


if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class SignatureField(_TextField):
    """Bits set by the pairs of characters of a text; written and read as text of 0 and 1."""

    def db_type(self, connection: Any) -> str:
        return f"bit({SIGNATURE_BITS})"


class Mark(models.Model):
    """A case as others are compared with it: place, time, words, who reported (as a keyed digest only)."""

    case_id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True)
    type = models.TextField(db_collation="C")
    category = models.TextField(default="")
    village = models.TextField(db_collation="C", default="")
    tile = models.BigIntegerField(default=0)
    """Number of the square the case lies in (`likeness.tile`); 0 while its place is unknown."""
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    person = models.TextField(db_collation="C", default="")
    text = models.TextField(default="")
    signature = SignatureField()
    is_over = models.BooleanField(default=False)
    """Set when the case is seen to have ended, which is for good; a moment late, so searches look at the case too."""

    class Meta:
        indexes = [
            models.Index(fields=["tile", "opened_at"], name="mark_by_tile", condition=Q(is_over=False) & ~Q(tile=0)),
            models.Index(
                fields=["village", "opened_at"], name="mark_by_village",
                condition=Q(is_over=False, tile=0) & ~Q(village=""),
            ),
            models.Index(
                fields=["person", "opened_at"], name="mark_by_person", condition=Q(is_over=False) & ~Q(person="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text


class Membership(models.Model):
    """A case that belongs to another (merged, split from it) or to a bundle; ended rows stay as history.

    `way` lists the former mains a merged case came through: when the last of them is taken out again it goes along.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id)
    case_id: models.UUIDField[UUID, UUID] = models.UUIDField()
    into_id: models.UUIDField[UUID, UUID] = models.UUIDField()
    kind = models.TextField(choices=list(KINDS.items()))
    way = ArrayField(models.UUIDField(), default=list)
    reason = models.TextField(default="")
    by = models.BigIntegerField(null=True)
    by_name = models.TextField(default="")
    at = models.DateTimeField()
    ending = models.TextField(default="")
    """Why it ended: settled, unmerged, restored, cancelled, removed; '' while it holds."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "kind"],
                condition=Q(ended_at=None, kind__in=("merged", "bundled")),
                name="membership_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["into_id", "kind"], name="membership_by_main"),
            models.Index(fields=["case_id", "kind"], name="membership_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.into_id}"


class Bundle(models.Model):
    """协同处置: cases to be handled on one trip, each with its own clock. `division` is what they share."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id)
    title = models.TextField()
    division = models.TextField(db_collation="C")
    by = models.BigIntegerField(null=True)
    by_name = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["division", "-id"], name="bundle_by_division")]

    def __str__(self) -> str:
        return self.title
