"""The door to work lists: what the desk and programs may read and do."""

from __future__ import annotations

from yiwang.engines.worklists.selectors.catalogue import Catalogue, Kind, catalogue
from yiwang.engines.worklists.selectors.counting import Counts, Saved, counts
from yiwang.engines.worklists.selectors.lists import BOUND, SIZE, Listed, Page, every, page
from yiwang.engines.worklists.selectors.search import (
    BOXES,
    DUES,
    SORTS,
    STATUSES,
    BadSearch,
    Search,
    read_search,
)
from yiwang.engines.worklists.selectors.selection import read_keys, receivers
from yiwang.engines.worklists.selectors.sight import SHARDS, Sight, sight_of
from yiwang.engines.worklists.services.bulk import BULK_VERBS, Done, act_on_all
from yiwang.engines.worklists.services.filters import delete_filter, move_filter, rename_filter, save_filter

__all__ = [
    "BOUND",
    "BOXES",
    "BULK_VERBS",
    "DUES",
    "SHARDS",
    "SIZE",
    "SORTS",
    "STATUSES",
    "BadSearch",
    "Catalogue",
    "Counts",
    "Done",
    "Kind",
    "Listed",
    "Page",
    "Saved",
    "Search",
    "Sight",
    "act_on_all",
    "catalogue",
    "counts",
    "delete_filter",
    "every",
    "move_filter",
    "page",
    "read_keys",
    "read_search",
    "receivers",
    "rename_filter",
    "save_filter",
    "sight_of",
]
