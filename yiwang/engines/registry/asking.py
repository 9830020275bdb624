"""Acts of the registry: an address of its own for each, GET asks, POST does it and leads back. No script needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound, UserError
from yiwang.kernel.wording import about, joined
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.records import Breadcrumbs
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One field. `kind`: text, date, file; a choice when it has `options`. `read` gives str, date or None, bytes."""

    name: str
    title: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    width: str = "medium"
    options: Options | None = None
    is_optional: bool = False
    accept: str = ""

    def component(self, value: str, error: str) -> Component:
        """The field as it shows."""
        shared: dict[str, Any] = {"name": self.name, "label": gettext(self.title), "value": value, "error": error}
        shared |= {"hint": gettext(self.hint) if self.hint else "", "is_optional": self.is_optional}
        if self.options is not None:
            return Choice(options=self.options, **shared)
        rest = {"accept": self.accept or None} if self.kind == "file" else {"autocomplete": "off"}
        return Field(type=self.kind, width="" if self.kind == "file" else self.width, attributes=rest, **shared)

    def read(self, request: HttpRequest) -> Any:
        """What was sent; InvalidInput when it is missing or none of the options."""
        if self.kind == "file":
            sent = request.FILES.get(self.name)
            return sent.read() if sent is not None else self._missing("请选择文件。")
        text = request.POST.get(self.name, "").strip()
        if not text and self.is_optional:
            return None if self.kind == "date" else ""
        if not text:
            words = gettext("请填写{title}。") if self.options is None else gettext("请选择{title}。")
            self._missing(about(words, gettext(self.title)))
        if self.options is not None and text not in dict(self.options):
            self._refuse(
                "NO_SUCH_OPTION", about(gettext("{title}没有这个选项，请从列表中重新选择。"), gettext(self.title))
            )
        return self._day(text) if self.kind == "date" else text

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self._fault(
                "DATE", about(gettext("{title}不是有效的日期，请填写如“2026-05-01”的日期。"), gettext(self.title))
            ) from None

    def _missing(self, message: str) -> Any:
        raise self._fault("REQUIRED", message)

    def _refuse(self, code: str, message: str) -> None:
        raise self._fault(code, message)

    def _fault(self, code: str, message: str) -> InvalidInput:
        return InvalidInput([{"path": self.name, "code": code, "message": message}])


Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is asked and what is done with the answers. `do` returns a sentence, or a page of its own.

    `back` is where the person goes afterwards; `way` are the breadcrumbs before this page.
    """

    title: str
    do: Callable[[dict[str, Any]], str | HttpResponse]
    back: str
    questions: Sequence[Question] = ()
    way: Sequence[tuple[str, str]] = ()
    text: str = ""
    button: str = ""
    is_danger: bool = False
    below: Sequence[Component] = field(default_factory=tuple)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page of this act, or the way on when it is done."""
        if request.method != "POST":
            return self._page(request, {one.name: one.value for one in self.questions}, [], 200)
        try:
            done = self.do(self._read(request))
        except (NotAllowed, NotFound):
            raise
        except UserError as error:
            sent = {one.name: request.POST.get(one.name, "") for one in self.questions}
            return self._page(request, sent, _faults(error), error.status)
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
        return HttpResponseRedirect(self.back)

    def _read(self, request: HttpRequest) -> dict[str, Any]:
        """All answers; all refusals of single fields at once."""
        values, faults = {}, []
        for one in self.questions:
            try:
                values[one.name] = one.read(request)
            except InvalidInput as error:
                faults += error.errors
        if faults:
            raise InvalidInput(faults)
        return values

    def _page(self, request: HttpRequest, values: Values, faults: Sequence[Fault], status: int) -> HttpResponse:
        named = {one.name for one in self.questions}
        beside = {path: message for path, message in faults if path in named}
        errors = [(path if path in named else "act", message) for path, message in faults]
        context = {
            "title": gettext(self.title),
            "text": self.text,
            "is_file": any(q.kind == "file" for q in self.questions),
            "way": Breadcrumbs(places=[*self.way, (gettext(self.title), "")]),
            "back": self.back,
            "fields": [q.component(str(values.get(q.name) or ""), beside.get(q.name, "")) for q in self.questions],
            "errors": ErrorSummary(errors=errors) if errors else None,
            "below": self.below,
            "button": Button(text=gettext(self.button or self.title), kind="danger" if self.is_danger else "primary"),
        }
        return staff_page(request, "registry/act.html", context, status=status)


Fault = tuple[str, str]


def _faults(error: UserError) -> list[Fault]:
    if isinstance(error, InvalidInput) and error.errors:
        return [(one["path"], gettext(one["message"])) for one in error.errors]
    return [("act", joined(gettext(error.message), gettext(error.next_step)))]
