"""Parties named in a form go to the directory, which encrypts their numbers; the case keeps who, and masks for eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.engines.directory.api import Actor, keep_party, masked, masked_phone
from yiwang.engines.forms.spec import Field, Form, Group, PartyField


def keep_parties(actor: Actor, form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with each stated party as `{party_id, kind, name, id_masked, phone_masked}`; what is kept already stays.

    Neither the case nor its journal then holds a number in the clear (domain: ids are encrypted at rest).
    """
    return _kept(actor, form.fields, data)


def _kept(actor: Actor, fields: Iterable[Field], data: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(data)
    for field in fields:
        value = data.get(field.key)
        if isinstance(field, Group) and value:
            found[field.key] = [_kept(actor, field.fields, row) for row in value]
        elif isinstance(field, PartyField) and value and "party_id" not in value:
            found[field.key] = _reference(actor, value)
    return found


def _reference(actor: Actor, stated: Mapping[str, Any]) -> dict[str, Any]:
    """Masks are of what was stated: nothing else of a record known before comes back to the person."""
    kind, name = stated.get("kind", "person"), stated["name"]
    number, phone = stated.get("id_number", ""), stated.get("phone", "")
    party = keep_party(actor, kind=kind, name=name, id_number=number, phone=phone)
    found = {"party_id": str(party.pk), "kind": kind, "name": name}
    hidden = {"id_masked": masked(number) if number else "", "phone_masked": masked_phone(phone) if phone else ""}
    return found | {key: text for key, text in hidden.items() if text}
