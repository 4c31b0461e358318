"""The document of a recall's report: all of it, in one way, so that its hash stands for it."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import attrs
import pytest
from attrs import evolve

from application.traceability.recall_document import recall_document, report_in
from application.traceability.recall_queries import RecallReport
from domain.shared.canonical import canonical_json, sha256_of
from domain.shared.exact import EXACT
from domain.shared.signature import Signature
from domain.traceability.genealogy import Moment
from domain.traceability.origin import CampaignOrigin, SupplierLotOrigin
from domain.traceability.recall import RecallState, Recovery, Step
from tests.documents.recalls import report

REPORT = report(10, closed=True)


#: How to make another value of a kind, the narrower kind first.
OTHERS: dict[type, Callable[[Any], Any]] = {
    bool: lambda value: not value,
    RecallState: lambda value: next(state for state in RecallState if state is not value),
    Step: lambda value: next(step for step in Step if step is not value),
    str: lambda value: f"not {value}",
    datetime: lambda value: value + timedelta(minutes=1),
    date: lambda value: value + timedelta(days=1),
    UUID: lambda value: UUID(int=value.int + 1),
    Moment: lambda value: Moment(value.at + timedelta(minutes=1), value.sequence),
    int: lambda value: value + 1,
    Decimal: lambda value: Decimal("98.7654"),
    SupplierLotOrigin: lambda value: CampaignOrigin("BRUT-2026-11"),
    Signature: lambda value: evolve(value, meaning="I was not there"),
    type(None): lambda value: "something",
}
#: What stands in for a quantity that isn't there.
ENTRY = evolve(REPORT.log[0], kilograms=Decimal(7))


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    return next(other for kind, other in OTHERS.items() if isinstance(value, kind))(value)


def first_of(name: str) -> Callable[[RecallReport, Any], RecallReport]:
    """Puts another first member into a list of the report."""
    return lambda whole, member: evolve(whole, **{name: (member, *getattr(whole, name)[1:])})


def first_delivery(whole: RecallReport, delivery: Any) -> RecallReport:
    """Puts another first delivery to the first customer."""
    customer = whole.customers[0]
    return first_of("customers")(whole, evolve(customer, deliveries=(delivery, *customer.deliveries[1:])))


def first_line(whole: RecallReport, line: Any) -> RecallReport:
    """Puts another first line into the first delivery."""
    delivery = whole.customers[0].deliveries[0]
    return first_delivery(whole, evolve(delivery, documents=(line, *delivery.documents[1:])))


#: Every part of a report, how another one gets into it, and the fields that say what stands elsewhere already.
PARTS = {
    "recall": (REPORT.recall, lambda whole, part: evolve(whole, recall=part), set()),
    "lot": (REPORT.lots[0], first_of("lots"), set()),
    "customer": (REPORT.customers[0], first_of("customers"), {"deliveries", "recovery"}),
    "delivery": (REPORT.customers[0].deliveries[0], first_delivery, {"partner", "documents"}),
    "line": (REPORT.customers[0].deliveries[0].documents[0], first_line, set()),
    "receipt": (REPORT.suppliers[0], first_of("suppliers"), set()),
    "neighbour": (REPORT.neighbours[0], first_of("neighbours"), set()),
    "entry": (ENTRY, first_of("log"), {"recall"}),
}


@pytest.mark.parametrize("key", PARTS)
def test_whatever_changes_in_the_report_changes_the_hash(key: str) -> None:
    of_report, put, elsewhere = PARTS[key]
    before = hash_of(put(REPORT, of_report))
    for field in attrs.fields(type(of_report)):
        if field.name not in elsewhere:
            other = evolve(of_report, **{field.name: changed(getattr(of_report, field.name))})
            assert hash_of(put(REPORT, other)) != before, field.name


@pytest.mark.parametrize(
    "change",
    [{"effectiveness": Decimal(1)}, {"neighbours_total": 1000}, {"not_reconcilable": ("CORK-30",)}, {"log": ()}],
    ids=str,
)
def test_figures_of_the_whole_change_the_hash(change: dict[str, Any]) -> None:
    assert hash_of(evolve(REPORT, **change)) != hash_of(REPORT)


def test_when_it_is_read_changes_nothing() -> None:
    assert recall_document(evolve(REPORT, at=changed(REPORT.at))) == recall_document(REPORT)


@pytest.mark.parametrize("whole", [REPORT, report(10, mock=True), report(0)], ids=["closed", "open", "empty"])
def test_a_document_is_read_back_as_the_report_that_it_is_of(whole: RecallReport) -> None:
    unweighed = evolve(whole, lots=(evolve(REPORT.lots[1], kg_per_unit=None, campaign=None), *whole.lots))
    for each in (whole, unweighed):
        written = canonical_json(recall_document(each))
        read = report_in(json.loads(written), each.at)
        assert read == each
        assert canonical_json(recall_document(read)) == written


@pytest.mark.parametrize("name", ["shipped", "returned", "destroyed"])
def test_what_a_customer_had_changes_the_hash(name: str) -> None:
    customer = REPORT.customers[0]
    recovery = evolve(customer.recovery, **{name: Decimal(3)})
    assert hash_of(first_of("customers")(REPORT, evolve(customer, recovery=recovery))) != hash_of(REPORT)


def hash_of(whole: RecallReport) -> str:
    """The hash of the report's document."""
    return sha256_of(recall_document(whole))


def test_figures_are_canonical_and_times_in_utc() -> None:
    ahead = timezone(timedelta(hours=2))
    recall = evolve(REPORT.recall, known_at=datetime(2026, 5, 4, 9, 30, tzinfo=ahead), closed_at=None)
    lot = evolve(
        REPORT.lots[0], made=Decimal("1200.500"), kg_per_unit=None, joined_at=datetime(2026, 5, 4, tzinfo=ahead)
    )
    customer = evolve(REPORT.customers[0], recovery=Recovery(Decimal("10.0"), Decimal("2.50"), Decimal(0)))
    document = recall_document(evolve(REPORT, recall=recall, lots=(lot,), customers=(customer,), effectiveness=None))
    assert document["recall"]["known_at"] == "2026-05-04T07:30:00+00:00"
    assert document["recall"]["closed_at"] is None
    assert document["effectiveness"] is None
    assert (document["lots"][0]["made"], document["lots"][0]["kg_per_unit"]) == ("1200.5", None)
    assert document["lots"][0]["joined_at"] == "2026-05-03T22:00:00+00:00"
    kilograms = {"shipped": "10", "returned": "2.5", "destroyed": "0", "outstanding": "7.5"}
    assert kilograms.items() <= document["customers"][0].items()


def test_the_same_in_another_zone_and_with_other_zeros_is_the_same_document() -> None:
    behind = timezone(timedelta(hours=-5))
    lots = tuple(evolve(lot, made=EXACT.quantize(lot.made, Decimal("0.000001"))) for lot in REPORT.lots[:1])
    same = evolve(REPORT, at=REPORT.at.astimezone(behind), lots=lots + REPORT.lots[1:])
    assert recall_document(same) == recall_document(REPORT)
