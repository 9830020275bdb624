"""Lists of services as cities publish them, well and badly written; and the lists of two real cities, if at hand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.small_district import DISTRICT
from yiwang.apps.governance.open311.models import Import
from yiwang.apps.governance.open311.offer import offered
from yiwang.apps.governance.open311.published import read_published
from yiwang.apps.governance.open311.services.importing import import_services, packaged, read_services
from yiwang.apps.governance.open311.services.keys import make_key
from yiwang.apps.governance.open311.tests.outside_client import OutsideClient
from yiwang.engines.directory.api import SYSTEM, User, today
from yiwang.engines.rulebooks.api import Edition, publish_edition
from yiwang.kernel.clock import frozen, now

XML_LIST = """<?xml version="1.0" encoding="{encoding}"?>
<o:services xmlns:o="urn:open311"><o:service><o:service_code>033</o:service_code>
<o:service_name>Bäume &amp; Sträucher</o:service_name><o:description><![CDATA[<b>fallen</b>]]></o:description>
<o:metadata>true</o:metadata><o:type>realtime</o:type><o:keywords>tree, branch</o:keywords></o:service>
<o:service><o:service_code>034</o:service_code><o:service_name>路灯不亮</o:service_name>
<o:metadata>TRUE</o:metadata><o:type>later</o:type><o:group>Streets</o:group></o:service></o:services>"""
XML_DEFINITION = """<service_definition><service_code>033</service_code><attributes>
<attribute><variable>true</variable><code>KIND</code><datatype>singlevaluelist</datatype><required>true</required>
<order>1</order><description>What fell?</description><values><value><key>a=b</key><name>Tree</name></value></values>
</attribute><attribute><variable>false</variable><code>NOTE</code><datatype>text</datatype><required>false</required>
<order>x</order><description>Keep away.</description></attribute>
<attribute><code>BAD</code><datatype>photo</datatype></attribute>
<attribute><code>EMPTY</code><datatype>multivaluelist</datatype><values/></attribute></attributes></service_definition>"""
BOMB = b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z SYSTEM "file:///etc/hostname">]><services><service>'
BOMB += b"<service_code>1</service_code><service_name>&z;</service_name></service></services>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_xml_in_namespaces_and_encodings(small_district: None, db: None, encoding: str) -> None:
    files = [
        ("services.xml", XML_LIST.format(encoding=encoding).encode(encoding)),
        ("033.xml", XML_DEFINITION.encode()),
    ]
    found = read_services(files)
    assert list(found.services) == ["033", "034"] and found.services["033"]["service_name"] == "Bäume & Sträucher"
    assert "group" not in found.services["033"] and found.services["033"]["description"] == "<b>fallen</b>"
    assert found.services["034"]["category"] == "lamp" and found.services["034"]["type"] == "realtime"
    assert [(row["code"], row["place"], row.get("values")) for row in found.attributes] == [
        ("KIND", 1, "a-b=Tree"), ("NOTE", 2, None),
    ]  # fmt: skip
    assert found.attributes[1]["is_notice"] and found.attributes[0]["is_required"]
    said = sorted((one.weight, one.text.split()[0]) for one in found.findings)
    assert said == [("check", "033"), ("check", "034"), ("check", "later"), ("unread", "BAD"), ("unread", "EMPTY")]


@pytest.mark.parametrize(
    ("content", "count", "weights"),
    [
        (b"", 0, ["unread"]), (b"<services><service>", 0, ["unread"]), (b"{}", 0, ["unread"]), (BOMB, 0, ["unread"]),
        (b'{"services": [{"service_code": 7, "service_name": "A", "keywords": ["x", "y"]}]}', 1, ["check"]),
        (b'[{"service_code": 7, "service_name": "A"}, {"service_code": "7", "service_name": "B"}]', 1,
         ["check", "unread"]),
        (b'[{"service_name": "A"}, {"service_code": "1", "service_name": null}]', 0, ["unread", "unread"]),
        ('[{"service_code": "1", "service_name": "路灯"}]'.encode("gb18030"), 1, ["check"]),
        (b'\xef\xbb\xbf[{"service_code": "1", "service_name": "A\\u0000\\u2028B"}]', 1, ["check"]),
        (b'{"service_code": "9", "attributes": []}', 0, ["unread"]), (b"[" * 5000, 0, ["unread"]),
        (b"<a>" * 50 + b"</a>" * 50, 0, ["unread"]), (b"x" * 5_000_001, 0, ["unread"]),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_what_cannot_be_read_is_listed_and_never_guessed(
    small_district: None, db: None, content: bytes, count: int, weights: list[str]
) -> None:
    found = read_services([("list", content)])
    assert len(found.services) == count
    assert sorted({one.weight for one in found.findings}) == sorted(set(weights))


def publish(row: Import) -> None:
    for number in row.facts["drafts"]:
        publish_edition(SYSTEM, number, today())


def test_a_list_becomes_a_working_catalogue(small_district: None, db: None) -> None:
    files = [("services.xml", XML_LIST.format(encoding="utf-8").encode()), ("033.xml", XML_DEFINITION.encode())]
    keeper = Client()
    keeper.force_login(User.objects.get(username=f"{DISTRICT}-interface_keeper"))
    address = "/governance/open311/import/"
    assert keeper.post(address, {"source": "files"}).status_code == 422
    for manner, drafts in (("try", 0), ("draft", 2)):
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        answer = keeper.post(address, {"source": "files", "manner": manner, "files": sent})
        page = keeper.get(answer["Location"]).content.decode()
        assert Edition.objects.filter(book__startswith="open311.", status="draft").count() == drafts
        assert "BAD photo" in page and "认不出是哪一类" in page
    assert "033" not in offered(), "a draft is no catalogue yet"
    publish(Import.objects.order_by("-at").first())
    one = OutsideClient("/governance/open311/v2", "xml", make_key(SYSTEM, "x", "x", per_minute=99)[1])
    assert one.get("services/033")[1]["attributes"][0]["values"] == [{"key": "a-b", "name": "Tree"}]
    sent = {"service_code": "033", "lat": "23.0", "long": "112.9", "attribute[KIND]": "a-b"}
    status, (made,) = one.post("requests", sent)
    assert status == 200 and one.get(f"requests/{made['service_request_id']}")[1][0]["service_code"] == "033"
    assert "manhole" in offered() and offered()["lamp"].attributes, "what was there stays"
    with frozen(now() + timedelta(days=1)):
        more = b'[{"service_code": "50", "service_name": "B"}]'
        publish(import_services(SYSTEM, [("b.json", more)], is_trial=False))
        assert {"033", "50"} <= set(offered()) and offered()["033"].attributes


@pytest.mark.skipif(packaged() is None, reason="the optional package civicbot is not installed")
def test_the_published_lists_of_two_cities_work(small_district: None, db: None) -> None:
    """As the package carries them: what it says and what we read are compared with each other, nothing is copied."""
    package = packaged()
    assert package is not None
    told: dict[str, Any] = json.loads(package[1])
    lists = [part for part in told.values() if isinstance(part, list)]
    codes = {str(service["service_code"]) for part in lists for service in part}
    published = read_published([package])
    assert len(lists) == 2 and len(published.services) == sum(map(len, lists)) > 100
    row = import_services(SYSTEM, [package], is_trial=False)
    clashes = row.facts["unread"]
    assert row.facts["services"] == len(codes) == len(published.services) - clashes
    promised = {str(one["service_code"]) for part in lists for one in part if one["metadata"]}
    defined = {one["service_code"] for _, one in published.definitions}
    lacking = [one for one in row.facts["findings"] if "metadata" in one["reason"]]
    assert {one["text"] for one in lacking} == promised - defined
    publish(row)
    one = OutsideClient("/governance/open311/v2", "json", make_key(SYSTEM, "x", "x", per_minute=999)[1])
    listed = {service["service_code"]: service for service in one.get("services")[1]}
    assert codes <= set(listed)
    for definition in defined:
        (question, *_) = one.get(f"services/{definition}")[1]["attributes"]
        sent = {"service_code": definition, "lat": "23.0", "long": "112.9", "description": "dark",
                f"attribute[{question['code']}]": question["values"][0]["key"]}  # fmt: skip
        status, (made,) = one.post("requests", sent)
        (shown,) = one.get(f"requests/{made['service_request_id']}")[1]
        assert (status, shown["service_name"]) == (200, listed[definition]["service_name"])
