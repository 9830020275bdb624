"""`/api/docs`: the published description of the API as a page to read, in the platform's own frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yiwang.project.open_api import api
from yiwang.ui.pages import public_page

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A type in words, and the structure it leads to ('' when it is a plain one)."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Item:
    """A parameter of an operation or a field of a structure."""

    name: str
    kind: Kind
    is_required: bool
    note: str
    place: str = ""


@dataclass(frozen=True)
class Operation:
    """One thing a program may ask."""

    key: str
    method: str
    path: str
    title: str
    note: str
    parameters: list[Item]
    body: Kind | None
    answers: list[tuple[str, Kind | None]]

    @property
    def tone(self) -> str:
        return "accent" if self.method == "GET" else "success"


def kind_of(schema: Schema) -> Kind:
    """The type a schema stands for."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return Kind(name, name)
    if "anyOf" in schema:
        kinds = [kind_of(one) for one in schema["anyOf"]]
        return Kind(" | ".join(kind.text for kind in kinds), next((kind.target for kind in kinds if kind.target), ""))
    if schema.get("type") == "array":
        inside = kind_of(schema.get("items", {}))
        return Kind(f"[{inside.text}]", inside.target)
    return Kind(str(schema.get("format") or schema.get("type") or "any"))


def _body(content: Schema) -> Kind | None:
    media = next(iter(content.get("content", {}).values()), None)
    return kind_of(media["schema"]) if media and "schema" in media else None


def _parameter(told: Schema) -> Item:
    return Item(
        told["name"], kind_of(told["schema"]), bool(told.get("required")), told.get("description", ""), told["in"]
    )


def operations(document: Schema) -> Iterator[Operation]:
    """Every operation of an OpenAPI document, in its order."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            parameters = [_parameter(one) for one in told.get("parameters", ())]
            answers = [(str(status), _body(answer)) for status, answer in told["responses"].items()]
            yield Operation(
                key=told["operationId"], method=method.upper(), path=path, title=told.get("summary", ""),
                note=told.get("description", ""), parameters=parameters, body=_body(told.get("requestBody", {})),
                answers=answers,
            )  # fmt: skip


def structures(document: Schema) -> Iterator[tuple[str, str, list[Item]]]:
    """(name, meaning, fields) of every structure the operations speak of."""
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        required = schema.get("required", ())
        items = [
            Item(key, kind_of(one), key in required, one.get("description", ""))
            for key, one in schema.get("properties", {}).items()
        ]
        yield name, schema.get("description", ""), items


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """The API, readable without a script from elsewhere."""
    document = api.get_openapi_schema()
    values = {"operations": list(operations(document)), "structures": list(structures(document))}
    return public_page(request, "ui/operations.html", values)
