"""Schemathesis over the OpenAPI document, against the whole ledger: never a 500, and every answer is one that is declared."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.acceptance.serving import Served

EXAMPLES = 40
"""Generated requests per operation."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def operations(population: Served) -> list[APIOperation[Any, Any, Any, Any]]:
    """The operations of a populated sandbox, without the streams, which do not end."""
    loaded = schemathesis.openapi.from_url(f"{population.url}/docs/openapi.json").exclude(path_regex="/stream$")
    return [operation.ok() for operation in loaded.get_all_operations() if isinstance(operation, Ok)]


def test_every_answer_is_a_declared_one(operations: list[APIOperation[Any, Any, Any, Any]], subtests: pytest.Subtests) -> None:
    assert len(operations) > 20
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answers(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=CHECKS)

        with subtests.test(operation=operation.label):
            answers()
