"""The page of one case, and its parts that come when asked for: deadlines explained, the chain checked, paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.bpmn.api import drawing
from yiwang.engines.cases.api import CaseView, Happening, TaskView, case_view, clock_views, passed, timeline, watch
from yiwang.engines.desk.cases import showing
from yiwang.engines.desk.cases.beside import parts_beside
from yiwang.engines.desk.cases.explaining import explained
from yiwang.engines.desk.cases.panels import WORK, Panel, panel_of
from yiwang.engines.directory.api import actor_of
from yiwang.engines.trust.api import verify
from yiwang.kernel.clock import now
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import Notice
from yiwang.ui.pages import staff_page


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says about an act: a notice, what happened meanwhile, what was typed, the panel again."""

    notice: Notice | None = None
    meanwhile: Sequence[Happening] = ()
    typed: Component | None = None
    panel: Panel | None = None
    status: int = 200


def number_in(text: str | None) -> int:
    """A number somebody sent; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


def first_task(view: CaseView) -> TaskView | None:
    """The task this actor would work on now."""
    return next((task for task in view.tasks if task.is_mine and {WORK, "sign"} & set(task.verbs)), None)


def _own_panel(request: HttpRequest, view: CaseView) -> Panel | None:
    task = first_task(view)
    if task is None:
        return None
    return panel_of(request, view, WORK if WORK in task.verbs else "sign", task)


def case_context(request: HttpRequest, view: CaseView, answer: Answer) -> dict[str, Any]:
    """All the template shows."""
    told = timeline(view, number_in(request.GET.get("before")) or None)
    remark, panel = None, answer.panel
    if panel is not None and panel.verb == "comment":
        remark, panel = panel, None
    elif "comment" in view.verbs:
        remark = panel_of(request, view, "comment", None)
    here = reverse("desk:case", args=[view.id])
    return {
        "here": here,
        "view": view, "case": view.case, "status": showing.status_tag(view), "whole": showing.pill(view.whole_clock),
        "head": showing.head_facts(view), "panel": panel or _own_panel(request, view), "answer": answer,
        "meanwhile": showing.moments(view, answer.meanwhile) if answer.meanwhile else None,
        "cards": [showing.task_card(view, task, here) for task in view.tasks],
        "verbs": [one for one in showing.choices(here, view.verbs) if one.verb != "comment"],
        "parts": showing.parts(view), "map": showing.map_of(view), "gallery": showing.gallery(view),
        "history": showing.history(view, told), "told": told,
        "remark": remark, "beside": parts_beside(view),
    }  # fmt: skip


def show(request: HttpRequest, view: CaseView, answer: Answer | None = None) -> HttpResponse:
    """The case page, whole or as the part htmx asks for."""
    answer = answer or Answer()
    return staff_page(request, "desk/cases/case.html", case_context(request, view, answer), status=answer.status)


@require_safe
@staff_only
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case."""
    return show(request, case_view(actor_of(request), case_id))


@require_safe
@staff_only
def clocks(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every deadline of the case, second by second."""
    view = case_view(actor_of(request), case_id)
    found = [explained(one) for one in clock_views(view)]
    return staff_page(request, "desk/cases/clocks.html", {"view": view, "case": view.case, "clocks": found})


@require_safe
@staff_only
def flow(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """流程图: the drawing of the case's own version, with where it stands and where it has been."""
    view = case_view(actor_of(request), case_id)
    here, done = passed(view)
    context = {"view": view, "case": view.case, "drawn": drawing(view.graph.bundle, here, done, name="flow")}
    return staff_page(request, "desk/cases/flow.html", context)


@require_safe
@staff_only
def chain(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """核验: walk the case's history in the journal and say whether it is whole."""
    view = case_view(actor_of(request), case_id)
    report = verify([view.id])
    if report.is_whole:
        text = gettext("核验通过：%(count)s 条记录首尾相连，内容与写入时一致。") % {"count": report.entry_count}
        notice = Notice(text=text, tone="success")
    else:
        assert report.fault is not None
        text = gettext("核验未通过：第 %(number)s 条记录与写入时不一致。") % {"number": report.fault.sequence}
        notice = Notice(text=text, tone="danger", next_step=gettext("请立即联系系统管理员，并保留现状。"))
    return show(request, view, Answer(notice))


@require_safe
@staff_only
def paper(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case on A4: data, history from the beginning, lines to sign on."""
    view = case_view(actor_of(request), case_id)
    told = timeline(view, limit=10_000)
    lines = [(one, showing.title_of(one)) for one in reversed(told.happenings)]
    context = {
        "view": view, "case": view.case, "status": showing.status_tag(view), "head": showing.head_facts(view),
        "parts": showing.parts(view), "lines": lines, "files": list(view.files.values()), "at": now(),
        "actor": view.actor, "last_hash": bytes(view.case.head).hex(),
    }  # fmt: skip
    return render(request, "desk/cases/paper.html", context)


@require_POST
@staff_only
def watching(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """关注 and 取消关注."""
    actor = actor_of(request)
    is_watching = request.POST.get("watch") == "1"
    watch(actor, case_id, is_watching)
    text = gettext("已关注，该事项的催办、督办和时限提醒会通知您。") if is_watching else gettext("已取消关注。")
    response = show(request, case_view(actor, case_id), Answer(Notice(text=text, tone="success")))
    response.headers["HX-Trigger"] = "case-moved"  # The box of watched cases beside it has one more or less.
    return response
