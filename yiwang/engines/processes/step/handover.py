"""Verbs that pass work between people: 签收 转办 委派 会签 加签 减签."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.engines.processes.errors import VerbRefused
from yiwang.engines.processes.state import Token
from yiwang.engines.processes.step.holding import must_hold, without
from yiwang.engines.processes.step.work import Work
from yiwang.kernel.errors import InvalidInput

RULES = ("all", "any", "ratio")


def _person(work: Work, name: str = "to") -> int:
    user = work.command.arguments.get(name)
    if not isinstance(user, int):
        raise InvalidInput([{"path": name, "code": "PERSON_MISSING", "message": "请选择接收人。"}])
    return user


def claim(work: Work, token: Token | None) -> None:
    """签收: an open task gets its performer; one assigned to somebody else stays theirs."""
    assert token is not None
    must_hold(work, token)
    work.change(token, status="claimed", assignee=work.command.actor)


def release(work: Work, token: Token | None) -> None:
    """退签: back to the post's common list."""
    assert token is not None
    must_hold(work, token)
    work.change(token, status="open", assignee=None)


def transfer(work: Work, token: Token | None) -> None:
    """转办: another person, or another organisation, takes the task over; the clock runs on.

    The performer gives it away, or somebody whose post names the verb takes it from one who is absent.
    """
    assert token is not None
    organisation = work.command.arguments.get("organisation")
    if organisation is not None:
        work.change(token, status="open", assignee=None, organisation=organisation)
        return
    work.change(token, status="open", assignee=_person(work))


def delegate(work: Work, token: Token | None) -> None:
    """委派: another does the work, then it comes back to the owner, who answers for it."""
    assert token is not None
    must_hold(work, token)
    owner = token.assignee if token.assignee is not None else work.command.actor
    work.change(token, status="delegated", assignee=_person(work), extra={**(token.extra or {}), "owner": owner})


def recall(work: Work, token: Token | None) -> None:
    """收回委派: the owner takes the task back."""
    assert token is not None
    owner = (token.extra or {}).get("owner")
    if work.command.actor not in (None, owner):
        raise VerbRefused("只有委派人可以收回委派。", next_step="")
    work.change(token, status="claimed", assignee=owner, extra=without(token.extra, "owner"))


def countersign(work: Work, token: Token | None) -> None:
    """会签: several people sign; `rule` is all, any, or ratio (percent of signers) that must agree."""
    assert token is not None
    must_hold(work, token)
    arguments = work.command.arguments
    signers, rule = list(dict.fromkeys(arguments.get("signers", ()))), arguments.get("rule", "all")
    ratio = arguments.get("ratio", 50)
    are_people = signers and all(isinstance(signer, int) for signer in signers)
    if not are_people or rule not in RULES or not isinstance(ratio, int) or not 0 < ratio <= 100:
        message = "请至少选择一名会签人和会签规则。"
        raise InvalidInput([{"path": "signers", "code": "SIGNERS_MISSING", "message": message}])
    owner = token.assignee if token.assignee is not None else work.command.actor
    signing = {"rule": rule, "ratio": ratio, "votes": {str(signer): None for signer in signers}}
    changed = work.change(
        token, status="countersigning", assignee=owner, extra={**(token.extra or {}), "signing": signing}
    )
    for signer in signers:
        _seat(work, changed, signer)


def _seat(work: Work, token: Token, signer: int) -> None:
    seat = work.new_no()
    work.place(
        seat, work.graph.nodes[token.node], token.scope, "signing",
        role=token.role, assignee=signer, organisation=token.organisation, host=token.no,
    )  # fmt: skip
    work.opened.append({"token": seat, "node": work.graph.nodes[token.node].key, "assignee": signer})


def _signing(token: Token) -> dict[str, Any]:
    return dict((token.extra or {})["signing"])


def _store(work: Work, token: Token, signing: Mapping[str, Any]) -> Token:
    return work.change(token, extra={**(token.extra or {}), "signing": dict(signing)})


def add_signer(work: Work, token: Token | None) -> None:
    """加签: one more signer."""
    assert token is not None
    must_hold(work, token)
    signer, signing = _person(work), _signing(token)
    if str(signer) in signing["votes"]:
        raise VerbRefused("该人员已在会签名单中。", next_step="请选择其他人员。")
    _seat(work, _store(work, token, {**signing, "votes": {**signing["votes"], str(signer): None}}), signer)


def remove_signer(work: Work, token: Token | None) -> None:
    """减签: a signer who has not signed leaves the list; the rest may now be enough."""
    assert token is not None
    must_hold(work, token)
    signer, signing = str(_person(work)), _signing(token)
    if signing["votes"].get(signer, "absent") is not None:
        raise VerbRefused("该人员不在会签名单中或已经签署。", next_step="请刷新后查看会签名单。")
    votes = {name: vote for name, vote in signing["votes"].items() if name != signer}
    for seat in [t.no for t in work.state.tokens.values() if t.host == token.no and t.assignee == int(signer)]:
        work.drop(seat)
    _settle(work, _store(work, token, {**signing, "votes": votes}))


def sign(work: Work, token: Token | None) -> None:
    """A countersigner agrees or not, with an opinion."""
    assert token is not None
    must_hold(work, token)
    agrees = work.command.arguments.get("agrees")
    if not isinstance(agrees, bool):
        raise InvalidInput([{"path": "agrees", "code": "VOTE_MISSING", "message": "请选择同意或不同意。"}])
    owner = work.state.tokens[token.host]
    signing = _signing(owner)
    votes = {**signing["votes"], str(token.assignee): agrees}
    work.drop(token.no)
    _settle(work, _store(work, owner, {**signing, "votes": votes}))


def _settle(work: Work, token: Token) -> None:
    """Back to the owner as soon as the votes still missing cannot change the result."""
    signing = _signing(token)
    result = verdict(signing["rule"], signing["ratio"], list(signing["votes"].values()))
    if result is None:
        return
    for seat in [t.no for t in work.state.tokens.values() if t.host == token.no and t.status == "signing"]:
        work.drop(seat)
    work.facts["countersign"] = {"agreed": result, "votes": signing["votes"]}
    work.assign(token.scope, {"countersign_agreed": result})
    work.change(token, status="claimed", extra=without(token.extra, "signing"))


def verdict(rule: str, ratio: int, votes: list[bool | None]) -> bool | None:
    """True or False when decided, None while open votes matter. Nobody left to sign counts as not agreed."""
    total, agreed = len(votes), votes.count(True)
    possible = agreed + votes.count(None)
    if total == 0:
        return False
    needed = {"all": total, "any": 1}.get(rule, -(-total * ratio // 100))
    if agreed >= needed:
        return True
    return False if possible < needed else None
