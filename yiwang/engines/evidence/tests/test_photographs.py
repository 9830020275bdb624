"""What photos prove, and what they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yiwang.engines.evidence.api import Wanted, best, judge_one, metres_between
from yiwang.kernel.clock import china

SINCE, NOW = china(2021, 9, 28, 10), china(2021, 9, 28, 16)
WANTED = Wanted(113.0, 23.0, 100, SINCE, NOW)
HERE = {"longitude": 113.0005, "latitude": 23.0}
THEN = {"taken_at": china(2021, 9, 28, 15).isoformat()}


@pytest.mark.parametrize(
    ("photos", "status", "says"),
    [
        ([HERE | THEN], "proven", ""),
        ([], "unproven", "没有照片"),
        ([{}], "unproven", "没有拍摄位置"),
        ([HERE], "unproven", "没有拍摄时间"),
        ([THEN], "unproven", "没有拍摄位置"),
        ([THEN | {"longitude": 139.69, "latitude": 35.69}], "contradicted", "公里"),
        ([THEN | {"longitude": 113.002, "latitude": 23.0}], "contradicted", "205 米"),
        ([HERE | {"taken_at": (SINCE - timedelta(days=1)).isoformat()}], "contradicted", "2021-09-27 10:00"),
        ([HERE | {"taken_at": (SINCE - timedelta(minutes=8)).isoformat()}], "proven", ""),
        ([HERE | {"taken_at": (NOW + timedelta(hours=9)).isoformat()}], "unproven", "时钟可能不准"),
        ([HERE | {"taken_at": "2021:09:28"}], "unproven", "没有拍摄时间"),
        ([THEN | {"longitude": 139.69, "latitude": 35.69}, {}], "unproven", "没有拍摄位置"),
        ([THEN | {"longitude": 139.69, "latitude": 35.69}, HERE | THEN], "proven", ""),
        ([HERE | {"taken_at": "2021-09-28T07:00:00+00:00"}], "proven", ""),
    ],
)
def test_the_best_photo_counts_and_silence_refutes_nothing(photos: Any, status: str, says: str) -> None:
    found = best(judge_one(one, WANTED) for one in photos)
    assert found.status == status
    assert says in "".join(found.reasons)


def test_a_place_without_a_point_can_prove_nothing() -> None:
    assert judge_one(HERE | THEN, WANTED._replace(longitude=None)).status == "unproven"


def test_distance_of_a_degree_of_latitude() -> None:
    assert metres_between(113, 23, 113, 24) == pytest.approx(111_195, abs=1)
