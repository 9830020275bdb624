"""What a definition holds, as facts and tables: roles, limits, forms, versions, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from yiwang.engines.cases.api import VERSION_STATUSES, Definition, Version
from yiwang.engines.directory.api import all_roles
from yiwang.engines.directory.spec import UNITS
from yiwang.engines.processes.api import Finding
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Tag

_TONES = {"draft": "warning", "published": "success", "retired": "neutral"}
_LEVELS = {"error": ("错误", "danger"), "warning": ("提示", "warning")}
SHORT = 12
"""Characters of a hash that are shown."""

Bundle = Mapping[str, Any]


def number_of(version: Version) -> str:
    """第 3 版."""
    return gettext("第 {number} 版").format(number=version.number)


def status_tag(version: Version) -> Tag:
    return Tag(text=gettext(VERSION_STATUSES[version.status]), tone=_TONES[version.status])


def hash_of(version: Version) -> str:
    """The beginning of the hash; the whole when pointed at."""
    return format_html('<code title="{}">{}</code>', version.sha256, version.sha256[:SHORT])


def role_title(key: str) -> str:
    """Its name; the bare key when no app declares it any more."""
    role = all_roles().get(key)
    return gettext(role.title) if role is not None else key


def limit_text(limit: Mapping[str, Any] | None) -> str:
    """2个工作日, or '' without a limit; what cannot be read is shown as it stands."""
    if not isinstance(limit, Mapping) or limit.get("unit") not in UNITS:
        return str(limit or "")
    return gettext("{amount}个{unit}").format(amount=limit.get("amount"), unit=gettext(UNITS[limit["unit"]]))


def facts_of(version: Version, bundle: Bundle) -> list[tuple[str, object]]:
    """The head of a version."""
    tasks = [node for node in bundle["nodes"] if node["kind"] == "user_task"]
    watchers = gettext("、").join(role_title(key) for key in bundle.get("watchers", ()))
    return [
        (gettext("版本"), number_of(version)),
        (gettext("校验值"), hash_of(version)),
        (gettext("存入"), Time(at=version.created_at)),
        (gettext("发布"), Time(at=version.published_at) if version.published_at else ""),
        (gettext("全程时限"), limit_text(bundle.get("within"))),
        (gettext("人工环节"), len(tasks)),
        (gettext("可查看的岗位"), watchers),
        (gettext("在办"), gettext("{count} 件").format(count=f"{version.running:,}")),
    ]


def steps_table(bundle: Bundle) -> Table:
    """Who does what by when, with which form."""
    forms = bundle.get("forms", {})
    rows = [
        Row(
            key=node["key"],
            cells=[
                gettext(node["title"]) if node["title"] else node["key"],
                role_title(node["by"]) if node.get("by") else "",
                limit_text(node.get("within")),
                _form_title(forms, node.get("form")),
            ],
        )
        for node in bundle["nodes"]
        if node["kind"] == "user_task"
    ]
    columns = [Column(title=gettext(title)) for title in ("环节", "岗位", "时限", "表单")]
    empty = EmptyState(title=gettext("没有人工环节"), icon="flow")
    return Table(title=gettext("环节"), columns=columns, rows=rows, is_title_shown=True, empty=empty)


def _form_title(forms: Mapping[str, Any], key: object) -> str:
    form = forms.get(str(key)) if key else None
    return gettext(str(form.get("title") or key)) if isinstance(form, Mapping) else str(key or "")


def versions_table(found: Definition, current: Version | None = None) -> Table:
    """All versions, the newest first."""
    titles = ("版本", "状态", "校验值", "存入", "发布", "在办")
    columns = [Column(title=gettext(title), is_figures=title == "在办") for title in titles]
    rows = [
        Row(
            key=str(one.number),
            href=reverse("desk:definition_version", args=[one.type, one.number]),
            is_current=current is not None and one.number == current.number,
            cells=[
                number_of(one), status_tag(one), hash_of(one), Time(at=one.created_at),
                Time(at=one.published_at) if one.published_at else "", f"{one.running:,}",
            ],
        )
        for one in found.versions
    ]  # fmt: skip
    return Table(title=gettext("版本"), columns=columns, rows=rows, is_title_shown=True)


def findings_table(found: Sequence[Finding], title: str) -> Table:
    """Where, what, what now; errors first."""
    columns = [Column(title=gettext(one)) for one in ("在哪里", "程度", "是什么", "怎么办")]
    rows = [
        Row(key=str(place), cells=[one.where, _level(one.level), one.what, one.now])
        for place, one in enumerate(sorted(found, key=lambda one: one.level))
    ]
    return Table(title=title, columns=columns, rows=rows, is_title_shown=True)


def _level(level: str) -> Tag:
    title, tone = _LEVELS[level]
    return Tag(text=gettext(title), tone=tone)


def per_version(found: Definition) -> str:
    """Running cases by version: 第 2 版 12 件, 第 1 版 3 件."""
    return lines(
        gettext("{version} {count} 件").format(version=number_of(one), count=f"{one.running:,}")
        for one in found.versions
        if one.running
    )


def lines(texts: Iterable[str]) -> str:
    return format_html_join(gettext("、"), "{}", ((text,) for text in texts))
