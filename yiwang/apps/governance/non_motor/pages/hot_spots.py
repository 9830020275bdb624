"""Hot spots before and after a day: two densities over equal spans, their difference on a map, and a hint of chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from yiwang.apps.governance.non_motor.density import BANDWIDTH, SHUFFLES, Change
from yiwang.apps.governance.non_motor.selectors.reading import hot_spots
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, locate, path_of, today
from yiwang.kernel.errors import InvalidInput
from yiwang.ui.components.figures import Layer, Map
from yiwang.ui.components.records import Column, Filter, FilterBar, Row, Table
from yiwang.ui.components.simple import Stat, Tag
from yiwang.ui.pages import staff_page

WHAT = {"accident": gettext_noop("事故"), "violation": gettext_noop("违规")}
DAYS = (30, 60, 90)
_YEARS = range(2000, 2100)
SHOWN = 10
"""Places on the map that rose most, and as many that fell most."""
SHADES = (
    (0.5, 2.0, "chart-5", 0.7), (0.2, 0.5, "chart-5", 0.4), (-0.5, -0.2, "chart-3", 0.4), (-2.0, -0.5, "chart-3", 0.7),
)  # fmt: skip
"""Between which shares of the greatest change a cell has which colour, how opaque."""


@dataclass(frozen=True)
class Shade(Layer):
    """A layer of one colour (a token of the look)."""

    colour: str = "surface"
    opacity: float = 1.0

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "colour": self.colour, "opacity": self.opacity}


@require_safe
@staff_only
def shown(request: HttpRequest) -> HttpResponse:
    """`?what=accident|violation&turn=2026-05-01&days=90`."""
    what = request.GET.get("what", "accident")
    what = what if what in WHAT else "accident"
    days = int(request.GET["days"]) if request.GET.get("days", "") in [str(one) for one in DAYS] else DAYS[-1]
    turn = _day(request.GET.get("turn", ""), days)
    change, before, after, is_cut = hot_spots(actor_of(request), what, turn, days)
    places = _places(change) if change is not None else []
    context = {
        "title": gettext("热点对比"), "bar": _bar(what, days), "turn": turn,
        "stats": _stats(change, before, after), "map": _map(change) if change is not None else None,
        "table": _table(places), "hint": _hint(change, before, after),
        "note": gettext(
            "高斯核密度，带宽 {metres} 米，件／平方公里·30天。前后各 {days} 天；没有按车流量、天气、执法力度折算，"
            "登记得勤也会显得多。显著性由打乱前后 {shuffles} 次得出，只作提示。"
        ).format(metres=int(BANDWIDTH), days=days, shuffles=SHUFFLES),
        "cut": gettext("事件太多，只比较了最近的一部分。") if is_cut else "",
    }  # fmt: skip
    return staff_page(request, "non_motor/hot_spots.html", context)


def _day(text: str, days: int) -> date:
    if not text:
        return today() - timedelta(days=days)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year not in _YEARS:
        message = gettext("分界日期的写法不对。")
        raise InvalidInput([{"path": "turn", "code": "DATE", "message": message}], message)
    return found


def _bar(what: str, days: int) -> FilterBar:
    return FilterBar(
        action=reverse("non_motor:hot_spots"),
        filters=[
            Filter(name="what", title=gettext("比较"), value=what,
                   options=[(key, gettext(one)) for key, one in WHAT.items()]),
            Filter(name="days", title=gettext("前后各"), value=str(days),
                   options=[(str(one), gettext("{days} 天").format(days=one)) for one in DAYS]),
        ],
    )  # fmt: skip


def _stats(change: Change | None, before: int, after: int) -> list[Stat]:
    chance = f"{change.chance:.3f}" if change is not None and before and after else "—"
    return [
        Stat(title=gettext("分界以前"), value=before, unit=gettext("件")),
        Stat(title=gettext("分界以后"), value=after, unit=gettext("件")),
        Stat(title=gettext("偶然的可能"), value=chance),
    ]


def _hint(change: Change | None, before: int, after: int) -> Tag:
    if change is None or not before or not after:
        return Tag(text=gettext("一边没有事件，不能比较"), tone="neutral")
    if change.chance <= 0.05:
        return Tag(text=gettext("变化不像偶然（p ≤ 0.05）"), tone="accent")
    return Tag(text=gettext("变化可能只是偶然"), tone="neutral")


def _places(change: Change) -> list[tuple[float, float, float, float, float]]:
    """(longitude, latitude, before, after, difference) of the peaks of the difference, no two neighbours."""
    found: list[tuple[float, float, float, float, float]] = []
    difference = change.difference
    for sign in (1.0, -1.0):
        left = difference * sign
        for _ in range(SHOWN):
            row, column = np.unravel_index(int(left.argmax()), left.shape)
            if left[row, column] <= 0.05 * float(np.abs(difference).max()):
                break
            values = (change.before[row, column], change.after[row, column], difference[row, column])
            before, after, gone = map(float, values)
            found.append((float(change.ground.x[column]), float(change.ground.y[row]), before, after, gone))
            left[max(0, row - 4) : row + 5, max(0, column - 4) : column + 5] = 0
    return found


def _map(change: Change) -> Map:
    peak = float(np.abs(change.difference).max()) or 1.0
    share = change.difference / peak
    layers: list[Layer] = [Layer(key="town", url=reverse("forms:map", args=["town"]))]
    for low, high, colour, opacity in SHADES:
        chosen = np.argwhere((share > low) & (share <= high) if low >= 0 else (share >= low) & (share < high))
        if len(chosen):
            features = [_square(change, int(row), int(column)) for row, column in chosen]
            shapes = {"type": "FeatureCollection", "features": features}
            key = f"shade-{colour}-{int(opacity * 10)}"
            layers.append(Shade(key=key, shapes=shapes, colour=colour, opacity=opacity, width=0.2))
    return Map(title=gettext("前后密度之差"), layers=layers)


def _square(change: Change, row: int, column: int) -> dict[str, Any]:
    x, y = float(change.ground.x[column]), float(change.ground.y[row])
    east, north = change.ground.width / 2, change.ground.height / 2
    ring = [
        [x - east, y - north],
        [x + east, y - north],
        [x + east, y + north],
        [x - east, y + north],
        [x - east, y - north],
    ]
    corners = [[round(a, 6), round(b, 6)] for a, b in ring]
    name = f"{change.difference[row, column]:+.2f}"
    shape = {"type": "Polygon", "coordinates": [corners]}
    return {"type": "Feature", "properties": {"name": name}, "geometry": shape}


def _table(places: list[tuple[float, float, float, float, float]]) -> Table:
    titles = ("地方", "变化", "以前", "以后", "之差")
    columns = [Column(title=gettext(one), is_figures=one in ("以前", "以后", "之差")) for one in titles]
    rows = []
    for number, (x, y, before, after, difference) in enumerate(places):
        tag = Tag(text=gettext("升高"), tone="danger") if difference > 0 else Tag(text=gettext("降低"), tone="success")
        where = path_of((locate(x, y) or "")[:12]) or f"{x:.4f}, {y:.4f}"
        rows.append(Row(key=str(number), cells=[where, tag, f"{before:.2f}", f"{after:.2f}", f"{difference:+.2f}"]))
    return Table(title=gettext("变化最大的地方"), columns=columns, rows=rows, is_title_shown=True)
