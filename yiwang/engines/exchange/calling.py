"""Calling another system: only where the deployment lets us go, with a time limit, following nobody elsewhere.

A name is looked up once and the connection goes to the very address that was checked, so that a name that changes its
mind between the look and the call leads nowhere. Public addresses must use HTTPS; others must lie in a network of
`YIWANG_EXCHANGE_NETWORKS`.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext

from yiwang.engines.exchange.refusals import NotReachable

SECONDS = 10.0
"""How long connecting, and each wait for an answer, may take."""
WHOLE = 30.0
"""Seconds for request and answer together: somebody who answers a sign at a time holds up the worker's other duties."""
MOST_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: HTTP status, headers in lower case, body (at most MOST_ANSWER bytes)."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def checked_place(url: str) -> tuple[SplitResult, str]:
    """The parts of an address and the checked IP address to call; NotReachable when it may not be called."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotReachable(gettext("地址写法不对。")) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise NotReachable(gettext("地址应以 https:// 或 http:// 开头，不含账号。"))
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReachable(gettext("查不到 {host} 的网络地址。").format(host=parts.hostname)) from None
    places = [str(row[4][0]) for row in found]
    if not all(_may_call(place, parts.scheme) for place in places):
        raise NotReachable(
            gettext("不允许连接 {host}。").format(host=parts.hostname),
            next_step=gettext("内网地址须由运维列入 YIWANG_EXCHANGE_NETWORKS；公网地址须用 https。"),
        )
    return parts, places[0]


def _may_call(place: str, scheme: str) -> bool:
    address = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    allowed = (ipaddress.ip_network(one, strict=False) for one in settings.YIWANG["YIWANG_EXCHANGE_NETWORKS"])
    if any(address in network for network in allowed if network.version == address.version):
        return True
    return scheme == "https" and address.is_global and not address.is_multicast


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a body and read the answer. NotReachable when nobody answers; redirects are answers like others."""
    parts, place = checked_place(url)
    line = _opened(parts, place)
    try:
        with _within(WHOLE, line.sock):
            line.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, dict(headers))
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read(MOST_ANSWER))
    except (OSError, HTTPException) as error:
        raise NotReachable(gettext("没有得到答复：{error}").format(error=type(error).__name__)) from None
    finally:
        line.close()


@contextmanager
def _within(seconds: float, plug: socket.socket) -> Iterator[None]:
    """Hang up after so many seconds, wherever the talk stands; TimeoutError even when half an answer looks whole."""

    def hang_up() -> None:
        with suppress(OSError):
            plug.shutdown(socket.SHUT_RDWR)

    clock, begun = Timer(seconds, hang_up), time.monotonic()
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        if time.monotonic() - begun >= seconds:
            raise TimeoutError


def _opened(parts: SplitResult, place: str) -> HTTPConnection:
    """A connection to `place` that speaks to, and checks the certificate of, the host of the address."""
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    line = HTTPSConnection(host, port) if secure else HTTPConnection(host, port)
    try:
        plain = socket.create_connection((place, port), SECONDS)
        line.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    except OSError as error:
        raise NotReachable(gettext("连接不上：{error}").format(error=type(error).__name__)) from None
    return line
