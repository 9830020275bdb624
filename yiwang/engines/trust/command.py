"""The journal on the command line: `yiwang verify` and `yiwang seal`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from yiwang.kernel import clock
from yiwang.kernel.errors import UserError


def register(subparsers: Any) -> None:
    """Add the journal's commands to the project's command line."""
    verifying = subparsers.add_parser("verify", help="Walk the journal and name the first fault.")
    verifying.add_argument("--json", action="store_true", help="Print the report as JSON and no progress.")
    verifying.add_argument("--stream", action="append", type=UUID, help="Only this stream; may be repeated.")
    verifying.set_defaults(run=_verify)
    sealing = subparsers.add_parser("seal", help="Seal all streams as they are, as the state of a day.")
    sealing.add_argument("--date", type=date.fromisoformat, help="The day; yesterday in China when not given.")
    sealing.set_defaults(run=_seal)


def _verify(args: argparse.Namespace) -> int:
    from yiwang.engines.trust.verification import verify

    report = verify(args.stream, None if args.json else _show_progress)
    if args.json:
        _say(json.dumps(report.as_json(), ensure_ascii=False))
        return 0 if report.is_whole else 1
    seen = f"{report.entry_count:,} entries, {report.stream_count:,} streams, {report.seal_count:,} seals"
    _say(f"Read {seen} in {report.seconds:.1f} s.")
    if report.fault is None:
        _say("The journal is whole.")
        return 0
    fault = report.fault
    _say(f"FAULT ({fault.kind}): stream {fault.stream or '-'}, entry {fault.sequence}: {fault.sentence}.")
    return 1


def _show_progress(seen: int, expected: int) -> None:
    sys.stderr.write(f"\r{seen:,} of about {max(seen, expected):,} entries")
    sys.stderr.flush()


def _seal(args: argparse.Namespace) -> int:
    from yiwang.engines.trust.api import seal_day
    from yiwang.engines.trust.keeper import KEEPER

    day = args.date or clock.now().astimezone(clock.CHINA).date() - timedelta(days=1)
    try:
        seal = seal_day(day, actor=KEEPER)
    except UserError as error:
        _say(error.sentence())
        return 1
    _say(f"{seal.sealed_on}: {seal.count:,} streams, root {seal.root.hex()}, seal {seal.hash.hex()}")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
