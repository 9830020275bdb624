"""What gathering listens to, what it offers to stories, and its entry in the rail."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from yiwang.engines.cases.api import CaseMoved
from yiwang.engines.gathering import marking
from yiwang.engines.gathering.rights import MERGE
from yiwang.engines.gathering.services import guarding
from yiwang.engines.gathering.services.merging import merge, merge_in_hand
from yiwang.engines.gathering.services.settling import settle_due, settle_in_hand
from yiwang.engines.stories.api import Merger, offer_merger
from yiwang.kernel.events import subscribe
from yiwang.ui.navigation import NavItem, register


def _may_merge(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and any(MERGE in grant.verbs for grant in actor.grants)


def connect() -> None:
    """Called once at start."""
    subscribe(CaseMoved, marking.follow)
    subscribe(CaseMoved, guarding.follow)
    offer_merger(Merger(merge, settle_due, merge_in_hand, settle_in_hand))
    register(
        NavItem(
            key="bundles", title=gettext_noop("协同处置"), url_name="gathering:bundles", icon="link",
            group="", needs=_may_merge, order=45,
        )
    )  # fmt: skip
