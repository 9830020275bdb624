"""The API, asked by a program that knows only its document: no fault of ours, answers as described, refusals as
problem+json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.stage import TYPE, Stage
from yiwang.project.open_api import api
from yiwang.project.wsgi import application

DOCUMENT = api.get_openapi_schema()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = application
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REFUSED = 400


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """The end of a request would close a connection that stands in a test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_kept_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_meets_a_fault_and_every_answer_is_as_described(
    operation: Any, mode: GenerationMode, staged: Stage
) -> None:
    headers = {"Authorization": f"Bearer {staged.tokens['acceptor']}"}

    @settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        case=operation.as_strategy(generation_mode=mode),
        is_known=st.booleans(),
        verb=st.sampled_from(["comment", "claim", "urge"]),
    )
    def ask(case: Any, is_known: bool, verb: str) -> None:
        """Half of the requests ask for the case on the stage, so that more than refusals are tried."""
        if is_known and "case_id" in case.path_parameters:
            case.path_parameters["case_id"] = str(staged.case.id)
        if is_known and "verb" in case.path_parameters:
            case.path_parameters["verb"] = verb
        if is_known and isinstance(case.body, dict) and "type" in case.body:
            case.body["type"] = TYPE
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        if response.status_code >= REFUSED:
            told = response.json()
            assert told["status"] == response.status_code and told["title"] and told["code"]

    ask()


def test_every_operation_says_how_it_refuses_and_what_token_it_wants() -> None:
    """A program can read from the document alone what a refusal looks like."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            assert "default" in operation["responses"] and operation["security"], f"{method} {path}"


def test_operations_have_short_names_of_their_own() -> None:
    names = [operation["operationId"] for operations in DOCUMENT["paths"].values() for operation in operations.values()]
    assert len(set(names)) == len(names)
