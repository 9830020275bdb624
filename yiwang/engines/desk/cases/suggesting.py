"""The class suggested for a case that has none yet: chosen beforehand when sure, with others one press away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from yiwang.engines.cases.api import CaseView
from yiwang.engines.desk.advising import Advice, advice_on
from yiwang.engines.forms.api import CompiledForm, entries
from yiwang.engines.forms.spec import Listed
from yiwang.kernel.clock import now

PICKED = "picked-class"
"""Name of the buttons: pressing one puts its class into the form, which is drawn again. No script is needed."""
MOST = 4


@dataclass(frozen=True, slots=True)
class Suggested:
    """`choices` are (code, title) with the likeliest first; `best` is its title, '' when nothing fits.

    Below the threshold of the advisor `is_sure` is false: nothing is chosen, a person does.
    """

    field: str
    choices: tuple[tuple[str, str], ...]
    best: str
    percent: int
    is_sure: bool

    @property
    def first(self) -> dict[str, object]:
        """What stands in the form before anybody chose."""
        return {self.field: self.choices[0][0]} if self.is_sure else {}


def suggested(view: CaseView, form: CompiledForm | None) -> Suggested | None:
    """None where the form does not ask for a class, nobody suggests one, or the case has one."""
    advice = advice_on(view.graph.type)
    if advice is None or form is None or view.state.data.get(advice.field):
        return None
    field = form.form.by_key.get(advice.field)
    return _asked(view, advice, field) if isinstance(field, Listed) else None


def _asked(view: CaseView, advice: Advice, field: Listed) -> Suggested:
    said = advice.advisor.function(view.state.data, now())
    known = entries(field.source)
    codes = [code for code in (said.get("class_code"), *said.get("others", ())) if code in known]
    choices = tuple((code, known[code].title) for code in codes[:MOST])
    fits = bool(codes) and codes[0] == said.get("class_code")
    return Suggested(
        advice.field, choices, choices[0][1] if fits else "", min(99, round(float(said.get("confidence") or 0) * 100)),
        fits and bool(said.get("is_sure")),
    )  # fmt: skip


def with_picked(
    request: HttpRequest, view: CaseView, form: CompiledForm, rights: dict[str, str] | None
) -> SafeString | None:
    """The form again with what was filled in and the class of the pressed button; None when none was pressed."""
    found = suggested(view, form) if PICKED in request.POST else None
    if found is None:
        return None
    key, data = request.session.session_key, view.state.data
    posted = form.parse_post(
        request.POST, request.FILES, actor=view.actor, session_key=key, rights=rights, previous=data
    )
    values: dict[str, Any] = {**posted.data, found.field: request.POST[PICKED]}
    return form.render(request, values, (), rights, data, sees_personal=view.sees_personal)
