"""The door to gathering: what the desk, the cockpit and apps may call."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.engines.gathering.likeness import PROPOSALS, Facts, Likeness, Proposals
from yiwang.engines.gathering.marking import CatchUp, forget_ended, mark_all
from yiwang.engines.gathering.models import Bundle
from yiwang.engines.gathering.pages.public import similar
from yiwang.engines.gathering.selectors.bundles import BundleView, bundle_view, bundles
from yiwang.engines.gathering.selectors.members import (
    IS_OWN_PROBLEM,
    STANDS_ALONE,
    Following,
    Gathered,
    Member,
    following,
    gathered,
    member_counts,
    repeated,
)
from yiwang.engines.gathering.selectors.suggesting import (
    Nearby,
    Suggestion,
    facts_of,
    likely_members,
    likely_same,
    nearby,
)
from yiwang.engines.gathering.services.bundling import add_to_bundle, bundle, remove_from_bundle
from yiwang.engines.gathering.services.merging import main_of, merge, unmerge
from yiwang.engines.gathering.services.settling import settle_due
from yiwang.engines.gathering.services.splitting import split

__all__ = [
    "IS_OWN_PROBLEM", "PROPOSALS", "STANDS_ALONE", "Bundle", "BundleView", "Facts", "Following", "Gathered",
    "Likeness", "Member", "Nearby", "Proposals", "Suggestion", "add_to_bundle", "bundle", "bundle_view", "bundles",
    "duties", "facts_of", "following", "gathered", "likely_members", "likely_same", "main_of", "mark_all",
    "member_counts", "merge", "nearby", "remove_from_bundle", "repeated", "settle_due", "similar", "split", "unmerge",
]  # fmt: skip


def duties() -> list[tuple[str, Callable[[], int], float]]:
    """What the worker does for gathering: title, a portion of work, pause in seconds when there was none."""
    return [
        ("merged cases", settle_due, 1.0),
        ("marks of cases", CatchUp(), 60.0),
        ("marks of cases that ended", forget_ended, 600.0),
    ]
