"""Who writes when nobody is at the keyboard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keeper:
    """The journal's own hand, for seals and for facts that no person stands behind."""

    user_id: int | None = None
    name: str = "系统"
    on_behalf_of: str | None = None
    is_system: bool = True

    def scopes(self, verb: str) -> tuple[str, ...]:
        return ("",)


KEEPER = Keeper()
