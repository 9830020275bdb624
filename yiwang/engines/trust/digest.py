"""SM3 (GB/T 32905-2016), from the fastest library this machine has; decided once."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol


class Hash(Protocol):
    """A running hash: 32 bytes come out of `digest()`."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...

    def copy(self) -> Any: ...


class _PortableHash:
    """For a Python whose OpenSSL lacks SM3: `cryptography` brings its own."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives import hashes

        self._inner = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._inner.update(data)

    def digest(self) -> bytes:
        return self._inner.copy().finalize()

    def copy(self) -> _PortableHash:
        twin = object.__new__(_PortableHash)
        twin._inner = self._inner.copy()
        return twin


def _fresh() -> Hash:
    try:
        return hashlib.new("sm3")
    except ValueError:
        return _PortableHash()


_blank = _fresh().copy  # copying a blank hash is cheaper than asking OpenSSL for a new one by name


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest of `data`."""
    running = _blank()
    running.update(data)
    digest: bytes = running.digest()
    return digest
