"""How often an address may ask what was reported nearby."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from yiwang.engines.access.api import address_of, tally
from yiwang.engines.gathering.likeness import PROPOSALS
from yiwang.kernel.errors import UserError


class TooManyGlances(UserError):
    """The limit of the hour is reached."""

    code, status = "TOO_OFTEN", 429
    message, next_step = "查询过于频繁。", "请在下一个整点之后再试；上报不受影响。"


def count(request: HttpRequest) -> None:
    """Count one question of this address; TooManyGlances beyond `PROPOSALS.glances` in an hour."""
    if tally("gathering.glance", address_of(request), timedelta(hours=1)) > PROPOSALS.glances:
        raise TooManyGlances
