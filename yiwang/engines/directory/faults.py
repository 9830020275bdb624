"""Refusals field by field: collected first, raised at once, so that a person corrects a form in one go."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext

from yiwang.kernel.errors import InvalidInput
from yiwang.kernel.wording import about


class Faults(list[dict[str, str]]):
    """Faults in the order found, at most one for each path."""

    def add(self, path: str, code: str, message: str) -> None:
        if all(fault["path"] != path for fault in self):
            self.append({"path": path, "code": code, "message": message})

    def text(self, path: str, title: str, value: str, limit: int) -> str:
        """The value without blanks around it; a fault when nothing is left, too much, or what no text holds."""
        value = value.strip()
        if not value:
            self.add(path, "REQUIRED", about(gettext("请填写{title}。"), gettext(title)))
        elif len(value) > limit:
            self.add(
                path,
                "TOO_LONG",
                about(
                    gettext("{title}最多{limit}个字，现有{length}个字，请删减。"),
                    gettext(title),
                    limit=limit,
                    length=len(value),
                ),
            )
        elif not value.isprintable():
            self.add(
                path,
                "CONTROL_CHARACTER",
                about(gettext("{title}含有无法保存的字符，请删去后重新输入。"), gettext(title)),
            )
        return value

    def refuse(self, message: str | None = None) -> None:
        """InvalidInput with all faults, when there are any."""
        if self:
            raise InvalidInput(self, message)


Told = Mapping[str, tuple[str, str, str]]
"""Beginning of a constraint's name: (path, code, message) of the fault it stands for."""


def save_once(row: models.Model, told: Told) -> None:
    """Save; a broken constraint of `told` becomes its fault, also when two people save at the same moment."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        broken = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
        for name, (path, code, message) in told.items():
            if broken.startswith(name):
                raise InvalidInput([{"path": path, "code": code, "message": message}]) from None
        raise
