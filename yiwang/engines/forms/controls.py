"""What a template needs to draw one field: ids, names, current text, errors, options on offer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.engines.forms.field_words import Choice, Field, Number, Option, Text
from yiwang.engines.forms.messages import FieldError
from yiwang.engines.forms.offering import option_markup, under_heading
from yiwang.engines.forms.recognising import KIND_TITLES
from yiwang.engines.forms.schema import must_have

RADIO_LIMIT = 6
"""Up to this many options stand open as radio buttons; longer lists fold into a select."""
LINES = frozenset({"text", "number", "money", "date", "date_time"})
"""Kinds asked in one line."""
_ACCEPT = {
    "image": "image/jpeg,image/png,image/webp,image/gif",
    "pdf": ".pdf,.ofd",
    "office": ".doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.odt,.ods",
    "zip": ".zip",
    "text": ".txt,.csv",
}
_TYPES = {"date": "date", "date_time": "datetime-local"}
_CONTENT = {
    "phone": {"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
    "email": {"type": "email", "inputmode": "email", "autocomplete": "email"},
    "postal_code": {"inputmode": "numeric", "autocomplete": "postal-code"},
    "resident_id": {"autocapitalize": "characters", "spellcheck": "false"},
    "credit_code": {"autocapitalize": "characters", "spellcheck": "false"},
}
_SIZES = {"phone": "input-medium", "postal_code": "input-short", "resident_id": "input-medium"}


def anchor(path: str) -> str:
    """The element id of a field's first input."""
    return "f-" + path.replace(".", "-")


@dataclass(slots=True)
class Control:
    """One field on the page. `path` is dotted, `name` with hyphens; `value` is JSON or the text as typed."""

    field: Field
    path: str
    value: Any
    error: FieldError | None = None
    options: list[tuple[str, str, list[OptionView]]] = dataclasses.field(default_factory=list)
    rows: list[Any] = dataclasses.field(default_factory=list)
    offered: SafeString | None = None
    """The options of a list that is kept drawn; None where `options` has them."""
    shown: SafeString | str = ""

    @property
    def name(self) -> str:
        return self.path.replace(".", "-")

    @property
    def id(self) -> str:
        return anchor(self.path)

    @property
    def title(self) -> str:
        return gettext(self.field.title)

    @property
    def hint(self) -> str:
        return gettext(self.field.hint) if self.field.hint else ""

    @property
    def example(self) -> str:
        return gettext(self.field.example)

    @property
    def is_optional(self) -> bool:
        return not (must_have(self.field) or self.field.required or self.field.required_when)

    @property
    def part(self) -> str:
        return self.error.part if self.error else ""

    @property
    def described_by(self) -> str:
        """Ids of hint, limits and error, for aria-describedby."""
        ids = [f"{self.id}-hint"] if self.field.hint or self.field.example else []
        ids += [f"{self.id}-limits"] if self.field.kind in ("photo", "file") else []
        return " ".join([*ids, f"{self.id}-error"] if self.error else ids)

    def attributes(self, part: str = "", **more: Any) -> SafeString:
        """What inputs share: id, name, description, error state; `part` is the input inside the field."""
        suffix = f"-{part}" if part else ""
        found = {"id": self.id + suffix, "name": self.name + suffix, "aria-describedby": self.described_by} | more
        if self.error and self.part in ("", part):
            found["aria-invalid"] = "true"
        return joined(found)

    @property
    def common(self) -> SafeString:
        return self.attributes()

    @property
    def folded_options(self) -> SafeString:
        """The options inside a select. Joined here: a template walking a hundred of them is most of a page's time."""
        if self.offered is not None:
            return self.offered
        return SafeString("".join(_folded(under, group, views) for under, group, views in self.options))


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option on offer."""

    key: str
    title: str
    is_chosen: bool
    id: str


def _folded(under: str, group: str, views: Iterable[OptionView]) -> str:
    lines = "".join(option_markup(one.key, one.title, is_chosen=one.is_chosen) for one in views)
    return under_heading(group, lines, f' data-under="{escape(under)}"' if under else "")


def joined(attributes: Mapping[str, Any]) -> SafeString:
    """Attributes as escaped markup; empty ones are left out."""
    return format_html_join(
        "", ' {}="{}"', ((key, value) for key, value in attributes.items() if value not in ("", None))
    )


def line_attributes(control: Control) -> SafeString:
    """Attributes of a one-line input, with the keyboard and the autocomplete of its content."""
    item = control.field
    more: dict[str, Any] = {"type": _TYPES.get(item.kind, "text")}
    if isinstance(item, Text):
        more |= {"maxlength": item.max_length} | _CONTENT.get(item.content, {})
        more["autocomplete"] = item.autocomplete or more.get("autocomplete", "")
    if isinstance(item, Number):
        more |= {"inputmode": "decimal" if item.decimals else "numeric", "autocomplete": "off"}
    return control.attributes(**more)


def line_value(control: Control) -> str:
    """What stands in a one-line input."""
    value = control.value
    if value is None:
        return ""
    if control.field.kind == "date_time" and isinstance(value, str):
        return value[:16]
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def size_of(item: Field) -> str:
    """The width class of a one-line input, after what it holds."""
    if isinstance(item, Number):
        return "input-medium input-figures"
    if item.kind in ("date", "date_time"):
        return "input-medium"
    if isinstance(item, Text):
        return _SIZES.get(item.content, "input-short" if item.max_length <= 8 else "")
    return ""


def choice_options(
    control: Control, item: Choice, offered: frozenset[str] | None, above: Choice | None
) -> list[tuple[str, str, list[OptionView]]]:
    """Options on offer as (key, title, options) of each option of the choice above, or in one nameless group."""
    chosen = control.value if isinstance(control.value, list) else [control.value]
    listed = [option for option in item.listed if offered is None or option.key in offered or option.key in chosen]
    views = [_option_view(control, option, chosen) for option in listed]
    if above is None:
        return [("", "", views)]
    titles = {option.key: option.title for option in above.listed}
    pairs = sorted(zip(listed, views, strict=True), key=lambda pair: list(titles).index(pair[0].parent))
    grouped = groupby(pairs, key=lambda pair: pair[0].parent)
    return [(key, gettext(titles[key]), [view for _, view in group]) for key, group in grouped]


def _option_view(control: Control, option: Option, chosen: Iterable[Any]) -> OptionView:
    return OptionView(option.key, gettext(option.title), option.key in chosen, f"{control.id}-{option.key}")


def control_values(control: Control) -> dict[str, Any]:
    """What the template of this kind of field needs beyond the control itself."""
    if control.field.kind in LINES:
        size = size_of(control.field)
        return {"attributes": line_attributes(control), "text": line_value(control), "size": size}
    build = _VALUES.get(control.field.kind)
    return build(control) if build else {}


def _place_values(control: Control) -> dict[str, Any]:
    value = control.value if isinstance(control.value, dict) else {}
    parts = ("longitude", "latitude", "address")
    found = {part: "" if value.get(part) is None else value[part] for part in parts}
    found |= {part: repr(one) for part, one in found.items() if isinstance(one, float)}
    return found | {f"{part}_attributes": control.attributes(part) for part in parts}


def _party_values(control: Control) -> dict[str, Any]:
    value = control.value if isinstance(control.value, dict) else {}
    party = getattr(control.field, "party", "person")
    names = {"person": gettext("姓名"), "firm": gettext("单位名称"), "either": gettext("姓名或单位名称")}
    numbers = {
        "person": gettext("身份证号码"),
        "firm": gettext("统一社会信用代码"),
        "either": gettext("身份证号码或统一社会信用代码"),
    }
    return {
        "value": value,
        "kind": value.get("kind", ""),
        "name_title": names[party],
        "number_title": numbers[party],
        "name_attributes": control.attributes("name"),
        "number_attributes": control.attributes("id_number"),
        "phone_attributes": control.attributes("phone"),
    }


def _file_values(control: Control) -> dict[str, Any]:
    kinds, limit = getattr(control.field, "kinds", ("image",)), settings.YIWANG["YIWANG_UPLOAD_LIMIT"]
    accept = ",".join(_ACCEPT[kind] for kind in kinds)
    titles = gettext("、").join(gettext(KIND_TITLES[kind]) for kind in kinds)
    return {"accept": accept, "limit": limit, "megabytes": max(1, limit // 1_048_576), "titles": titles}


_VALUES: dict[str, Callable[[Control], dict[str, Any]]] = {
    "place": _place_values,
    "party": _party_values,
    "photo": _file_values,
    "file": _file_values,
    "signature": lambda control: {"value": control.value if isinstance(control.value, dict) else {}},
}
