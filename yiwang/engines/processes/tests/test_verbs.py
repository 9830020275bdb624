"""Every verb of the table: its guard, what it does, what the history notes, what takes it back."""

from __future__ import annotations

import pytest

from yiwang.engines.processes.spec import Exclusive, Many, Parallel
from yiwang.engines.processes.state import CaseState
from yiwang.engines.processes.step import VERBS
from yiwang.engines.processes.step.handover import verdict
from yiwang.engines.processes.tests.processes import CITIZEN, LAN, WU, ZHOU, Run, task

WHY = {"reason": "因为"}


def case(*nodes: object, **head: object) -> Run:
    return Run(*(nodes or (task("first"), task("second"), task("third"))), **head).open()


def test_the_undo_of_every_verb_is_a_verb() -> None:
    assert {row.undo for row in VERBS.values()} - {""} <= set(VERBS)
    assert all(row.title for row in VERBS.values())


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"open", "rate", "comment"}))
def test_no_verb_wakes_an_ended_case(verb: str) -> None:
    run = case(task("first"))
    number = run.token("first").no
    run.complete("first")
    with pytest.raises(AssertionError):
        run.refused(verb, "first")
    run.state.tokens.clear()
    assert _refusal(run, verb, number) == "CASE_ENDED"


def _refusal(run: Run, verb: str, token: int) -> str:
    try:
        run.command(verb, token)
    except Exception as error:
        return getattr(error, "code", "")
    return ""


def test_claim_and_release() -> None:
    run = case().do("claim", "first", LAN)
    assert (run.token("first").status, run.token("first").assignee) == ("claimed", LAN)
    assert run.refused("claim", "first", ZHOU).code == "CASE_VERB_REFUSED"
    assert run.refused("complete", "first", ZHOU).code == "CASE_NOT_YOURS"
    run.do("release", "first", LAN)
    assert (run.token("first").status, run.token("first").assignee) == ("open", None)


def test_transfer_to_a_person_keeps_the_task_theirs() -> None:
    run = case().do("claim", "first", LAN).do("transfer", "first", LAN, to=ZHOU, **WHY)
    assert run.refused("claim", "first", LAN).code == "CASE_NOT_YOURS"
    assert run.refused("transfer", "first", ZHOU, **WHY).code == "INVALID_INPUT"
    run.do("claim", "first", ZHOU)
    assert run.token("first").assignee == ZHOU


def test_transfer_to_an_organisation_opens_the_task_there() -> None:
    token = case().do("claim", "first", LAN).do("transfer", "first", LAN, organisation=5, **WHY).token("first")
    assert (token.status, token.assignee, token.organisation) == ("open", None, 5)


def test_a_delegate_works_and_the_owner_answers_for_it() -> None:
    run = case().do("claim", "first", LAN).do("delegate", "first", LAN, to=ZHOU, **WHY)
    assert run.token("first").status == "delegated"
    assert run.refused("delegate", "first", ZHOU, to=WU, **WHY).code == "CASE_VERB_REFUSED"
    run.complete("first", actor=ZHOU, x=1)
    token = run.token("first")
    assert (token.status, token.assignee, token.extra, run.state.data["x"]) == ("claimed", LAN, None, 1)
    assert run.complete("first", actor=LAN).tasks == ["second"]


def test_only_the_owner_recalls_what_was_delegated() -> None:
    run = case().do("claim", "first", LAN).do("delegate", "first", LAN, to=ZHOU, **WHY)
    assert run.refused("recall", "first", ZHOU).code == "CASE_VERB_REFUSED"
    run.do("recall", "first", LAN)
    assert (run.token("first").status, run.token("first").assignee) == ("claimed", LAN)


def signing(rule: str, *signers: int, **rest: object) -> Run:
    run = case().do("claim", "first", LAN)
    return run.do("countersign", "first", LAN, signers=list(signers), rule=rule, **rest)


def vote(run: Run, signer: int, agrees: bool) -> None:
    seat = next(t for t in run.state.tokens.values() if t.status == "signing" and t.assignee == signer)
    run.command("sign", seat.no, signer, agrees=agrees, opinion="意见")


def owner(run: Run) -> str:
    return next(t.status for t in run.state.tokens.values() if t.host == 0)


@pytest.mark.parametrize(
    ("rule", "votes", "agreed"),
    [
        ("all", [True, True, True], True), ("all", [True, False], False), ("any", [False, True], True),
        ("any", [False, False, False], False), ("ratio", [True, True], True), ("ratio", [False, False], False),
    ],
)  # fmt: skip
def test_signing_ends_as_soon_as_it_is_decided(rule: str, votes: list[bool], agreed: bool) -> None:
    run = signing(rule, 21, 22, 23)
    for signer, agrees in zip((21, 22, 23), votes, strict=False):
        assert owner(run) == "countersigning"
        vote(run, signer, agrees)
    assert owner(run) == "claimed" and len(run.state.tokens) == 1
    assert run.state.data["countersign_agreed"] is agreed
    assert run.last and run.last.facts["countersign"]["agreed"] is agreed
    assert run.complete("first", actor=LAN).tasks == ["second"]


def test_verdicts() -> None:
    assert verdict("ratio", 60, [True, True, None, None, None]) is None
    assert verdict("ratio", 60, [True, True, True, None, None]) is True
    assert verdict("ratio", 60, [False, False, False, None, None]) is False
    assert verdict("all", 50, []) is False


def test_signers_come_and_go() -> None:
    run = signing("all", 21, 22)
    seat_owner = next(t.no for t in run.state.tokens.values() if t.host == 0)
    run.command("add_signer", seat_owner, LAN, to=23)
    assert len(run.state.tokens) == 4
    vote(run, 21, True)
    vote(run, 23, True)
    run.command("remove_signer", seat_owner, LAN, to=22)
    assert run.state.data["countersign_agreed"] is True and len(run.state.tokens) == 1


@pytest.mark.parametrize("arguments", [{"signers": []}, {"signers": ["x"]}, {"signers": [1], "rule": "most"}, {}])
def test_signing_needs_people_and_a_rule(arguments: dict[str, object]) -> None:
    assert case().refused("countersign", "first", LAN, **arguments).code == "INVALID_INPUT"


def test_send_back_to_an_earlier_step_and_its_first_performer() -> None:
    run = case().complete("first", actor=LAN).complete("second", actor=ZHOU)
    assert run.refused("send_back", "third", WU, to="third", **WHY).code == "INVALID_INPUT"
    run.do("send_back", "third", WU, to="first", **WHY)
    assert run.tasks == ["first"] and run.token("first").assignee == LAN
    assert run.complete("first", actor=LAN).tasks == ["second"]


def test_a_task_of_many_is_sent_back_to_as_a_whole() -> None:
    run = Run(task("ask", many=Many("people")), task("after")).open({"people": [1, 2]}).complete("ask", "ask")
    assert run.do("send_back", "after", to="ask", **WHY).tasks == ["ask", "ask"]
    assert run.complete("ask", "ask").tasks == ["after"]


def test_withdraw_while_nobody_began() -> None:
    run = case().complete("first", actor=LAN)
    assert run.refused("withdraw", "second", ZHOU, **WHY).code == "CASE_VERB_REFUSED"
    run.do("withdraw", "second", LAN, **WHY)
    assert (run.tasks, run.token("first").status, run.token("first").assignee) == (["first"], "claimed", LAN)
    run.complete("first", actor=LAN).do("claim", "second", ZHOU)
    assert run.refused("withdraw", "second", LAN, **WHY).code == "CASE_VERB_REFUSED"


def test_withdraw_not_when_a_branch_is_begun_or_over() -> None:
    fork = Parallel("fork", "分", split=("a", "b"))
    nodes = (task("first"), fork, task("a", then="end"), task("b"))
    run = case(*nodes).complete("first", actor=LAN).do("claim", "a", ZHOU)
    assert run.refused("withdraw", "b", LAN, **WHY).code == "CASE_VERB_REFUSED"
    run = case(*nodes).complete("first", actor=LAN).wait(hours=1).complete("a", actor=ZHOU)
    assert run.refused("withdraw", "b", LAN, **WHY).code == "CASE_VERB_REFUSED"
    run = case(*nodes).complete("first", actor=LAN).do("withdraw", "b", LAN, **WHY)
    assert run.tasks == ["first"]


def test_the_opening_cannot_be_withdrawn() -> None:
    assert case().refused("withdraw", "first", CITIZEN, **WHY).code == "CASE_VERB_REFUSED"


def test_the_applicant_makes_up_what_is_missing() -> None:
    run = case().do("claim", "first", LAN).do("send_back", "first", LAN, to="applicant", **WHY)
    assert run.tasks == ["start"] and run.token("start").assignee == CITIZEN
    for verb in ("send_back", "transfer", "delegate", "countersign", "extend", "ask_extension"):
        assert run.refused(verb, "start", CITIZEN, to="applicant", **WHY).code == "CASE_VERB_REFUSED"
    run.complete("start", actor=CITIZEN, more="x")
    assert run.tasks == ["first"] and run.token("first").assignee == LAN and run.state.data["more"] == "x"
    run.do("send_back", "first", LAN, to="applicant", **WHY).do("withdraw", "start", LAN, **WHY)
    assert (run.tasks, run.token("first").status) == (["first"], "claimed")


def test_nobody_to_ask_when_the_case_is_anonymous() -> None:
    run = Run(task("first")).open(actor=None)
    assert run.refused("send_back", "first", LAN, to="applicant", **WHY).code == "CASE_VERB_REFUSED"


def test_urging_counts_and_is_not_done_every_minute() -> None:
    run = case()
    assert run.command("urge").effects[0].payload == {"count": 1}
    assert run.refused("urge").code == "CASE_VERB_REFUSED"
    assert run.wait(hours=1).command("urge").effects[0].payload == {"count": 2}


def test_supervision_is_put_on_and_lifted_once() -> None:
    run = case()
    assert run.refused("lift_supervision").code == "CASE_VERB_REFUSED"
    run.command("supervise", **WHY)
    assert run.refused("supervise").code == "CASE_VERB_REFUSED" and run.state.memory["is_supervised"]
    run.command("lift_supervision")
    assert "is_supervised" not in run.state.memory


def test_nobody_acts_on_a_suspended_case() -> None:
    run = case()
    run.command("suspend", **WHY)
    assert run.refused("complete", "first").code == "CASE_VERB_REFUSED"
    assert run.refused("suspend").code == "CASE_VERB_REFUSED"
    run.command("resume")
    assert run.complete("first").tasks == ["second"]


def test_cancel_ends_everything_and_keeps_the_record() -> None:
    run = case().complete("first", x=1)
    run.command("cancel", **WHY)
    assert (run.state.status, run.state.outcome) == ("cancelled", "cancelled")
    assert not run.state.tokens and not run.state.clocks
    assert run.state.data == {"x": 1}


def test_the_reporter_rates_once() -> None:
    run = case(task("only"), rated=True).complete("only")
    assert run.refused("rate", actor=LAN, score=5).code == "CASE_NOT_YOURS"
    assert run.refused("rate", actor=CITIZEN, score=6).code == "INVALID_INPUT"
    run.command("rate", actor=CITIZEN, score=5)
    assert run.state.memory["rating"] == 5
    assert run.refused("rate", actor=CITIZEN, score=4).code == "CASE_VERB_REFUSED"
    assert case(task("only")).complete("only").refused("rate", actor=CITIZEN, score=5).code == "CASE_VERB_REFUSED"


def test_a_comment_moves_nothing() -> None:
    run = case()
    assert run.refused("comment", text=" ").code == "INVALID_INPUT"
    before = run.state
    assert run.command("comment", text="看到了").state == before


def test_the_history_tells_what_happened() -> None:
    run = case(task("first"), Exclusive("way", "?", when={"second": "x > 1"}, otherwise="end"), task("second"))
    run.do("complete", "first", LAN, data={"x": 2}, reason="查实")
    assert run.last is not None
    assert run.last.facts == {
        "verb": "complete", "token": 2, "node": "first", "arguments": {"data": {"x": 2}, "reason": "查实"},
        "path": ["way", "second"], "opened": [{"token": 3, "node": "second", "role": "trial.clerk"}],
    }  # fmt: skip


def test_a_step_is_a_function_of_its_arguments() -> None:
    one, two = case(), case()
    for run in (one, two):
        run.complete("first", x=1).do("send_back", "second", to="first", **WHY)
    assert isinstance(one.state, CaseState) and one.state == two.state and one.last == two.last
