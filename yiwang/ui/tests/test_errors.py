"""What people and programs are told when something cannot be done, and that nothing of the inside leaks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from yiwang.ui.errors import TITLES
from yiwang.ui.tests.refusing import ERRORS

pytestmark = [pytest.mark.urls("yiwang.ui.tests.refusing")]
STATUS = {
    "refused": 400, "suspicious": 400, "denied": 403, "not-allowed": 403, "missing": 404, "stale": 409, "large": 413,
    "invalid": 422, "broken": 500, "outage": 503, "unavailable": 503,
}  # fmt: skip


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ERRORS)
def test_each_failure_has_its_page(visitor: Client, kind: str) -> None:
    answer = visitor.get(f"/fail/{kind}/")
    page = answer.content.decode()
    assert answer.status_code == STATUS[kind]
    assert f"<h1>{TITLES[answer.status_code]}</h1>" in page
    assert page.count('<p class="lead">') == 1 and "错误代码" in page
    assert not [word for word in ("Traceback", "Exception", "Error", "/site-packages/") if word in page]
    assert ("重新打开" in page) == (answer.status_code in (409, 500, 503))
    assert answer.get("Retry-After") == ("10" if answer.status_code == 503 else None)


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"hx-request": "true"}])
@pytest.mark.parametrize("kind", ERRORS)
def test_each_failure_is_a_problem_for_programs_and_htmx(visitor: Client, kind: str, headers: dict[str, str]) -> None:
    answer = visitor.get(f"/fail/{kind}/", headers=headers)
    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, told["status"]) == (STATUS[kind], STATUS[kind])
    assert told["title"] and told["detail"] and told["type"] == f"urn:yiwang:{told['code']}"


@pytest.mark.django_db
def test_an_address_that_does_not_exist(visitor: Client) -> None:
    answer = visitor.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到您要的内容" in answer.content.decode()


@pytest.mark.django_db
def test_a_host_that_is_not_ours(visitor: Client) -> None:
    assert visitor.get("/style/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_a_form_that_is_too_large(visitor: Client) -> None:
    answer = visitor.post("/echo/", "a=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "内容超过大小限制。" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_of_a_thousand_fields_too_many(visitor: Client) -> None:
    body = "&".join(f"f{number}=1" for number in range(1500))
    assert visitor.post("/echo/", body, content_type="application/x-www-form-urlencoded").status_code == 400


class Elsewhere:
    """The database's address changed to a port where nobody listens."""

    def __enter__(self) -> None:
        self.port = connection.settings_dict["PORT"]
        connection.close()
        connection.settings_dict["PORT"] = "9"

    def __exit__(self, *args: Any) -> None:
        connection.close()
        connection.settings_dict["PORT"] = self.port


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/account/log-in/", "/account/", "/style/?side=staff", "/fail/missing/", "/no/such/page/"])
def test_without_a_database_every_page_says_so_and_when_to_come_back(visitor: Client, path: str) -> None:
    visitor.cookies["sessionid"] = "a" * 32
    visitor.cookies["messages"] = "spoiled"
    with Elsewhere():
        answer = visitor.get(path)
        page = answer.content.decode()
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert "系统暂时无法提供服务，您的操作没有被保存。" in page
        assert f'href="{path}"'.replace("&", "&amp;") in page
        health = visitor.get("/healthz")
        assert (health.status_code, health.json()) == (503, {"status": "database unavailable"})
        program = visitor.get("/api/case-types")
        assert (program.status_code, program["Content-Type"]) == (503, "application/problem+json")
        assert program["Retry-After"] == "10"
    assert visitor.get("/healthz").status_code == 200
