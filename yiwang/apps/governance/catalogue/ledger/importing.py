"""Taking a ledger over from a file: what is good is stored whole in one transaction, the rest is in the report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language, gettext

from yiwang.apps.governance.catalogue.book import catalogue_on
from yiwang.apps.governance.catalogue.findings import Finding, counted
from yiwang.apps.governance.catalogue.ledger.file import Entry, read_components
from yiwang.apps.governance.catalogue.ledger.rights import is_of_district, may_keep
from yiwang.apps.governance.catalogue.ledger.services import hold_serials, serials_used
from yiwang.apps.governance.catalogue.models import Component, Import
from yiwang.apps.governance.catalogue.rights import EDIT_COMPONENTS
from yiwang.engines.directory.api import Actor, district_code, locate, name_of, today
from yiwang.engines.geography.api import to_wgs84
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, NotAllowed

COORDINATES = ("wgs84", "gcj02")
"""WGS-84 (which CGCS2000 equals to a metre) or GCJ-02, the shifted degrees of Chinese web maps."""
BATCH = 1000


@dataclass(slots=True)
class _Sorting:
    """Entries that may be stored, and why the others may not."""

    actor: Actor
    coordinates: str
    findings: list[Finding]
    rows: list[Component]
    seen: dict[str, Entry]
    stored: frozenset[str]

    def refuse(self, entry: Entry, why: str, now_do: str) -> None:
        self.findings.append(Finding(entry.sheet, str(entry.row), str(entry.code), why, now_do))

    def take(self, entry: Entry) -> None:
        code, text = entry.code, str(entry.code)
        longitude, latitude = entry.longitude, entry.latitude
        if self.coordinates == "gcj02":
            longitude, latitude = (float(one) for one in to_wgs84(longitude, latitude))
        cell = locate(longitude, latitude)
        known = catalogue_on().conditions.get(code.class_code)
        if code.district != district_code():
            why = gettext("标识码的前六位不是本区的 {code}。").format(code=district_code())
            self.refuse(entry, why, gettext("请核对区划代码。"))
        elif known is None:
            why = gettext("现行类别中没有部件小类 {code}。").format(code=f"{code.group}-{code.small}")
            self.refuse(entry, why, gettext("请核对大类、小类代码，或先更新类别。"))
        elif cell is None or not is_of_district(cell):
            now_do = gettext("请核对经纬度，以及导入时选的坐标系。")
            self.refuse(entry, gettext("位置在本区范围以外。"), now_do)
        elif not may_keep(self.actor, cell):
            why = gettext("位置在{place}，不归您维护。").format(place=name_of(cell[:9]))
            self.refuse(entry, why, gettext("请交由所在镇街的部件管理员导入。"))
        elif text in self.seen:
            why = gettext("与 {place} 行的标识码相同，只读入了前一行。").format(
                place=f"{self.seen[text].sheet}!{self.seen[text].row}"
            )
            self.refuse(entry, why, gettext("请核对，一个部件一个标识码。"))
        elif text in self.stored:
            why = gettext("台账中已有这个标识码，没有改动。")
            self.refuse(entry, why, gettext("如需更正，请在该部件的页面上修改。"))
        else:
            self.seen[text] = entry
            self.rows.append(_component(entry, cell, longitude, latitude, known[0].title))


def _component(entry: Entry, cell: str, longitude: float, latitude: float, title: str) -> Component:
    texts = {"name": title} | {key: value for key, value in entry.texts.items() if value}
    return Component(
        code=str(entry.code), class_code=entry.code.class_code, cell=cell, longitude=longitude, latitude=latitude,
        state=entry.state, placed_on=entry.placed_on, changed_on=today(), **texts,
    )  # fmt: skip


@transaction.atomic
def import_components(actor: Actor, content: bytes, name: str, *, coordinates: str = "wgs84") -> Import:
    """Store every good row of a file; the returned report counts them and lists the others.

    NotASpreadsheet and TooLarge when the file cannot be read at all. A second import of the same file stores nothing.
    """
    if not may_keep(actor):
        raise NotAllowed
    if coordinates not in COORDINATES:
        message = gettext("请选择坐标系。")
        raise InvalidInput([{"path": "coordinates", "code": "COORDINATES", "message": message}], message)
    read = read_components(content, name)
    known = catalogue_on().conditions
    ours = (one.code for one in read.entries if one.code.district == district_code())
    hold_serials(code.prefix for code in ours if code.class_code in known)
    codes = [str(entry.code) for entry in read.entries]
    stored = frozenset(Component.objects.filter(pk__in=codes).values_list("pk", flat=True))
    sorting = _Sorting(actor, coordinates, list(read.findings), [], {}, stored)
    for entry in read.entries:
        sorting.take(entry)
    Component.objects.bulk_create(sorting.rows, batch_size=BATCH)
    serials_used(sorting.seen[row.code].code for row in sorting.rows)
    facts = {
        "language": get_language(),
        "row_count": read.row_count, "stored_count": len(sorting.rows), "weights": counted(sorting.findings),
        "findings": [one.as_json() for one in sorting.findings],
    }  # fmt: skip
    return _report(actor, content, name, {"coordinates": coordinates}, facts, (row.code for row in sorting.rows))


def _report(
    actor: Actor, content: bytes, name: str, choices: dict[str, str], facts: dict[str, object], codes: Iterable[str]
) -> Import:
    digest = hashlib.sha256(content).hexdigest()
    scope = next(iter(actor.scopes(EDIT_COMPONENTS)), "") or district_code()
    row = Import.objects.create(
        kind="components", file_name=name[:200], file_hash=digest, choices=choices, facts=facts, division=scope,
        by=actor.name, at=now(),
    )  # fmt: skip
    stored = hashlib.sha256("\n".join(codes).encode()).hexdigest()
    told = {"file": name[:200], "sha256": digest, "stored": facts["stored_count"], "codes_sha256": stored}
    append(f"components/{district_code()}", "components.imported", told, actor=actor, division=scope)
    return row
