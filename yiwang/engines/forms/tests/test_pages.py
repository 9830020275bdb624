"""What a browser sends and sees: parsing, drawing, escaping, files, without any script."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.datastructures import MultiValueDict
from lxml import html

from yiwang.engines.directory.api import Actor
from yiwang.engines.forms import api
from yiwang.engines.forms.models import Attachment
from yiwang.engines.forms.tests.samples import EVERYTHING, RESIDENT_ID, good_data, picture
from yiwang.kernel.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yiwang.engines.forms.tests.addresses")]
COMPILED = api.compile_form(EVERYTHING)
ATTACK = '"><script>alert(1)</script>'
SENT = {
    "kind": "manhole",
    "part": "cover",
    "description": " 井盖不见了\r\n很危险 ",
    "depth": "１．２５",
    "found_on": "2026年5月1日",
    "called_at": "2026-05-01T09:30",
    "risks": ["fall", "car"],
    "urgent": "false",
    "place-longitude": "113.14",
    "place-latitude": "23.03",
    "place-address": "南海大道",
    "reporter-kind": "person",
    "reporter-name": "张三",
    "reporter-id_number": "11010519491231002x",
    "items-row": ["4", "9"],
    "items-4-name": "井盖",
    "items-4-quantity": "1,0",
    "items-4-price": "￥1,200.5",
    "honest": "true",
}


def parsed(sent: dict[str, Any], actor: Actor, **rest: Any) -> api.Posted:
    post = QueryDict(mutable=True)
    for name, value in sent.items():
        post.setlist(name, value if isinstance(value, list) else [value])
    files = MultiValueDict(rest.pop("files", {}))
    return COMPILED.parse_post(post, files, actor=actor, session_key="mine", **rest)


def page(markup: str) -> Any:
    return html.fromstring(f"<form>{markup}</form>")


def test_it_reads_what_people_type(visitor: Actor) -> None:
    data = parsed(SENT, visitor).data
    assert data["description"] == "井盖不见了\n很危险"
    assert (data["depth"], data["found_on"], data["called_at"]) == (1.25, "2026-05-01", "2026-05-01T09:30:00+08:00")
    assert (data["risks"], data["urgent"], data["honest"]) == (["fall", "car"], False, True)
    assert data["place"] == {"longitude": 113.14, "latitude": 23.03, "address": "南海大道"}
    assert data["reporter"] == {"kind": "person", "name": "张三", "id_number": RESIDENT_ID}
    assert data["items"] == [{"name": "井盖", "quantity": 10, "price": "1200.50"}], "the empty row is gone"


def test_what_it_cannot_read_stays_as_typed_and_is_refused(visitor: Actor) -> None:
    data = parsed(SENT | {"depth": "很深", "found_on": "昨天", "place-longitude": "东边"}, visitor).data
    checked = COMPILED.validate(data)
    assert {error.path for error in checked.errors} >= {"depth", "found_on", "place"}
    assert 'value="很深"' in COMPILED.render(None, data, checked.errors)


def test_it_does_not_read_what_one_may_not_write(visitor: Actor) -> None:
    data = parsed(SENT, visitor, rights={"*": "read", "description": "write"}).data
    assert list(data) == ["description"]


def test_rows_are_added_and_removed_by_buttons(visitor: Actor) -> None:
    added = parsed(SENT | {"form-add": "items"}, visitor)
    assert not added.is_final and len(added.data["items"]) == 3
    removed = parsed(SENT | {"form-remove": "items-4"}, visitor)
    assert not removed.is_final and removed.data.get("items") == [{}]
    flood = parsed(SENT | {"items-row": [str(number) for number in range(5000)], "form-refresh": "1"}, visitor)
    assert len(flood.data["items"]) == 4, "one more than allowed, so that validation says so"


def test_uploads_survive_the_errors_of_other_fields(uploads: Path) -> None:
    client = Client()
    answer = client.post("/ask", SENT | {"description": "", "before": picture("现场.jpg")})
    assert answer.status_code == 422
    drawn = page(answer.content.decode())
    kept = drawn.xpath('//input[@name="before-kept"]/@value')
    assert len(kept) == 1
    again = client.post("/ask", SENT | {"before-kept": kept[0]})
    assert (again.status_code, again.content) == (200, b"accepted")
    stranger = Client().post("/ask", SENT | {"before-kept": kept[0]})
    assert stranger.status_code == 422
    text = stranger.content.decode()
    assert "文件已失效" in text and "现场.jpg" not in text


def test_a_kept_upload_can_be_taken_out_again(visitor: Actor, uploads: Path) -> None:
    mine = str(api.store_upload(picture(), ("image",), actor=visitor, session_key="mine").id)
    assert parsed(SENT | {"before-kept": mine}, visitor).data["before"] == [mine]
    assert "before" not in parsed(SENT | {"before-kept": mine, "before-remove": mine}, visitor).data


@pytest.mark.parametrize("forged", ["../../etc/passwd", "01900000-0000-7000-8000-000000000001", "x" * 9000])
def test_forged_ids_are_refused(forged: str, visitor: Actor) -> None:
    posted = parsed(SENT | {"before-kept": forged}, visitor)
    assert [error.code for error in posted.errors] == ["FORM_FOREIGN_FILE"]
    assert not posted.data.get("before")


def test_the_api_cannot_name_a_strangers_upload(visitor: Actor, uploads: Path) -> None:
    mine = str(api.store_upload(picture(), ("image",), actor=visitor, session_key="mine").id)
    data = good_data(before=[mine])
    assert COMPILED.accept(data, actor=visitor, session_key="mine").errors == []
    assert [error.path for error in COMPILED.accept(data, actor=visitor, session_key="x").errors] == ["before"]
    assert COMPILED.accept(data, actor=visitor, session_key="x", previous=data).errors == []


def test_a_refused_upload_is_an_error_of_its_field(visitor: Actor, uploads: Path) -> None:
    bad = picture("<b>.jpg")
    bad.file.truncate(0)
    posted = parsed(SENT, visitor, files={"before": [bad, picture()]})
    assert [(error.path, len(posted.data["before"])) for error in posted.errors] == [("before", 1)]


def test_signatures_are_drawn_or_typed_with_consent(visitor: Actor, uploads: Path) -> None:
    drawn = "data:image/png;base64," + base64.b64encode(picture(kind="PNG").read()).decode()
    found = parsed(SENT | {"signed-drawn": drawn}, visitor).data["signed"]
    assert Attachment.objects.get(id=found["picture"]).kind == "image"
    posted = parsed(SENT | {"signed-typed": "张三"}, visitor)
    assert [error.code for error in posted.errors] == ["FORM_SIGNATURE_CONSENT"]
    assert parsed(SENT | {"signed-typed": "张三", "signed-consent": "true"}, visitor).data["signed"] == {
        "typed": "张三"
    }
    assert parsed(SENT | {"signed-drawn": "data:image/png;base64,AAAA"}, visitor).errors


def test_every_error_links_to_an_input_and_is_tied_to_it() -> None:
    sent = good_data(description=None, place={"longitude": 1.0}, items=[{"quantity": 1}], honest=None)
    sent |= {"reporter": {"kind": "person", "name": "张三", "id_number": "1"}}
    drawn = page(COMPILED.render(None, sent, COMPILED.validate(sent).errors))
    links = [link.removeprefix("#") for link in drawn.xpath('//*[@class="error-summary"]//a/@href')]
    assert len(links) == 5
    for link in links:
        target = drawn.get_element_by_id(link)
        described = (
            f"{target.get('aria-describedby', '')} {target.xpath('string(ancestor::fieldset[1]/@aria-describedby)')}"
        )
        assert "-error" in described, link
    assert drawn.get_element_by_id("f-reporter-id_number").get("aria-invalid") == "true"
    assert drawn.get_element_by_id("f-reporter-name").get("aria-invalid") is None


def test_every_input_has_a_label() -> None:
    drawn = page(COMPILED.render(None, good_data(items=[{}], before=None)))
    for item in drawn.xpath('//input[not(@type="hidden")] | //select | //textarea'):
        labels = item.xpath("ancestor::label") or drawn.xpath(f'//label[@for="{item.get("id")}"]')
        assert labels, html.tostring(item)


def test_nothing_typed_becomes_markup() -> None:
    sent = good_data(description=ATTACK, part=ATTACK, depth=ATTACK, before=[ATTACK], place={"address": ATTACK})
    sent |= {"reporter": {"name": ATTACK}, "items": [{"name": ATTACK}], ATTACK: ATTACK, "signed": {"typed": ATTACK}}
    checked = COMPILED.validate(sent)
    for markup in (COMPILED.render(None, sent, checked.errors), *(shown for _, shown in COMPILED.display(sent))):
        assert "<script>alert" not in markup


def test_limits_of_uploads_are_said_before_anything_is_sent(settings: Any) -> None:
    settings.YIWANG = settings.YIWANG | {"YIWANG_UPLOAD_LIMIT": 7 * 1_048_576}
    drawn = page(COMPILED.render(None, good_data(before=[])))
    said = drawn.get_element_by_id("f-before-limits").text_content()
    assert "最多 4 个" in said and "7 MB" in said and "PNG" in said
    assert "f-before-limits" in drawn.get_element_by_id("f-before").get("aria-describedby")


def test_it_needs_no_inline_script_or_style() -> None:
    drawn = page(COMPILED.render(None, good_data(items=[{}])))
    assert not drawn.xpath("//script[not(@src)] | //style | //@style | //@*[starts-with(name(), 'on')]")


def test_hidden_fields_are_not_drawn_and_read_ones_are_only_shown() -> None:
    drawn = COMPILED.render(None, good_data(), rights={"kind": "read", "phone": "hidden"})
    assert 'name="phone"' not in drawn and 'name="kind"' not in drawn
    assert "井盖缺失或破损" in drawn
    assert 'name="depth"' not in COMPILED.render(None, good_data(kind="waste"))


def test_display_masks_personal_data() -> None:
    data = good_data(phone="13800138000", reporter={"kind": "person", "name": "张三丰", "id_number": RESIDENT_ID})
    masked, clear = (dict(COMPILED.display(data, sees_personal=sees)) for sees in (False, True))
    assert masked["联系电话"] == "138****8000" and RESIDENT_ID not in masked["上报人"]
    assert clear["联系电话"] == "13800138000" and RESIDENT_ID in clear["上报人"]
    assert "紧急原因" not in masked
    assert masked["发现日期"] == '<time datetime="2026-05-01">2026年5月1日</time>'
    assert masked["深度"] == "1.25 米" and masked["是否紧急"] == "否"


def test_old_data_that_no_longer_fits_is_still_shown() -> None:
    shown = dict(COMPILED.display({"found_on": "<soon>", "kind": "gone", "items": "x", "place": 5}))
    assert shown["发现日期"] == "&lt;soon&gt;" and shown["问题类别"] == "gone"


def test_the_file_page_asks_the_guard_and_sends_safe_headers(visitor: Actor, uploads: Path, rf: Any) -> None:
    from yiwang.engines.forms.pages import attachment

    mine = api.store_upload(picture(), ("image",), actor=visitor, session_key="mine")
    request = rf.get("/", {"small": ""})
    request.session, request.actor = type("Session", (), {"session_key": "mine"})(), replace(visitor)
    answer = attachment(request, mine.id)
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")
    request.session.session_key = "other"
    with pytest.raises(NotFound):
        attachment(request, mine.id)


def test_the_map_layers_are_served_even_before_any_division_is_loaded() -> None:
    answer = Client().get("/forms/map/town.json")
    assert answer.json() == {"type": "FeatureCollection", "features": []}
    assert Client().get("/forms/map/moon.json").status_code == 404
