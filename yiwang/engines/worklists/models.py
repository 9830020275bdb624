"""What people keep of their own; the rows of the lists are the tables of cases."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from yiwang.kernel.ids import new_id


class SavedFilter(models.Model):
    """A search a person keeps under a name; `query` is the text behind the question mark of its address."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.TextField()
    query = models.TextField()
    position = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="worklists_filter_name")]
