"""The pages as people use them: a draft from a file to an edition, refusals that say what to do, reading for all staff."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.small_district import DISTRICT, HERE
from yiwang.engines.directory.api import SYSTEM, User, add_role_source
from yiwang.engines.directory.models import Organisation, Post, Posting
from yiwang.engines.directory.spec import Role
from yiwang.engines.rulebooks import api
from yiwang.engines.rulebooks.models import Edition
from yiwang.engines.rulebooks.tests.trial_books import CLASS_ROWS
from yiwang.engines.trust.api import history

ROLES = {
    "trial.writer": Role(key="writer", title="编写", may=(api.EDIT_RULES, api.PUBLISH_RULES)),
    "trial.checker": Role(key="checker", title="审核", may=(api.PUBLISH_RULES,)),
    "trial.reader": Role(key="reader", title="阅读", scope="town", may=("open",)),
}
BOOK = "/rulebooks/trial.classes/"


def client_of(role: str, division: str = DISTRICT) -> Client:
    add_role_source(lambda: ROLES)
    office = Organisation.objects.get(division_id=division, kind="government")
    user = User.objects.create(username=role, name=role)
    post = Post.objects.create(role=role, division_id=division, organisation=office)
    Posting.objects.create(user=user, post=post, from_on=date(2021, 1, 1))
    client = Client()
    client.force_login(user)
    return client


def uploaded(text: str) -> dict[str, Any]:
    return {"content": SimpleUploadedFile("类别.csv", text.encode("gb18030"), "text/csv"), "basis": "南府〔2026〕3号"}


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return str(answer.content.decode())


def test_from_a_file_to_an_edition_in_force(trial: None) -> None:
    api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    writer, checker = client_of("trial.writer"), client_of("trial.checker")
    table = "类别代码,时限,层级\nC0101,4紧急工作时,镇街\nE0102,3工作日,\nE0103,尽快,\nC0101,9自然日,\n"
    told = page(writer.post(f"{BOOK}import/", {**uploaded(table), "manner": "try"}))
    assert "没有写入" in told and "“尽快”不是时限" in told and "类别 B4" in told
    assert not Edition.objects.filter(status="draft").exists(), "a trial writes nothing"
    page(writer.post(f"{BOOK}import/", {**uploaded(table), "manner": "write"}))
    draft = Edition.objects.get(book="trial.classes", status="draft")
    edition = f"/rulebooks/editions/{draft.pk}/"

    checked = page(writer.get(f"{edition}check/?on=2026-03-10"))
    assert "第 1 条和第 3 条" in checked and f'href="{edition}rules/3/#class_code"' in checked
    refused = page(checker.post(f"{edition}publish/", {"effective_on": "2026-03-10"}), 422)
    assert "第 1 条和第 3 条" in refused and f"{edition}rules/3/#class_code" in refused
    wrong = page(writer.post(f"{edition}rules/3/", {"class_code": "C0102", "limit": "两天", "points": "多"}), 422)
    assert "“两天”不是时限" in wrong and 'value="C0102"' in wrong and "“多”不是数字" in wrong
    assert writer.post(f"{edition}rules/3/", {"class_code": "C0102", "limit": "2自然日"}).status_code == 302
    form = page(writer.get(f"{edition}rules/3/"))
    mark = {"row-mark": form.split('name="row-mark" value="')[1][:16]}
    assert writer.post(f"{edition}rules/3/", {"class_code": "C0103", "limit": "2自然日", **mark}).status_code == 302
    late = page(writer.post(f"{edition}rules/3/", {"class_code": "C0104", "limit": "2自然日", **mark}), 409)
    assert "刚被别人改过" in late
    assert writer.post(f"{edition}rules/new/", {"class_code": "C0109", "limit": "1工作日"}).status_code == 302
    assert writer.post(f"{edition}rules/4/remove/").status_code == 302

    assert "不能由您发布" in page(writer.get(f"{edition}publish/"))
    assert "不能由您发布" in page(writer.post(f"{edition}publish/", {"effective_on": "2026-03-10"}), 403)
    assert "请填写" in page(checker.post(f"{edition}publish/", {"effective_on": ""}), 422)
    assert checker.post(f"{edition}publish/", {"effective_on": "2026-03-10"}).status_code == 302
    page(checker.get(f"{edition}publish/"), 409)
    listed = page(checker.get(f"{BOOK}editions/"))
    assert "待生效" in listed and "南府〔2026〕3号" in listed and "发布（第 2 版），2026-03-10起" in listed
    kinds = [entry.kind.partition(".")[2] for entry in history(SYSTEM, "rulebook:trial.classes")]
    assert kinds == ["published", "imported", "row_set", "row_set", "row_set", "row_removed", "published"]


def test_all_staff_read_and_nobody_else(trial: None) -> None:
    api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    writer, reader = client_of("trial.writer"), client_of("trial.reader", HERE)
    writer.post(f"{BOOK}draft/")
    draft = Edition.objects.get(book="trial.classes", status="draft")
    with CaptureQueriesContext(connection) as queries:
        shown = page(reader.get(BOOK))
    assert "2紧急工作时" in shown and "草稿" not in shown and len(queries) <= 12
    before = Edition.objects.get(book="trial.classes", status="published")
    answer = page(reader.get(f"{BOOK}applied/?class_code=C0101&condition=&on=2026-02-01"))
    assert "第 1 版（2026-01-01起）的第 1 条" in answer
    assert "还没有生效的版本" in page(reader.get(f"{BOOK}applied/?class_code=C0101&on=2025-02-01"))
    assert reader.get(f"/rulebooks/editions/{before.pk}/file.xlsx").status_code == 200
    for path in (f"editions/{draft.pk}/", f"editions/{draft.pk}/check/", f"editions/{draft.pk}/file.csv", "no.book/"):
        page(reader.get(f"/rulebooks/{path}"), 404)
    for path in (f"{BOOK}draft/", f"{BOOK}import/"):
        page(reader.post(path), 403)
    assert Client().get(BOOK).status_code == 302
    compared = page(writer.get(f"/rulebooks/editions/{draft.pk}/compare/"))
    assert "两版内容相同" in compared


@pytest.mark.parametrize("query", ["on=gestern", "after=x", "q=%00%27%22", "after=99999999999999999999"])
def test_strange_addresses_get_a_page(trial: None, query: str) -> None:
    api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    page(client_of("trial.reader", HERE).get(f"{BOOK}?{query}"))
