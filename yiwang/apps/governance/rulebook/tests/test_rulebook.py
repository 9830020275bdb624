"""The set of policies, and what its rules mean for a case: judged by the rules of its day, never without a rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.small_district import DISTRICT, HERE
from yiwang.apps.governance.rulebook.models import Policy
from yiwang.apps.governance.rulebook.seed import seed
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.processes.spec import Advisor
from yiwang.engines.rulebooks import api
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.engines.trust.api import history
from yiwang.kernel import app as kernel_app
from yiwang.kernel.app import App, Registry, registry
from yiwang.kernel.clock import china, frozen

HOME = "/governance/rulebook/"
CLASSES = "catalogue.classes"
NOW = china(2026, 3, 2, 9)
LIABLE = Book(
    key="liable", title="谁负责", covers=CLASSES, inputs=(Input("class_code", "类别编码", match="prefix"),),
    outputs=(Output("lead", "主办", is_required=True),),
)  # fmt: skip


@pytest.fixture
def district(small_district: None, db: None) -> Iterator[None]:
    with frozen(NOW):
        yield


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def amount(at: datetime) -> Any:
    """What the catalogue advises for a case of that instant, through the door that cases use."""
    advisor = registry.find(Advisor, "catalogue.facts").function
    return dict(advisor({"class_code": "C0101"}, at))["handle_limit"]["amount"]


def test_a_case_is_judged_by_the_rules_of_its_day(district: None) -> None:
    """The manager writes, the reviewer publishes; cases before the day keep the old limit, those after get the new."""
    manager, reviewer = (
        actor_for(User.objects.get(username=f"{DISTRICT}-{role}")) for role in ("rule_manager", "rule_reviewer")
    )
    before = amount(china(2026, 3, 31, 23, 59))
    draft = api.begin_draft(manager, CLASSES)
    row = next(rule for rule in api.rules(manager, draft.pk).rows if rule.values["class_code"] == "C0101")
    api.set_row(manager, draft.pk, row.no, {**row.values, "handle_limit": f"{before + 7}紧急工作时"})
    with pytest.raises(api.FourEyes):
        api.publish_edition(manager, draft.pk, date(2026, 4, 1))
    api.publish_edition(reviewer, draft.pk, date(2026, 4, 1))
    assert amount(china(2026, 3, 31, 23, 59)) == before
    assert amount(china(2026, 4, 1)) == amount(china(2026, 12, 1)) == before + 7


def test_a_class_without_a_rule_blocks_publication(district: None, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = App(key="trial", title="试验", net="governance", parts=(LIABLE,))
    monkeypatch.setattr(kernel_app, "registry", Registry((*registry.apps.values(), trial)))
    draft = api.store_draft(SYSTEM, "trial.liable", [{"class_code": "E", "lead": "urban"}])
    with pytest.raises(api.NotPublishable) as refused:
        api.publish_edition(SYSTEM, draft.pk, date(2026, 4, 1))
    named = [one for one in refused.value.findings if one.code == "WITHOUT_RULE"]
    assert any("C0101" in one.message for one in named) and not any("E0102" in one.message for one in named)
    draft = api.store_draft(SYSTEM, "trial.liable", [{"lead": "urban"}])
    api.publish_edition(SYSTEM, draft.pk, date(2026, 4, 1))


def test_the_set_is_laid_out_once_and_says_what_is_a_proposal(district: None) -> None:
    assert seed(DISTRICT) == ""
    counts = [Policy.objects.filter(place=place).count() for place in ("plan", "measure", "special")]
    assert counts == [1, 1, 11]
    shown = page(client_of(f"{HERE}-acceptor").get(HOME))
    assert "1+1+11" in shown and "新增制度文件" not in shown
    proposal = Policy.objects.filter(is_proposal=True).first()
    assert "这是建议稿" in page(client_of(f"{HERE}-acceptor").get(f"{HOME}{proposal.pk}/"))
    assert Client().get(HOME).status_code == 302
    page(client_of(f"{HERE}-acceptor").post(f"{HOME}new/", {}), 403)


def test_a_policy_from_its_first_day_to_its_last(district: None) -> None:
    manager = client_of(f"{DISTRICT}-rule_manager")
    sent = {
        "title": "时限规则",
        "place": "special",
        "number": "南府〔2026〕3号",
        "from_on": "2026-04-01",
        "books": [CLASSES],
    }
    file = SimpleUploadedFile(
        "原件.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    odd = SimpleUploadedFile("原件.exe", b"MZ\x90\x00" * 40)
    kept = page(manager.post(f"{HOME}new/", {**sent, "text": "第一条 总则", "file": odd}), 422)
    assert (
        "第一条 总则" in kept and "不属于可接收的类型" in kept and not Policy.objects.filter(title="时限规则").exists()
    )
    made = manager.post(f"{HOME}new/", {**sent, "file": file})
    assert made.status_code == 302
    first = Policy.objects.get(title="时限规则")
    assert "原件.pdf" in page(client_of(f"{HERE}-acceptor").get(f"{HOME}{first.pk}/"))
    wrong = page(manager.post(f"{HOME}{first.pk}/replace/", {**sent, "title": "新规则", "from_on": "2026-04-01"}), 422)
    assert "生效日期应晚于" in wrong
    replaced = manager.post(f"{HOME}{first.pk}/replace/", {**sent, "title": "新规则", "from_on": "2026-06-01"})
    assert replaced.status_code == 302
    for day, title, other in (("2026-05-31", "时限规则", "新规则"), ("2026-06-01", "新规则", "时限规则")):
        shown = page(client_of(f"{HERE}-acceptor").get(f"{HOME}?on={day}&q=南府"))
        assert title in shown.split('id="books"')[0] and other not in shown.split('id="books"')[0]
    second = Policy.objects.get(title="新规则")
    page(manager.post(f"{HOME}{second.pk}/repeal/", {"to_on": "2026-05-01", "reason": ""}), 422)
    assert (
        manager.post(f"{HOME}{second.pk}/repeal/", {"to_on": "2026-07-01", "reason": "上位法修改"}).status_code == 302
    )
    for ended in (first, second):  # A second end would bring the replaced one back beside its successor.
        page(manager.post(f"{HOME}{ended.pk}/repeal/", {"to_on": "2026-12-01", "reason": "再改"}), 409)
    page(manager.post(f"{HOME}{second.pk}/change/", {**sent, "title": "", "books": ["no.book"], "place": "x"}), 422)
    kinds = [entry.kind for entry in history(SYSTEM, f"policy:{second.pk}")]
    assert kinds == ["policy.recorded", "policy.repealed"]
