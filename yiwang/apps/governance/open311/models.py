"""Keys of outside programs, what they sent, updates of what they sent, and reports of imported service lists."""

from __future__ import annotations

from django.db import models

from yiwang.kernel.ids import new_id


class ApiKey(models.Model):
    """A program allowed to report. The key itself is shown once; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    contact = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    tail = models.CharField(max_length=4)
    per_minute = models.PositiveIntegerField()
    is_test_only = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)


class Submission(models.Model):
    """A report a program sent, with what of it may be public; no name, telephone or address of a person.

    `state` is the last one told by updates. On the test endpoint there is no case, and the row goes after a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, db_index=False)
    is_test = models.BooleanField(default=False)
    case_id = models.UUIDField(null=True, unique=True)
    number = models.TextField(db_index=True)
    service_code = models.TextField()
    description = models.TextField(default="")
    address = models.TextField(default="")
    media_url = models.TextField(default="")
    has_photo = models.BooleanField(default=False)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    state = models.TextField()
    sender = models.CharField(max_length=64, default="")
    """Digest of device, account or e-mail; '' when the program named none."""
    body = models.CharField(max_length=64)
    repeat_key = models.CharField(max_length=64, default="")
    """Digest of the Idempotency-Key; '' without one."""
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key", "sender", "body", "at"], name="open311_submission_repeat"),
            models.Index(fields=["at"], name="open311_submission_tests", condition=models.Q(is_test=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "is_test", "repeat_key"],
                condition=~models.Q(repeat_key=""),
                name="open311_submission_once",
            )
        ]


class Update(models.Model):
    """A change of state we tell (`key` empty), or a remark a program sent with an id of its own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, null=True, db_index=False)
    outside_id = models.TextField(default="")
    status = models.TextField()
    description = models.TextField(default="")
    media_url = models.TextField(default="")
    body = models.CharField(max_length=64, default="")
    at = models.DateTimeField(db_index=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "outside_id"], condition=models.Q(key__isnull=False), name="open311_update_once"
            )
        ]


class Import(models.Model):
    """What came of reading a published list of services."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    facts = models.JSONField()
    is_trial = models.BooleanField()
    by = models.TextField()
    at = models.DateTimeField()
