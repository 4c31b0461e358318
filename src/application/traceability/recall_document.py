"""A recall's report as plain JSON: what its hash is of, what is stored on closing, and what is answered and printed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from application.traceability.deliveries import Delivery
from application.traceability.queries import Handover
from application.traceability.recall_queries import QUANTITIES, CustomerInRecall, LotInRecall, Neighbour, RecallReport
from domain.shared.canonical import Json
from domain.shared.exact import canonical
from domain.shared.signature import Signature, signature_in
from domain.traceability.genealogy import Moment
from domain.traceability.origin import origin_document, origin_in
from domain.traceability.recall import LogEntry, Recall, RecallState, Recovery, Step

Stored = Mapping[str, Any]


def recall_document(report: RecallReport) -> dict[str, Json]:
    """All of the report but the moment of reading, which changes nothing in it.

    Decimals are canonical strings, times are in UTC with their offset, lists are in the report's order.
    """
    return {
        "recall": _recall(report.recall),
        "effectiveness": _decimal(report.effectiveness),
        "not_reconcilable": list(report.not_reconcilable),
        "lots": [_lot(lot) for lot in report.lots],
        "customers": [_customer(customer) for customer in report.customers],
        "suppliers": [_handover(line) for line in report.suppliers],
        "neighbours": [_neighbour(neighbour) for neighbour in report.neighbours],
        "neighbours_total": report.neighbours_total,
        "log": [_entry(entry) for entry in report.log],
    }


def report_in(document: Stored, at: datetime) -> RecallReport:
    """The report of a document that `recall_document` made, read at this moment."""
    recall = _recall_in(document["recall"])
    return RecallReport(
        recall=recall,
        at=at,
        lots=tuple(_lot_in(lot) for lot in document["lots"]),
        customers=tuple(_customer_in(customer) for customer in document["customers"]),
        suppliers=tuple(_handover_in(line) for line in document["suppliers"]),
        neighbours=tuple(_neighbour_in(neighbour) for neighbour in document["neighbours"]),
        neighbours_total=document["neighbours_total"],
        log=tuple(_entry_in(entry, recall.id) for entry in document["log"]),
        effectiveness=_number(document["effectiveness"]),
        not_reconcilable=tuple(document["not_reconcilable"]),
    )


def _recall(recall: Recall) -> Json:
    return {
        "id": str(recall.id),
        "code": recall.code,
        "mock": recall.mock,
        "state": recall.state.value,
        "hazard": recall.hazard,
        "known_at": _time(recall.known_at),
        "suspects": origin_document(recall.suspects),
        "opened_at": _time(recall.opened_at),
        "opened_by": recall.opened_by,
        "closed_at": _time(recall.closed_at),
        "closed_by": recall.closed_by,
        "conclusion": recall.conclusion,
        "signature": _signature(recall.signature),
        "opening_signature": _signature(recall.opening_signature),
        "signature_due": recall.signature_due,
        "version": recall.version,
    }


def _recall_in(stored: Stored) -> Recall:
    return Recall(
        **{
            **stored,
            "id": UUID(stored["id"]),
            "state": RecallState(stored["state"]),
            "known_at": _moment(stored["known_at"]),
            "suspects": origin_in(stored["suspects"]),
            "opened_at": _moment(stored["opened_at"]),
            "closed_at": _moment(stored["closed_at"]),
            "signature": signature_in(stored["signature"]),
            # Reports from before openings were signed afterwards say nothing of it.
            "opening_signature": signature_in(stored.get("opening_signature")),
        }
    )


def _signature(signature: Signature | None) -> Json:
    if signature is None:
        return None
    return signature.stated(str(_time(signature.at)))


def _lot(lot: LotInRecall) -> Json:
    return {
        "id": str(lot.id),
        "site": lot.site,
        "product": lot.product,
        "product_name": lot.product_name,
        "product_class": lot.product_class,
        "code": lot.code,
        "sub_lot": lot.sub_lot,
        "supplier_lot": lot.supplier_lot,
        "campaign": lot.campaign,
        "depth": lot.depth,
        "joined_at": _time(lot.joined_at),
        "disposition": lot.disposition,
        "holds": lot.holds,
        "unit": lot.unit,
        "kg_per_unit": _decimal(lot.kg_per_unit),
        **{name: canonical(getattr(lot, name)) for name in QUANTITIES},
        "difference": canonical(lot.difference),
    }


def _lot_in(stored: Stored) -> LotInRecall:
    known = {name: value for name, value in stored.items() if name != "difference"}
    return LotInRecall(
        **{
            **known,
            "id": UUID(stored["id"]),
            "joined_at": _moment(stored["joined_at"]),
            **{name: _number(stored[name]) for name in ("kg_per_unit", *QUANTITIES)},
        }
    )


def _customer(customer: CustomerInRecall) -> Json:
    recovery = customer.recovery
    return {
        "partner": customer.partner,
        "name": customer.name,
        "address": customer.address,
        "gln": customer.gln,
        "contact": customer.contact,
        "deliveries": [_delivery(delivery) for delivery in customer.deliveries],
        "shipped": canonical(recovery.shipped),
        "returned": canonical(recovery.returned),
        "destroyed": canonical(recovery.destroyed),
        "outstanding": canonical(recovery.outstanding),
        "notified_at": _time(customer.notified_at),
        "acknowledged_at": _time(customer.acknowledged_at),
    }


def _customer_in(stored: Stored) -> CustomerInRecall:
    kilograms = (Decimal(stored[name]) for name in ("shipped", "returned", "destroyed"))
    return CustomerInRecall(
        partner=stored["partner"],
        name=stored["name"],
        address=stored["address"],
        gln=stored["gln"],
        contact=stored["contact"],
        deliveries=tuple(_delivery_in(delivery, stored["partner"]) for delivery in stored["deliveries"]),
        recovery=Recovery(*kilograms),
        notified_at=_moment(stored["notified_at"]),
        acknowledged_at=_moment(stored["acknowledged_at"]),
    )


def _delivery(delivery: Delivery) -> Json:
    return {
        "lot_id": str(delivery.lot_id),
        "site": delivery.site,
        "product": delivery.product,
        "lot": delivery.lot,
        "shipped": canonical(delivery.shipped),
        "returned": canonical(delivery.returned),
        "unit": delivery.unit,
        "documents": [_handover(line) for line in delivery.documents],
    }


def _delivery_in(stored: Stored, partner: str) -> Delivery:
    return Delivery(
        **{
            **stored,
            "partner": partner,
            "lot_id": UUID(stored["lot_id"]),
            "shipped": Decimal(stored["shipped"]),
            "returned": Decimal(stored["returned"]),
            "documents": tuple(_handover_in(line) for line in stored["documents"]),
        }
    )


def _handover(line: Handover) -> Json:
    return {
        "kind": str(line.kind),
        "partner": line.partner,
        "lot_id": str(line.lot_id),
        "whole_lot": str(line.whole_lot),
        "site": line.site,
        "product": line.product,
        "lot": line.lot,
        "sub_lot": line.sub_lot,
        "supplier_lot": line.supplier_lot,
        "quantity": canonical(line.quantity),
        "unit": line.unit,
        "document": line.document,
        "at": _time(line.moment.at),
        "sequence": line.moment.sequence,
    }


def _handover_in(stored: Stored) -> Handover:
    known = {name: value for name, value in stored.items() if name not in ("at", "sequence")}
    return Handover(
        **{
            **known,
            "lot_id": UUID(stored["lot_id"]),
            "whole_lot": UUID(stored["whole_lot"]),
            "quantity": Decimal(stored["quantity"]),
            "moment": Moment(datetime.fromisoformat(stored["at"]), stored["sequence"]),
        }
    )


def _neighbour(neighbour: Neighbour) -> Json:
    return {
        "id": str(neighbour.id),
        "site": neighbour.site,
        "product": neighbour.product,
        "code": neighbour.code,
        "sub_lot": neighbour.sub_lot,
        "made_on": neighbour.made_on.isoformat() if neighbour.made_on else None,
        "campaign": neighbour.campaign,
        "beside": neighbour.beside,
        "why": neighbour.why,
    }


def _neighbour_in(stored: Stored) -> Neighbour:
    made_on = date.fromisoformat(stored["made_on"]) if stored["made_on"] else None
    return Neighbour(**{**stored, "id": UUID(stored["id"]), "made_on": made_on})


def _entry(entry: LogEntry) -> Json:
    return {
        "id": str(entry.id),
        "step": entry.step.value,
        "at": _time(entry.at),
        "recorded_at": _time(entry.recorded_at),
        "by": entry.by,
        "partner": entry.partner,
        "kilograms": _decimal(entry.kilograms),
        "text": entry.text,
    }


def _entry_in(stored: Stored, recall: UUID) -> LogEntry:
    return LogEntry(
        **{
            **stored,
            "id": UUID(stored["id"]),
            "recall": recall,
            "step": Step(stored["step"]),
            "at": _moment(stored["at"]),
            "recorded_at": _moment(stored["recorded_at"]),
            "kilograms": _number(stored["kilograms"]),
        }
    )


def _decimal(number: Decimal | None) -> str | None:
    return None if number is None else canonical(number)


def _number(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
