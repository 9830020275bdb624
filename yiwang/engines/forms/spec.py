"""The words an app says about forms: fields (`field_words`), sections and the form itself. Plain frozen data.

Conditions (`visible_when`, `required_when`, `valid_when`, `computed`, `options_when`) are FEEL text over the keys of
the same form; inside a group the keys of the row come first. They are compiled, and their names checked, when the form
is compiled (`api.compile_form`); everything else is checked here, at declaration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field

from yiwang.engines.forms.field_words import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DivisionField,
    Field,
    File,
    Group,
    Listed,
    LongText,
    Money,
    Number,
    Option,
    PartyField,
    Photo,
    Place,
    Signature,
    Text,
    check_distinct,
)
from yiwang.kernel.app import Part
from yiwang.kernel.errors import SpecError, did_you_mean

__all__ = [
    "EVERY_FIELD",
    "RIGHTS",
    "Boolean",
    "Choice",
    "Date",
    "DateTime",
    "DivisionField",
    "Field",
    "File",
    "Form",
    "Group",
    "Listed",
    "LongText",
    "Money",
    "Number",
    "Option",
    "PartyField",
    "Photo",
    "Place",
    "Section",
    "Signature",
    "Text",
    "check_rights",
]

RIGHTS = ("hidden", "read", "write")
EVERY_FIELD = "*"
"""In a mapping of rights: the right of every field that is not named. Without it unnamed fields are writable."""


@dataclass(frozen=True)
class Section:
    """A titled stretch of the form: fields by key, in order. With `Form.paged` each section is one page."""

    title: str
    fields: tuple[str, ...]
    _: KW_ONLY
    hint: str = ""


@dataclass(frozen=True)
class Form(Part):
    """What is asked at once: fields in order, optionally cut into sections (or pages).

    `fields` keys are unique; a section names existing fields, each at most once, and fields no section names come last.
    `direction` is one sentence above the first field.
    """

    key: str
    title: str
    _: KW_ONLY
    fields: tuple[Field, ...] = ()
    sections: tuple[Section, ...] = ()
    paged: bool = False
    direction: str = ""
    by_key: Mapping[str, Field] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"Form '{self.key}'"
        if not self.fields:
            raise SpecError(where, "asks nothing.", "Give it at least one field: fields=(Text('name', '姓名'),).")
        check_distinct(where, self.fields)
        object.__setattr__(self, "by_key", {item.key: item for item in self.fields})
        if self.paged and not self.sections:
            raise SpecError(where, "is paged but has no sections.", "Cut it: sections=(Section('基本', ('name',)),).")
        self._check_sections(where)

    def _check_sections(self, where: str) -> None:
        placed: dict[str, str] = {}
        for section in self.sections:
            for key in section.fields:
                if key not in self.by_key:
                    raise SpecError(
                        where, f"section '{section.title}' names field '{key}'.", did_you_mean(key, self.by_key)
                    )
                if key in placed:
                    raise SpecError(where, f"field '{key}' stands in two sections.", f"Take it out of '{placed[key]}'.")
                placed[key] = section.title

    def walk(self) -> Iterator[tuple[str, Field]]:
        """Every field with its dotted path, group rows included: `("items.name", Text(...))`."""
        for item in self.fields:
            yield item.key, item
            if isinstance(item, Group):
                yield from ((f"{item.key}.{child.key}", child) for child in item.fields)


def check_rights(where: str, form: Form, rights: Mapping[str, str]) -> None:
    """Field rights of a step name existing fields (or `*`) and one of `RIGHTS`; SpecError otherwise.

    Rights speak of whole fields: a group is hidden, read or written with all its rows.
    """
    for key, right in rights.items():
        if key != EVERY_FIELD and key not in form.by_key:
            raise SpecError(where, f"rights name field '{key}' of form '{form.key}'.", did_you_mean(key, form.by_key))
        if right not in RIGHTS:
            raise SpecError(where, f"right '{right}' of field '{key}' does not exist.", did_you_mean(right, RIGHTS))
