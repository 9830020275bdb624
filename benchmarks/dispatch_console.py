"""The dispatcher's console and the work list over 100,000 and 1,000,000 real city incidents, by each of their filters.

Counted is the processor time of server and database, the wall time (p50, p99) and the statements of a request. Beside
the console stands the plain way on the same tables: a count for each tab, an OFFSET page, each row's task when drawn.
"""

from __future__ import annotations

import html
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from benchmarks import _incidents, _machine
from benchmarks.desk_actions import Browser, served
from benchmarks.desk_lists import Figure, statements
from yiwang.engines.cases.models import Case, Token
from yiwang.engines.datahub.api import datasets, ensure_tables, rebuild
from yiwang.engines.directory.api import User, name_of, organisation_name
from yiwang.kernel.clock import now
from yiwang.project.terminal import say, table

SIZES = (100_000, 1_000_000)
REQUESTS, WARM_UP = 40, 3
TOWN = "440605124"
DISTRICT_DESK, TOWN_DESK = "440605-supervisor", f"{TOWN}-dispatcher"
_NEXT = re.compile(r'href="([^"]*[?&;]after=[^"]*)"')
_CONSOLE: dict[str, dict[str, str]] = {
    "no filter": {},
    "level": {"level": "town"},
    "unit": {"unit": "traffic"},
    "class": {"category": "road"},
    "town": {"town": TOWN},
    "step": {"step": "handle_village"},
    "level, unit, class": {"level": "village", "unit": "traffic", "category": "road"},
    "all five": {"level": "village", "unit": "traffic", "category": "road", "town": TOWN, "step": "handle_village"},
    **{f"list {key}": {"list": key} for key in ("urgent", "risen", "returned", "ruling", "ruled", "late_helpers")},
}
"""Every filter the console offers, alone and together."""
_LIST: dict[str, dict[str, str]] = {
    **{f"box {key}": {"box": key} for key in ("mine", "post", "unit", "watched", "opened", "all")},
    "type": {"type": _incidents.TYPE},
    "step": {"stage": "handle_village"},
    **{f"status {key}": {"status": key} for key in ("running", "open", "suspended", "closed", "cancelled")},
    "class": {"category": "road"},
    "town": {"area": TOWN},
    "village": {"area": f"{TOWN}001"},
    **{f"limit {key}": {"due": key} for key in ("overdue", "today", "warning", "provisional")},
    "a word": {"q": "井盖"},
    "two words": {"q": "井盖 大道"},
    "a rare word": {"q": "限速牌"},
    "a number": {"q": "202610"},
    "by limit": {"sort": "due"},
    "type, status, class, town": {
        "type": _incidents.TYPE, "status": "closed", "category": "road", "area": TOWN,
    },
    "type, step, class, overdue, by limit": {
        "type": _incidents.TYPE, "stage": "handle_village", "category": "road", "due": "overdue", "sort": "due",
    },
}  # fmt: skip
"""Every filter of the work list, alone (over all in reach) and together; the days stand in `_list_queries`."""


class Cost(NamedTuple):
    """Of one request: milliseconds of processor time, wall milliseconds, SQL statements, rows shown."""

    cpu: float
    p50: float
    p99: float
    sql: int
    rows: int


def _list_queries() -> dict[str, dict[str, str]]:
    since, until = ((now() - timedelta(days=days)).date().isoformat() for days in (90, 60))
    days = {"from a day": {"opened_from": since}, "to a day": {"opened_to": until}}
    both = {"between two days, class": {"opened_from": since, "opened_to": until, "category": "road"}}
    return {name: {"box": "all", **asked} for name, asked in (_LIST | days | both).items()}


def cost(ask: Callable[[], int], server: int | None = None) -> Cost:
    """What one request takes, of many; `ask` answers with the rows it saw. `server`: the process that answers it."""

    def used() -> float:
        return (time.process_time() if server is None else _machine.family(server)) + _machine.database()

    for _ in range(WARM_UP):
        rows = ask()
    before, walls = used(), []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        ask()
        walls.append((time.perf_counter() - began) * 1e3)
    spent = (used() - before) / REQUESTS * 1e3
    walls.sort()
    sent = statements(ask) if server is None else 0
    return Cost(spent, statistics.median(walls), walls[int(REQUESTS * 0.99)], sent, rows)


def request(client: Client, path: str, query: dict[str, str]) -> Callable[[], int]:
    """A page of rows."""

    def ask() -> int:
        answer = client.get(path, query)
        assert answer.status_code == 200, f"{path} {query}: {answer.status_code}"
        return answer.content.count(b"data-row=")

    return ask


def next_page(client: Client, path: str, query: dict[str, str], pages: int) -> Callable[[], int]:
    """The page so many pages on, as the link of each one leads there."""
    address = ""
    for _ in range(pages):
        text = client.get(address or path, query if not address else None).content.decode()
        found = _NEXT.search(text)
        assert found, f"{path} {query} has one page"
        address = f"{path}?{html.unescape(found.group(1)).split('?', 1)[1]}"
    return request(client, address, {})


def signed_in(username: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=username))
    return client


def console_costs() -> Iterator[tuple[str, Cost]]:
    """The console of the district by each filter, further pages, and of the other centres."""
    path, district = reverse("dispatch:console"), signed_in(DISTRICT_DESK)
    for name, query in _CONSOLE.items():
        yield f"console of the district, {name}", cost(request(district, path, query))
    for pages in (1, 8):
        yield f"console of the district, {pages} pages on", cost(next_page(district, path, {}, pages))
    people = {"a town": TOWN_DESK, "a department": f"{TOWN}-handler-traffic", "a village": f"{TOWN}001-village_handler"}
    for name, username in people.items():
        yield f"console of {name}", cost(request(signed_in(username), path, {}))
    query = _CONSOLE["level, unit, class"]
    yield "console of a town, level, unit, class", cost(request(signed_in(TOWN_DESK), path, query))


def list_costs() -> Iterator[tuple[str, Cost]]:
    """The work list of the district by each filter, further pages, and the boxes of a town's dispatcher."""
    path, district, town = reverse("desk:work"), signed_in(DISTRICT_DESK), signed_in(TOWN_DESK)
    for name, query in _list_queries().items():
        yield f"list of the district, {name}", cost(request(district, path, query))
    for pages in (1, 8):
        yield f"list of the district, {pages} pages on", cost(next_page(district, path, {"box": "all"}, pages))
    for box in ("mine", "post", "unit", "all"):
        yield f"list of a town, box {box}", cost(request(town, path, {"box": box}))


def _tabs(found: QuerySet[Case]) -> list[int]:
    at = now()
    late = Token.objects.filter(node="assist", due_at__lt=at).values("case_id")
    lists = (
        found, found.filter(data__urgency="urgent") | found.filter(data__facts__is_urgent=True),
        found.filter(data__risen__gte=2), found.filter(memory__has_key="returned"), found.filter(stage="ruling"),
        found.filter(memory__visited__has_key="ruling"), found.filter(pk__in=late),
    )  # fmt: skip
    return [one.count() for one in lists]


def plain_console(**given: str) -> Callable[[], int]:
    """The console as most programs do it, without its tables of steps and towns: counts, and page 2 row by row."""

    def ask() -> int:
        found = Case.objects.filter(
            division__startswith="440605", type=_incidents.TYPE, status__in=("open", "suspended"), **given
        )
        counted, shown = _tabs(found), 0
        for case in Paginator(found.order_by("due_at", "id").defer("words"), 25).page(2):
            tasks = list(Token.objects.filter(case_id=case.pk))
            names = [User.objects.filter(pk=task.assignee).first() for task in tasks]
            units = [organisation_name(task.organisation) for task in tasks if task.organisation]
            str((counted, case.title, names, units, name_of(case.area)))
            shown += 1
        return shown

    return ask


def _over_the_wire(rows: str) -> list[Figure]:
    """The two pages on the real server by the loopback address."""
    figures: list[Figure] = []
    addresses = {
        "console of the district": reverse("dispatch:console"),
        "list of the district": f"{reverse('desk:work')}?box=all",
    }
    with served() as (port, server):
        browser = Browser(port, DISTRICT_DESK)
        for name, address in addresses.items():
            found = cost(lambda address=address: browser.page(address).count("data-row="), server)
            figures += _figures(f"{name} from the server, {rows}", found)
    return figures


def _figures(name: str, found: Cost, plain: Cost | None = None) -> list[Figure]:
    beside = "" if plain is None else "plain ORM, OFFSET"
    kinds = [("CPU", "cpu", "ms"), ("p50", "p50", "ms"), ("p99", "p99", "ms"), ("SQL", "sql", "statements")]
    return [
        (f"{name}: {title}", float(getattr(found, key)), unit, beside, float(getattr(plain, key)) if plain else None)
        for title, key, unit in kinds
        if key != "sql" or found.sql
    ]


def _measured(cases: int) -> list[Figure]:
    rows = f"{cases // 1000:,} k incidents"
    plain = {
        "console of the district, no filter": cost(plain_console()),
        "console of the district, level, unit, class": cost(
            plain_console(data__level="village", data__unit="traffic", category="road")
        ),
    }
    found = [*console_costs(), *list_costs()]
    lines = [
        [name, str(one.rows), f"{one.cpu:.1f}", f"{one.p50:.1f}", f"{one.p99:.1f}", str(one.sql)]
        for name, one in [*found, *((f"plain {name}", one) for name, one in plain.items())]
    ]
    say(table(["page", "rows", "CPU ms", "p50 ms", "p99 ms", "SQL"], lines))
    measured = [figure for name, one in found for figure in _figures(f"{name}, {rows}", one, plain.get(name))]
    return [*measured, *_over_the_wire(rows)]


def measure() -> list[Figure]:
    """Every page at both sizes."""
    say(f"  {_incidents.tell():,} incidents told")
    figures: list[Figure] = []
    filled = 0
    for cases in SIZES:
        began = time.monotonic()
        _incidents.copy(filled + 1, cases)
        say(f"  {cases:,} incidents after {time.monotonic() - began:.0f} s")
        ensure_tables()
        for key in datasets():
            rebuild(key)
        say(f"  facts after {time.monotonic() - began:.0f} s, load {_machine.load():.1f}")
        figures += _measured(cases)
        filled = cases
    return figures
