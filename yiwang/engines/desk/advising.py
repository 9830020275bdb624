"""Who advises on a kind of case: on its text while somebody writes it, on its class when it is accepted.

The desk names no app: an app says at the start which type it advises on (`api.register_advice`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from yiwang.engines.processes.spec import Advisor
from yiwang.kernel.app import registry

Told = Callable[[HttpRequest, str], SafeString]


@dataclass(frozen=True, slots=True)
class Advice:
    """`url_name` answers a POST of the text's field with a fragment; `told` is the same fragment for a whole page.

    `suggests` names the advisor of the class (`"<app>.<advisor>"`), whose answer is `{"class_code", "title",
    "confidence" (0 to 1), "is_sure", "others" (codes)}`; `field` the field of a task's form that takes the class.
    """

    url_name: str
    told: Told
    suggests: str
    field: str = "class_code"

    @property
    def address(self) -> str:
        """Where the text is sent while it is written."""
        return reverse(self.url_name)

    @property
    def advisor(self) -> Advisor:
        """Who suggests the class."""
        return registry.find(Advisor, self.suggests)


_known: dict[str, Advice] = {}


def register_advice(type: str, advice: Advice) -> None:
    """From now on cases of this type are advised on so; called once at start."""
    _known[type] = advice


def advice_on(type: str) -> Advice | None:
    """The advice for a type; None where nobody gives any, or the app that does is not part of the platform now."""
    found = _known.get(type)
    return found if found is not None and found.suggests in registry.parts(Advisor) else None
