"""Lists for programs."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.small_district import HERE
from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import User
from yiwang.engines.worklists.tests.conftest import opened

pytestmark = pytest.mark.usefixtures("filled", "db")


@pytest.fixture
def client(filled: None, db: None) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=f"{HERE}-dispatcher"))
    return client


def test_cases_page_by_page(client: Client) -> None:
    for number in range(12):
        opened(number=number)
    wanted = [
        str(id) for id in Case.objects.filter(division=HERE).order_by("-opened_at", "-id").values_list("id", flat=True)
    ]
    seen: list[str] = []
    after = ""
    while True:
        found = client.get("/api/cases", {"size": 10, "after": after}).json()
        seen += [row["id"] for row in found["rows"]]
        assert found["total"] == (None if after else len(wanted))
        after = found["after"]
        if not after:
            break
    assert seen == wanted


def test_filters_are_those_of_the_screen(client: Client) -> None:
    found = client.get("/api/cases", {"category": "water", "status": "closed", "q": "垃圾 ab"}).json()["rows"]
    assert {(row["category"], row["status"]) for row in found} == {("water", "closed")}


def test_tasks_of_my_posts_can_be_claimed(client: Client) -> None:
    task = client.get("/api/tasks", {"box": "post"}).json()["rows"][0]
    answer = client.post(f"/api/cases/{task['id']}/claim", {"token": task["token"]}, content_type="application/json")
    assert answer.status_code == 200
    mine = client.get("/api/tasks").json()["rows"]
    assert task["id"] in [row["id"] for row in mine]


@pytest.mark.parametrize(
    "query",
    ["status=odd", "after=nonsense", "box=mine", "opened_from=x", "area=1", "size=0", "size=101", "q=" + "长" * 101],
)
def test_what_cannot_be_is_told_as_a_problem(client: Client, query: str) -> None:
    answer = client.get(f"/api/cases?{query}")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["title"]


def test_nobody_reads_lists_without_logging_in() -> None:
    assert Client().get("/api/cases").status_code == 401
    assert Client().get("/api/tasks").status_code == 401
