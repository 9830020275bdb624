"""Which attachments a form's data names, and whether the sender may name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.compiled import Checked
from yiwang.engines.forms.field_words import Field, Group
from yiwang.engines.forms.messages import FieldError, Problem, in_words
from yiwang.engines.forms.selectors import usable_attachments
from yiwang.engines.forms.spec import Form


def named_files(form: Form, data: Mapping[str, Any]) -> Iterator[tuple[str, Field, str]]:
    """Every attachment id in well-formed data: its field's path, the field, the id."""
    for item in form.fields:
        value = data.get(item.key)
        if isinstance(item, Group):
            for index, row in enumerate(value if isinstance(value, list) else ()):
                for child in item.fields:
                    found = row.get(child.key) if isinstance(row, dict) else None
                    yield from ((f"{item.key}.{index}.{child.key}", child, one) for one in _ids(child, found))
        else:
            yield from ((item.key, item, one) for one in _ids(item, value))


def _ids(field: Field, value: Any) -> Iterator[str]:
    if field.kind in ("photo", "file") and isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))
    elif field.kind == "signature" and isinstance(value, dict) and isinstance(value.get("picture"), str):
        yield value["picture"]


def foreign_files(
    form: Form, checked: Checked, previous: Mapping[str, Any], actor: Actor, session_key: str | None
) -> Iterator[FieldError]:
    """One error for each field that names an attachment that is neither the sender's own upload nor there before."""
    refused = {error.path for error in checked.errors}
    named = [one for one in named_files(form, checked.clean) if one[0] not in refused]
    before = {one for _, _, one in named_files(form, previous)} if named else set()
    fresh = {one for _, _, one in named} - before
    usable = usable_attachments(actor, fresh, session_key)
    seen: set[str] = set()
    for path, field, one in named:
        if one in fresh and path not in seen and not _fits(field, usable.get(one)):
            seen.add(path)
            yield in_words(path, field, Problem("FORM_FOREIGN_FILE", {}))


def _fits(field: Field, attachment: Any) -> bool:
    if attachment is None:
        return False
    kinds = getattr(field, "kinds", ("image",))
    return attachment.kind in kinds
