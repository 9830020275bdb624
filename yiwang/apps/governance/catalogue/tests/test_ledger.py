"""The component ledger: codes, serial numbers, who sees and keeps what, files, and what stands near a point."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.apps.governance.catalogue.component_codes import BadComponentCode, ComponentCode, parse_code
from yiwang.apps.governance.catalogue.ledger.importing import import_components
from yiwang.apps.governance.catalogue.ledger.selectors import NEAR_METRES, Asked, imports, metres, near, page
from yiwang.apps.governance.catalogue.ledger.services import (
    NoSerialLeft,
    add_component,
    change_component,
    retire_component,
    serials_used,
    take_serials,
)
from yiwang.apps.governance.catalogue.models import Component
from yiwang.engines.cases.api import open_case
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.geography.api import to_gcj02
from yiwang.engines.trust.api import JournalEntry
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

BASE = "/governance/catalogue/components/"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3205080101000001", ("320508", "01", "01", 1)),
        (" 4406050306000123\n", ("440605", "03", "06", 123)),
        ("4406059999999999", ("440605", "99", "99", 999_999)),
        ("440605030600012", None),
        ("44060503060001234", None),
        ("440605030600012X", None),
        ("4406050006000123", None),
        ("4406050300000123", None),
        ("4406050306000000", None),
        ("４４０６０５０３０６０００１２３", None),
        ("", None),
    ],
)
def test_sixteen_digits(text: str, parts: Any) -> None:
    if parts is None:
        with pytest.raises(BadComponentCode):
            parse_code(text)
    else:
        code = parse_code(text)
        assert code == ComponentCode(*parts) and str(code) == text.strip()
        assert code.class_code == f"C{parts[1]}{parts[2]}"


def test_distances() -> None:
    assert metres(113.0, 23.0, 113.0, 23.0) == 0
    assert abs(metres(113.0, 23.0, 113.0, 23.001) - 111.2) < 0.1
    assert abs(metres(113.0, 23.0, 113.001, 23.0) - 102.4) < 0.1


def keeper(town: str = HERE) -> Any:
    return actor_for(User.objects.get(username=f"{town}-component_keeper"))


@pytest.mark.usefixtures("small_district", "db")
class TestKeeping:
    def test_a_component_from_beginning_to_end(self) -> None:
        row = add_component(keeper(), "C0103", 112.9, 23.0, owner="水务局")
        assert row.code == f"{DISTRICT}0103000001" and row.name == "雨水井盖" and row.cell == f"{HERE}0010001"
        assert add_component(keeper(), "C0103", 112.9, 23.0, name="路口井").code.endswith("000002")
        change_component(keeper(), row.code, {"state": "damaged", "owner": "水务局", "note": "缺角"})
        row = Component.objects.get(pk=row.code)
        assert row.state == "damaged" and row.note == "缺角"
        retire_component(keeper(), row.code, "改造拆除")
        kinds = JournalEntry.objects.filter(payload__contains="缺角").values_list("kind", flat=True)
        assert list(kinds) == ["component.changed"], "what did not change is not told"
        with pytest.raises(Conflict):
            change_component(keeper(), row.code, {"note": "又"})
        assert add_component(keeper(), "C0103", 112.9, 23.0).code.endswith("000003"), "codes are never used again"

    def test_who_sees_and_keeps_what(self) -> None:
        row = add_component(keeper(), "C0103", 112.9, 23.0)
        with pytest.raises(NotFound):
            change_component(keeper(ELSEWHERE), row.code, {"note": "x"})
        assert not page(keeper(ELSEWHERE), Asked()).rows and len(page(keeper(), Asked()).rows) == 1
        with pytest.raises(NotAllowed):
            add_component(keeper(ELSEWHERE), "C0103", 112.9, 23.0)
        dispatcher = actor_for(User.objects.get(username=f"{HERE}-dispatcher"))
        assert page(dispatcher, Asked()).rows
        with pytest.raises(NotAllowed):
            retire_component(dispatcher, row.code, "x")
        for point in ((0.0, 0.0), (120.0, 30.0)):
            with pytest.raises(InvalidInput):
                add_component(SYSTEM, "C0103", *point)
        with pytest.raises(InvalidInput):
            add_component(SYSTEM, "E0101", 112.9, 23.0)

    def test_pages_by_key_and_filters(self, django_assert_num_queries: Any) -> None:
        for number in range(7):
            add_component(SYSTEM, "C0103" if number % 2 else "C0121", 112.9 + number / 1000, 23.0)
        actor = keeper()
        with django_assert_num_queries(1):
            first = page(actor, Asked(), size=3)
        second = page(keeper(), Asked(), after=first.after, size=3)
        third = page(keeper(), Asked(), after=second.after, size=3)
        codes = [row.code for found in (first, second, third) for row in found.rows]
        assert codes == sorted(codes) and len(set(codes)) == 7 and not third.after
        assert len(page(keeper(), Asked(q="路灯")).rows) == 4 and len(page(keeper(), Asked(q="雨水井")).rows) == 3
        assert len(page(keeper(), Asked(q=f"{DISTRICT}0121")).rows) == 4
        assert len(page(keeper(), Asked(class_code="C0121", state="damaged")).rows) == 0

    def test_what_stands_near(self) -> None:
        far = add_component(SYSTEM, "C0103", 112.901, 23.0)
        close = add_component(SYSTEM, "C0103", 112.9003, 23.0)
        lamp = add_component(SYSTEM, "C0121", 112.9001, 23.0)

        def nearest(class_code: str, metres: float = NEAR_METRES, longitude: float = 112.9) -> Any:
            return next(iter(near(longitude, 23.0, class_code, metres, 1)), None)

        found = nearest("C0103")
        assert found is not None and found.code == close.code and 29 <= found.metres <= 32
        assert nearest("").code == lamp.code
        retire_component(SYSTEM, close.code, "x")
        assert nearest("C0103").code == far.code
        assert nearest("C0103", 50) is None
        assert nearest("", longitude=float("nan")) is None and nearest("", longitude=113.2) is None
        client = Client()
        client.force_login(User.objects.get(username=f"{HERE}-dispatcher"))
        asked = {"longitude": 112.9, "latitude": 23.0, "class_code": "C0103"}
        assert client.get("/api/catalogue/components/nearest", asked).json() == [
            {"code": far.code, "name": "雨水井盖", "class_code": "C0103", "metres": 102}
        ]

    def test_cases_around_are_shown_to_those_who_may_see_them(self) -> None:
        row = add_component(SYSTEM, "C0103", 112.9, 23.0)
        for words, longitude in (("井盖没了", 112.9004), ("远处路灯", 112.95)):
            place = {"longitude": longitude, "latitude": 23.0, "address": "路口"}
            open_case(SYSTEM, "city_incident.incident", {"category": "manhole", "description": words, "place": place})
        shown = {}
        for role in ("acceptor", "component_keeper"):
            client = Client()
            client.force_login(User.objects.get(username=f"{HERE}-{role}"))
            shown[role] = client.get(f"{BASE}{row.code}/").content.decode()
        assert "井盖没了" in shown["acceptor"] and "41 米" in shown["acceptor"] and "远处路灯" not in shown["acceptor"]
        assert "井盖没了" not in shown["component_keeper"] and "附近没有事项" in shown["component_keeper"]

    def test_numbers_run_out_with_a_sentence(self) -> None:
        serials_used([ComponentCode(DISTRICT, "01", "03", 999_998)])
        assert list(take_serials(f"{DISTRICT}0103")) == [999_999]
        with pytest.raises(NoSerialLeft):
            take_serials(f"{DISTRICT}0103")

    def test_a_file_with_every_fault(self) -> None:
        kept = add_component(SYSTEM, "C0103", 112.9, 23.0)
        book = Workbook()
        sheet = book.active
        sheet.append(["部件普查成果"])
        sheet.append(["部件标识码", "部件名称", "经度", "纬度", "部件状态", "管养单位（全称）", "设置日期"])
        good = f"{DISTRICT}0103000007"
        for row in (
            [good, "井", 112.91, 23.01, "完好", "市政所", "2020年5月1日"],
            [good, "井", 112.91, 23.01], ["123", "井", 112.91, 23.01], ["1101010103000001", "井", 112.91, 23.01],
            [f"{DISTRICT}9999000001", "井", 112.91, 23.01], [f"{DISTRICT}0103000008", "井", 113.9, 23.01],
            [f"{DISTRICT}0103000009", "井", 113.1, 23.01], [kept.code, "井", 112.91, 23.01],
            [4.406050103e15, "井", 112.91, 23.01], [f"{DISTRICT}0103000010", "井", None, "北纬"],
            [f"{DISTRICT}0103000011", "井", 112.91, 23.01, "不详"], [None, "井", 112.91, 23.01],
            [f"{DISTRICT}0103000012", "井", 112.91, 23.01, None, None, "2020-13-01"],
        ):  # fmt: skip
            sheet.append(row)
        content = io.BytesIO()
        book.save(content)
        found = import_components(keeper(), content.getvalue(), "普查.xlsx")
        assert found.facts["stored_count"] == 1 and found.facts["row_count"] == 13
        whys = {one["cell"]: one["why"] for one in found.facts["findings"]}
        expected = {
            "4": "标识码相同", "A5": "不是部件标识码", "6": "前六位不是本区", "7": "没有部件小类", "8": "本区范围以外",
            "9": "不归您维护", "10": "台账中已有", "A11": "只留了 15 位", "C12": "没有经纬度", "D12": "不是度数",
            "E13": "看不懂部件状态", "A14": "没有部件标识码", "G15": "不是日期",
        }  # fmt: skip
        assert whys.keys() == expected.keys()
        assert all(words in whys[cell] for cell, words in expected.items()), whys
        row = Component.objects.get(pk=good)
        assert (row.keeper, row.placed_on.isoformat(), row.cell) == ("市政所", "2020-05-01", f"{HERE}0010001")
        assert add_component(SYSTEM, "C0103", 112.9, 23.0).code.endswith("000008"), "next above the imported ones"
        again = import_components(keeper(), content.getvalue(), "普查.xlsx")
        assert again.facts["stored_count"] == 0 and JournalEntry.objects.filter(kind="components.imported").count() == 2

    def test_a_busy_neighbour_hides_nobodys_imports(self) -> None:
        import_components(keeper(), "部件标识码,经度,纬度\n1,2,3\n".encode(), "本镇.csv")
        for number in range(20):
            import_components(keeper(ELSEWHERE), "部件标识码,经度,纬度\n1,2,3\n".encode(), f"{number}.csv")
        assert [row.file_name for row in imports(keeper(), "components")] == ["本镇.csv"]
        assert len(imports(SYSTEM, "components")) == 20 and not imports(keeper(), "classes")

    def test_shifted_degrees_are_put_right(self) -> None:
        longitude, latitude = (float(one) for one in to_gcj02(112.91, 23.01))
        lines = f"部件标识码,经度,纬度\n{DISTRICT}0103000001,{longitude:.7f},{latitude:.7f}\n"
        import_components(keeper(), lines.encode(), "a.csv", coordinates="gcj02")
        row = Component.objects.get()
        assert metres(112.91, 23.01, row.longitude, row.latitude) < 1

    def test_the_pages_of_the_ledger(self) -> None:
        client = Client()
        client.force_login(User.objects.get(username=f"{HERE}-component_keeper"))
        assert "台账还是空的" in client.get(BASE).content.decode()
        place = {"place-longitude": "112.9", "place-latitude": "23.0", "place-address": "路口"}
        assert client.post(f"{BASE}new/", {"class_code": "C0103"}).status_code == 422
        outside = client.post(f"{BASE}new/", {"class_code": "C0103", **place, "place-longitude": "120"})
        assert outside.status_code == 422 and not Component.objects.exists()
        made = client.post(f"{BASE}new/", {"class_code": "C0103", "keeper": "市政所", **place})
        assert made.status_code == 302, made.content.decode()
        code = Component.objects.get().code
        assert code in client.get(BASE).content.decode() and "共 1 个" in client.get(f"{BASE}map/").content.decode()
        edited = {"name": "路口井盖", "state": "missing", "note": "-按图 3", **place}
        assert client.post(f"{BASE}{code}/edit/", edited).status_code == 302
        shown = client.get(f"{BASE}{code}/").content.decode()
        assert "路口井盖" in shown and "部件状态：完好 → 缺失" in shown and "市政所 → —" in shown
        assert client.post(f"{BASE}{code}/retire/", {"reason": ""}).status_code == 422
        assert client.post(f"{BASE}{code}/retire/", {"reason": "拆除"}).status_code == 302
        assert client.get(f"{BASE}{code}/edit/").status_code == 409
        exported = client.get(f"{BASE}components.csv", {"state": "retired"}).content
        Component.objects.all().delete()
        assert import_components(keeper(), exported, "a.csv").facts["stored_count"] == 1, "what goes out comes in"
        assert Component.objects.get().state == "retired" and Component.objects.get().note == "-按图 3"
        lines = f"部件标识码,经度,纬度\n{DISTRICT}0103000009,112.9,23.0\n"
        file = SimpleUploadedFile("a.csv", lines.encode())
        sent = client.post(f"{BASE}import/", {"content": file, "coordinates": "wgs84"})
        assert "已写入 1 个部件" in client.get(sent["Location"]).content.decode()
