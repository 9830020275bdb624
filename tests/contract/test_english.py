"""In English every page speaks English: no text the catalogue translates is left in Chinese, for anybody of the cast."""

from __future__ import annotations

import re

import polib
import pytest
from lxml import html

from tests.contract.routes import Route, routes
from tests.contract.test_routes import address
from tests.stage import Stage
from yiwang.engines.directory.models import Division
from yiwang.project.messages import CATALOGUE

PAGES = [route for route in routes() if not route.pattern.startswith("api/")]
SPOKEN = ("title", "alt", "placeholder", "aria-label", "data-title")


@pytest.fixture(scope="module")
def chinese() -> frozenset[str]:
    """What the catalogue translates as it stands."""
    return frozenset(
        entry.msgid for entry in polib.pofile(str(CATALOGUE)) if len(re.findall(r"[\u4e00-\u9fff]", entry.msgid)) > 1
    )


def texts(content: str) -> set[str]:
    """Every piece of text of a page and of its spoken attributes, but not what is said to be in another language."""
    tree = html.fromstring(content)
    for other in tree.xpath("//*[starts-with(@lang, 'zh')]"):
        other.drop_tree()
    pieces = {" ".join(piece.split()) for piece in tree.itertext() if isinstance(piece, str)}
    return pieces | {node.get(name, "").strip() for name in SPOKEN for node in tree.iterfind(f".//*[@{name}]")}


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_pages_in_english(route: Route, staged: Stage, chinese: frozenset[str]) -> None:
    places = set(Division.objects.values_list("name", flat=True))
    for name in ("stranger", "reporter", "acceptor", "handler-water", "administrator"):
        client = staged.people[name]
        client.cookies["django_language"] = "en"
        answer = client.get(address(route, staged))
        if answer.streaming or not answer.content or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        left = texts(answer.content.decode()) & chinese - places
        assert not left, f"{name} at {address(route, staged)} reads in Chinese: {sorted(left)}"
