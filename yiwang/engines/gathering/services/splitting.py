"""拆分: a report that holds two problems becomes two cases of its reporter, each with its own clock and answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.cases.api import (
    REPORTER,
    CaseMoved,
    Running,
    claim,
    form_at,
    new_case,
    open_cursor,
    perform,
    save,
    surroundings,
    take_up,
)
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import CompiledForm, copy_attachments
from yiwang.engines.gathering.models import Membership
from yiwang.engines.gathering.refusals import NotGathered
from yiwang.engines.gathering.rights import require_gathering, standing
from yiwang.engines.gathering.services.merging import RUNNING
from yiwang.engines.gathering.services.moving import holding, reason_in, say
from yiwang.engines.gathering.services.settling import renamed
from yiwang.engines.processes.api import Command
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, NotFound
from yiwang.kernel.events import publish

MOST_PARTS = 5


def kept_rights(form: CompiledForm) -> dict[str, str]:
    """Rights under which a part is filled in: who reported stays as it was and is not shown."""
    kept = (item for item in form.form.fields if item.kind == "party" or getattr(item, "personal", False))
    return {item.key: "hidden" for item in kept}


def split(
    actor: Actor, case_id: UUID, parts: Sequence[Mapping[str, Any]], reason: str, *, session_key: str | None = None
) -> list[Running]:
    """Open a case of the same type for each part; the report itself goes on with what is left of it.

    A part is the data of the form that opens such a case; who reported is taken over. InvalidInput as when opening.
    """
    reason = reason_in(reason)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise NotGathered(
            gettext("一次可以拆出 1 至 {count} 件。").format(count=MOST_PARTS), next_step="请调整后重新提交。"
        )
    with transaction.atomic():
        case = claim(open_cursor(), [case_id]).get(case_id)
        if case is None:
            raise NotFound
        require_gathering(actor, case)
        if case.state.status not in RUNNING or holding(case_id) is not None:
            raise NotGathered(
                gettext("{number} 不在办理中或已并案，不能拆分。").format(number=case.number),
                next_step="已并案的请先取消并案。",
            )
        who = standing(actor, case)
        made = [_opened(who, case, part, reason, session_key) for part in parts]
        say(who, case, f"拆分：另立 {'、'.join(one.number for one in made)}。{reason}")
        save(open_cursor(), [case])
        publish(CaseMoved(case.id, case.graph.type, "comment", case.state.status))
    return made


def _opened(actor: Actor, case: Running, part: Mapping[str, Any], reason: str, key: str | None) -> Running:
    """One part as a case of the same reporter, opened by the clerk on the reporter's behalf."""
    new = new_case(case.graph.type, now())
    start = new.graph.nodes[new.graph.start]
    data = _checked(actor, new, case, part, key)
    opened = Command("open", new.opened_at, case.state.opened_by, actor.name, REPORTER, 0, {"data": data})
    perform(new, opened, surroundings())
    say(actor, new, f"由 {case.number} 拆分。{reason}")
    save(open_cursor(), [new])
    take_up(actor, new, start, {"data": data}, key)
    Membership.objects.create(
        case_id=new.id, into_id=case.id, kind="split_from", reason=reason, by=actor.user_id, by_name=actor.name,
        at=now(),
    )  # fmt: skip
    publish(CaseMoved(new.id, new.graph.type, "open", new.state.status))
    return new


def _checked(
    actor: Actor, new: Running, case: Running, part: Mapping[str, Any], session_key: str | None
) -> dict[str, Any]:
    """The part as the form accepts it, with files of the report as copies of its own."""
    form = form_at(new, new.graph.nodes[new.graph.start])
    if form is None:
        return {}
    before = {key: value for key, value in case.state.data.items() if key in form.form.by_key}
    facts = _facts(case) | {name: part[name] for name in new.graph.bundle.get("facts", ()) if name in part}
    part = {name: value for name, value in part.items() if name not in facts}
    checked = form.accept(dict(part), actor=actor, session_key=session_key, rights=kept_rights(form), previous=before)
    if checked.errors:
        raise InvalidInput({"path": one.path, "code": one.code, "message": one.message_zh} for one in checked.errors)
    shared = set(form.attachment_ids(before)) & set(form.attachment_ids(checked.clean))
    return facts | renamed(checked.clean, copy_attachments(actor, shared))


def _facts(case: Running) -> dict[str, Any]:
    """What was given beside the form and no step asks, such as where the report came from: true of every part.

    What a step decides, such as an official class, is decided anew.
    """
    forms = (form_at(case, node) for node in case.graph.nodes)
    asked = {key for form in forms if form is not None for key in form.form.by_key}
    names = [name for name in case.graph.bundle.get("facts", ()) if name not in asked]
    return {name: case.state.data[name] for name in names if name in case.state.data}
