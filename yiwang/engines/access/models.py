"""Log-in: failures that lock, sessions a person can see and end, second factors, tokens for programs."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models

from yiwang.kernel.clock import now
from yiwang.kernel.ids import new_id


class LogInFailure(models.Model):
    """A failed log-in, by account name and by address, so that every process counts the same."""

    subject = models.CharField(max_length=120)
    """`name:<user name>` or `address:<ip>`."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="log_in_failure_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.at}"


class Tally(models.Model):
    """How often somebody (as a digest) did one kind of thing in the minute or hour that began then; see `tallies`."""

    pk = models.CompositePrimaryKey("subject", "begins_at")
    subject = models.CharField(max_length=64)
    begins_at = models.DateTimeField(db_index=True)
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.subject} {self.begins_at} {self.count}"


class LogInSession(models.Model):
    """A session as its owner sees it: from where, with what, since when."""

    session_key = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="log_in_sessions")
    began_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    @property
    def mark(self) -> str:
        """What a page may name the session by: the key itself would let whoever reads the page be its owner."""
        return hashlib.sha256(f"session:{self.session_key}".encode()).hexdigest()[:24]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at}"


class SecondFactor(models.Model):
    """A TOTP secret (RFC 6238), encrypted, with hashes of unused recovery codes. Unconfirmed ones do not count."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="second_factor"
    )
    secret = models.BinaryField()
    is_confirmed = models.BooleanField(default=False)
    last_step = models.BigIntegerField(default=0)
    """The time step last accepted: a code is good once."""
    recovery_hashes = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.user_id}"


class ApiToken(models.Model):
    """A token for programs: kept as a hash, narrowed to verbs and a division, with an end."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    title = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    reads_only = models.BooleanField(default=False)
    division = models.CharField(max_length=16, blank=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    @property
    def is_over(self) -> bool:
        return self.ends_at <= now()

    def __str__(self) -> str:
        return self.title
