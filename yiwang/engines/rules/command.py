"""`yiwang rules evaluate FILE.dmn --decision NAME --input JSON`: one decision at the command line."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from yiwang.engines.feel.api import MODEL_LIMIT, from_python, inner_text
from yiwang.engines.rules.dmn.document import DmnError
from yiwang.engines.rules.dmn.evaluation import Evaluation, TraceStep, evaluate_model
from yiwang.engines.rules.dmn.model import Model, load_model

_CAUSES: dict[type[OSError], str] = {
    FileNotFoundError: "文件不存在",
    IsADirectoryError: "这是一个文件夹",
    PermissionError: "没有读取权限",
}


class CommandError(Exception):
    """What the user got wrong, as one Chinese sentence with the next step."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `rules evaluate` to the project's command line."""
    rules = subparsers.add_parser("rules", help="决策模型：求值").add_subparsers(dest="rules_command", required=True)
    evaluate = rules.add_parser("evaluate", help="计算 DMN 文件中的一个决策，输出结果和依据（JSON）")
    evaluate.add_argument("file", type=Path, metavar="FILE.dmn")
    evaluate.add_argument("--decision", required=True, help="决策、决策服务或业务知识模型的名称")
    evaluate.add_argument("--input", default="{}", help="输入数据，JSON 对象；以 @ 开头则从文件读取")
    evaluate.add_argument(
        "--import", dest="imports", type=Path, action="append", default=[], help="被引用的 DMN 文件，可多次给出"
    )
    evaluate.set_defaults(run=run_evaluate)


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Exit status 0 when evaluated, 1 when evaluated with errors, 2 when the request is wrong."""
    try:
        model = load_model(_read(arguments.file), [_read(path) for path in arguments.imports])
        inputs = _inputs(arguments.input)
        _check_inputs(model, arguments.decision, inputs)
        found = evaluate_model(model, arguments.decision, inputs)
    except (CommandError, DmnError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(_as_json(found), ensure_ascii=False, indent=2) + "\n")
    return 1 if found.errors else 0


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MODEL_LIMIT:
            raise CommandError(f"文件 {path} 超过 {MODEL_LIMIT} 字节。请拆分模型。")
        return path.read_bytes()
    except OSError as error:
        cause = _CAUSES.get(type(error), error.strerror or "系统拒绝")
        raise CommandError(f"无法读取文件 {path}：{cause}。请检查路径。") from error


def _inputs(text: str) -> dict[str, Any]:
    if text.startswith("@"):
        text = _read(Path(text[1:])).decode("utf-8", "replace")
    try:
        data = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise CommandError(
            f"--input 不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列无法识别。请检查此处前后的引号和逗号。"
        ) from error
    except RecursionError:
        raise CommandError("--input 嵌套过深。请简化输入。") from None
    if not isinstance(data, dict):
        raise CommandError('--input 应为 JSON 对象，例如 {"年龄": 18}。')
    return data


def _check_inputs(model: Model, decision: str, inputs: dict[str, Any]) -> None:
    """Refuse a call that leaves out what the decision needs."""
    missing = [name for name in model.inputs_of(decision) if name not in inputs]
    if missing:
        raise CommandError(f"缺少输入：{'、'.join(missing)}。请在 --input 中给出，没有值时写 null。")


def _as_json(found: Evaluation) -> dict[str, Any]:
    return {
        "value": json_value(found.value),
        "trace": [_step_as_json(step) for step in found.trace],
        "errors": list(found.errors),
    }


def _step_as_json(step: TraceStep) -> dict[str, Any]:
    if step.kind == "decision":
        return {"kind": step.kind, "name": step.name, "value": json_value(step.value)}
    inputs = [{"expression": text, "value": json_value(value)} for text, value in step.inputs]
    rules = [
        {"number": rule.number, "tests": list(rule.tests), "outputs": list(rule.outputs), "note": rule.note}
        for rule in step.rules
    ]
    return {"kind": step.kind, "name": step.name, "inputs": inputs, "rules": rules}


def json_value(value: Any) -> Any:
    """A value as JSON: a decimal as number when a double holds it exactly, else as text; dates and the like as text."""
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and abs(value) < 2**53:
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, list):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {key: json_value(item) for key, item in value.items()}
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, date | datetime | time | timedelta):
        value = from_python(value)
    return inner_text(value)
