"""Likeness in words a clerk or a citizen reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext

from yiwang.engines.cases.api import Running, form_at
from yiwang.engines.gathering.likeness import Likeness

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_AT_ONE_PLACE = 5
_MOST_WORDS = 3


def reasons(found: Likeness, *, is_earlier: bool) -> tuple[str, ...]:
    """Why two reports look alike, strongest first: distance, time, words, class, person."""
    return tuple(_reasons(found, is_earlier))


def _reasons(found: Likeness, is_earlier: bool) -> Iterator[str]:
    if found.metres is not None and found.metres < _AT_ONE_PLACE:
        yield gettext("同一地点")
    elif found.metres is not None:
        yield gettext("相距 %(metres)s 米") % {"metres": round(found.metres)}
    else:
        yield gettext("地点待核实")
    if found.apart < _MINUTE:
        yield gettext("同一时间")
    else:
        yield ago(found.apart) if is_earlier else gettext("晚 %(time)s") % {"time": length(found.apart)}
    if found.shared:
        words = "".join(f"“{word}”" for word in found.shared[:_MOST_WORDS])
        yield gettext("都提到%(words)s") % {"words": words}
    if found.is_same_category:
        yield gettext("类别相同")
    if found.is_same_person:
        yield gettext("同一联系人")


def ago(apart: timedelta) -> str:
    """`2 小时前`."""
    return gettext("%(time)s前") % {"time": length(apart)}


def length(apart: timedelta) -> str:
    """Minutes below an hour, hours below two days, days beyond."""
    if apart < _HOUR:
        return gettext("%(count)s 分钟") % {"count": max(1, apart // _MINUTE)}
    if apart < 2 * _DAY:
        return gettext("%(count)s 小时") % {"count": apart // _HOUR}
    return gettext("%(count)s 天") % {"count": apart // _DAY}


def stage_of(case: Running) -> str:
    """Titles of the steps where work stands."""
    titles = dict.fromkeys(gettext(case.graph.nodes[token.node].title) for token in case.state.open_tasks())
    return gettext("、").join(titles)


def category_of(case: Running) -> str:
    """The class in words; the title of the type where there is none. Never anything a reporter wrote."""
    form = form_at(case, case.graph.nodes[case.graph.start])
    field = form.form.by_key.get(case.graph.bundle.get("category") or "") if form is not None else None
    if form is None or field is None or field.kind != "choice" or not case.category:
        return gettext(case.graph.title)
    pairs = form.display({field.key: case.category})
    return str(pairs[0][1]) if pairs else gettext(case.graph.title)
