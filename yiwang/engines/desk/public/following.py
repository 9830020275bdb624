"""Follow a case without an account: prove, see, urge, add a remark, rate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.engines.cases.api import Followed, act, followed, reporter_of
from yiwang.engines.desk.public.limits import Counter, TooOften
from yiwang.engines.desk.public.proofs import forget, grant, proven
from yiwang.engines.desk.public.telling import view_of
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import file_response, open_attachment, store_upload
from yiwang.engines.gathering.api import following
from yiwang.kernel.errors import InvalidInput, NotFound, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.pages import public_page

MOST_PHOTOS, LONGEST_REMARK = 4, 500
PLACES = {"urge": "urge", "comment": "remark", "rate": "rate"}
"""Where on the page the error of a verb leads."""
THANKS = {
    "urge": gettext_noop("已催办，办理人员会收到提醒。"),
    "comment": gettext_noop("您的补充已交给办理人员。"),
    "rate": gettext_noop("谢谢您的评价。"),
}


class NotProven(NotFound):
    """This browser has not proved the case to be its own, or an hour ago."""

    message, next_step = "查询已结束，或尚未核对您的信息。", "请在查询进度页面重新填写编号和手机号码后四位。"


NO_MATCH = gettext_noop("没有找到与之相符的办件。请核对编号和手机号码后四位；没有留手机号码的，请使用回执上的链接。")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for number and telephone; one neutral answer to everything that does not fit."""
    if request.method != "POST":
        return _asked(request, str(request.GET.get("number", ""))[:40])
    if request.session.session_key is None:
        request.session.create()
    number = "".join(request.POST.get("number", "").split())[:40]
    counter = Counter(request, "follow", "YIWANG_FOLLOW_LIMIT", [f"number:{number}"])
    try:
        counter.refuse()
        actor = reporter_of(number, tail="".join(request.POST.get("tail", "").split()))
    except TooOften as refusal:
        return _asked(request, number, joined(gettext(refusal.message), gettext(refusal.next_step)), refusal.status)
    except NotFound:
        counter.note()
        return _asked(request, number, gettext(NO_MATCH), InvalidInput.status)
    grant(request, number, actor.proof)
    return HttpResponseRedirect(reverse("desk:followed", args=[number]))


def _asked(request: HttpRequest, number: str, refusal: str = "", status: int = 200) -> HttpResponse:
    errors = [("number", refusal)] if refusal else []
    return public_page(request, "desk/public/follow.html", {"number": number, "errors": errors}, status=status)


@never_cache
@require_safe
def follow_link(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The link of a receipt: proof enough, and gone from the address bar at once."""
    try:
        actor = reporter_of(number, secret=secret)
    except NotFound:
        return _asked(request, number, gettext(NO_MATCH), NotFound.status)
    grant(request, number, actor.proof)
    return HttpResponseRedirect(reverse("desk:followed", args=[number]))


def _theirs(request: HttpRequest, number: str) -> Actor:
    actor = proven(request, number)
    if actor is None:
        raise NotProven
    return actor


@never_cache
@require_safe
def followed_case(request: HttpRequest, number: str) -> HttpResponse:
    """How far the case is, in words for its reporter."""
    actor = proven(request, number)
    if actor is None:
        return HttpResponseRedirect(f"{reverse('desk:follow')}?number={number}")
    return _shown(request, followed(actor, actor.proof))


def _shown(request: HttpRequest, found: Followed, refusal: str = "", verb: str = "", status: int = 200) -> HttpResponse:
    gathered = following(found)
    found = gathered.found if gathered is not None else found
    values = {
        "found": found, "gathered": gathered, "view": view_of(found),
        "remark": request.POST.get("text", "") if refusal else "",
        "errors": [(PLACES.get(verb, "remark"), refusal)] if refusal else [], "is_remark_wrong": verb == "comment",
    }  # fmt: skip
    return public_page(request, "desk/public/followed.html", values, status=status)


@require_POST
def follow_act(request: HttpRequest, number: str) -> HttpResponse:
    """Urge, comment or rate; `end` ends following on this device."""
    verb = request.POST.get("verb", "")
    if verb == "end":
        forget(request)
        return HttpResponseRedirect(reverse("desk:home"))
    actor = _theirs(request, number)
    if verb not in THANKS:
        raise NotFound
    counter = Counter(request, "remark", "YIWANG_REPORT_LIMIT", [f"number:{number}"])
    try:
        counter.refuse()
        act(actor, actor.proof, verb, arguments=_arguments(request, actor, verb), session_key=_key(request))
    except UserError as refusal:
        first = refusal.errors[0]["message"] if isinstance(refusal, InvalidInput) and refusal.errors else ""
        text = gettext(first) if first else joined(gettext(refusal.message), gettext(refusal.next_step))
        return _shown(request, followed(actor, actor.proof), text, verb, refusal.status)
    counter.note()
    messages.success(request, gettext(THANKS[verb]))
    return HttpResponseRedirect(reverse("desk:followed", args=[number]))


def _key(request: HttpRequest) -> str | None:
    return request.session.session_key


def _arguments(request: HttpRequest, actor: Actor, verb: str) -> dict[str, Any]:
    if verb == "rate":
        score = request.POST.get("score", "")
        return {"score": int(score) if score in ("1", "2", "3", "4", "5") else None}
    if verb != "comment":
        return {}
    sent = request.POST.get("text", "").replace("\r\n", "\n")
    text = "".join(sign for sign in sent if sign.isprintable() or sign == "\n").strip()[:LONGEST_REMARK]
    if not text:
        raise InvalidInput([{"path": "text", "code": "COMMENT_EMPTY", "message": gettext("请填写补充说明。")}])
    photos = [file for file in request.FILES.getlist("photos") if file.name][:MOST_PHOTOS]
    files = [str(store_upload(photo, ("image",), actor=actor, session_key=_key(request)).id) for photo in photos]
    return {"text": text, "files": files} if files else {"text": text}


@require_safe
def follow_file(request: HttpRequest, number: str, attachment_id: UUID) -> FileResponse:
    """A file the reporter sent, or one of the answer."""
    actor = _theirs(request, number)
    if str(attachment_id) not in followed(actor, actor.proof).file_ids:
        raise NotFound
    return file_response(open_attachment(actor, attachment_id, _key(request)), is_small="small" in request.GET)
