"""The wall 指挥大屏: the page, its stream, and the same for browsers that hold no stream."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.cockpit.map.choosing import sight
from yiwang.engines.cockpit.map.ground import prefix_of
from yiwang.engines.cockpit.map.pages import reach_of
from yiwang.engines.cockpit.wall.broadcasting import Key, broadcaster
from yiwang.engines.cockpit.wall.screen import screen
from yiwang.engines.cockpit.wall.taking_over import TakenOver, can_take
from yiwang.engines.directory.api import actor_for, name_of
from yiwang.engines.worklists.api import Sight
from yiwang.kernel.clock import CHINA, now


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@require_safe
@staff_only
def wall(request: HttpRequest) -> HttpResponse:
    """The whole screen, complete without scripts."""
    reach = reach_of(request)
    found = screen(reach, _language())
    context: dict[str, Any] = {"screen": found, "parts": found.parts.items(), "at": now().astimezone(CHINA)}
    return render(request, "cockpit/wall/page.html", {**context, "title": name_of(prefix_of(reach))})


@require_safe
@staff_only
def wall_now(request: HttpRequest) -> HttpResponse:
    """The pieces as JSON; 304 while they are as the screen has them."""
    found = screen(reach_of(request), _language())
    mark = f'"{found.mark}"'
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers={"ETag": mark})
    return HttpResponse(found.as_json(), content_type="application/json", headers={"ETag": mark})


@require_safe
@staff_only
def wall_stream(request: HttpRequest) -> HttpResponseBase:
    """The stream of a wall (text/event-stream); 204 where none can be held: the screen then asks by itself."""
    reach = reach_of(request)
    if not can_take(request) or broadcaster.is_full or request.method == "HEAD":
        return HttpResponse(status=204)
    seen = request.headers.get("Last-Event-ID") or request.GET.get("seen", "")
    may_stay = partial(_may_stay, request.session.session_key or "", reach)
    key = Key(reach, _language())
    response = TakenOver(
        request, lambda held, head: broadcaster.take(held, head, key, seen, may_stay), "text/event-stream"
    )
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _may_stay(session_key: str, reach: Sight) -> bool:
    """Whether a page asked for now, with the same session, would show the same wall."""
    asked = HttpRequest()
    asked.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return sight(actor_for(get_user(asked))) == reach
