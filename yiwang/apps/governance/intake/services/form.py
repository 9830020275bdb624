"""The form of an incident as it is published now: what intake may fill in, and how long it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.apps.governance.intake.sources import INCIDENT
from yiwang.engines.cases.api import form_at, new_case
from yiwang.engines.processes.spec import Advisor
from yiwang.kernel.app import registry
from yiwang.kernel.clock import now


def known_fields() -> tuple[dict[str, Any], tuple[str, ...]]:
    """Fields of the form by key, and the facts staff and programs may give beside it; NotFound when unpublished."""
    fresh = new_case(INCIDENT, now())
    form = form_at(fresh, fresh.graph.nodes[fresh.graph.start])
    return dict(form.form.by_key) if form is not None else {}, tuple(fresh.graph.bundle.get("facts", ()))


def suggested(text: str) -> dict[str, Any]:
    """Class for a text with its confidence: {"class_code", "title", "confidence", "is_sure", "category"?}."""
    lent = registry.parts(Advisor).get("triage.suggest")
    return dict(lent.function({"description": text}, now())) if lent is not None else {}


def class_title(code: str) -> str:
    """The name of an official class in the edition in force; '' for a code it does not know."""
    lent = registry.parts(Advisor).get("catalogue.facts")
    return str(lent.function({"class_code": code}, now()).get("title", "")) if lent is not None else ""


def chosen(advice: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, str]:
    """Everyday class and, when what was `suggested` is sure, the official one. Not sure: the class that says so."""
    options = [option.key for option in fields["category"].options]
    if advice.get("is_sure") and advice.get("category") in options:
        return {"category": str(advice["category"]), "class_code": str(advice["class_code"])}
    return {"category": "other" if "other" in options else options[-1]}
