"""附件: a file somebody sent, known by its content. Rows are never changed but to say what they were attached to."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from yiwang.kernel.ids import new_id


class Attachment(models.Model):
    """A stored upload. Two rows may share one file: the file's path follows from its `sm3`.

    `owner` is "user:<id>", "session:<digest>" or "system"; until the attachment is attached to a subject only its owner
    may see or use it, afterwards the guard of `subject_kind` decides.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sm3 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=160)
    exif: models.JSONField[Any, Any] = models.JSONField(default=dict)
    scan = models.CharField(max_length=12, choices=[("clean", "已查毒"), ("unscanned", "未查毒")])
    owner = models.CharField(max_length=80)
    uploaded_by = models.ForeignKey("directory.User", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    subject_kind = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject"], name="attachment_subject"),
            models.Index(fields=["at"], name="attachment_unused", condition=models.Q(subject_kind="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the content is."""
        return stored_path(self.sm3)

    @property
    def is_picture(self) -> bool:
        return self.kind == "image"


def stored_path(sm3: str) -> Path:
    """Where content with this hash is kept."""
    return Path(settings.MEDIA_ROOT) / "content" / sm3[:2] / sm3[2:4] / sm3
