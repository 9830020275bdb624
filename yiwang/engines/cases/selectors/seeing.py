"""Several cases at once, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yiwang.engines.cases.rights import may_see
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import Actor


def seen_cases(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Running]:
    """The cases of these ids the actor may see, read without locking; the others are left out."""
    return {id: case for id, case in look(open_cursor(), ids).items() if may_see(actor, case)}
