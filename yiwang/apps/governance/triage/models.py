"""Tables no engine holds: what was passed on to 110, 119 or 120, and versions of the model that suggests classes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_noop

from yiwang.kernel.ids import new_id

SOURCES = {
    "call": gettext_noop("电话"), "citizen": gettext_noop("市民网上"), "inspector": gettext_noop("巡查人员"),
    "email": gettext_noop("邮件"), "platform": gettext_noop("其他平台"), "sensor": gettext_noop("感知设备"),
}  # fmt: skip
STATES = {
    "wanted": gettext_noop("等待学习"), "ready": gettext_noop("已学好，待启用"), "in_use": gettext_noop("使用中"),
    "set_aside": gettext_noop("已停用"), "failed": gettext_noop("未学成"),
}  # fmt: skip


class Transfer(models.Model):
    """A matter passed on at once. Written once; only the receipt of the service called is added, once.

    The caller's telephone is AES-256-GCM under key `key_version`; `phone_masked` is for eyes. `division` is the finest
    one the place lies in, else the writer's own. `origin` names where it came from within `source`;
    one report may go to several services, once to each.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    target = models.CharField(max_length=3)
    text = models.TextField()
    rule = models.CharField(max_length=120, blank=True)
    severity = models.CharField(max_length=8, blank=True)
    words: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=10)
    origin = models.CharField(max_length=80)
    caller_name = models.CharField(max_length=40, blank=True)
    phone_cipher = models.BinaryField(null=True)
    phone_masked = models.CharField(max_length=24, blank=True)
    key_version = models.PositiveSmallIntegerField()
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    division = models.CharField(max_length=16, db_collation="C")
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    receipt = models.CharField(max_length=120, blank=True)
    """What the service called gave: its own number, or who took it."""
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "origin", "target"], name="triage_transfer_each_once")]
        indexes = [
            models.Index(fields=["division", "-id"], name="triage_transfer_division"),
            models.Index(fields=["target", "at"], name="triage_transfer_target"),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.at:%Y-%m-%d %H:%M}"


class LearntModel(models.Model):
    """A version of the model that suggests classes, with the report it was given before anybody might use it."""

    state = models.CharField(max_length=9, default="wanted")
    samples: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    """How many sentences of the grammar and how many closed cases it learnt from."""
    report: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    packed = models.BinaryField(null=True)
    wanted_by = models.CharField(max_length=80)
    wanted_at = models.DateTimeField()
    learnt_at = models.DateTimeField(null=True)
    adopted_by = models.CharField(max_length=80, blank=True)
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="in_use"), name="triage_one_model_in_use"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="wanted"), name="triage_one_model_wanted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
