"""Whatever the document allows, and does not: no fault, and no answer that it does not name.

A few requests of each kind in the suite; `make torture-api` sends EXAMPLES of each.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as conforming

from habits.models.tokens import Reach
from tests.clock import Clock
from tests.web.api.conftest import script_of

EXAMPLES = int(os.environ.get("EXAMPLES", "8"))
CHECKS = [
    checks.not_a_server_error,
    conforming.status_code_conformance,
    conforming.content_type_conformance,
    conforming.response_headers_conformance,
    conforming.response_schema_conformance,
    conforming.negative_data_rejection,
    conforming.missing_required_header,
    conforming.unsupported_method,
]


class Walking(Clock):
    """A clock that goes on with every request, or the token's minute would soon be spent."""

    def __call__(self):
        self.advance(seconds=2)
        return super().__call__()


@pytest.fixture
def clock():
    return Walking()


@pytest.fixture
def script(app, promise, dana, clock):
    """A script that may write, and whose leader has a lapse and an answer already."""
    made = script_of(app, dana, Reach.WRITE, clock())
    made.post("/lapses", {"nature": "mistake"})
    made.post("/answers", {"commitment": promise.id, "answer": "broken"})
    return made


def test_each_request_has_an_answer_that_the_document_names(app, script):
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.yaml", app)
    seen = set()

    def ask(case):
        case.headers.update(
            {"Authorization": f"Bearer {script.secret}", "Accept-Encoding": "identity"}
        )
        response = case.call()
        case.validate_response(response, checks=CHECKS)
        seen.add((case.operation.label, response.status_code))

    for found in document.get_all_operations():
        operation = found.ok()
        mine = {"lapse": 1} if "{lapse}" in operation.path else None
        _try(operation.as_strategy(path_parameters=mine), ask)
        _try(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), ask)
        for case in _edges(document, operation):
            ask(case)
    assert {status for _label, status in seen} >= {200, 201, 204, 400, 404, 422}
    assert {label for label, status in seen if status < 300} >= {
        operation.ok().label for operation in document.get_all_operations()
    }


def _try(cases, ask) -> None:
    once_each = settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize="EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    once_each(given(cases)(ask))()


def _edges(document, operation):
    """The requests at the edges of what the document allows, each once."""
    return document.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=document.config.generation_for(operation=operation),
    )
