"""The pages of the incident without JavaScript: a photo proposes the place, an emergency is told, a class suggested."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.small_district import HERE
from yiwang.apps.governance.city_incident import scenario
from yiwang.engines.cases.api import open_case
from yiwang.engines.directory.api import SYSTEM, User
from yiwang.engines.stories.api import photo
from yiwang.kernel.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_district")]

TYPE = "city_incident.incident"
ADDRESS = f"/report/{TYPE}/"
COVER, UNCLEAR = "小学门口人行道雨水井盖缺失", "这里有个问题，请来看看"


def reported(client: Client, text: str = COVER, *photos: bytes) -> str:
    """The page after the photos: it asks for the place."""
    client.post(ADDRESS, {"page": "1", "category": "manhole", "description": text})
    files = [SimpleUploadedFile(f"{number}.jpg", one, "image/jpeg") for number, one in enumerate(photos)]
    answer = client.post(ADDRESS, {"page": "2", "before": files})
    return client.get(answer["Location"]).content.decode()


class TestPlaceOfThePhoto:
    @pytest.mark.parametrize("before", [(), (photo(None, None, now()),)])
    def test_the_first_photo_that_knows_its_place_proposes_it(self, client: Client, before: tuple[bytes, ...]) -> None:
        page = reported(client, COVER, *before, photo(112.9, 23.0, now()), photo(113.2, 23.0, now()))
        assert "已填上照片的拍摄位置：狮山镇" in page
        assert 'value="112.9"' in page and 'value="23.0"' in page

    @pytest.mark.parametrize("place", [(139.7, 35.7), (0.0, 0.0), (113.5, 23.0)])
    def test_a_place_outside_the_district_is_told_and_not_used(
        self, client: Client, place: tuple[float, float]
    ) -> None:
        page = reported(client, COVER, photo(*place, now()))
        assert "照片的拍摄位置不在本区，没有采用" in page and str(place[0]) not in page

    @pytest.mark.parametrize("photos", [(), (photo(None, None, None),)])
    def test_a_photo_that_says_nothing_proposes_nothing(self, client: Client, photos: tuple[bytes, ...]) -> None:
        page = reported(client, COVER, *photos)
        assert "在什么地方" in page and "照片的拍摄位置" not in page

    def test_what_somebody_chose_is_not_proposed_over(self, client: Client) -> None:
        reported(client, COVER, photo(112.9, 23.0, now()))
        client.post(ADDRESS, {"page": "3", "place-address": "村口牌坊"})
        page = client.get(f"{ADDRESS}?page=3&change=1").content.decode()
        assert "村口牌坊" in page and "照片的拍摄位置" not in page and 'value="112.9"' not in page


@pytest.mark.parametrize(("text", "is_told"), [("楼下起火了，有人被困", True), (COVER, False)])
def test_the_check_page_tells_of_an_emergency(client: Client, text: str, is_told: bool) -> None:
    assert 'hx-post="/governance/triage/advice"' in client.get(ADDRESS).content.decode()
    reported(client, text)
    for answers in ({"page": "3", "place-address": "村口"}, {"page": "4"}):
        answer = client.post(ADDRESS, answers)
    page = client.get(answer["Location"]).content.decode()
    assert ("请立即拨打 119" in page and "tel:119" in page) is is_told
    assert "建议类别" not in page, "a class is the business of those who accept"


class TestClassSuggested:
    def panel(self, client: Client, text: str, **answers: str) -> str:
        place = {"longitude": 112.9, "latitude": 23.0, "address": "小学东门"}
        self.case = open_case(SYSTEM, TYPE, {"category": "manhole", "description": text, "place": place})
        client.force_login(User.objects.get(username=f"{HERE}-acceptor"))
        return client.get(f"/work/cases/{self.case.id}/").content.decode()

    def press(self, client: Client, answers: dict[str, Any]) -> str:
        token = {"on-token": self.case.state.open_tasks()[0].no, "on-seen": 1, "on-node": "accept"}
        return client.post(f"/work/cases/{self.case.id}/complete/", token | answers).content.decode()

    def test_a_sure_one_is_chosen_and_another_is_one_press_away(self, client: Client) -> None:
        page = self.panel(client, COVER)
        assert "建议类别：<strong>雨水井盖</strong>" in page and '<option value="C0103" selected>' in page
        assert page.count('name="picked-class"') == 3
        other = page.split('name="picked-class" value="')[1].split('"')[0]
        again = self.press(client, {"accepted": "yes", "class_code": "C0103", "picked-class": other})
        assert f'<option value="{other}" selected>' in again and 'value="C0103" selected' not in again
        assert re.search('value="yes"[^>]* checked', again), "what was filled in stays"

    def test_an_unsure_one_is_left_to_a_person(self, client: Client) -> None:
        page = self.panel(client, UNCLEAR)
        assert "请人工选择类别" in page and "建议类别：" not in page
        assert " selected>" not in page.split('name="class_code"')[1].split("</select>")[0]
        assert "请更正以下内容" in self.press(client, {"accepted": "yes", "class_code": ""})


def test_a_photo_refused_as_proof_is_not_sent_again_with_the_next_one(client: Client, told: Any) -> None:
    case = told("city_incident", lambda world: itertools.islice(scenario.late(world), 3))
    client.force_login(User.objects.get(username=f"{HERE}-handler-urban"))
    asked = {"on-token": case.state.open_tasks()[0].no, "on-node": "handle", "measure": "已清运"}
    elsewhere = SimpleUploadedFile("elsewhere.jpg", photo(139.7, 35.7, now()), "image/jpeg")
    refused = client.post(f"/work/cases/{case.id}/complete/", {**asked, "after": elsewhere})
    page = refused.content.decode()
    assert refused.status_code == 422 and "请到现场重新拍照" in page and "已清运</textarea>" in page
    assert "elsewhere.jpg" not in page, "the reporter would see it beside the right one"
