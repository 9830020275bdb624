"""Writing the ledger: add, change, retire; serial numbers without gaps or doubles. Each write stands in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.catalogue.book import catalogue_on
from yiwang.apps.governance.catalogue.component_codes import LAST_SERIAL, ComponentCode
from yiwang.apps.governance.catalogue.ledger.rights import is_of_district, require_keeping
from yiwang.apps.governance.catalogue.ledger.selectors import component
from yiwang.apps.governance.catalogue.models import STATES, Component
from yiwang.engines.directory.api import Actor, district_code, locate, today
from yiwang.engines.trust.api import append
from yiwang.kernel.errors import Conflict, InvalidInput, UserError

_NEXT_SERIAL = """
INSERT INTO catalogue_componentserial (prefix, last) VALUES (%s, %s)
ON CONFLICT (prefix) DO UPDATE SET last = catalogue_componentserial.last + excluded.last RETURNING last
"""
"""Takes the next numbers of a prefix. The row is locked until the transaction ends, so two never get the same."""
_AT_LEAST = """
INSERT INTO catalogue_componentserial (prefix, last) VALUES (%s, %s)
ON CONFLICT (prefix) DO UPDATE SET last = greatest(catalogue_componentserial.last, excluded.last)
"""
"""After codes that came from outside: the next number is above all of them."""
TEXTS = ("name", "owner", "keeper", "supervisor", "source", "note")
_LONGEST = {"note": 300}


class NoSerialLeft(UserError):
    code, status = "NO_SERIAL_LEFT", 409
    message, next_step = "这一类部件的六位序号已经用完。", "请在类别中增设小类后再登记。"


def stream_of(code: str) -> str:
    """The journal's stream of a component."""
    return f"component/{code}"


def take_serials(prefix: str, count: int = 1) -> range:
    """The next `count` serial numbers under a prefix of ten digits. NoSerialLeft beyond 999999."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SERIAL, [prefix, count])
        last = int(cursor.fetchone()[0])
    if last > LAST_SERIAL:
        raise NoSerialLeft
    return range(last - count + 1, last + 1)


def hold_serials(prefixes: Iterable[str]) -> None:
    """Nobody else gives numbers under these prefixes until the transaction ends; always in one order, so none waits
    for another that waits for it."""
    with connection.cursor() as cursor:
        for prefix in sorted(set(prefixes)):
            cursor.execute(_AT_LEAST, [prefix, 0])


def serials_used(codes: Iterable[ComponentCode]) -> None:
    """Codes given elsewhere are never given here again."""
    last: dict[str, int] = {}
    for code in codes:
        last[code.prefix] = max(code.serial, last.get(code.prefix, 0))
    with connection.cursor() as cursor:
        for prefix in sorted(last):
            cursor.execute(_AT_LEAST, [prefix, last[prefix]])


def place_of(longitude: Any, latitude: Any) -> str:
    """The division a point lies in; InvalidInput when it lies outside of the district or is no point."""
    if not isinstance(longitude, (int, float)) or not isinstance(latitude, (int, float)):
        message = gettext("请在地图上标出部件的位置。")
        raise InvalidInput([{"path": "place", "code": "NO_POINT", "message": message}], message)
    cell = locate(float(longitude), float(latitude))
    if cell is None or not is_of_district(cell):
        message = gettext("这个位置不在本区范围内，请核对经纬度。")
        raise InvalidInput([{"path": "place", "code": "OUTSIDE", "message": message}], message)
    return cell


@transaction.atomic
def add_component(
    actor: Actor, class_code: str, longitude: float, latitude: float, *, placed_on: date | None = None, **texts: str
) -> Component:
    """A new component with the next serial number of its class; named after the class unless `name` says otherwise."""
    cell = place_of(longitude, latitude)
    require_keeping(actor, cell)
    known = catalogue_on().conditions.get(class_code)
    if known is None or known[0].kind != "component":
        message = gettext("现行类别中没有这个部件小类，请重新选择。")
        raise InvalidInput([{"path": "class_code", "code": "CLASS_UNKNOWN", "message": message}], message)
    prefix = f"{district_code()}{class_code[1:]}"
    code = f"{prefix}{take_serials(prefix)[0]:06d}"
    told = _texts({"name": known[0].title, **{key: value for key, value in texts.items() if value}})
    row = Component.objects.create(
        code=code, class_code=class_code, cell=cell, longitude=longitude, latitude=latitude, placed_on=placed_on,
        changed_on=today(), **told,
    )  # fmt: skip
    facts = {"class_code": class_code, "longitude": longitude, "latitude": latitude, **told}
    append(stream_of(code), "component.added", facts, actor=actor, division=cell)
    return row


@transaction.atomic
def change_component(actor: Actor, code: str, changes: Mapping[str, Any]) -> Component:
    """Other texts, place or state; the journal keeps what was before. Code and class stay for life."""
    row = _locked(actor, code)
    if row.state == "retired":
        raise Conflict("部件已停用，不能再改。", next_step="如已恢复，请重新登记。")
    given = _texts({key: value for key, value in changes.items() if key in TEXTS})
    given |= {key: changes[key] for key in ("placed_on", "longitude", "latitude") if key in changes}
    if "longitude" in given or "latitude" in given:
        given["cell"] = place_of(given.get("longitude", row.longitude), given.get("latitude", row.latitude))
        require_keeping(actor, given["cell"])
    if changes.get("state") in dict(STATES) and changes["state"] != "retired":
        given["state"] = changes["state"]
    before = {key: getattr(row, key) for key, value in given.items() if getattr(row, key) != value}
    if before:
        for key in before:
            setattr(row, key, given[key])
        row.changed_on = today()
        row.save(update_fields=[*before, "changed_on"])
        told = {"before": _plain(before), "after": _plain({key: given[key] for key in before})}
        append(stream_of(code), "component.changed", told, actor=actor, division=row.cell)
    return row


@transaction.atomic
def retire_component(actor: Actor, code: str, reason: str) -> Component:
    """It no longer stands there. The record stays; its code is never given again."""
    row = _locked(actor, code)
    if not reason.strip():
        message = gettext("请写明停用的原因。")
        raise InvalidInput([{"path": "reason", "code": "REQUIRED", "message": message}], message)
    if row.state != "retired":
        row.state, row.changed_on = "retired", today()
        row.save(update_fields=["state", "changed_on"])
        append(stream_of(code), "component.retired", {"reason": reason.strip()[:300]}, actor=actor, division=row.cell)
    return row


def _locked(actor: Actor, code: str) -> Component:
    row = Component.objects.select_for_update().get(pk=component(actor, code).pk)
    require_keeping(actor, row.cell)
    return row


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    """Texts without blanks at their ends; InvalidInput names those that are too long."""
    found = {key: str(value or "").strip() for key, value in given.items()}
    errors = [
        {"path": key, "code": "TOO_LONG", "message": gettext("最多 {most} 个字。").format(most=_LONGEST.get(key, 120))}
        for key, value in found.items()
        if len(value) > _LONGEST.get(key, 120)
    ]
    if "name" in found and not found["name"]:
        errors.append({"path": "name", "code": "REQUIRED", "message": gettext("请填写部件名称。")})
    if errors:
        raise InvalidInput(errors, errors[0]["message"])
    return found


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
