"""Divisions and calendars on the command line: `yiwang district` and `yiwang calendar`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import InvalidInput

_LEVELS = ("district", "town", "village", "cell")


def register(subparsers: Any) -> None:
    """Add the directory's commands to the project's command line."""
    district = subparsers.add_parser("district", help="Divisions of a district.").add_subparsers(required=True)
    loading = district.add_parser("load", help="Load towns, villages and organisations of a district.")
    loading.add_argument("code", nargs="?", default="", help="Six-digit code; by default that of the data folder.")
    loading.set_defaults(run=_load)
    importing = district.add_parser("import-boundaries", help="Replace schematic outlines by surveyed ones.")
    importing.add_argument("file", type=Path, help="GeoJSON with a code or a name for each polygon.")
    importing.add_argument("--level", choices=_LEVELS, default="", help="What the polygons are; told by the codes.")
    importing.add_argument("--coordinates", choices=("wgs84", "gcj02"), default="wgs84")
    importing.add_argument("--source", default="", help="Where the outlines come from; by default the file's name.")
    importing.add_argument("--dry-run", action="store_true", help="Say what would happen and write nothing.")
    importing.set_defaults(run=_import_boundaries)
    calendar = subparsers.add_parser("calendar", help="Working calendars.").add_subparsers(required=True)
    noticing = calendar.add_parser("import", help="Load a year's holiday notice, JSON or CSV.")
    noticing.add_argument("file", type=Path)
    noticing.add_argument("--calendar", default="default")
    noticing.add_argument("--source", default="", help="Title and number of the notice.")
    noticing.set_defaults(run=_import_notice)
    explaining = calendar.add_parser("explain", help="When a time limit ends, and why, second by second.")
    explaining.add_argument("start", help="Like 2021-09-30T10:00, in Chinese time.")
    explaining.add_argument("limit", help="Like 2working_day, 5statutory_day or 2个工作日.")
    explaining.add_argument("--calendar", default="default")
    explaining.set_defaults(run=_explain)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _tell_faults(error: InvalidInput) -> int:
    _say(error.message)
    for number, fault in enumerate(error.errors, start=1):
        _say(f"{number:>4}. {fault['message']}")
    return 1


def _load(args: argparse.Namespace) -> int:
    from yiwang.engines.directory.loading import load_district
    from yiwang.engines.directory.lookups import district_code

    code = args.code or district_code()
    _say(load_district(code) or f"District {code} is loaded already.")
    return 0


def _import_boundaries(args: argparse.Namespace) -> int:
    from yiwang.engines.directory.actors import system_actor
    from yiwang.engines.directory.services import boundaries

    actor, content = system_actor("命令行"), args.file.read_bytes()
    how = {"level": args.level, "coordinates": args.coordinates}
    try:
        if args.dry_run:
            found = boundaries.try_boundaries(actor, content, **how)
            if found.faults:
                raise InvalidInput(found.faults, "边界文件有误，不能导入。")
        else:
            source = args.source or args.file.name
            found = boundaries.import_boundaries(actor, content, source=source, **how)
    except InvalidInput as error:
        return _tell_faults(error)
    _say(f"坐标系：{found.coordinates}。")
    for code, area in sorted(found.areas.items()):
        _say(f"{code:<16} {area / 1e6:>10,.3f} km²  {found.features[code].name or found.names.get(code, '')}")
    for note in found.notes:
        _say(f"注意：{note}")
    for parent in found.parents:
        _say(f"{found.name(parent)}的界线由其下级界线合并得出。")
    _say("试运行，未写入任何内容。" if args.dry_run else f"已导入{len(found.features)}个界线，不再是示意。")
    return 0


def _import_notice(args: argparse.Namespace) -> int:
    from yiwang.engines.directory.actors import system_actor
    from yiwang.engines.directory.services.calendars import import_notice

    try:
        notice = import_notice(system_actor("命令行"), args.calendar, args.file.read_bytes(), source=args.source)
    except InvalidInput as error:
        return _tell_faults(error)
    off = sum(not fact.is_working for fact in notice.days.values())
    _say(f"已导入{notice.year}年节假日安排：放假{off}天，调休上班{len(notice.days) - off}天；暂定时限将重新计算。")
    return 0


def _explain(args: argparse.Namespace) -> int:
    from yiwang.engines.directory.selectors.calendars import explain
    from yiwang.engines.working_time.api import read_limit, read_start

    limit = read_limit(args.limit)
    found = explain(read_start(args.start), limit, args.calendar)
    for piece in found.intervals:
        mark = "计入" if piece.is_counted else "不计"
        _say(f"{piece.start:%Y-%m-%d %H:%M:%S} – {piece.end:%Y-%m-%d %H:%M:%S}  {mark}  {piece.reason}")
    provisional = "（暂定：其间有日历未公布的年份）" if found.deadline.is_provisional else ""
    _say(f"{limit.title}，{found.summary}。")
    _say(f"截止 {found.deadline.at:%Y-%m-%d %H:%M:%S}{provisional}")
    return 0
