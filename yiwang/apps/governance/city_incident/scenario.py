"""A year of city incidents: what happens, how often, and how fast. Test, demo and load are this one story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from yiwang.apps.governance.city_incident.app import (
    ACCEPTOR,
    DISPATCHER,
    DISTRICT_HANDLER,
    HANDLER,
    INCIDENT,
    INSPECTOR,
    SUPERVISOR,
    VILLAGE_HANDLER,
)
from yiwang.apps.governance.city_incident.appeals import FOLLOW_UP, TIMEOUT_APPEAL
from yiwang.engines.cases.api import Running
from yiwang.engines.stories.api import Move, Sequel
from yiwang.engines.stories.scenario import Opening, Scenario, Span, Told, World

PER_YEAR = 130_000
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
SPOTS = ("小学门口", "市场东侧", "公交站旁", "工业园路口", "村口牌坊处", "公园北门")


class Kind(NamedTuple):
    """What is reported: everyday class, official class, who leads on which level, words, and how soon it is handled.

    `is_urgent`: on the wall clock, as those on call work.
    """

    category: str
    code: str
    unit: str
    level: str
    words: tuple[str, ...]
    soon: Span
    is_urgent: bool = False


AT_THE_DESK = {True: (1 * MINUTE, 15 * MINUTE), False: (2 * MINUTE, 80 * MINUTE)}
"""How soon the centre accepts and dispatches: day and night what is urgent, else in office hours."""
URGENT, DAYS = (15 * MINUTE, 100 * MINUTE), (1 * HOUR, 15 * HOUR)
KINDS = {
    "manhole": Kind(
        "manhole", "C0103", "water", "town", ("人行道雨水井盖缺失", "井盖破损，井口露出", "雨水井盖移位"), URGENT, True
    ),
    "road": Kind("road", "E0108", "traffic", "town", ("路面坑洼，电动车容易摔倒", "路面裂开下陷"), URGENT, True),
    "pavement": Kind("road", "E0109", "traffic", "village", ("人行道地砖松动", "人行道砖缺了一片"), DAYS),
    "lamp": Kind("lamp", "C0121", "power", "town", ("路灯连续三晚不亮", "路灯灯杆倾斜"), URGENT, True),
    "waste": Kind(
        "waste", "E0102", "urban", "village", ("路边堆放垃圾无人清运", "垃圾堆在路口有异味"),
        (10 * MINUTE, 100 * MINUTE),
    ),
    "rubble": Kind("waste", "E0103", "urban", "town", ("绿化带内有渣土", "空地倒了一车渣土"), (1 * HOUR, 6 * HOUR)),
    "water": Kind("water", "E0110", "water", "town", ("雨后积水，行人无法通过", "低洼处积水不退"), URGENT, True),
    "flower_box": Kind("other", "C0404", "urban", "village", ("花箱破损，泥土外漏", "花箱被撞倒"), DAYS),
    "banner": Kind("other", "E0202", "urban", "town", ("路口横幅无人清理", "绿化带拉了横幅"), (1 * HOUR, 3 * HOUR)),
    "signal": Kind("road", "C0209", "traffic", "district", ("路口标志牌倾斜", "限速牌被遮挡"), (1 * HOUR, 3 * HOUR)),
}  # fmt: skip
EVERYDAY = tuple(key for key, kind in KINDS.items() if kind.level == "town" and key != "banner")
SMALL = ("pavement", "waste", "flower_box")
NODES = {"village": "handle_village", "town": "handle", "district": "handle_district"}
ROLES = {"village": VILLAGE_HANDLER, "town": HANDLER, "district": DISTRICT_HANDLER}
SOURCES = ("citizen", "citizen", "inspector", "call", "patrol")
SEEN_BY_MANY = ("manhole", "lamp", "water", "rubble", "pavement", "flower_box")
REPEATS = (1, 1, 1, 2, 2, 3)
"""Further reports of a problem that more than one person reports: two to four reporters, a proposal."""
AGAIN = {True: (1 * MINUTE, 10 * MINUTE), False: (5 * MINUTE, 150 * MINUTE)}
"""How soon the next person reports an urgent matter or another."""
MERGED = {True: (1 * MINUTE, 10 * MINUTE), False: (5 * MINUTE, 30 * MINUTE)}
"""How soon after that the centre sees that it is the same: before anybody can have put it right."""


def opened(world: World, kind: Kind | None = None) -> Opening:
    """Somebody reports."""
    kind = kind or KINDS[world.pick(EVERYDAY)]
    description = f"{world.pick(SPOTS)}{world.pick(kind.words)}"
    data = {"category": kind.category, "description": description, "place": world.place()}
    source = world.pick(SOURCES)
    return world.open(INCIDENT, data | ({"source": source} if source != "citizen" else {}))


def _accept(world: World, kind: Kind, accepted: str = "yes") -> Move:
    data = {"accepted": accepted, "class_code": kind.code, "urgency": "ordinary"}
    return world.move(ACCEPTOR, "accept", data, AT_THE_DESK[kind.is_urgent], is_wall=kind.is_urgent)


def _dispatch(
    world: World, kind: Kind, unit: str = "", *, node: str = "dispatch", helpers: tuple[str, ...] = ()
) -> Move:
    data: dict[str, Any] = {"unit": unit or kind.unit, "level": kind.level, "helpers": list(helpers)}
    role = DISPATCHER if node == "dispatch" else SUPERVISOR
    return world.move(role, node, data, AT_THE_DESK[kind.is_urgent], is_wall=kind.is_urgent)


def _handle(
    world: World, kind: Kind, measure: str = "已现场处理完毕", soon: Span | None = None, level: str = ""
) -> Move:
    level = level or kind.level
    at = "village" if level == "village" else kind.unit
    is_wall = kind.is_urgent and soon is None
    return world.move(ROLES[level], NODES[level], {"measure": measure}, soon or kind.soon, at=at, is_wall=is_wall)


def _verify(world: World, kind: Kind, fixed: bool = True) -> Move:
    data = {"fixed": fixed, "seen_on_site": True} | ({} if fixed else {"finding": "仍未修复"})
    soon = (10 * MINUTE, 100 * MINUTE) if kind.is_urgent else (10 * MINUTE, 3 * HOUR)
    return world.move(INSPECTOR, "verify", data, soon, is_wall=kind.is_urgent)


def _dispatched(world: World, kind: Kind, unit: str = "", helpers: tuple[str, ...] = ()) -> Iterator[Told]:
    """How most stories begin: reported, accepted, dispatched."""
    yield opened(world, kind)
    yield _accept(world, kind)
    yield _dispatch(world, kind, unit, helpers=helpers)


def _again(world: World, kind: Kind) -> Sequel:
    """Somebody else reports the same some steps away; it is merged, rests, and ends with the first one's answer."""
    place = world.place()
    place["latitude"] += world.rng.uniform(0.0001, 0.0004)
    data = {"category": kind.category, "description": f"您好，{world.pick(kind.words)}，请尽快处理", "place": place}
    moves = [world.merge(ACCEPTOR, "同一地点同一问题", MERGED[kind.is_urgent], is_wall=kind.is_urgent)]
    if world.pick((True, False, False)):  # Each reporter rates for himself, days later, when the first one has ended.
        score = world.pick((5, 5, 4, 4, 3))
        moves.append(world.of_case("rate", {"score": score}, (16 * HOUR, 28 * HOUR), is_wall=False))
    return world.sequel(INCIDENT, data, moves, AGAIN[kind.is_urgent])


def _settled(
    world: World, kind: Kind, measure: str = "已现场处理完毕", soon: Span | None = None, level: str = ""
) -> Iterator[Told]:
    """How most stories end: put right, and found so."""
    yield _handle(world, kind, measure, soon, level)
    yield _verify(world, kind)


def _whole(world: World, kind: Kind) -> Iterator[Told]:
    yield from _dispatched(world, kind)
    yield from _settled(world, kind)


def ordinary(world: World) -> Iterator[Told]:
    """Accepted, dispatched, fixed, checked, closed: a matter of the town."""
    yield from _whole(world, KINDS[world.pick(EVERYDAY)])


def in_the_village(world: World) -> Iterator[Told]:
    """A small matter does not leave the village."""
    yield from _whole(world, KINDS[world.pick(SMALL)])


def in_the_district(world: World) -> Iterator[Told]:
    """A large matter is handled by the district's own bureau."""
    yield from _whole(world, KINDS["signal"])


def reported_again(world: World) -> Iterator[Told]:
    """Two to four people report one problem: it is one matter with one clock, and each of them gets an answer."""
    kind = KINDS[world.pick(SEEN_BY_MANY)]
    yield opened(world, kind)
    for _ in range(world.pick(REPEATS)):
        yield _again(world, kind)
    yield _accept(world, kind)
    yield _dispatch(world, kind)
    yield from _settled(world, kind, soon=None if kind.is_urgent else (3 * HOUR, 6 * HOUR))


def rated(world: World) -> Iterator[Told]:
    """An ordinary one, and the reporter rates it well."""
    yield from ordinary(world)
    yield world.of_case("rate", {"score": world.pick((5, 5, 5, 4, 4, 3))}, (1 * HOUR, 20 * HOUR))


def _of(case: Running) -> dict[str, Any]:
    return {"incident_number": case.number, "place": case.state.data["place"], "incident": str(case.id)}


def rated_badly(world: World) -> Iterator[Told]:
    """The reporter is not content: the platform opens a follow-up, and somebody calls back."""
    yield from ordinary(world)
    score = world.pick((1, 2))
    yield world.of_case("rate", {"score": score}, (1 * HOUR, 20 * HOUR))
    answer = {"reached": "yes", "said": "修补处又裂开了", "next_step": "reported_again"}
    call = world.move(ACCEPTOR, "call_back", answer, (20 * MINUTE, 5 * HOUR))
    yield world.sequel(FOLLOW_UP, lambda case: _of(case) | {"score": score}, [call], (1, 60), opens_itself=True)


def refused(world: World) -> Iterator[Told]:
    """Not a matter of the district: told so with the reason."""
    yield opened(world)
    data = {"accepted": "no", "refusal": "该地点由物业小区自行管理，已告知物业。"}
    yield world.move(ACCEPTOR, "accept", data, (5 * MINUTE, 90 * MINUTE))


def emergency(world: World) -> Iterator[Told]:
    """A matter of police, fire or ambulance is passed on at once."""
    words = world.pick(("有人持刀打架，快来", "仓库着火了，浓烟很大"))
    yield world.open(INCIDENT, {"category": "other", "description": words, "place": world.place()})


def confirmed(world: World) -> Iterator[Told]:
    """Looked at on the spot before it is taken on."""
    kind = KINDS[world.pick(EVERYDAY)]
    yield opened(world, kind)
    yield _accept(world, kind, "confirm")
    yield world.move(INSPECTOR, "confirm", {"is_real": True, "finding_on_site": "情况属实"}, (20 * MINUTE, 3 * HOUR))
    yield _dispatch(world, kind)
    yield from _settled(world, kind)


def unfounded(world: World) -> Iterator[Told]:
    """Nothing of the kind is found on the spot."""
    kind = KINDS[world.pick(EVERYDAY)]
    yield opened(world, kind)
    yield _accept(world, kind, "confirm")
    data = {"is_real": False, "finding_on_site": "现场未发现所述情况"}
    yield world.move(INSPECTOR, "confirm", data, (20 * MINUTE, 3 * HOUR))


def assisted(world: World) -> Iterator[Told]:
    """One leads, another helps; it closes only after both."""
    kind = KINDS["rubble"]
    yield from _dispatched(world, kind, helpers=("traffic",))
    yield _handle(world, kind, "已清运渣土", (30 * MINUTE, 3 * HOUR))
    yield world.move(HANDLER, "assist", {"reply": "已疏导交通并恢复路面"}, (10 * MINUTE, 3 * HOUR), at="traffic")
    yield _verify(world, kind)


def failed_check(world: World) -> Iterator[Told]:
    """The check finds it is not fixed; the crew comes again on the first clock."""
    kind = KINDS["rubble"]
    yield from _dispatched(world, kind)
    yield _handle(world, kind, "已临时围蔽", (20 * MINUTE, 2 * HOUR))
    yield _verify(world, kind, fixed=False)
    yield from _settled(world, kind, "已全部清运", (30 * MINUTE, 3 * HOUR))


def _return(world: World, unit: str) -> Move:
    returned = {"to": "dispatch", "reason": "不属本单位职责"}
    return world.move(HANDLER, "handle", returned, (30 * MINUTE, 2 * HOUR), verb="send_back", at=unit)


def sent_back(world: World) -> Iterator[Told]:
    """The unit says it is another's matter; the dispatcher chooses again."""
    kind = KINDS["rubble"]
    wrong = world.pick(("water", "power"))
    yield from _dispatched(world, kind, wrong)
    yield _return(world, wrong)
    yield _dispatch(world, kind)
    yield from _settled(world, kind, "已修复", (30 * MINUTE, 3 * HOUR))


def ruled(world: World) -> Iterator[Told]:
    """Sent back once too often: the head of the shift rules, and the unit named may not return it."""
    kind = KINDS["rubble"]
    yield opened(world, kind)
    yield _accept(world, kind)
    for wrong in ("water", "traffic", "power"):
        yield _dispatch(world, kind, wrong)
        yield _return(world, wrong)
    yield _dispatch(world, kind, node="ruling")
    yield from _settled(world, kind, "按裁定已处理", (30 * MINUTE, 3 * HOUR))


def risen(world: World) -> Iterator[Told]:
    """The village does not settle it in its limit: it rises to the town by itself."""
    kind = KINDS["waste"]
    yield from _dispatched(world, kind)
    yield from _settled(world, kind, "镇街已派车清运", (3 * HOUR, 3.8 * HOUR), level="town")


def late(world: World) -> Iterator[Told]:
    """Fixed only after the limit."""
    kind = KINDS["rubble"]
    yield from _dispatched(world, kind)
    yield from _settled(world, kind, "因缺配件延误，已修复", (10.5 * HOUR, 18 * HOUR))


def appealed(world: World) -> Iterator[Told]:
    """Late, and the unit asks afterwards that it be counted as in time; the raw fact stays."""
    yield from late(world)
    agreed = {"agrees": world.pick(("yes", "yes", "no")), "opinion": "情况属实"}
    moves = [world.move(DISPATCHER, "review", {"agrees": "yes"}, (1 * HOUR, 9 * HOUR)),
             world.move(ACCEPTOR, "decide", agreed, (1 * HOUR, 9 * HOUR))]  # fmt: skip
    words = {"ground": "weather", "explanation": "连日暴雨，车辆无法进入现场"}
    yield world.sequel(TIMEOUT_APPEAL, lambda case: _of(case) | words, moves, (1 * DAY, 3 * DAY))


def _agree(world: World, verb: str, arguments: dict[str, Any]) -> Iterator[Told]:
    for role in (DISPATCHER, SUPERVISOR):
        yield world.move(role, "handle", {"reason": "同意", **arguments}, (10 * MINUTE, 1 * HOUR), verb=verb)


def extended(world: World) -> Iterator[Told]:
    """More time is asked for before the limit ends, and two levels agree."""
    kind = KINDS["rubble"]
    yield from _dispatched(world, kind)
    asked = {"amount": "2", "reason": "需要大型机械"}
    yield world.move(HANDLER, "handle", asked, (1 * HOUR, 2 * HOUR), verb="ask_extension", at=kind.unit)
    yield from _agree(world, "extend", {})
    yield from _settled(world, kind, "机械到场后已清运", (4 * HOUR, 9 * HOUR))


def deferred(world: World) -> Iterator[Told]:
    """Nothing can be done before another's works are over: the clocks stand still until a day."""
    kind = KINDS["rubble"]
    yield from _dispatched(world, kind)
    until = (world.at + timedelta(days=60)).date().isoformat()
    asked = {"until": until, "reason": "须待地铁施工围挡拆除"}
    yield world.move(HANDLER, "handle", asked, (1 * HOUR, 2 * HOUR), verb="ask_deferral", at=kind.unit)
    yield from _agree(world, "defer", {})
    data = {"measure": "围挡提前拆除，已清运"}
    yield world.move(HANDLER, "handle", data, (20 * DAY, 25 * DAY), at=kind.unit, is_wall=True)
    yield _verify(world, kind)


def left_open(world: World) -> Iterator[Told]:
    """Dispatched, and nobody comes."""
    kind = KINDS["signal"]
    yield from _dispatched(world, kind)


MIX: dict[Callable[[World], Iterator[Told]], float] = {
    ordinary: 31, reported_again: 2, in_the_village: 22, in_the_district: 3, rated: 25.9, rated_badly: 0.6,
    refused: 3.5, emergency: 0.3, confirmed: 1.2, unfounded: 0.5, assisted: 1.5, failed_check: 2.5, sent_back: 2.2,
    ruled: 0.2, risen: 1.2, late: 1.0, appealed: 0.21, extended: 0.5, deferred: 0.1, left_open: 0.59,
}  # fmt: skip
"""In percent of the problems; the further reports of a `reported_again` come on top of them."""
SCENARIO = Scenario(PER_YEAR, MIX)
