"""Every answer carries the headers that keep pages safe, and no page needs what the policy forbids."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from yiwang.ui.middleware import HEADERS

pytestmark = pytest.mark.django_db
PATHS = ("/healthz", "/account/log-in/", "/style/", "/style/?side=staff", "/offline/", "/manifest.webmanifest", "/no/such/page/",
         "/api/openapi.json", "/api/docs", "/api/nothing", "/account/")  # fmt: skip
PAGES = ("/account/log-in/", "/style/", "/style/?side=staff", "/style/?elder=1", "/offline/", "/no/such/page/", "/api/docs")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_protected(client: Client, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_this_site_and_nothing_inline(client: Client) -> None:
    policy = dict(part.strip().split(" ", 1) for part in client.get("/offline/")["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert not [value for value in policy.values() if "unsafe" in value or "http" in value or "*" in value]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_inline_code_or_asks_another_host(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
    assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", page)
    assert not re.findall(r"<style", page)
    foreign = [address for address in re.findall(r'(?:src|href|action)="([^"]*)"', page) if re.match(r"(?:[a-z]+:)?//|javascript:", address)]
    assert not foreign


@pytest.mark.parametrize("path", PAGES)
def test_every_post_form_carries_its_token(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.S)
    assert forms
    assert not [form for form in forms if "csrfmiddlewaretoken" not in form]


@pytest.mark.parametrize("path", PAGES)
def test_every_file_a_page_names_exists(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    files = {file for file in re.findall(r'"/static/([^"#]+)', page) if not file.startswith("vendor/")}
    assert files
    assert not [file for file in files if finders.find(file) is None]


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique_and_labels_lead_to_controls(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})
    targets = re.findall(r'(?:\sfor|aria-labelledby|aria-describedby)="([^"]+)"', page)
    assert not {one for target in targets for one in target.split()} - set(ids)


def test_over_tls_the_browser_is_told_to_stay_there(client: Client) -> None:
    assert "Strict-Transport-Security" not in client.get("/offline/")
    assert client.get("/offline/", secure=True)["Strict-Transport-Security"].startswith("max-age=")
    answer = client.post("/preferences/", {"theme": "dark", "language": "en"}, secure=True)
    assert all(answer.cookies[name]["secure"] and answer.cookies[name]["httponly"] for name in ("preferences", "django_language"))
