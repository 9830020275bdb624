"""`yiwang process migrate TYPE --to N [--map FILE.json] [--yes]`: running cases change to another version."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiwang.kernel.errors import UserError

if TYPE_CHECKING:
    from yiwang.engines.cases.services.migrating import MigrationReport
    from yiwang.engines.processes.api import Moves

SHOWN = 20


class MapUnreadable(UserError):
    code, status = "MIGRATION_MAP_UNREADABLE", 422
    message = "对应表无法读取。"
    next_step = '请写成 {"nodes": {"旧环节": "新环节"}, "flows": {"旧连线": "新连线"}}。'


def add_migrate(subparsers: Any) -> None:
    """Add `migrate` to the commands of `yiwang process`."""
    parser = subparsers.add_parser("migrate", help="把正在办理的事项迁移到另一版流程；不加 --yes 只试算")
    parser.add_argument("type", help="事项类型，如 city_incident.incident")
    parser.add_argument("--to", type=int, required=True, help="目标版本号")
    parser.add_argument("--map", type=Path, help="对应表（JSON）：旧标识 → 新标识；没写的按相同标识对应")
    parser.add_argument("--yes", action="store_true", help="真正迁移；不加则只列出能迁和不能迁的")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    parser.set_defaults(run=_migrate)


def _migrate(args: argparse.Namespace) -> int:
    from yiwang.engines.cases.services.migrating import look_at_migration, migrate_cases
    from yiwang.engines.directory.api import SYSTEM

    do = migrate_cases if args.yes else look_at_migration
    try:
        report = do(SYSTEM, args.type, args.to, read_map(args.map))
    except UserError as error:
        _say(error.sentence())
        return 2
    _say(json.dumps(as_json(report), ensure_ascii=False) if args.json else in_words(report))
    return 0


def read_map(path: Path | None) -> Moves:
    """The table of moves in a file; nothing given, nothing moved by name."""
    from yiwang.engines.processes.api import Moves

    if path is None:
        return Moves()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MapUnreadable(f"无法读取 {path}：{error}。") from error
    if not isinstance(data, dict) or set(data) - {"nodes", "flows"} or not all(map(_is_names, data.values())):
        raise MapUnreadable
    return Moves(data.get("nodes", {}), data.get("flows", {}))


def _is_names(part: Any) -> bool:
    return isinstance(part, dict) and all(isinstance(target, str) for target in part.values())


def as_json(report: MigrationReport) -> dict[str, Any]:
    """The report for programs."""
    staying = [{"number": one.number, "where": one.where, "why": one.why, "now": one.now} for one in report.staying]
    return {
        "type": report.type, "to": report.to, "done": report.is_done, "moved": report.moved, "late": report.late,
        "staying": staying,
    }  # fmt: skip


def in_words(report: MigrationReport) -> str:
    """The report for people; at most `SHOWN` cases are named."""
    verb = "已迁移" if report.is_done else "可以迁移"
    lines = [f"{verb} {report.moved:,} 件到“{report.type}”第 {report.to} 版。"]
    if report.late:
        lines.append(f"其中 {report.late:,} 件按新时限已经超期。")
    if report.staying:
        lines.append(f"{len(report.staying):,} 件不能迁移，留在原来的版本继续办理：")
        lines += [f"  {one.number}  {one.where}：{one.why}{one.now}" for one in report.staying[:SHOWN]]
        more = len(report.staying) - SHOWN
        lines += [f"  …… 另有 {more:,} 件，加 --json 可看全部。"] if more > 0 else []
    if not report.is_done:
        lines.append("这是试算，什么也没有改。确认无误后加上 --yes 执行。")
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
