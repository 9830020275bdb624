"""`{% load ui %}`: the frame of the page, icons, and every component by name."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from yiwang.kernel.errors import SpecError
from yiwang.ui.components import base, feedback, fields, figures, moments, records, simple
from yiwang.ui.folding import settled
from yiwang.ui.shell import Shell, shell_of

register = template.Library()
KINDS = (feedback, fields, figures, moments, records, simple)
"""Rooms whose components templates may name."""


@register.simple_tag(takes_context=True)
def frame(context: Context) -> Shell:
    """`{% frame as frame %}`: what this page's frame shows."""
    if context.get("request") is None:
        raise SpecError("{% frame %}", "has no request.", "Render the page with `staff_page` or `public_page`.")
    return shell_of(context["request"])


@register.simple_tag
@settled
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "clock" %}`: a decorative picture of the sprite; `size` is small or large."""
    return base.icon(name, size)


@register.simple_tag(takes_context=True)
def ui(context: Context, thing: Any, **values: Any) -> SafeString:
    """`{% ui component %}` shows a component; `{% ui "tag" text="…" tone="success" %}` builds and shows one."""
    part = base.build(thing, values) if isinstance(thing, str) else thing
    if not isinstance(part, base.Component):
        raise SpecError("{% ui %}", f"got {type(part).__name__}.", "Give a component, or the name of one.")
    return part.render(context.get("request"))
