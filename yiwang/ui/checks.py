"""What `manage check` asks of the frame: every entry of the navigation leads somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.urls import NoReverseMatch, reverse

from yiwang.kernel.errors import did_you_mean
from yiwang.ui.navigation import registered
from yiwang.ui.shell import named_addresses


def navigation_leads_somewhere(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """ui.W001 for an entry, ui.W002 for an address of the frame, whose name no engine mounts."""
    wanted = [("ui.W001", f"Navigation entry '{item.key}'", item.url_name) for item in registered()]
    wanted += [("ui.W002", f"The frame's {name}", url_name) for name, url_name in named_addresses().items()]
    return [
        Warning(f"{where} names '{url_name}', which leads nowhere: it will not show.", hint=_hint(url_name), id=key)
        for key, where, url_name in wanted if not _leads(url_name)
    ]  # fmt: skip


def _leads(url_name: str) -> bool:
    try:
        return bool(reverse(url_name))
    except NoReverseMatch:
        return False


def _hint(url_name: str) -> str:
    """The closest name of the same engine."""
    from django.urls import get_resolver

    namespace = url_name.partition(":")[0]
    _, resolver = get_resolver().namespace_dict.get(namespace, ("", None))
    names = [key for key in resolver.reverse_dict if isinstance(key, str)] if resolver is not None else []
    return did_you_mean(url_name, [f"{namespace}:{name}" for name in names]) or "Mount the engine's urls."
