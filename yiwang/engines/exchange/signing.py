"""Signatures of events: HMAC-SHA256 with a secret both sides know, over a timestamp and what is sent.

Structured mode signs `<timestamp>.<body>`. In binary mode the attributes travel in headers, so they are signed too:
`<timestamp>.<name>:<value>\\n…<body>` with the `ce-` headers in lower case, sorted. A header may carry several
signatures, so that a sender who changes its secret signs with both for a while.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping

WINDOW = 300
"""Seconds a timestamp may differ from our clock, either way."""
VERSION = "v1"
TIMESTAMP_HEADER, SIGNATURE_HEADER = "Yiwang-Timestamp", "Yiwang-Signature"
_MOST_SIGNATURES = 4


def signed_text(timestamp: str, body: bytes, attributes: Mapping[str, str] | None = None) -> bytes:
    """The bytes a signature is made over; `attributes` are the `ce-` headers of binary mode."""
    lines = [f"{name.lower()}:{value}\n" for name, value in (attributes or {}).items()]
    return f"{timestamp}.{''.join(sorted(lines))}".encode() + body


def signature(secret: str, text: bytes) -> str:
    """One signature as it stands in the header."""
    return f"{VERSION}={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


def is_signed(header: str, secrets: Iterable[str], text: bytes) -> bool:
    """Whether one of the header's signatures fits one of the secrets; every pair is compared in constant time."""
    given = [part.strip().encode() for part in header.split(",")[:_MOST_SIGNATURES]]
    wanted = [signature(secret, text).encode() for secret in secrets]
    matches = [hmac.compare_digest(one, other) for one in given for other in wanted]
    return any(matches)


def is_timely(timestamp: str, now: float) -> bool:
    """Whether a timestamp (seconds since 1970) is within the window around `now`."""
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    return is_number and abs(int(timestamp) - now) <= WINDOW
