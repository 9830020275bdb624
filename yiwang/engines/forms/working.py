"""The form at work: validation, parsing of what a browser sent, rendering for input and for reading."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.compiled import Checked, CheckedForm, Data, Rights
from yiwang.engines.forms.ownership import foreign_files
from yiwang.engines.forms.spec import Form


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
