"""区划: district, town, village and grid cell, with outline, effective dates and history."""

from __future__ import annotations

from django.db import models

LEVEL_CHOICES = [("district", "区"), ("town", "镇街"), ("village", "村居"), ("cell", "单元网格")]


class Division(models.Model):
    """One division, by the significant digits of its code: 6 district, 9 town, 12 village, 16 grid cell.

    A code is a prefix of the codes of everything inside it, so a scope test is a prefix test.
    """

    code = models.CharField(max_length=16, primary_key=True)
    level = models.CharField(max_length=8, choices=LEVEL_CHOICES)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, blank=True)
    """居民委员会, 村民委员会, … as the code list tells it; empty when it does not."""
    outline = models.BinaryField(null=True)
    """WKB polygon or multipolygon in WGS-84; null when unknown."""
    is_schematic = models.BooleanField(default=False)
    """The outline is derived, not surveyed: every map must say 示意."""
    outline_source = models.CharField(max_length=120, blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    """First day on which the division no longer exists; null while it does."""
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{6}(\d{3}(\d{3}(\d{4})?)?)?$"), name="division_code_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True)
                | models.Q(from_on__isnull=True)
                | models.Q(to_on__gt=models.F("from_on")),
                name="division_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["level", "code"], name="division_level")]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class DivisionHistory(models.Model):
    """What a division was before a rename, merger or move, and until when."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="history")
    name = models.CharField(max_length=80)
    to_on = models.DateField()
    reason = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["division", "to_on", "id"]

    def __str__(self) -> str:
        return f"{self.name} –{self.to_on}"


class Revision(models.Model):
    """A counter for each cached subject (divisions, a calendar), so that every process sees a change."""

    subject = models.CharField(max_length=60, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"
