"""制度文件: the members of the 1+1+N set. No engine holds documents with dates of effect, so they stand here."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop

PLACES = [
    ("plan", gettext_noop("总体方案")),
    ("measure", gettext_noop("综合办法")),
    ("special", gettext_noop("专项制度")),
]
"""The three places of the set: 1 + 1 + N."""


class Policy(models.Model):
    """One document. In force from `from_on` until the day before `to_on`; `books` are the keys of the books it governs.

    `is_proposal`: ours, not the district's; every page says so. `replaces` is the document it took the place of.
    """

    place = models.CharField(max_length=8, choices=PLACES)
    number = models.CharField(max_length=60, blank=True)
    """文号, such as 南府办〔2021〕1号."""
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    file = models.CharField(max_length=36, blank=True)
    """Id of the attachment with the document itself."""
    from_on = models.DateField(null=True, blank=True)
    """Null while it has not been enacted."""
    to_on = models.DateField(null=True, blank=True)
    books: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    is_proposal = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(from_on__isnull=False, to_on__gt=F("from_on")),
                name="policy_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def as_facts(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        names = ("place", "number", "title", "text", "file", "from_on", "to_on", "books", "is_proposal", "source")
        return {name: getattr(self, name) for name in names}
