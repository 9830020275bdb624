"""The border without a database: signatures, envelopes, addresses, maps."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from typing import Any

import pytest

from yiwang.engines.exchange import calling
from yiwang.engines.exchange.calling import checked_place
from yiwang.engines.exchange.envelope import read
from yiwang.engines.exchange.refusals import NotAnEvent, NotReachable, WrongForm
from yiwang.engines.exchange.services.keeping import read_map
from yiwang.engines.exchange.signing import is_signed, is_timely, signature, signed_text

GOOD: dict[str, Any] = {
    "specversion": "1.0", "id": "1", "type": "yiwang.case.opened", "source": "s", "subject": "A-1",
    "time": "2026-05-01T08:00:00+08:00", "sequence": "7", "data": {"status": "登记"},
}  # fmt: skip


def body(**changes: Any) -> bytes:
    return json.dumps({key: value for key, value in {**GOOD, **changes}.items() if value is not ...}).encode()


def test_a_known_signature_is_what_the_document_says() -> None:
    """Worked out apart: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac geheim."""
    text = signed_text("1700000000", b'{"a":1}')
    assert text == b'1700000000.{"a":1}'
    assert signature("geheim", text) == KNOWN


KNOWN = "v1=c2f0a59f12d0bcd3933234d85083c03b99e970604203fd059a320436bb602adf"


@pytest.mark.parametrize(
    ("header", "secrets", "fits"),
    [
        ("{new}", ["new"], True), ("{old}", ["new", "old"], True), ("{old}", ["new"], False),
        ("v1=00,{new}", ["new"], True), ("{new}x", ["new"], False), ("", ["new"], False), ("签名", ["new"], False),
        ("v1=0,v1=0,v1=0,v1=0,{new}", ["new"], False),
    ],
)  # fmt: skip
def test_one_good_signature_of_few_is_enough(header: str, secrets: list[str], fits: bool) -> None:
    text = signed_text("1", b"x")
    made = {name: signature(name, text) for name in ("new", "old")}
    assert is_signed(header.format(**made), secrets, text) is fits


def test_attributes_in_headers_are_signed_in_whatever_order_they_come() -> None:
    one = signed_text("1", b"x", {"Ce-Id": "1", "ce-type": "t"})
    assert one == signed_text("1", b"x", {"ce-type": "t", "ce-id": "1"})
    assert one != signed_text("1", b"x", {"ce-type": "t", "ce-id": "2"})


@pytest.mark.parametrize(
    ("timestamp", "is_good"),
    [
        ("1000", True),
        ("1300", True),
        ("700", True),
        ("1301", False),
        ("699", False),
        ("", False),
        ("1e3", False),
        ("٣٠٠", False),
    ],
)
def test_the_window_is_five_minutes_either_way(timestamp: str, is_good: bool) -> None:
    assert is_timely(timestamp, 1000.0) is is_good


def test_both_modes_say_the_same() -> None:
    one = read("application/cloudevents+json; charset=utf-8", {}, body())
    headers = {f"Ce-{name}": str(value) for name, value in GOOD.items() if name != "data"}
    other = read("application/json", headers, json.dumps(GOOD["data"]).encode())
    assert one == other and one.sequence == 7 and one.word == "登记" and one.time is not None
    assert one.time.isoformat() == "2026-05-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "attribute"),
    [
        ({"specversion": "0.3"}, "specversion"), ({"id": ""}, "id"), ({"id": 5}, "id"), ({"id": "x" * 201}, "id"),
        ({"source": ...}, "source"), ({"subject": ...}, "subject"), ({"subject": "a\nb"}, "subject"),
        ({"time": "2026-05-01 08:00"}, "time"), ({"time": "2026-13-01T08:00:00Z"}, "time"), ({"time": 5}, "time"),
        ({"sequence": -1}, "sequence"), ({"sequence": "1.5"}, "sequence"), ({"sequence": True}, "sequence"),
        ({"sequence": "9" * 30}, "sequence"), ({"data": []}, "data"), ({"data": {"a": "\0"}}, "body"),
        ({"data_base64": "AA=="}, "data_base64"), ({"datacontenttype": "text/xml"}, "datacontenttype"),
        ({"datacontenttype": 5}, "datacontenttype"),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused_by_name(changes: dict[str, Any], attribute: str) -> None:
    with pytest.raises(NotAnEvent) as refused:
        read("application/cloudevents+json", {}, body(**changes))
    assert refused.value.facts["attribute"] == attribute


@pytest.mark.parametrize("sent", [b"", b"[]", b"{", b"\xff", b'"x"', b"[" * 5000])
def test_what_is_no_object_is_refused(sent: bytes) -> None:
    with pytest.raises(NotAnEvent):
        read("application/cloudevents+json", {}, sent)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", "application/cloudevents-batch+json"])
def test_other_media_are_refused(kind: str) -> None:
    with pytest.raises(WrongForm):
        read(kind, {}, body())


@pytest.mark.parametrize(
    ("url", "networks", "may"),
    [
        ("http://127.0.0.1:80/x", [], False), ("http://127.0.0.1:80/x", ["127.0.0.0/8"], True),
        ("https://127.0.0.1/x", [], False), ("http://[::1]/x", ["127.0.0.0/8"], False),
        ("http://[::ffff:10.0.0.1]/", [], False), ("http://[::ffff:10.0.0.1]/", ["10.0.0.0/8"], True),
        ("http://169.254.169.254/latest", [], False), ("https://0.0.0.0/", [], False), ("http://2130706433/", [], False),
        ("https://8.8.8.8/x", [], True), ("http://8.8.8.8/x", [], False), ("https://224.0.0.1/", [], False),
        ("file:///etc/passwd", [], False), ("https://user@8.8.8.8/", [], False), ("http://10.0.0.1:port/", ["10.0.0.0/8"], False),
        ("gopher://8.8.8.8/", [], False), ("https://", [], False),
    ],
)  # fmt: skip
def test_only_places_the_deployment_allows_are_called(url: str, networks: list[str], may: bool, settings: Any) -> None:
    settings.YIWANG = {**settings.YIWANG, "YIWANG_EXCHANGE_NETWORKS": networks}
    if may:
        assert checked_place(url)[1]
    else:
        with pytest.raises(NotReachable):
            checked_place(url)


def test_who_answers_a_sign_at_a_time_is_hung_up_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.YIWANG = {**settings.YIWANG, "YIWANG_EXCHANGE_NETWORKS": ["127.0.0.0/8"]}
    monkeypatch.setattr(calling, "WHOLE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=_drip, args=(door,))
        thread.start()
        with pytest.raises(NotReachable, match="TimeoutError"):
            calling.post(f"http://127.0.0.1:{door.getsockname()[1]}/", {}, b"{}")
        thread.join(10)
        assert not thread.is_alive()


def _drip(door: socket.socket) -> None:
    """A whole head, then a blank every now and then, until nobody listens."""
    line, _ = door.accept()
    line.settimeout(0.02)
    with line, suppress(OSError):
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
        for _ in range(1000):
            line.sendall(b" ")
            with suppress(TimeoutError):
                line.recv(4096)


def test_maps_are_read_line_by_line_and_the_wrong_line_is_named() -> None:
    assert read_map("登记 = 已收到\n\n办结＝closed", is_incoming=True) == ({"登记": "received", "办结": "closed"}, "")
    assert read_map("已收到 = 登记", is_incoming=False) == ({"received": "登记"}, "")
    for text, line in (
        ("登记", "1"),
        ("登记 = 已收到\n结束 = 已办洁", "2"),
        ("甲 = closed\n甲 = working", "2"),
        ("", "一行"),
    ):
        found, wrong = read_map(text, is_incoming=True)
        assert found == {} and line in wrong
