"""工作日历: which days are worked and at what hours, with the notice each fact comes from."""

from __future__ import annotations

from django.db import models


class Calendar(models.Model):
    """One calendar. `base` lends its days and years to a special calendar that only says where it differs."""

    key = models.CharField(max_length=40, primary_key=True)
    title = models.CharField(max_length=80)
    office_hours = models.CharField(max_length=120, default="09:00-12:00,14:00-17:30")
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="special")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class CalendarYear(models.Model):
    """A year whose notice is published; days of other years are provisional."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    edition = models.CharField(max_length=60)

    class Meta:
        ordering = ["calendar", "year"]
        constraints = [models.UniqueConstraint(fields=["calendar", "year"], name="calendar_year_once")]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.year}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a weekend day worked to make up for one (调休)."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    on = models.DateField()
    is_working = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    edition = models.CharField(max_length=60)

    class Meta:
        ordering = ["calendar", "on"]
        constraints = [models.UniqueConstraint(fields=["calendar", "on"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
