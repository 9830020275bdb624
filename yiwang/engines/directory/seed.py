"""Organisations of a district, and people for a demonstration: deterministic, invented, and marked as such.

Which bureaus a district has is configuration (`BUREAUS`, a proposal). People get names from short lists and user names
from their post, such as `440605124-dispatcher`; everybody's password is `DEMO_PASSWORD`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import shapely
from django.contrib.auth.hashers import make_password

from yiwang.engines.directory.models import Division, Organisation, Post, Posting, User
from yiwang.engines.directory.revisions import bump
from yiwang.engines.directory.roles import all_roles
from yiwang.engines.directory.selectors.divisions import name_of, path_of
from yiwang.engines.directory.spec import Role
from yiwang.kernel.clock import CHINA, now

DEMO_PASSWORD = "yiwang-demo"
BUREAUS: Mapping[str, tuple[str, str]] = {
    "government": ("人民政府", "政府"), "water": ("水利局", "水务所"), "urban": ("城市管理局", "城管办"),
    "traffic": ("交通运输局", "交通管理所"), "power": ("供电局", "供电所"), "housing": ("住房城乡建设局", "建设办"),
    "police": ("公安分局", "派出所"), "data": ("政务服务数据管理局", "行政服务中心"),
}  # fmt: skip
"""Kind: (name at the district, name at a town)."""
VILLAGE = "village"
"""Kind of the committee of a village or community, which settles what is small enough."""
_SURNAMES = "陈李黄梁何张林刘吴罗冯谭麦区邓潘关叶卢徐"
_GIVEN = (
    "志强", "丽华", "伟明", "秀英", "建国", "婉仪", "俊杰", "嘉欣", "文辉", "淑芬", "永康", "晓彤", "国栋", "燕玲",
    "浩然", "敏仪",
)  # fmt: skip
_ROADS = ("大道", "中路", "一路", "东街", "市场旁", "工业区", "文化广场", "村口")
_LENGTH = {"district": 6, "town": 9, "village": 12}


def seed_organisations(district: str) -> None:
    """The government, its bureaus, and their offices in each town."""
    towns = list(Division.objects.filter(parent=district).order_by("code"))
    name = name_of(district)
    rows = [
        Organisation(name=f"{name}{title}", kind=kind, division_id=district) for kind, (title, _) in BUREAUS.items()
    ]
    for town in towns:
        for kind, (_, title) in BUREAUS.items():
            rows.append(Organisation(name=_office_name(town.name, kind, title), kind=kind, division=town))
    villages = Division.objects.filter(code__startswith=district, level="village").order_by("code")
    rows += [Organisation(name=_committee_name(one.name), kind=VILLAGE, division=one) for one in villages]
    Organisation.objects.bulk_create(rows)
    bump("organisations")


def _office_name(town: str, kind: str, title: str) -> str:
    """街道 have a 办事处, 镇 a 人民政府."""
    if kind == "government":
        return f"{town}办事处" if town.endswith("街道") else f"{town}人民政府"
    return f"{town}{title}"


def _committee_name(village: str) -> str:
    """A list may give the division's short name or its committee's."""
    if village.endswith(("委员会", "委会")):
        return village
    return f"{village}委会" if village.endswith("村") else f"{village}居委会"


class _Seat(NamedTuple):
    """A post to be filled: role, division, organisation, and what tells its holder's user name."""

    role: str
    title: str
    division: str
    organisation: Organisation
    username: str


def seed_staff(district: str) -> int:
    """A person for every post of every role; the number of people. Roles at village level are not filled one by one."""
    seats = list(_seats(district))
    known = set(User.objects.filter(username__in=[seat.username for seat in seats]).values_list("username", flat=True))
    seats = [seat for seat in seats if seat.username not in known]
    password, rng = make_password(DEMO_PASSWORD), random.Random(f"staff:{district}")
    users = User.objects.bulk_create(
        User(username=seat.username, name=_person(rng), password=password, is_demo=True) for seat in seats
    )
    posts: dict[tuple[str, str, int], Post] = {}
    for seat in seats:
        key = (seat.role, seat.division, seat.organisation.pk)
        posts.setdefault(key, Post(role=seat.role, division_id=seat.division, organisation=seat.organisation))
    Post.objects.bulk_create(posts.values(), ignore_conflicts=True)
    stored = Post.objects.filter(division__code__startswith=district)
    kept = {(post.role, post.division_id, post.organisation_id): post for post in stored}
    today = now().astimezone(CHINA).date().replace(year=2021, month=1, day=1)
    Posting.objects.bulk_create(
        Posting(user=user, post=kept[seat.role, seat.division, seat.organisation.pk], from_on=today)
        for user, seat in zip(users, seats, strict=True)
    )
    return len(users)


def _seats(district: str) -> Iterator[_Seat]:
    inside = list(Organisation.objects.filter(division__code__startswith=district))
    organisations = {(office.kind, office.division_id): office for office in inside}
    committees = [office for office in inside if office.kind == VILLAGE]
    divisions = list(Division.objects.filter(code__startswith=district, level__in=["district", "town"]))
    for key, role in sorted(all_roles().items()):
        for division in divisions:
            if len(division.code) not in {_LENGTH.get(level, 9) for level in (role.scope, *role.also)}:
                continue
            if VILLAGE in role.at:
                own = [office for office in committees if office.division_id.startswith(division.code)]
                seats = ((office, f"{office.division_id}-{role.key}") for office in own)
                yield from (_Seat(key, role.title, division.code, office, name) for office, name in seats)
                continue
            for kind in role.at or ("government",):
                office = organisations[kind, division.code]
                suffix = f"-{kind}" if len(role.at) > 1 else ""
                yield _Seat(key, role.title, division.code, office, f"{division.code}-{role.key}{suffix}")


def _person(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + rng.choice(_GIVEN)


def people_by_role() -> dict[tuple[str, str], list[tuple[int, str]]]:
    """(user id, name) of the people holding each (role key, division), and each (role key@kind of office, division)."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    rows = Posting.objects.filter(to_on=None).order_by("id").values_list(
        "post__role", "post__organisation__kind", "post__organisation__division_id", "post__division_id", "user_id",
        "user__name",
    )  # fmt: skip
    for role, kind, home, division, user, name in rows:
        found.setdefault((role, division), []).append((user, name))
        for place in {division, home}:
            found.setdefault((f"{role}@{kind}", place), []).append((user, name))
    return found


def demo_people(district: str, town: str = "") -> list[tuple[str, str, str, str]]:
    """(title, name, user name, division) of one person per role: cards for a demonstration's log-in page."""
    town = town or show_town(district)
    roles: Mapping[str, Role] = all_roles()
    rows = (
        Posting.objects.filter(user__is_demo=True, post__division_id__in=[district, town])
        .order_by("id")
        .values_list("post__role", "user__name", "user__username", "post__division_id")
    )
    cards: dict[str, tuple[str, str, str, str]] = {}
    for role, name, username, division in rows:
        if role in roles:
            cards.setdefault(role, (roles[role].title, name, username, name_of(division)))
    return [cards[role] for role in roles if role in cards]


def show_town(district: str) -> str:
    """The town a demonstration shows: the one with most villages."""
    towns: dict[str, int] = {}
    for code in Division.objects.filter(code__startswith=district, level="village").values_list("code", flat=True):
        towns[code[:9]] = towns.get(code[:9], 0) + 1
    return max(towns, key=lambda town: (towns[town], town), default=district)


def spots(district: str, count: int, seed: int = 0) -> list[tuple[float, float, str, str]]:
    """(longitude, latitude, cell code, address) of places where things may happen, spread over the district."""
    rng = random.Random(f"spots:{district}:{seed}")
    drawn = Division.objects.filter(code__startswith=district, outline__isnull=False)
    cells = list(drawn.filter(level="cell")) or list(drawn.order_by("-code")[:500])
    found = []
    for _ in range(count if cells else 0):
        cell = rng.choice(cells)
        point = shapely.point_on_surface(shapely.from_wkb(bytes(cell.outline or b"")))
        word, number = rng.choice(_ROADS), rng.randint(1, 99)
        x, y = point.x + rng.uniform(-1e-4, 1e-4), point.y + rng.uniform(-1e-4, 1e-4)
        found.append((round(x, 6), round(y, 6), cell.code, f"{path_of(cell.code[:12])}{word}{number}号"))
    return found
