"""Writes to working calendars. Each ends in `CalendarChanged`, so that open deadlines are recomputed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.events import CalendarChanged, DirectoryChanged
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.models import Calendar, CalendarDay, CalendarYear
from yiwang.engines.directory.revisions import bump
from yiwang.engines.working_time.api import (
    BRIDGE_FROM,
    SEED_SOURCE,
    Notice,
    OfficeHours,
    read_notice,
    seed_days,
    seed_edition,
    seed_years,
)
from yiwang.kernel.errors import ConfigurationError, InvalidInput, NotFound, did_you_mean
from yiwang.kernel.events import publish
from yiwang.kernel.wording import about

ALWAYS = (date(1992, 1, 1), date(9998, 12, 31))


def _calendar(key: str) -> Calendar:
    calendar = Calendar.objects.select_for_update().filter(key=key).first()
    if calendar is None:
        hint = did_you_mean(key, Calendar.objects.values_list("key", flat=True))
        raise NotFound(gettext("没有名为“{key}”的工作日历。").format(key=key), facts={"hint": hint})
    return calendar


def _announce(actor: Actor, key: str, kind: str, span: tuple[date, date], **payload: object) -> None:
    bump("calendars")
    publish(DirectoryChanged(f"calendar.{kind}", f"calendar/{key}", actor, payload=payload))
    publish(CalendarChanged(key, *span))
    for special in Calendar.objects.filter(base_id=key).exclude(key=key):
        publish(CalendarChanged(special.key, *span))


@transaction.atomic
def seed_default_calendar(actor: Actor) -> Calendar:
    """Fill the calendar `default` from the package, once; a later call changes nothing."""
    require(actor, "calendar.edit")
    calendar, is_new = Calendar.objects.get_or_create(key="default", defaults={"title": "国家法定工作日历"})
    if not is_new:
        return calendar
    origin = {"calendar": calendar, "source": SEED_SOURCE, "edition": seed_edition()}
    CalendarYear.objects.bulk_create([CalendarYear(year=year, **origin) for year in seed_years()])
    CalendarDay.objects.bulk_create(
        [CalendarDay(on=on, is_working=fact.is_working, name=fact.name, **origin) for on, fact in seed_days().items()]
    )
    _announce(actor, calendar.key, "seeded", ALWAYS, edition=seed_edition())
    return calendar


@transaction.atomic
def set_day(actor: Actor, key: str, on: date, *, is_working: bool, name: str, source: str) -> None:
    """Make a date a holiday or a workday, and say by whose notice."""
    require(actor, "calendar.edit")
    missing = [
        {"path": path, "code": "REQUIRED", "message": about(gettext("请填写{title}。"), gettext(title))}
        for path, title, text in (("name", "名称", name), ("source", "依据", source))
        if not text.strip()
    ]
    if missing:
        raise InvalidInput(missing)
    CalendarDay.objects.update_or_create(
        calendar=_calendar(key),
        on=on,
        defaults={"is_working": is_working, "name": name, "source": source, "edition": "人工维护"},
    )
    _announce(actor, key, "day_set", (on, on), on=on.isoformat(), is_working=is_working, name=name, source=source)


@transaction.atomic
def clear_day(actor: Actor, key: str, on: date) -> None:
    """Let a date be what its weekday says again."""
    require(actor, "calendar.edit")
    removed, _ = CalendarDay.objects.filter(calendar=_calendar(key), on=on).delete()
    if removed:
        _announce(actor, key, "day_cleared", (on, on), on=on.isoformat())


@transaction.atomic
def set_office_hours(actor: Actor, key: str, office_hours: str) -> None:
    """Change the office hours of a calendar; running limits are recomputed from their ledger."""
    require(actor, "calendar.edit")
    calendar = _calendar(key)
    try:
        OfficeHours(office_hours)
    except ConfigurationError as error:
        message = "办公时间应写作 09:00-12:00,14:00-17:30，先后排列且不重叠。"
        raise InvalidInput([{"path": "office_hours", "code": "OFFICE_HOURS", "message": message}]) from error
    before, calendar.office_hours = calendar.office_hours, office_hours
    calendar.save(update_fields=["office_hours"])
    _announce(actor, key, "office_hours_set", ALWAYS, before=before, after=office_hours)


@transaction.atomic
def import_notice(actor: Actor, key: str, content: bytes, *, source: str = "", edition: str = "") -> Notice:
    """Load a year's holiday notice (JSON or CSV, see `notices`), replacing what was known of that year.

    Days the notice moves in the neighbouring years are set too; the year counts as published afterwards.
    InvalidInput names each faulty row; nothing is written then.
    """
    require(actor, "calendar.edit")
    calendar = _calendar(key)
    notice = read_notice(content)
    origin = {"source": source or notice.source or "未注明", "edition": edition or f"{notice.year} 年通知"}
    # A notice rules from the bridge into its year up to the bridge into the next, which is the next notice's.
    bridge, next_bridge = date(notice.year - 1, *BRIDGE_FROM), date(notice.year, *BRIDGE_FROM)
    CalendarDay.objects.filter(calendar=calendar, on__gte=bridge, on__lt=next_bridge).delete()
    for on, fact in notice.days.items():
        CalendarDay.objects.update_or_create(
            calendar=calendar, on=on, defaults={"is_working": fact.is_working, "name": fact.name, **origin}
        )
    CalendarYear.objects.update_or_create(calendar=calendar, year=notice.year, defaults=origin)
    span = (date(notice.year - 1, 12, 1), date(notice.year + 1, 1, 31))
    _announce(actor, key, "notice_loaded", span, year=notice.year, day_count=len(notice.days), **origin)
    return notice
