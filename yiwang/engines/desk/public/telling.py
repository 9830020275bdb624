"""A followed case in the words of the public: where it is, until when, what has happened, what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from yiwang.engines.cases.api import Followed, Happened, Part, Stage
from yiwang.engines.desk.public.kinds import limit_in_words
from yiwang.kernel.clock import now
from yiwang.ui.components.moments import exact
from yiwang.ui.components.records import File, Gallery, Moment, Timeline
from yiwang.ui.components.simple import Tag

SENTENCES: Mapping[str, str] = MappingProxyType({
    "open": gettext_noop("我们收到了您的上报"), "complete": gettext_noop("“%(title)s”这一步已完成"),
    "send_back": gettext_noop("“%(title)s”退回，重新办理"), "urge": gettext_noop("您催办了一次"),
    "comment": gettext_noop("您补充了情况"), "rate": gettext_noop("您评价了 %(text)s 分"),
    "suspend": gettext_noop("办理暂停"), "resume": gettext_noop("办理恢复"), "extend": gettext_noop("办理期限延长"),
    "cancel": gettext_noop("这件事已终止办理"),
})  # fmt: skip
ICONS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "open": ("inbox", "accent"), "complete": ("check", "success"), "send_back": ("back", "warning"),
    "urge": ("bell", "accent"), "comment": ("comment", "accent"), "rate": ("star", "accent"),
    "suspend": ("pause", "warning"), "cancel": ("x", "danger"),
})  # fmt: skip
SCORES = (
    (5, gettext_noop("很满意")), (4, gettext_noop("满意")), (3, gettext_noop("一般")), (2, gettext_noop("不满意")),
    (1, gettext_noop("很不满意")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """Fields with their markup, and the pictures among them."""

    pairs: list[tuple[str, SafeString]]
    gallery: Gallery | None


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows beside the plain facts."""

    status: Tag
    deadline: str
    stages: list[tuple[Stage, str]]
    timeline: Timeline
    own: Shown | None
    answers: list[Shown]
    scores: list[tuple[int, str]]


def view_of(found: Followed) -> View:
    """The page of a followed case."""
    moments = [_moment(found.number, item) for item in reversed(found.happened)]
    if found.closed_at is not None and found.ending:
        moments.insert(0, Moment(title=gettext(found.ending), at=found.closed_at, icon="check", tone="success"))
    return View(
        _status(found), deadline_of(found), stages_of(found), Timeline(moments=moments),
        _shown(found.number, found.own) if found.own is not None else None,
        [_shown(found.number, part) for part in found.answers],
        [(score, gettext(title)) for score, title in SCORES],
    )  # fmt: skip


def stages_of(found: Followed) -> list[tuple[Stage, str]]:
    """The steps, each with its limit in words where it still lies ahead."""
    return [(stage, limit_in_words(stage.within) if stage.within else "") for stage in found.stages]


def _status(found: Followed) -> Tag:
    if found.status == "closed":
        return Tag(text=gettext(found.ending) or gettext("已办结"), tone="success", icon="check")
    words = {"cancelled": (gettext("已终止"), "neutral"), "suspended": (gettext("已暂停"), "warning")}
    text, tone = words.get(found.status, (gettext("办理中"), "accent"))
    return Tag(text=text, tone=tone)


def deadline_of(found: Followed) -> str:
    """Until when, in one sentence; '' when the case has ended or has no limit."""
    clock = found.whole
    if clock is None or found.closed_at is not None:
        return ""
    if clock.is_stopped:
        return gettext("办理时限已暂停计算，恢复后继续。")
    facts = {"at": exact(clock.due_at)}
    if clock.due_at < now():
        return gettext("原定 %(at)s 前办结，现已超过时限。您可以催办。") % facts
    sentence = gettext("最迟在 %(at)s 前办结。") % facts
    if clock.is_provisional:
        sentence += gettext("该日期为暂定：那一年的放假安排公布后会重新计算。")
    return sentence


def _moment(number: str, item: Happened) -> Moment:
    icon, tone = ICONS.get(item.verb, ("history", "neutral"))
    title = gettext(SENTENCES[item.verb]) % {"title": gettext(item.title) if item.title else "", "text": item.text}
    why = "" if item.verb == "rate" else item.text
    files = gallery(number, item.files, gettext("照片")) if item.files else ""
    return Moment(title=title, at=item.at, why=why, icon=icon, tone=tone, body=files or "")


def _shown(number: str, part: Part) -> Shown:
    """Values of the form, files apart: their links lead through the proof, not through an account."""
    kinds = {item.key: item.kind for item in part.form.form.fields}
    plain = {key: value for key, value in part.values.items() if kinds.get(key) not in ("photo", "file")}
    return Shown(part.form.display(plain), gallery(number, part.files, gettext("照片")))


def gallery(number: str, files: tuple[str, ...], title: str) -> Gallery | None:
    """Pictures that open for whoever follows the case."""
    if not files:
        return None
    shown = []
    for place, one in enumerate(files, 1):
        url = reverse("desk:follow_file", args=[number, one])
        shown.append(File(name=f"{title} {place}", href=url, thumbnail=f"{url}?small"))
    return Gallery(files=shown, title=title)
