"""The words an app says about figures: an `Indicator` is a formula over a fact table.

Formulas are plain SQL conditions over the dataset's columns, checked at the start; nobody types them in a browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from yiwang.engines.datahub.spec import Dataset, check_condition
from yiwang.kernel.app import Part
from yiwang.kernel.errors import SpecError, did_you_mean

KINDS: Mapping[str, str] = MappingProxyType({"rate": "比率", "count": "计数", "average": "均值"})
LEVELS: Mapping[str, int] = MappingProxyType({"district": 6, "town": 9, "village": 12})
"""Digits of a division's code at each level figures may be grouped by."""


@dataclass(frozen=True, kw_only=True)
class Indicator(Part):
    """One figure. `dataset` is the app's own, or another app's by `"<app>.<dataset>"`; without it there is no figure.

    - rate: of the facts that meet `denominator` those that meet `numerator` too, in percent; so never above 100.
    - count: facts that meet `numerator`.
    - average: mean of the expression `numerator` over facts that meet `denominator` and have one, divided by `scale`.

    Nothing to divide by gives no figure, never 0 or 100. `source` says where the formula comes from.
    """

    dataset: Dataset | str
    kind: Literal["rate", "count", "average"]
    numerator: str
    denominator: str = "true"
    unit: str = "%"
    scale: int = 1
    is_less_better: bool = False
    meaning: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"Indicator '{self.key}'"
        if self.kind not in KINDS:
            raise SpecError(where, f"kind '{self.kind}' does not exist.", did_you_mean(self.kind, KINDS))
        if isinstance(self.dataset, Dataset):
            self.check(self.dataset)

    def check(self, dataset: Dataset) -> None:
        """SpecError unless the formula fits the dataset's columns."""
        for text in (self.numerator, self.denominator):
            check_condition(f"Indicator '{self.key}'", text, dataset.column_names)
