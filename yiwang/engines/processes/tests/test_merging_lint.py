"""What a type may be merged into is checked like every link between apps."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.engines.directory.spec import Role, working_days
from yiwang.engines.forms.spec import Form, LongText
from yiwang.engines.processes.api import Graph, bundle_of, check_bundle
from yiwang.engines.processes.spec import CaseType, End, Merging, Start, UserTask
from yiwang.kernel.errors import SpecError

CLERK = Role(key="clerk", title="办事员")
FORM = Form(key="answer", title="答复", fields=(LongText("reply", "答复"),))
TYPES = {"trial.wish", "trial.hole", "city.incident"}


def bundle(**head: Any) -> dict[str, Any]:
    task = UserTask("answer", "答复", by=CLERK, form=FORM, within=working_days(1))
    return bundle_of("trial", CaseType(key="wish", title="愿望", nodes=(Start(), task, End()), **head))


def faults(into: dict[str, dict[str, str]]) -> list[str]:
    found = check_bundle(bundle(merging=Merging(into=into)), {"trial.clerk"}, TYPES)
    return [str(one) for one in found if one.level == "error"]


def test_a_type_that_declares_nothing_is_the_bundle_it_was() -> None:
    assert "merging" not in bundle()
    assert Graph(bundle()).takes_over == {}
    assert bundle(merging=Merging(never=True))["merging"] == {"into": {}, "never": True}


def test_what_is_sound_is_compiled() -> None:
    into = {"city.incident": {"reply": 'if outcome = "closed" then main.measure else null'}}
    assert faults(into) == []
    ((key, text),) = Graph(bundle(merging=Merging(into=into))).takes_over["city.incident"]
    assert (key, text.value({"outcome": "closed", "main": {"measure": "已补"}})) == ("reply", "已补")
    assert text.value({"outcome": "refused", "main": {}}) is None


@pytest.mark.parametrize(
    ("into", "words"),
    [
        ({"city.incidnt": {}}, "您是不是要写 'city.incident'"),
        ({"trial.wish": {}}, "同一类型本来就可以并案"),
        ({"city.incident": {"replay": "measure"}}, "您是不是要写 'reply'"),
        ({"city.incident": {"reply": "measure +"}}, "FEEL"),
    ],
)
def test_what_is_wrong_stops_the_start(into: dict[str, dict[str, str]], words: str) -> None:
    assert any(words in fault for fault in faults(into)), faults(into)


def test_never_means_never() -> None:
    with pytest.raises(SpecError, match="never"):
        Merging(into={"city.incident": {}}, never=True)
