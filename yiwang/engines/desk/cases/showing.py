"""One case in components of the page frame: status, facts, tasks, history, files, map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.engines.cases.api import CaseView, FileView, Happening, TaskView, Timeline
from yiwang.engines.desk.cases.verb_forms import AT_ONCE
from yiwang.engines.directory.api import path_of, role_named
from yiwang.engines.forms.api import map_address
from yiwang.engines.processes.api import VERBS, Clock
from yiwang.ui.components.base import icon
from yiwang.ui.components.figures import Layer, Map, Point
from yiwang.ui.components.moments import ClockPill
from yiwang.ui.components.records import Facts, File, Gallery, Moment
from yiwang.ui.components.records import Timeline as TimelinePart
from yiwang.ui.components.simple import Tag
from yiwang.ui.words import reader_language, said

STATUSES = {
    "open": ("办理中", "accent"), "suspended": ("已挂起", "warning"), "closed": ("已办结", "success"),
    "cancelled": ("已作废", "danger"),
}  # fmt: skip
_WAITS = {
    "open": "待签收", "claimed": "已签收", "delegated": "委派中", "countersigning": "会签中", "signing": "待签署意见",
}  # fmt: skip
_VOTES = {None: "未签署", True: "同意", False: "不同意"}
_ICONS = {
    "open": "flag", "complete": "check", "claim": "user", "release": "user", "transfer": "transfer",
    "delegate": "users", "recall": "back", "countersign": "users", "add_signer": "plus", "remove_signer": "x",
    "sign": "edit", "send_back": "back", "withdraw": "back", "urge": "bell", "supervise": "eye",
    "lift_supervision": "eye", "suspend": "pause", "resume": "play", "ask_extension": "clock", "extend": "calendar",
    "refuse_extension": "x", "ask_deferral": "pause", "defer": "pause", "refuse_deferral": "x", "circulate": "send",
    "settle": "check", "cancel": "trash", "rate": "star", "comment": "comment", "fire": "clock",
    "retime": "calendar", "deliver": "send", "answer": "send", "fail": "alert",
}  # fmt: skip
_TONES = {
    "open": "accent", "complete": "success", "send_back": "warning", "withdraw": "warning", "urge": "warning",
    "supervise": "special", "circulate": "danger",
    "defer": "warning", "suspend": "warning", "cancel": "danger", "fire": "warning", "fail": "danger",
    "rate": "success", "extend": "special",
}  # fmt: skip
MAIN_VERBS = ("claim", "sign")
"""Verbs that stand as buttons; the others wait in a menu."""


def status_tag(view: CaseView) -> Tag:
    """Where the case stands; a closed one says how it ended."""
    title, tone = STATUSES.get(view.state.status, (view.state.status, "neutral"))
    if view.state.status == "closed":
        ends = (node for node in view.graph.nodes if node.kind == "end")
        title = next((node.title for node in ends if node.raw.get("outcome") == view.state.outcome), title)
        tone = "success" if view.state.outcome == "closed" else "neutral"
    return Tag(text=gettext(title), tone=tone)


def pill(clock: Clock | None) -> ClockPill | None:
    """What is left of a limit; the engine's warnings decide when it is near."""
    if clock is None:
        return None
    return ClockPill(
        due_at=clock.due_at, is_stopped=clock.is_stopped, is_provisional=clock.is_provisional,
        is_near=True if clock.mark >= 2 else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A verb to press: `is_at_once` posts, the others open their panel."""

    verb: str
    title: str
    icon: str
    href: str
    token: int
    is_at_once: bool
    is_danger: bool


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task as the page shows it."""

    task: TaskView
    who: str
    wait: str
    pill: ClockPill | None
    buttons: tuple[Choice, ...]
    menu: tuple[Choice, ...]
    is_worked: bool
    votes: tuple[tuple[str, str], ...]


def choices(here: str, verbs: Iterable[str], token: int = 0) -> Iterator[Choice]:
    """Verbs as things to press; `here` is the address of the case."""
    language = reader_language()
    for verb in verbs:
        href = f"{here}{verb}/?token={token}" if token else f"{here}{verb}/"
        title = said(VERBS[verb].title, language)
        yield Choice(verb, title, _ICONS.get(verb, "more"), href, token, verb in AT_ONCE, verb == "cancel")


def task_card(view: CaseView, task: TaskView, here: str) -> TaskCard:
    """A task with what its holder may do."""
    offered = list(choices(here, (verb for verb in task.verbs if verb != "complete"), task.no))
    wait = gettext("等待申请人补正") if task.is_with_applicant else gettext(_WAITS.get(task.token.status, ""))
    votes = tuple((view.names.get(int(one), one), gettext(_VOTES[vote])) for one, vote in task.votes.items())
    role = role_named(task.token.role) if task.token.role else None
    who = task.holder or task.organisation or (gettext(role.title) if role else "")
    return TaskCard(
        task, who, wait, pill(task.clock), tuple(one for one in offered if one.verb in MAIN_VERBS),
        tuple(one for one in offered if one.verb not in MAIN_VERBS),
        task.is_mine and ("complete" in task.verbs or "sign" in task.verbs), votes,
    )  # fmt: skip


def opener(view: CaseView) -> str:
    """Who opened the case."""
    if view.state.opened_by is None:
        return gettext("未登录上报")
    return view.names.get(view.state.opened_by, "")


def head_facts(view: CaseView) -> Facts:
    """Type, place, who opened it and when: what every case has."""
    case = view.case
    pairs: list[tuple[str, object]] = [
        (gettext("事项"), gettext(view.graph.title)),
        (gettext("所属区划"), path_of(case.area) if case.area else gettext("尚未确定，待人工核定")),
        (gettext("提交人"), opener(view)),
    ]
    return Facts(pairs=pairs)


def parts(view: CaseView) -> list[tuple[str, Facts]]:
    """(step, its data) of every step that brought data, each field once; files stand in the gallery instead."""
    found, shown = [], set[str]()
    for node, form in view.steps:
        asked = (item.key for item in form.form.fields if item.kind not in ("photo", "file"))
        fresh = {key: view.state.data[key] for key in asked if key in view.state.data and key not in shown}
        shown |= set(fresh)
        pairs = form.display(fresh, view.rights_for(form), sees_personal=view.sees_personal) if fresh else []
        if pairs:
            found.append((gettext(node.title), Facts(pairs=pairs)))
    return found


def map_of(view: CaseView) -> Map | None:
    """The place on the schematic map; None while it is unknown."""
    case = view.case
    if case.longitude is None or case.latitude is None:
        return None
    layers = [Layer(key="town", url=map_address("town"))]
    point = Point(longitude=case.longitude, latitude=case.latitude, title=case.title, tone="danger")
    return Map(title=gettext("地点"), points=[point], layers=layers)


def gallery(view: CaseView) -> Gallery | None:
    """All files; None when there are none."""
    files = [
        File(
            name=one.name, href=reverse("forms:attachment", args=[one.id]), note=_note(one),
            thumbnail=reverse("forms:attachment", args=[one.id]) + "?small" if one.is_picture else "",
        )
        for one in view.files.values()
    ]  # fmt: skip
    return Gallery(files=files, title=gettext("附件")) if files else None


def _note(one: FileView) -> str:
    step = gettext(one.step or "留言")
    return gettext("{step}，不作凭证：{why}").format(step=step, why=one.refusal) if one.refusal else step


def moments(view: CaseView, told: Iterable[Happening]) -> TimelinePart:
    """The history as the timeline shows it."""
    return TimelinePart(moments=[_moment(view, one) for one in told])


def history(view: CaseView, page: Timeline) -> TimelinePart:
    return moments(view, page.happenings)


def _moment(view: CaseView, one: Happening) -> Moment:
    tone = "danger" if one.share == 100 else _TONES.get(one.verb, "neutral")
    return Moment(
        title=title_of(one), at=one.at, who=gettext(one.who or "系统"), on_behalf_of=one.on_behalf_of, why=one.why,
        tone=tone, icon=_ICONS.get(one.verb, "history"), body=_body(view, one),
    )  # fmt: skip


def title_of(one: Happening) -> str:
    """What was done, to which step, towards whom."""
    verb = gettext(one.title)
    if one.share is not None:
        return gettext("%(step)s时限已用 %(share)s%%") % {"step": gettext(one.node or "全程"), "share": one.share}
    steps = f"{gettext(one.node)} · " if one.node and one.verb != "open" else ""
    return f"{steps}{verb}{f' → {gettext(one.to)}' if one.to else ''}"


def _body(view: CaseView, one: Happening) -> SafeString:
    text = format_html('<p class="case-said">{}</p>', one.text) if one.text else SafeString("")
    lines = format_html_join("", "<div><dt>{}</dt><dd>{}{}</dd></div>", (
        (gettext(change.title), _old(change.old), change.new or "—") for change in one.changes
    ))  # fmt: skip
    changes = format_html('<dl class="case-changes">{}</dl>', lines) if lines else SafeString("")
    pictures = format_html_join("", "{}", ((_file(view, number),) for number in one.files if number in view.files))
    pictures += format_html_join("", '<p class="soft small">{}{}</p>', (
        (_file(view, number), gettext("不作凭证：{why}").format(why=why))
        for number, why in one.refused.items() if number in view.files
    ))  # fmt: skip
    following = gettext("、").join(
        gettext("{step}（{holder}）").format(step=gettext(step), holder=holder) if holder else gettext(step)
        for step, holder in one.opened
    )
    onward = SafeString("")
    if following:
        onward = format_html('<p class="case-onward">{}{}</p>', icon("arrow-right", "small"), following)
    mark = format_html('<code class="case-hash" title="{}">#{} {}</code>', one.hash, one.sequence, one.hash[:10])
    return format_html("{}{}{}{}{}", text, changes, pictures, onward, mark)


def _old(old: SafeString | str) -> SafeString:
    return format_html("<del>{}</del> → ", old) if old else SafeString("")


def _file(view: CaseView, number: str) -> SafeString:
    one = view.files[number]
    address = reverse("forms:attachment", args=[number])
    if one.is_picture:
        return format_html('<a class="case-picture" href="{0}"><img src="{0}?small" alt="{1}" loading="lazy"></a>',
                           address, one.name)  # fmt: skip
    return format_html('<a class="case-paper" href="{}">{}{}</a>', address, icon("file", "small"), one.name)
