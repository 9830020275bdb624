"""Police lists of violations or accidents from a spreadsheet: every row kept or told why not. The same list again
keeps nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.non_motor.kinds import IMPORT, KINDS, SEVERITIES
from yiwang.apps.governance.non_motor.models import Violation
from yiwang.apps.governance.non_motor.services.accidents import Happened, record_accident
from yiwang.apps.governance.non_motor.services.violations import Seen, record
from yiwang.engines.directory.api import Actor
from yiwang.engines.rulebooks.api import NotASpreadsheet, Unread, read_file
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import NotAllowed, UserError
from yiwang.kernel.wording import joined

HEADINGS = {
    "文书编号": "reference", "编号": "reference", "车牌": "plate", "号牌": "plate", "车牌号": "plate",
    "违规行为": "kind", "违法行为": "kind", "时间": "at", "违法时间": "at", "经度": "longitude", "纬度": "latitude",
    "地点": "address",
    "车主": "owner_name", "车主姓名": "owner_name", "身份证号": "owner_number",
    "事故编号": "accident", "事故时间": "at", "伤亡情况": "severity", "受伤人数": "hurt",
}  # fmt: skip
REQUIRED = {
    "reference": "文书编号",
    "plate": "车牌",
    "kind": "违规行为",
    "at": "时间",
    "longitude": "经度",
    "latitude": "纬度",
}
REQUIRED_OF_ACCIDENTS = {
    "accident": "事故编号", "at": "事故时间", "longitude": "经度", "latitude": "纬度", "severity": "伤亡情况",
}  # fmt: skip
_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M")
_BY_TITLE = {title: key for key, title in KINDS.items()}
_SEVERITY_BY_TITLE = {title: key for key, title in SEVERITIES.items()}


class NotAList(UserError):
    code, status = "NOT_A_LIST", 422
    message, next_step = "读不出表格。", "请用表格软件另存为 .xlsx 或 .csv，再上传。"


@dataclass
class Report:
    """What came of a list: kept, known before, and (row, plate or number of the accident, why) of those left out."""

    kept: int = 0
    known: int = 0
    left_out: list[tuple[int, str, str]] = field(default_factory=list)


def import_list(actor: Actor, content: bytes) -> Report:
    """Read a list and keep its rows one by one; NotAllowed, NotAList, TooLarge. A faulty row hinders no other."""
    if not actor.scopes(IMPORT):
        raise NotAllowed
    report = Report()
    for number, row in _rows(content):
        try:
            with transaction.atomic():
                is_new = record_accident(actor, _happened(row))[1] if "accident" in row else _keep(actor, row)
            report.kept += is_new
            report.known += not is_new
        except UserError as error:
            why = (
                joined(gettext(error.message), gettext(error.next_step))
                if isinstance(error, NotAllowed)
                else error.message
            )
            report.left_out.append((number, str(row.get("plate") or row.get("accident") or ""), gettext(why)))
    facts = {"kept": report.kept, "known": report.known, "left_out": len(report.left_out)}
    append("non_motor", "non_motor.import", facts, actor=actor)
    return report


def _keep(actor: Actor, row: Mapping[str, Any]) -> bool:
    """A violation; whether it was new."""
    seen = _seen(row)
    if Violation.objects.filter(source=seen.source, reference=seen.reference).exists():
        return False
    record(actor, seen)
    return True


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    names: dict[int, str] = {}
    for number, line in _lines(content):
        if not names:
            found = {place: HEADINGS[text] for place, cell in line.items() if (text := str(cell).strip()) in HEADINGS}
            names = found if _is_head(set(found.values())) else {}
            continue
        row = {name: line[place] for place, name in names.items() if place in line}
        if row:
            yield number, ({"accident": ""} | row if "accident" in names.values() else row)
    if not names:
        raise NotAList(
            gettext("没有找到表头。"),
            next_step=gettext("表头要有：{names}。").format(names="、".join(REQUIRED.values())),
        )


def _is_head(names: Set[str]) -> bool:
    return "at" in names and not names.isdisjoint({"plate", "accident"})


def _lines(content: bytes) -> Iterator[tuple[int, dict[int, Any]]]:
    """Filled rows of the first sheet that shows, with their cells by column."""
    try:
        grids = read_file(content, "")
    except NotASpreadsheet as error:
        raise NotAList(error.message) from error
    cells = next((grid.cells for grid in grids if not grid.is_hidden), {})
    for number, row in groupby(sorted(cells), key=lambda place: place[0]):
        values = {column: cells[number, column] for _, column in row}
        yield number, {column: one.text if isinstance(one, Unread) else one for column, one in values.items()}


def _require(row: Mapping[str, Any], required: Mapping[str, str]) -> None:
    missing = [title for name, title in required.items() if row.get(name, "") == ""]
    if missing:
        raise UserError(gettext("缺少{names}。").format(names="、".join(missing)))


def _place(row: Mapping[str, Any]) -> tuple[float, float]:
    try:
        return float(row["longitude"]), float(row["latitude"])
    except (TypeError, ValueError):
        raise UserError(gettext("经纬度不是数。")) from None


def _happened(row: Mapping[str, Any]) -> Happened:
    _require(row, REQUIRED_OF_ACCIDENTS)
    severity = _SEVERITY_BY_TITLE.get(str(row["severity"]).strip())
    if severity is None:
        raise UserError(gettext("不认识的伤亡情况“{severity}”。").format(severity=row["severity"]))
    hurt = str(row.get("hurt", "0")).strip()
    if not hurt.isdecimal() or len(hurt) > 4:
        raise UserError(gettext("受伤人数不是数。"))
    longitude, latitude = _place(row)
    return Happened(
        reference=str(row["accident"]).strip()[:60], at=_instant(row["at"]), longitude=longitude, latitude=latitude,
        severity=severity, hurt=int(hurt),
    )  # fmt: skip


def _seen(row: Mapping[str, Any]) -> Seen:
    _require(row, REQUIRED)
    kind = _BY_TITLE.get(str(row["kind"]).strip())
    if kind is None:
        raise UserError(gettext("不认识的违规行为“{kind}”。").format(kind=row["kind"]))
    longitude, latitude = _place(row)
    return Seen(
        kind=kind, source="police", at=_instant(row["at"]), longitude=longitude, latitude=latitude,
        reference=str(row["reference"]).strip()[:60], plate=str(row["plate"]).strip(),
        address=str(row.get("address", "")).strip(), owner_name=str(row.get("owner_name", "")).strip(),
        owner_number=str(row.get("owner_number", "")).strip(),
    )  # fmt: skip


def _instant(value: Any) -> datetime:
    """A date cell or a text in one of the usual ways, in Chinese time."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=CHINA)
    for form in _FORMS:
        try:
            return datetime.strptime(str(value).strip(), form).replace(tzinfo=CHINA)
        except ValueError:
            continue
    raise UserError(gettext("读不懂时间“{text}”。").format(text=value))
