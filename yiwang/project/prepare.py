"""Before the server starts: migrations, district, history, static files; each only when needed."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from yiwang.kernel.errors import UserError, YiwangError
from yiwang.project.terminal import complain, say, step, table


def migrate() -> None:
    """Apply what is missing. A start with nothing to apply costs one query."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with step("数据表 migrations"):
        call_command("migrate", interactive=False, verbosity=0)


def _static_mark() -> str:
    """Names, sizes and times of all static files, as one hash."""
    from django.contrib.staticfiles.finders import get_finders

    mark = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            mark.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return mark.hexdigest()


def collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    mark_file: Path = settings.DATA_DIR / "static.sha256"
    mark = _static_mark()
    if mark_file.is_file() and mark_file.read_text(encoding="utf-8") == mark and Path(settings.STATIC_ROOT).is_dir():
        return
    with step("静态文件 static files"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark_file.write_text(mark, encoding="utf-8")


def write_accounts(path: Path) -> None:
    from yiwang.project.demo import accounts

    rows = [[account.title, account.name, account.username, account.password] for account in accounts()]
    text = table(["身份 role", "姓名 name", "用户名 user", "密码 password"], rows) if rows else ""
    path.write_text(text + "\n" if text else "", encoding="utf-8")


def prepare() -> None:
    from django.conf import settings

    from yiwang.project import demo

    migrate()
    demo.publish_apps()
    for title, load, given in (
        ("区划 district", demo.load_district, settings.YIWANG["YIWANG_DISTRICT"]),
        ("系统 apps", demo.seed_apps, settings.YIWANG["YIWANG_DISTRICT"]),
        ("历史 history", demo.load_history, settings.YIWANG["YIWANG_SCALE"]),
    ):
        with step(title):
            told = load(given)
        if told:
            say(f"  {told}")
    collect_static()
    if settings.DEMO:
        write_accounts(settings.DATA_DIR / "accounts.txt")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    try:
        import django

        django.setup()
        prepare()
    except UserError as problem:
        complain(problem.sentence())
        return 2
    except YiwangError as problem:
        complain(str(problem))
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
