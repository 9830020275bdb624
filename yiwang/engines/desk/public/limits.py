"""How often visitors without an account may do something in an hour. The numbers are proposals, set by the district.

Counts stand in the database, so that all web processes count alike; addresses and sessions are kept as digests only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from yiwang.engines.access.api import address_of
from yiwang.engines.desk.models import Attempt
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import UserError

SPAN = timedelta(hours=1)
ADDRESS_FACTOR = 10
"""How much more an address may do than one person: an office or a mobile network shares one. A proposal."""


class TooOften(UserError):
    """The limit is reached; `again_at` of the facts says when one may try again."""

    code, status = "TOO_OFTEN", 429
    message, next_step = "操作过于频繁。", "请稍后再试。"


class Counter:
    """Counts one kind of act of this request's visitor, and of `others`, such as the number that is asked for."""

    def __init__(self, request: HttpRequest, kind: str, setting: str, others: Iterable[str] = ()) -> None:
        self.kind = kind
        most: int = settings.YIWANG[setting]
        self.limits = {self._subject(f"address:{address_of(request)}"): most * ADDRESS_FACTOR}
        if request.session.session_key:
            self.limits[self._subject(f"session:{request.session.session_key}")] = most
        self.limits |= {self._subject(other): most for other in others}

    def _subject(self, text: str) -> str:
        return f"{self.kind}:{salted_hmac('desk.attempt', text).hexdigest()[:32]}"

    def refuse(self) -> None:
        """Raise TooOften when one of the limits is reached."""
        recent = Attempt.objects.filter(subject__in=list(self.limits), at__gt=now() - SPAN)
        for subject, count, first in recent.values_list("subject").annotate(Count("id"), Min("at")):
            if count >= self.limits[subject]:
                again = (first + SPAN).astimezone(CHINA)
                step = gettext("请在 %(time)s 之后再试。") % {"time": f"{again:%H:%M}"}
                raise TooOften(next_step=step, facts={"again_at": again})

    def note(self) -> None:
        """Count once, and forget everything too old to count: the table holds one hour."""
        at = now()
        Attempt.objects.filter(at__lte=at - SPAN).delete()
        Attempt.objects.bulk_create(Attempt(subject=subject, at=at) for subject in self.limits)
