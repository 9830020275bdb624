"""Who may gather: whoever sees the cases and whose role in their type names the verb `merge`, for their division."""

from __future__ import annotations

from yiwang.engines.cases.api import Running, has_verb, may_see, require_sight
from yiwang.engines.directory.api import Actor
from yiwang.kernel.errors import NotAllowed

MERGE = "merge"


def may_gather(actor: Actor, case: Running) -> bool:
    """Whether the actor may merge, take apart, split or bundle this case."""
    return may_see(actor, case) and has_verb(actor, MERGE, case.graph, case.division)


def require_gathering(actor: Actor, *cases: Running) -> None:
    """Strangers hear that there is nothing; those who see but may not act hear that."""
    for case in cases:
        require_sight(actor, case)
    if not all(has_verb(actor, MERGE, case.graph, case.division) for case in cases):
        raise NotAllowed


def standing(actor: Actor, case: Running) -> Actor:
    """The actor, standing for a colleague where only a deputy's post lets it gather."""
    return actor.standing(MERGE, case.division)
