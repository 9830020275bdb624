"""The kinds of cases anybody may open, as the public side names and explains them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from django.utils.translation import gettext, gettext_noop

from yiwang.engines.cases.api import form_of, graph_of, published
from yiwang.engines.directory.spec import Limit
from yiwang.engines.forms.api import CompiledForm
from yiwang.engines.processes.api import Graph
from yiwang.kernel.app import NETS, registry
from yiwang.kernel.errors import NotFound

LIMITS: Mapping[str, str] = MappingProxyType({
    "urgent_hour": gettext_noop("%(amount)s 小时（昼夜连续计算）"),
    "working_hour": gettext_noop("%(amount)s 个工作小时"),
    "working_day": gettext_noop("%(amount)s 个工作日"), "statutory_day": gettext_noop("%(amount)s 个工作日"),
    "calendar_day": gettext_noop("%(amount)s 个自然日"),
})  # fmt: skip
NET_SENTENCES: Mapping[str, str] = MappingProxyType({
    "brain": gettext_noop("把全区的数据和运行情况汇在一处，供四张网使用。"),
    "services": gettext_noop("办事：申请、查询、领证，少跑一趟。"),
    "governance": gettext_noop("治理：发现身边的问题，有人接、有人办、有人查。"),
    "office": gettext_noop("协同：机关内部的项目、审查和协作。"),
    "industry": gettext_noop("产业：服务企业和园区，让数据流动起来。"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A public type of case: its key, its graph, and the form that opens one."""

    type: str
    graph: Graph
    form: CompiledForm

    @property
    def title(self) -> str:
        return gettext(self.graph.title)

    @property
    def direction(self) -> str:
        """What the form says above its first field."""
        return gettext(self.form.form.direction) if self.form.form.direction else ""

    @property
    def pages(self) -> list[tuple[str, tuple[str, ...]]]:
        """(title, field keys) of the pages that ask: the sections of a paged form, else one page with all fields."""
        form = self.form.form
        if not form.paged:
            return [(gettext(form.title), tuple(form.by_key))]
        placed = {key for section in form.sections for key in section.fields}
        rest = tuple(key for key in form.by_key if key not in placed)
        found = [(gettext(section.title), section.fields) for section in form.sections]
        return [*found, (gettext("其他情况"), rest)] if rest else found

    @property
    def text_field(self) -> str:
        """Key of the field the case is named after, which says what has happened; '' when no single one does."""
        subject = self.graph.bundle.get("subject") or ""
        return subject if subject in self.form.form.by_key else ""

    @property
    def within(self) -> str:
        """How long the whole may take, in words; '' without a limit."""
        return limit_in_words(self.graph.within) if self.graph.within is not None else ""


def limit_in_words(limit: Limit) -> str:
    """`2 个工作小时`, in the reader's language."""
    return gettext(LIMITS[limit.unit]) % {"amount": str(limit.amount)}


def kinds() -> list[Kind]:
    """Every public type that is published, in the order of their titles' keys."""
    return [found for type, version in sorted(published().items()) if (found := _kind(type, graph_of(version)))]


def kind(type: str) -> Kind:
    """A public type by its key; NotFound otherwise."""
    version = published().get(type)
    found = _kind(type, graph_of(version)) if version is not None else None
    if found is None:
        raise NotFound("没有这类可上报的事项。", next_step="请从首页的列表中选择。")
    return found


@lru_cache(maxsize=256)
def _kind(type: str, graph: Graph) -> Kind | None:
    form = graph.nodes[graph.start].raw.get("form")
    return Kind(type, graph, form_of(graph, form)) if form and graph.bundle.get("public") else None


@dataclass(frozen=True, slots=True)
class Net:
    """The centre or one of the four nets: its systems, and which of their types can be opened by anybody."""

    key: str
    title: str
    sentence: str
    systems: tuple[str, ...]


def nets() -> list[Net]:
    """The one centre and the four nets; each system belongs to the net its app names."""
    return [
        Net(key, gettext(title), gettext(NET_SENTENCES[key]),
            tuple(gettext(app.title) for app in registry.apps.values() if app.net == key))
        for key, title in NETS.items()
    ]  # fmt: skip
