"""A form's data for readers and programs without the right to personal data: the same shape, the middle starred out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.engines.forms.field_words import Field, Group
from yiwang.engines.forms.showing import masked
from yiwang.engines.forms.spec import Form

_OF_PARTIES = ("id_number", "phone")


def mask_values(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with personal values masked; what the form does not ask stays as it is."""
    return {key: _masked(form.by_key[key], one) if key in form.by_key else one for key, one in data.items()}


def _masked(item: Field, value: Any) -> Any:
    if isinstance(item, Group) and isinstance(value, list):
        children = {child.key: child for child in item.fields}
        return [{key: _masked(children[key], one) if key in children else one for key, one in row.items()}
                for row in value]  # fmt: skip
    if item.kind == "party" and isinstance(value, Mapping):
        return _party(value)
    if item.kind == "signature" and isinstance(value, Mapping) and "typed" in value:
        return {**value, "typed": masked(str(value["typed"]))}
    return _text(value) if item.personal else value


def _text(value: Any) -> Any:
    """Texts and numbers lose their middle; places and lists of ids of a personal field are left out whole."""
    return masked(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None


def _party(value: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: masked(str(one)) if key in _OF_PARTIES and one else one for key, one in value.items()}
    if value.get("kind") != "firm" and value.get("name"):
        found["name"] = masked(str(value["name"]))
    return found
