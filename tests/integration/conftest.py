"""The API as a program sees it."""

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import furnish
from tests.factories.browser import Client
from tests.integration.access import both_sites

__all__ = ["both_sites"]


@pytest.fixture
def api(db: None) -> Api:
    """Give the API as a user of an empty plant sees it."""
    return Api.of("odile")


@pytest.fixture
def plant(api: Api) -> Api:
    """Give the API of a plant with its reference data."""
    return furnish(api)


@pytest.fixture
def client() -> Client:
    """Give a browser."""
    return Client()
