"""Fields of hand-written forms: one label, one hint, one error, tied to the control for screen readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.safestring import SafeString

from yiwang.ui.components.base import Component, component, html_attributes


@component("field")
@dataclass(frozen=True, kw_only=True)
class Field(Component):
    """A text input. `name` is also the id, so an `ErrorSummary` links to it; `width` is short, medium, wide or ''."""

    name: str
    label: str
    type: str = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    width: str = "medium"
    is_optional: bool = False
    attributes: Mapping[str, object] = field(default_factory=dict)

    template: ClassVar[str] = "ui/components/field.html"

    @property
    def control(self) -> SafeString:
        """The attributes of the control itself. A password is never written back into the page."""
        shown = None if self.type == "password" else self.value or None
        values: dict[str, object] = {"id": self.name, "name": self.name, "type": self.type, "value": shown}
        return html_attributes({**values, **_described(self.name, self.hint, self.error), **self.attributes})


@component("choice")
@dataclass(frozen=True, kw_only=True)
class Choice(Component):
    """A drop-down list of (value, title)."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str = ""
    hint: str = ""
    error: str = ""
    is_optional: bool = False

    template: ClassVar[str] = "ui/components/choice.html"

    @property
    def control(self) -> SafeString:
        return html_attributes({"id": self.name, "name": self.name, **_described(self.name, self.hint, self.error)})


@component("check")
@dataclass(frozen=True, kw_only=True)
class Check(Component):
    """One box to tick, with a hint under its label."""

    name: str
    label: str
    hint: str = ""
    is_checked: bool = False

    template: ClassVar[str] = "ui/components/check.html"


def _described(name: str, hint: str, error: str) -> dict[str, object]:
    parts = [f"{name}-hint"] * bool(hint) + [f"{name}-error"] * bool(error)
    return {"aria_invalid": "true" if error else None, "aria_describedby": " ".join(parts) or None}
