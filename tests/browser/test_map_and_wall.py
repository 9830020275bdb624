"""The map as a dispatcher uses it, and the wall on a server that holds no streams: it asks by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in
from tests.small_district import DISTRICT
from yiwang.engines.cases.api import open_case
from yiwang.engines.cockpit.map.store import catch_up_all
from yiwang.engines.directory.api import SYSTEM

pytestmark = pytest.mark.browser

SUM = ".case-map-sum strong"


def opened(x: float, y: float = 23.0, category: str = "lamp") -> Any:
    place = {"longitude": x, "latitude": y, "address": "路口"}
    data = {"category": category, "description": "路灯不亮", "place": place}
    return open_case(SYSTEM, "city_incident.incident", data)


def test_the_map_is_moved_and_a_point_opens_its_case(visitor: Callable[..., Page], site: str) -> None:
    for x in (112.9, 112.9002, 112.9004):
        opened(x)
    alone = opened(113.2, category="road")
    catch_up_all()
    page = visitor()
    log_in(page, f"{DISTRICT}-supervisor")
    page.goto("/cockpit/map/")
    expect(page.locator(SUM)).to_have_text("4")
    cluster = page.get_by_role("button", name="3 件，超时 0 件")
    expect(cluster).to_have_text("3")
    for _ in range(3):
        cluster.press("Enter")
    expect(page.locator(SUM)).to_have_text("3")
    expect(page.locator(".case-map-places")).to_contain_text("狮山镇第一社区")
    page.goto("/cockpit/map/?type=city_incident.incident")
    page.get_by_label("类别").select_option("road")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(SUM)).to_have_text("1")
    page.locator(".case-point").click()
    page.wait_for_url(lambda url: str(alone.id) in url)


def test_a_wall_without_a_stream_asks_by_itself(visitor: Callable[..., Page], site: str) -> None:
    page = visitor()
    log_in(page, f"{DISTRICT}-supervisor")
    page.clock.install()
    page.goto("/cockpit/wall/")
    expect(page.get_by_role("status")).to_have_text("每 5 秒更新")
    expect(page.get_by_text("两日内还没有办理动作")).to_be_visible()
    number = opened(112.9).number
    catch_up_all()
    page.clock.fast_forward(6_000)
    expect(page.locator('[data-part="events"]')).to_contain_text(number)
    expect(page.locator(".wall-due").first).to_contain_text(":")
