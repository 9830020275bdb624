"""Components that tell people something: notices, empty states, errors, dialogs, confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext

from yiwang.ui.components.base import Component, check_tone, component
from yiwang.ui.components.simple import Button

_LEVELS = {"error": "danger", "info": "accent", "debug": "neutral"}
_ICONS = {"success": "check", "warning": "alert", "danger": "alert"}


@component("notice")
@dataclass(frozen=True, kw_only=True)
class Notice(Component):
    """A message that stays on the page. `tone` also takes the level names of Django's messages."""

    text: object
    tone: str = "accent"
    title: str = ""
    next_step: str = ""
    actions: Sequence[Component] = ()

    template: ClassVar[str] = "ui/components/notice.html"

    def __post_init__(self) -> None:
        object.__setattr__(self, "tone", _LEVELS.get(self.tone, self.tone) or "accent")
        check_tone(f"Notice '{self.text}'", self.tone)

    @property
    def icon(self) -> str:
        return _ICONS.get(self.tone, "info")


@component("toast")
@dataclass(frozen=True, kw_only=True)
class Toast(Component):
    """A passing message in the corner. The page's script shows the same markup for failed requests."""

    text: str
    tone: str = "success"
    next_step: str = ""

    template: ClassVar[str] = "ui/components/toast.html"

    @property
    def icon(self) -> str:
        return _ICONS.get(self.tone, "info")


@component("empty")
@dataclass(frozen=True, kw_only=True)
class EmptyState(Component):
    """Nothing to show: says why, and what to do."""

    title: str
    text: str = ""
    icon: str = "inbox"
    action: Component | None = None

    template: ClassVar[str] = "ui/components/empty.html"


@component("error_summary")
@dataclass(frozen=True, kw_only=True)
class ErrorSummary(Component):
    """All errors of a form at its top, each a link to its field: (id of the control, message)."""

    errors: Sequence[tuple[str, str]]
    title: str = ""
    takes_focus: bool = True

    template: ClassVar[str] = "ui/components/error_summary.html"

    @property
    def heading(self) -> str:
        return self.title or gettext("填写的内容有误")


@component("dialog")
@dataclass(frozen=True, kw_only=True)
class Dialog(Component):
    """A native dialog, opened by any button with `data-dialog="<key>"`."""

    key: str
    title: str
    body: object = ""
    actions: Sequence[Component] = ()

    template: ClassVar[str] = "ui/components/dialog.html"


@component("confirm")
@dataclass(frozen=True, kw_only=True)
class Confirm(Component):
    """Asks before an act, with a reason when `reason` is not "none" ("optional" or "required").

    Posts `reason` and `values` to `action`. A closed dialog is nothing without JavaScript: let what opens it be a link
    (with `data-dialog`) to a page that asks the same.
    """

    key: str
    title: str
    action: str
    text: str = ""
    button: str = ""
    is_danger: bool = False
    reason: str = "none"
    reason_title: str = ""
    reasons: Sequence[str] = ()
    values: dict[str, object] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)

    template: ClassVar[str] = "ui/components/confirm.html"

    @property
    def submit(self) -> Button:
        return Button(text=self.button or gettext("确定"), kind="danger" if self.is_danger else "primary")

    @property
    def reason_label(self) -> str:
        return self.reason_title or gettext("理由")
