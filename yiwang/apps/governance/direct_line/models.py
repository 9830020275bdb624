"""Tables beside the cases: the knowledge base, calls at the desk, and which appeal became which incident."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from yiwang.kernel.ids import new_id


class Article(models.Model):
    """A question of the public with its answer, as it stands now. `number` counts its versions."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(default=1)
    question = models.TextField()
    answer = models.TextField()
    basis = models.TextField(default="")
    unit = models.TextField()
    tags = ArrayField(models.TextField(), default=list)
    is_public = models.BooleanField(default=True)
    is_withdrawn = models.BooleanField(default=False)
    valid_until = models.DateField(null=True)
    reviewed_on = models.DateField()
    changed_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)
    head = SearchVectorField(null=True, editable=False)
    """Pairs of neighbouring characters of question and tags."""
    words = SearchVectorField(null=True, editable=False)
    """The same with those of the answer and the basis: Chinese has no spaces."""

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="direct_line_article_words"),
            models.Index(fields=["-used", "id"], name="direct_line_article_used"),
            models.Index(fields=["reviewed_on", "id"], name="direct_line_article_stale"),
        ]


class ArticleVersion(models.Model):
    """What an article said once; written with every change and never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="direct_line_article_version")]


class ArticleUse(models.Model):
    """An answer that was given from an article, counted once a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    case_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "case_id"], name="direct_line_article_use")]


class Call(models.Model):
    """A call, from the desk or the telephone exchange. Of the number only a digest and its masked form are kept.

    `key` is the exchange's own name of the call; `answered_at` is empty for a call nobody took.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.TextField(null=True, unique=True)
    phone_digest = models.BinaryField(max_length=32, null=True)
    phone_masked = models.TextField(default="")
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    operator = models.BigIntegerField(null=True)
    case_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["rang_at"], name="direct_line_call_rang"),
            models.Index(fields=["case_id"], name="direct_line_call_case", condition=models.Q(case_id__isnull=False)),
        ]


class CallerAppeal(models.Model):
    """An appeal by the number of who called. A trigger on the cases keeps it; sealed ones are of another type, so never
    here. An index on the cases' own data would make every step of every case write all indexes of its row anew.
    """

    case_id = models.UUIDField(primary_key=True)
    phone_digest = models.BinaryField(max_length=32)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["phone_digest", "-opened_at", "-case_id"], name="direct_line_caller_newest"),
        ]


class BecameIncident(models.Model):
    """An appeal that was made an incident, both ways. `answered_at` is set once, with the answer's way back."""

    appeal_id = models.UUIDField(primary_key=True)
    incident_id = models.UUIDField(unique=True)
    appeal_number = models.TextField()
    incident_number = models.TextField()
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["opened_at"], name="direct_line_incident_waits", condition=models.Q(answered_at__isnull=True)
            )
        ]
