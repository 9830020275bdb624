"""Those who keep the connections: systems, secrets, what was refused, what did not arrive, conflicts to decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yiwang.engines.cases.api import claim, open_cursor
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.exchange.envelope import PING
from yiwang.engines.exchange.models import DIRECTIONS, Conflict, Link, Outbound, System
from yiwang.engines.exchange.rights import require_edit
from yiwang.engines.exchange.secrets import give_secret
from yiwang.engines.exchange.services.applying import carry_out
from yiwang.engines.exchange.services.telling import queue_event, tell_if_moved
from yiwang.engines.exchange.spec import RULES, STATUSES, Participation
from yiwang.engines.trust import api as trust
from yiwang.kernel.app import registry
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict as Moved
from yiwang.kernel.errors import InvalidInput, NotFound, UserError

_KEY = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*\Z")
MOST_PER_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A system as somebody wrote it down; maps as lines of "word = word"."""

    key: str
    title: str
    endpoint: str
    direction: str
    rule: str
    participation: str
    incoming: str
    outgoing: str
    per_minute: str
    is_active: bool = True


def add_system(actor: Actor, entry: Entry) -> tuple[System, str]:
    """A new connection and its secret, which nobody can read again."""
    require_edit(actor)
    system = System(created_at=now(), key=entry.key, **_checked(entry))
    secret = give_secret(system)
    try:
        with transaction.atomic():
            system.save(force_insert=True)
            _journal(actor, system, "exchange.system_added", _told(system))
    except IntegrityError:
        raise InvalidInput([_fault("key", gettext("已有这个编号。"))]) from None
    return system, secret


def change_system(actor: Actor, system_id: UUID, entry: Entry) -> System:
    """Everything but key and secret."""
    require_edit(actor)
    with transaction.atomic():
        system = _locked(system_id)
        before = _told(system)
        for name, value in _checked(entry, system).items():
            setattr(system, name, value)
        system.failures, system.paused_until = 0, None
        system.save()
        _journal(actor, system, "exchange.system_changed", {"before": before, "after": _told(system)})
    return system


def rotate_secret(actor: Actor, system_id: UUID) -> tuple[System, str]:
    """A new secret; the former one stays good for a day."""
    require_edit(actor)
    with transaction.atomic():
        system = _locked(system_id)
        secret = give_secret(system)
        system.save()
        _journal(actor, system, "exchange.secret_rotated", {"key": system.key})
    return system, secret


def ping(actor: Actor, system_id: UUID) -> Outbound:
    """Queue an event that asks for nothing; the worker sends it, and what came of it shows in the traffic."""
    require_edit(actor)
    with transaction.atomic():
        system = _locked(system_id)
        if system.direction == "in" or not system.is_active:
            raise Moved(gettext("这个连接不发送事件。"), next_step=gettext("请先启用，或改为双向。"))
        return queue_event(system, PING, system.key, {}, at=now())


def retry(actor: Actor, outbound_id: UUID) -> Outbound:
    """Another round of tries for an event that did not arrive."""
    require_edit(actor)
    with transaction.atomic():
        row = Outbound.objects.select_for_update(of=("self",)).select_related("system").filter(pk=outbound_id).first()
        if row is None:
            raise NotFound
        if row.state != "dead":
            raise Moved(gettext("这个事件不在未送达之列。"), next_step="")
        row.state, row.attempts, row.next_at = "waiting", 0, now()
        row.save()
        System.objects.filter(pk=row.system.pk).update(failures=0, paused_until=None)
        _journal(actor, row.system, "exchange.retried", {"event": str(row.pk)})
    return row


def decide(actor: Actor, conflict_id: UUID, decision: str) -> Conflict:
    """A person says who holds: `ours` tells the other side again, `theirs` moves the case here."""
    require_edit(actor)
    if decision not in ("ours", "theirs"):
        raise InvalidInput([_fault("decision", gettext("请选择以哪一方为准。"))])
    found = Conflict.objects.filter(pk=conflict_id).values_list("link__case_id", flat=True).first()
    if found is None:
        raise NotFound
    with transaction.atomic():
        case = claim(open_cursor(), [found])[found]
        conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict_id)
        if conflict.decision != "open":
            raise Moved(gettext("这个冲突已经处理。"), next_step="")
        link = Link.objects.select_for_update(of=("self",)).select_related("system").get(pk=conflict.link_id)
        if decision == "ours":
            tell_if_moved(link, always=True)
        elif why := carry_out(case, link, gettext("由{who}决定以对方为准。").format(who=actor.name)):
            raise UserError(why, next_step=gettext("请由办理人员在办件中处理，或以我方为准。"))
        conflict.decision, conflict.decided_at, conflict.decided_by = decision, now(), actor.name[:80]
        conflict.save()
        _journal(actor, link.system, "exchange.decided", {"case": str(found), "decision": decision})
    return conflict


def _locked(system_id: UUID) -> System:
    system = System.objects.select_for_update().filter(pk=system_id).first()
    if system is None:
        raise NotFound
    return system


def _journal(actor: Actor, system: System, kind: str, facts: Mapping[str, Any]) -> None:
    trust.append(f"exchange:{system.key}", kind, dict(facts), actor=actor, division=district_code())


def _told(system: System) -> dict[str, Any]:
    names = (
        "title", "endpoint", "direction", "rule", "participation", "incoming", "outgoing", "per_minute", "is_active"
    )  # fmt: skip
    return {name: getattr(system, name) for name in names}


def _fault(path: str, message: str) -> dict[str, str]:
    return {"path": path, "code": path.upper(), "message": message}


def _checked(entry: Entry, system: System | None = None) -> dict[str, Any]:
    """Fields of the row; InvalidInput names every field at fault."""
    faults: list[dict[str, str]] = []
    if system is None and not (_KEY.match(entry.key) and len(entry.key) <= 40):
        faults.append(_fault("key", gettext("编号用小写字母、数字和连字符，以字母开头，最多 40 个字。")))
    if not 0 < len(entry.title) <= 80:
        faults.append(_fault("title", gettext("请填写名称，最多 80 个字。")))
    if entry.direction != "in" and not _is_address(entry.endpoint):
        faults.append(_fault("endpoint", gettext("请填写以 https:// 或 http:// 开头的地址。")))
    for name, known in (
        ("direction", DIRECTIONS), ("rule", RULES), ("participation", registry.parts(Participation)),
    ):  # fmt: skip
        if getattr(entry, name) not in known:
            faults.append(_fault(name, gettext("请从列出的选项中选择。")))
    if not (entry.per_minute.isascii() and entry.per_minute.isdigit() and 0 < int(entry.per_minute) <= MOST_PER_MINUTE):
        faults.append(_fault("per_minute", gettext("请填写 1 到 60000 之间的整数。")))
    incoming, wrong_in = read_map(entry.incoming, is_incoming=True)
    outgoing, wrong_out = read_map(entry.outgoing, is_incoming=False)
    faults += [_fault("incoming", wrong_in)] * bool(wrong_in) + [_fault("outgoing", wrong_out)] * bool(wrong_out)
    if faults:
        raise InvalidInput(faults)
    return {
        "title": entry.title, "endpoint": entry.endpoint, "direction": entry.direction, "rule": entry.rule,
        "participation": entry.participation, "incoming": incoming, "outgoing": outgoing,
        "per_minute": int(entry.per_minute), "is_active": entry.is_active,
    }  # fmt: skip


def _is_address(text: str) -> bool:
    """Only how it is written; whether it may be called is asked at each call."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and len(text) <= 300


def _unknown(number: int, word: str, known: Mapping[str, str]) -> str:
    message = gettext("第 {number} 行：没有状态“{word}”。").format(number=number, word=word)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return message + gettext("是不是“{near}”？").format(near=near[0]) if near else message


def read_map(text: str, *, is_incoming: bool) -> tuple[dict[str, str], str]:
    """A map of statuses from its lines ("their word = our status", or the other way round), and what is wrong."""
    titles = {gettext(title): key for key, title in STATUSES.items()} | {title: key for key, title in STATUSES.items()}
    known = {**titles, **{key: key for key in STATUSES}}
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        left, is_split, right = (part.strip() for part in line.replace("＝", "=").partition("="))
        ours, theirs = (right, left) if is_incoming else (left, right)
        if not is_split or not theirs or len(theirs) > 80:
            return {}, gettext("第 {number} 行应写成“甲 = 乙”。").format(number=number)
        if ours not in known:
            return {}, _unknown(number, ours, known)
        pair = (theirs, known[ours]) if is_incoming else (known[ours], theirs)
        if pair[0] in found:
            return {}, gettext("第 {number} 行：“{word}”写了两次。").format(number=number, word=left)
        found[pair[0]] = pair[1]
    return (found, "") if found else ({}, gettext("请至少写一行。"))
