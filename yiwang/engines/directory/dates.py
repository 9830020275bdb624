"""Days of effect: the day it is in China, and which postings run on it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from yiwang.kernel.clock import CHINA, now


def today() -> date:
    """The date in China now."""
    return now().astimezone(CHINA).date()


def running(on: date, prefix: str = "") -> Q:
    """Postings held on that day or still to begin; `prefix` is the way to them, like `postings__`."""
    return Q(**{f"{prefix}to_on": None}) | Q(**{f"{prefix}to_on__gt": on})
