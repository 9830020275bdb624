"""Who leads a cell: appoint and end. Never two at once, and every change is in the history of the cell."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from yiwang.apps.governance.patrol.models import CellLead
from yiwang.apps.governance.patrol.refusals import LeadStands, invalid
from yiwang.engines.directory.api import Actor, User, division, holders_of, name_of, person_names
from yiwang.engines.trust.api import append
from yiwang.kernel.errors import NotAllowed, NotFound

WORKER = "patrol.grid_worker"


def appoint_lead(actor: Actor, cell: str, user_id: int, from_on: date) -> CellLead:
    """Make a grid worker of the cell's town its lead from a day on; LeadStands while somebody else is."""
    _require(actor, cell)
    if user_id not in {holder.id for holder in holders_of(WORKER, cell)}:
        message = gettext("此人不是该镇街的网格员，请先在“人员”中任命网格员岗位。")
        invalid("user", "NOT_A_GRID_WORKER", message)
    try:
        with transaction.atomic():
            _refuse_second(cell, from_on)
            lead = CellLead.objects.create(cell=cell, user_id=user_id, from_on=from_on)
            _tell(actor, "lead.appointed", lead, from_on)
    except IntegrityError:
        raise LeadStands(gettext("另一位同事刚刚为该网格任命了网格长。")) from None
    return lead


def end_lead(actor: Actor, cell: str, to_on: date) -> None:
    """The lead in office ends; `to_on` is the first day without."""
    _require(actor, cell)
    with transaction.atomic():
        lead = CellLead.objects.select_for_update().filter(cell=cell, to_on=None).first()
        if lead is None:
            raise NotFound(gettext("该网格现在没有网格长。"), next_step=gettext("请直接任命。"))
        if to_on <= lead.from_on:
            invalid("to_on", "DATES", gettext("结束日期应晚于任职日期，请更正。"))
        lead.to_on = to_on
        lead.save(update_fields=["to_on"])
        _tell(actor, "lead.ended", lead, to_on)


def _require(actor: Actor, cell: str) -> None:
    known = division(cell)
    if known is None or known.level != "cell":
        raise NotFound(gettext("没有编号为“{cell}”的网格。").format(cell=cell[:20]))
    if not actor.may("supervise", cell):
        raise NotAllowed


def _refuse_second(cell: str, from_on: date) -> None:
    standing = CellLead.objects.select_for_update().filter(Q(to_on=None) | Q(to_on__gt=from_on), cell=cell).first()
    if standing is not None:
        name = person_names([standing.user_id]).get(standing.user_id, "")
        message = gettext("{cell}已有网格长{name}（{day}起）。").format(
            cell=name_of(cell), name=name, day=standing.from_on
        )
        raise LeadStands(message)


def _tell(actor: Actor, kind: str, lead: CellLead, on: date) -> None:
    payload = {"cell": lead.cell, "user": lead.user_id, "on": on.isoformat()}
    append(f"patrol/cell/{lead.cell}", f"patrol.{kind}", payload, actor=actor, division=lead.cell)


def workers_for(actor: Actor, cell: str) -> list[tuple[int, str]]:
    """(id, name) of those who may become lead of a cell."""
    _require(actor, cell)
    names = {holder.id: holder.name for holder in holders_of(WORKER, cell)}
    accounts = dict(User.objects.filter(pk__in=names).values_list("pk", "username"))
    return [(number, f"{name}（{accounts.get(number, '')}）") for number, name in sorted(names.items())]
