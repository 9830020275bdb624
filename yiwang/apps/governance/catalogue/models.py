"""Tables no engine holds: the component ledger, its serial numbers, and the reports of imports."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

STATES = [
    ("in_use", gettext_noop("完好")), ("damaged", gettext_noop("破损")), ("missing", gettext_noop("缺失")),
    ("retired", gettext_noop("停用")),
]  # fmt: skip


class Component(models.Model):
    """部件. The code is 6 digits of the district, 2 of the group, 2 of the class, 6 of a serial number.

    `cell` is the finest division its point lies in, '' when none does. Retired components stay, with their day.
    """

    code = models.CharField(max_length=16, primary_key=True, db_collation="C")
    class_code = models.CharField(max_length=5, db_collation="C")
    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=120, blank=True)
    """权属单位."""
    keeper = models.CharField(max_length=120, blank=True)
    """管养单位."""
    supervisor = models.CharField(max_length=120, blank=True)
    """主管单位."""
    cell = models.CharField(max_length=16, blank=True, db_collation="C")
    state = models.CharField(max_length=8, choices=STATES, default="in_use")
    placed_on = models.DateField(null=True, blank=True)
    changed_on = models.DateField()
    source = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    longitude = models.FloatField()
    latitude = models.FloatField()
    """WGS-84 degrees."""

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{16}$"), name="component_code_digits"),
            models.CheckConstraint(
                condition=Q(longitude__range=(-180, 180), latitude__range=(-90, 90)), name="component_point"
            ),
        ]
        indexes = [
            models.Index(fields=["class_code", "code"], name="component_class"),
            models.Index(fields=["state", "code"], name="component_state"),
            models.Index(fields=["cell", "code"], name="component_cell"),
            models.Index(fields=["latitude", "longitude"], name="component_place", condition=~Q(state="retired")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class ComponentSerial(models.Model):
    """The last serial number given under a prefix of 10 digits; its row is locked while the next is given."""

    prefix = models.CharField(max_length=10, primary_key=True)
    last = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.prefix} {self.last}"


class Import(models.Model):
    """What an import found, kept with the file's name and hash. `kind`: classes or components."""

    kind = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    choices: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    """Counts, and the lists of the report: findings, renamed, gone, unused."""
    edition = models.CharField(max_length=60, blank=True)
    """The draft edition it made; '' when none was made."""
    division = models.CharField(max_length=16)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%Y-%m-%d}"
