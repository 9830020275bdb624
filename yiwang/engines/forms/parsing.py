"""From a browser's POST to JSON data: values, rows, uploads. Nothing a person may not write is read at all."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.compiled import Data, Plan
from yiwang.engines.forms.field_words import Field, Group, Photo, Signature
from yiwang.engines.forms.messages import FieldError, Problem, in_words
from yiwang.engines.forms.ownership import named_files
from yiwang.engines.forms.reading import READERS, line
from yiwang.engines.forms.selectors import usable_attachments
from yiwang.engines.forms.services import store_upload
from yiwang.engines.forms.spec import Form
from yiwang.kernel.errors import UserError
from yiwang.kernel.wording import joined

ADD, REMOVE, REFRESH = "form-add", "form-remove", "form-refresh"
"""Names of submit buttons that change the form instead of sending it; they work without JavaScript."""
LARGEST_DRAWING = 400_000
_DRAWN = "data:image/png;base64,"


@dataclass(slots=True)
class Posted:
    """What was sent: `data` for validation, upload `errors`, and whether the person meant to submit (`is_final`)."""

    data: Data
    errors: list[FieldError] = field(default_factory=list)
    is_final: bool = True


class _Reading:
    def __init__(self, post: QueryDict, files: MultiValueDict[str, Any], actor: Actor, session_key: str | None) -> None:
        self.post, self.files, self.actor, self.session_key = post, files, actor, session_key
        self.errors: dict[str, FieldError] = {}

    def value(self, item: Field, name: str, path: str, previous: Any) -> Any:
        if isinstance(item, Signature):
            return self._signature(item, name, path)
        if item.kind in ("photo", "file"):
            return self._files(item, name, path)
        value = READERS[item.kind](self.post, name, item)
        return _kept_party(value, previous) if item.kind == "party" else value

    def _files(self, item: Any, name: str, path: str) -> list[str]:
        gone = set(self.post.getlist(f"{name}-remove"))
        kept = [one for one in dict.fromkeys(self.post.getlist(f"{name}-kept")) if one not in gone]
        sent = [file for file in self.files.getlist(name) if file.name]
        if len(kept) + len(sent) > item.at_most:
            self.errors[path] = in_words(path, item, Problem("FORM_TOO_MANY_FILES", {"limit": item.at_most}))
            sent = sent[: max(0, item.at_most - len(kept))]
        kinds = ("image",) if isinstance(item, Photo) else item.kinds
        return kept + [one for file in sent if (one := self._store(file, kinds, path))]

    def _store(self, file: Any, kinds: tuple[str, ...], path: str) -> str | None:
        try:
            return str(store_upload(file, kinds, actor=self.actor, session_key=self.session_key).id)
        except UserError as error:
            named = gettext("“{name}”：").format(name=file.name[:60]) if file.name else ""
            text = joined(named, gettext(error.message), gettext(error.next_step))
            self.errors.setdefault(path, FieldError(path, error.code, text))
            return None

    def _signature(self, item: Signature, name: str, path: str) -> Data | None:
        drawn, typed = self.post.get(f"{name}-drawn", ""), line(self.post, f"{name}-typed")
        if drawn.startswith(_DRAWN) and len(drawn) <= LARGEST_DRAWING:
            return self._drawing(drawn, path)
        if typed:
            if self.post.get(f"{name}-consent") == "true":
                return {"typed": typed}
            self.errors[path] = in_words(path, item, Problem("FORM_SIGNATURE_CONSENT", {}, "consent"))
            return {"typed": typed}
        kept = self.post.get(f"{name}-kept", "")
        return {"picture": kept} if kept and not self.post.get(f"{name}-remove") else None

    def _drawing(self, drawn: str, path: str) -> Data | None:
        try:
            content = base64.b64decode(drawn.removeprefix(_DRAWN), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        found = self._store(ContentFile(content, name="签名.png"), ("image",), path)
        return {"picture": found} if found else None


def _kept_party(value: Data, previous: Any) -> Data:
    """A party kept in the directory shows no number; when the name stays and none is typed, it stays."""
    if not isinstance(previous, dict) or "party_id" not in previous:
        return value
    is_same = value.get("name") == previous.get("name") and not (value.get("id_number") or value.get("phone"))
    return previous if is_same else value


def parse_post(
    form: Form,
    plan: Plan,
    post: QueryDict,
    files: MultiValueDict[str, Any],
    *,
    actor: Actor,
    session_key: str | None = "",
    previous: Mapping[str, Any] | None = None,
) -> Posted:
    """Data of the writable fields, with uploads stored and replaced by their ids."""
    reading, data = _Reading(post, files, actor, session_key), Data()
    is_final = not any(name in post for name in (ADD, REMOVE, REFRESH))
    for item in form.fields:
        if item.key not in plan.writable:
            continue
        before = (previous or {}).get(item.key)
        if isinstance(item, Group):
            value: Any = _rows(reading, item, before, is_final)
        else:
            value = reading.value(item, item.key, item.key, before)
        if value or value is False or value == 0:
            data[item.key] = value
    _drop_foreign(form, data, previous or {}, reading)
    return Posted(data, list(reading.errors.values()), is_final)


def _rows(reading: _Reading, group: Group, previous: Any, is_final: bool) -> list[Data]:
    """Rows in the order they stood; `group-row` lists their numbers, so that a removed row leaves no trace."""
    post, before = reading.post, previous if isinstance(previous, list) else []
    numbers = [number for number in post.getlist(f"{group.key}-row") if number.isascii() and number.isdigit()]
    numbers = list(dict.fromkeys(numbers))[: group.at_most + 1]
    rows: list[Data] = []
    for number in numbers:
        if post.get(REMOVE) == f"{group.key}-{number}":
            continue
        old = before[int(number)] if int(number[:6]) < len(before) else {}
        row = _row(reading, group.fields, f"{group.key}-{number}", f"{group.key}.{len(rows)}", old)
        if row or not is_final:
            rows.append(row)
    if post.get(ADD) == group.key and len(rows) < group.at_most:
        rows.append({})
    return rows


def _row(reading: _Reading, fields: Iterable[Field], name: str, path: str, old: Any) -> Data:
    found = {}
    for item in fields:
        if item.computed:
            continue
        before = old.get(item.key) if isinstance(old, dict) else None
        value = reading.value(item, f"{name}-{item.key}", f"{path}.{item.key}", before)
        if value or value is False or value == 0:
            found[item.key] = value
    return found


def _drop_foreign(form: Form, data: Data, previous: Mapping[str, Any], reading: _Reading) -> None:
    """Ids of files that are not the sender's own leave the data with an error, so that not even a name is shown."""
    before = {one for _, _, one in named_files(form, previous)}
    named = [one for one in named_files(form, data) if one[2] not in before]
    usable = usable_attachments(reading.actor, [one for _, _, one in named], reading.session_key)
    for path, item, one in named:
        if one not in usable:
            reading.errors.setdefault(path, in_words(path, item, Problem("FORM_FOREIGN_FILE", {})))
            _remove(data, path, one)


def _remove(data: Data, path: str, one: str) -> None:
    steps = path.split(".")
    holder: Any = data if len(steps) == 1 else data[steps[0]][int(steps[1])]
    value = holder[steps[-1]]
    if isinstance(value, dict):
        del holder[steps[-1]]
    else:
        holder[steps[-1]] = [item for item in value if item != one]
