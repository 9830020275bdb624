"""Versions of the model: their report on held-out texts, a new one wanted, one put to use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.governance.triage import selectors
from yiwang.apps.governance.triage.models import STATES, LearntModel
from yiwang.apps.governance.triage.services.learning import adopt, built_in_figures, want_model
from yiwang.apps.governance.triage.standing import classes_on
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.clock import now
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Button, Stat, Tag
from yiwang.ui.pages import staff_page

_TONES = {"in_use": "success", "ready": "accent", "failed": "danger"}


def percent(share: float | None) -> str:
    """A share as people read it; a dash where nothing was asked."""
    return "—" if share is None else f"{share * 100:.1f}%"


@require_safe
@staff_only
def models(request: HttpRequest) -> HttpResponse:
    """The version in use with its figures, and all versions."""
    versions = selectors.model_versions(actor_of(request))
    used = next((one for one in versions if one.state == "in_use"), None)
    figures = used.report["new"] if used else built_in_figures(now())
    context = {
        "stats": _stats(figures), "bins": _bins(figures), "confused": _confused(figures),
        "versions": _versions(versions, used), "count": figures["count"],
        "is_waiting": any(one.state == "wanted" for one in versions),
        "want": Button(text=gettext("再学一个版本"), icon="refresh", kind="secondary"),
    }  # fmt: skip
    return staff_page(request, "triage/models.html", context)


def _stats(figures: dict[str, Any]) -> list[Stat]:
    threshold = round(figures["threshold"] * 100)
    return [
        Stat(title=gettext("第一建议正确"), value=percent(figures["accuracy"])),
        Stat(title=gettext("前三建议里有正确的"), value=percent(figures["top_three"])),
        Stat(
            title=gettext("有把握的占比"), value=percent(figures["sure"]),
            change=gettext("把握达到 {n}%").format(n=threshold),
        ),
        Stat(title=gettext("有把握时正确"), value=percent(figures["sure_accuracy"])),
        Stat(
            title=gettext("把握与实际相差"), value=percent(figures["calibration_error"]),
            change=gettext("平均，越小越诚实"),
        ),
    ]  # fmt: skip


def _bins(figures: dict[str, Any]) -> Table:
    rows = [
        Row(
            key=str(number),
            cells=[
                f"{one['low'] * 100:.0f}%–{one['high'] * 100:.0f}%", str(one["count"]), percent(one["confidence"]),
                percent(one["accuracy"]),
            ],
        )
        for number, one in enumerate(figures["bins"])
    ]  # fmt: skip
    titles = ("把握", "条数", "平均把握", "实际正确")
    columns = [Column(title=gettext(title), is_figures=title != "把握") for title in titles]
    return Table(title=gettext("说有几成把握，是不是真有几成"), is_title_shown=True, columns=columns, rows=rows)


def _confused(figures: dict[str, Any]) -> Table:
    known = classes_on(now())
    rows = [
        Row(key=f"{true}-{guess}", cells=[_title(known, true), _title(known, guess), str(times)])
        for true, guess, times in figures["confused"]
    ]
    columns = [Column(title=gettext(title), is_figures=title == "次数") for title in ("应是", "建议成", "次数")]
    empty = EmptyState(title=gettext("没有混淆"), icon="check")
    return Table(title=gettext("最常混淆的"), is_title_shown=True, columns=columns, rows=rows, empty=empty)


def _title(known: Any, code: str) -> str:
    return f"{known[code].title} {code}" if code in known else str(code)


def _versions(versions: list[LearntModel], used: LearntModel | None) -> Table:
    titles = ("版本", "状态", "学自", "第一建议正确", "学成时间", "启用")
    rows = [_version(one) for one in versions]
    rows.append(
        Row(
            key="0",
            cells=[gettext("出厂版"), _tag("set_aside" if used else "in_use"), gettext("句型语料"), "", "",
                   _adopt_button(0) if used else ""],
        )
    )  # fmt: skip
    columns = [Column(title=gettext(title), is_figures=title == "第一建议正确") for title in titles]
    return Table(title=gettext("各个版本"), is_title_shown=True, columns=columns, rows=rows)


def _version(one: LearntModel) -> Row:
    learnt = gettext("句型 {made} 句，办结事件 {cases} 件").format(
        made=one.samples.get("grammar", 0), cases=one.samples.get("cases", 0)
    )
    accuracy = percent(one.report["new"]["accuracy"]) if one.report else ""
    acts = _adopt_button(one.pk) if one.state in ("ready", "set_aside") else ""
    made = Time(at=one.learnt_at) if one.learnt_at else ""
    cells = [
        gettext("第 {n} 版").format(n=one.pk),
        _tag(one.state),
        learnt if one.samples else "",
        accuracy,
        made,
        acts,
    ]
    return Row(key=str(one.pk), cells=cells)


def _tag(state: str) -> Tag:
    return Tag(text=gettext(STATES[state]), tone=_TONES.get(state, "neutral"))


def _adopt_button(version: int) -> Button:
    return Button(text=gettext("启用"), kind="secondary", is_small=True, name="version", value=str(version))


@require_POST
@staff_only
def change(request: HttpRequest) -> HttpResponse:
    """A version is wanted, or one is put to use (`version`)."""
    version = request.POST.get("version", "")
    if version.isdecimal():
        adopt(actor_of(request), int(version))
        messages.success(request, gettext("已启用，新的建议立即使用这个版本。"))
    else:
        want_model(actor_of(request))
        messages.success(request, gettext("已安排，后台约一分钟内学好，届时请刷新看报告。"))
    return HttpResponseRedirect(reverse("triage:models"))
