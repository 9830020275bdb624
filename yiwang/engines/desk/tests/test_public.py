"""The public side without JavaScript: report page by page, send once, follow by proof, nothing of others shown."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yiwang.engines.cases.api import act, reporter_of, secret_of
from yiwang.engines.cases.models import Case, Token
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.forms.models import Attachment
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_district")]

TYPE = "city_incident.incident"
ADDRESS = f"/report/{TYPE}/"
WHAT = {"page": "1", "category": "manhole", "description": "小学门口井盖缺失"}
WHERE = {"page": "2", "place-address": "小学东门", "place-longitude": "112.9", "place-latitude": "23.0"}
CONTACT = {"page": "4", "reporter_name": "陈小明", "reporter_phone": "13800138000"}


def picture(name: str = "井盖.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.effect_noise((64, 64), 40).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def filled(client: Client, contact: dict[str, str] | None = None) -> str:
    """Fill in all pages; the draft's id on the check page."""
    for page in (WHAT, WHERE, {"page": "3", "before": picture()}, contact or CONTACT):
        answer = client.post(ADDRESS, page)
        assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].endswith("?page=check")
    checked = client.get(answer["Location"]).content.decode()
    assert "小学门口井盖缺失" in checked and (contact or "13800138000" in checked)
    return checked.split('name="draft" value="')[1].split('"')[0]


def sent(client: Client, contact: dict[str, str] | None = None) -> Case:
    draft = filled(client, contact)
    answer = client.post(ADDRESS, {"page": "check", "draft": draft})
    assert answer.status_code == 302
    return Case.objects.get(number=answer["Location"].split("/")[2])


class TestReport:
    def test_a_whole_report_becomes_a_case_in_its_town_with_its_photo(self, client: Client) -> None:
        case = sent(client)
        assert (case.type, case.division, case.category) == (TYPE, "440605124", "manhole")
        (photo,) = Attachment.objects.filter(subject_kind="case", subject=str(case.id))
        assert case.data["before"] == [str(photo.id)]
        receipt = client.get(f"/receipt/{case.number}/").content.decode()
        assert case.number in receipt and secret_of(case.number) in receipt and "前办结" in receipt

    def test_the_same_form_sent_twice_is_one_case(self, client: Client) -> None:
        draft = filled(client)
        first, second = (client.post(ADDRESS, {"page": "check", "draft": draft}) for _ in range(2))
        assert first["Location"] == second["Location"]
        assert Case.objects.count() == 1

    def test_two_clicks_at_once_are_one_case(self, client: Client) -> None:
        """The second request read the session before the first had written it."""
        draft = filled(client)
        before = dict(client.session.items())
        first = client.post(ADDRESS, {"page": "check", "draft": draft})
        session = client.session
        session.clear()
        session.update(before)
        session.save()
        second = client.post(ADDRESS, {"page": "check", "draft": draft})
        assert first["Location"] == second["Location"]
        assert Case.objects.count() == 1

    def test_errors_link_to_their_fields_and_keep_what_was_written(self, client: Client) -> None:
        answer = client.post(ADDRESS, {"page": "1", "description": "井盖缺失"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#f-category"' in page and 'id="f-category"' in page
        assert "井盖缺失</textarea>" in page and "填写有误：" in page

    def test_photos_stay_when_another_is_refused(self, client: Client) -> None:
        client.post(ADDRESS, WHAT)
        client.post(ADDRESS, WHERE)
        empty = SimpleUploadedFile("空.jpg", b"")
        answer = client.post(ADDRESS, {"page": "3", "before": [picture(), empty]})
        page = answer.content.decode()
        assert answer.status_code == 422 and "0 字节" in page
        kept = page.split('name="before-kept" value="')[1].split('"')[0]
        answer = client.post(ADDRESS, {"page": "3", "before-kept": kept})
        assert answer.status_code == 302
        assert kept in client.get(f"{ADDRESS}?page=3").content.decode()

    def test_a_later_page_waits_for_the_earlier_ones(self, client: Client) -> None:
        assert "发生了什么" in client.get(f"{ADDRESS}?page=4").content.decode()
        assert "发生了什么" in client.get(f"{ADDRESS}?page=check").content.decode()
        client.post(ADDRESS, WHAT)
        assert "在什么地方" in client.get(f"{ADDRESS}?page=4").content.decode()

    def test_a_point_outside_every_division_stays_unknown(self, client: Client) -> None:
        for page in (WHAT, {**WHERE, "place-longitude": "110.0"}, {"page": "3"}, CONTACT):
            client.post(ADDRESS, page)
        draft = client.session["report_drafts"][TYPE]["id"]
        client.post(ADDRESS, {"page": "check", "draft": draft})
        case = Case.objects.get()
        assert (case.division, case.area) == ("440605", "440605"), "a person finds the town, nobody guesses it"

    def test_too_many_reports_are_refused_and_nothing_is_lost(self, client: Client, settings: Any) -> None:
        settings.YIWANG = {**settings.YIWANG, "YIWANG_REPORT_LIMIT": 1}
        sent(client)
        draft = filled(client)
        answer = client.post(ADDRESS, {"page": "check", "draft": draft})
        page = answer.content.decode()
        assert answer.status_code == 429 and "之后再试" in page and "小学门口井盖缺失" in page
        settings.YIWANG = {**settings.YIWANG, "YIWANG_REPORT_LIMIT": 5}
        assert client.post(ADDRESS, {"page": "check", "draft": draft}).status_code == 302

    def test_another_visitor_cannot_take_up_a_draft_or_its_photos(self, client: Client) -> None:
        draft = filled(client)
        photo = Attachment.objects.get()
        other = Client()
        assert other.post(ADDRESS, {"page": "check", "draft": draft}).status_code == 302
        assert not Case.objects.exists()
        assert other.get(f"/forms/attachments/{photo.id}").status_code == 404

    @pytest.mark.parametrize("type", ["city_incident.none", "nothing"])
    def test_an_unknown_kind_is_a_sentence(self, client: Client, type: str) -> None:
        answer = client.get(f"/report/{type}/")
        assert answer.status_code == 404 and "没有这类可上报的事项" in answer.content.decode()


class TestFollow:
    def follow(self, client: Client, number: str, tail: str) -> Any:
        return client.post("/follow/", {"number": number, "tail": tail})

    def test_number_and_last_digits_open_it_elsewhere(self, client: Client) -> None:
        case = sent(client)
        other = Client()
        answer = self.follow(other, case.number, "8000")
        page = other.get(answer["Location"]).content.decode()
        assert case.title in page and "正在办理" in page
        assert "13800138000" not in page and "陈小明" not in page

    @pytest.mark.parametrize(("number", "tail"), [("", "1111"), ("", ""), ("202101010000001", "8000"), ("x", "8000"), ("\x00", "8000"), ("２０２１", "8000")])
    def test_every_wrong_combination_hears_the_same(self, client: Client, number: str, tail: str) -> None:
        case = sent(client)
        answer = self.follow(Client(), number or case.number, tail)
        assert answer.status_code == 422 and "没有找到与之相符的办件" in answer.content.decode()

    def test_guessing_ends_after_a_few_tries_even_with_the_right_digits(self, client: Client, settings: Any) -> None:
        case = sent(client)
        settings.YIWANG = {**settings.YIWANG, "YIWANG_FOLLOW_LIMIT": 3}
        for tail in ("0001", "0002", "0003"):
            assert self.follow(Client(), case.number, tail).status_code == 422
        assert self.follow(Client(), case.number, "8000").status_code == 429

    def test_without_a_telephone_only_the_link_opens_it(self, client: Client) -> None:
        case = sent(client, {"page": "4"})
        for tail in ("", "8000", "None"):
            with pytest.raises(NotFound):
                reporter_of(case.number, tail=tail)
        other = Client()
        link = f"/follow/{case.number}/link/{secret_of(case.number)}/"
        assert other.get(link)["Location"] == f"/follow/{case.number}/"
        assert other.get(f"/follow/{case.number}/").status_code == 200
        assert Client().get(f"/follow/{case.number}/link/{'0' * 25}/").status_code == 404

    def test_without_proof_nothing_opens(self, client: Client) -> None:
        case, stranger = sent(client), Client()
        (photo,) = case.data["before"]
        assert stranger.get(f"/follow/{case.number}/")["Location"].startswith("/follow/?")
        assert stranger.get(f"/receipt/{case.number}/")["Location"] == "/follow/"
        assert stranger.get(f"/follow/{case.number}/files/{photo}").status_code == 404
        assert stranger.post(f"/follow/{case.number}/act/", {"verb": "urge"}).status_code == 404

    def test_a_proof_opens_no_other_case(self, client: Client) -> None:
        mine, theirs = sent(client), sent(Client(), {"page": "4", "reporter_phone": "13911112222"})
        (photo,) = theirs.data["before"]
        assert client.get(f"/follow/{mine.number}/files/{photo}").status_code == 404
        assert client.get(f"/follow/{theirs.number}/").status_code == 302
        with pytest.raises(NotFound):
            act(Actor(None, "上报人", proof=mine.id), theirs.id, "urge")

    def test_signs_no_text_may_hold_do_no_harm(self, client: Client) -> None:
        case = sent(client)
        for address in ("/follow/%00/", "/receipt/%00/", "/follow/a%0Ab/", "/follow/1/link/%00/", "/follow/%00/link/x/"):
            assert client.get(address).status_code in (302, 404)
        remark = {"verb": "comment", "text": "第一行\x00\r\n第二行\u202e"}
        assert client.post(f"/follow/{case.number}/act/", remark).status_code == 302
        assert "第一行\n第二行" in client.get(f"/follow/{case.number}/").content.decode()

    def test_ending_forgets_it_on_this_device(self, client: Client) -> None:
        case = sent(client)
        client.post(f"/follow/{case.number}/act/", {"verb": "end"})
        assert client.get(f"/follow/{case.number}/").status_code == 302

    def test_urge_once_an_hour(self, client: Client) -> None:
        case = sent(client)
        assert client.post(f"/follow/{case.number}/act/", {"verb": "urge"}).status_code == 302
        again = client.post(f"/follow/{case.number}/act/", {"verb": "urge"})
        assert again.status_code == 409 and "一小时内已经催办过" in again.content.decode()

    def test_a_remark_with_a_photo_stands_in_the_history(self, client: Client) -> None:
        case = sent(client)
        act_page = f"/follow/{case.number}/act/"
        assert client.post(act_page, {"verb": "comment", "text": "已围蔽", "photos": picture()}).status_code == 302
        page = client.get(f"/follow/{case.number}/").content.decode()
        assert "已围蔽" in page
        attached = Attachment.objects.filter(subject=str(case.id)).exclude(id=case.data["before"][0]).get()
        shown = client.get(f"/follow/{case.number}/files/{attached.id}?small")
        assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
        refused = client.post(act_page, {"verb": "comment", "text": "再看", "photos": SimpleUploadedFile("a.jpg", b"no")})
        assert refused.status_code == 422 and "再看</textarea>" in refused.content.decode()

    @pytest.mark.parametrize("verb", ["complete", "cancel", "supervise", "send_back", "nothing"])
    def test_no_other_verb_is_theirs(self, client: Client, verb: str) -> None:
        case = sent(client)
        assert client.post(f"/follow/{case.number}/act/", {"verb": verb}).status_code == 404

    def test_remarks_and_names_of_staff_are_not_shown(self, client: Client) -> None:
        case = sent(client)
        clerk = Actor(None, "张三处", is_system=True)
        act(clerk, case.id, "comment", arguments={"text": "内部：查一下物业"})
        act(clerk, case.id, "suspend", arguments={"reason": "等待鉴定"})
        page = client.get(f"/follow/{case.number}/").content.decode()
        assert "内部" not in page and "张三处" not in page
        assert "等待鉴定" in page and "已暂停" in page


def refused_case(client: Client) -> Case:
    case = sent(client)
    reason = {"data": {"accepted": "no", "refusal": "属于物业管理范围"}}
    act(SYSTEM, case.id, "complete", token=Token.objects.get(case=case).no, arguments=reason)
    return case


def test_a_refusal_is_shown_with_its_reason_and_may_be_rated_once(client: Client) -> None:
    case = refused_case(client)
    page = client.get(f"/follow/{case.number}/").content.decode()
    assert "不予受理" in page and "属于物业管理范围" in page and "您满意吗" in page
    rating = {"verb": "rate", "score": "4"}
    assert client.post(f"/follow/{case.number}/act/", rating).status_code == 302
    assert "您已评价：4 分" in client.get(f"/follow/{case.number}/").content.decode()
    assert client.post(f"/follow/{case.number}/act/", rating).status_code == 409


def test_a_rating_without_a_score_says_so(client: Client) -> None:
    case = refused_case(client)
    answer = client.post(f"/follow/{case.number}/act/", {"verb": "rate"})
    assert answer.status_code == 422 and "1 至 5 分" in answer.content.decode()


def test_the_home_page_names_the_centre_the_four_nets_and_what_can_be_reported(client: Client) -> None:
    page = client.get("/").content.decode()
    for words in ("城市大脑", "一网通办", "一网统管", "一网协同", "一网兴业", "12345", ADDRESS, "/follow/"):
        assert words in page


def test_a_late_case_says_so_and_may_be_urged(client: Client) -> None:
    with frozen(china(2021, 9, 28, 9)):
        case = sent(client)
    later = Client()
    later.post("/follow/", {"number": case.number, "tail": "8000"})
    page = later.get(f"/follow/{case.number}/").content.decode()
    assert "现已超过时限" in page and 'value="urge"' in page
