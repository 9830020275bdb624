"""One act, one page: GET asks, POST does it and leads back, a refusal comes back beside its field. No script needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from yiwang.apps.governance.patrol.refusals import invalid
from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound, UserError
from yiwang.kernel.wording import about, joined
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.records import Breadcrumbs
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One field: text, date or number; a choice when it has `options`."""

    name: str
    title: str
    kind: str = "text"
    value: str = ""
    options: Sequence[tuple[str, str]] | None = None

    def component(self, value: str, error: str) -> Field | Choice:
        """The field as it shows."""
        shared: dict[str, Any] = {"name": self.name, "label": gettext(self.title), "value": value, "error": error}
        if self.options is not None:
            return Choice(options=self.options, **shared)
        more = {"step": "any"} if self.kind == "number" else {"autocomplete": "off"}
        return Field(type=self.kind, width="wide" if self.kind == "text" else "medium", attributes=more, **shared)

    def read(self, text: str) -> Any:
        """The value: str, date or float; InvalidInput for anything else."""
        if not text.strip():
            invalid(self.name, "REQUIRED", about(gettext("请填写{title}。"), gettext(self.title)))
        try:
            if self.kind == "date":
                return date.fromisoformat(text)
            return float(text) if self.kind == "number" else text.strip()
        except ValueError:
            invalid(self.name, "FORMAT", about(gettext("{title}的格式不对，请重新填写。"), gettext(self.title)))


def ask(
    request: HttpRequest, title: str, fields: Sequence[Ask], do: Callable[[dict[str, Any]], str], back: str,
    way: Sequence[tuple[str, str]] = (), text: str = "",
) -> HttpResponse:  # fmt: skip
    """The page of an act; on POST `do` gets the values and says what was done."""
    sent = {one.name: one.value for one in fields}
    faults: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST":
        sent = {one.name: request.POST.get(one.name, "") for one in fields}
        try:
            messages.success(request, do({one.name: one.read(sent[one.name]) for one in fields}))
            return HttpResponseRedirect(back)
        except (NotAllowed, NotFound):
            raise
        except UserError as error:
            faults, status = _faults(error), error.status
    beside = dict(faults)
    context = {
        "title": title,
        "text": text,
        "way": Breadcrumbs(places=[*way, (title, "")]),
        "fields": [one.component(sent[one.name], beside.get(one.name, "")) for one in fields],
        "errors": ErrorSummary(errors=faults) if faults else None,
        "button": Button(text=title),
        "back": back,
    }
    return staff_page(request, "patrol/act.html", context, status=status)


def _faults(error: UserError) -> list[tuple[str, str]]:
    if isinstance(error, InvalidInput) and error.errors:
        return [(one["path"], one["message"]) for one in error.errors]
    return [("act", joined(gettext(error.message), gettext(error.next_step)))]
