"""Gives each request its actor, worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from yiwang.engines.directory.actors import Actor, actor_for


class ActorMiddleware:
    """Sets `request.actor`; stands after the authentication middleware. At most one SQL statement a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_for(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """Who asks: what the middleware found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
