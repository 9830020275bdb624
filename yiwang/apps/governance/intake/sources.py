"""Words of intake: where reports come from, what became of them."""

from __future__ import annotations

from django.utils.translation import gettext_noop

INCIDENT = "city_incident.incident"
SOURCES = {
    "citizen": gettext_noop("市民上报"), "call": gettext_noop("电话"), "inspector": gettext_noop("采集员"),
    "patrol": gettext_noop("网格巡查"), "email": gettext_noop("电子邮件"), "open311": "Open311",
    "api": gettext_noop("接口"), "sensor": gettext_noop("感知设备"), "platform": gettext_noop("其他平台"),
}  # fmt: skip
"""The sources of the one incident schema, by the keys its fact `source` holds; '' of a case means `citizen`."""
OPENED, REMARK, IGNORED, REFUSED = "opened", "remark", "ignored", "refused"
STATES = {
    REFUSED: gettext_noop("待人工处理"), OPENED: gettext_noop("已立案"), REMARK: gettext_noop("已补充到案件"),
    IGNORED: gettext_noop("不立案"),
}  # fmt: skip
TONES = {OPENED: "success", REMARK: "info", IGNORED: "neutral", REFUSED: "warning"}
LONGEST_KEY = 200
"""Signs of an idempotency key."""
MAILS_AN_HOUR = 20
"""Mails of one sender that become cases or remarks in an hour before a person looks: a proposal. Answers count too, so
that a machine which answers whatever it is sent comes to an end."""
REPORTS_AN_HOUR = 2_000
"""Reports one program may send in an hour: a proposal."""
MAIL_FACTOR = 4
"""A mail may be so many times as large as one upload: four photos, a proposal."""
