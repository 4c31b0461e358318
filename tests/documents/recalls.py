"""Reports of recalls of any size, made without a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from itertools import count
from uuid import UUID

from attrs import evolve

from application.traceability.deliveries import Delivery
from application.traceability.queries import Handover
from application.traceability.recall_queries import CustomerInRecall, LotInRecall, Neighbour, RecallReport
from domain.production.entry import Kind
from domain.shared.exact import EXACT
from domain.shared.signature import Signature
from domain.traceability.genealogy import Moment
from domain.traceability.origin import SupplierLotOrigin
from domain.traceability.recall import LogEntry, Recall, RecallState, Recovery, Step

KNOWN = datetime(2026, 11, 20, 6, 12, tzinfo=UTC)
OPENED = KNOWN + timedelta(minutes=35)
CLOSED = OPENED + timedelta(hours=27, minutes=8)
LATE = OPENED + timedelta(hours=1)
PRODUCTS = (
    # code, name, class, unit, kilograms of a unit
    ("APPLE-BIO", "Organic cider apples, Judaine", "raw", "KGM", "1"),
    ("JUICE", "Pressed juice", "bulk", "LTR", "1.048"),
    ("CIDER-75", "Cidre brut bio, bottle of 75 cl", "finished", "C62", "1.32"),
    ("CORK-30", "Corks, 30 mm", "packaging", "C62", "0.006"),
    ("POMACE", "Pomace for feed", "by_product", "KGM", "1"),
)
ADDRESSES = (
    ("Biocoop Les Quatre Saisons", "12 rue du Marché\n35000 Rennes\nFrance", "Mme Le Goff, +33 2 99 00 00 00"),
    ("La Vie Saine SARL", "Zone artisanale des Landes\n22100 Dinan\nFrance", "qualite@viesaine.example"),
    ("Ferme de Kerguelen (feed)", "Kerguelen\n29140 Rosporden\nFrance", "M. Guillou"),
    ("Bläß & Söhne Getränke GmbH", "Hafenstraße 7\n28195 Bremen\nGermany", ""),
)


def identity(number: int) -> UUID:
    """A made-up id."""
    return UUID(int=number)


def recall(*, mock: bool = False, closed: bool = False) -> Recall:
    """A case of a cider house."""
    return Recall(
        id=identity(1),
        code="MR-2026-02" if mock else "R-2026-07",
        hazard="Patulin above 50 µg/kg in the juice of lot AP-1127 (laboratory report 26-4471)",
        known_at=KNOWN,
        suspects=SupplierLotOrigin("VERGERS-DE-RANCE", "AP-1127"),
        mock=mock,
        opened_at=OPENED,
        opened_by="A. Martin, quality",
        state=RecallState.CLOSED if closed else RecallState.OPEN,
        conclusion="All bottles are accounted for; the supplier sorts by hand from now on." if closed else "",
        closed_at=CLOSED if closed else None,
        closed_by="A. Martin, quality" if closed else "",
        signature=Signature("A. Martin", "I led this recall", CLOSED) if closed else None,
        opening_signature=Signature("A. Martin", "I open this recall", OPENED),
    )


def lots(number: int) -> Iterator[LotInRecall]:
    """So many lots: a received one, and what was made of it; the check of each adds up."""
    for index in range(number):
        code, name, product_class, unit, mass = PRODUCTS[index % len(PRODUCTS)]
        made = Decimal(1200 + 37 * index) + Decimal(index % 4) / 4
        used = made / 2 if product_class in {"raw", "bulk"} else Decimal(0)
        shipped = Decimal(600 + index % 50) if product_class in {"finished", "by_product"} else Decimal(0)
        back = shipped / 5
        lost = Decimal("12.375") if product_class == "bulk" else Decimal(0)
        sampled = Decimal(2) if product_class == "finished" else Decimal(0)
        yield LotInRecall(
            id=identity(1000 + index),
            site="RANCE",
            product=code,
            product_name=name,
            product_class=product_class,
            code=f"{code[:2]}-{1127 + index}",
            sub_lot="R1" if index % 9 == 7 else "",
            supplier_lot=f"VR-{index}" if product_class in {"raw", "packaging"} else "",
            campaign=None if product_class in {"raw", "packaging"} else "BRUT-2026-11",
            depth=0 if index == 0 else 1 + index % 3,
            joined_at=OPENED + timedelta(minutes=90 if index % 11 == 10 else 0),
            disposition="on_hold" if index % 5 != 3 else "released",
            holds=1 if index % 5 != 3 else 0,
            unit=unit,
            kg_per_unit=Decimal(mass),
            made=made,
            returned=back,
            on_hand=made + back - used - shipped - lost - sampled,
            used=used,
            shipped=shipped,
            transferred=Decimal(0),
            lost=lost,
            sampled=sampled,
            adjusted=Decimal(0),
        )


def report(number: int, *, mock: bool = False, closed: bool = False) -> RecallReport:
    """A report of so many lots, with customers, suppliers, neighbours and a log in proportion."""
    with localcontext(EXACT):
        return _report(tuple(lots(number)), recall(mock=mock, closed=closed))


def _report(made: tuple[LotInRecall, ...], case: Recall) -> RecallReport:
    customers = tuple(_customers(made))
    return RecallReport(
        recall=case,
        at=OPENED + timedelta(hours=28),
        lots=made,
        customers=customers,
        suppliers=tuple(
            handover(index, Kind.RECEIPT, lot, "VERGERS-DE-RANCE", lot.made)
            for index, lot in enumerate(lot for lot in made if lot.supplier_lot)
        ),
        neighbours=tuple(_neighbours(max(1, len(made) // 4))),
        neighbours_total=max(1, len(made) // 4),
        log=tuple(sorted(_log(customers), key=lambda entry: entry.at)),
        effectiveness=Decimal("37.6543") if customers else None,
    )


def handover(number: int, kind: Kind, lot: LotInRecall, partner: str, quantity: Decimal) -> Handover:
    """A line of a shipment, return or receipt of a lot."""
    document = {Kind.SHIPMENT: "DN", Kind.RETURN: "RT", Kind.RECEIPT: "GR"}[kind]
    return Handover(
        kind=kind,
        partner=partner,
        lot_id=lot.id,
        whole_lot=lot.id,
        site=lot.site,
        product=lot.product,
        lot=lot.code,
        sub_lot=lot.sub_lot,
        supplier_lot=lot.supplier_lot,
        quantity=quantity,
        unit=lot.unit,
        document=f"{document}-26-{10_400 + number}",
        moment=Moment(KNOWN - timedelta(days=6, minutes=-7 * number), number),
    )


def _customers(made: tuple[LotInRecall, ...]) -> Iterator[CustomerInRecall]:
    shipped = [lot for lot in made if lot.shipped]
    numbers = count(1)
    for index, (name, address, contact) in enumerate(ADDRESSES[: max(0, len(shipped))]):
        own = shipped[index :: len(ADDRESSES)]
        deliveries = tuple(_delivery(lot, f"C-{index + 1:03}", numbers) for lot in own)
        gross = sum((d.shipped * _mass(d) for d in deliveries), Decimal(0))
        back = sum((d.returned * _mass(d) for d in deliveries), Decimal(0))
        yield CustomerInRecall(
            partner=f"C-{index + 1:03}",
            name=name,
            address=address,
            gln=f"376000000{index + 1:04}" if index != 2 else "",
            contact=contact,
            deliveries=deliveries,
            recovery=Recovery(shipped=gross, returned=back, destroyed=Decimal(25) if index == 1 else Decimal(0)),
            notified_at=OPENED + timedelta(minutes=12 + index),
            acknowledged_at=OPENED + timedelta(minutes=48 + index) if index != 3 else None,
        )


def _mass(delivery: Delivery) -> Decimal:
    return next(Decimal(mass) for code, _, _, _, mass in PRODUCTS if code == delivery.product)


def _delivery(lot: LotInRecall, partner: str, numbers: Iterator[int]) -> Delivery:
    back = lot.returned
    documents = (
        handover(next(numbers), Kind.SHIPMENT, lot, partner, lot.shipped),
        handover(next(numbers), Kind.RETURN, lot, partner, back),
    )
    return Delivery(
        partner=partner,
        lot_id=lot.id,
        site=lot.site,
        product=lot.product,
        lot=lot.code,
        shipped=lot.shipped,
        returned=back,
        unit=lot.unit,
        documents=documents,
    )


def _neighbours(number: int) -> Iterator[Neighbour]:
    for index in range(number):
        yield Neighbour(
            id=identity(90_000 + index),
            site="RANCE",
            product="CIDER-75",
            code=f"CI-{900 + index}",
            sub_lot="",
            made_on=(KNOWN - timedelta(days=8, hours=index)).date(),
            campaign="BRUT-2026-11",
            beside="the same line on the same day",
            why="Made of other apples: no operation links it with a suspect.",
        )


def _log(customers: tuple[CustomerInRecall, ...]) -> Iterator[LogEntry]:
    opened = LogEntry(
        id=identity(5),
        recall=identity(1),
        step=Step.NOTE,
        at=OPENED,
        by="A. Martin, quality",
        partner=None,
        kilograms=None,
        text="The laboratory rang; nothing of the lot leaves the house any more.",
        recorded_at=OPENED,
    )
    yield opened
    for customer in customers:
        told = evolve(opened, by="C. Roux, sales", partner=customer.partner)
        if customer.notified_at:
            yield evolve(
                told, step=Step.NOTIFIED, at=customer.notified_at, text="By telephone and letter.", recorded_at=LATE
            )
        if customer.acknowledged_at:
            yield evolve(told, step=Step.ACKNOWLEDGED, at=customer.acknowledged_at, text="", recorded_at=LATE)
        if customer.recovery.destroyed:
            later = OPENED + timedelta(hours=5)
            destroyed = customer.recovery.destroyed
            certified = "Certificate 88-12 received."
            yield evolve(told, step=Step.DESTROYED, at=later, kilograms=destroyed, text=certified, recorded_at=later)
