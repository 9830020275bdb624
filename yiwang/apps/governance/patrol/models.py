"""Tables of the patrol. Half a million visits a year are no cases: nobody works on a visit, it has happened.

Codes are the significant digits of the directory; a village is the first 12 of a cell, a town the first 9.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yiwang.apps.governance.patrol.kinds import MISS_STATUSES, PLACE_KINDS, RISKS, VISIT_STATUSES
from yiwang.kernel.ids import new_id

RECORD_STATUSES = {"ready": "待报送", "sent": "已报送", "confirmed": "已接收"}


class CellLead(models.Model):
    """网格长 of one cell, from a day to the day before `to_on`; never two at once."""

    cell = models.CharField(max_length=16, db_collation="C")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="led_cells")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cell"], condition=Q(to_on=None), name="cell_lead_one"),
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gt=F("from_on")), name="cell_lead_dates"),
        ]
        indexes = [models.Index(fields=["user"], name="cell_lead_user", condition=Q(to_on=None))]

    def __str__(self) -> str:
        return f"{self.cell} {self.user_id}"


class VisitedPlace(models.Model):
    """场所: what is visited. `due_on` follows from the last valid visit and the interval of kind and risk."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20, choices=list(PLACE_KINDS.items()))
    risk = models.CharField(max_length=8, choices=list(RISKS.items()))
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField()
    latitude = models.FloatField()
    cell = models.CharField(max_length=16, db_collation="C")
    people = models.IntegerField(null=True)
    """Living or working there, by the last visit that counted them."""
    registered_on = models.DateField()
    closed_on = models.DateField(null=True)
    visited_at = models.DateTimeField(null=True)
    due_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["cell", "due_on", "id"], name="visited_place_due", condition=Q(closed_on=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """One visit as it was reported. The id is made on the phone, so that sending it twice is one visit.

    `digest` is the SHA-256 of what is chained in the history of the village (`ledger`).
    """

    id = models.UUIDField(primary_key=True)
    place = models.ForeignKey(VisitedPlace, models.PROTECT, db_index=False, db_constraint=False)
    cell = models.CharField(max_length=16, db_collation="C")
    inspector_id = models.BigIntegerField(null=True)
    inspector = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=list(VISIT_STATUSES.items()))
    reason = models.CharField(max_length=20, blank=True)
    """Why it was refused, or "" ."""
    taken_at = models.DateTimeField()
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew = models.IntegerField(default=0)
    """Seconds by which the phone's clock was corrected."""
    is_late = models.BooleanField(default=False)
    longitude = models.FloatField()
    latitude = models.FloatField()
    accuracy = models.FloatField(null=True)
    finding = models.CharField(max_length=10, blank=True)
    """"" nothing, "ordinary" or "serious"."""
    rectify_by = models.DateField(null=True)
    form = models.JSONField(default=dict)
    case_id = models.UUIDField(null=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["place", "taken_at"], name="visit_place"),
            models.Index(fields=["cell", "taken_at", "id"], name="visit_cell"),
            models.Index(fields=["status", "cell", "taken_at", "id"], name="visit_odd", condition=~Q(status="done")),
            models.Index(
                fields=["cell", "rectify_by"], name="visit_finding", condition=Q(status="done") & ~Q(finding="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cell} {self.taken_at:%Y-%m-%d %H:%M}"


class PatrolRecord(models.Model):
    """What one system gets of one visit, with its own status. One for each system and visit, however often sent."""

    pk = models.CompositePrimaryKey("visit_id", "system")
    visit = models.ForeignKey(Visit, models.CASCADE, db_index=False, db_constraint=False, related_name="records")
    system = models.CharField(max_length=8)
    cell = models.CharField(max_length=16, db_collation="C")
    at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=list(RECORD_STATUSES.items()), default="ready")
    reference = models.CharField(max_length=40, blank=True)
    """The number the other system gave it."""
    content = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["system", "cell", "at"], name="patrol_record_system")]

    def __str__(self) -> str:
        return f"{self.system} {self.visit_id}"


class Upload(models.Model):
    """What was answered to a report from a phone: the same key and body get the same answer again."""

    key = models.UUIDField(primary_key=True)
    user_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    answer = models.JSONField(null=True)

    def __str__(self) -> str:
        return str(self.key)


class PossibleMiss(models.Model):
    """可能漏报: a citizen told of something in a cell where a visit shortly before had found nothing."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField(unique=True)
    case_number = models.CharField(max_length=40)
    cell = models.CharField(max_length=16, db_collation="C")
    reported_at = models.DateTimeField()
    visit = models.ForeignKey(Visit, models.CASCADE, db_constraint=False, related_name="misses")
    status = models.CharField(max_length=10, choices=list(MISS_STATUSES.items()), default="open")
    judged_by = models.CharField(max_length=80, blank=True)
    judged_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["cell", "reported_at"], name="possible_miss_cell")]

    def __str__(self) -> str:
        return f"{self.case_number} {self.status}"


class CellMonth(models.Model):
    """One cell in one month: when it was first visited, or that it was not. Derived; `services.cell_months` counts."""

    id = models.UUIDField(primary_key=True, default=new_id)
    cell = models.CharField(max_length=16, db_collation="C")
    month = models.DateField()
    """Its first day."""
    visited_at = models.DateTimeField(null=True)
    is_counted = models.BooleanField(default=False)
    """Whether the month was gone through cell by cell; a visit alone tells nothing of the other cells."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cell", "month"], name="cell_month_one")]

    def __str__(self) -> str:
        return f"{self.cell} {self.month:%Y-%m}"


class VillageLedger(models.Model):
    """The head of a village's history of visits; the entries are the journal's (`trust`)."""

    village = models.CharField(max_length=12, primary_key=True)
    stream = models.UUIDField(unique=True)
    sequence = models.IntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.village} {self.sequence}"
