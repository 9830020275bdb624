"""规则版本: editions of the books and their rows. A trigger keeps what is published as it is (`sql/guard.sql`)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
STATES = [(DRAFT, "草稿"), (PUBLISHED, "已发布"), (WITHDRAWN, "已撤回")]


class Edition(models.Model):
    """One state of a book. In force from `effective_on` until the next published edition begins.

    Withdrawn editions never came into force. `authors` are the ids of everybody who wrote in the draft; `sha256` is
    over its rows, see `hashing.py`. `basis` says in words what decided it, such as the number of a document.
    """

    book = models.CharField(max_length=80, db_collation="C")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    effective_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    author_id = models.BigIntegerField(null=True)
    author = models.CharField(max_length=80)
    authors: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    publisher_id = models.BigIntegerField(null=True)
    publisher = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["book", "number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["book"], condition=Q(status=DRAFT), name="edition_one_draft"),
            models.UniqueConstraint(
                fields=["book", "effective_on"], condition=Q(status=PUBLISHED), name="edition_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(status=DRAFT)
                | Q(effective_on__isnull=False, published_at__isnull=False, sha256__regex="^[0-9a-f]{64}$"),
                name="edition_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.number}"


class Rule(models.Model):
    """One row: `values` by key of column, blank cells absent. `no` is its line number, kept for good."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rules")
    no = models.PositiveIntegerField()
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        ordering = ["edition", "no"]
        constraints = [models.UniqueConstraint(fields=["edition", "no"], name="rule_number_once")]

    def __str__(self) -> str:
        return f"{self.edition_id}:{self.no}"
