"""What every page's frame shows: names, navigation, the person at work. Floors above tell it what it cannot know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from yiwang.ui import navigation, rail
from yiwang.ui.preferences import Preferences, preferences_of


@dataclass(frozen=True, slots=True)
class UserCard:
    """The person at work, as the user menu shows it: name, role, and the division the role reaches over."""

    name: str
    role: str = ""
    scope: str = ""


def _plain_card(request: HttpRequest) -> UserCard | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return UserCard(name=str(getattr(user, "name", "") or user.get_username()))


@dataclass(frozen=True, slots=True)
class Site:
    """What the frame asks of the floors above; set once with `configure`."""

    district_name: Callable[[], str] = lambda: ""
    user_card: Callable[[HttpRequest], UserCard | None] = _plain_card
    home_url_name: str = ""
    staff_home_url_name: str = ""
    search_url_name: str = ""
    log_in_url_name: str = ""
    log_out_url_name: str = ""
    account_url_name: str = ""


_sites = [Site()]


def _site() -> Site:
    return _sites[0]


def configure(
    *,
    district_name: Callable[[], str] | None = None,
    user_card: Callable[[HttpRequest], UserCard | None] | None = None,
    **url_names: str,
) -> None:
    """Set what the frame shows. `url_names`: home_, staff_home_, search_, log_in_, log_out_ or account_url_name."""
    site = replace(_site(), **url_names)  # type: ignore[arg-type]
    if district_name is not None:
        site = replace(site, district_name=district_name)
    if user_card is not None:
        site = replace(site, user_card=user_card)
    _sites[0] = site


def named_addresses() -> dict[str, str]:
    """Names of addresses the frame was given, by the part of the frame that leads there."""
    found = {name: getattr(_site(), name) for name in Site.__slots__ if name.endswith("_url_name")}
    return {name: url_name for name, url_name in found.items() if url_name}


def _address(url_name: str, otherwise: str = "") -> str:
    return (navigation.address_of(url_name, settings.ROOT_URLCONF) if url_name else "") or otherwise


class Shell:
    """One request's frame. Parts are worked out only when the template asks."""

    is_bare = False

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def preferences(self) -> Preferences:
        override = getattr(self.request, "shown_preferences", None)  # The style page shows other people's choices.
        return override if isinstance(override, Preferences) else preferences_of(self.request)

    @cached_property
    def language(self) -> str:
        """BCP 47 tag of the page."""
        return "en" if (get_language() or "").startswith("en") else "zh-CN"

    @property
    def other_language(self) -> tuple[str, str]:
        """(code, own name) of the language the switch offers."""
        return ("zh-hans", "中文") if self.language == "en" else ("en", "English")

    @property
    def next_theme(self) -> tuple[str, str]:
        """(theme, title) the theme button leads to."""
        ring = {
            "auto": ("dark", gettext_noop("深色")),
            "dark": ("light", gettext_noop("浅色")),
            "light": ("auto", gettext_noop("跟随系统")),
        }
        theme, title = ring[self.preferences.theme]
        return theme, gettext(title)

    @cached_property
    def district_name(self) -> str:
        name = _site().district_name()
        return gettext(name) if name else ""

    @cached_property
    def user(self) -> UserCard | None:
        return _site().user_card(self.request)

    @cached_property
    def rail(self) -> list[tuple[str, list[navigation.Entry]]]:
        return navigation.rail(self.request)

    @property
    def rail_links(self) -> SafeString:
        """The rail as it stands beside the page."""
        return rail.groups(self.rail)

    @property
    def sheet_links(self) -> SafeString:
        """The rail as a phone shows it in a window."""
        return rail.sheet(self.rail)

    @property
    def tab_links(self) -> SafeString:
        """The first four entries of the rail: bottom tabs of a phone."""
        return rail.tabs([entry for _, entries in self.rail for entry in entries][:4])

    @cached_property
    def public_links(self) -> list[navigation.Entry]:
        return navigation.entries(self.request, navigation.PUBLIC)

    @cached_property
    def footer_links(self) -> list[navigation.Entry]:
        return navigation.entries(self.request, navigation.FOOTER)

    @property
    def home_url(self) -> str:
        return _address(_site().home_url_name, "/")

    @property
    def staff_home_url(self) -> str:
        return _address(_site().staff_home_url_name, self.home_url)

    @property
    def search_url(self) -> str:
        return _address(_site().search_url_name)

    @property
    def log_in_url(self) -> str:
        return _address(_site().log_in_url_name)

    @property
    def log_out_url(self) -> str:
        return _address(_site().log_out_url_name)

    @property
    def preferences_url(self) -> str:
        return _address("ui:preferences")

    @property
    def account_url(self) -> str:
        return _address(_site().account_url_name)


class BareShell(Shell):
    """The frame of a page that must stand without the database: no names, no navigation, no person."""

    is_bare = True
    district_name = ""
    user = None
    rail: list[tuple[str, list[navigation.Entry]]] = []
    public_links: list[navigation.Entry] = []
    footer_links: list[navigation.Entry] = []


def stand_alone(request: HttpRequest) -> None:
    """From now on the frame of this request asks nothing of the database."""
    request._ui_shell = BareShell(request)  # type: ignore[attr-defined]


def shell_of(request: HttpRequest) -> Shell:
    """The frame of this request, made once."""
    shell = getattr(request, "_ui_shell", None)
    if not isinstance(shell, Shell):
        shell = Shell(request)
        request._ui_shell = shell  # type: ignore[attr-defined]
    return shell
