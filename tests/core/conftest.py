"""The core's tests: no framework, no database, no clock, and no arithmetic that rounds."""

import decimal
import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def _nothing_rounds_silently() -> Iterator[None]:
    """Make the ambient decimal context useless, so that whatever computes outside the exact one is found out."""
    with decimal.localcontext() as ambient:
        ambient.prec = 1
        ambient.traps[decimal.Inexact] = True
        yield


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of the search for circles: there is a lot of it, and all of it stays."""
    gc.collect()
    gc.freeze()
