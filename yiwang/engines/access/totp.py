"""Time-based one-time codes (RFC 6238, SHA-1, six digits, 30 seconds) as every authenticator app knows them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import secrets
import struct
from urllib.parse import quote

import qrcode
from django.utils.safestring import SafeString
from qrcode.image.svg import SvgPathImage

STEP = 30
WINDOW = 1
"""Steps a phone's clock may be off either way."""
RECOVERY_CODES = 8


def new_secret() -> str:
    """20 random bytes in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The six digits of a time step."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


def accepted_step(secret: str, code: str, seconds: float, last: int) -> int | None:
    """The step a code is good for, later than `last`; None when it is good for none."""
    present = int(seconds) // STEP
    for step in range(present - WINDOW, present + WINDOW + 1):
        if step > last and hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def address(secret: str, username: str, issuer: str) -> str:
    """The otpauth address an authenticator app reads from the square."""
    return f"otpauth://totp/{quote(issuer)}:{quote(username)}?secret={secret}&issuer={quote(issuer)}"


def square(text: str) -> SafeString:
    """The square as SVG, drawn here: no picture comes from elsewhere."""
    image = qrcode.make(text, image_factory=SvgPathImage, box_size=8, border=2)
    out = io.BytesIO()
    image.save(out)
    drawn = out.getvalue().decode()
    return SafeString(drawn[drawn.index("<svg") :])


def new_recovery_codes() -> list[str]:
    """Codes for the day the phone is lost; each is good once."""
    return [f"{secrets.randbelow(10**5):05d}-{secrets.randbelow(10**5):05d}" for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()
