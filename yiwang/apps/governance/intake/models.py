"""What came in by mail and from programs, once each: the key is unique, so that nothing becomes two cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from yiwang.kernel.ids import new_id


class Arrival(models.Model):
    """One mail or one report of a program.

    `key`: `mail:` and a hash of the Message-ID (of the content where there is none), or `api:`, the account and a hash
    of its Idempotency-Key. `body_hash` tells the same again from another under the same key. The sender's address is
    AES-256-GCM under key `key_version`; `sender_digest` finds it again, `sender_masked` is for eyes. `division` is the
    finest one the place lies in, else the district. `answer` is what the program was told, to be told again.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=12)
    key = models.CharField(max_length=120, unique=True)
    body_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8)
    reason = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=120, blank=True)
    division = models.CharField(max_length=16, db_collation="C")
    case_id = models.UUIDField(null=True)
    number = models.CharField(max_length=32, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    """Of a mail: its name in the folders."""
    message_id = models.CharField(max_length=300, blank=True)
    sender_cipher = models.BinaryField(null=True)
    sender_digest = models.BinaryField(max_length=32, null=True)
    sender_masked = models.CharField(max_length=120, blank=True)
    key_version = models.PositiveSmallIntegerField(null=True)
    answer: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    receipt_at = models.DateTimeField(null=True)
    """When the receipt of a mail was laid into the folder for outgoing mail."""

    class Meta:
        indexes = [
            models.Index(fields=["division", "-id"], name="intake_arrival_division"),
            models.Index(fields=["-id"], name="intake_arrival_refused", condition=Q(state="refused")),
            models.Index(fields=["sender_digest", "at"], name="intake_arrival_sender"),
            models.Index(fields=["by_id", "at"], name="intake_arrival_account"),
            models.Index(fields=["case_id"], name="intake_arrival_case", condition=Q(case_id__isnull=False)),
            models.Index(
                fields=["id"], name="intake_arrival_receipt",
                condition=Q(channel="email", state="opened", receipt_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.title}"
