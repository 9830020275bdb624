"""Numbers and moments as the cockpit writes them."""

from __future__ import annotations

from datetime import datetime

from django import template

from yiwang.kernel.clock import CHINA, now

register = template.Library()


@register.filter
def grouped(number: float) -> str:
    """Whole numbers with their thousands apart: 1,234,567."""
    return f"{number:,}"


@register.filter
def fewer(number: int) -> str:
    """How much less: the number without its sign."""
    return f"{-number:,}"


@register.filter
def plain(number: float) -> str:
    """A coordinate of a drawing, with a point in every language."""
    return f"{number:g}"


@register.filter
def share(number: int, most: int) -> str:
    """A bar's length in percent of the longest one's; whatever is there can be seen."""
    return f"{max(2.0, number / most * 100):.1f}" if number and most else "0"


@register.filter
def moment(at: datetime) -> str:
    """Hour and minute in China, with the day when it is not today's."""
    local, today = at.astimezone(CHINA), now().astimezone(CHINA)
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%m-%d %H:%M}"
