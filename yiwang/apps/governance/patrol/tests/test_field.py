"""The phone page in a real browser: three days without a net in one minute, and nothing sent twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.small_district import HERE, build
from yiwang.apps.governance.patrol import intervals
from yiwang.apps.governance.patrol.models import Upload, Visit

Case, Attachment = apps.get_model("cases.Case"), apps.get_model("forms.Attachment")
pytestmark = pytest.mark.browser
FIELD = "/governance/patrol/field/"
LOSES_ONE_ANSWER = """
Object.defineProperty(ServiceWorkerRegistration.prototype, "sync", { value: undefined });
const real = window.fetch.bind(window);
window.posts = 0;
window.fetch = async (address, given) => {
  const answer = await real(address, given);
  if (String(address).endsWith("/patrol/reports") && ++window.posts === 2) throw new TypeError("the answer was lost");
  return answer;
};
"""
TOO_OLD_AND_ANOTHERS = """async () => {
  const { user } = await patrolStore.fact("plan");
  const item = {
    kind: "visit", place: crypto.randomUUID(), taken_at: "2026-01-01T00:00:00.000Z", longitude: 112.9, latitude: 23, accuracy: 9,
    form: { presence: "closed" }, photos: [], state: "waiting",
  };
  await patrolStore.add({ ...item, key: crypto.randomUUID(), user, title: "很久以前" }, []);
  await patrolStore.add({ ...item, key: crypto.randomUUID(), user: 0, who: "同事", title: "同事的记录" }, []);
}"""

NO_ROOM_FOR_A_COPY = """async () => {
  const returned = (await patrolStore.queue()).find((one) => one.state === "returned");
  await patrolStore.change({ ...returned, was: 409 });
  patrolStore.add = () => Promise.reject(new Error("full"));
}"""


@pytest.fixture
def site(
    transactional_db: None, live_server: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> str:
    """The small district, where check-ins count at any hour: the browser's clock is the real one."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(intervals, "ANY_HOURS", (0, 24))
    monkeypatch.setattr(intervals, "HOURS", {})
    build()
    return str(live_server.url)


def go_offline(page: Any) -> None:
    """The plan comes while there is a net; without one the page opens all the same."""
    log_in(page, f"{HERE}001-grid_worker")
    page.goto(FIELD)
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.evaluate("navigator.serviceWorker.ready")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#net")).to_contain_text("离线")
    expect(page.locator(".card").first).to_be_visible()


def fill_visit(page: Any, picture: Any) -> None:
    page.locator(".card").first.click()
    expect(page.locator(".spot")).to_contain_text("在网格内")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#toast")).to_contain_text("现场情况")
    page.get_by_text("无人或停业").click()
    page.locator("#f-photos").set_input_files(picture)
    expect(page.locator(".strip img")).to_be_visible()
    page.get_by_role("button", name="保存").click()


def fill_incident(page: Any, picture: Any) -> None:
    page.get_by_role("link", name="随手拍").click()
    expect(page.locator(".spot")).to_contain_text("精度 9 米")
    page.locator("#f-photos").set_input_files(picture)
    page.get_by_text("暴露垃圾").click()
    page.get_by_label("情况说明").fill("市场东侧垃圾成堆")
    expect(page.locator(".strip img")).to_be_visible()
    page.get_by_role("button", name="保存").click()


def look_again(page: Any) -> None:
    for name in ("今日", "上传"):
        page.get_by_role("link", name=name).click()


def send_as_new_without_room(page: Any) -> None:
    """The copy finds no room on the phone: what was to be copied stays."""
    page.evaluate(NO_ROOM_FOR_A_COPY)
    look_again(page)
    page.get_by_role("button", name="另存为新记录重传").click()
    expect(page.locator("#toast")).to_contain_text("存储空间不足")
    look_again(page)
    expect(page.locator('[data-state="returned"]')).to_have_count(1)


def test_offline_reports_arrive_once_though_an_answer_is_lost_the_session_ends_and_one_is_refused(visitor, photograph):
    page = visitor(390, permissions=["geolocation"], geolocation={"longitude": 112.9, "latitude": 23.0, "accuracy": 9})
    page.add_init_script(LOSES_ONE_ANSWER)
    go_offline(page)
    fill_visit(page, photograph)
    expect(page.locator('[data-state="waiting"]')).to_have_count(1)
    fill_incident(page, photograph)
    expect(page.locator("#count")).to_have_text("2")
    page.evaluate(TOO_OLD_AND_ANOTHERS)
    page.context.clear_cookies()
    page.reload()
    expect(page.locator('[data-state="waiting"]')).to_have_count(4)
    assert not Upload.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("#note")).to_contain_text("登录已过期")
    log_in(page, f"{HERE}001-grid_worker")
    page.goto(f"{FIELD}#queue")
    expect(page.locator('[data-state="sent"]')).to_have_count(1)
    expect(page.locator('[data-state="waiting"]')).to_have_count(2)
    expect(page.locator('[data-state="returned"]')).to_contain_text("已超过30天")
    page.get_by_role("button", name="立即上传").click()
    expect(page.locator('[data-state="sent"]')).to_have_count(2)
    expect(page.locator('[data-state="waiting"]')).to_contain_text("由同事记录，请本人登录后上传")
    assert page.evaluate("window.posts") == 4
    (visit,) = Visit.objects.all()
    (case,) = Case.objects.all()
    assert (visit.status, visit.form["presence"], len(visit.form["photos"])) == ("done", "closed", 1)
    assert (case.data["category"], len(case.data["before"]), Upload.objects.count()) == ("waste", 1, 2)
    assert Attachment.objects.count() == 2 and all(row.exif["width"] <= 1600 for row in Attachment.objects.all())
    assert page.evaluate("patrolStore.photo('none')") is None
    targets = page.locator(".tab, .button, .chip span").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(targets) >= 48
    send_as_new_without_room(page)
