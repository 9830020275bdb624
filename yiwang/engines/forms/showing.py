"""A field's value as people read it: escaped, in Chinese forms of date and money, masked where rights demand it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from yiwang.engines.forms import lookups
from yiwang.engines.forms.field_words import Choice, Field, Group, Number
from yiwang.engines.forms.models import Attachment
from yiwang.engines.forms.ownership import named_files
from yiwang.engines.forms.selectors import attachments_named
from yiwang.engines.forms.spec import Form
from yiwang.kernel.clock import CHINA

Files = Mapping[str, Attachment]
NOTHING = mark_safe('<span class="value-none">—</span>')


def masked(text: str) -> str:
    """The first and last characters with stars between: 1380****000, 张*."""
    if len(text) <= 2:
        return f"{text[:1]}*"
    head = 3 if len(text) >= 7 else 1
    tail = 4 if len(text) >= 11 else 1
    return f"{text[:head]}{'*' * max(1, len(text) - head - tail)}{text[-tail:]}"


class Showing:
    """Shows values of one form. `sees_personal`: whether the reader may see personal data in clear."""

    def __init__(self, files: Files, sees_personal: bool) -> None:
        self.files, self.sees_personal = files, sees_personal

    def show(self, field: Field, value: Any) -> SafeString:
        """The value's markup; a dash when there is none."""
        if value is None or value in ("", [], {}):
            return NOTHING
        try:
            return self._shown(field, value)
        except (TypeError, ValueError, KeyError, AttributeError, InvalidOperation):
            return escape(str(value))  # data of an older version of the form: shown as it is stored

    def _shown(self, field: Field, value: Any) -> SafeString:
        if field.kind in ("photo", "file"):
            return self._files(value)
        if field.kind == "party":
            return self._party(value)
        if field.kind == "signature":
            return self._signature(value)
        if isinstance(field, Group):
            return self._rows(field, value)
        if field.personal and not self.sees_personal:
            return escape(masked(str(value)))
        return _PLAIN.get(field.kind, _text)(field, value)

    def _files(self, ids: Iterable[str]) -> SafeString:
        links = format_html_join("", '<li class="attachment">{}</li>', ((self.link(one),) for one in ids))
        return format_html('<ul class="attachments">{}</ul>', links)

    def link(self, one: str) -> SafeString:
        """A link to the file, with a small picture where it is one."""
        file = self.files.get(one)
        if file is None:
            return escape(gettext("附件已不存在"))
        url = reverse("forms:attachment", args=[one])
        if not file.is_picture:
            size = f"{max(1, file.size // 1024)} KB"
            return format_html('<a href="{}">{}</a> <span class="attachment-size">{}</span>', url, file.name, size)
        return format_html(
            '<a href="{0}" class="attachment-picture"><img src="{0}?small" alt="{1}" loading="lazy" width="96" '
            'height="96"></a>',
            url,
            file.name,
        )

    def _party(self, value: Mapping[str, Any]) -> SafeString:
        clear = self.sees_personal
        number = value.get("id_masked") or _shielded(value.get("id_number", ""), clear)
        phone = value.get("phone_masked") or _shielded(value.get("phone", ""), clear)
        name = value.get("name", "") if clear or value.get("kind") == "firm" else masked(value.get("name", ""))
        parts = ((part,) for part in (name, number, phone) if part)
        return format_html('<span class="party">{}</span>', format_html_join(" ", "<span>{}</span>", parts))

    def _signature(self, value: Mapping[str, Any]) -> SafeString:
        if "typed" in value:
            name = value["typed"] if self.sees_personal else masked(value["typed"])
            return format_html("{} <small>{}</small>", name, gettext("（键入姓名并确认）"))
        return self.link(value["picture"])

    def _rows(self, group: Group, rows: Iterable[Mapping[str, Any]]) -> SafeString:
        head = format_html_join("", '<th scope="col">{}</th>', ((gettext(item.title),) for item in group.fields))
        cells = (
            (format_html_join("", "<td>{}</td>", ((self.show(item, row.get(item.key)),) for item in group.fields)),)
            for row in rows
        )
        body = format_html_join("", "<tr>{}</tr>", cells)
        return format_html(
            '<div class="table-scroll"><table class="table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
            head,
            body,
        )


def _shielded(text: str, clear: bool) -> str:
    return text if clear or not text else masked(text)


def _text(field: Field, value: Any) -> SafeString:
    return escape(str(value))


def _long_text(field: Field, value: Any) -> SafeString:
    return mark_safe(linebreaks(str(value), autoescape=True))


def _number(field: Field, value: Any) -> SafeString:
    unit = field.unit if isinstance(field, Number) else ""
    number = Decimal(str(value))
    return escape(f"{number:,f} {gettext(unit) if unit else ''}".strip())


def _day(field: Field, value: str) -> SafeString:
    day = date.fromisoformat(value)
    return format_html('<time datetime="{}">{}</time>', value, date_format(day, "DATE_FORMAT"))


def _instant(field: Field, value: str) -> SafeString:
    at = datetime.fromisoformat(value).astimezone(CHINA)
    text = f"{date_format(at, 'DATE_FORMAT')} {at:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', value, text)


def _boolean(field: Field, value: bool) -> SafeString:
    return escape(gettext("是") if value else gettext("否"))


def _choice(field: Field, value: Any) -> SafeString:
    titles = {option.key: option.title for option in field.listed} if isinstance(field, Choice) else {}
    chosen = value if isinstance(value, list) else [value]
    return escape(gettext("、").join(gettext(titles[item]) if item in titles else str(item) for item in chosen))


def _division(field: Field, value: str) -> SafeString:
    return escape(lookups.division_title(value))


def _listed(field: Field, value: str) -> SafeString:
    entry = lookups.entries(getattr(field, "source", "")).get(value)
    return escape(f"{gettext(entry.title)}（{value}）" if entry is not None else value)


def _place(field: Field, value: Mapping[str, Any]) -> SafeString:
    has_point = value.get("longitude") is not None and value.get("latitude") is not None
    parts = [value.get("address", "")]
    if value.get("division"):
        parts.append(lookups.division_title(value["division"]))
    else:
        parts.append(gettext("（位置不在已知区划内，待核实）") if has_point else gettext("（所属区划待核实）"))
    if has_point:
        parts.append(f"{float(value['longitude']):.5f}, {float(value['latitude']):.5f}")
    return format_html_join(" ", '<span class="place-part">{}</span>', ((part,) for part in parts if part))


_PLAIN: dict[str, Callable[[Field, Any], SafeString]] = {
    "long_text": _long_text,
    "number": _number,
    "money": _number,
    "date": _day,
    "date_time": _instant,
    "boolean": _boolean,
    "choice": _choice,
    "division": _division,
    "listed": _listed,
    "place": _place,
}


def showing_for(form: Form, values: Mapping[str, Any], sees_personal: bool) -> Showing:
    """What shows these values, with all their attachments read in one statement."""
    return Showing(attachments_named([one for _, _, one in named_files(form, values)]), sees_personal)
