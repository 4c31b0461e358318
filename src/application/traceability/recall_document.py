"""A recall's report as plain JSON: what its hash is of, and what whoever doubts a printed figure can recompute."""

from datetime import UTC, datetime
from decimal import Decimal

from application.traceability.deliveries import Delivery
from application.traceability.queries import Handover
from application.traceability.recall_figures import QUANTITIES
from application.traceability.recall_queries import CustomerInRecall, LotInRecall, Neighbour, RecallReport
from domain.shared.canonical import Json
from domain.shared.exact import canonical
from domain.traceability.recall import LogEntry, Recall


def recall_document(report: RecallReport) -> dict[str, Json]:
    """All of the report: decimals as canonical strings, times in UTC with their offset, lists in the report's order."""
    return {
        "at": _time(report.at),
        "recall": _recall(report.recall),
        "effectiveness": _decimal(report.effectiveness),
        "not_reconcilable": list(report.not_reconcilable),
        "lots": [_lot(lot) for lot in report.lots],
        "customers": [_customer(customer) for customer in report.customers],
        "suppliers": [_handover(line) for line in report.suppliers],
        "neighbours": [_neighbour(neighbour) for neighbour in report.neighbours],
        "log": [_entry(entry) for entry in report.log],
    }


def _recall(recall: Recall) -> Json:
    return {
        "id": str(recall.id),
        "code": recall.code,
        "mock": recall.mock,
        "state": recall.state.value,
        "hazard": recall.hazard,
        "known_at": _time(recall.known_at),
        "suspects": recall.suspects,
        "opened_at": _time(recall.opened_at),
        "opened_by": recall.opened_by,
        "closed_at": _time(recall.closed_at),
        "closed_by": recall.closed_by,
        "conclusion": recall.conclusion,
        "version": recall.version,
    }


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


def _customer(customer: CustomerInRecall) -> Json:
    recovery = customer.recovery
    return {
        "partner": customer.partner,
        "name": customer.name,
        "address": customer.address,
        "gln": customer.gln,
        "contact": customer.contact,
        "deliveries": [_delivery(delivery) for delivery in customer.deliveries],
        "kilograms": {
            "shipped": canonical(recovery.shipped),
            "returned": canonical(recovery.returned),
            "destroyed": canonical(recovery.destroyed),
            "outstanding": canonical(recovery.outstanding),
        },
        "notified_at": _time(customer.notified_at),
        "acknowledged_at": _time(customer.acknowledged_at),
    }


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
    }


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


def _entry(entry: LogEntry) -> Json:
    return {
        "id": str(entry.id),
        "step": entry.step.value,
        "at": _time(entry.at),
        "by": entry.by,
        "partner": entry.partner,
        "kilograms": _decimal(entry.kilograms),
        "text": entry.text,
    }


def _decimal(number: Decimal | None) -> str | None:
    return None if number is None else canonical(number)


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
