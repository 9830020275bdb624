"""The journal on the command line: `yiwang verify` and `yiwang seal`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from yiwang.kernel import clock
from yiwang.kernel.errors import UserError

if TYPE_CHECKING:
    from yiwang.engines.trust.verification import Fault

_KINDS = {
    "altered": "改动",
    "missing": "缺失",
    "reordered": "乱序",
    "head": "流头与历史不符",
    "seal": "与封存不符",
}


def register(subparsers: Any) -> None:
    """Add the journal's commands to the project's command line."""
    verifying = subparsers.add_parser("verify", help="核对账本，指出第一处改动、缺失或乱序")
    verifying.add_argument("--json", action="store_true", help="以 JSON 输出结果，不显示进度")
    verifying.add_argument("--stream", action="append", type=UUID, help="只核对这个流，可多次给出")
    verifying.set_defaults(run=_verify)
    sealing = subparsers.add_parser("seal", help="把所有流此刻的状态封存为某一天的状态")
    sealing.add_argument("--date", type=date.fromisoformat, help="日期，如 2026-05-01；不写则为昨天（北京时间）")
    sealing.set_defaults(run=_seal)


def _verify(args: argparse.Namespace) -> int:
    from yiwang.engines.trust.verification import verify

    is_watched = sys.stderr.isatty() and not args.json
    report = verify(args.stream, _show_progress if is_watched else None)
    if is_watched:
        sys.stderr.write("\r\x1b[K")
    if args.json:
        _say(json.dumps(report.as_json(), ensure_ascii=False))
        return 0 if report.is_whole else 1
    seen = f"{report.entry_count:,} 条记录，{report.stream_count:,} 个流，{report.seal_count:,} 次封存"
    _say(f"已核对 {seen}，用时 {report.seconds:.1f} 秒。")
    if report.fault is None:
        _say("账本完整。")
        return 0
    _say(_in_words(report.fault))
    _say("请先备份现有数据库，再与此前的备份比对这个流，查明是谁在何时改动。")
    return 1


def _in_words(fault: Fault) -> str:
    """The fault as one Chinese sentence; the English word in brackets is what programs read."""
    place = f"流 {fault.stream}，第 {fault.sequence} 条：" if fault.stream else ""
    return f"发现{_KINDS[fault.kind]}（{fault.kind}）：{place}{fault.sentence}。"


def _show_progress(seen: int, expected: int) -> None:
    sys.stderr.write(f"\r{seen:,} / {max(seen, expected):,}")
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
    _say(f"已封存 {seal.sealed_on}：{seal.count:,} 个流，根 {seal.root.hex()}，封存 {seal.hash.hex()}")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
