"""当事人: a person or firm that asks, owns, reports. Numbers are encrypted; the clear text is never a column."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from yiwang.kernel.ids import new_id


class Party(models.Model):
    """`*_cipher` is AES-256-GCM under key `key_version`; `*_digest` a keyed hash for look-up; `*_masked` for eyes."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=6, choices=[("person", "自然人"), ("firm", "法人和其他组织")])
    name = models.CharField(max_length=120)
    id_number_cipher = models.BinaryField(null=True)
    id_number_digest = models.BinaryField(null=True, max_length=32)
    id_number_masked = models.CharField(max_length=24, blank=True)
    phone_cipher = models.BinaryField(null=True)
    phone_digest = models.BinaryField(null=True, max_length=32, db_index=True)
    phone_masked = models.CharField(max_length=24, blank=True)
    key_version = models.PositiveSmallIntegerField()
    division = models.ForeignKey("directory.Division", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["id_number_digest", "kind"], name="party_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.id_number_masked}"
