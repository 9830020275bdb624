"""What the wall tells of the last hours: moves without people, texts or places finer than a town."""

from __future__ import annotations

from django.db import models


class Movement(models.Model):
    """One step somebody took, written in its own transaction; kept for two days (`KEPT`)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    number = models.TextField()
    division = models.TextField(db_collation="C")
    type = models.TextField()
    version = models.UUIDField()
    category = models.TextField()
    verb = models.TextField()
    status = models.TextField()
    stage = models.TextField()
    outcome = models.TextField()

    class Meta:
        app_label = "cockpit"
