"""Staff: the list, one person with all postings, accounts, appointments, deputies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory import api as directory
from yiwang.engines.directory.api import EDIT_STAFF, Actor, Member, actor_of, all_roles, path_of, today
from yiwang.engines.directory.spec import LEVELS
from yiwang.engines.registry.asking import Act, Question
from yiwang.engines.registry.history import changes
from yiwang.engines.registry.listing import divisions_of, onward, search_bar, state_tag
from yiwang.engines.registry.titles import role_title
from yiwang.kernel.errors import NotAllowed
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import staff_page

LIST, ONE = "directory:staff", "directory:member"
SHOWN = 3
"""Posts named in the list before 等."""


def post_names(one: Member, organisation: int | None = None) -> str:
    """The posts a person holds (at one organisation), in a few words."""
    posts = [p for p in one.current if organisation is None or p.post.organisation_id == organisation]
    names = [
        role_title(p.post.role) + (gettext("（代%(name)s）") % {"name": p.on_behalf_of.name} if p.on_behalf_of else "")
        for p in posts
    ]
    return gettext("、").join(names[:SHOWN]) + (
        gettext("等%(count)s个") % {"count": len(names)} if len(names) > SHOWN else ""
    )


def _offices(one: Member) -> str:
    return gettext("、").join(dict.fromkeys(posting.post.organisation.name for posting in one.current[:SHOWN]))


@require_GET
@staff_only
def staff(request: HttpRequest) -> HttpResponse:
    """The list, with a search for a part of the name or user name."""
    actor, asked = actor_of(request), request.GET
    page = directory.staff(
        actor,
        search=asked.get("q", ""),
        division=asked.get("division", ""),
        after=asked.get("after", ""),
        inactive=asked.get("state") == "closed",
    )
    rows = [
        Row(
            key=str(one.user.pk),
            href=reverse(ONE, args=[one.user.pk]),
            cells=[one.user.name, one.user.username, post_names(one), _offices(one), state_tag(one.user.is_active)],
        )
        for one in page.rows
    ]
    titles = ("姓名", "用户名", "岗位", "机构", "状态")
    columns = [Column(title=gettext(title), is_wide=title == "机构") for title in titles]
    context = {
        "title": gettext("人员"),
        "bar": search_bar(request, actor, EDIT_STAFF, gettext("姓名或用户名")),
        "table": Table(title=gettext("人员"), columns=columns, rows=rows, next_url=onward(request, page.after)),
        "actions": [Button(text=gettext("新增人员"), href=reverse("directory:member_new"), icon="plus")],
    }
    return staff_page(request, "registry/list.html", context)


@require_GET
@staff_only
def member(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One person: account, and every posting the reader may see."""
    actor = actor_of(request)
    one = directory.member(actor, staff_id)
    facts = [
        (gettext("用户名"), one.user.username),
        (gettext("机构"), _offices(one)),
        (gettext("开户日期"), f"{localtime(one.user.date_joined):%Y-%m-%d}"),
        (gettext("密码"), gettext("尚未更换发放的密码") if one.user.must_change_password else gettext("已自行设置")),
    ]
    columns = [Column(title=gettext(title)) for title in ("岗位", "机构", "范围", "起止", "操作")]
    elsewhere = Notice(text=gettext("此人还担任您辖区以外的岗位，账号由区管理员管理。"), tone="neutral")
    context = {
        "title": one.user.name,
        "way": Breadcrumbs(places=[(gettext("人员"), reverse(LIST)), (one.user.name, "")]),
        "tags": [state_tag(one.user.is_active)],
        "facts": Facts(pairs=facts),
        "actions": _actions(one),
        "notice": None if one.is_ours or one.user.is_staff else elsewhere,
        "changes": changes(actor, f"user/{one.user.pk}", EDIT_STAFF),
        "tables": [Table(title=gettext("任职"), columns=columns, rows=_postings(one), is_title_shown=True)],
    }
    return staff_page(request, "registry/record.html", context)


def _postings(one: Member) -> list[Row]:
    current, rows = one.current, []
    for posting in one.postings:
        until = gettext("至%(day)s前") % {"day": posting.to_on} if posting.to_on else gettext("至今")
        behalf = Tag(text=gettext("代%(name)s") % {"name": posting.on_behalf_of.name}) if posting.on_behalf_of else ""
        title = role_title(posting.post.role)
        acts: list[Button] = []
        if posting in current:
            acts = [_act(gettext("结束"), "directory:posting_end", posting.pk)]
            if not posting.on_behalf_of_id:
                acts.insert(0, _act(gettext("代理"), "directory:posting_deputise", posting.pk))
        cells = [
            title,
            posting.post.organisation.name,
            path_of(posting.post.division_id),
            _joined([f"{posting.from_on} {until}", behalf]),
            _joined(acts),
        ]
        rows.append(Row(key=str(posting.pk), cells=cells))
    return rows


def _joined(parts: Sequence[object]) -> object:
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def _act(title: str, name: str, number: int, kind: str = "secondary") -> Button:
    return Button(text=title, href=reverse(name, args=[number]), kind=kind, is_small=True)


def _actions(one: Member) -> list[Button]:
    number = one.user.pk
    found = [_act(gettext("任命岗位"), "directory:member_appoint", number, "primary")] if one.user.is_active else []
    if one.is_ours:
        found.append(_act(gettext("更改姓名"), "directory:member_rename", number))
        found.append(_act(gettext("重置密码"), "directory:member_password", number))
        title, kind = (gettext("停用账号"), "danger") if one.user.is_active else (gettext("恢复账号"), "secondary")
        found.append(_act(title, "directory:member_state", number, kind))
    return found


def _way(one: Member) -> list[tuple[str, str]]:
    return [(gettext("人员"), reverse(LIST)), (one.user.name, reverse(ONE, args=[one.user.pk]))]


def _post_questions(actor: Actor) -> list[Question]:
    """Role, organisation, division: what the actor may give."""
    towns = divisions_of(actor, EDIT_STAFF)
    levels = {directory.level_of(code) for code, _ in towns} | {"village"}
    roles = [
        (key, gettext("{role}（{level}）").format(role=gettext(role.title), level=gettext(LEVELS[role.scope])))
        for key, role in all_roles().items()
        if role.scope in levels
    ]
    villages = [
        (inside.code, f"　{path_of(inside.code)}")
        for code, _ in towns
        for inside in directory.children(code)
        if len(inside.code) == 12
    ]
    offices = [(str(number), name) for number, name in directory.offices(actor, EDIT_STAFF)]
    return [
        Question(name="role", title="岗位角色", options=[("", gettext("请选择")), *roles]),
        Question(name="organisation", title="机构", options=[("", gettext("请选择")), *offices]),
        Question(name="division", title="范围", hint="与岗位角色的层级相同。", options=[*towns, *villages]),
        Question(name="from_on", title="开始日期", kind="date", value=today().isoformat()),
    ]


@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """A new account with its first post; its password is shown once."""
    actor = actor_of(request)
    if not actor.scopes(EDIT_STAFF):
        raise NotAllowed

    def do(values: dict[str, Any]) -> HttpResponse:
        values["organisation"] = int(values["organisation"])
        user, password = directory.create_account(actor, **values)
        return _password_page(request, user, password)

    questions = [
        Question(name="name", title="姓名"),
        Question(name="username", title="用户名", hint="字母、数字或“.”“_”“-”，如 chen.xiaomin"),
        *_post_questions(actor),
    ]
    way = [(gettext("人员"), reverse(LIST))]
    return Act(title="新增人员", questions=questions, do=do, back=reverse(LIST), way=way).answer(request)


def _password_page(request: HttpRequest, user: Any, password: str) -> HttpResponse:
    """The one time the password is shown. Neither caches nor the history of the browser may keep it."""
    context = {"person": user, "password": password, "back": reverse(ONE, args=[user.pk])}
    response = staff_page(request, "registry/password.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@staff_only
def appoint(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Another post for a person."""
    actor = actor_of(request)
    one = directory.member(actor, staff_id)

    def do(values: dict[str, Any]) -> str:
        values["organisation"] = int(values["organisation"])
        directory.appoint(actor, one.user.pk, **values)
        return gettext("已任命。")

    ends = Question(
        name="to_on",
        title="结束日期",
        kind="date",
        is_optional=True,
        hint="自该日起不再担任；不填则长期。",
    )
    act = Act(
        title="任命岗位",
        questions=[*_post_questions(actor), ends],
        do=do,
        back=reverse(ONE, args=[one.user.pk]),
        way=_way(one),
    )
    return act.answer(request)


@staff_only
def rename(request: HttpRequest, staff_id: int) -> HttpResponse:
    """The person's name."""
    actor = actor_of(request)
    one = directory.member(actor, staff_id)

    def do(values: dict[str, Any]) -> str:
        directory.rename_account(actor, one.user.pk, values["name"])
        return gettext("已更改姓名。")

    ask = [Question(name="name", title="姓名", value=one.user.name)]
    back = reverse(ONE, args=[staff_id])
    return Act(title="更改姓名", questions=ask, do=do, back=back, way=_way(one)).answer(request)


@staff_only
def reset_password(request: HttpRequest, staff_id: int) -> HttpResponse:
    """A new password, shown once."""
    actor = actor_of(request)
    one = directory.member(actor, staff_id)

    def do(values: dict[str, Any]) -> HttpResponse:
        return _password_page(request, one.user, directory.reset_password(actor, one.user.pk))

    text = gettext("原密码立即失效，已登录的设备全部退出。新密码只显示一次。")
    return Act(title="重置密码", do=do, back=reverse(ONE, args=[staff_id]), way=_way(one), text=text).answer(request)


@staff_only
def change_state(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Close the account, or open it again."""
    actor = actor_of(request)
    one = directory.member(actor, staff_id)
    is_closing = one.user.is_active

    def do(values: dict[str, Any]) -> str:
        directory.set_account_active(actor, one.user.pk, is_active=not is_closing, reason=values["reason"])
        return gettext("账号已停用。") if is_closing else gettext("账号已恢复。")

    act = Act(
        title="停用账号" if is_closing else "恢复账号",
        questions=[Question(name="reason", title="理由", width="wide")],
        do=do,
        back=reverse(ONE, args=[staff_id]),
        way=_way(one),
        is_danger=is_closing,
        text=gettext("停用后不能登录；任职保留但不起作用，须另行安排其待办。") if is_closing else "",
    )
    return act.answer(request)


@staff_only
def end_posting(request: HttpRequest, posting_id: int) -> HttpResponse:
    """A post is no longer held from a day on."""
    actor = actor_of(request)
    one, title = directory.holder_of(actor, posting_id)

    def do(values: dict[str, Any]) -> str:
        directory.end_posting(actor, posting_id, **values)
        return gettext("已办理。")

    questions = [
        Question(
            name="on",
            title="结束日期",
            kind="date",
            value=today().isoformat(),
            hint="自该日起不再担任。",
        ),
        Question(name="reason", title="理由", width="wide"),
    ]
    act = Act(
        title="结束任职",
        questions=questions,
        do=do,
        back=reverse(ONE, args=[one.user.pk]),
        way=_way(one),
        text=f"{one.user.name}：{role_title(title)}",
        is_danger=True,
    )
    return act.answer(request)


@staff_only
def deputise(request: HttpRequest, posting_id: int) -> HttpResponse:
    """Another person holds the post on its holder's behalf for a while."""
    actor = actor_of(request)
    one, title = directory.holder_of(actor, posting_id)
    others = [(str(number), name) for number, name in directory.people(actor) if number != one.user.pk]

    def do(values: dict[str, Any]) -> str:
        values["deputy"] = int(values["deputy"])
        directory.deputise(actor, posting_id, **values)
        return gettext("已安排代理。")

    questions = [
        Question(name="deputy", title="代理人", options=[("", gettext("请选择")), *others]),
        Question(name="from_on", title="开始日期", kind="date", value=today().isoformat()),
        Question(
            name="to_on",
            title="结束日期",
            kind="date",
            hint="自该日起不再代理。",
            value=(today() + timedelta(days=7)).isoformat(),
        ),
        Question(name="reason", title="理由", width="wide"),
    ]
    act = Act(
        title="安排代理",
        questions=questions,
        do=do,
        back=reverse(ONE, args=[one.user.pk]),
        way=_way(one),
        text=f"{one.user.name}：{role_title(title)}",
        button="安排代理",
    )
    return act.answer(request)
