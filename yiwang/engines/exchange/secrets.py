"""Secrets of systems: made here, sealed in the database, shown once, two of them good while they change."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe

from yiwang.engines.directory.api import vault
from yiwang.engines.exchange.models import System
from yiwang.kernel.clock import now

OVERLAP = timedelta(hours=24)
"""How long the former secret stays good; a proposal."""


def give_secret(system: System) -> str:
    """A new secret in the row, the former one kept for OVERLAP; the caller saves and shows it once."""
    made, version = token_urlsafe(32), vault.key_version()
    if system.secret:
        former = vault.unseal(bytes(system.secret), system.key_version, f"{system.pk}/secret")
        system.previous = vault.seal(former, version, f"{system.pk}/previous")
        system.previous_until = now() + OVERLAP
    system.secret, system.key_version = vault.seal(made, version, f"{system.pk}/secret"), version
    return made


def secrets_of(system: System) -> list[str]:
    """Every secret that is good now, the newest first."""
    found = [vault.unseal(bytes(system.secret), system.key_version, f"{system.pk}/secret")]
    if system.previous is not None and system.previous_until is not None and now() < system.previous_until:
        found.append(vault.unseal(bytes(system.previous), system.key_version, f"{system.pk}/previous"))
    return found
