"""Tables of electric bicycles. Owners are parties of the directory: no number stands here in the clear."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiwang.apps.governance.non_motor.kinds import ALARMS, KINDS, SEVERITIES, SOURCES, STEPS
from yiwang.kernel.ids import new_id


class Ownership(models.Model):
    """Whose bicycle a plate was from one day to the day before another; never two owners on one day."""

    plate = models.CharField(max_length=12)
    party_id = models.UUIDField()
    name_masked = models.CharField(max_length=40)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plate"], condition=Q(to_on=None), name="non_motor_owner_one"),
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gt=F("from_on")), name="non_motor_owner_dates"),
        ]
        indexes = [models.Index(fields=["plate", "from_on"], name="non_motor_owner_plate")]

    def __str__(self) -> str:
        return f"{self.plate} {self.from_on}"


class Violation(models.Model):
    """One violation as it was recorded. `offender`: "o:<party>" of the owner of that day, else "p:<plate>"."""

    id = models.UUIDField(primary_key=True, default=new_id)
    plate = models.CharField(max_length=12)
    offender = models.CharField(max_length=40, db_collation="C")
    name_masked = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    at = models.DateTimeField()
    longitude = models.FloatField()
    latitude = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    division = models.CharField(max_length=16, db_collation="C")
    source = models.CharField(max_length=10, choices=list(SOURCES.items()))
    reference = models.CharField(max_length=60, blank=True)
    """Its number at the source, by which a list brought in twice is one list."""
    photos = models.JSONField(default=list)
    by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"], condition=~Q(reference=""), name="non_motor_violation_once"
            )
        ]
        indexes = [
            models.Index(fields=["offender", "at"], name="non_motor_violation_who"),
            models.Index(F("at").desc(), F("id").desc(), name="non_motor_violation_at"),
        ]

    def __str__(self) -> str:
        return f"{self.plate} {self.kind}"


class Measure(models.Model):
    """A step of the ladder opened for an offender, by which violation it was reached."""

    case_id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=40)
    offender = models.CharField(max_length=40, db_collation="C")
    step = models.CharField(max_length=12, choices=list(STEPS.items()))
    nth = models.IntegerField()
    violation = models.OneToOneField(Violation, models.PROTECT, related_name="measure")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["offender", "step", "at"], name="non_motor_measure_step")]

    def __str__(self) -> str:
        return f"{self.number} {self.step}"


class Alarm(models.Model):
    """An alarm of a device; its key makes it one incident however often it is sent."""

    key = models.CharField(max_length=100, primary_key=True)
    kind = models.CharField(max_length=10, choices=[(key, title) for key, (title, _) in ALARMS.items()])
    at = models.DateTimeField()
    division = models.CharField(max_length=16, db_collation="C")
    case_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.key


class Accident(models.Model):
    """An accident with an electric bicycle in it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reference = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    longitude = models.FloatField()
    latitude = models.FloatField()
    division = models.CharField(max_length=16, db_collation="C")
    severity = models.CharField(max_length=10, choices=list(SEVERITIES.items()))
    hurt = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["at"], name="non_motor_accident_at")]

    def __str__(self) -> str:
        return self.reference
