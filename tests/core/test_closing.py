"""What keeps a campaign from closing, and what is stored when nothing does."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest
from attrs import evolve

from domain.catalog.site import Site
from domain.production.balance import Balance, balance_of
from domain.production.campaign import Band, CampaignState
from domain.production.closing import blockers, closing_document
from domain.production.lot import LotKey
from domain.production.totals import totals_of
from domain.shared.errors import Fault
from domain.shared.signature import Signature
from tests.core.cases import for_each
from tests.core.plant import CAMPAIGNS, NOON, SITES, Plant, campaign, lost, made, received, used

SPRING = CAMPAIGNS["SPRING"]
SIGNED = Signature("Ana Ibarra", "I have checked the difference.", datetime.fromisoformat("2026-03-02T13:00:00+01:00"))
WAITING = (LotKey("A", "CIDER", "C/1 (b)"), LotKey("A", "CIDER", "C2"))


def balance(made_of_a_hundred: str, *others: str) -> Balance:
    """The balance of 100 kg of apples that turn into so much sugar, and into a piece of each other product."""
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "100"))
    outputs = [made("SUGAR", "S1", made_of_a_hundred), *(made(code, "X1", "1") for code in others)]
    plant.record("production", used("APPLE", "A1", "100"), *outputs, campaign="SPRING", line="L1")
    return balance_of(totals_of(plant.operations_of("SPRING"), {}), SPRING.product, SPRING.target)


def blocking(
    result: Balance,
    waiting: Sequence[LotKey] = (),
    explanation: str = "",
    signature: Signature | None = None,
    band: Band | None = None,
    site: Site = SITES["A"],
) -> dict[str, Fault]:
    found = blockers(evolve(SPRING, band=band or Band()), site, result, waiting, explanation, signature)
    return {fault.code: fault for fault in found}


@for_each("made_of_a_hundred", ["95", "97.5", "100"])
def test_nothing_blocks_inside_the_band_its_ends_included(made_of_a_hundred: str) -> None:
    assert blocking(balance(made_of_a_hundred)) == {}


def test_where_the_site_asks_for_it_every_closing_is_signed_with_a_password() -> None:
    asking = evolve(SITES["A"], signs_decisions=True)
    inside, proven = balance("97.5"), evolve(SIGNED, proven=True)
    assert set(blocking(inside, site=asking)) == {"signature_required"}
    assert set(blocking(inside, site=asking, signature=SIGNED)) == {"password_required"}
    assert blocking(inside, site=asking, signature=proven) == {}
    outside = balance("94")
    assert set(blocking(outside, site=asking)) == {"explanation_required", "signature_required"}
    assert set(blocking(outside, site=asking, explanation="spilt", signature=SIGNED)) == {"password_required"}


@for_each("made_of_a_hundred", ["94.9999", "100.0001", "150", "0.000001"])
def test_outside_the_band_it_takes_an_explanation_and_a_signature(made_of_a_hundred: str) -> None:
    outside = balance(made_of_a_hundred)
    assert set(blocking(outside)) == {"explanation_required", "signature_required"}
    assert set(blocking(outside, explanation=" \n")) == {"explanation_required", "signature_required"}
    assert set(blocking(outside, explanation="spilt")) == {"signature_required"}
    assert set(blocking(outside, signature=SIGNED)) == {"explanation_required"}
    assert blocking(outside, explanation="spilt", signature=SIGNED) == {}


def test_the_band_is_the_campaign_s_own() -> None:
    assert blocking(balance("80"), band=Band("80", "90")) == {}
    assert "signature_required" in blocking(balance("97"), band=Band("80", "90"))


def test_what_is_outside_is_told_in_figures() -> None:
    fault = blocking(balance("94.5"))["explanation_required"]
    assert fault.path == ("explanation",)
    assert fault.facts == {
        "accountability_percent": "94.5",
        "accountability_min": "95",
        "accountability_max": "100",
        "unaccounted": "5.5",
    }


def test_a_campaign_without_input_has_to_be_explained() -> None:
    nothing = balance_of(totals_of([], {}))
    found = blocking(nothing)
    assert set(found) == {"explanation_required", "signature_required"}
    assert found["explanation_required"].facts["accountability_percent"] is None


@for_each(("explanation", "signature"), [("", None), ("spilt", SIGNED)])
def test_no_explanation_lets_a_waiting_lot_or_a_missing_mass_pass(
    explanation: str, signature: Signature | None
) -> None:
    found = blocking(balance("98", "MYSTERY"), WAITING, explanation, signature)
    assert set(found) == {"lots_pending", "no_mass"}
    assert found["lots_pending"].facts["lots"] == [
        {"site": "A", "product": "CIDER", "lot": "C/1 (b)"},
        {"site": "A", "product": "CIDER", "lot": "C2"},
    ]
    assert found["no_mass"].facts["products"] == ["MYSTERY"]


def test_everything_that_blocks_is_told_at_once_and_as_a_matter_of_state() -> None:
    found = blocking(balance("50", "MYSTERY"), WAITING)
    assert set(found) == {"lots_pending", "no_mass", "explanation_required", "signature_required"}
    assert all(fault.refusal for fault in found.values())


# What is stored


def stored_json(document: object) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_the_hash_can_be_recomputed_by_a_stranger_from_the_document_alone() -> None:
    closed = SPRING.closed()
    stored = closing_document(closed, balance("94.5"), NOON, "ana", 'Déversé: 5 kg\n"à côté"', SIGNED)
    served = json.loads(json.dumps(stored.document))
    # With names in ASCII, sorting by code points is that of RFC 8785.
    assert stored_json(served).isascii() is False
    assert hashlib.sha256(stored_json(served).encode()).hexdigest() == stored.sha256


def test_the_document_says_what_was_closed_when_by_whom_and_why() -> None:
    closed = evolve(SPRING, band=Band("90", "99.5")).closed()
    stored = closing_document(closed, balance("80"), NOON, "ana", "spilt", SIGNED)
    assert (stored.campaign, stored.version, stored.closed_at) == (SPRING.id, 1, NOON)
    head = {
        "campaign": "SPRING",
        "site": "A",
        "product": "CIDER",
        "version": 1,
        "status": "closed",
        "closed_at": "2026-03-02T11:00:00Z",
        "closed_by": "ana",
        "accountability_min": "90",
        "accountability_max": "99.5",
        "explanation": "spilt",
        "signature": {
            "name": "Ana Ibarra",
            "meaning": "I have checked the difference.",
            "at": "2026-03-02T12:00:00Z",
        },
        "accountability_percent": "80",
        "unaccounted_by_line": {"L1": {"loss": "20", "gain": "0"}},
    }
    assert {name: stored.document[name] for name in head} == head


def test_any_change_of_any_figure_changes_the_hash() -> None:
    closed = SPRING.closed()
    documents = [
        closing_document(closed, balance("98"), NOON, "ana", "", None),
        closing_document(closed, balance("98.000001"), NOON, "ana", "", None),
        closing_document(closed, balance("98"), NOON, "bob", "", None),
        closing_document(closed, balance("98"), NOON, "ana", " ", None),
        closing_document(closed, balance("98"), NOON, "ana", "", SIGNED),
        closing_document(closed.reopened().closed(), balance("98"), NOON, "ana", "", None),
    ]
    assert len({stored.sha256 for stored in documents}) == len(documents)
    assert documents[-1].version == 2


def test_closing_twice_makes_a_second_version_beside_the_first() -> None:
    first = campaign("AUTUMN").closed()
    second = first.reopened().closed()
    assert (first.closings, second.closings, second.state) == (1, 2, CampaignState.CLOSED)
    assert first.reopened().closings == 1


def test_a_balance_never_changes_after_it_was_worked_out() -> None:
    result = balance("98")
    with pytest.raises(AttributeError):
        result.samples = Decimal(1)


def test_what_was_lost_by_name_is_accounted_for() -> None:
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "100"))
    plant.record(
        "production", used("APPLE", "A1", "100"), made("SUGAR", "S1", "60"), lost("APPLE", "36"), campaign="SPRING"
    )
    assert blocking(balance_of(totals_of(plant.operations_of("SPRING"), {}))) == {}
