"""The address a mail came from: kept under lock, found again by a digest, shown with its middle hidden."""

from __future__ import annotations

from uuid import UUID

from cryptography.exceptions import InvalidTag

from yiwang.apps.governance.intake.models import Arrival
from yiwang.engines.directory.api import vault


def masked_address(address: str) -> str:
    """
    >>> masked_address("wang.wu@example.cn")
    'w***@example.cn'
    """
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"[:120] if address else ""


def sealed(address: str, row_id: UUID) -> dict[str, object]:
    """Columns of a row for its sender; none for a mail without one."""
    if not address:
        return {}
    version = vault.key_version()
    return {
        "sender_cipher": vault.seal(address, version, f"{row_id}/sender"), "sender_digest": vault.digest(address),
        "sender_masked": masked_address(address), "key_version": version,
    }  # fmt: skip


def sender_of(row: Arrival) -> str:
    """The address in the clear, for the receipt alone; '' where it cannot be read."""
    if row.sender_cipher is None or row.key_version is None:
        return ""
    try:
        return vault.unseal(bytes(row.sender_cipher), row.key_version, f"{row.pk}/sender")
    except InvalidTag:
        return ""
