"""The words an app says about its facts: one `Dataset` is one table, one row for each thing counted.

What a row holds is asked by the SQL of `datasets/<key>.sql` in the app's folder: a SELECT of all columns, by name, over
`changed` (one column `key`: keys of the first source). Facts are raw: no row says what a clock of today would say, so
that a figure of any cut-off can be counted from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from types import MappingProxyType

from yiwang.engines.datahub.conditions import INSTANTS, check_condition, with_instants
from yiwang.kernel.app import Part, check_key
from yiwang.kernel.errors import SpecError, did_you_mean

__all__ = ["INSTANTS", "KINDS", "Column", "Dataset", "Source", "check_condition", "type_of", "with_instants"]

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "text": 'text COLLATE "C"',
        "whole": "bigint",
        "number": "numeric",
        "instant": "timestamptz",
        "day": "date",
        "flag": "boolean",
        "id": "uuid",
    }
)
"""Type of a column in PostgreSQL."""


def type_of(kind: str) -> str:
    """The type alone, as a cast names it."""
    return KINDS[kind].split()[0]


@dataclass(frozen=True)
class Column:
    """One fact of a row. `is_dimension` columns may group figures; `names` maps their values to what people read."""

    key: str
    title: str
    kind: str = "text"
    _: KW_ONLY
    meaning: str = ""
    is_dimension: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_key(f"Column '{self.title}'", self.key)
        if self.kind not in KINDS:
            raise SpecError(
                f"Column '{self.key}'", f"kind '{self.kind}' does not exist.", did_you_mean(self.kind, KINDS)
            )


@dataclass(frozen=True)
class Source:
    """A table whose changes bring the facts up to date. `where` (SQL over its columns) says which rows matter, by
    what never changes of a row, such as its type.

    Keys of the first source of a dataset are its own. For another source `reaches` is SQL over `changed` that answers
    with the keys of facts its rows touch, such as the incident an appeal is about.
    """

    table: str
    _: KW_ONLY
    key: str = "id"
    kind: str = "id"
    where: str = "true"
    reaches: str = ""


@dataclass(frozen=True, kw_only=True)
class Dataset(Part):
    """A fact table. `grain` says in one sentence what a row is; `keys` are its key columns, the source's key first.

    `division`, `organisation` and `at` name the columns that say where, for whom and when, by which rows are shown to
    the people they concern and put into periods. `holds` are conditions true of every row, `tallies` SQL for the number
    of rows there should be; both under the title people read when they fail. `statement` replaces the SQL file.
    """

    grain: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    sources: tuple[Source, ...]
    division: str
    at: str
    organisation: str = ""
    holds: Mapping[str, str] = field(default_factory=dict)
    tallies: Mapping[str, str] = field(default_factory=dict)
    statement: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        where, names = f"Dataset '{self.key}'", self.column_names
        if len(set(names)) < len(names):
            raise SpecError(where, "declares a column twice.", "Rename one of them.")
        if not self.keys or not self.sources:
            raise SpecError(where, "has no key or no source.", "Name the key columns and the table they come from.")
        for name in (*self.keys, self.division, self.at, *filter(None, [self.organisation])):
            if name not in names:
                raise SpecError(where, f"'{name}' is not among its columns.", did_you_mean(name, names))
        for title, condition in self.holds.items():
            check_condition(f"{where}, '{title}'", condition, names)
        if any(not source.reaches for source in self.sources[1:]):
            raise SpecError(where, "a further source does not say which facts it touches.", "Give it `reaches`.")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)

    @property
    def dimensions(self) -> tuple[Column, ...]:
        """Columns that may group figures."""
        return tuple(column for column in self.columns if column.is_dimension)
