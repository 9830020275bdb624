"""Definitions in the browser: who may, what a file must be, publishing, and cases that move."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.small_district import DISTRICT, HERE
from yiwang.engines.bpmn.api import read_bpmn, write_bpmn
from yiwang.engines.cases.api import Running, open_case, publish, register_apps, store_draft
from yiwang.engines.cases.models import AppVersion, Case
from yiwang.engines.desk.running.tests.conftest import PAGE, TYPE, versions
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.trust.api import history
from yiwang.kernel.errors import NotAllowed

ADDRESSES = (
    "/work/definitions/", PAGE, f"{PAGE}1/", f"{PAGE}1/process.bpmn", f"{PAGE}upload/", f"{PAGE}1/publish/",
    f"{PAGE}migrate/",
)  # fmt: skip
REPORT = {
    "category": "manhole",
    "description": "井盖缺失",
    "place": {"longitude": 112.9, "latitude": 23.0, "address": "路口"},
}
EMPTY = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"><process id="p">
<startEvent id="s"/><userTask id="t" name="T"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<sequenceFlow id="g" sourceRef="t" targetRef="%s"/></process></definitions>"""


def bundle(**head: Any) -> dict[str, Any]:
    found: dict[str, Any] = AppVersion.objects.get(type=TYPE, number=1).bundle
    return found | head


def send(client: Client, content: bytes) -> Any:
    return client.post(f"{PAGE}upload/", {"file": SimpleUploadedFile("flow.bpmn", content)})


def renamed(key: str, other: str) -> dict[str, Any]:
    """The published content with a node of another name: cases that stand there cannot move by themselves."""
    drawn = bundle(title="城市事件（改）")
    nodes = [node | {"key": other} if node["key"] == key else node for node in drawn["nodes"]]
    flows = [flow | {side: other for side in ("source", "target") if flow[side] == key} for flow in drawn["flows"]]
    return drawn | {"nodes": nodes, "flows": flows}


def keeper_id() -> int:
    return User.objects.get(username=f"{DISTRICT}-administrator").pk


def opened() -> Running:
    return open_case(SYSTEM, TYPE, REPORT)


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_the_district_administrator_gets_in(address: str, keeper: Client, outsiders: dict[str, Client]) -> None:
    assert keeper.get(address).status_code == 200
    for name, client in outsiders.items():
        answers = {client.get(address).status_code, client.post(address, {"to": "1"}).status_code}
        assert answers <= ({302, 405} if name == "anonymous" else {403, 405}), name
    assert versions() == [(1, "published")]


def test_the_rail_names_it_only_to_who_may(keeper: Client, outsiders: dict[str, Client]) -> None:
    assert "运行管理" in keeper.get("/work/").content.decode()
    assert "运行管理" not in outsiders[f"{HERE}-town_administrator"].get("/work/").content.decode()


def test_services_refuse_a_town_even_without_the_pages(outsiders: dict[str, Client]) -> None:
    from yiwang.engines.cases.api import look_at_migration, migrate_cases, publish_number, retry, stuck_effects

    town = actor_for(User.objects.get(username=f"{HERE}-town_administrator"))
    for act in (
        lambda: store_draft(town, bundle(title="x")), lambda: publish_number(town, TYPE, 1),
        lambda: look_at_migration(town, TYPE, 1), lambda: migrate_cases(town, TYPE, 1),
        lambda: retry(town), lambda: stuck_effects(town),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()


def test_the_list_counts_versions_and_running_cases(keeper: Client) -> None:
    opened(), opened()
    publish(SYSTEM, store_draft(SYSTEM, bundle(title="城市事件（改）")))
    opened()
    text = keeper.get("/work/definitions/").content.decode()
    assert TYPE in text and "第 2 版 1 件" in text and "第 1 版 2 件" in text


def test_a_type_shows_its_drawing_its_steps_and_the_file_comes_back_the_same(keeper: Client) -> None:
    text = keeper.get(PAGE).content.decode()
    assert "<svg" in text and "派遣员" in text and "工作时" in text and bundle()["title"] in text
    file = keeper.get(f"{PAGE}1/process.bpmn")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{TYPE}-1.bpmn"'
    assert read_bpmn(file.content).bundle == bundle()


@pytest.mark.parametrize(
    "content", [b"", b"no xml", EMPTY.replace(b"userTask", b"adHocSubProcess")], ids=["empty", "text", "refused"]
)
def test_a_file_that_cannot_be_read_is_explained_and_not_kept(keeper: Client, content: bytes) -> None:
    answer = send(keeper, content)
    text = answer.content.decode()
    assert answer.status_code == 422 and versions() == [(1, "published")]
    assert "没有保存" in text or "请选择文件" in text


def test_a_file_with_faults_is_kept_as_a_draft_that_says_what_is_wrong_and_cannot_be_published(keeper: Client) -> None:
    for place in (b"e", b"nowhere"):
        text = send(keeper, EMPTY % place).content.decode()
        assert "不能发布" in text and 'data-dialog="publish"' not in text
    assert "没有指定办理岗位" in keeper.get(f"{PAGE}2/").content.decode()
    assert "不存在的节点“nowhere”" in keeper.get(f"{PAGE}3/").content.decode()
    refused = keeper.post(f"{PAGE}2/publish/")
    assert "没有发布" in refused.content.decode()
    assert versions() == [(1, "published"), (2, "draft"), (3, "draft")]


def test_a_sound_file_is_kept_once_and_published_by_a_named_person(keeper: Client) -> None:
    content = write_bpmn(bundle(title="城市事件（改）"))
    assert "检查通过" in send(keeper, content).content.decode()
    assert "没有另存" in send(keeper, content).content.decode()
    assert versions() == [(1, "published"), (2, "draft")]
    answer = keeper.post(f"{PAGE}2/publish/", follow=True)
    assert "已发布第 2 版" in answer.content.decode()
    assert versions() == [(1, "retired"), (2, "published")]
    entries = history(SYSTEM, f"definition:{TYPE}")[-2:]
    assert [one.kind for one in entries] == ["definition.drafted", "definition.published"]
    assert all(one.actor_id == keeper_id() for one in entries)


def test_the_next_start_does_not_undo_what_a_person_published(keeper: Client) -> None:
    send(keeper, write_bpmn(bundle(title="城市事件（改）")))
    keeper.post(f"{PAGE}2/publish/")
    register_apps()
    assert versions() == [(1, "retired"), (2, "published")]


def test_cases_are_looked_at_first_and_moved_when_confirmed(keeper: Client) -> None:
    cases = [opened(), opened()]
    publish(SYSTEM, store_draft(SYSTEM, bundle(title="城市事件（改）")))
    text = keeper.get(f"{PAGE}migrate/").content.decode()
    assert "可以迁移 2 件到第 2 版" in text and "什么也没有改" in text
    assert set(Case.objects.values_list("version__number", flat=True)) == {1}
    stale = keeper.post(f"{PAGE}migrate/", {"to": "1"})
    assert stale.status_code == 409
    assert "已迁移 2 件" in keeper.post(f"{PAGE}migrate/", {"to": "2"}).content.decode()
    assert set(Case.objects.values_list("version__number", flat=True)) == {2}
    kept = history(SYSTEM, f"definition:{TYPE}")[-1]
    assert kept.kind == "definition.migrated" and kept.actor_id is not None
    assert [entry.kind for entry in history(SYSTEM, cases[0].id)][-1] == "case.migrate"
    assert "没有可以迁移" in keeper.get(f"{PAGE}migrate/").content.decode()


def test_what_cannot_move_is_named_with_the_reason(keeper: Client) -> None:
    case = opened()
    place = next(iter(case.state.open_tasks())).node
    key = case.graph.nodes[place].key
    publish(SYSTEM, store_draft(SYSTEM, renamed(key, "elsewhere")))
    for text in (
        keeper.get(f"{PAGE}migrate/").content.decode(),
        keeper.post(f"{PAGE}migrate/", {"to": "2"}).content.decode(),
    ):
        assert case.number in text and "没有对应的环节" in text
    assert Case.objects.get().version.number == 1


def test_pages_ask_the_database_no_more_for_more_cases(keeper: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            opened()
        row = []
        for address in ("/work/definitions/", PAGE, f"{PAGE}migrate/"):
            keeper.get(address)
            with CaptureQueriesContext(connection) as queries:
                keeper.get(address)
            row.append(len(queries))
        counts.append(row)
    assert counts[0] == counts[1] and max(counts[1]) <= 16, counts


def test_an_unknown_type_or_version_is_not_found(keeper: Client) -> None:
    assert keeper.get("/work/definitions/none.such/").status_code == 404
    assert keeper.get(f"{PAGE}99/").status_code == 404
    assert keeper.post(f"{PAGE}99/publish/").status_code == 404
