"""留言与关注: a remark with files in a case's history, and hearing of a case without working on it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from yiwang.engines.cases.models import Involvement
from yiwang.engines.cases.rights import require_sight
from yiwang.engines.cases.services.acting import act
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import Actor
from yiwang.engines.trust import api as trust
from yiwang.kernel.errors import NotAllowed, NotFound


def remark(
    actor: Actor, case_id: UUID, text: str, files: Sequence[str] = (), *, session_key: str | None = None
) -> Running:
    """Leave a remark, with the actor's own uploads `files`; whoever may see the case may say something about it."""
    arguments = {"text": text.strip()} | ({"files": list(files)} if files else {})
    return act(actor, case_id, "comment", arguments=arguments, session_key=session_key)


def watch(actor: Actor, case_id: UUID, is_watching: bool = True) -> None:
    """Begin or cease to hear of a case. Watching gives no right: who may no longer see the case hears nothing."""
    if actor.user_id is None:
        raise NotAllowed
    with transaction.atomic():
        case = look(open_cursor(), [case_id]).get(case_id)
        if case is None:
            raise NotFound
        require_sight(actor, case)
        Involvement.objects.update_or_create(
            party=f"u{actor.user_id}", case_id=case_id, defaults={"is_watching": is_watching},
            create_defaults={"is_watching": is_watching, "opened_at": case.opened_at},
        )  # fmt: skip
        kind = "case.watched" if is_watching else "case.unwatched"
        stream = trust.stream_named(f"watching:{actor.user_id}")
        trust.append(stream, kind, {"case": str(case_id)}, actor=actor, division=case.division)
