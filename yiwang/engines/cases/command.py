"""`yiwang process check|simulate|export|import|migrate`: processes as BPMN. Check and simulate need no database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiwang.engines.cases.migrate_command import add_migrate
from yiwang.kernel.errors import NotFound, UserError

if TYPE_CHECKING:
    from yiwang.engines.cases.models import AppVersion

_LEVELS = {"error": "错误", "warning": "提示"}


class FileRefused(UserError):
    """A file named on the command line cannot be used."""

    code, message, next_step = "PROCESS_FILE", "文件无法读取。", "请检查路径。"


def register(subparsers: Any) -> None:
    """Add the commands of processes to the project's command line."""
    process = subparsers.add_parser("process", help="流程（BPMN）：检查、模拟、导出、导入")
    commands = process.add_subparsers(dest="process_command", required=True)
    check = commands.add_parser("check", help="检查 BPMN 文件能否发布，每行一条：在哪里、是什么、怎么办")
    _file(check)
    check.set_defaults(run=_check, needs_database=False, needs_django=False)
    simulate = commands.add_parser("simulate", help="按脚本试运行 BPMN 文件，输出任务、事件和数据（JSON），不保存")
    _file(simulate)
    simulate.add_argument("--script", type=Path, metavar="FILE.json", help="脚本；不写则只启动")
    simulate.set_defaults(run=_simulate, needs_database=False, needs_django=False)
    export = commands.add_parser("export", help="把已登记的事项类型写成 BPMN 文件")
    export.add_argument("type", metavar="TYPE", help="事项类型，例如 city_incident.incident")
    export.add_argument("--version", type=int, help="版本号；不写则为已发布的版本")
    export.add_argument("-o", "--output", type=Path, help="写入的文件；不写则输出到屏幕")
    export.set_defaults(run=_export)
    importing = commands.add_parser("import", help="把 BPMN 文件存为事项类型的新版本")
    _file(importing)
    importing.add_argument("--app", required=True, help="所属应用的标识")
    importing.add_argument("--key", required=True, help="事项类型的标识")
    importing.add_argument("--title", default="", help="名称；不写则用文件里的")
    importing.add_argument("--publish", action="store_true", help="同时发布；有错误时不发布")
    importing.set_defaults(run=_import)
    add_migrate(commands)


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.bpmn")
    parser.add_argument("--process", default="", help="文件里有多个流程时，指定其中一个的标识")


def _read(path: Path) -> bytes:
    """The file, or a little more than the reader will take, so that it can say how big is too big."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(f"无法读取文件 {path}：{error.strerror}。") from error


def _check(args: argparse.Namespace) -> int:
    """Exit 0 when the file could be published, 1 when something must be put right."""
    from yiwang.engines.bpmn.api import check_file

    findings = check_file(_read(args.file), process=args.process)
    for finding in findings:
        print(f"{_LEVELS[finding.level]}  {' '.join(str(finding).split())}")
    if not findings:
        print("没有发现问题。")
    return 1 if any(finding.level == "error" for finding in findings) else 0


def _simulate(args: argparse.Namespace) -> int:
    """Exit 0 with JSON on the screen; a mistake in file or script is a sentence and exit 2."""
    from yiwang.engines.bpmn.api import read_bpmn, simulate

    reading = read_bpmn(_read(args.file), process=args.process)
    for note in reading.notes:
        print(f"提示  {note}", file=sys.stderr)
    found = simulate(reading.bundle, _script(args.script), is_foreign=reading.is_foreign)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def _script(path: Path | None) -> Any:
    if path is None:
        return {}
    try:
        return json.loads(_read(path))
    except json.JSONDecodeError as error:
        what = f"脚本 {path} 不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列。"
        raise FileRefused(what, next_step="请检查引号和逗号。") from error
    except (ValueError, RecursionError) as error:
        raise FileRefused(f"脚本 {path} 不是有效的 JSON。", next_step="请用 UTF-8 编码保存，减少嵌套。") from error


def _export(args: argparse.Namespace) -> int:
    from yiwang.engines.bpmn.api import write_bpmn

    version = _version(args.type, args.version)
    xml = write_bpmn(version.bundle)
    if args.output is None:
        sys.stdout.write(xml.decode("utf-8"))
        return 0
    try:
        args.output.write_bytes(xml)
    except OSError as error:
        raise FileRefused(f"无法写入文件 {args.output}：{error.strerror}。") from error
    print(f"已把 {version.type} 第 {version.number} 版写入 {args.output}。")
    return 0


def _version(type: str, number: int | None) -> AppVersion:
    from yiwang.engines.bpmn.api import nearest
    from yiwang.engines.cases.models import AppVersion

    versions = AppVersion.objects.filter(type=type)
    if not versions.exists():
        known = AppVersion.objects.values_list("type", flat=True).distinct()
        raise NotFound(f"没有事项类型“{type}”。", next_step=nearest(type, known))
    found = versions.filter(status="published") if number is None else versions.filter(number=number)
    version = found.first()
    if version is None:
        numbers = "、".join(str(known) for known in versions.order_by("number").values_list("number", flat=True))
        wanted = "已发布的版本" if number is None else f"第 {number} 版"
        raise NotFound(f"{type} 没有{wanted}。", next_step=f"请用 --version 指定，可用的有：{numbers}。")
    return version


def _import(args: argparse.Namespace) -> int:
    """Exit 0 when stored (and published when asked), 1 when stored but not fit to be published."""
    from yiwang.engines.bpmn.api import read_bpmn
    from yiwang.engines.cases.services.checking import DefinitionFaulty
    from yiwang.engines.cases.services.versions import publish, store_draft
    from yiwang.engines.directory.api import SYSTEM

    reading = read_bpmn(_read(args.file), app=args.app, key=args.key, title=args.title, process=args.process)
    for note in reading.notes:
        print(f"提示  {note}")
    reading.bundle["title"] = reading.bundle["title"] or args.key
    version = store_draft(SYSTEM, reading.bundle)
    print(f"已存为 {version.type} 第 {version.number} 版（{version.get_status_display()}）。")
    if not args.publish:
        return 0
    try:
        version = publish(SYSTEM, version)
    except DefinitionFaulty as faulty:
        for finding in faulty.findings:
            print(f"{_LEVELS[finding.level]}  {finding}")
        print("没有发布。请更正后重新导入。")
        return 1
    print(f"已发布 {version.type} 第 {version.number} 版。")
    return 0
