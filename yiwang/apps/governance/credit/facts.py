"""What other systems' histories say of a subject, as fact tables: the datahub notes every change in its transaction, so
that nothing is missed however late it is committed, and the builder needs no instant it could not trust.
"""

from __future__ import annotations

from collections.abc import Collection

from yiwang.apps.governance.credit.kinds import EVENTS, SUBJECTS
from yiwang.engines.datahub.spec import Column, Dataset, Source

EVENT_FACTS = Dataset(
    key="events",
    title="信用事项（案件）",
    grain="案件历史里涉及信用的每件事、每个对象一行",
    columns=(
        Column("case_id", "案件", "id"),
        Column("event", "事项", names=EVENTS, is_dimension=True),
        Column("occurrence", "历史序号", "whole"),
        Column("subject_kind", "评价对象", names=SUBJECTS, is_dimension=True),
        Column("subject", "对象编号"),
        Column("at", "发生时间", "instant"),
        Column("step", "环节"),
        Column("number", "案件编号"),
        Column("area", "区划"),
    ),
    keys=("case_id", "event", "occurrence", "subject_kind", "subject"),
    sources=(Source("cases_case", where="type = 'city_incident.incident'"),),
    division="area",
    at="at",
)
EXCUSES = Dataset(
    key="excuses",
    title="超时申诉成立",
    grain="每件成立的超时申诉一行",
    columns=(
        Column("appeal_id", "申诉", "id"),
        Column("number", "申诉编号"),
        Column("area", "区划"),
        Column("case_id", "案件", "id"),
        Column("case_number", "案件编号"),
        Column("granted_at", "成立时间", "instant"),
    ),
    keys=("appeal_id",),
    sources=(Source("cases_case", where="type = 'city_incident.timeout_appeal'"),),
    division="area",
    at="granted_at",
)
_EARLIER = """
SELECT earlier.id FROM changed JOIN patrol_visit AS visit ON visit.id = changed.key
JOIN patrol_visit AS earlier ON earlier.place_id = visit.place_id AND earlier.taken_at < visit.taken_at
    AND earlier.finding <> ''
"""
"""A visit may show that what an earlier one found is gone."""
_MISSES = "SELECT miss.visit_id FROM changed JOIN patrol_possiblemiss AS miss ON miss.id = changed.key"
FINDINGS = Dataset(
    key="findings",
    title="信用事项（巡查）",
    grain="巡查记录里涉及信用的每件事、每个对象一行",
    columns=(
        Column("visit_id", "巡查", "id"),
        Column("event", "事项", names=EVENTS, is_dimension=True),
        Column("subject_kind", "评价对象", names=SUBJECTS, is_dimension=True),
        Column("subject", "对象编号"),
        Column("at", "发生时间", "instant", meaning="逾期未整改为期限次日，可能在以后"),
        Column("name", "场所"),
        Column("cell", "网格"),
        Column("shown_by", "复查的巡查", "id", meaning="限期内复查合格的巡查，最先收到的一次"),
        Column("known_at", "复查收到时间", "instant", meaning="可能在期限以后（补传）"),
    ),
    keys=("visit_id", "event", "subject_kind", "subject"),
    sources=(
        Source("patrol_visit"),
        Source("patrol_visit", reaches=_EARLIER),
        Source("patrol_possiblemiss", reaches=_MISSES),
    ),
    division="cell",
    at="at",
)


def of_visits(folders: Collection[str]) -> tuple[Dataset, ...]:
    """FINDINGS where one of the apps is the patrol. Its SQL reads the patrol's tables, since `patrol.visits` tells
    neither the place of a visit nor the limit it set; a district without the patrol has no such facts and no entries.
    """
    return (FINDINGS,) if any(folder.endswith(".patrol") for folder in folders) else ()
