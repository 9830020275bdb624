"""Child processes that never outlive the launcher, and recognising one again after a crash."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_SET_PARENT_DEATH_SIGNAL = 1
_C_LIBRARY = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_LOG_LIMIT = 20_000_000


def _dies_with_parent(number: int) -> Callable[[], None]:
    """For `preexec_fn`: Linux sends `number` to the child when its parent dies, even by kill -9."""

    def arrange() -> None:
        if _C_LIBRARY is not None:
            _C_LIBRARY.prctl(_SET_PARENT_DEATH_SIGNAL, number)

    return arrange


def start(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    parent_death: signal.Signals = signal.SIGTERM,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (Ctrl-C reaches only the launcher), output appended to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(os.environ if environment is None else environment),
            start_new_session=True,
            preexec_fn=_dies_with_parent(parent_death),  # noqa: PLW1509  (the launcher has one thread)
            **options,
        )


def stop(child: subprocess.Popen[bytes], *, ask: signal.Signals, insist: signal.Signals, patience: float) -> None:
    """Ask a child to end, insist after `patience` seconds, and reap it."""
    if child.poll() is not None:
        return
    child.send_signal(ask)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.send_signal(insist)
        child.wait(patience)


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(process_id)


def _is_zombie(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def command_line(process_id: int) -> list[str]:
    """The words a process was started with; empty when it is gone or not ours to read."""
    try:
        text = Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        answer = subprocess.run(["ps", "-o", "args=", "-p", str(process_id)], capture_output=True, check=False)
        return answer.stdout.decode(errors="replace").split()
    return [word.decode(errors="replace") for word in text.split(b"\0") if word]


def wait_until(is_true: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Poll a condition until it holds; False when `seconds` pass first."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def end_orphan(process_id: int, ask: signal.Signals, insist: signal.Signals, patience: float = 20) -> None:
    """End a process that is no child of ours, by its id."""
    for number in (ask, insist):
        try:
            os.kill(process_id, number)
        except ProcessLookupError:
            return
        if wait_until(lambda: not is_alive(process_id), patience):
            return
