"""Words to a place, by what the district itself knows: its component ledger, earlier reports, names of divisions.

Every candidate says why; what nobody knows stays unknown. All numbers are proposals: no source states them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from yiwang.apps.governance.intake.rights import READ
from yiwang.apps.governance.intake.sources import INCIDENT
from yiwang.engines.cases.api import seen_cases
from yiwang.engines.directory.api import SYSTEM, Actor, Cached, division_names, locate, path_of
from yiwang.engines.evidence.api import metres_between
from yiwang.engines.geography.api import bare_name
from yiwang.engines.language.api import folded
from yiwang.engines.processes.spec import Advisor
from yiwang.engines.worklists.api import page, read_search
from yiwang.kernel.app import registry
from yiwang.kernel.clock import now

SURE_FROM = 0.7
"""A candidate with a point from here on is taken without asking a person."""
TOGETHER = 200.0
"""Metres within which earlier reports of one address agree."""
_STATED = 0.5
"""Only a whole name of one division says where: 狮山大道 need not lie in 狮山镇."""
MOST, _MOST_REPORTS, _MOST_PHRASES, _MOST_SIGNS = 8, 40, 6, 80
_CODE = re.compile(r"(?<!\d)\d{16}(?!\d)")
_LABELLED = re.compile(r"(?:地址|地点|位置|位于)\s*(?:是|为|在)?\s*[:：]?\s*([^\n，。；！？,;!?]{3,60})")
_NAMED = re.compile(
    r"[\u4e00-\u9fff]{2,10}?(?:大道|公路|马路|路|街|巷|坊|村|社区|小区|花园|新村|广场|工业区|市场|学校|小学|中学|幼儿园|医院|公园|车站|桥)"
    r"(?:[0-9一二三四五六七八九十]{1,5}(?:号|座|栋))?"
)
_BEGINS = re.compile(r"^.*(?:我家|你好|请问|反映|在|到|从|住|位于|于|是)(?=[\u4e00-\u9fff]{2})")
_NOISE = re.compile(r"[\s，。、,.;；:：（）()\-—#]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place the words may mean. Without a point only the division is known. `confidence` 0 to 1."""

    kind: str
    """component, address or division."""
    title: str
    confidence: float
    reasons: tuple[str, ...]
    division: str = ""
    longitude: float | None = None
    latitude: float | None = None

    @property
    def is_sure(self) -> bool:
        return self.longitude is not None and self.confidence >= SURE_FROM


def candidates(actor: Actor, text: str) -> list[Candidate]:
    """Places the words may mean, the likeliest first; empty when the district knows none.

    Of earlier reports only those in the divisions whose arrivals the actor reads: an address may be somebody's home.
    """
    named = _divisions(text)
    stated = [one.division for one in named if one.confidence > _STATED]
    found = [*_components(text), *_of_reports(actor, text, stated), *named]
    return sorted(found, key=lambda one: (-one.confidence, one.kind, one.title))[:MOST]


def sure_place(text: str) -> Candidate | None:
    """The one place that may be taken without asking; None when none is sure, or two of them lie apart."""
    sure = [one for one in candidates(SYSTEM, text) if one.is_sure]
    if not sure:
        return None
    is_one = all(_metres(sure[0], other) <= TOGETHER for other in sure[1:])
    return sure[0] if is_one else None


def phrases(text: str) -> list[str]:
    """Parts of a text that read like an address, the one somebody labelled as such first.

    >>> phrases("你好，我家在狮山大道1号，门口路灯不亮")
    ['狮山大道1号']
    """
    flat = text.replace(" ", "")
    found = [match[1] for match in _LABELLED.finditer(flat)]
    found += [match[0] for match in _NAMED.finditer(flat)]
    return list(dict.fromkeys(_BEGINS.sub("", one)[:_MOST_SIGNS] for one in found))[:_MOST_PHRASES]


def _components(text: str) -> list[Candidate]:
    """Sixteen digits painted on a lamp or a cover say exactly where it stands."""
    lent = registry.parts(Advisor).get("catalogue.component")
    if lent is None:
        return []
    found = []
    for code in dict.fromkeys(_CODE.findall(text)):
        if known := lent.function({"code": code}, now()):
            reason = gettext("文中有部件编码 {code}，台账里有它的位置。").format(code=code)
            point = known["longitude"], known["latitude"]
            found.append(
                Candidate("component", f"{known['name']} {code}", 0.95, (reason,), locate(*point) or "", *point)
            )
    return found


def _of_reports(actor: Actor, text: str, named: list[str]) -> list[Candidate]:
    """Earlier reports whose address is what the words say; the same spot told by several counts more."""
    found: dict[str, Candidate] = {}
    scopes = actor.scopes(READ)
    for phrase in phrases(text) or [text.strip()[:_MOST_SIGNS]]:
        if len(phrase) < 3:
            continue
        search = read_search({"box": "all", "type": INCIDENT, "sort": "opened", "q": phrase})
        ids = [row.id for row in page(SYSTEM, search, size=_MOST_REPORTS).rows if row.address]
        by_address: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for case in seen_cases(SYSTEM, ids).values() if ids else ():
            if not (case.area or case.division).startswith(scopes):
                continue
            place = case.state.data.get("place") or {}
            if place.get("longitude") is not None and _plain(phrase) in _plain(place["address"]):
                by_address[_plain(place["address"])].append(place)
        for address, places in by_address.items():
            found.setdefault(address, _judged(phrase, places, named))
    return list(found.values())


def _judged(phrase: str, places: list[Mapping[str, Any]], named: list[str]) -> Candidate:
    first = places[0]
    apart = max(_metres_of(first, other) for other in places)
    division = locate(first["longitude"], first["latitude"]) or ""
    reasons = [gettext("以前有 {count} 件上报写的是这个地址。").format(count=len(places))]
    confidence = min(0.6 + 0.15 * (len(places) - 1), 0.9)
    if _plain(phrase) != _plain(first["address"]):
        confidence = 0.4
        reasons.append(gettext("只有一部分文字相同。"))
    if apart > TOGETHER:
        confidence = 0.3
        reasons.append(gettext("同一写法的地点相距 {metres} 米，须由人判断。").format(metres=round(apart)))
    if named and not any(division.startswith(code) for code in named):
        confidence = min(confidence, 0.2)
        reasons.append(gettext("与文中提到的镇街、村居不符。"))
    point = first["longitude"], first["latitude"]
    return Candidate("address", first["address"], confidence, tuple(reasons), division, *point)


def _divisions(text: str) -> list[Candidate]:
    """Towns and villages the text names: the longest name wins, a village beats the town around it."""
    flat = _NOISE.sub("", text)
    matched = {alias: codes for alias, codes in _aliases.get().items() if alias in flat}
    longest = {a: codes for a, codes in matched.items() if not any(a != b and a in b for b in matched)}
    codes = {code for codes in longest.values() for code in codes}
    towns = {code for code in codes if len(code) == 9}
    found: dict[str, Candidate] = {}
    for alias, meant in longest.items():
        fitting = [code for code in meant if code[:9] in towns] or list(meant)
        for code in fitting:
            if len(code) == 9 and any(len(other) > 9 and other.startswith(code) for other in codes):
                continue
            one = _named(alias, code, len(fitting))
            if code not in found or found[code].confidence < one.confidence:
                found[code] = one
    return list(found.values())


def _named(alias: str, code: str, shared: int) -> Candidate:
    is_whole = alias == division_names()[code]
    reasons = [gettext("文中提到“{name}”。").format(name=alias)]
    if shared > 1:
        reasons.append(gettext("同名的区划有 {count} 个。").format(count=shared))
    confidence = (0.8 if is_whole else 0.5 if len(alias) > 2 else 0.35) / shared
    return Candidate("division", path_of(code), round(confidence, 2), tuple(reasons), code)


def _load_aliases() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in division_names().items():
        if len(code) in (9, 12):
            for alias in (name, bare_name(name)):
                if len(alias) > 1:
                    found[alias].add(code)
    return {alias: tuple(sorted(codes)) for alias, codes in found.items()}


_aliases: Cached[dict[str, tuple[str, ...]]] = Cached("divisions", _load_aliases)


def _plain(text: str) -> str:
    return _NOISE.sub("", folded(text))


def _metres(one: Candidate, other: Candidate) -> float:
    return _metres_of(_point(one), _point(other))


def _point(one: Candidate) -> Mapping[str, Any]:
    return {"longitude": one.longitude, "latitude": one.latitude}


def _metres_of(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    return metres_between(one["longitude"], one["latitude"], other["longitude"], other["latitude"])
