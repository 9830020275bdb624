"""How a reader wants pages to look: theme and elder mode (适老化), kept in a cookie the server reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

COOKIE = "preferences"
THEMES = ("auto", "light", "dark")
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """`theme` is auto, light or dark; `is_elder` asks for larger type and fewer things."""

    theme: str = "auto"
    is_elder: bool = False

    @property
    def dark_media(self) -> str:
        """Media query under which the dark colours apply; '' when they never do. Paper is always light."""
        return {"auto": "screen and (prefers-color-scheme: dark)", "dark": "screen"}.get(self.theme, "")

    def cookie(self) -> str:
        """The cookie's text, as `preferences_of` reads it."""
        return f"{self.theme}.elder" if self.is_elder else self.theme


def preferences_of(request: HttpRequest | None) -> Preferences:
    """What the reader chose; the default for a missing or foreign cookie."""
    theme, _, elder = (request.COOKIES.get(COOKIE, "") if request is not None else "").partition(".")
    return Preferences(theme if theme in THEMES else "auto", elder == "elder")


def remember(response: HttpResponse, preferences: Preferences, *, is_secure: bool) -> None:
    """Keep the choice for a year. It holds no personal data and is read by the server only."""
    response.set_cookie(
        COOKIE, preferences.cookie(), max_age=_YEAR, samesite="Lax", httponly=True, secure=is_secure, path="/"
    )
