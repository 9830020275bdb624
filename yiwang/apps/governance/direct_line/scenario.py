"""A year of appeals: most are answered while the caller waits, the others by a unit. Test, demo and load in one.

The shares are a proposal made to be plausible: every appeal has its first response within the limit, as the report's
100 % says, and about one in a hundred is answered late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yiwang.apps.governance.direct_line.app import APPEAL, SEALED
from yiwang.apps.governance.direct_line.posts import (
    BUREAU_HANDLER,
    CALLER,
    KEEPER,
    LEADER,
    OPERATOR,
    SEALED_HANDLER,
    TOWN_HANDLER,
    UNITS,
)
from yiwang.apps.governance.direct_line.rules import callback_due
from yiwang.engines.directory.spec import Role
from yiwang.engines.stories.scenario import Scenario, Span, Told, World
from yiwang.kernel.clock import now

PER_YEAR = 425_000
MINUTE, HOUR = 60.0, 3600.0
QUESTIONS = (
    ("consult", "入学积分怎样计算", "孩子明年上小学，想问积分入学的条件和截止时间。"),
    ("consult", "换领身份证要带什么", "身份证快到期了，可以在镇街办理吗？"),
    ("consult", "灵活就业怎样参保", "自己做小生意，想参加养老保险。"),
    ("consult", "公租房申请条件", "外来务工三年，能不能申请公租房？"),
    ("praise", "表扬社区工作人员", "工作人员耐心帮老人办好了手续，特此感谢。"),
)
TROUBLES = (
    ("help", "urban", "楼下烧烤油烟扰民", "每晚六点到凌晨油烟很大，窗户不敢开。"),
    ("help", "traffic", "路口红绿灯时间太短", "老人过马路来不及，请延长绿灯时间。"),
    ("help", "water", "水压低用不上水", "五楼以上早晚高峰没有水。"),
    ("help", "power", "小区频繁停电", "一周停了三次，没有通知。"),
    ("suggestion", "traffic", "建议增设公交站", "工业园上下班的人多，最近的站要走二十分钟。"),
    ("complaint", "housing", "楼盘延期交付", "合同约定去年年底交楼，至今没有通知。"),
    ("complaint", "urban", "夜间施工噪声", "工地凌晨两点还在打桩。"),
    ("report", "police", "出租屋疑似赌博", "晚上很多人进出，吵闹到天亮。"),
)
NAMES = ("陈先生", "李女士", "黄先生", "何女士", "麦先生", "关女士")
QUICK: Span = (20.0, 6 * MINUTE)
"""A first response at the desk. Long before the limit of a working day, as the report's response rate says."""


def _phone(world: World) -> str:
    return f"13{world.rng.randrange(10**9):09d}"


def _reporter(world: World) -> dict[str, str]:
    if world.rng.random() < 0.12:
        return {"answer_by": "none"}
    return {"answer_by": "phone", "name": world.pick(NAMES), "phone": _phone(world)}


def _asked(world: World) -> Told:
    kind, subject, text = world.pick(QUESTIONS)
    return world.open(APPEAL, {"kind": kind, "subject": subject, "text": text, **_reporter(world)})


class Sent:
    """An appeal on its way through the offices of one story: who handles depends on whether the place is known."""

    def __init__(self, world: World, *kinds: str, is_local: bool = True) -> None:
        fitting = [one for one in TROUBLES if one[0] in kinds]
        self.world = world
        self.kind, self.unit, self.subject, self.text = world.pick(fitting)
        self.is_local = is_local
        self.by: Role = TOWN_HANDLER if self.is_local else BUREAU_HANDLER
        self.node = "handle" if self.is_local else "bureau_handle"
        self.reporter = {"answer_by": "phone", "name": world.pick(NAMES), "phone": _phone(world)}
        self.reply = ""

    def opened(self) -> Told:
        place = {"place": self.world.place()} if self.is_local else {}
        data = {"kind": self.kind, "subject": self.subject, "text": self.text, **self.reporter, **place}
        return self.world.open(APPEAL, data)

    def accepted(self) -> Told:
        channel = self.world.pick(("phone", "phone", "phone", "wechat", "web"))
        data = {"handling": "sent", "unit": self.unit, "channel": channel}
        return self.world.move(OPERATOR, "accept", data, QUICK)

    def replied(
        self, seconds: Span = (2 * HOUR, 40 * HOUR), reply: str = "已现场核实并处理，情况已告知诉求人。"
    ) -> Told:
        self.reply = reply
        data = {"result": "replied", "reply": reply}
        return self.world.move(self.by, self.node, data, seconds, at=self.unit)

    def returned(self) -> Told:
        data = {"result": "returned", "return_reason": "该地段由其他单位管养，建议转请其办理。"}
        return self.world.move(self.by, self.node, data, (30 * MINUTE, 4 * HOUR), at=self.unit)

    def resent(self) -> Told:
        self.unit = self.world.pick(tuple(unit for unit in UNITS if unit != self.unit))
        return self.world.move(OPERATOR, "resend", {"unit": self.unit}, (5 * MINUTE, 2 * HOUR))

    def ruled(self) -> Told:
        self.unit = self.world.pick(tuple(UNITS))
        data = {"unit": self.unit, "ruling": "经核职责清单，由该单位牵头办理，不得再退。"}
        return self.world.move(LEADER, "rule", data, (1 * HOUR, 5 * HOUR))

    def checked(self) -> Told:
        return self.world.move(OPERATOR, "check", {"passed": True}, (5 * MINUTE, 3 * HOUR))

    def ended(self) -> Iterator[Told]:
        """Checked; and called when the draw says so."""
        yield self.checked()
        facts = {"kind": self.kind, "subject": self.subject, "reply": self.reply, **self.reporter}
        if callback_due(facts, now())["is_due"]:
            yield self.called(self.world.pick(("5", "5", "4", "4", "3")))

    def called(self, grade: str, is_resolved: bool = True) -> Told:
        data = {"contact": "connected", "resolved": is_resolved, "grade": grade}
        return self.world.move(CALLER, "callback", data, (20 * MINUTE, 5 * HOUR))


def answered(world: World) -> Iterator[Told]:
    """Asked and answered while the caller waits."""
    yield _asked(world)
    data = {"handling": "answered", "reply": "已按知识库条目答复。", "channel": "phone"}
    yield world.move(OPERATOR, "accept", data, QUICK)


def answered_and_rated(world: World) -> Iterator[Told]:
    """As above, and the caller rates."""
    yield from answered(world)
    yield world.of_case("rate", {"score": world.pick((5, 5, 5, 5, 4, 4, 3))}, (1 * HOUR, 20 * HOUR))


def connected(world: World) -> Iterator[Told]:
    """The unit answers by itself in a call of three."""
    yield _asked(world)
    data = {"handling": "connected", "connected_unit": world.pick(tuple(UNITS)), "reply": "单位在通话中直接答复。"}
    yield world.move(OPERATOR, "accept", {**data, "channel": "phone"}, QUICK)


def refused(world: World) -> Iterator[Told]:
    """Not a matter of the line."""
    yield _asked(world)
    data = {"handling": "refused", "refusal": "该纠纷已进入诉讼程序，请循司法途径解决。"}
    yield world.move(OPERATOR, "accept", data, QUICK)


def sent(world: World) -> Iterator[Told]:
    """A unit handles it; the draw decides whether its reporter is called."""
    appeal = Sent(world, "help", "suggestion")
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.replied()
    yield from appeal.ended()


def to_bureau(world: World) -> Iterator[Told]:
    """A matter of no place: a bureau of the district handles it."""
    appeal = Sent(world, "help", "suggestion", is_local=False)
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.replied()
    yield from appeal.ended()


def called_back(world: World) -> Iterator[Told]:
    """A complaint: its reporter is called, and content."""
    appeal = Sent(world, "complaint", "report")
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.replied()
    yield from appeal.ended()


def not_reached(world: World) -> Iterator[Told]:
    """Three tries, nobody picks up."""
    appeal = Sent(world, "complaint", "report")
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.replied()
    yield appeal.checked()
    for _ in range(3):
        yield world.move(CALLER, "callback", {"contact": "no_answer"}, (3 * HOUR, 6 * HOUR))


def returned_once(world: World) -> Iterator[Told]:
    """The first unit says it is another's matter."""
    appeal = Sent(world, "help", "suggestion")
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.returned()
    yield appeal.resent()
    yield appeal.replied()
    yield from appeal.ended()


def ruled(world: World) -> Iterator[Told]:
    """Returned twice; the ruling binds the last one."""
    appeal = Sent(world, "help", "suggestion")
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.returned()
    yield appeal.resent()
    yield appeal.returned()
    yield appeal.ruled()
    yield appeal.replied()
    yield from appeal.ended()


def late(world: World) -> Iterator[Told]:
    """Responded to at once, answered after the limit."""
    appeal = Sent(world, "help", "suggestion")
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.replied((110 * HOUR, 140 * HOUR), "因需多部门会商，答复超期，已说明原因。")
    yield from appeal.ended()


def reopened(world: World) -> Iterator[Told]:
    """Not satisfied when called; done again on the first clock, and then content."""
    appeal = Sent(world, "complaint", "report")
    yield appeal.opened()
    yield appeal.accepted()
    yield appeal.replied((2 * HOUR, 16 * HOUR), "已责成现场人员注意。")
    yield appeal.checked()
    yield appeal.called("2", False)
    yield appeal.replied((2 * HOUR, 16 * HOUR), "已复查并当场整改完毕。")
    yield appeal.checked()
    yield appeal.called(*world.pick((("4", True), ("3", True), ("5", True), ("2", False))))


def sealed(world: World) -> Iterator[Told]:
    """A report that only named posts may read."""
    data = {"kind": "report", "subject": "某工地偷排泥浆", "text": "夜间向河涌排放，请保密。"}
    yield world.open(SEALED, data)
    unit = world.pick(("water", "urban", "housing"))
    yield world.move(KEEPER, "accept", {"handling": "sent", "unit": unit}, QUICK)
    data = {"result": "replied", "reply": "已查实并立案，依法处理。"}
    yield world.move(SEALED_HANDLER, "handle", data, (4 * HOUR, 30 * HOUR), at=unit)
    yield world.move(KEEPER, "check", {"passed": True}, (10 * MINUTE, 3 * HOUR))


def into_incident(world: World) -> Iterator[Told]:
    """A broken road: the operator makes it an incident, and the appeal waits for its answer.

    Told by the tests only: a replay opens one case a story, and incidents have a year of their own.
    """
    data = {"kind": "help", "subject": "路面坑洼", "text": "电动车容易摔倒。", "phone": _phone(world)}
    yield world.open(APPEAL, data)
    more = {"incident_class": "road", "place": world.place(), "channel": "phone"}
    yield world.move(OPERATOR, "accept", {"handling": "incident", **more}, QUICK)


MIX: dict[Callable[[World], Iterator[Told]], float] = {
    answered: 44, answered_and_rated: 12, connected: 6, refused: 2, sent: 14, to_bureau: 3.3, called_back: 12,
    not_reached: 0.9, returned_once: 2.5, ruled: 0.5, late: 0.8, reopened: 1.2, sealed: 0.8,
}  # fmt: skip
SCENARIO = Scenario(PER_YEAR, MIX)
