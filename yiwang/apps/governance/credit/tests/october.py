"""An October of incidents that concern credit, told by the stories of another app, and who acts in it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.apps import apps

from tests.small_district import DISTRICT, HERE
from yiwang.apps.governance.credit.models import Subject
from yiwang.engines.cases.api import act
from yiwang.engines.directory.api import User, actor_for, organisation_for
from yiwang.kernel.app import app_modules
from yiwang.kernel.clock import china

Case, Visit, VisitedPlace = (apps.get_model(name) for name in ("cases.Case", "patrol.Visit", "patrol.VisitedPlace"))
told = {key: module for _, key, module in app_modules("scenario")}["city_incident"]
"""Another app's stories, found as the platform finds them."""
BEGIN = china(2021, 10, 11, 9)
NOON = china(2021, 11, 1, 12)
CELL = f"{HERE}0010001"


def person(name):
    return actor_for(User.objects.get(username=f"{name}"))


HOUR = 3600.0


def accepted(world):
    data = {"category": "waste", "description": "空地倒了一车渣土", "place": world.place()}
    yield world.open(told.INCIDENT, data)
    yield world.move(told.ACCEPTOR, "accept", {"accepted": "yes", "class_code": "E0103"}, (60, 600))


def sent(world, unit, *, node="dispatch", helpers=()):
    role = told.DISPATCHER if node == "dispatch" else told.SUPERVISOR
    return world.move(role, node, {"unit": unit, "level": "town", "helpers": list(helpers)}, (60, 600))


def handled(world, unit, hours=1.0):
    return world.move(told.HANDLER, "handle", {"measure": "已清运"}, (hours * HOUR, hours * HOUR), at=unit)


def verified(world, fixed=True):
    data = {"fixed": fixed, "seen_on_site": True} | ({} if fixed else {"finding": "仍未清运"})
    return world.move(told.INSPECTOR, "verify", data, (600, 1200))


def whole(world, hours=1.0):
    yield from accepted(world)
    yield sent(world, "urban")
    yield handled(world, "urban", hours)
    yield verified(world)


def late(world):
    """Fixed after the limit of a working day."""
    yield from whole(world, 12)


def late_co_handler(world):
    """The lead is in time, the helper is not."""
    yield from accepted(world)
    yield sent(world, "urban", helpers=("traffic",))
    yield handled(world, "urban")
    yield world.move(told.HANDLER, "assist", {"reply": "已恢复"}, (12 * HOUR, 14 * HOUR), at="traffic")
    yield verified(world)


def ruled_against(world):
    """Returned three times; the ruling names the unit that returned last."""
    yield from accepted(world)
    for unit in ("water", "traffic", "power"):
        yield sent(world, unit)
        back = {"to": "dispatch", "reason": "不属本单位职责"}
        yield world.move(told.HANDLER, "handle", back, (1800, 3600), verb="send_back", at=unit)
    yield sent(world, "power", node="ruling")
    yield handled(world, "power", 0.5)
    yield verified(world)


def failed_check(world):
    """Not fixed at the first check, fixed in time at the second."""
    yield from accepted(world)
    yield sent(world, "urban")
    yield handled(world, "urban")
    yield verified(world, fixed=False)
    yield handled(world, "urban")
    yield verified(world)


def rated_badly(world):
    """Handled in time, and the reporter is not content."""
    yield from whole(world)
    yield world.of_case("rate", {"score": 1}, (3600, 7200))


def visited(place, at, finding, received_at=None):
    """A visit of a grid worker; what it found is to be rectified within three days."""
    inspector = User.objects.get(username=f"{HERE}001-grid_worker")
    return Visit.objects.create(
        id=uuid4(), place=place, cell=CELL, inspector=inspector.name, inspector_id=inspector.pk, status="done",
        taken_at=at, said_at=at, received_at=received_at or at, longitude=112.9, latitude=23.0, finding=finding,
        digest=bytes(32), rectify_by=(at + timedelta(days=3)).date() if finding else None,
    )  # fmt: skip


def office(kind, town=HERE):
    return Subject.objects.get(kind="department", key=str(organisation_for(town, kind)))


def carry(case, *steps):
    """The case after these steps, each told by whose it is."""
    for who, data in steps:
        (token,) = case.state.open_tasks()
        case = act(person(f"{DISTRICT}-{who}"), case.id, "complete", token=token.no, arguments={"data": data})
    return case


OBJECTED = {"ground": "force", "explanation": "台风停工"}
AGREED = (("credit_reviewer", {"agrees": "yes", "opinion": "属实"}),)
