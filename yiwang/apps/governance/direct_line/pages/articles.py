"""The knowledge base: searched by everybody, written and looked after by its editors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.governance.direct_line import posts
from yiwang.apps.governance.direct_line.models import Article
from yiwang.apps.governance.direct_line.selectors import knowledge
from yiwang.apps.governance.direct_line.services.knowledge import review, withdraw, write_article
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.engines.forms.api import CompiledForm, FieldError, compile_form
from yiwang.engines.forms.spec import Boolean, Choice, Date, Form, LongText, Text
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import Conflict, NotAllowed
from yiwang.kernel.wording import joined
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.records import Breadcrumbs, Column, Moment, Row, Tab, Table, Tabs, Timeline
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import public_page, staff_page

ARTICLE = Form(
    key="article",
    title="知识条目",
    fields=(
        Text("question", "问题", required=True, max_length=100, example="怎样申请图书馆读者证"),
        LongText("answer", "答案", required=True, max_length=2000, hint="写给来电人听的话：先说怎么做，再说条件。"),
        Text("basis", "依据", max_length=200),
        Choice("unit", "负责单位", required=True, options=posts.UNITS),
        Text("tags", "标签", max_length=100, hint="市民可能用到的其他说法，用空格分开。"),
        Date("valid_until", "有效期至", hint="过期的条目不再出现在搜索结果里。"),
        Boolean("is_public", "公众也能看到", required=True),
    ),
)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Questions people ask most, and their search."""
    text = request.GET.get("q", "").strip()[:100]
    actor = actor_of(request)
    found: Any = knowledge.found(actor, text, most=12) if text else knowledge.often_used(actor, most=12)
    rows = [{"question": one.question, "answer": one.answer, "basis": one.basis} for one in found]
    return public_page(request, "direct_line/knowledge.html", {"q": text, "found": rows})


def _require(request: HttpRequest) -> None:
    if not actor_of(request).scopes(posts.ARTICLES):
        raise NotAllowed


@require_safe
@staff_only
def articles(request: HttpRequest) -> HttpResponse:
    """All articles, the longest unreviewed first; `stale` leaves those that are due."""
    _require(request)
    actor, is_stale = actor_of(request), "stale" in request.GET
    shown, after = knowledge.listed(actor, stale=is_stale, after=request.GET.get("after", "")[:60])
    here = reverse("direct_line:articles")
    tabs = Tabs(title=gettext("知识库"), tabs=[
        Tab(title=gettext("全部"), href=here, is_current=not is_stale),
        Tab(title=gettext("待复核"), href=f"{here}?stale=1", is_current=is_stale, count=knowledge.stale_count(actor)),
    ])  # fmt: skip
    titles = ("问题", "负责单位", "用过", "版本", "复核日期", "有效期至")
    table = Table(
        title=gettext("知识条目"), columns=[Column(title=gettext(t), is_figures=t in ("用过", "版本")) for t in titles],
        rows=[_row(one) for one in shown],
        empty=EmptyState(title=gettext("没有待复核的条目") if is_stale else gettext("还没有条目"), icon="file"),
        next_url=f"{here}?{'stale=1&' if is_stale else ''}after={after}" if after else "",
    )  # fmt: skip
    context = {"tabs": tabs, "table": table}
    return staff_page(request, "direct_line/articles.html", context)


def _row(one: Article) -> Row:
    reviewed: object = one.reviewed_on.isoformat()
    if knowledge.is_stale(one):
        reviewed = Tag(text=gettext("%(day)s 待复核") % {"day": one.reviewed_on.isoformat()}, tone="warning")
    until = one.valid_until.isoformat() if one.valid_until else gettext("长期")
    unit = gettext(posts.UNITS.get(one.unit, one.unit))
    cells = [one.question, unit, str(one.used), str(one.number), reviewed, until]
    return Row(key=str(one.pk), cells=cells, href=reverse("direct_line:article", args=[one.pk]))


def _form() -> CompiledForm:
    return compile_form(ARTICLE)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def article_new(request: HttpRequest) -> HttpResponse:
    """Write an article."""
    _require(request)
    if request.method == "POST":
        return _written(request, None)
    return _shown(request, None, _form().render(request, {"is_public": True}))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def article(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """One article: correct it, say that it is still right, or withdraw it."""
    _require(request)
    actor = actor_of(request)
    one = knowledge.article(actor, article_id)
    act = request.POST.get("act", "")
    if request.method == "POST" and act in ("review", "withdraw"):
        (review if act == "review" else withdraw)(actor, one.pk)
        messages.success(request, gettext("已复核。") if act == "review" else gettext("已停用，不再出现在搜索结果里。"))
        return HttpResponseRedirect(reverse("direct_line:articles"))
    if request.method == "POST":
        return _written(request, one)
    return _shown(request, one, _form().render(request, _values(one)))


def _values(one: Article) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in ("question", "answer", "basis", "unit", "is_public")}
    until = one.valid_until.isoformat() if one.valid_until else None
    return {**found, "tags": " ".join(one.tags), "valid_until": until}


def _written(request: HttpRequest, one: Article | None) -> HttpResponse:
    actor = actor_of(request)
    found = _form().submit(request, actor=actor)
    if not found.is_accepted:
        return _shown(request, one, found.html, found.status)
    seen = request.POST.get("seen", "")
    try:
        write_article(
            actor, _content(found.data), number=one.pk if one else None, seen=int(seen) if seen.isdecimal() else 0
        )
    except Conflict as refusal:
        return _overtaken(request, one, found.data, refusal)
    messages.success(request, gettext("已保存。"))
    return HttpResponseRedirect(reverse("direct_line:articles"))


def _overtaken(request: HttpRequest, one: Article | None, data: Mapping[str, Any], refusal: Conflict) -> HttpResponse:
    """Somebody changed it meanwhile: their version beside the form, and in the form what was typed."""
    text = joined(gettext(refusal.message), gettext(refusal.next_step))
    html = _form().render(request, data, [FieldError("question", refusal.code, text)])
    return _shown(request, one and knowledge.article(actor_of(request), one.pk), html, refusal.status)


def _content(data: Mapping[str, Any]) -> dict[str, Any]:
    until = data.get("valid_until")
    return {
        "question": data["question"], "answer": data["answer"], "basis": data.get("basis", ""), "unit": data["unit"],
        "tags": str(data.get("tags", "")).split(), "is_public": data["is_public"],
        "valid_until": date.fromisoformat(until) if until else None,
    }  # fmt: skip


def _shown(request: HttpRequest, one: Article | None, fields: object, status: int = 200) -> HttpResponse:
    title = one.question if one else gettext("新条目")
    moments = [
        Moment(title=gettext("第 %(n)s 版") % {"n": v.number}, at=v.at.astimezone(CHINA), who=v.by,
               body=v.content["answer"], icon="edit")
        for v in (knowledge.versions(actor_of(request), one) if one else [])
    ]  # fmt: skip
    context = {
        "title": title, "fields": fields, "one": one, "versions": Timeline(moments=moments) if moments else None,
        "way": Breadcrumbs(places=[(gettext("知识库"), reverse("direct_line:articles")), (title, "")]),
        "acts": _acts(one), "tag": Tag(text=gettext("已停用"), tone="danger") if one and one.is_withdrawn else "",
    }  # fmt: skip
    return staff_page(request, "direct_line/article.html", context, status=status)


def _acts(one: Article | None) -> list[Button]:
    if one is None or one.is_withdrawn:
        return []
    still = gettext("内容仍然正确")
    return [
        Button(text=still, kind="secondary", icon="check", name="act", value="review", is_small=True),
        Button(text=gettext("停用"), kind="danger", icon="trash", name="act", value="withdraw", is_small=True),
    ]
