"""Small components that stand in long lists: buttons, tags, initials, figures. Markup is built in Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.ui.components.base import Component, check_tone, component, html_attributes, icon


@component("button")
@dataclass(frozen=True, kw_only=True)
class Button(Component):
    """A button, or a link that looks like one when `href` is given. `kind`: primary, secondary, quiet or danger."""

    text: str
    kind: str = "primary"
    href: str = ""
    icon: str = ""
    type: str = "submit"
    name: str = ""
    value: str = ""
    is_small: bool = False
    is_busy: bool = False
    is_disabled: bool = False
    shortcut: str = ""
    attributes: dict[str, object] = field(default_factory=dict)

    def render(self, request: HttpRequest | None = None) -> SafeString:
        classes = "button" if self.kind == "primary" else f"button button-{self.kind}"
        classes += " button-small" if self.is_small else ""
        rest = html_attributes(
            {
                "data_key": self.shortcut or None,
                "aria_keyshortcuts": self.shortcut or None,
                "aria_busy": "true" if self.is_busy else None,
                **self.attributes,
            }
        )
        inside = format_html("{}<span>{}</span>", icon(self.icon) if self.icon else "", self.text)
        if self.href:
            return format_html('<a class="{}" href="{}"{}>{}</a>', classes, self.href, rest, inside)
        named = html_attributes(
            {"type": self.type, "name": self.name or None, "value": self.value or None, "disabled": self.is_disabled}
        )
        return format_html('<button class="{}"{}{}>{}</button>', classes, named, rest, inside)


@component("link")
@dataclass(frozen=True, kw_only=True)
class Link(Component):
    """A link in running text; `detail` loads it into the detail region beside the list."""

    text: str
    href: str
    is_quiet: bool = False
    detail: bool = False

    def render(self, request: HttpRequest | None = None) -> SafeString:
        loads = (
            SafeString(' hx-get="{}" hx-target="#detail"').format(conditional_escape(self.href)) if self.detail else ""
        )
        return format_html(
            '<a class="{}" href="{}"{}>{}</a>',
            "link-quiet" if self.is_quiet else "link",
            self.href,
            SafeString(loads),
            self.text,
        )


@component("tag")
@dataclass(frozen=True, kw_only=True)
class Tag(Component):
    """A status or label. Colour never speaks alone: the text says the same. Tones: see `TONES`."""

    text: str
    tone: str = "neutral"
    icon: str = ""

    def __post_init__(self) -> None:
        check_tone(f"Tag '{self.text}'", self.tone)

    def render(self, request: HttpRequest | None = None) -> SafeString:
        picture = icon(self.icon) if self.icon else ""
        return SafeString(f'<span class="tag tag-{self.tone}">{picture}{conditional_escape(self.text)}</span>')


@component("initial")
@dataclass(frozen=True, kw_only=True)
class Initial(Component):
    """A person's first character in a disc, the name beside it (`is_alone` keeps the name for screen readers only)."""

    name: str
    is_alone: bool = False

    def render(self, request: HttpRequest | None = None) -> SafeString:
        letter = self.name.strip()[:1] or "?"
        shade = sum(map(ord, self.name)) % 6
        return format_html(
            '<span class="initial"><span class="initial-disc initial-{}" aria-hidden="true">{}</span>'
            '<span class="{}">{}</span></span>',
            shade,
            letter,
            "unseen" if self.is_alone else "initial-name",
            self.name,
        )


@component("key_value")
@dataclass(frozen=True, kw_only=True)
class KeyValue(Component):
    """One short fact on one line: title and value."""

    title: str
    value: object

    def render(self, request: HttpRequest | None = None) -> SafeString:
        return format_html(
            '<span class="key-value"><span class="key">{}</span> <span class="value">{}</span></span>',
            self.title,
            self.value,
        )


@component("progress")
@dataclass(frozen=True, kw_only=True)
class Progress(Component):
    """How far something has come, 0–1; None shows that it runs without a known end."""

    title: str
    rate: float | None = None
    tone: str = "accent"

    def render(self, request: HttpRequest | None = None) -> SafeString:
        if self.rate is None:
            return format_html(
                '<div class="progress"><span class="progress-title">{}</span>'
                '<progress aria-label="{}"></progress></div>',
                self.title,
                self.title,
            )
        percent = round(max(0.0, min(1.0, self.rate)) * 100)
        return format_html(
            '<div class="progress progress-{}"><span class="progress-title">{}</span>'
            '<progress max="100" value="{}" aria-label="{}"></progress><span class="progress-value">{}%</span></div>',
            self.tone,
            self.title,
            percent,
            self.title,
            percent,
        )


@component("stat")
@dataclass(frozen=True, kw_only=True)
class Stat(Component):
    """One figure with its title; `change` is a sentence of comparison, `href` leads to the rows behind it."""

    title: str
    value: object
    unit: str = ""
    change: str = ""
    tone: str = "neutral"
    href: str = ""

    def render(self, request: HttpRequest | None = None) -> SafeString:
        parts: dict[str, Any] = {
            "unit": format_html('<span class="stat-unit">{}</span>', self.unit) if self.unit else "",
            "change": format_html('<p class="stat-change tone-{}">{}</p>', self.tone, self.change)
            if self.change
            else "",
        }
        title: str = self.title
        if self.href:
            title = format_html('<a class="link-quiet stat-link" href="{}">{}</a>', self.href, self.title)
        return format_html(
            '<div class="stat"><p class="stat-title">{}</p><p class="stat-value">{}{}</p>{}</div>',
            title,
            self.value,
            parts["unit"],
            parts["change"],
        )


@component("skeleton")
@dataclass(frozen=True, kw_only=True)
class Skeleton(Component):
    """Grey lines in the place of what is still loading."""

    lines: int = 3

    def render(self, request: HttpRequest | None = None) -> SafeString:
        rows = SafeString('<span class="skeleton-line"></span>' * self.lines)
        return format_html(
            '<div class="skeleton" role="status"><span class="unseen">{}</span>{}</div>', gettext("正在加载"), rows
        )
