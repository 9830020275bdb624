"""Tables of the journal. `JournalEntry`, `DaySeal` and `SealedHead` are written once; triggers refuse the rest."""

from __future__ import annotations

from django.db import models


class JournalEntry(models.Model):
    """One fact in a stream. Column by column what `chain.COLUMNS` hashes."""

    pk = models.CompositePrimaryKey("stream", "sequence")
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    stream = models.UUIDField()
    sequence = models.IntegerField()
    kind = models.TextField()
    division = models.TextField()
    actor_name = models.TextField()
    on_behalf_of = models.TextField(null=True)  # nobody and the empty name are different facts
    payload = models.TextField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "trust_journal"


class Stream(models.Model):
    """The head of a low-volume stream, kept here; a busy engine keeps its heads in its own rows."""

    stream = models.UUIDField(primary_key=True)
    name = models.TextField()
    sequence = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "trust_stream"


class DaySeal(models.Model):
    """The state of every stream on one evening: `root` over all heads, `moved_root` over those that moved since."""

    sealed_on = models.DateField(primary_key=True)
    at = models.DateTimeField()
    count = models.BigIntegerField()
    root = models.BinaryField()
    moved_count = models.BigIntegerField()
    moved_root = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "trust_day_seal"


class SealedHead(models.Model):
    """The head of a stream as a seal saw it, written only when it had moved since the seal before."""

    pk = models.CompositePrimaryKey("stream", "sealed_on")
    stream = models.UUIDField()
    sealed_on = models.DateField()
    sequence = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "trust_sealed_head"
