"""Refusals turned into what a form shows: a sentence beside each field, and their summary."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from yiwang.kernel.errors import InvalidInput, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.feedback import ErrorSummary


class Faults:
    """The faults of one form. Falsy when there are none."""

    def __init__(self, by_field: Mapping[str, str] | None = None, status: int = 200) -> None:
        self.by_field, self.status = dict(by_field or {}), status

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def of(self, name: str) -> str:
        """The sentence beside this field, '' when it is fine."""
        return self.by_field.get(name, "")

    @property
    def summary(self) -> ErrorSummary | None:
        """All of them, each a link to its field."""
        return ErrorSummary(errors=tuple(self.by_field.items())) if self.by_field else None


def faults_of(error: UserError, field: str = "") -> Faults:
    """The faults of a refusal; one without fields is shown at `field`."""
    if isinstance(error, InvalidInput) and error.errors:
        return Faults({one["path"]: gettext(one["message"]) for one in error.errors}, error.status)
    return Faults({field: joined(gettext(error.message), gettext(error.next_step))}, error.status)
