"""Writes to organisations and their departments. Nothing is deleted: history points to it."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext
from stdnum.cn import uscc

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_ORGANISATIONS as EDIT
from yiwang.engines.directory.dates import running, today
from yiwang.engines.directory.events import DirectoryChanged
from yiwang.engines.directory.faults import Faults, Told, save_once
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.models import Organisation, Posting
from yiwang.engines.directory.revisions import bump
from yiwang.engines.directory.selectors.divisions import known_code
from yiwang.engines.directory.selectors.organisations import organisation
from yiwang.kernel.errors import UserError
from yiwang.kernel.events import publish

_KIND = re.compile("[a-z]+(_[a-z]+)*\\Z")
_TOLD: Told = {
    "organisation_name": ("name", "ORGANISATION_EXISTS", "此处已有同名机构，请核对后改用其他名称。"),
    "directory_organisation_code": ("code", "CREDIT_CODE_TAKEN", "已有机构使用此统一社会信用代码，请核对。"),
}


class StillInUse(UserError):
    code, status = "ORGANISATION_IN_USE", 409
    message, next_step = "机构仍在使用，不能停用。", "请先结束其任职、停用其内设部门。"


def _tell(actor: Actor, event: str, row: Organisation, **payload: object) -> None:
    bump("organisations")
    publish(DirectoryChanged(f"organisation.{event}", f"organisation/{row.pk}", actor, row.division_id, payload))


@transaction.atomic
def create_organisation(
    actor: Actor, *, name: str, division: str, kind: str = "", parent: int | None = None, code: str = ""
) -> Organisation:
    """A new organisation of a division; with `parent` a department of that organisation, in the same division.

    `kind` is the key processes look it up by, such as `water`; a division has one active organisation of a kind.
    """
    faults = Faults()
    above = organisation(actor, parent) if parent is not None else None
    where = above.division_id if above is not None else known_code(division)
    require(actor, EDIT, where)
    name, kind, code = faults.text("name", "名称", name, 120), kind.strip(), code.strip().upper()
    if above is not None and (above.parent_id is not None or not above.is_active):
        faults.add("parent", "NO_SUCH_PARENT", "内设部门只能设在在用的机构之下，请重新选择上级机构。")
    if kind and not (_KIND.match(kind) and len(kind) <= 30):
        faults.add("kind", "ORGANISATION_KIND", "类别应为小写英文单词，如 water。")
    elif kind and Organisation.objects.filter(division=where, kind=kind, is_active=True).exists():
        faults.add(
            "kind",
            "KIND_TAKEN",
            gettext("该区划已有类别为“{kind}”的机构，事件会派往它；请先停用原机构。").format(kind=kind),
        )
    if code and not uscc.is_valid(code):
        faults.add("code", "CREDIT_CODE", "统一社会信用代码校验不通过，请对照证书逐位核对后重填。")
    faults.refuse()
    row = Organisation(name=name, kind=kind, division_id=where, parent=above, code=code or None)
    save_once(row, _TOLD)
    _tell(actor, "created", row, name=name, kind=kind, parent=parent, code=code)
    return row


@transaction.atomic
def rename_organisation(actor: Actor, number: int, name: str) -> Organisation:
    """Another name; the old one stays in the journal."""
    row = organisation(actor, number, lock=True)
    faults = Faults()
    name = faults.text("name", "名称", name, 120)
    faults.refuse()
    before, row.name = row.name, name
    if before != name:
        save_once(row, _TOLD)
        _tell(actor, "renamed", row, before=before, after=name)
    return row


@transaction.atomic
def set_organisation_active(actor: Actor, number: int, *, is_active: bool, reason: str) -> Organisation:
    """Close an organisation, or open it again. Refused while somebody holds a post there or a department is open."""
    row = organisation(actor, number, lock=True)
    faults = Faults()
    reason = faults.text("reason", "理由", reason, 200)
    faults.refuse()
    if row.is_active == is_active:
        return row
    if not is_active:
        _refuse_in_use(row)
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    _tell(actor, "opened" if is_active else "closed", row, reason=reason)
    return row


def _refuse_in_use(row: Organisation) -> None:
    count = Posting.objects.filter(running(today()), post__organisation=row).count()
    if count:
        raise StillInUse(
            gettext("“{name}”仍有{count}人在任，不能停用。").format(name=row.name, count=count),
            next_step="请先结束这些任职。",
        )
    if row.departments.filter(is_active=True).exists():
        raise StillInUse(
            gettext("“{name}”仍有在用的内设部门，不能停用。").format(name=row.name), next_step="请先停用这些部门。"
        )
