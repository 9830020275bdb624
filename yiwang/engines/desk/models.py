"""What the desk itself must remember: tries of people without an account, notices to people at work."""

from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """Something a visitor did that is counted so that nobody does it too often: who, as a digest only, and when."""

    subject = models.CharField(max_length=80)
    """`<kind>:<digest of a session, an address or a case number>`."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="attempt_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.at}"


class PersonalNotice(models.Model):
    """消息: something a person should hear of about a case they work on or watch; `kind` as in `cases.Noticed`."""

    user_id = models.BigIntegerField()
    case_id = models.UUIDField()
    number = models.TextField()
    title = models.TextField()
    kind = models.TextField()
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-id"], name="notice_of_person"),
            models.Index(fields=["user_id"], name="notice_unseen", condition=models.Q(seen_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
