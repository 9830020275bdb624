"""A small district for tests: three towns of three villages in a square, and the people who keep its directory."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from yiwang.engines.directory.actors import Actor, actor_for
from yiwang.engines.directory.models import Organisation, Post, Posting, User
from yiwang.engines.directory.revisions import bump

TOWNS = [("440605011", "桂城街道"), ("440605124", "狮山镇"), ("440605125", "大沥镇")]
SQUARE = shapely.box(113.0, 23.0, 113.2, 23.2)
SHISHAN, DALI = "440605124", "440605125"


def write_list(folder: Path) -> Path:
    """The code list in the shape of the package's files."""
    villages = [
        {"code": f"{town}{number:03d}", "name": f"{name[:2]}第{number}社区居委会", "areaCode": "440605"}
        for town, name in TOWNS
        for number in (1, 2, 201)
    ]
    files: dict[str, list[dict[str, Any]]] = {
        "areas": [{"code": "440605", "name": "南海区"}, {"code": "440606", "name": "顺德区"}],
        "streets": [{"code": code, "name": name, "areaCode": "440605"} for code, name in TOWNS],
        "villages": villages,
    }
    for name, rows in files.items():
        (folder / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return folder


def office(division: str, kind: str = "government") -> int:
    """Id of the seeded organisation of a kind."""
    return Organisation.objects.get(division_id=division, kind=kind, parent=None).pk


def person(username: str, role: str = "", division: str = "", kind: str = "government", **values: Any) -> User:
    """An account, with a post when a role is given."""
    user = User.objects.create_user(username, None, name=values.pop("name", username), **values)
    if role:
        post, _ = Post.objects.get_or_create(role=role, division_id=division, organisation_id=office(division, kind))
        Posting.objects.create(user=user, post=post, from_on=date(2021, 1, 1))
    return user


def keeper(division: str, name: str = "") -> Actor:
    """An administrator of the district or of a town."""
    role = "directory.administrator" if len(division) == 6 else "directory.town_administrator"
    return actor_for(person(name or f"keeper-{division}", role, division))


def fresh() -> None:
    """Rows written past the services count as a change."""
    bump("organisations")
