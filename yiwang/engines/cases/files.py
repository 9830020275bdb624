"""Attachments become part of the case with the step that brought them; who may see the case may open them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from yiwang.engines.cases.filling import form_at
from yiwang.engines.cases.models import CaseFile
from yiwang.engines.cases.proving import refused_photos
from yiwang.engines.cases.rights import may_see
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import attach
from yiwang.engines.processes.api import GraphNode
from yiwang.kernel.clock import now

SUBJECT = "case"
"""The kind under which the forms engine keeps attachments of cases."""


def take_up(
    actor: Actor, case: Running, node: GraphNode | None, arguments: Mapping[str, Any], session_key: str | None
) -> None:
    """Put the files that a step's data, or a comment's `files`, name on the case. Inside the step's transaction."""
    form = form_at(case, node) if node is not None else None
    named = form.attachment_ids(arguments.get("data", {})) if form is not None else ()
    refused = refused_photos(node, arguments.get("data", {})) if node is not None else {}
    ids = [*named, *map(str, arguments.get("files", ())), *refused]
    if ids:
        attach(ids, SUBJECT, str(case.id), actor=actor, session_key=session_key)
        _note(case.id, ids, node.key if node is not None else "", refused)


def _note(case: UUID, ids: Iterable[str], node: str, refused: Mapping[str, str]) -> None:
    wanted = {UUID(one) for one in ids}
    known = CaseFile.objects.filter(case_id=case, attachment_id__in=wanted).values_list("attachment_id", flat=True)
    fresh = wanted - set(known)
    CaseFile.objects.bulk_create(
        CaseFile(case_id=case, attachment_id=one, node=node, added_at=now(), refusal=refused.get(str(one), ""))
        for one in fresh
    )


def guard(actor: Actor, subject: str) -> bool:
    """Whether the actor may open files of this case."""
    case = look(open_cursor(), [UUID(subject)]).get(UUID(subject))
    return case is not None and may_see(actor, case)
