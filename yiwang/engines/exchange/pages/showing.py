"""Lists of one connection, in components of the page frame."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.engines.directory.api import actor_of
from yiwang.engines.exchange import selectors
from yiwang.engines.exchange.models import DECISIONS, DIRECTIONS, OUTCOMES, STATES, Inbound, Link, Outbound, System
from yiwang.engines.exchange.spec import RULES, STATUSES
from yiwang.engines.exchange.standing import is_same
from yiwang.kernel.clock import now
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Facts, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.components.simple import Link as Anchor

_TONES = {
    "applied": "success", "sent": "success", "agreed": "success", "refused": "danger", "dead": "danger",
    "conflict": "warning", "open": "warning", "waiting": "neutral", "stale": "neutral", "overruled": "special",
    "postponed": "warning",
}  # fmt: skip


def id_in(text: str | None) -> UUID | None:
    """An id somebody sent; None for anything else."""
    with suppress(ValueError):
        return UUID(text or "")
    return None


def state_of(system: System) -> Tag:
    """Whether it runs, is switched off, or does not answer."""
    if not system.is_active:
        return Tag(text=gettext("已停用"))
    if system.failures and system.paused_until is not None and system.paused_until > now():
        return Tag(text=gettext("对方无应答，暂停发送"), tone="danger", icon="pause")
    if system.failures:
        return Tag(text=gettext("发送不顺"), tone="warning", icon="alert")
    return Tag(text=gettext("正常"), tone="success", icon="check")


def facts_of(request: HttpRequest, one: System) -> Facts:
    """How the connection is set."""
    address = request.build_absolute_uri(reverse("exchange:events", args=[one.key]))
    former = ""
    if one.previous_until is not None and one.previous_until > now():
        former = gettext("，旧密钥仍可用")
    return Facts(
        pairs=[
            (gettext("对方发到"), address), (gettext("我方发到"), one.endpoint),
            (gettext("方向"), gettext(DIRECTIONS[one.direction])), (gettext("不一致时"), gettext(RULES[one.rule])),
            (gettext("密钥"), gettext("已设置") + former), (gettext("每分钟最多接收"), one.per_minute),
            (gettext("对方的状态"), "；".join(map_lines(one.incoming, is_incoming=True, between=" → "))),
            (gettext("告知对方"), "；".join(map_lines(one.outgoing, is_incoming=False, between=" → "))),
        ]
    )  # fmt: skip


def map_lines(values: Mapping[str, str], *, is_incoming: bool, between: str) -> list[str]:
    """The pairs of a map in words, in the order a case passes our statuses; the store keeps no order."""
    order = list(STATUSES)
    pairs = [(ours, word) for word, ours in values.items()] if is_incoming else list(values.items())
    pairs.sort(key=lambda pair: order.index(pair[0]))
    if is_incoming:
        return [f"{word}{between}{status(ours)}" for ours, word in pairs]
    return [f"{status(ours)}{between}{word}" for ours, word in pairs]


def status(key: str) -> str:
    """A status of the border in words."""
    return gettext(STATUSES[key]) if key in STATUSES else "—"


def tabs_of(counts: selectors.Counts, view: str, titles: Mapping[str, str]) -> Tabs:
    many = {
        "links": counts.links, "refused": counts.refused, "dead": counts.dead, "conflicts": counts.conflicts
    }  # fmt: skip
    tabs = [
        Tab(title=gettext(title), href=f"?view={name}", is_current=name == view, count=many.get(name))
        for name, title in titles.items()
    ]
    return Tabs(title=gettext("往来"), tabs=tabs)


def _table(
    view: str, title: str, columns: Sequence[str], rows: Sequence[Row], older: UUID | None, empty: tuple[str, str]
) -> Table:
    return Table(
        title=title, columns=[Column(title=one) for one in columns], rows=rows,
        empty=EmptyState(title=empty[0], text=empty[1], icon="check"),
        next_url=f"?view={view}&before={older}" if older is not None else "",
    )  # fmt: skip


def _case(numbers: Mapping[UUID, tuple[str, bool]], case_id: UUID | None) -> object:
    if case_id is None or case_id not in numbers:
        return ""
    number, may_open = numbers[case_id]
    return Anchor(text=number, href=reverse("exchange:case", args=[case_id])) if may_open else number


def agreement(link: Link, disputed: Collection[UUID]) -> Tag:
    """Whether both sides say the same, were told so, or wait for somebody to decide."""
    if link.pk in disputed:
        return Tag(text=gettext("不一致，待决定"), tone="warning", icon="alert")
    if link.outside_id is None:
        return Tag(text=gettext("等待对方编号"), tone="warning", icon="clock")
    if not link.theirs:
        return Tag(text=gettext("对方尚未告知"))
    if is_same(link):
        return Tag(text=gettext("一致"), tone="success", icon="check")
    if link.acknowledged >= link.sequence:
        return Tag(text=gettext("已告知对方"), tone="accent")
    return Tag(text=gettext("不一致"), tone="warning", icon="alert")


def links(request: HttpRequest, one: System, before: UUID | None) -> Table:
    actor = actor_of(request)
    found, older = selectors.links(actor, one, before)
    numbers = selectors.numbers(actor, [link.case_id for link in found])
    disputed, rows = selectors.disputed(found), []
    for link in found:
        link.system = one
        rows.append(
            Row(
                key=str(link.pk),
                cells=[
                    _case(numbers, link.case_id), link.outside_id or "—", status(link.ours), link.their_word or "—",
                    agreement(link, disputed),
                ],
            )
        )  # fmt: skip
    titles = [gettext("我方编号"), gettext("对方编号"), gettext("我方状态"), gettext("对方状态"), gettext("是否一致")]
    empty = (gettext("还没有对应的件"), gettext("对方送来第一件，或从办件页送出第一件，就会出现在这里。"))
    return _table("links", gettext("对应的件"), titles, rows, older, empty)


def _received(request: HttpRequest, one: System, before: UUID | None, *, only_refused: bool) -> Table:
    actor = actor_of(request)
    found, older = selectors.received(actor, one, before, only_refused=only_refused)
    numbers = selectors.numbers(actor, [row.case_id for row in found])
    rows = [
        Row(
            key=str(row.pk),
            cells=[
                row.outside_id or row.event_id, _what(row.type, row.word),
                Tag(text=gettext(OUTCOMES[row.outcome]), tone=_TONES[row.outcome]),
                _why(request, row) if only_refused else _case(numbers, row.case_id), Time(at=row.received_at),
            ],
        )
        for row in found
    ]  # fmt: skip
    titles = [
        gettext("对方编号"), gettext("说什么"), gettext("结果"),
        gettext("原因") if only_refused else gettext("我方编号"), gettext("收到时间"),
    ]  # fmt: skip
    view = "refused" if only_refused else "received"
    empty = (gettext("没有待处理的来件"), gettext("看不懂的事件会留在这里，改好对应关系后可重新处理。"))
    if not only_refused:
        empty = (gettext("还没有收到事件"), gettext("请把上面的地址和密钥交给对方。"))
    return _table(view, gettext("收到的事件"), titles, rows, older, empty)


def received(request: HttpRequest, one: System, before: UUID | None) -> Table:
    return _received(request, one, before, only_refused=False)


def refused(request: HttpRequest, one: System, before: UUID | None) -> Table:
    return _received(request, one, before, only_refused=True)


_KINDS = {
    "yiwang.case.opened": "来件", "yiwang.case.status_changed": "状态", "yiwang.ping": "连通测试",
}  # fmt: skip


def _what(kind: str, word: str) -> str:
    title = gettext(_KINDS[kind]) if kind in _KINDS else kind
    return f"{title}：{word}" if word else title


def _why(request: HttpRequest, row: Inbound) -> SafeString:
    """Why it waits, and the button that tries again."""
    answer: Mapping[str, Any] = row.answer
    reason = answer.get("title") or gettext("对应的来件还没有到")
    faults = "；".join(str(one.get("message", "")) for one in answer.get("errors", ()))
    return _act(request, f"{reason}{faults}", reverse("exchange:replay", args=[row.pk]), _button(gettext("重新处理")))


def _act(request: HttpRequest, text: object, address: str, *buttons: Button) -> SafeString:
    """A small form in a cell: what it is about and the buttons that act on it."""
    context = {"text": text, "address": address, "buttons": buttons}
    return SafeString(render_to_string("exchange/act.html", context, request))


def _button(text: str, name: str = "", value: str = "") -> Button:
    return Button(text=text, kind="secondary", is_small=True, name=name, value=value)


def _sent(request: HttpRequest, one: System, before: UUID | None, *, only_dead: bool) -> Table:
    actor = actor_of(request)
    found, older = selectors.sent(actor, one, before, only_dead=only_dead)
    rows = [
        Row(
            key=str(row.pk),
            cells=[
                row.body["subject"], _what(row.type, row.body["data"].get("status", "")),
                Tag(text=gettext(STATES[row.state]), tone=_TONES[row.state]), row.attempts, _trouble(request, row),
                Time(at=row.sent_at or row.created_at),
            ],
        )
        for row in found
    ]  # fmt: skip
    titles = [
        gettext("我方编号"), gettext("说什么"), gettext("结果"), gettext("次数"), gettext("说明"), gettext("时间")
    ]  # fmt: skip
    empty = (gettext("没有未送达的事件"), gettext("多次发送不成的事件会留在这里，可以重发。"))
    if not only_dead:
        empty = (gettext("还没有发出事件"), gettext("可以先发一个测试事件，看连接通不通。"))
    return _table("dead" if only_dead else "sent", gettext("发出的事件"), titles, rows, older, empty)


def sent(request: HttpRequest, one: System, before: UUID | None) -> Table:
    return _sent(request, one, before, only_dead=False)


def dead(request: HttpRequest, one: System, before: UUID | None) -> Table:
    return _sent(request, one, before, only_dead=True)


def _trouble(request: HttpRequest, row: Outbound) -> object:
    if row.state != "dead":
        return row.last_error
    return _act(request, row.last_error, reverse("exchange:retry", args=[row.pk]), _button(gettext("重发")))


def conflicts(request: HttpRequest, one: System, before: UUID | None) -> Table:
    actor = actor_of(request)
    found, older = selectors.conflicts(actor, one, before)
    numbers = selectors.numbers(actor, [row.link.case_id for row in found])
    rows = []
    for row in found:
        decided = Tag(text=gettext(DECISIONS[row.decision]), tone=_TONES.get(row.decision, "neutral"))
        by: object = row.decided_by
        if row.decision == "open":
            by = _act(request, row.why, reverse("exchange:decide", args=[row.pk]), *_choices())
        theirs = gettext("{word}（{status}）").format(word=row.word, status=status(row.theirs))
        cells = [
            _case(numbers, row.link.case_id), status(row.ours), theirs, decided, by, Time(at=row.at),
        ]  # fmt: skip
        rows.append(Row(key=str(row.pk), cells=cells))
    titles = [
        gettext("我方编号"), gettext("我方状态"), gettext("对方状态"), gettext("以谁为准"), gettext("决定"),
        gettext("时间"),
    ]  # fmt: skip
    empty = (gettext("没有冲突"), gettext("两边说法不同时按规则处理并记在这里；规则处理不了的由您决定。"))
    return _table("conflicts", gettext("冲突"), titles, rows, older, empty)


def _choices() -> list[Button]:
    return [_button(gettext(DECISIONS[key]), "decision", key) for key in ("ours", "theirs")]
