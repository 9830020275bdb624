"""Secrets at rest: AES-256-GCM for what must be read again, a keyed hash for what must be found again.

Keys live in the data folder (`keys/vault-<version>`), made when first needed. A new version is used for new values as
soon as its file exists; old values stay readable under theirs.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yiwang.kernel.errors import ConfigurationError

_NONCE = 12


def _folder() -> Path:
    data: Path = settings.DATA_DIR
    return data / "keys"


def key_version() -> int:
    """The newest key's number; makes the first one."""
    found = [int(path.name.removeprefix("vault-")) for path in _folder().glob("vault-*")]
    if found:
        return max(found)
    path = _folder() / "vault-1"
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    temporary = path.with_name(f"new-{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_bytes(os.urandom(32))
    with suppress(FileExistsError):  # Of two processes that start at once one makes the key, both use it.
        os.link(temporary, path)
    temporary.unlink()
    return 1


@lru_cache(maxsize=16)
def _key(folder: Path, version: int) -> bytes:
    path = folder / f"vault-{version}"
    if not path.is_file():
        raise ConfigurationError(f"The key {path} is missing: values encrypted under it cannot be read. Restore it.")
    return path.read_bytes()


def seal(clear: str, version: int, bound_to: str = "") -> bytes:
    """Encrypt text under a key version; `bound_to` names the place it belongs to, without which it cannot be read."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(_folder(), version)).encrypt(nonce, clear.encode(), bound_to.encode())


def unseal(sealed: bytes, version: int, bound_to: str = "") -> str:
    """The clear text again; cryptography's InvalidTag when it was altered or moved to another place."""
    return AESGCM(_key(_folder(), version)).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode()).decode()


def digest(clear: str) -> bytes:
    """A hash only this deployment can make, for exact look-up; always under the first key, to stay findable."""
    key_version()
    return hmac.new(_key(_folder(), 1), clear.strip().upper().encode(), hashlib.sha256).digest()
