"""Who calls the API in these journeys, and where."""

import pytest

from tests.e2e.client import Api
from tests.e2e.machine import machine
from tests.e2e.plant import furnish

__all__ = ["machine"]


@pytest.fixture
def api(db: None) -> Api:
    """Give the API as a user of an empty plant sees it."""
    return Api.of("odile")


@pytest.fixture
def plant(api: Api) -> Api:
    """Give the API of a plant with its reference data."""
    return furnish(api)
