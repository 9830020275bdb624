"""Pages of transfers: the list with its counts, one transfer, and the form by which an operator writes one down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.governance.triage import selectors
from yiwang.apps.governance.triage.judging import SERVICES, SEVERITIES
from yiwang.apps.governance.triage.models import SOURCES, Transfer
from yiwang.apps.governance.triage.rights import REVEAL
from yiwang.apps.governance.triage.services.transferring import Told, add_receipt, reveal_caller, transfer_to_each
from yiwang.apps.governance.triage.showing import TONES
from yiwang.apps.governance.triage.standing import rules_on
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, path_of
from yiwang.engines.forms.api import FieldError, compile_form
from yiwang.engines.forms.spec import Choice, Form, LongText, Place, Text
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, NotAllowed
from yiwang.kernel.ids import new_id
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Button, Stat, Tag
from yiwang.ui.pages import staff_page

TRANSFER_FORM = Form(
    key="transfer",
    title="登记移交",
    fields=(
        Choice("target", "移交给", required=True, multiple=True, options=dict(SERVICES)),
        LongText("text", "来电人说了什么", required=True, max_length=2000, rows=4, example="有人在市场门口持刀追人"),
        Choice("source", "从哪里来", required=True, options=dict(SOURCES)),
        Place("place", "事发地点", unknown_allowed=True, hint="说不清就写明附近的店铺、路口；不要为了地点耽误移交。"),
        Text("caller_name", "来电人姓名", max_length=40, personal=True),
        Text("phone", "来电人电话", content="phone", personal=True, hint="加密保存，移交给接警单位时使用。"),
        Text(
            "receipt",
            "接警编号或接警人",
            max_length=120,
            hint="还没有可以先不填，之后再补；移交几家的，这里填第一家的。",
        ),
    ),
)
SHARES = (gettext_noop("还没有移交记录"), gettext_noop("没有等待回执的移交"))


def _require(request: HttpRequest) -> None:
    if not selectors.may_see(actor_of(request)):
        raise NotAllowed


@require_safe
@staff_only
def transfers(request: HttpRequest) -> HttpResponse:
    """All transfers of the actor's divisions, newest first, with the counts of thirty days."""
    _require(request)
    actor = actor_of(request)
    target, waiting = request.GET.get("target", ""), "waiting" in request.GET
    found = selectors.page(actor, target=target, waiting=waiting, after=request.GET.get("after", ""))
    known = selectors.counts(actor)
    here = reverse("triage:transfers")
    stats = [Stat(title=gettext(title), value=known[key], unit=gettext("件")) for key, title in SERVICES.items()]
    waits = Stat(
        title=gettext("待回执"), value=known["waiting"], unit=gettext("件"), href=f"{here}?waiting=1",
        tone="warning" if known["waiting"] else "neutral",
    )  # fmt: skip
    context = {
        "stats": [*stats, waits], "tabs": _tabs(here, target, waiting), "table": _table(found, here, target, waiting),
        "new": Button(text=gettext("登记移交"), icon="plus", href=reverse("triage:transfer_new"), shortcut="c"),
    }  # fmt: skip
    return staff_page(request, "triage/transfers.html", context)


def _tabs(here: str, target: str, waiting: bool) -> Tabs:
    tabs = [Tab(title=gettext("全部"), href=here, is_current=not target and not waiting)]
    tabs += [
        Tab(title=gettext(title), href=f"{here}?target={key}", is_current=target == key and not waiting)
        for key, title in SERVICES.items()
    ]
    tabs.append(Tab(title=gettext("待回执"), href=f"{here}?waiting=1", is_current=waiting))
    return Tabs(title=gettext("移交"), tabs=tabs)


def _table(found: selectors.Page, here: str, target: str, waiting: bool) -> Table:
    titles = ("事情", "移交给", "严重程度", "地点", "登记人", "时间", "回执")
    kept = "waiting=1&" if waiting else f"target={target}&" if target else ""
    empty = EmptyState(
        title=gettext(SHARES[waiting]), icon="check",
        text=gettext("提到打架、着火、有人受伤这类事，立即转 110、119、120，并在这里登记，不立案。"),
    )  # fmt: skip
    return Table(
        title=gettext("移交记录"),
        columns=[Column(title=gettext(title), is_wide=title == "登记人") for title in titles],
        rows=[_row(one) for one in found.rows], empty=empty,
        next_url=f"{here}?{kept}after={found.after}" if found.after else "",
    )  # fmt: skip


def _row(one: Transfer) -> Row:
    text = one.text if len(one.text) <= 40 else f"{one.text[:40]}…"
    severity = Tag(text=gettext(SEVERITIES[one.severity]), tone=TONES[one.severity]) if one.severity else ""
    received = one.receipt or Tag(text=gettext("待回执"), tone="warning")
    where = one.address or path_of(one.division)
    cells = [text, gettext(SERVICES[one.target]), severity, where, _by(one), Time(at=one.at), received]
    return Row(key=str(one.pk), cells=cells, href=reverse("triage:transfer", args=[one.pk]))


def _by(one: Transfer) -> str:
    """Who wrote it down; the machine's own names are words like others."""
    return one.by if one.by_id is not None else gettext(one.by)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def transfer_new(request: HttpRequest) -> HttpResponse:
    """Write a transfer down. Another page's form may be posted here with `prefill`: its words begin this one."""
    _require(request)
    if request.method != "POST":
        return _form(request, {"source": "call"}, str(new_id()))
    if "prefill" in request.POST:
        return _form(request, _prefilled(request.POST), str(new_id()))
    origin = request.POST.get("origin", "")[:80] or str(new_id())
    sent = compile_form(TRANSFER_FORM).submit(request, actor=actor_of(request))
    if not sent.is_accepted:
        return _form(request, {}, origin, sent.html, sent.status)
    data = dict(sent.data)
    receipt = str(data.pop("receipt", "") or "")
    targets = [str(one) for one in data.pop("target")]
    told = Told(target="", origin=origin, **{key: value for key, value in data.items() if value is not None})
    try:
        rows = transfer_to_each(actor_of(request), told, targets)
    except InvalidInput as error:
        data["target"] = targets
        faults = [FieldError(one["path"], one["code"], one["message"]) for one in error.errors]
        return _form(request, {}, origin, compile_form(TRANSFER_FORM).render(request, data, faults), error.status)
    if receipt and not rows[0].receipt:
        add_receipt(actor_of(request), rows[0].pk, receipt)
    said = gettext("、").join(row.target for row in rows)
    messages.success(request, gettext("已登记移交 {target}。").format(target=said))
    return HttpResponseRedirect(reverse("triage:transfer", args=[rows[0].pk]))


def _prefilled(given: QueryDict) -> dict[str, Any]:
    """First values from the words of another page: its text, caller and address, and the service the rules name."""
    said = (str(given.get(name, "")).strip() for name in ("subject", "description", "text"))
    text = "\n".join(one for one in said if one)
    judged = rules_on(now()).judge(text)
    source = given.get("source", "")
    values: dict[str, Any] = {
        "text": text, "target": [judged.transfer, *judged.also] if judged.transfer else [],
        "source": source if source in SOURCES else "call",
        "caller_name": given.get("caller_name") or given.get("reporter_name") or given.get("name", ""),
        "phone": given.get("phone") or given.get("reporter_phone", ""),
    }  # fmt: skip
    if given.get("place-address"):
        values["place"] = {"address": given["place-address"]}
    return {key: value for key, value in values.items() if value}


def _form(
    request: HttpRequest, values: dict[str, Any], origin: str, inside: Any = None, status: int = 200
) -> HttpResponse:
    form = compile_form(TRANSFER_FORM)
    way = Breadcrumbs(places=[(gettext("警情移交"), reverse("triage:transfers")), (gettext("登记移交"), "")])
    context = {
        "fields": inside if inside is not None else form.render(request, values), "encoding": form.encoding,
        "origin": origin, "way": way,
    }  # fmt: skip
    return staff_page(request, "triage/transfer_new.html", context, status=status)


@require_safe
@staff_only
def one_transfer(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """One transfer with all that is known of it."""
    return _shown(request, transfer_id)


def _shown(
    request: HttpRequest, transfer_id: UUID, phone: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    row = selectors.transfer_of(actor, transfer_id)
    way = Breadcrumbs(places=[(gettext("警情移交"), reverse("triage:transfers")), (gettext("移交记录"), "")])
    context = {
        "row": row, "way": way, "title": gettext("移交 {target}").format(target=gettext(SERVICES[row.target])),
        "facts": Facts(pairs=_facts(row, phone)), "error": error,
        "may_reveal": bool(row.phone_masked) and not phone and actor.may(REVEAL, row.division),
        "severity": Tag(text=gettext(SEVERITIES[row.severity]), tone=TONES[row.severity]) if row.severity else "",
    }  # fmt: skip
    return staff_page(request, "triage/transfer.html", context, status=status)


def _facts(row: Transfer, phone: str) -> list[tuple[str, object]]:
    return [
        (gettext("理由"), row.reason),
        (gettext("依据的规则"), row.rule or gettext("没有规则，由登记人判断")),
        (gettext("凭哪些词"), gettext("、").join(row.words)),
        (gettext("从哪里来"), gettext(SOURCES.get(row.source, row.source))),
        (gettext("地点"), row.address),
        (gettext("辖区"), path_of(row.division)),
        (gettext("来电人"), row.caller_name),
        (gettext("来电人电话"), phone or row.phone_masked),
        (gettext("登记人"), _by(row)),
        (gettext("登记时间"), Time(at=row.at)),
        (gettext("接警编号或接警人"), row.receipt),
        (gettext("回执时间"), Time(at=row.received_at) if row.received_at else ""),
    ]


@require_POST
@staff_only
def receipt(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Add the receipt."""
    try:
        add_receipt(actor_of(request), transfer_id, request.POST.get("receipt", ""))
    except InvalidInput as error:
        return _shown(request, transfer_id, error=error.errors[0]["message"], status=error.status)
    messages.success(request, gettext("已登记接警回执。"))
    return HttpResponseRedirect(reverse("triage:transfer", args=[transfer_id]))


@require_POST
@staff_only
def reveal(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Show the caller's telephone once, with the reason in the journal."""
    try:
        phone = reveal_caller(actor_of(request), transfer_id, request.POST.get("reason", ""))
    except InvalidInput as error:
        return _shown(request, transfer_id, error=error.errors[0]["message"], status=error.status)
    return _shown(request, transfer_id, phone=phone)
