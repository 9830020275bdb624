"""What the scripts add, in a real browser under the site's own content policy; without one these tests are skipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from yiwang.engines.forms import lookups
from yiwang.engines.forms.tests.samples import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("yiwang.engines.forms.tests.addresses"),
]


def square(level: str) -> bytes:
    """A town or village of one schematic square, as the directory gives it to the map."""
    ring = [[113, 22.9], [113.3, 22.9], [113.3, 23.2], [113, 23.2], [113, 22.9]]
    facts = {"name": {"town": "桂城街道", "village": "东村"}[level], "schematic": True}
    shape = {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return json.dumps({"type": "FeatureCollection", "features": [shape]}).encode()


@pytest.fixture
def page(chromium: Browser, live_server: Any, uploads: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The form, blank, at the width of a phone; any fault a script reports fails the test."""
    faults: list[str] = []
    monkeypatch.setattr(lookups, "map_layer", square)
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.goto(f"{live_server.url}/page")
    yield opened
    context.close()
    assert not faults


def fill_row(page: Page, number: int, name: str, quantity: str, price: str) -> None:
    for part, text in (("name", name), ("quantity", quantity), ("price", price)):
        page.fill(f"#f-items-{number}-{part}", text)


def test_fields_come_and_go_in_their_place(page: Page) -> None:
    page.check('input[name="kind"][value="manhole"]')
    page.wait_for_selector("#f-depth")
    order = page.eval_on_selector_all("[data-field]", "nodes => nodes.map((node) => node.dataset.field)")
    assert order[:5] == ["kind", "part", "description", "depth", "found_on"]
    page.check('input[name="kind"][value="waste"]')
    page.wait_for_selector("#f-depth", state="detached")


def test_who_answers_before_the_scripts_have_come_is_still_asked_what_follows(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/forms/refresh*.js", hold)
    with page.expect_request("**/forms/refresh*.js"):
        page.reload(wait_until="commit")
    page.check('input[name="kind"][value="manhole"]')
    assert page.locator("#f-depth").count() == 0, "the script has come already, so this would show nothing"
    for route in held:
        route.continue_()
    page.wait_for_selector("#f-depth")


def test_a_row_keeps_what_was_typed_when_one_before_it_goes(page: Page) -> None:
    for number in (0, 1):
        page.click("[data-row-add]")
        fill_row(page, number, f"材料{number}", str(number + 1), "10")
    page.locator("[data-row-remove]").first.click()
    expect(page.locator("[data-field=total]")).to_contain_text("20.00")
    assert page.input_value("#f-items-1-name") == "材料1"
    assert page.locator("[data-field='items'] #f-items-1-name").count() == 1, "the row stands where it stood"
    page.click("[data-row-add]")
    fill_row(page, 2, "螺栓", "1", "0.5")
    page.locator("#f-items-2-price").blur()
    expect(page.locator("[data-field=total]")).to_contain_text("20.50")


def test_a_chosen_picture_is_shown_and_a_large_file_is_called_out(page: Page) -> None:
    content = picture(size=(90, 60)).read()
    page.set_input_files("#f-before", [{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": content}])
    expect(page.locator("[data-field=before] img")).to_have_js_property("naturalWidth", 90)
    page.eval_on_selector("#f-paper", "input => { input.dataset.limit = '10'; }")
    page.set_input_files("#f-paper", [{"name": "大.pdf", "mimeType": "application/pdf", "buffer": content}])
    assert "超过大小限制" in page.inner_text("[data-field=paper]")


def test_long_lists_are_searched_by_keyboard(page: Page) -> None:
    box = page.locator("#f-village")
    box.fill("西")
    box.press("ArrowDown")
    box.press("Enter")
    assert page.eval_on_selector("select[name=village]", "select => select.value") == "440605001002"
    assert box.input_value() == "桂城街道 西村"


def test_the_map_is_marked_schematic_and_names_what_a_point_lies_in(page: Page) -> None:
    page.locator("[data-place]").scroll_into_view_if_needed()
    expect(page.locator(".place-schematic")).to_have_text("示意")
    page.click(".place-point summary")
    status = page.locator("[data-place-status]")
    for longitude, words in (("113.1", "桂城街道东村"), ("115.5", "不在已知区划内")):
        page.fill("#f-place-longitude", longitude)
        page.fill("#f-place-latitude", "23")
        page.locator("#f-place-latitude").blur()
        page.locator("#f-place-longitude").dispatch_event("change")
        expect(status).to_contain_text(words)


def test_the_map_is_worked_by_keyboard(page: Page) -> None:
    page.locator("[data-place]").scroll_into_view_if_needed()
    expect(page.locator(".place-schematic")).to_be_visible()
    canvas = page.locator(".place-map canvas")
    assert "回车键" in (canvas.get_attribute("aria-label") or "")
    canvas.focus()
    canvas.press("Enter")
    expect(page.locator("[data-place-status]")).to_contain_text("桂城街道东村")
    assert page.locator(".place-town").first.get_attribute("role") is None, "a name is no button"
