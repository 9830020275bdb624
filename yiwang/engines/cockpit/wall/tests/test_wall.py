"""The wall: its numbers against the cases, nobody's secrets, and a page that is whole without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.engines.cases.api import act, open_case
from yiwang.engines.cases.models import Case, Token
from yiwang.engines.cockpit.map.choosing import sight
from yiwang.engines.cockpit.map.columns import columns
from yiwang.engines.cockpit.map.store import catch_up_all
from yiwang.engines.cockpit.wall.drawing import chart
from yiwang.engines.cockpit.wall.figures import Hour, figures
from yiwang.engines.cockpit.wall.models import Movement
from yiwang.engines.cockpit.wall.movements import forget_old
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.kernel.clock import china, frozen, now

NOON = china(2021, 10, 20, 12)
SECRETS = ("甄独特", "13712345678", "独角兽路", "独角兽雕像")
TYPE = "city_incident.incident"


def opened(at, x=112.9, **more):
    place = {"longitude": x, "latitude": 23.0, "address": "独角兽路一号"}
    data = {
        "category": "lamp",
        "description": "独角兽雕像旁路灯不亮",
        "place": place,
        "reporter_name": "甄独特",
        "reporter_phone": "13712345678",
    }
    return open_case(SYSTEM, TYPE, {**data, **more}, at=at)


def reach_of(username):
    return sight(actor_for(User.objects.get(username=username)))


def refused(case):
    token = Token.objects.get(case_id=case.id).no
    act(SYSTEM, case.id, "complete", token=token, arguments={"data": {"accepted": "no", "refusal": "重复"}})


def test_the_numbers_are_those_of_the_cases(small_district, db):
    with frozen(NOON):
        for hours in (1, 2, 2):
            opened(NOON - timedelta(hours=hours))
        opened(NOON - timedelta(days=7, hours=3), category="road")
        opened(NOON - timedelta(days=7) + timedelta(hours=3), category="road")
        opened(NOON - timedelta(days=20))
        opened(NOON - timedelta(days=40))
        refused(opened(NOON - timedelta(hours=1), category="waste"))
        opened(NOON - timedelta(minutes=30), x=113.2)
        whole, here, elsewhere = (
            figures(reach_of(name), columns(at_once=True))
            for name in (f"{DISTRICT}-supervisor", f"{HERE}-dispatcher", f"{ELSEWHERE}-dispatcher")
        )
        assert (whole.opened, whole.before, whole.closed, whole.running) == (5, 1, 1, 8)
        assert (elsewhere.opened, elsewhere.running, elsewhere.rate) == (1, 1, None)
        late = Case.objects.filter(status="open", due_at__lt=NOON).count()
        assert whole.late == late == here.late > 0
        closed, over = (
            1,
            Case.objects.filter(status="open", due_at__lte=NOON, opened_at__gte=NOON - timedelta(days=30)).count(),
        )
        assert str(whole.rate) == f"{closed * 100 / (closed + over):.2f}"
        assert [whole.hours[at].today for at in (9, 10, 11, 12, 13)] == [0, 2, 3, 0, None]
        assert [whole.hours[at].before for at in (9, 15)] == [1, 1]
        assert dict(whole.classes)["路灯不亮"] == 4 and sum(count for _, count in whole.classes) == 5
        assert {queue.stage: queue.cases for queue in whole.queues} == {"受理": 8}
        due = Token.objects.filter(due_at__gte=NOON).order_by("due_at").values_list("due_at", flat=True)
        assert [clock.due_at for clock in whole.clocks] == list(due[:6])
        assert whole.events[0].division == ELSEWHERE and [one.status for one in here.events[:2]] == ["closed", "open"]
        assert not any(one.division == ELSEWHERE for one in here.events)
        with frozen(NOON + timedelta(days=3)):
            forget_old()
        assert not Movement.objects.exists()


@pytest.mark.parametrize("who", [f"{DISTRICT}-supervisor", f"{HERE}-dispatcher"])
def test_the_page_is_whole_without_scripts_and_names_nobody(small_district, db, who):
    opened(now() - timedelta(hours=1))
    catch_up_all()
    client = Client()
    client.force_login(User.objects.get(username=who))
    page, answer = client.get("/cockpit/wall/").content.decode(), client.get("/cockpit/wall/now/")
    for text in (
        page,
        answer.content.decode(),
        client.get("/cockpit/map/").content.decode(),
        client.get("/cockpit/map/view/").content.decode(),
    ):
        assert not [secret for secret in SECRETS if secret in text]
    assert (
        'http-equiv="refresh"' in page and "路灯不亮" in page and ("大沥镇" in page) == (who.startswith(f"{DISTRICT}-"))
    )
    assert client.get("/cockpit/wall/now/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    opened(now())
    catch_up_all()
    assert client.get("/cockpit/wall/now/", headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert client.get("/cockpit/wall/stream/").status_code == 204, "no socket to take over"
    handler = Client()
    handler.force_login(User.objects.get(username=f"{HERE}-handler-water"))
    assert [
        handler.get(f"/cockpit/{path}/").status_code for path in ("wall", "wall/now", "wall/stream", "map", "map/view")
    ] == [403] * 5


def test_an_empty_chart_has_a_top():
    drawn = chart([Hour(hour, 0 if hour < 3 else None, 0) for hour in range(24)])
    assert drawn.most == 4 and [bar.height for bar in drawn.bars[2:4]] == [0.0, None]
    assert (
        chart([Hour(0, 11, 37)]).most == 40
        and chart([Hour(0, 40, 0)]).most == 40
        and chart([Hour(0, 41, 0)]).most == 100
    )
