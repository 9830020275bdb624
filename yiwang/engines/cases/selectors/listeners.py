"""Who hears what happens to a case by itself: those who work on it now, and those who watch it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from yiwang.engines.cases.models import Involvement
from yiwang.engines.cases.rights import may_see
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import User, actor_for, holders_of


class Listeners(NamedTuple):
    """User ids, and how the case is called; titles of its steps by key."""

    people: frozenset[int]
    number: str
    title: str
    titles: Mapping[str, str]


def listeners_of(case_id: UUID) -> Listeners:
    """Assignees of open tasks, else the holders of their role, and watchers who may still see the case."""
    case = look(open_cursor(), [case_id]).get(case_id)
    if case is None:
        return Listeners(frozenset(), "", "", {})
    titles = {node.key: node.title for node in case.graph.nodes}
    return Listeners(frozenset(_performers(case) | _watchers(case)), case.number, case.title, titles)


def _performers(case: Running) -> set[int]:
    found: set[int] = set()
    for token in case.state.open_tasks():
        if token.assignee is not None:
            found.add(token.assignee)
        elif token.role:
            found |= {one.id for one in holders_of(token.role, case.division, token.organisation)}
    return found


def _watchers(case: Running) -> set[int]:
    """Watching gives no right: each is asked again whether they may see the case."""
    parties = Involvement.objects.filter(case_id=case.id, is_watching=True, party__startswith="u")
    numbers = [int(party[1:]) for party in parties.values_list("party", flat=True)]
    users = User.objects.filter(pk__in=numbers, is_active=True)
    return {user.pk for user in users if may_see(actor_for(user), case)}
