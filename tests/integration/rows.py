"""A plant with a row in every table that people look at."""

from domain.production.lot import Disposition
from tests.core.plant import made, received, used
from tests.e2e.client import Api
from tests.factories.plant import StoredPlant


def filled() -> StoredPlant:
    """Things received, made, decided about and closed; a user with a role and a token."""
    stored = StoredPlant().furnish()
    stored.record("receipt", received("APPLE", "1", "100"))
    stored.record("production", used("APPLE", "1", "10"), made("CIDER", "1", "7"), campaign="SPRING")
    stored.decide("CIDER", "1", Disposition.REJECTED)
    stored.hold(stored.lot("CIDER", "1").id)
    stored.lift(stored.lot("CIDER", "1").id)
    stored.close("SPRING")
    Api.of("odile")
    return stored
