"""A client as a stranger would write it from the standard alone: plain XML and JSON, none of our modules."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from django.test import Client


class OutsideClient:
    """Speaks to one endpoint, in one format, and understands answers and errors."""

    def __init__(self, address: str, format: str, key: str = "") -> None:
        self.address, self.format, self.key, self.http = address, format, key, Client(enforce_csrf_checks=True)

    def _read(self, answer: Any) -> Any:
        media = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
        assert answer["Content-Type"] == media[self.format]
        assert not answer.cookies, "a program has no session"
        if self.format == "json":
            return json.loads(answer.content.decode("utf-8"))
        assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
        return self._plain(ElementTree.fromstring(answer.content))

    def _plain(self, element: Any) -> Any:
        if element.tag in (
            "services",
            "service_requests",
            "service_request_updates",
            "errors",
            "attributes",
            "values",
            "endpoints",
            "formats",
        ):
            return [self._plain(child) for child in element]
        return {child.tag: self._plain(child) for child in element} if len(element) else element.text

    def get(self, path: str, **asked: Any) -> tuple[int, Any]:
        answer = self.http.get(f"{self.address}/{path}.{self.format}", asked)
        return answer.status_code, self._read(answer)

    def post(self, path: str, sent: dict[str, Any], *, is_form: bool = True, **headers: str) -> tuple[int, Any]:
        given = {"api_key": self.key} | sent
        address = f"{self.address}/{path}.{self.format}"
        if is_form:
            from urllib.parse import urlencode

            answer = self.http.post(
                address, urlencode(given, doseq=True), "application/x-www-form-urlencoded", headers=headers
            )
        else:
            answer = self.http.post(address, given, headers=headers)
        self.headers = answer.headers
        return answer.status_code, self._read(answer)
