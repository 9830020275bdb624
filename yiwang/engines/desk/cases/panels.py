"""The panel in which one verb is prepared: its form, what it carries along unseen, and the button that does it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from yiwang.engines.cases.api import CaseView, TaskView, form_of
from yiwang.engines.desk.cases import verb_forms
from yiwang.engines.desk.cases.suggesting import Suggested, suggested
from yiwang.engines.forms.api import CompiledForm, FieldError
from yiwang.engines.forms.spec import Form
from yiwang.engines.processes.api import VERBS, GraphNode

WORK = "complete"
"""The verb of doing a task; its form is the task's own."""
_REMARKS: dict[str, SafeString] = {}


@dataclass(frozen=True, slots=True)
class Panel:
    """`token` 0 is the whole case; `seen` the length of history on this page; `node` tells whose form it is."""

    verb: str
    title: str
    hint: str
    token: int
    node: str
    seen: int
    html: SafeString
    encoding: str
    button: str
    is_danger: bool
    is_own: bool
    """Whether it stands in a task's place as its work, and so has no way to close it."""
    suggested: Suggested | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a verb asks of an actor: the form (None: one press is enough), and the task's rights and data for it."""

    form: CompiledForm | None
    rights: dict[str, str] | None
    previous: dict[str, object] | None


def asked_by(view: CaseView, verb: str, task: TaskView | None, node: GraphNode | None) -> Asked:
    """The form of the task itself for its work, a verb's own small form otherwise."""
    if verb != WORK:
        return Asked(verb_forms.form_for(view, verb, task), None, None)
    node = task.node if task is not None else node
    key = node.raw.get("form") if node is not None else None
    if node is None or key is None:
        return Asked(None, None, None)
    return Asked(form_of(view.graph, key), node.raw.get("rights"), view.state.data)


def panel_of(
    request: HttpRequest, view: CaseView, verb: str, task: TaskView | None, html: SafeString | None = None
) -> Panel:
    """The panel; `html` is a form already drawn, with what a person typed and the errors in it."""
    asked = asked_by(view, verb, task, None)
    advised = suggested(view, asked.form) if verb == WORK else None
    if html is None and asked.form is not None:
        html = _fresh(request, view, verb, task, asked, advised)
    is_work = verb in (WORK, "sign")
    title = gettext(task.node.title) if task is not None and is_work else gettext(VERBS[verb].title)
    return Panel(
        verb, title, _hint(verb, task), task.no if task is not None else 0, task.node.key if task is not None else "",
        view.case.sequence, html or SafeString(""), asked.form.encoding if asked.form is not None else "",
        gettext("提交") if is_work else gettext("确定%(verb)s") % {"verb": gettext(VERBS[verb].title)},
        verb in verb_forms.DANGEROUS, is_work, advised,
    )  # fmt: skip


def _fresh(
    request: HttpRequest, view: CaseView, verb: str, task: TaskView | None, asked: Asked, advised: Suggested | None
) -> SafeString:
    assert asked.form is not None
    if verb == "comment":  # The same empty form on every page.
        language = get_language() or ""
        if language not in _REMARKS:
            _REMARKS[language] = asked.form.render(request)
        return _REMARKS[language]
    if verb != WORK:
        return asked.form.render(request, verb_forms.first_values(verb, task))
    values = _own_values(asked.form, view.state.data) | (advised.first if advised else {})
    return asked.form.render(request, values, (), asked.rights, asked.previous, sees_personal=view.sees_personal)


def _own_values(form: CompiledForm, data: dict[str, object]) -> dict[str, object]:
    """What the case already has for a step done before: the second visit begins where the first ended."""
    return {key: data[key] for key in form.form.by_key if key in data}


def _hint(verb: str, task: TaskView | None) -> str:
    if verb in ("extend", "refuse_extension") and task is not None and task.extension:
        return gettext("办理人申请延长 %(amount)s。") % {"amount": task.extension["amount"]}
    if verb in ("defer", "refuse_deferral") and task is not None and task.deferral:
        return gettext("办理人申请挂账至 %(day)s。") % {"day": task.deferral["until"]}
    return ""


def with_errors(
    request: HttpRequest, asked: Asked, values: dict[str, object], errors: Iterable[FieldError]
) -> SafeString:
    """The form again with what was typed and what the step said of it."""
    assert asked.form is not None
    return asked.form.render(request, values, errors, asked.rights, asked.previous)


def field_errors(form: Form, errors: Iterable[dict[str, str]]) -> list[FieldError]:
    """The step's errors at the fields of this form; one it does not have is put at its first field."""
    first = form.fields[0].key
    renamed = {"text": "remark"} if form.key == "verb_comment" else {}
    paths = ((renamed.get(error["path"], error["path"]), error) for error in errors)
    return [
        FieldError(path if path.split(".")[0] in form.by_key else first, error["code"], error["message"])
        for path, error in paths
    ]
