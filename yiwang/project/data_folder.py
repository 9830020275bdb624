"""The data folder of one district: which one, whose it is, and who works in it now."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.errors import ConfigurationError
from yiwang.project.environment import ROOT
from yiwang.project.postgres_place import read_record, remove_place

FIRST_DISTRICT = "440605"
_OTHER = "district-"
_NO_DATA = ("frontend", "frontend.lock")
_SIX_DIGITS = re.compile(r"[1-9]\d{5}\Z")


def check_district(code: str) -> str:
    """The code itself; ConfigurationError unless it is six digits."""
    if not _SIX_DIGITS.match(code):
        raise ConfigurationError(
            f"DISTRICT={code} is not a district. Give its six-digit code, like DISTRICT={FIRST_DISTRICT}."
        )
    return code


def data_folder(given: str, district: str) -> Path:
    """DATA when given; otherwise `var`, and below it a folder of its own for each other district."""
    if given:
        return Path(given).expanduser().resolve()
    base = ROOT / "var"
    return base if district in ("", FIRST_DISTRICT) else base / f"{_OTHER}{district}"


def district_of(data: Path) -> str:
    """The district whose data a folder holds, '' for a new folder."""
    path = data / "district"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def claim(data: Path, district: str) -> str:
    """Make the folder the data folder of `district` (of the one it already has when ''). Returns the district."""
    held = district_of(data)
    wanted = check_district(district or held or FIRST_DISTRICT)
    if held and held != wanted:
        raise ConfigurationError(
            f"{data} holds district {held}, not {wanted}. "
            f"Give another folder: make run DISTRICT={wanted} DATA=var/{_OTHER}{wanted}"
        )
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / "district").write_text(wanted, encoding="utf-8")
    except OSError as problem:
        raise ConfigurationError(
            f"The data folder {data} cannot be written: {problem.strerror}. "
            "Give one you own: make run DATA=/path/you/own"
        ) from None
    return wanted


def release(data: Path) -> None:
    """Give up a claim that came to nothing; a folder with a database keeps its district."""
    if read_record(data) is None:
        (data / "district").unlink(missing_ok=True)


@dataclass(frozen=True)
class Running:
    """What a launcher writes into its data folder while it works."""

    process_id: int
    address: str


def running(data: Path) -> Running | None:
    """The launcher that works in a data folder now; None when none holds its lock."""
    path = data / "launcher.json"
    if not path.exists():
        return None
    with path.open("r", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            facts = json.loads(file.read() or "{}")
            return Running(int(facts.get("process_id", 0)), str(facts.get("address", "")))
    return None


def check_idle(data: Path) -> None:
    """ConfigurationError when a launcher works in the folder."""
    other = running(data)
    if other is not None:
        raise ConfigurationError(
            f"Yiwang already works in {data} at {other.address} (process {other.process_id}). "
            "Stop it with Ctrl-C there, or give another folder: DATA=…"
        )


@contextmanager
def occupied(data: Path, address: str) -> Iterator[None]:
    """Hold the data folder; ConfigurationError when another launcher does. The lock dies with its process."""
    with (data / "launcher.json").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            check_idle(data)
            raise ConfigurationError(f"Another start is working in {data}. Try again in a moment.") from None
        file.truncate(0)
        file.write(json.dumps({"process_id": os.getpid(), "address": address}))
        file.flush()
        yield
        file.truncate(0)


def wipe(data: Path) -> None:
    """Delete the data of one folder, its cluster elsewhere too. Other districts' folders and front-end files stay."""
    check_idle(data)
    remove_place(data)
    for item in data.iterdir() if data.is_dir() else ():
        if item.name.startswith(_OTHER) or item.name in _NO_DATA:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()


def looks_like_data(data: Path) -> bool:
    """Whether a folder is one of ours; `reset` deletes nothing else."""
    return district_of(data) != "" or read_record(data) is not None
