"""The form at work: validation, parsing of what a browser sent, rendering for input and for reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.compiled import Checked, CheckedForm, Data, Rights
from yiwang.engines.forms.explaining import in_order
from yiwang.engines.forms.messages import FieldError
from yiwang.engines.forms.ownership import foreign_files, named_files
from yiwang.engines.forms.parsing import Posted, parse_post
from yiwang.engines.forms.rendering import Drawing
from yiwang.engines.forms.showing import showing_for
from yiwang.engines.forms.spec import Form
from yiwang.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Submission:
    """The outcome of a POST. `is_accepted`: `data` is clean and may be handed on; else `html` is the form again."""

    is_accepted: bool
    data: Data
    errors: list[FieldError]
    html: SafeString
    status: int = 200
    """HTTP status of the page: 422 with errors, 200 when the form was only refreshed."""


class CompiledForm(CheckedForm):
    """Made by `compile_form`. The one object other engines and pages hold of a form."""

    def accept(
        self,
        data: Any,
        *,
        actor: Actor,
        session_key: str | None = "",
        rights: Rights | None = None,
        previous: Data | None = None,
    ) -> Checked:
        """`validate`, and see that every attachment is the actor's own fresh upload or stood there before."""
        checked = self.validate(data, rights=rights, previous=previous)
        errors = foreign_files(self.form, checked, previous or {}, actor, session_key)
        known = {error.path for error in checked.errors}
        checked.errors.extend(error for error in errors if error.path not in known)
        return checked

    def parse_post(
        self,
        post: QueryDict,
        files: MultiValueDict[str, Any],
        *,
        actor: Actor,
        session_key: str | None = "",
        rights: Rights | None = None,
        previous: Data | None = None,
    ) -> Posted:
        """What a browser sent, as data; uploads are stored and stand as ids. Fields one may not write are not read."""
        plan = self.plan(rights)
        return parse_post(self.form, plan, post, files, actor=actor, session_key=session_key, previous=previous)

    def submit(
        self,
        request: HttpRequest,
        *,
        actor: Actor,
        rights: Rights | None = None,
        previous: Data | None = None,
        page: int | None = None,
    ) -> Submission:
        """Parse, check and, when something is wrong or was only refreshed, draw the form again: all a page needs.

        `page` is the section drawn, as in `render`; give `rights` that hide the fields of the others.
        """
        if self.needs_uploads and actor.is_anonymous and not request.session.session_key:
            request.session.create()
        key = request.session.session_key
        posted = self.parse_post(
            request.POST, request.FILES, actor=actor, session_key=key, rights=rights, previous=previous
        )
        if not posted.is_final:
            errors = posted.errors
            html = self.render(request, posted.data, errors, rights, previous, page=page)
            return Submission(False, posted.data, errors, html)
        checked = self.accept(posted.data, actor=actor, session_key=key, rights=rights, previous=previous)
        errors = in_order(self.form, [*posted.errors, *checked.errors])
        if errors:
            html = self.render(request, posted.data, errors, rights, previous, page=page)
            return Submission(False, posted.data, errors, html, InvalidInput.status)
        return Submission(True, checked.clean, [], SafeString(""))

    def render(
        self,
        request: HttpRequest | None,
        values: Mapping[str, Any] | None = None,
        errors: Iterable[FieldError] = (),
        rights: Rights | None = None,
        previous: Mapping[str, Any] | None = None,
        *,
        page: int | None = None,
        sees_personal: bool = True,
    ) -> SafeString:
        """The inside of a `<form method="post" novalidate>` (multipart when `needs_uploads`): summary and fields.

        `values` are JSON data, or what `parse_post` gave back; `previous` fills the fields one may only read. `page`
        draws one section of a paged form.
        """
        plan = self.plan(rights)
        kept = {key: value for key, value in (previous or {}).items() if key in plan.kept}
        return Drawing(self, plan, {**kept, **(values or {})}, errors, sees_personal).draw(request, page)

    def display(
        self, values: Mapping[str, Any], rights: Rights | None = None, *, sees_personal: bool = False
    ) -> list[tuple[str, SafeString]]:
        """(title, markup) of every field one may see that has a value and is not hidden by its condition."""
        plan = self.plan(rights)
        own = {key: values[key] for key in self.form.by_key if key in values and key in plan.visible}
        showing = showing_for(self.form, own, sees_personal)
        fields = ((self.form.by_key[key], one) for key, one in own.items())
        return [(gettext(item.title), showing.show(item, one)) for item, one in fields]

    def attachment_ids(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Ids of all attachments the data names, for `attach`."""
        return tuple(dict.fromkeys(one for _, _, one in named_files(self.form, data)))

    @cached_property
    def needs_uploads(self) -> bool:
        """Whether the form element must be multipart."""
        return any(item.kind in ("photo", "file", "signature") for _, item in self.form.walk())

    @property
    def encoding(self) -> str:
        """The enctype of the form element."""
        return "multipart/form-data" if self.needs_uploads else "application/x-www-form-urlencoded"


@lru_cache(maxsize=2048)
def _by_content(form: Form) -> CompiledForm:
    return CompiledForm(form)


def compile_form(form: Form) -> CompiledForm:
    """The form ready for work, kept by its content; SpecError for a FEEL fault, an unknown name or a circle."""
    compiled: CompiledForm | None = form.__dict__.get("_compiled")
    if compiled is None:
        compiled = _by_content(form)
        # Hashing a form of 25 fields costs more than validating its data, so the form remembers the answer.
        object.__setattr__(form, "_compiled", compiled)
    return compiled
