"""The report's year carried whole: shares of it side by side, one for each core, then what follows from it, counted.

Each share keeps to its own cases, so two processes never let each other's clocks ring. A crash loses at most the batch
in hand of each.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from multiprocessing.queues import Queue
from queue import Empty
from typing import Any, NamedTuple

from yiwang.kernel.app import app_modules, registry
from yiwang.project.terminal import say, table

YEAR = timedelta(days=365)
WORTH_SHARING = 5_000
"""Below so many cases the start of another process costs more than it saves."""
BAR = 40


class Told(NamedTuple):
    """What a share tells on its way: transitions and cases so far, and which part of the time it has passed."""

    share: int
    transitions: int
    opened: int
    passed: float
    is_over: bool = False
    error: str = ""


class Bar:
    """A line that fills up; on what is no terminal a line for each tenth."""

    def __init__(self, title: str) -> None:
        self.title, self.begun, self.last = title, time.monotonic(), -1.0

    def show(self, passed: float, text: str) -> None:
        """Draw `passed` (0 to 1) with a text behind it."""
        grain = 0.005 if sys.stdout.isatty() else 0.1
        if passed < 1 and passed - self.last < grain:
            return
        self.last, filled = passed, round(BAR * passed)
        seconds = time.monotonic() - self.begun
        line = f"  {self.title} {'█' * filled}{'·' * (BAR - filled)} {passed:4.0%} {text} {seconds:,.0f} s"
        end = "\n" if passed >= 1 or not sys.stdout.isatty() else "\r"
        print(line, end=end, flush=True)


def carry(scale: float, end: datetime) -> tuple[int, int]:
    """(cases, transitions) of the stories of the year before `end`, in as many shares as there are cores."""
    from yiwang.project.history import scenarios

    expected = sum(one.per_year for one in scenarios().values()) * scale
    count = min(os.cpu_count() or 1, 4) if expected > WORTH_SHARING else 1
    if count == 1:
        return _alone(scale, end)
    spawned = multiprocessing.get_context("spawn")
    told: Queue[Told] = spawned.Queue()
    shares = [spawned.Process(target=_carry_share, args=(scale, end, count, no, told)) for no in range(count)]
    for process in shares:
        process.start()
    try:
        return _watch(told, count, shares)
    finally:
        for process in shares:
            process.terminate()


def _watch(told: Queue[Told], count: int, shares: list[Any]) -> tuple[int, int]:
    bar, last = Bar("办件 cases "), {number: Told(number, 0, 0, 0.0) for number in range(count)}
    while not all(one.is_over for one in last.values()):
        news = _next(told, shares)
        if news.error:
            raise RuntimeError(f"Share {news.share} of the year stopped: {news.error}")
        last[news.share] = news
        passed = min(one.passed for one in last.values())
        steps = sum(one.transitions for one in last.values())
        bar.show(min(passed, 0.999), f"{steps:,} 步")
    steps, cases = sum(one.transitions for one in last.values()), sum(one.opened for one in last.values())
    bar.show(1.0, f"{steps:,} 步")
    return cases, steps


def _next(told: Queue[Told], shares: list[Any]) -> Told:
    while True:
        try:
            return told.get(timeout=5)
        except Empty as error:
            dead = [process for process in shares if process.exitcode not in (None, 0)]
            if dead:
                raise RuntimeError(f"A share of the year was ended from outside (exit {dead[0].exitcode}).") from error


def _alone(scale: float, end: datetime) -> tuple[int, int]:
    from yiwang.engines.stories.api import Replay
    from yiwang.project.history import told_year

    done = Replay(told_year(scale, end), end).run()
    return done.opened, done.transitions


def _carry_share(scale: float, end: datetime, count: int, number: int, told: Queue[Told]) -> None:
    """In a process of its own: one share, with news after each batch."""
    try:
        import django

        django.setup()
        from yiwang.engines.cases.api import Share
        from yiwang.engines.stories.api import Progress, Replay
        from yiwang.project.history import told_year

        def news(progress: Progress) -> None:
            passed = 1 - (end - progress.at) / YEAR
            told.put(Told(number, progress.transitions, progress.opened, max(0.0, min(passed, 1.0))))

        done = Replay(told_year(scale, end, count, number), end, share=Share(count, number)).run(news)
        told.put(Told(number, done.transitions, done.opened, 1.0, is_over=True))
    except BaseException as error:
        told.put(Told(number, 0, 0, 0.0, error=f"{type(error).__name__}: {error}"))
        raise


def write_sets(district: str, scale: float, end: datetime) -> int:
    """Rows of systems whose year is written in sets (`year.py` of an app); how many."""
    total = 0
    for _, key, module in app_modules("year"):
        bar, written = Bar(f"{registry.apps[key].title} "), 0
        wanted = max(1.0, module.PER_YEAR * scale)
        for written in module.write_year(district, end - YEAR, end, scale):
            bar.show(min(written / wanted, 0.999), f"{written:,} 条")
        if written:
            bar.show(1.0, f"{written:,} 条")
        total += written
    return total


def catch_up() -> None:
    """What listens to single steps learns of the many: likenesses, the map, the facts."""
    from yiwang.engines.cockpit.map.store import catch_up_all
    from yiwang.engines.datahub.api import refresh
    from yiwang.engines.gathering.api import mark_all

    for title, work in (("并案索引 likeness", mark_all), ("地图 map", catch_up_all), ("数据底座 facts", refresh)):
        begun = time.monotonic()
        _until_done(work)
        say(f"  {title} {time.monotonic() - begun:,.0f} s")


def _until_done(work: Callable[[], int]) -> None:
    while work():
        pass


def figures() -> Iterator[tuple[str, str, float | None, float]]:
    """(system, figure, what the report says, what the records say) of each app that counts its own."""
    for _, key, module in app_modules("figures"):
        app = registry.apps[key]
        counted: Mapping[str, tuple[str, float]] = module.counted()
        for name, (title, value) in counted.items():
            yield app.title, title, app.figures.get(name), value


def figures_table(scale: float) -> str:
    """The report's figures beside those of the records; counts of the report at the scale of the replay."""
    rows = []
    for system, title, said, value in figures():
        is_rate = said is not None and said <= 1
        expected = "—" if said is None else f"{said:.2%}" if is_rate else f"{said * scale:,.0f}"
        rows.append([system, title, expected, f"{value:.2%}" if is_rate else f"{value:,.0f}"])
    return table(["系统 system", "数字 figure", "报告 report", "记录 records"], rows)
