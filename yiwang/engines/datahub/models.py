"""What datahub remembers of each dataset, and which rows changed since the facts were brought up to date.

The fact tables themselves are made from declarations (`tables.py`) and are no models.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class DatasetState(models.Model):
    """One dataset: the declaration its table was made from, when it was last filled, and what is wrong with it."""

    key = models.TextField(primary_key=True)
    sha256 = models.CharField(max_length=64)
    built_at = models.DateTimeField(null=True)
    """When the table was last filled from nothing; null while it has not been."""
    tried_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    fault = models.TextField(default="")
    findings = models.JSONField(default=list)
    """Checks that failed: [title, number of rows]."""


class Change(models.Model):
    """A row of a source changed in a transaction that has committed. Written by triggers, taken by the refresh."""

    number = models.BigAutoField(primary_key=True)
    source = models.TextField()
    key = models.TextField()
    at = models.DateTimeField(db_default=Now())
