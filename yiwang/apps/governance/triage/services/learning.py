"""Versions of the model: wanted by a person, learnt by the worker, judged on held-out texts, put to use by a person.

A version learns from the grammar that ships (and from the catalogue's own words for classes the district added) and
from closed cases whose class a person settled. No version replaces another before its report was seen.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.triage.grammar import phrases, sentences
from yiwang.apps.governance.triage.models import LearntModel
from yiwang.apps.governance.triage.rights import LEARN
from yiwang.apps.governance.triage.standing import classes_on, sure_from
from yiwang.apps.governance.triage.suggesting import built_in, in_use, learnt_from, texts_of
from yiwang.engines.directory.api import Actor, district_code, system_actor
from yiwang.engines.language.api import Model, Sample, report
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

STREAM = "triage.models"
LEARNER = system_actor("类别建议模型")


def require_learning(actor: Actor) -> None:
    if not actor.may(LEARN, district_code()):
        raise NotAllowed


@transaction.atomic
def want_model(actor: Actor) -> LearntModel:
    """Ask the worker for a new version; one at a time."""
    require_learning(actor)
    waiting = LearntModel.objects.filter(state="wanted").first()
    if waiting is not None:
        raise Conflict("已经有一个版本在等待学习。", next_step="请稍候片刻再刷新页面。")
    row = LearntModel.objects.create(wanted_by=actor.name, wanted_at=now())
    append(STREAM, "model.wanted", {"version": row.pk}, actor=actor, division=district_code())
    return row


def training_samples(at: datetime, cases: list[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Sentences of every class of the catalogue in force, and what closed cases of these classes taught."""
    known = {code: facts.wording for code, facts in classes_on(at).items()} or dict(phrases())
    made = [(text, code) for code, wording in sorted(known.items()) for text in sentences(wording)]
    return made, [sample for sample in cases if sample[1] in known]


def figures(model: Model, threshold: float) -> dict[str, Any]:
    """The report on the held-out texts as plain values."""
    found = asdict(report(model, texts_of("held_out"), threshold))
    return found | {"confused": found["confused"][:12]}


def learn(row_id: int, cases: list[Sample], at: datetime | None = None) -> LearntModel:
    """Train the wanted version and report on it; a second of work, so only the worker calls this."""
    moment = at or now()
    made, taught = training_samples(moment, cases)
    model = learnt_from([*made, *taught])
    threshold = sure_from(moment)
    with transaction.atomic():
        row = LearntModel.objects.select_for_update().get(pk=row_id)
        if row.state != "wanted":
            return row
        row.samples = {"grammar": len(made), "cases": len(taught)}
        row.report = {"new": figures(model, threshold), "now": figures(in_use.get()[1], threshold)}
        row.packed, row.state, row.learnt_at = model.packed(), "ready", moment
        row.save()
        facts = {"version": row.pk, "samples": row.samples, "accuracy": row.report["new"]["accuracy"]}
        append(STREAM, "model.learnt", facts, actor=LEARNER, division=district_code())
    return row


@transaction.atomic
def give_up(row_id: int) -> None:
    """The wanted version could not be learnt: it waits no longer, and another may be wanted."""
    row = LearntModel.objects.select_for_update().get(pk=row_id)
    if row.state == "wanted":
        row.state = "failed"
        row.save(update_fields=["state"])
        append(STREAM, "model.failed", {"version": row.pk}, actor=LEARNER, division=district_code())


@transaction.atomic
def adopt(actor: Actor, version: int) -> LearntModel | None:
    """Put a version to use; version 0 is the built-in one. The one before is kept and can be taken up again."""
    require_learning(actor)
    row = LearntModel.objects.select_for_update().filter(pk=version).first() if version else None
    if version and row is None:
        raise NotFound
    if row is not None and row.state not in ("ready", "set_aside"):
        raise Conflict(gettext("这个版本现在不能启用。"), next_step=gettext("请刷新页面看它的状态。"))
    LearntModel.objects.filter(state="in_use").update(state="set_aside")
    if row is not None:
        row.state, row.adopted_by, row.adopted_at = "in_use", actor.name, now()
        row.save(update_fields=["state", "adopted_by", "adopted_at"])
    append(STREAM, "model.adopted", {"version": version}, actor=actor, division=district_code())
    transaction.on_commit(in_use.forget)
    return row


def built_in_figures(at: datetime) -> dict[str, Any]:
    """The report of the model that ships."""
    return figures(built_in(), sure_from(at))
