"""The command line `yiwang`. Engines add their own commands; every one works without the web server.

A mistake of the person who types is a sentence and exit code 2, never a traceback.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import ConfigurationError, UserError, YiwangError
from yiwang.project.data_folder import claim, data_folder, district_of, looks_like_data, wipe
from yiwang.project.terminal import complain, say


@dataclass(frozen=True)
class Door:
    """A module with `register(subparsers)`, and what its commands need; a command may say otherwise for itself."""

    module: str
    needs_database: bool = True
    needs_django: bool = True


ENGINE_COMMANDS = (
    Door("yiwang.engines.directory.command"),
    Door("yiwang.engines.trust.command"),
    Door("yiwang.engines.rules.command", needs_database=False, needs_django=False),
    Door("yiwang.engines.forms.command", needs_database=False),
    Door("yiwang.engines.cases.command"),
)


def _run(args: argparse.Namespace) -> int:
    from yiwang.project.launcher import Options, run

    return run(Options(district=args.district, data=args.data, port=args.port, scale=args.scale))


def _worker(args: argparse.Namespace) -> int:
    from yiwang.project.worker import work

    return work(once=args.once)


def _reset(args: argparse.Namespace) -> int:
    data = data_folder(args.data, args.district)
    if not looks_like_data(data):
        say(f"{data} holds no data of Yiwang; nothing to wipe.")
        return 0
    say(f"This deletes the database, uploads and keys of district {district_of(data) or 'unknown'} in {data}.")
    if not args.yes and input("Type yes to go on: ").strip().lower() != "yes":
        say("Nothing was deleted.")
        return 1
    wipe(data)
    say("Deleted. The next make run begins anew.")
    return 0


def _replay(args: argparse.Namespace) -> int:
    from django.conf import settings

    from yiwang.project import demo, prepare

    district = settings.YIWANG["YIWANG_DISTRICT"]
    prepare.migrate()
    demo.publish_apps()
    for told in (demo.load_district(district), demo.seed_apps(district)):
        if told:
            say(f"  {told}")
    say(demo.load_history(args.scale) or "The history is there already.")
    return 0


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--district", default=os.environ.get("YIWANG_DISTRICT", ""), help="Six-digit code.")
    parser.add_argument("--data", default=os.environ.get("YIWANG_DATA", ""), help="Data folder; by default var.")


def _own_commands(subparsers: Any) -> None:
    """The commands of the house itself."""
    running = subparsers.add_parser("run", help="Start everything and serve; Ctrl-C stops everything.")
    _add_place(running)
    running.add_argument("--port", type=int, default=8000, help="Port of the web server on the loopback address.")
    running.add_argument("--scale", default="", help="Share of a year that the first start replays, like 0.01.")
    running.set_defaults(run=_run)
    working = subparsers.add_parser("worker", help="Sweep due clocks and send what waits in the outbox.")
    working.add_argument("--once", action="store_true", help="Do what is due now and end.")
    working.set_defaults(run=_worker, needs_database=True, needs_django=True)
    wiping = subparsers.add_parser("reset", help="Delete all data of one data folder, after asking.")
    _add_place(wiping)
    wiping.add_argument("--yes", action="store_true", help="Do not ask.")
    wiping.set_defaults(run=_reset)
    replaying = subparsers.add_parser("replay", help="Replay the scenarios of all apps.")
    _add_place(replaying)
    replaying.add_argument("--scale", type=float, default=0.001, help="Share of the report's year, like 0.01.")
    replaying.set_defaults(run=_replay, needs_database=True, needs_django=True, makes_database=True)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yiwang", description="Yiwang (一网): a district's digital government.")
    subparsers = parser.add_subparsers(required=True, metavar="command")
    _own_commands(subparsers)
    for door in ENGINE_COMMANDS:
        if importlib.util.find_spec(door.module) is not None:
            _register(door, subparsers)
    return parser


def _register(door: Door, subparsers: Any) -> None:
    """Let an engine add its commands, and note on each what it needs."""
    before = set(subparsers.choices)
    importlib.import_module(door.module).register(subparsers)
    for name in set(subparsers.choices) - before:
        subparsers.choices[name].set_defaults(door=door)


def _needs(args: argparse.Namespace, what: str) -> bool:
    """What the command says of itself, else what its door says."""
    return bool(getattr(args, what, getattr(getattr(args, "door", None), what, False)))


def _database(args: argparse.Namespace) -> AbstractContextManager[Any]:
    """What must run while the command works: nothing, or the database of the data folder."""
    if not _needs(args, "needs_database") or os.environ.get("DATABASE_URL"):
        return nullcontext()
    from yiwang.project.postgres import Cluster
    from yiwang.project.postgres_place import read_record

    district = getattr(args, "district", os.environ.get("YIWANG_DISTRICT", ""))
    data = data_folder(getattr(args, "data", os.environ.get("YIWANG_DATA", "")), district)
    if getattr(args, "makes_database", False):
        _lay_out(data)
    elif read_record(data) is None:
        raise ConfigurationError(f"{data} holds no database yet. Start once with make run, or set DATABASE_URL.")
    os.environ["YIWANG_DISTRICT"] = claim(data, district)
    os.environ["YIWANG_DATA"] = str(data)
    return Cluster(data).running()


def _lay_out(data: Path) -> None:
    """What a folder needs before its first database: the files that bring the list of divisions, and demo people."""
    from yiwang.project.launcher import install_frontend

    data.mkdir(parents=True, exist_ok=True)
    install_frontend(data)
    os.environ.setdefault("YIWANG_DEMO", "1")


@contextmanager
def _plain_database_errors() -> Iterator[None]:
    """A database that is away, or was never prepared, is a sentence and not a traceback."""
    from django.db import OperationalError, ProgrammingError

    try:
        yield
    except OperationalError as problem:
        raise ConfigurationError(f"The database does not answer: {problem}") from None
    except ProgrammingError as problem:
        if "does not exist" not in str(problem):
            raise
        raise ConfigurationError("This database is not prepared. make run does it, or manage migrate.") from None


def _execute(args: argparse.Namespace) -> int:
    with _database(args) as url:
        if url:
            os.environ["DATABASE_URL"] = url
        if _needs(args, "needs_django"):
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
            import django

            django.setup()
        command: Callable[[argparse.Namespace], int] = args.run
        with _plain_database_errors() if _needs(args, "needs_database") else nullcontext():
            return command(args)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit code 0 done, 1 refused or fault found, 2 wrong use, 130 interrupted."""
    args = build_parser().parse_args(arguments)
    try:
        return _execute(args)
    except UserError as problem:
        complain(problem.sentence())
    except YiwangError as problem:
        complain(str(problem))
    except FileNotFoundError as problem:
        complain(f"There is no file {problem.filename}.")
    except EOFError:
        complain("No answer came. Nothing was done.")
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main())
