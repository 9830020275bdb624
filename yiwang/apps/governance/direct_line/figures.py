"""The report's figures of the direct line, counted from the facts."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from yiwang.apps.governance.direct_line.facts import ACCEPTED
from yiwang.engines.datahub.api import table_of
from yiwang.engines.datahub.spec import with_instants

_COUNTED = """SELECT count(*), count(*) FILTER (WHERE {accepted}),
    count(*) FILTER (WHERE is_response_on_time AND {accepted}) FROM {table}"""


def counted() -> Mapping[str, tuple[str, float]]:
    """By key of `App.figures`: title and value."""
    accepted = f"({with_instants(ACCEPTED, {'cutoff': 'now()'})})"
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(accepted=accepted, table=table_of("direct_line.appeals")))
        appeals, taken, answered = cursor.fetchone()
    return {
        "appeals": ("诉求", appeals),
        "response_rate": ("响应率（时限内响应 ÷ 受理）", answered / taken if taken else 0.0),
    }
