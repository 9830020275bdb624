"""Runs every module here that has `measure()`, each in a process and a database of its own, and prints one table.

A figure is (name, value, unit, baseline name, baseline value); without a baseline the last two are "" and None.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

import benchmarks
from yiwang.project.environment import ROOT
from yiwang.project.terminal import say, table

Figure = tuple[str, float, str, str, float | None]
RESULT = ROOT / "var" / "bench.json"
_TEMPLATE = "bench_template"


def names() -> list[str]:
    """Modules that measure, by their source, so that a broken one fails in its own process."""
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")]
    folder = Path(benchmarks.__path__[0])
    return [name for name in found if "\ndef measure(" in (folder / f"{name}.py").read_text(encoding="utf-8")]


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _database(url: str, name: str, template: str | None) -> str:
    """A fresh database of that name; returns its URL."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)
    return with_database(url, name)


def _drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def measure_here(name: str, answer: Path) -> None:
    """In the child: measure one module and leave the figures in a file."""
    import django

    django.setup()
    figures = importlib.import_module(f"benchmarks.{name}").measure()
    answer.write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")


def measure_apart(name: str, url: str) -> list[Figure]:
    """One module in a process and a database of its own; raises CalledProcessError when it fails."""
    answer = RESULT.with_name(f"bench-{name}.json")
    environment = os.environ | {"DATABASE_URL": _database(url, f"bench_{name}", _TEMPLATE)}
    try:
        command = [sys.executable, "-m", "benchmarks", "--one", name, str(answer)]
        subprocess.run(command, env=environment, cwd=ROOT, check=True)
        return [tuple(figure) for figure in json.loads(answer.read_text(encoding="utf-8"))]
    finally:
        answer.unlink(missing_ok=True)
        _drop(url, f"bench_{name}")


def as_facts(figure: Figure) -> dict[str, Any]:
    """Value, unit and baseline; `ratio` is how many times better than the baseline, below 1 when it is worse."""
    _, value, unit, _, baseline = figure
    ratio = None
    if baseline and value:
        ratio = round(value / baseline if unit.endswith("/s") else baseline / value, 2)
    return {"value": value, "unit": unit, "baseline": baseline, "ratio": ratio}


def plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


def as_row(figure: Figure) -> list[str]:
    name, value, unit, baseline_name, baseline = figure
    ratio = as_facts(figure)["ratio"]
    beside = f"{baseline_name}: {plain(baseline)} {unit}" if baseline is not None else "—"
    return [name, f"{plain(value)} {unit}", beside, f"{ratio:g} ×" if ratio else "—"]


def main(chosen: list[str]) -> int:
    RESULT.parent.mkdir(exist_ok=True)
    url = os.environ["DATABASE_URL"]
    template = os.environ | {"DATABASE_URL": _database(url, _TEMPLATE, None)}
    migrate = [sys.executable, "-m", "yiwang.project.manage", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=template, cwd=ROOT, check=True)
    figures: list[Figure] = []
    failed = []
    for name in chosen or names():
        say(f"• {name} …")
        began = time.monotonic()
        try:
            figures += measure_apart(name, url)
        except subprocess.CalledProcessError:
            failed.append(name)
        say(f"  {time.monotonic() - began:.0f} s")
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if chosen and RESULT.exists() else {}
    kept |= {figure[0]: as_facts(figure) for figure in figures}
    RESULT.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    if figures:
        say("\n" + table(["measure", "value", "beside it", "ratio"], [as_row(figure) for figure in figures]))
    say(f"\nFailed: {', '.join(failed)}" if failed else f"\nWritten to {RESULT.relative_to(ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure_here(sys.argv[2], Path(sys.argv[3]))
        sys.exit(0)
    sys.exit(main(sys.argv[1:]))
