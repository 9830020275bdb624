"""A bundle written as BPMN and read again is the identical bundle."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from yiwang.engines.bpmn.api import BpmnError, laid_out, read_bpmn, write_bpmn
from yiwang.engines.bpmn.kinds import TAGS
from yiwang.engines.bpmn.tests.bundles import EVERYTHING, declared, drawn, task
from yiwang.engines.processes.api import NODE_KINDS, bundle_of
from yiwang.engines.processes.spec import CaseType, Catch, Exclusive, Node
from yiwang.engines.processes.tests import test_lint
from yiwang.kernel.app import registry
from yiwang.kernel.canonical import canonical_json

INCIDENT = bundle_of("city_incident", registry.find(CaseType, "city_incident.incident"))
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def digest(bundle: Any) -> str:
    return hashlib.sha256(canonical_json(bundle)).hexdigest()


def again(bundle: dict[str, Any]) -> dict[str, Any]:
    before = deepcopy(bundle)
    reading = read_bpmn(write_bpmn(bundle))
    assert bundle == before, "writing changed the bundle"
    assert not reading.is_foreign
    assert not [note for note in reading.notes if "“value”" not in note.what], "`value` is the random processes' own"
    return reading.bundle


def test_the_city_incident_comes_back_to_the_letter() -> None:
    assert digest(again(INCIDENT)) == digest(INCIDENT)


def test_every_kind_of_node_comes_back() -> None:
    assert again(EVERYTHING) == EVERYTHING
    assert {node["kind"] for node in EVERYTHING["nodes"]} == set(TAGS) == NODE_KINDS
    assert digest(again(EVERYTHING)) == digest(EVERYTHING)


@pytest.mark.parametrize("name", [*test_lint.SOUND, *test_lint.FAULTY])
def test_sound_and_faulty_definitions_come_back(name: str) -> None:
    nodes: tuple[Node, ...] = test_lint.SOUND.get(name) or test_lint.FAULTY[name][0]
    bundle = test_lint.bundle(*nodes)
    assert digest(again(bundle)) == digest(bundle)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_random_processes_come_back(seed: int) -> None:
    bundle = drawn(seed)
    assert digest(again(bundle)) == digest(bundle)


def test_positions_of_a_drawn_bundle_come_back() -> None:
    bundle = deepcopy(EVERYTHING)
    bundle["diagram"] = laid_out(bundle)
    shapes = bundle["diagram"]["shapes"]
    shapes["check"] |= {"x": 12.5, "label": {"x": 1, "y": 2, "width": 30, "height": 14}}
    shapes["sub"]["expanded"] = False
    del shapes["stop"]
    assert again(bundle) == bundle
    bundle["diagram"] = laid_out(EVERYTHING)
    assert again(bundle) == bundle, "a diagram that is just as laid out is still the bundle's own"


def test_a_shape_moved_by_another_tool_is_kept() -> None:
    root = etree.fromstring(write_bpmn(EVERYTHING))
    bounds = next(element for element in root.iter() if element.get("bpmnElement") == "check")[0]
    bounds.set("x", "999")
    moved = read_bpmn(etree.tostring(root)).bundle
    assert moved.pop("diagram")["shapes"]["check"]["x"] == 999
    assert moved == EVERYTHING


def test_what_another_tool_changed_in_standard_words_wins() -> None:
    bundle = declared(task("a"), Catch("t", "等", on="timer", after=test_lint.working_days(2)))
    root = etree.fromstring(write_bpmn(bundle))
    next(root.iter(f"{MODEL}userTask")).set("name", "改名")
    next(root.iter(f"{MODEL}timeDuration")).text = "PT3H"
    etree.SubElement(next(root.iter(f"{MODEL}endEvent")), f"{MODEL}terminateEventDefinition")
    nodes = {node["key"]: node for node in read_bpmn(etree.tostring(root)).bundle["nodes"]}
    assert nodes["a"]["title"] == "改名" and nodes["a"]["by"] == "trial.clerk"
    assert nodes["t"]["after"] == {"amount": "3", "unit": "urgent_hour"}
    assert nodes["end"]["terminate"] is True


def test_keys_that_xml_does_not_allow_come_back() -> None:
    bundle = declared(task("a"))
    bundle["nodes"][1]["key"] = "7 步:一"
    bundle["flows"] = [
        {"key": "连线 1", "source": "start", "target": "7 步:一"}, {"key": "start", "source": "7 步:一", "target": "end"},
    ]  # fmt: skip
    assert again(bundle) == bundle


def test_rows_in_an_unusual_order_come_back() -> None:
    bundle = deepcopy(EVERYTHING)
    bundle["nodes"].reverse()
    bundle["flows"].reverse()
    assert again(bundle) == bundle


def test_order_of_conditions_is_the_order_of_lines() -> None:
    ways = Exclusive("way", "?", when={"b": "x > 1", "a": "x > 0"}, otherwise="end")
    bundle = declared(ways, task("a", then="end"), task("b"))
    assert [flow["target"] for flow in again(bundle)["flows"] if flow["source"] == "way"] == ["b", "a", "end"]


def test_a_bundle_that_cannot_be_written_down_is_refused() -> None:
    broken = deepcopy(EVERYTHING)
    broken["nodes"][1]["parent"] = "nowhere"
    with pytest.raises(BpmnError, match="所在的子流程不存在"):
        write_bpmn(broken)
    broken = deepcopy(EVERYTHING)
    broken["nodes"].append(broken["nodes"][1])
    with pytest.raises(BpmnError, match="有 2 个节点使用标识“check”"):
        write_bpmn(broken)
    broken = deepcopy(EVERYTHING)
    broken["title"] = "a\x00b"
    with pytest.raises(BpmnError, match="控制字符"):
        write_bpmn(broken)
