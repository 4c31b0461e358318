"""Whatever is sent to whichever call gets an answer that the document describes, and never a fault of the server's."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from tests.e2e.client import Api
from tests.e2e.plant import furnish
from tests.factories.checks import LONG

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
CASES = 500 if LONG else 20


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(db: None) -> Iterator[str]:
    """Somebody who may do everything, in a plant with reference data."""
    plant = furnish(Api.of("odile"))
    # Requests end without the connection, in whose transaction the test is, as those of Django's own client do.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield str(plant.token)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_answers_as_it_says(case: Any, token: str) -> None:
    # Whoever calls through WSGI unpacks nothing.
    response = case.call(headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})
    case.validate_response(response, checks=CHECKS)
