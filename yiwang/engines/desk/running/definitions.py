"""Definitions: the list of case types, one type or version with its drawing, and its BPMN file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.bpmn.api import drawing, write_bpmn
from yiwang.engines.cases import api as cases
from yiwang.engines.cases.api import Definition, Version
from yiwang.engines.desk.running import showing
from yiwang.engines.directory.api import actor_of
from yiwang.engines.processes.api import Finding
from yiwang.kernel.errors import NotFound
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import Confirm, EmptyState, Notice
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import staff_page

LIST, ONE = "desk:definitions", "desk:definition"


def version_of(found: Definition, number: int) -> Version:
    """The version of that number; NotFound when there is none."""
    version = next((one for one in found.versions if one.number == number), None)
    if version is None:
        raise NotFound(gettext("没有第 {number} 版。").format(number=number))
    return version


@require_safe
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """All case types."""
    found = cases.definitions(actor_of(request))
    titles = ("事项类型", "标识", "已发布", "版本数", "在办", "各版本在办")
    columns = [Column(title=gettext(title), is_figures=title in ("版本数", "在办")) for title in titles]
    rows = [
        Row(
            key=one.type,
            href=reverse(ONE, args=[one.type]),
            cells=[
                gettext(one.shown.title), one.type, _published(one), len(one.versions), f"{one.running:,}",
                showing.per_version(one),
            ],
        )
        for one in found
    ]  # fmt: skip
    empty = EmptyState(title=gettext("还没有事项类型"), text=gettext("登记应用后，其事项类型会列在这里。"), icon="flow")
    table = Table(title=gettext("流程定义"), columns=columns, rows=rows, empty=empty)
    context = {"title": gettext("流程定义"), "parts": [table], "lead": ""}
    return staff_page(request, "desk/running/page.html", context)


def _published(found: Definition) -> object:
    return showing.number_of(found.published) if found.published else Tag(text=gettext("未发布"), tone="warning")


@require_safe
@staff_only
def one(request: HttpRequest, type: str) -> HttpResponse:
    """One case type, with the version that stands for it."""
    found = cases.definition(actor_of(request), type)
    return show(request, found, found.shown)


@require_safe
@staff_only
def version(request: HttpRequest, type: str, version: int) -> HttpResponse:
    """One version of it."""
    found = cases.definition(actor_of(request), type)
    return show(request, found, version_of(found, version))


@require_safe
@staff_only
def bpmn_file(request: HttpRequest, type: str, version: int) -> HttpResponse:
    """The version as BPMN, with its drawing."""
    actor = actor_of(request)
    chosen = version_of(cases.definition(actor, type), version)
    answer = HttpResponse(write_bpmn(cases.content(actor, chosen)), content_type="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{type}-{version}.bpmn"'
    return answer


def show(
    request: HttpRequest,
    found: Definition,
    chosen: Version,
    notices: Sequence[Component] = (),
    notes: Sequence[Finding] = (),
) -> HttpResponse:
    """The page of a version; `notes` are what its file held and was left aside."""
    actor = actor_of(request)
    bundle = cases.content(actor, chosen)
    faults = [] if chosen.status == "published" else cases.faults_of(actor, bundle)
    is_sound = not any(one.level == "error" for one in faults)
    told = [*faults, *notes]
    parts: list[Component] = [*notices, *_verdict(chosen, faults)]
    parts += [showing.findings_table(told, gettext("检查结果"))] if told else []
    after = [showing.steps_table(bundle), showing.versions_table(found, chosen)]
    context = {
        "title": gettext(chosen.title), "type": found.type, "tags": [showing.status_tag(chosen)], "way": way(found),
        "actions": _actions(found, chosen, is_sound), "facts": Facts(pairs=showing.facts_of(chosen, bundle)),
        "before": parts, "drawn": _drawn(bundle), "after": after, "confirm": _confirm(chosen) if is_sound else None,
    }  # fmt: skip
    return staff_page(request, "desk/running/definition.html", context)


def way(found: Definition, title: str = "") -> Breadcrumbs:
    """From the list to the type and on to a page of it."""
    name = gettext(found.shown.title)
    places = [(gettext("流程定义"), reverse(LIST)), (name, reverse(ONE, args=[found.type]) if title else "")]
    return Breadcrumbs(places=[*places, (title, "")] if title else places)


def _verdict(chosen: Version, faults: Sequence[Finding]) -> list[Component]:
    if chosen.status == "published":
        return []
    count = sum(1 for one in faults if one.level == "error")
    if not count:
        return [Notice(text=gettext("检查通过，可以发布。"), tone="success")] if chosen.status == "draft" else []
    text = gettext("有 {count} 处错误，不能发布。").format(count=count)
    return [Notice(text=text, tone="danger", next_step=gettext("请按下表更正文件后重新上传。"))]


def _drawn(bundle: dict[str, Any]) -> object:
    """The drawing; '' where arrows lead nowhere, which the findings say."""
    keys = {node["key"] for node in bundle["nodes"]}
    if any(flow["source"] not in keys or flow["target"] not in keys for flow in bundle["flows"]):
        return ""
    return drawing(bundle, name="definition")


def _actions(found: Definition, chosen: Version, is_sound: bool) -> list[Button]:
    file = reverse("desk:definition_file", args=[found.type, chosen.number])
    upload = reverse("desk:definition_upload", args=[found.type])
    acts = [
        Button(text=gettext("下载 BPMN"), href=file, kind="secondary", icon="download", is_small=True),
        Button(text=gettext("上传新版本"), href=upload, kind="secondary", icon="upload", is_small=True),
    ]
    if found.behind:
        address = reverse("desk:definition_migrate", args=[found.type])
        acts.append(
            Button(text=gettext("迁移在办事项"), href=address, kind="secondary", icon="transfer", is_small=True)
        )
    if chosen.status != "published" and is_sound:
        address = reverse("desk:definition_publish", args=[found.type, chosen.number])
        opens: dict[str, object] = {"data-dialog": "publish"}
        acts.append(Button(text=gettext("发布"), href=address, icon="check", is_small=True, attributes=opens))
    return acts


def _confirm(chosen: Version) -> Confirm | None:
    if chosen.status == "published":
        return None
    return Confirm(
        key="publish",
        title=gettext("发布{version}").format(version=showing.number_of(chosen)),
        action=reverse("desk:definition_publish", args=[chosen.type, chosen.number]),
        text=gettext("发布后，新上报的事项按这一版办理；正在办理的事项仍按原来的版本，需要时另行迁移。"),
        button=gettext("发布"),
    )
