"""The drawing: well-formed, accessible, without inline style, and saying where work stands."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from django.utils import translation
from lxml import html

from tests.plain_incident import INCIDENT as PLAIN_INCIDENT
from yiwang.engines.bpmn.api import drawing, laid_out, read_bpmn
from yiwang.engines.bpmn.tests.bundles import EVERYTHING, declared, drawn, task
from yiwang.engines.bpmn.tests.files import WEB_MODELLER
from yiwang.engines.processes.api import bundle_of

INCIDENT = bundle_of("city_incident", PLAIN_INCIDENT)
STYLES = Path(__file__).parents[1] / "static" / "bpmn" / "diagram.css"


def picture(bundle: dict[str, Any], **rest: Any) -> html.HtmlElement:
    return html.fromstring(drawing(bundle, **rest))


def test_the_picture_has_a_title_and_is_told_in_order() -> None:
    figure = picture(INCIDENT)
    (svg,) = figure.iter("svg")
    assert svg.get("role") == "img"
    assert figure.get_element_by_id(svg.get("aria-labelledby")).text == "流程图：城市部件事件"
    steps = figure.get_element_by_id(svg.get("aria-describedby"))
    told = [item.text for item in steps.iterchildren("li")]
    assert told[:3] == [
        "上报（开始）。下一步：受理。", "受理（人工任务）。下一步：是否受理。",
        "是否受理（排他网关）。下一步：派遣；其他情况 → 不予受理。",
    ]  # fmt: skip


def test_it_is_drawn_and_told_in_the_language_of_the_reader() -> None:
    with translation.override("en"):
        figure = picture(INCIDENT)
    assert INCIDENT["title"] == "城市部件事件"
    (svg,) = figure.iter("svg")
    assert figure.get_element_by_id(svg.get("aria-labelledby")).text == "Process drawing: City incident"
    steps = figure.get_element_by_id(svg.get("aria-describedby"))
    told = [item.text for item in steps.iterchildren("li")]
    assert told[1] == "Accept (Task for a person). Next: Whether to accept."
    assert "".join(told).replace("→", "").isascii()


def test_where_work_stands_and_what_is_done_is_told_twice() -> None:
    figure = picture(INCIDENT, here={"dispatch"}, done={"start", "accept", "is_accepted"})
    assert len(figure.xpath("//g[contains(@class, 'is-here')]")) == 1
    assert len(figure.xpath("//g[contains(@class, 'diagram-node') and contains(@class, 'is-done')]")) == 3
    assert len(figure.xpath("//g[contains(@class, 'diagram-flow') and contains(@class, 'is-done')]")) == 3
    (current,) = figure.xpath("//li[@aria-current='step']")
    assert current.text.startswith("派遣（人工任务，正在办理）")
    assert "受理（人工任务，已完成）" in figure.text_content()


def test_nothing_in_it_breaks_a_strict_policy() -> None:
    for bundle in (EVERYTHING, drawn(3), read_bpmn(WEB_MODELLER).bundle):
        figure = picture(bundle)
        for element in figure.iter():
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")], element
            assert element.tag not in ("script", "style", "image", "a", "foreignObject", "use")


def test_titles_are_escaped() -> None:
    bundle = declared(task("a"))
    bundle["title"] = bundle["nodes"][1]["title"] = "<script>alert(1)</script>\x00"
    text = drawing(bundle)
    assert "<script" not in text and "&lt;script&gt;" in text


def test_every_node_and_line_is_drawn() -> None:
    for seed in range(10):
        bundle = drawn(seed)
        figure = picture(bundle)
        assert len(figure.xpath("//g[contains(@class, 'diagram-node')]")) == len(bundle["nodes"])
        assert len(figure.xpath("//g[contains(@class, 'diagram-flow')]")) == len(bundle["flows"])


def test_a_closed_sub_process_hides_its_content_in_the_picture_and_tells_it_in_words() -> None:
    bundle = deepcopy(EVERYTHING)
    bundle["diagram"] = laid_out(bundle)
    bundle["diagram"]["shapes"]["sub"]["expanded"] = False
    figure = picture(bundle)
    inside = [node for node in bundle["nodes"] if node.get("parent") in ("sub", "deep")]
    assert len(figure.xpath("//g[contains(@class, 'diagram-node')]")) == len(bundle["nodes"]) - len(inside)
    assert figure.xpath("//li/ol/li/ol/li[starts-with(text(), '步骤again')]")


def test_positions_of_the_bundle_are_used_where_they_are_complete() -> None:
    bundle = declared(task("a"))
    bundle["diagram"] = laid_out(bundle)
    bundle["diagram"]["shapes"]["a"] |= {"x": 5_000}
    assert 'x="5000"' in drawing(bundle)
    del bundle["diagram"]["shapes"]["start"]
    assert 'x="5000"' not in drawing(bundle)
    bundle["diagram"] = laid_out(bundle) | {"edges": {}}
    assert drawing(bundle).count("diagram-line") == 2, "lines without positions are drawn straight"


def test_two_drawings_on_a_page_have_their_own_ids() -> None:
    ids = [set(picture(EVERYTHING, name=name).xpath("//@id")) for name in ("one", "two")]
    assert ids[0] and ids[0].isdisjoint(ids[1])


def test_the_drawing_follows_the_language() -> None:
    from django.utils.translation import override

    with override("zh-hans"):
        assert "文字版流程" in drawing(EVERYTHING)


def test_colours_are_tokens_only() -> None:
    styles = STYLES.read_text(encoding="utf-8")
    assert "#" not in styles and "rgb" not in styles
    tokens = (Path(__file__).parents[3] / "ui" / "static" / "ui" / "css" / "tokens.css").read_text(encoding="utf-8")
    import re

    assert not [name for name in set(re.findall(r"var\((--[a-z0-9-]+)\)", styles)) if f"{name}:" not in tokens]
