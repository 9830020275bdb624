"""Every declared indicator with the dataset it is counted from, as far as that dataset is declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext

from yiwang.engines.cockpit.spec import LEVELS, Indicator
from yiwang.engines.datahub.api import datasets
from yiwang.engines.datahub.spec import Dataset
from yiwang.kernel import app as kernel_app

MONTH = "month"
LEVEL_TITLES = {"district": "区", "town": "镇街", "village": "村居", MONTH: "月份"}


@dataclass(frozen=True)
class Declared:
    """An indicator by its qualified key; `dataset` is None while no app declares the one it asks for."""

    key: str
    indicator: Indicator
    dataset_key: str
    dataset: Dataset | None

    def allows(self, group: str) -> bool:
        """Whether it may be grouped so."""
        if self.dataset is None:
            return False
        return group in (*LEVELS, MONTH) or any(column.key == group for column in self.dataset.dimensions)


def indicators() -> Mapping[str, Declared]:
    """All of them by qualified key, in declared order. SpecError when a formula does not fit its dataset."""
    return _declared(kernel_app.registry)


@lru_cache(maxsize=8)
def _declared(registry: kernel_app.Registry) -> Mapping[str, Declared]:
    known, found = datasets(), {}
    for key, indicator in registry.parts(Indicator).items():
        wanted = indicator.dataset
        name = wanted if isinstance(wanted, str) else f"{key.partition('.')[0]}.{wanted.key}"
        dataset = known.get(name)
        if dataset is not None:
            indicator.check(dataset)
        found[key] = Declared(key, indicator, name, dataset)
    return found


def group_title(group: str) -> str:
    """What people call a way to group."""
    if group in LEVEL_TITLES:
        return gettext(LEVEL_TITLES[group])
    columns = (column for dataset in datasets().values() for column in dataset.dimensions)
    return next((gettext(column.title) for column in columns if column.key == group), group)
