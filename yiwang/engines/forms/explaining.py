"""Turns what the schema validator found into one Chinese error per field. Runs only when data does not fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jsonschema_rs
from django.utils.translation import gettext

from yiwang.engines.forms.field_words import Choice, Field, Group, Text
from yiwang.engines.forms.messages import SENTENCES, FieldError, Problem, in_words, required
from yiwang.engines.forms.spec import Form

Errors = dict[str, FieldError]
Path = list[str | int]


def fits(validator: jsonschema_rs.Draft202012Validator, values: Any) -> bool:
    """Whether the values fit. What JSON cannot hold (a lone surrogate, a number beyond it) does not fit."""
    try:
        return bool(validator.is_valid(values))
    except (ValueError, TypeError, OverflowError):
        return False


def _is_text(values: Any) -> bool:
    """Whether all texts inside can be written down: a lone surrogate cannot."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def in_order(form: Form, errors: Iterable[FieldError]) -> list[FieldError]:
    """One error for each path, in the order the fields stand on the page."""
    found: dict[str, FieldError] = {}
    for error in errors:
        found.setdefault(error.path, error)
    place = {key: number for number, key in enumerate(form.by_key)}
    return sorted(found.values(), key=lambda error: place.get(error.path.split(".")[0], len(place)))


def not_data() -> FieldError:
    """What was sent is no JSON object."""
    return FieldError("", "FORM_NOT_DATA", gettext(SENTENCES["FORM_NOT_DATA"]))


def unknown_field(key: str) -> FieldError:
    """A key the form does not ask, or that the sender may not even know of: the same words for both."""
    shown = str(key)[:40]
    return FieldError(shown, "FORM_UNKNOWN_FIELD", gettext(SENTENCES["FORM_UNKNOWN_FIELD"]).format(key=shown))


def explain(
    validator: jsonschema_rs.Draft202012Validator, values: Any, form: Form, hidden: set[str], errors: Errors
) -> None:
    """Add the first error of each field to `errors`."""
    for path, field, problem in _problems(validator, values, form.by_key):
        if path not in errors and path not in hidden:
            errors[path] = unknown_field(path) if field is None else in_words(path, field, problem)


def _problems(
    validator: jsonschema_rs.Draft202012Validator, values: Any, fields: Mapping[str, Field]
) -> Iterator[tuple[str, Field | None, Problem]]:
    readable = values
    if not _is_text(values):
        broken = {key for key, value in values.items() if not _is_text({key: value})}
        for key in broken:
            yield str(key).encode(errors="replace").decode(), fields.get(key), Problem("FORM_CONTROL_CHARACTER", {})
        readable = {key: value for key, value in values.items() if key not in broken}
    for error in validator.iter_errors(readable):
        yield from _one(list(error.instance_path), error.kind, error.instance, fields)


def _one(path: Path, kind: Any, value: Any, fields: Mapping[str, Field]) -> Iterator[tuple[str, Field | None, Problem]]:
    keys = [kind.property] if kind.name == "required" else []
    if kind.name == "additionalProperties" and _level(path, fields) is not None:
        for key in kind.unexpected:
            yield ".".join(map(str, [*path, key])), None, Problem("FORM_UNKNOWN_FIELD", {})
        return
    whole, field = _field_at([*path, *keys], fields)
    if field is None:
        return
    missing = kind.name == "required" and whole == ".".join(map(str, [*path, *keys]))
    inner = [str(step) for step in path if not isinstance(step, int)]
    part = inner[-1] if field.kind in ("party", "place") and inner and inner[-1] != field.key else ""
    problem = required(field) if missing else _worded(field, kind, value)
    yield whole, field, Problem(problem.code, problem.facts, part)


def _level(path: Path, fields: Mapping[str, Field]) -> Mapping[str, Field] | None:
    """The fields that the object at `path` may hold, when it is the form or a row of a group."""
    if not path:
        return fields
    group = fields.get(str(path[0]))
    return {child.key: child for child in group.fields} if isinstance(group, Group) and len(path) == 2 else None


def _field_at(path: Path, fields: Mapping[str, Field]) -> tuple[str, Field | None]:
    """The field a path lies in, and the field's own dotted path."""
    field = fields.get(str(path[0])) if path else None
    if isinstance(field, Group) and len(path) >= 3:
        child = next((item for item in field.fields if item.key == path[2]), None)
        return f"{path[0]}.{path[1]}.{path[2]}", child
    return (str(path[0]) if path else ""), field


def _worded(field: Field, kind: Any, value: Any) -> Problem:
    if kind.name in ("maxLength", "minLength") and isinstance(value, str):
        return _length(field, kind, value)
    if kind.name in ("minimum", "maximum") and field.kind == "number":
        code = "FORM_TOO_SMALL" if kind.name == "minimum" else "FORM_TOO_BIG"
        return Problem(code, {"limit": kind.limit, "unit": getattr(field, "unit", "")})
    if kind.name in ("minItems", "maxItems"):
        return _count(field, kind)
    return _wrong_kind(field, value)


def _length(field: Field, kind: Any, value: str) -> Problem:
    if kind.name == "maxLength":
        return Problem("FORM_TOO_LONG", {"limit": kind.limit, "length": len(value)})
    return Problem("FORM_TOO_SHORT", {"limit": kind.limit}) if value else required(field)


def _count(field: Field, kind: Any) -> Problem:
    if isinstance(field, Choice):
        return required(field)
    files = field.kind in ("photo", "file", "signature")
    if kind.name == "minItems":
        return Problem("FORM_TOO_FEW_FILES" if files else "FORM_GROUP_REQUIRED", {"limit": kind.limit})
    return Problem("FORM_TOO_MANY_FILES" if files else "FORM_GROUP_TOO_MANY", {"limit": kind.limit})


_WRONG_KIND = {
    "money": "FORM_MONEY",
    "date": "FORM_DATE",
    "date_time": "FORM_DATE_TIME",
    "boolean": "FORM_BOOLEAN",
    "choice": "FORM_NO_SUCH_OPTION",
    "photo": "FORM_FOREIGN_FILE",
    "file": "FORM_FOREIGN_FILE",
    "signature": "FORM_FOREIGN_FILE",
}
_CONTENT_CODES = {"phone": "FORM_PHONE", "email": "FORM_EMAIL", "postal_code": "FORM_POSTAL_CODE"}


def _wrong_kind(field: Field, value: Any) -> Problem:
    if getattr(field, "consent", False):
        return required(field)
    if field.kind == "number":
        whole = isinstance(value, float) and not getattr(field, "decimals", 0)
        return Problem("FORM_WHOLE_NUMBER" if whole else "FORM_NUMBER", {"example": field.example or "12"})
    if field.kind == "division" and isinstance(value, str):
        return Problem("FORM_UNKNOWN_DIVISION", {"value": value[:20]})
    if isinstance(field, Text) and isinstance(value, str):
        if not field.pattern and field.content in _CONTENT_CODES:
            return Problem(_CONTENT_CODES[field.content], {})
        return Problem("FORM_PATTERN", {"example": field.example}) if field.example else Problem("FORM_MALFORMED", {})
    return Problem(_WRONG_KIND.get(field.kind, "FORM_MALFORMED"), {})
