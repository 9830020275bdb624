"""Other systems, which of their ids stand for which of our cases, and every event in either direction."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiwang.engines.exchange.spec import RULES
from yiwang.kernel.ids import new_id

DIRECTIONS = {"both": "双向", "in": "只接收", "out": "只发送"}
OUTCOMES = {
    "applied": "已采用", "stale": "晚到，未采用", "waiting": "等待对应的来件", "overruled": "按规则未采用",
    "conflict": "待人决定", "refused": "已退回", "postponed": "我方暂时不能处理",
}  # fmt: skip
KEPT = ("refused", "waiting", "postponed")
"""Outcomes whose event a person, a later event or the sender's next try still needs; the body of every other one is
forgotten."""
STATES = {"waiting": "待发送", "sent": "已送达", "dead": "未送达"}
DECISIONS = {"open": "待决定", "ours": "以我方为准", "theirs": "以对方为准", "agreed": "已一致"}


class System(models.Model):
    """Another system. `incoming` maps its words to our statuses, `outgoing` ours to its words.

    Secrets are sealed; `previous` is still good until `previous_until`, so that both sides change at leisure.
    `failures` counts tries in a row that got no good answer; nothing is sent before `paused_until`.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    endpoint = models.CharField(max_length=300, default="", blank=True)
    direction = models.CharField(max_length=8, choices=list(DIRECTIONS.items()), default="both")
    rule = models.CharField(max_length=24, choices=list(RULES.items()), default="ours_after_dispatch")
    participation = models.CharField(max_length=80)
    incoming = models.JSONField(default=dict)
    outgoing = models.JSONField(default=dict)
    per_minute = models.PositiveIntegerField(default=600)
    is_active = models.BooleanField(default=True)
    secret = models.BinaryField()
    previous = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    key_version = models.PositiveIntegerField()
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class Link(models.Model):
    """One case in one other system. `outside_id` is null until the other side has told it.

    `ours`, `theirs`: the last status of each side, `their_word` as they said it. `sequence` numbers what we tell about
    this case, `acknowledged` is the highest they have answered for, `their_sequence` the highest of theirs we took in.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="links")
    case_id = models.UUIDField(db_index=True)
    outside_id = models.CharField(max_length=200, null=True)
    ours = models.CharField(max_length=12)
    ours_at = models.DateTimeField()
    moved_sequence = models.BigIntegerField(default=0)
    theirs = models.CharField(max_length=12, default="")
    their_word = models.CharField(max_length=80, default="")
    theirs_at = models.DateTimeField(null=True)
    sequence = models.BigIntegerField(default=0)
    acknowledged = models.BigIntegerField(default=0)
    their_sequence = models.BigIntegerField(null=True)
    looked_at = models.DateTimeField()
    is_over = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "outside_id"], name="exchange_link_outside"),
            models.UniqueConstraint(fields=["system", "case_id"], name="exchange_link_case"),
        ]
        indexes = [models.Index(fields=["looked_at"], name="exchange_link_looked", condition=Q(is_over=False))]


class Inbound(models.Model):
    """An event that came in, once for its id. The body is kept, sealed, only while a person may still need it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="received")
    event_id = models.CharField(max_length=200)
    hash = models.BinaryField(max_length=32)
    type = models.CharField(max_length=80)
    outside_id = models.CharField(max_length=200)
    sequence = models.BigIntegerField(null=True)
    said_at = models.DateTimeField()
    word = models.CharField(max_length=80, default="")
    outcome = models.CharField(max_length=12, choices=list(OUTCOMES.items()))
    status = models.PositiveSmallIntegerField(default=200)
    answer = models.JSONField(default=dict)
    body = models.BinaryField(null=True)
    key_version = models.PositiveIntegerField(default=0)
    case_id = models.UUIDField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "event_id"], name="exchange_inbound_once")]
        indexes = [
            models.Index(fields=["system", "outside_id"], name="exchange_inbound_outside"),
            models.Index(fields=["system", "-id"], name="exchange_inbound_kept", condition=Q(outcome__in=KEPT)),
        ]


class Outbound(models.Model):
    """An event to be sent, at least once; its id is the event's. `dead` after the last try, kept for a person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="sent")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, related_name="told")
    type = models.CharField(max_length=80)
    sequence = models.BigIntegerField(default=0)
    body = models.JSONField()
    state = models.CharField(max_length=8, choices=list(STATES.items()), default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, default="")

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="exchange_outbound_next", condition=Q(state="waiting")),
            models.Index(fields=["system", "-id"], name="exchange_outbound_dead", condition=Q(state="dead")),
        ]


class Conflict(models.Model):
    """Both sides said different things of one case. Decided by the system's rule, or open until a person decides."""

    id = models.UUIDField(primary_key=True, default=new_id)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="conflicts")
    ours = models.CharField(max_length=12)
    theirs = models.CharField(max_length=12)
    word = models.CharField(max_length=80)
    rule = models.CharField(max_length=24)
    decision = models.CharField(max_length=8, choices=list(DECISIONS.items()), default="open")
    why = models.CharField(max_length=300, default="")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [models.Index(fields=["link", "-id"], name="exchange_conflict_link")]
