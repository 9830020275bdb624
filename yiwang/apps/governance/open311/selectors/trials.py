"""Reports of the test endpoint, and the number behind a token."""

from __future__ import annotations

from uuid import UUID

from yiwang.apps.governance.open311.asking import Asked
from yiwang.apps.governance.open311.models import Submission
from yiwang.apps.governance.open311.states import plain
from yiwang.engines.directory.api import Actor


def tried(actor: Actor, asked: Asked) -> list[Submission]:
    """What was tried and asked for, newest first; a test report has no update and lies where it was put."""
    found = Submission.objects.filter(is_test=True).order_by("-at", "-id")
    if asked.numbers:
        return list(found.filter(number__in=asked.numbers))
    if asked.service_codes:
        found = found.filter(service_code__in=asked.service_codes)
    if asked.begins is not None and asked.ends is not None:
        found = found.filter(at__gte=asked.begins, at__lte=asked.ends)
    if asked.has_photo is not None:
        found = found.filter(has_photo=asked.has_photo)
    begin = (asked.page - 1) * asked.page_size
    return [one for one in found[begin : begin + asked.page_size] if _fits(one, asked)]


def _fits(one: Submission, asked: Asked) -> bool:
    return not asked.states or bool({one.state, plain(one.state)} & set(asked.states))


def of_token(actor: Actor, token: str, *, is_test: bool) -> Submission | None:
    """Who holds a token may know the number: nobody guesses one."""
    try:
        id = UUID(hex=token)
    except ValueError:
        return None
    return Submission.objects.filter(pk=id, is_test=is_test).first()
