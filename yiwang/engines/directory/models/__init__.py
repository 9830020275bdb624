"""Tables of the directory, one file for each noun."""

from yiwang.engines.directory.models.calendars import Calendar, CalendarDay, CalendarYear
from yiwang.engines.directory.models.divisions import Division, DivisionHistory, Revision
from yiwang.engines.directory.models.organisations import Organisation, Post, Posting
from yiwang.engines.directory.models.parties import Party
from yiwang.engines.directory.models.users import User

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarYear",
    "Division",
    "DivisionHistory",
    "Organisation",
    "Party",
    "Post",
    "Posting",
    "Revision",
    "User",
]
