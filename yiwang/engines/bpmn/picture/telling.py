"""The process told in order, for readers who do not see the drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from lxml import etree

from yiwang.engines.bpmn.kinds import EVENT_TITLES, KIND_TITLES
from yiwang.engines.bpmn.picture.texts import cleaned

Row = Mapping[str, Any]


class Teller:
    """Tells a bundle; `here` and `done` are node keys."""

    def __init__(self, bundle: Row, here: frozenset[str], done: frozenset[str]) -> None:
        self.bundle, self.here, self.done = bundle, here, done
        self.nodes = {node["key"]: node for node in bundle["nodes"]}

    def name(self, key: str) -> str:
        """How a node is called: its title, else what it is."""
        node = self.nodes.get(key)
        return key if node is None else cleaned(node["title"]) or self.kind(node)

    def kind(self, node: Row) -> str:
        """What a node is, with its event."""
        kind = gettext(KIND_TITLES[node["kind"]])
        event = node.get("on") or node.get("throws") or ("message" if node.get("message") else "")
        is_event = node["kind"] in ("start", "end", "catch", "throw", "boundary") and event in EVENT_TITLES
        return f"{kind}·{gettext(EVENT_TITLES[event])}" if is_event else kind

    def state(self, key: str) -> str:
        """正在办理 or 已完成, '' when neither."""
        if key in self.here:
            return gettext("正在办理")
        return gettext("已完成") if key in self.done else ""

    def sentence(self, node: Row) -> str:
        """One node: name, kind, state, on whose edge, and where it leads."""
        facts = [self.kind(node)] if cleaned(node["title"]) else []
        if node["kind"] == "boundary":
            facts.append(gettext("附着在“{name}”上").format(name=self.name(node.get("at_node", ""))))
        facts += [text for text in (self.state(node["key"]),) if text]
        told = self.name(node["key"]) + (
            gettext("（{facts}）").format(facts=gettext("，").join(facts)) if facts else ""
        )
        ways = [self._way(flow) for flow in self.bundle["flows"] if flow["source"] == node["key"]]
        if not ways:
            return gettext("{node}。").format(node=told)
        return gettext("{node}。下一步：{ways}。").format(node=told, ways=gettext("；").join(ways))

    def _way(self, flow: Row) -> str:
        if flow.get("title"):
            return f"{cleaned(flow['title'])} → {self.name(flow['target'])}"
        if flow.get("default"):
            return gettext("其他情况 → {name}").format(name=self.name(flow["target"]))
        return self.name(flow["target"])

    def list(self, parent: str | None, id: str = "") -> etree._Element:
        """The ordered list of a scope, sub-processes nested."""
        found = etree.Element("ol", {"id": id} if id else {})
        for node in self.bundle["nodes"]:
            if node.get("parent") == parent:
                item = etree.SubElement(found, "li")
                item.text = self.sentence(node)
                if node["key"] in self.here:
                    item.set("aria-current", "step")
                if node["kind"] == "sub_process" and parent != node["key"]:
                    item.append(self.list(node["key"]))
        return found
