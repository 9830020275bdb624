"""A form as JSON and back: a JSON Schema (draft 2020-12) whose `x-field` and `x-layout` keys carry all the words.

`x-field` and `x-layout` are what is read; schema keywords that stand beside them must say the same.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from yiwang.engines.forms import field_words
from yiwang.engines.forms.field_words import Field, Group, Option
from yiwang.engines.forms.schema import DRAFT, Schema, field_schema, must_have
from yiwang.engines.forms.spec import Form, Section
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import SpecError, did_you_mean

KINDS: Mapping[str, type[Field]] = {
    word.kind: word
    for word in vars(field_words).values()
    if isinstance(word, type) and issubclass(word, Field) and word.kind
}
_FORM_KEYS = {"$schema", "type", "title", "description", "properties", "required", "additionalProperties"} | {
    "x-key",
    "x-layout",
}


def form_to_json(form: Form) -> Schema:
    """The form as plain JSON; `form_from_json` gives an equal form."""
    layout: Schema = {"order": [item.key for item in form.fields]}
    layout |= {name: getattr(form, name) for name in ("paged", "direction") if getattr(form, name)}
    if form.sections:
        layout["sections"] = [_section_to_json(section) for section in form.sections]
    head = {"$schema": DRAFT, "title": form.title, "x-key": form.key, "x-layout": layout}
    return head | _object_to_json(form.fields)


def _section_to_json(section: Section) -> Schema:
    return {"title": section.title, "fields": list(section.fields)} | ({"hint": section.hint} if section.hint else {})


def _object_to_json(fields: Iterable[Field]) -> Schema:
    listed = tuple(fields)
    return {
        "type": "object",
        "properties": {item.key: _field_to_json(item) for item in listed},
        "required": [item.key for item in listed if must_have(item) and not item.computed],
        "additionalProperties": False,
    }


def _field_to_json(item: Field) -> Schema:
    words: Schema = {"kind": item.kind}
    for attribute in dataclasses.fields(item):
        value = getattr(item, attribute.name)
        if attribute.name not in ("key", "title", "fields") and value != attribute.default:
            words[attribute.name] = _plain(value)
    schema = field_schema(item)
    if isinstance(item, Group):
        schema["items"] = _object_to_json(item.fields) | {"x-layout": {"order": [child.key for child in item.fields]}}
    return {"title": item.title, "x-field": words} | schema


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Option):
        return {"key": value.key, "title": value.title} | ({"parent": value.parent} if value.parent else {})
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def form_from_json(data: Mapping[str, Any]) -> Form:
    """The form a JSON bundle describes. SpecError says where the bundle is wrong. Equal bundles give one object."""
    try:
        return _read_form(canonical_json(data))
    except (TypeError, ValueError) as error:
        raise SpecError("Form bundle", f"is not JSON: {error}.", "Send a JSON object.") from None


@lru_cache(maxsize=2048)
def _read_form(content: bytes) -> Form:
    data = json.loads(content)
    where = f"Form bundle '{data.get('x-key', '')}'" if isinstance(data, dict) else "Form bundle"
    _must_be(where, "the bundle", data, dict)
    _known(where, data, _FORM_KEYS)
    layout = _must_be(where, "x-layout", data.get("x-layout", {}), dict)
    _known(f"{where}, x-layout", layout, {"order", "paged", "direction", "sections"})
    sections = _must_be(where, "sections", layout.get("sections", []), list)
    form = Form(
        key=_must_be(where, "x-key", data.get("x-key", ""), str),
        title=_must_be(where, "title", data.get("title", ""), str),
        fields=_read_fields(where, data, layout),
        sections=tuple(_read_section(where, item) for item in sections),
        paged=_must_be(where, "paged", layout.get("paged", False), bool),
        direction=_must_be(where, "direction", layout.get("direction", ""), str),
    )
    _must_agree(where, data, form_to_json(form))
    return form


def _read_section(where: str, data: Any) -> Section:
    _must_be(where, "a section", data, dict)
    _known(f"{where}, section", data, {"title", "fields", "hint"})
    keys = _must_be(where, "section fields", data.get("fields", []), list)
    title = _must_be(where, "section title", data.get("title", ""), str)
    return Section(title, tuple(map(str, keys)), hint=_must_be(where, "section hint", data.get("hint", ""), str))


def _read_fields(where: str, data: Mapping[str, Any], layout: Mapping[str, Any]) -> tuple[Field, ...]:
    properties = _must_be(where, "properties", data.get("properties", {}), dict)
    order = _must_be(where, "order", layout.get("order", list(properties)), list)
    if sorted(map(str, order)) != sorted(properties):
        raise SpecError(where, "x-layout.order and properties name different fields.", "List every field once.")
    return tuple(_read_field(f"{where}, field '{key}'", key, properties[key]) for key in order)


def _read_field(where: str, key: str, data: Any) -> Field:
    _must_be(where, "the field", data, dict)
    words = dict(_must_be(where, "x-field", data.get("x-field", {}), dict))
    kind = str(words.pop("kind", ""))
    if kind not in KINDS:
        raise SpecError(where, f"kind '{kind}' does not exist.", did_you_mean(kind, KINDS))
    word = KINDS[kind]
    attributes = {item.name: item for item in dataclasses.fields(word) if item.name not in ("key", "title", "fields")}
    _known(where, words, attributes)
    given = {name: _read_value(where, name, value, attributes[name].default) for name, value in words.items()}
    if word is Group:
        items = _must_be(where, "items", data.get("items", {}), dict)
        layout = _must_be(where, "x-layout", items.get("x-layout", {}), dict)
        given["fields"] = _read_fields(where, items, layout)
    return word(key=key, title=_must_be(where, "title", data.get("title", ""), str), **given)


def _read_value(where: str, name: str, value: Any, default: Any) -> Any:
    if name == "options":
        return tuple(_read_option(where, item) for item in _must_be(where, name, value, list))
    if isinstance(default, tuple):
        return tuple(_must_be(where, name, item, str) for item in _must_be(where, name, value, list))
    if default is None or isinstance(default, Decimal):
        return value if value is None else _must_be(where, name, value, str)
    return _must_be(where, name, value, type(default))


def _read_option(where: str, data: Any) -> Option:
    _must_be(where, "an option", data, dict)
    _known(f"{where}, option", data, {"key", "title", "parent"})
    words = [_must_be(where, f"option {name}", data.get(name, ""), str) for name in ("key", "title", "parent")]
    return Option(*words)


def _must_be(where: str, name: str, value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise SpecError(where, f"{name} is {type(value).__name__}, not {kind.__name__}.", "Correct the bundle.")
    return value


def _known(where: str, data: Mapping[str, Any], names: Iterable[str]) -> None:
    known = set(names)
    for name in data:
        if name not in known:
            raise SpecError(where, f"'{name}' is not a word here.", did_you_mean(name, known))


def _must_agree(where: str, given: Any, made: Any, path: str = "") -> None:
    """Keywords that are given say what the words say; a reader of the plain schema must not be misled."""
    if isinstance(given, dict) and isinstance(made, dict):
        for key, value in given.items():
            if key not in made:
                raise SpecError(where, f"{path}/{key} says more than x-field does.", "Drop it, or say it in x-field.")
            _must_agree(where, value, made[key], f"{path}/{key}")
    elif "/x-field/" not in path and given != made:  # inside x-field "1" and "1.0" are one value; it was read above
        raise SpecError(where, f"{path} is {given!r:.60}, but x-field says {made!r:.60}.", "Correct one of them.")
