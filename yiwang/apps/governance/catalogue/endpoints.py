"""The catalogue for programs and for the inspector's phone: find a class, find the component a report is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from yiwang.apps.governance.catalogue.book import catalogue_on
from yiwang.apps.governance.catalogue.ledger.selectors import NEAR_METRES, near

router = Router(tags=["catalogue"])


class WordsIn(Schema):
    """Words people say, such as 井盖; all classes without them."""

    q: str = Field("", max_length=60)


class ClassOut(Schema):
    """A class with the facts of its conditions; what the edition in force does not say is absent."""

    class_code: str = Field(examples=["C0101"])
    title: str
    kind: str = Field(description="component or event")
    conditions: list[dict[str, Any]] = Field(description="As the advice `catalogue.facts` gives them, with `text`")


class NearIn(Schema):
    """A WGS-84 point, and how far to look."""

    longitude: float = Field(0, ge=-180, le=180)
    latitude: float = Field(0, ge=-90, le=90)
    class_code: str = Field("", max_length=5, description="Only this class")
    within: float = Field(NEAR_METRES, gt=0, le=1000, description="Metres")


class NearOut(Schema):
    """A component in use near the point."""

    code: str
    name: str
    class_code: str
    metres: int


@router.get("/classes", response=list[ClassOut], operation_id="find_classes", summary="Find classes by words")
def find_classes(request: HttpRequest, given: Annotated[WordsIn, Query()]) -> list[Mapping[str, Any]]:
    """Classes whose name, colloquial words or conditions hold all words; all classes without words."""
    catalogue = catalogue_on()
    found = catalogue.search(given.q) if given.q.strip() else list(catalogue.conditions.values())
    return [
        {
            "class_code": rows[0].class_code, "title": rows[0].title, "kind": rows[0].kind,
            "conditions": [
                {**catalogue.advice[row.class_code, str(row.number)], "text": row.condition} for row in rows
            ],
        }
        for rows in found
    ]  # fmt: skip


@router.get(
    "/components/nearest", response=list[NearOut], operation_id="nearest_components", summary="What stands near a point"
)
def nearest(request: HttpRequest, given: Annotated[NearIn, Query()]) -> list[Mapping[str, Any]]:
    """Up to five components in use, nearest first."""
    found = near(given.longitude, given.latitude, given.class_code, given.within, 5)
    return [one._asdict() for one in found]
