"""What all components share: typed data that renders itself, found by name from templates."""

from __future__ import annotations

from functools import lru_cache, partial
from html import escape
from typing import Any, ClassVar

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from yiwang.kernel.errors import SpecError, did_you_mean

TONES = ("neutral", "accent", "success", "warning", "danger", "special")


class Component:
    """A piece of a page. `{{ component }}` and `{% ui component %}` both render it.

    Subclasses are dataclasses. Ones that stand in long lists build their markup in Python; the others name a `template`
    that gets the component as `it`, the `request` and its `csrf_token`.
    """

    template: ClassVar[str] = ""

    def render(self, request: HttpRequest | None = None) -> SafeString:
        """The component's markup."""
        values: dict[str, Any] = {"it": self, "request": request}
        if request is not None:
            values["csrf_token"] = SimpleLazyObject(partial(get_token, request))  # Few components post.
        engine_template: Any = get_template(self.template)
        return SafeString(engine_template.template.render(Context(values)))

    def __str__(self) -> SafeString:
        return self.render()

    def __html__(self) -> SafeString:
        return self.render()


_kinds: dict[str, type[Component]] = {}


def component(name: str) -> Any:
    """Class decorator: make a component known to `{% ui "name" … %}`."""

    def keep(kind: type[Component]) -> type[Component]:
        _kinds[name] = kind
        return kind

    return keep


def component_names() -> tuple[str, ...]:
    """All names `{% ui %}` knows, sorted."""
    return tuple(sorted(_kinds))


def build(name: str, values: dict[str, Any]) -> Component:
    """The component `name` with these fields; SpecError for an unknown name or field."""
    if name not in _kinds:
        raise SpecError(f"Component '{name}'", "does not exist.", did_you_mean(name, _kinds))
    try:
        return _kinds[name](**values)
    except TypeError as error:
        fields = getattr(_kinds[name], "__dataclass_fields__", {})
        wrong = next((key for key in values if key not in fields), "")
        raise SpecError(f"Component '{name}'", f"{error}.", did_you_mean(wrong, fields)) from None


def check_tone(where: str, tone: str) -> None:
    """Tones are a closed list, so that each has its colours in light, dark and on paper."""
    if tone not in TONES:
        raise SpecError(where, f"tone '{tone}' does not exist.", did_you_mean(tone, TONES))


@lru_cache(maxsize=256)
def icon(name: str, size: str = "") -> SafeString:
    """A decorative picture from the sprite. Screen readers skip it, so a text must stand beside it."""
    extra = f" icon-{size}" if size else ""
    address = static("ui/icons.svg")
    return SafeString(
        f'<svg class="icon{extra}" aria-hidden="true" focusable="false"><use href="{address}#{name}"></use></svg>'
    )


def escaped(value: object) -> SafeString:
    """Markup stays markup, everything else becomes text."""
    if type(value) is str:  # Long lists escape a thousand texts, and looking for lazy ones takes most of the time.
        return SafeString(escape(value))
    return conditional_escape(value)  # type: ignore[arg-type]  # The stubs know strings only; any object is fine.


def html_attributes(values: dict[str, object]) -> SafeString:
    """` name="value"` pairs; None and False are left out, True stands as a bare name. Underscores become hyphens."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = conditional_escape(name.rstrip("_").replace("_", "-"))
        parts.append(f" {key}" if value is True else f' {key}="{escaped(value)}"')
    return mark_safe("".join(parts))
