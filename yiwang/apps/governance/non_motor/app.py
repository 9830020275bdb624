"""非机动车安全整治 non_motor: electric bicycles that break the rules, what follows when it happens again, and where.

Repeats are counted by owner over all plates, by the owner of the day; a bicycle that is sold leaves its past with the
seller. The ladder of measures is a book and a *proposal*: no page of Nanhai states one.
"""

from __future__ import annotations

from yiwang.apps.governance.non_motor.kinds import ALARM, IMPORT, READ, RECORD
from yiwang.apps.governance.non_motor.papers import DECIDED, INTERVIEWED, NOTICE, NOTIFIED, VIOLATION
from yiwang.apps.governance.non_motor.rules import MEASURES
from yiwang.engines.directory.spec import Role, working_days
from yiwang.engines.processes.spec import CaseType, End, Exclusive, Start, UserTask
from yiwang.kernel.app import App

OFFICER = Role(
    key="bicycle_officer", title="非机动车整治民警", scope="town", at=("police",), may=(READ, RECORD, IMPORT)
)
CHIEF = Role(
    key="bicycle_chief", title="非机动车整治专班", at=("police",), may=(READ, RECORD, IMPORT, ALARM, "supervise")
)
RECORDER = Role(key="bicycle_recorder", title="非机动车登记员", scope="town", at=("urban",), may=(READ, RECORD))

MEASURE = CaseType(
    key="measure",
    title="非机动车违规处理",
    within=working_days(15),
    subject='plate + " 期内第 " + string(nth) + " 次违规"',
    category="step",
    place="place",
    facts=("offender", "violation"),
    watchers=(CHIEF,),
    nodes=(
        Start(title="立项", form=NOTICE),
        UserTask("notify", "告知", by=OFFICER, form=NOTIFIED, within=working_days(3)),
        Exclusive("is_reminder", "是否只提醒", when={"reminded": 'step = "remind"'}, otherwise="interview"),
        End("reminded", "已提醒", outcome="reminded"),
        UserTask("interview", "约谈", by=OFFICER, form=INTERVIEWED, within=working_days(5)),
        Exclusive("is_interview", "是否只约谈", when={"interviewed": 'step = "interview"'}, otherwise="decide"),
        End("interviewed", "已约谈", outcome="interviewed"),
        UserTask("decide", "决定", by=OFFICER, form=DECIDED, within=working_days(5)),
        End("decided", "已决定", outcome="decided"),
    ),
)
APP = App(
    key="non_motor",
    title="非机动车安全整治",
    net="governance",
    rows=("R26",),
    parts=(OFFICER, CHIEF, RECORDER, MEASURES, VIOLATION, MEASURE),
)
