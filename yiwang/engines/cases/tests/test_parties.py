"""No case and no history holds a citizen's number in the clear; the directory does, encrypted."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from yiwang.engines.cases.models import Case, Outbox, Scope, Token
from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.cases.services.acting import act, open_case
from yiwang.engines.cases.services.versions import publish, store_draft
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.directory.models import Party
from yiwang.engines.directory.spec import working_days
from yiwang.engines.forms.spec import Form, Group, PartyField, Text
from yiwang.engines.processes.api import bundle_of
from yiwang.engines.processes.spec import CaseType, End, Start, UserTask
from yiwang.engines.trust.models import JournalEntry
from yiwang.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "11010519491231002X", "13800138000"
FORM = Form(
    key="ask", title="申请",
    fields=(
        PartyField("applicant", "申请人", required=True),
        Group("others", "共同申请人", fields=(PartyField("who", "姓名"), Text("relation", "关系"))),
    ),
)  # fmt: skip
ROLE = "city_incident.acceptor"
KIND = CaseType(
    key="permit", title="许可", public=True, subject="applicant.name",
    nodes=(Start(form=FORM), UserTask("check", "审查", by=ROLE, form=FORM, within=working_days(1)), End()),
)  # fmt: skip
STATED = {"kind": "person", "name": "陈晓明", "id_number": NUMBER, "phone": PHONE}


@pytest.fixture
def type_name() -> str:
    return publish(SYSTEM, store_draft(SYSTEM, bundle_of("city_incident", KIND))).type


def _everything_stored() -> str:
    """All text of every table a case writes, the journal included."""
    found = []
    with connection.cursor() as cursor:
        for model in (Case, Token, Scope, Outbox):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {model._meta.db_table} AS t")
            found.append(cursor.fetchone()[0])
    return " ".join((*found, *JournalEntry.objects.values_list("payload", flat=True)))


def test_a_number_is_kept_by_the_directory_and_by_no_table_of_cases(type_name: str) -> None:
    case = open_case(SYSTEM, type_name, {"applicant": STATED, "others": [{"who": STATED, "relation": "配偶"}]})
    kept: dict[str, Any] = case.state.data["applicant"]
    assert kept["id_masked"] == "1101**********002X" and kept["phone_masked"] == "138****8000"
    assert case.state.data["others"][0]["who"]["party_id"] == kept["party_id"], "one person, one record"
    assert Party.objects.filter(pk=kept["party_id"]).exists()
    stored = _everything_stored()
    assert "陈晓明" in stored, "the search looks where the data is"
    assert NUMBER not in stored and PHONE not in stored
    assert differences(case.id) == []


def test_what_is_kept_comes_back_unchanged(type_name: str) -> None:
    case = open_case(SYSTEM, type_name, {"applicant": STATED})
    (token,) = case.state.open_tasks()
    kept = case.state.data["applicant"]
    done = act(SYSTEM, case.id, "complete", token=token.no, arguments={"data": {"applicant": kept}})
    assert done.state.data["applicant"] == kept and Party.objects.count() == 1


def test_a_wrong_check_digit_names_its_field_and_keeps_nobody(type_name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        open_case(SYSTEM, type_name, {"applicant": {**STATED, "id_number": "110105194912310021"}})
    assert refused.value.errors[0]["path"].startswith("applicant")
    assert not Party.objects.exists()
