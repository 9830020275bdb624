"""Who the database server runs as, and where its files lie.

PostgreSQL refuses root. Started by root, it runs as `postgres` or `nobody`; when that account cannot enter the data
folder (a checkout below /root, say) the files lie in /var/lib/yiwang, and a record in the data folder says where.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import ConfigurationError

ELSEWHERE = Path("/var/lib/yiwang")
PORTS = range(54320, 54400)


@dataclass(frozen=True)
class Account:
    """The operating-system account of the server processes; None means the one that starts them."""

    name: str | None = None
    user_id: int = -1
    group_id: int = -1

    @property
    def options(self) -> dict[str, Any]:
        """What `subprocess` needs to become this account."""
        if self.name is None:
            return {}
        return {"user": self.user_id, "group": self.group_id, "extra_groups": [self.group_id]}

    def own(self, path: Path) -> None:
        if self.name is not None:
            os.chown(path, self.user_id, self.group_id)

    def can_enter(self, path: Path) -> bool:
        """Whether this account may walk down to `path` (its existing part)."""
        return self.name is None or all(self._may_pass(folder) for folder in _existing(path))

    def _may_pass(self, folder: Path) -> bool:
        facts = folder.stat()
        if facts.st_uid == self.user_id:
            return bool(facts.st_mode & 0o100)
        return bool(facts.st_mode & (0o010 if facts.st_gid == self.group_id else 0o001))


def _existing(path: Path) -> Iterator[Path]:
    for folder in (path, *path.parents):
        if folder.is_dir():
            yield folder


def server_account() -> Account:
    """The account for this start: the caller's own, or an unprivileged one when the caller is root."""
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise ConfigurationError(
        "PostgreSQL must not run as root, and this machine has neither an account 'postgres' nor 'nobody'. "
        "Start Yiwang as an ordinary user, or set DATABASE_URL."
    )


@dataclass
class Record:
    """`postgres.json` in the data folder: where the cluster lies and which port it keeps."""

    path: Path
    folder: Path
    port: int = 0

    @property
    def home(self) -> Path:
        """The folder above the cluster, which the server account owns."""
        return self.folder.parent

    def save(self) -> None:
        facts = {"folder": str(self.folder), "port": self.port}
        self.path.write_text(json.dumps(facts, indent=1), encoding="utf-8")


def read_record(data: Path) -> Record | None:
    """The record of a data folder, None when there is none or it cannot be read."""
    path = data / "postgres.json"
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return Record(path, Path(facts["folder"]), int(facts["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def choose_place(data: Path, account: Account) -> Record:
    """The recorded place, or a new one inside the data folder, or one the account can enter."""
    known = read_record(data)
    if known is not None:
        return known
    home = data / "postgres"
    if not account.can_enter(data):
        mark = hashlib.sha256(str(data).encode()).hexdigest()[:8]
        home = ELSEWHERE / f"{data.name}-{mark}"
        if (home / "cluster").exists():
            home.rename(home.with_name(f"{home.name}-old-{os.getpid()}"))
    return Record(data / "postgres.json", home / "cluster")


def make_home(record: Record, account: Account) -> None:
    record.home.mkdir(parents=True, exist_ok=True)
    account.own(record.home)
    record.home.chmod(0o700)


def remove_place(data: Path) -> None:
    """Delete the cluster of a data folder, wherever it lies. The caller made sure that nothing runs."""
    record = read_record(data)
    if record is not None and record.folder.name == "cluster":
        shutil.rmtree(record.home, ignore_errors=True)
        record.path.unlink(missing_ok=True)


def is_free(port: int) -> bool:
    """Whether nothing on this machine listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int, ports: range = PORTS) -> int:
    """`wanted` when it is free, else the first free one of `ports`."""
    candidates: tuple[int, ...] = (wanted, *ports)
    for port in candidates:
        if port and is_free(port):
            return port
    raise ConfigurationError(f"No port from {ports.start} to {ports.stop - 1} is free for the database.")
