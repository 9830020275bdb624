"""Reports of programs: the one schema of all sources, each report once under its Idempotency-Key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext

from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.rights import SEND
from yiwang.apps.governance.intake.services.form import chosen, class_title, known_fields, suggested
from yiwang.apps.governance.intake.services.receipts import address_of_site
from yiwang.apps.governance.intake.sources import INCIDENT, LONGEST_KEY, OPENED, REPORTS_AN_HOUR, SOURCES
from yiwang.engines.cases.api import Running, open_case, secret_of
from yiwang.engines.desk.api import TooOften
from yiwang.engines.directory.api import Actor, district_code, locate
from yiwang.engines.gathering.api import facts_of, likely_same, nearby
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed
from yiwang.kernel.ids import new_id

SPAN = timedelta(hours=1)
_PATHS = {"before": "attachments", "reporter_name": "reporter.name", "reporter_phone": "reporter.phone"}
"""What the form calls otherwise than the schema does."""


class KeyUsed(Conflict):
    """The same key came with another report."""

    code = "IDEMPOTENCY_KEY_REUSED"
    message, next_step = (
        "这个 Idempotency-Key 已经用于另一份内容。",
        "同一份上报重发时内容须一字不差；新的上报请换一个键。",
    )


def report(actor: Actor, key: str, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The answer, and whether it was given before. One key of one account is one case.

    InvalidInput names every field at fault by its path in the schema; NotAllowed, KeyUsed, TooOften.
    """
    if not actor.scopes(SEND):
        raise NotAllowed
    _check_key(key)
    name = f"api:{actor.user_id or 0}:{hashlib.sha256(key.encode()).hexdigest()}"
    body = hashlib.sha256(canonical_json(given)).hexdigest()
    told = _told_before(name, body)
    if told is not None:
        return told, True
    _refuse_flood(actor)
    advice = suggested(given["description"])
    data = _data(actor, given, advice)
    try:
        with transaction.atomic():
            return _opened(actor, name, body, data, advice), False
    except IntegrityError:
        told = _told_before(name, body)
        if told is None:
            raise
        return told, True


def _check_key(key: str) -> None:
    if not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        message = gettext("请带上 Idempotency-Key，最多 {most} 个字符。").format(most=LONGEST_KEY)
        raise InvalidInput([{"path": "Idempotency-Key", "code": "IDEMPOTENCY_KEY", "message": message}])


def _told_before(name: str, body: str) -> Mapping[str, Any] | None:
    row = Arrival.objects.filter(key=name).values_list("body_hash", "answer").first()
    if row is None:
        return None
    if row[0] != body:
        raise KeyUsed
    answer: Mapping[str, Any] = row[1]
    return answer


def _refuse_flood(actor: Actor) -> None:
    """A program gone wrong is told when it may go on; its reports are its own to keep."""
    recent = Arrival.objects.filter(by_id=actor.user_id, at__gt=now() - SPAN).order_by("-at")
    last = recent.values_list("at", flat=True)[REPORTS_AN_HOUR - 1 : REPORTS_AN_HOUR]
    for at in last:
        again = (at + SPAN).astimezone(CHINA)
        step = gettext("请在 %(time)s 之后再试。") % {"time": f"{again:%H:%M}"}
        raise TooOften(next_step=step, facts={"again_at": again})


def _data(actor: Actor, given: Mapping[str, Any], advice: Mapping[str, Any]) -> dict[str, Any]:
    """Data of the incident's form; the sender's faults are gathered, not told one by one."""
    fields, facts = known_fields()
    faults = []
    if given["source"] not in SOURCES:
        faults.append(("source", "SOURCE", gettext("来源应为：{known}。").format(known="、".join(SOURCES))))
    code = given.get("class_code") or ""
    if code and not class_title(code):
        faults.append(("class_code", "CLASS_UNKNOWN", gettext("现行类别簿里没有“{code}”这一类。").format(code=code)))
    place = {key: value for key, value in given["place"].items() if value is not None}
    if not _is_within(actor, place):
        faults.append(("place", "PLACE_OUT_OF_SCOPE", gettext("这个地点不在您的账号可以上报的辖区内。")))
    if faults:
        raise InvalidInput([{"path": path, "code": name, "message": message} for path, name, message in faults])
    reporter = given.get("reporter") or {}
    data = {
        **chosen(advice, fields), "description": given["description"], "place": place,
        "before": [str(one) for one in given.get("attachments") or ()], "reporter_name": reporter.get("name"),
        "reporter_phone": reporter.get("phone"), "source": given["source"], "origin": given.get("origin"),
    }  # fmt: skip
    stated = {key: given[key] for key in ("category", "class_code") if given.get(key)}
    return {key: value for key, value in (data | stated).items() if key in {*fields, *facts} and value}


def _is_within(actor: Actor, place: Mapping[str, Any]) -> bool:
    """A place nobody can tell yet is anybody's to report."""
    if place.get("longitude") is None or place.get("latitude") is None:
        return True
    division = locate(place["longitude"], place["latitude"])
    return division is None or actor.may(SEND, division)


def _opened(actor: Actor, name: str, body: str, data: dict[str, Any], advice: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row first: a second sending of the same key waits for this transaction, and finds its answer."""
    row = Arrival(
        id=new_id(), channel=data["source"], key=name, body_hash=body, state=OPENED, title=data["description"][:120],
        division=district_code(), by_id=actor.user_id, by=actor.name[:80], at=now(),
    )  # fmt: skip
    row.save(force_insert=True)
    facts = facts_of(INCIDENT, data | {"place": _placed(data["place"])})
    alike, beside = likely_same(actor, facts), nearby(facts)
    case = _case(actor, data)
    row.case_id, row.number, row.division = case.id, case.number, case.area or case.division
    row.answer = {
        "id": str(case.id), "number": case.number, "link": _link(case.number), "status": case.state.status,
        "outcome": case.state.outcome, "suggestion": _suggestion(advice),
        "duplicates": [
            {"number": one.case.number, "score": round(one.score, 3), "reasons": list(one.reasons)} for one in alike
        ],
        "nearby": [
            {"category": one.category, "stage": one.stage, "metres": one.metres, "ago": one.ago} for one in beside
        ],
    }  # fmt: skip
    row.save()
    return row.answer


def _case(actor: Actor, data: Mapping[str, Any]) -> Running:
    try:
        return open_case(actor, INCIDENT, data)
    except InvalidInput as refusal:
        errors = []
        for error in refusal.errors:
            first, _, rest = error["path"].partition(".")
            errors.append(error | {"path": ".".join(filter(None, (_PATHS.get(first, first), rest)))})
        raise InvalidInput(errors) from refusal


def _placed(place: Mapping[str, Any]) -> dict[str, Any]:
    has_point = place.get("longitude") is not None and place.get("latitude") is not None
    return {**place, "division": locate(place["longitude"], place["latitude"]) if has_point else None}


def _link(number: str) -> str:
    return address_of_site() + reverse("desk:follow_link", args=[number, secret_of(number)])


def _suggestion(advice: Mapping[str, Any]) -> dict[str, Any]:
    return {name: advice[name] for name in ("class_code", "title", "confidence", "is_sure") if name in advice}
