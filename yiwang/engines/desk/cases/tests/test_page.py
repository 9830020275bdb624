"""The page of a case: who sees what of it, and what it says."""

from __future__ import annotations

import pytest

from yiwang.engines.cases.api import Running
from yiwang.engines.desk.cases.tests.conftest import Town, address


class TestSight:
    def test_the_right_person_sees_the_case_with_its_form(self, town: Town, case: Running) -> None:
        page = town.client("受理陈").get(address(case))
        assert page.status_code == 200
        text = page.content.decode()
        assert case.number in text and "小学门口井盖缺失" in text
        assert 'name="accepted"' in text

    @pytest.mark.parametrize("name", ["大沥吴", "路人罗", "城管林"])
    def test_another_town_a_stranger_and_an_office_without_the_case_find_nothing(
        self, town: Town, handled: Running, name: str
    ) -> None:
        assert town.client(name).get(address(handled)).status_code == 404

    def test_a_visitor_is_led_to_the_log_in_page(self, client: object, town: Town, case: Running) -> None:
        from django.test import Client

        answer = Client().get(address(case))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/")

    def test_who_watches_without_a_task_sees_no_form(self, town: Town, case: Running) -> None:
        text = town.client("值班刘").get(address(case)).content.decode()
        assert 'name="accepted"' not in text and "当前环节" in text

    def test_personal_data_is_masked_unless_a_role_names_the_verb(self, town: Town, case: Running) -> None:
        masked = town.client("值班刘").get(address(case)).content.decode()
        assert "13800138000" not in masked and "138****8000" in masked
        assert "13800138000" in town.client("受理陈").get(address(case)).content.decode()

    def test_programs_get_it_masked_as_well(self, town: Town, case: Running) -> None:
        api, leader, acceptor = f"/api/cases/{case.id}", town.client("值班刘"), town.client("受理陈")
        assert leader.get(api).json()["data"]["reporter_phone"] == "138****8000"
        assert "13800138000" not in leader.get(f"{api}/history").content.decode()
        assert acceptor.get(api).json()["data"]["reporter_phone"] == "13800138000"
        assert town.client("大沥吴").get(f"{api}/history").status_code == 404
