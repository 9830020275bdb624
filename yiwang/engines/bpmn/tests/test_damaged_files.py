"""Files damaged at random are refused in words, or read; nothing else happens, whatever is then asked of them."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from lxml import etree

from yiwang.engines.bpmn.api import BpmnError, check_file, drawing, read_bpmn, simulate, write_bpmn
from yiwang.engines.bpmn.tests.bundles import EVERYTHING, drawn
from yiwang.engines.bpmn.tests.files import NO_PREFIX, WEB_MODELLER, own
from yiwang.kernel.errors import YiwangError

WHOLE = (write_bpmn(EVERYTHING), WEB_MODELLER, NO_PREFIX, write_bpmn(drawn(3)))
TEXTS = ("", "x", "= 1", "PT1H", "P1M", "{}", "[]", "null", "1", "-1", "nan", "true", "check", "Way")


def damaged(rng: random.Random) -> bytes:
    """A whole file with one to four elements taken out, moved, emptied, renamed or told otherwise."""
    root = etree.fromstring(rng.choice(WHOLE))
    for _ in range(rng.randint(1, 4)):
        elements = list(root.iter(etree.Element))
        element, other = rng.choice(elements), rng.choice(elements)
        way = rng.randrange(5)
        if way == 0 and element.getparent() is not None:
            element.getparent().remove(element)
        elif way == 1 and element.attrib:
            del element.attrib[rng.choice(list(element.attrib))]
        elif way == 2 and element.attrib:
            element.set(rng.choice(list(element.attrib)), rng.choice(TEXTS))
        elif way == 3:
            element.text = rng.choice(TEXTS)
        elif other not in element.iterancestors() and element not in other.iterancestors() and other is not element:
            element.append(other)
    return etree.tostring(root)


@pytest.mark.parametrize("seed", range(6))
def test_damage_is_told_or_borne(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        xml = damaged(rng)
        assert all(str(finding) for finding in check_file(xml))
        try:
            reading = read_bpmn(xml)
        except BpmnError:
            continue
        assert "<svg" in drawing(reading.bundle)
        with suppress(YiwangError):
            simulate(reading.bundle, {"data": {"x": 1}, "steps": [{"advance": "P3D"}]}, is_foreign=reading.is_foreign)
        with suppress(BpmnError):
            assert read_bpmn(write_bpmn(reading.bundle)).bundle == reading.bundle


def test_a_file_of_ours_that_lost_its_key_is_read_as_a_foreign_one() -> None:
    root = etree.fromstring(write_bpmn(EVERYTHING))
    lost = next(item for item in root.iter("{urn:yiwang:bpmn:1}property") if item.get("name") == "key")
    lost.getparent().remove(lost)
    reading = read_bpmn(etree.tostring(root))
    assert reading.is_foreign and reading.bundle["key"] == "trial_everything"
    assert not read_bpmn(write_bpmn(reading.bundle)).is_foreign


@pytest.mark.parametrize("value", ["null", "{}", "7"])
def test_no_value_of_ours_is_believed_unseen(value: str) -> None:
    for name in ("assignee", "organisation", "at", "when", "deny", "extensions"):
        with suppress(BpmnError):
            drawing(read_bpmn(own(name, value)).bundle)
