"""Draws a form on the server. The page owns the `<form>` element, its token and buttons; this draws what is inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from yiwang.engines.forms.compiled import CheckedForm, Data, Plan
from yiwang.engines.forms.controls import (
    LINES,
    RADIO_LIMIT,
    Control,
    anchor,
    choice_options,
    control_values,
)
from yiwang.engines.forms.field_words import Choice, DivisionField, Field, Group, Listed
from yiwang.engines.forms.lookups import map_address
from yiwang.engines.forms.messages import FieldError
from yiwang.engines.forms.offering import division_options, listed_options
from yiwang.engines.forms.ruling import Ruling
from yiwang.engines.forms.showing import Showing, showing_for

_ONE_INPUT = LINES | {"long_text", "division", "listed", "photo", "file"}
_FIRST_PARTS = {"place": "address", "party": "name"}
_TEMPLATES = dict.fromkeys(LINES, "control_line") | {
    "photo": "control_files", "file": "control_files", "listed": "control_division",
}  # fmt: skip


def drawn(template: str, values: dict[str, Any]) -> SafeString:
    """The template's markup; templates are compiled once and kept by Django's loader."""
    engine_template: Any = get_template(f"forms/{template}.html")
    return SafeString(engine_template.template.render(Context(values)))


class Drawing:
    """One form on one page: values, errors, and what conditions hide or offer just now."""

    def __init__(
        self, form: CheckedForm, plan: Plan, values: Mapping[str, Any], errors: Iterable[FieldError], is_clear: bool
    ) -> None:
        self.form, self.plan, self.is_clear = form.form, plan, is_clear
        self.ruling, self.blanks = form.ruling, form.blanks
        self.values: Data = {key: _copied(value) for key, value in values.items()}
        self.errors = {error.path: error for error in errors}
        self.hidden: set[str] = set()
        self.context: Data = {}
        if self.ruling.has_rules:
            self.context = self.ruling.context(self.values)
            self.ruling.settle(self.values, self.context, self.hidden)

    @cached_property
    def showing(self) -> Showing:
        return showing_for(self.form, self.values, self.is_clear)

    def draw(self, request: HttpRequest | None, page: int | None = None) -> SafeString:
        """The whole form without sections of which nothing may be seen, or section number `page` of a paged one."""
        seen = (one for one in self._sections() if not self.plan.visible.isdisjoint(one[2]))
        sections = list(seen) if page is None else [self._sections()[page]]
        return drawn(
            "form",
            {
                "form": self.form,
                "direction": gettext(self.form.direction) if self.form.direction and not page else "",
                "sections": [
                    (gettext(title) if title else "", gettext(hint) if hint else "", self._fields(keys))
                    for title, hint, keys in sections
                ],
                "summary": self._summary(),
                "is_live": self.ruling.has_rules and bool(self.plan.writable),
                "towns_url": map_address("town"),
                "villages_url": map_address("village"),
            },
        )

    def _sections(self) -> list[tuple[str, str, list[str]]]:
        placed = {key for section in self.form.sections for key in section.fields}
        found = [(section.title, section.hint, list(section.fields)) for section in self.form.sections]
        rest = [key for key in self.form.by_key if key not in placed]
        return [*found, ("", "", rest)] if rest else found

    def _summary(self) -> list[tuple[str, str]]:
        """Where each error's link leads and what it says; in a group the row is named too."""
        found = []
        for error in self.errors.values():
            steps = error.path.split(".")
            group = self.form.by_key.get(steps[0])
            text = error.message_zh
            if len(steps) == 3 and isinstance(group, Group):
                text = f"{gettext(group.item_title or group.title)} {int(steps[1]) + 1}：{text}"
            found.append((anchor(error.path) + self._part(steps, error.part), text))
        return found

    def _part(self, steps: list[str], part: str) -> str:
        item = self.form.by_key.get(steps[0])
        if isinstance(item, Group) and len(steps) == 3:
            item = next((child for child in item.fields if child.key == steps[2]), None)
        first = part or (_FIRST_PARTS.get(item.kind, "") if item else "")
        return f"-{first}" if first else ""

    def _fields(self, keys: Iterable[str]) -> list[SafeString]:
        found = []
        for key in keys:
            if key in self.plan.visible and key not in self.hidden:
                item = self.form.by_key[key]
                can_write = key in self.plan.writable
                found.append(self.field(item, key, self.values, self.context, can_write, self.ruling))
        return found

    def field(
        self, item: Field, path: str, values: Mapping[str, Any], context: Data, can_write: bool, ruling: Ruling
    ) -> SafeString:
        """One field with its label, hint, error and control."""
        control = Control(item, path, values.get(item.key), self.errors.get(path))
        if not can_write or item.computed:
            control.shown = self.showing.show(item, control.value)
            return drawn("field_read", {"c": control})
        if isinstance(item, Group):
            return self._group(control, item, context, ruling)
        if control.value is not None or control.error or item.kind in ("division", "listed") or _is_live(item):
            return self._asked(control, values, context, ruling)
        key = (path, get_language() or "")
        if key not in self.blanks:
            self.blanks[key] = self._asked(control, values, context, ruling)
        return self.blanks[key]

    def _asked(self, control: Control, values: Mapping[str, Any], context: Data, ruling: Ruling) -> SafeString:
        item, path = control.field, control.path
        if isinstance(item, Choice):
            above = next((one for one in _level(self.form.by_key, path) if one.key == item.parent), None)
            offered = ruling.offered(item, values, context)
            control.options = choice_options(control, item, offered, above if isinstance(above, Choice) else None)
        elif isinstance(item, DivisionField):
            control.offered = division_options(item, control.value)
        elif isinstance(item, Listed):
            control.offered = listed_options(item, control.value)
        return self._wrapped(control)

    def _wrapped(self, control: Control) -> SafeString:
        item, kind = control.field, control.field.kind
        is_folded = isinstance(item, Choice) and not item.multiple and _is_long(control, item)
        values = {"c": control, "item": item, "is_folded": is_folded} | control_values(control)
        if kind in ("photo", "file", "signature"):
            values["files"] = self._links(control)
        control.shown = drawn(_TEMPLATES.get(kind, f"control_{kind}"), values)
        is_single = kind in _ONE_INPUT or is_folded
        return drawn("field", {"c": control, "is_single": is_single, "is_live": _is_live(item)})

    def _links(self, control: Control) -> list[tuple[str, SafeString]]:
        value = control.value
        ids = [value["picture"]] if isinstance(value, dict) and "picture" in value else value
        return [(one, self.showing.link(one)) for one in ids] if isinstance(ids, list) else []

    def _group(self, control: Control, group: Group, context: Data, ruling: Ruling) -> SafeString:
        rule = next((rule for rule in ruling.order + ruling.late if rule.key == group.key), None)
        inner = rule.rows if rule and rule.rows else Ruling("", ())
        rows = [row for row in control.value or () if isinstance(row, dict)]
        while len(rows) < group.at_least:
            rows.append({})
        drawn_rows = [(number, self._row(group, row, str(number), context, inner)) for number, row in enumerate(rows)]
        blank = self._row(group, {}, "__row__", context, inner) if len(rows) < group.at_most else []
        title = gettext(group.item_title or group.title)
        return drawn("group", {"c": control, "group": group, "rows": drawn_rows, "blank": blank, "row_title": title})

    def _row(self, group: Group, row: Data, number: str, outer: Data, inner: Ruling) -> list[SafeString]:
        context = inner.context(row, outer) if inner.has_rules else outer
        prefix = f"{group.key}.{number}"
        return [
            self.field(item, f"{prefix}.{item.key}", row, context, True, inner)
            for item in group.fields
            if f"{prefix}.{item.key}" not in self.hidden
        ]


def _copied(value: Any) -> Any:
    return [dict(row) if isinstance(row, dict) else row for row in value] if isinstance(value, list) else value


def _level(top: Mapping[str, Field], path: str) -> Iterable[Field]:
    steps = path.split(".")
    group = top[steps[0]]
    return group.fields if len(steps) > 1 and isinstance(group, Group) else top.values()


def _is_long(control: Control, item: Choice) -> bool:
    return item.searchable or bool(item.parent) or sum(len(views) for _, _, views in control.options) > RADIO_LIMIT


def _is_live(item: Field) -> bool:
    return bool(item.computed or getattr(item, "options_when", ""))
