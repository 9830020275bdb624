"""Every page anybody may open, as axe-core judges it: nothing serious on a phone and on a desk, in light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import WIDTHS
from tests.contract.routes import Route, routes
from tests.stage import TYPE, Stage, build_stage

pytestmark = pytest.mark.browser

PHONE, DESK = WIDTHS
SERIOUS = ("serious", "critical")
PARTS = ("forms/", "ui/")
"""Templates of single fields and components: which of them stand on a page is a matter of data."""
AXE = "/static/vendor/axe-core/axe.min.js"
JUDGE = """async (rules) => (await axe.run(document, {resultTypes: ["violations"], preload: false, ...rules})).violations
    .map(found => ({id: found.id, impact: found.impact, help: found.help,
                    at: found.nodes.slice(0, 3).map(node => `${node.target.join(" ")} ${node.failureSummary || ""}`)}))"""

OVERHANG = "() => document.documentElement.scrollWidth - innerWidth"
ELDERS = f"""() => {{
    document.documentElement.dataset.elder = '';
    try {{ return ({OVERHANG})(); }} finally {{ delete document.documentElement.dataset.elder; }}
}}"""


def particular(stage: Stage) -> Iterator[tuple[str, str]]:
    """(person, address) of pages that no route alone leads to: steps of a draft, boxes, verbs, a page not found."""
    draft = {"page": "1", "category": "road", "description": "路面坑洼"}
    place = {"page": "3", "place-address": "村口"}
    for answers in (draft, {"page": "2"}, place, {"page": "4"}):
        stage.people["reporter"].post(f"/report/{TYPE}/", answers)
    for page in ("2", "3", "4", "check"):
        yield "reporter", f"/report/{TYPE}/?page={page}"
    yield "stranger", "/no/such/page/"
    for box in ("post", "all"):
        yield "acceptor", f"{reverse('desk:work')}?box={box}"
    for verb in ("supervise", "suspend", "cancel"):
        yield "supervisor", reverse("desk:act", args=[stage.case.id, verb])


def addresses(stage: Stage, listed: Sequence[Route]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(person, address, templates) of every page among the routes, each opened by the first of the cast who may."""
    for route in listed:
        asked = route.address(stage.objects)
        for who in ("stranger", *stage.right):
            answer = stage.people[who].get(asked)
            if _is_page(answer):
                yield who, asked, frozenset(template.name for template in answer.templates)
                break


def _is_page(answer: Any) -> bool:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and is_html and b"<html" in answer.content


def enter(context: BrowserContext, site: str, stage: Stage, who: str) -> None:
    """The person's session, as a cookie."""
    session = stage.people[who].cookies.get("sessionid")
    context.clear_cookies()
    if session is not None:
        context.add_cookies([{"name": "sessionid", "value": session.value, "url": site}])


def judged(page: Page, address: str, is_new: bool = True) -> Iterator[str]:
    """Faults of a page: all rules on a telephone, those of the standard on a desk in the dark, room for elders' letters.

    A page made of the same templates as those before differs in its data: it must fit the screen, and that is all it
    is asked. Every component in every mode is judged by the frame's own tests.
    """
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.goto(address)
    if is_new:
        page.add_script_tag(url=AXE)
        yield from _faults(page, f"{address} on a phone", {})
        page.emulate_media(color_scheme="dark")
    yield from _too_wide(page, f"{address} on a phone")
    yield from _too_wide(page, f"{address} on a phone for elders", ELDERS)
    page.set_viewport_size({"width": DESK, "height": 900})
    yield from _too_wide(page, f"{address} on a desk")
    if is_new:
        yield from _faults(page, f"{address} on a desk in the dark", {"runOnly": ["wcag2a", "wcag2aa"]})


def _faults(page: Page, where: str, rules: dict[str, Any]) -> Iterator[str]:
    for one in page.evaluate(JUDGE, rules):
        if one["impact"] in SERIOUS:
            yield f"{where}: {one['id']} ({one['impact']}) {one['help']}: {one['at']}"


def _too_wide(page: Page, where: str, measure: str = OVERHANG) -> Iterator[str]:
    wide = page.evaluate(measure)
    if wide > 1:
        yield f"{where}: scrolls sideways by {wide} px"


@pytest.mark.parametrize("half", [0, 1])
def test_no_page_has_a_serious_fault(visitor: Callable[..., Page], site: str, half: int) -> None:
    """In halves, so that two processes share the longest test of the suite."""
    stage = build_stage()
    page = visitor(PHONE)
    listed = routes()
    listed = listed[len(listed) // 2 :] if half else listed[: len(listed) // 2]
    pages = list(addresses(stage, listed))
    assert len(pages) > len(listed) / 3, "most of the site is pages"
    faults: list[str] = []
    frames: set[frozenset[str]] = set()
    seen: set[str] = set()
    for who, asked, templates in pages:
        frame = frozenset(name for name in templates if not name.startswith(PARTS))
        enter(page.context, site, stage, who)
        faults += judged(page, asked, is_new=frame not in frames or not templates <= seen)
        frames.add(frame)
        seen |= templates
    for who, asked in list(particular(stage))[half::2]:
        enter(page.context, site, stage, who)
        faults += judged(page, asked)
    assert not faults, "\n".join(sorted(set(faults)))


def test_the_judge_sees_a_fault(visitor: Callable[..., Page]) -> None:
    """Were axe not there, every page would pass."""
    page = visitor(390)
    page.goto("/follow/")
    page.evaluate("() => document.querySelector('label[for=number]').remove()")
    page.add_script_tag(url=AXE)
    assert "label" in [one["id"] for one in page.evaluate(JUDGE, {})]
    assert urlsplit(page.url).path == "/follow/"
