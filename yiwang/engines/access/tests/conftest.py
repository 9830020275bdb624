"""A dispatcher of one town with a password, and what a browser of theirs can do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yiwang.engines.directory.api import User, forget_cached
from yiwang.engines.directory.models import Division, Organisation, Post, Posting

PASSWORD = "正确的 horse battery staple"
TOWN = "440605124"


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    """Secrets are sealed with keys of this test; what a process remembers of the database goes."""
    settings.DATA_DIR = tmp_path
    forget_cached()


@pytest.fixture
def person(db: None) -> User:
    """黄志强, 派遣员 of 狮山镇."""
    Division.objects.create(code="440605", level="district", name="南海区")
    Division.objects.create(code=TOWN, level="town", name="狮山镇", parent_id="440605")
    Division.objects.create(code="440605123", level="town", name="大沥镇", parent_id="440605")
    Division.objects.create(code=f"{TOWN}001", level="village", name="松岗社区居委会", parent_id=TOWN)
    office = Organisation.objects.create(name="狮山镇人民政府", kind="government", division_id=TOWN)
    post = Post.objects.create(role="city_incident.dispatcher", organisation=office, division_id=TOWN)
    user = User.objects.create_user("huang", PASSWORD, name="黄志强")
    Posting.objects.create(user=user, post=post, from_on=date(2020, 1, 1))
    forget_cached()
    return user


@pytest.fixture
def inside(person: User) -> Client:
    """A browser in which the person has logged in by the form."""
    client = Client()
    answer = client.post("/account/log-in/", {"username": "huang", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client
