"""A plant to measure on, made through the use cases."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from application.catalog.create_record import CreateRecord
from application.production.open_campaign import OpenCampaign
from application.production.plan_campaign import CampaignPlan, PlanCampaign
from application.production.record_operations import RecordOperations
from application.shared.actor import Actor
from config.container import Container
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import Product, ProductClass
from domain.catalog.site import Site
from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from domain.shared.quantity import Unit

ME = Actor("benchmark")
NOW = datetime(2026, 1, 1, 6, tzinfo=UTC)
SITE, LINE, OPERATOR, CAMPAIGN = "PLANT", "LINE-1", "anna", "BENCH"
INPUTS = 3_000

PRODUCTS = (
    ("RAW", ProductClass.RAW, "KGM", "1"),
    ("PACK", ProductClass.PACKAGING, "C62", "0.560"),
    ("MADE", ProductClass.FINISHED, "C62", "1.319"),
    ("REST", ProductClass.BY_PRODUCT, "KGM", "1"),
)


class Plant:
    """One site with a line, an open campaign and many large lots to take from."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self._random = random.Random(20260101)  # noqa: S311 - the same work each time
        ids = container.system.ids()
        catalog = container.catalog
        for code, product_class, unit, mass in PRODUCTS:
            product = Product(ids.new(), code, code, code, product_class, Unit.of(unit), Decimal(mass))
            catalog.create_product()(CreateRecord(product, ME, NOW))
        catalog.create_site()(CreateRecord(Site(ids.new(), SITE, SITE), ME, NOW))
        catalog.create_line()(CreateRecord(Line(ids.new(), SITE, LINE, LINE), ME, NOW))
        catalog.create_operator()(CreateRecord(Operator(ids.new(), OPERATOR, OPERATOR), ME, NOW))
        catalog.create_partner()(CreateRecord(Partner(ids.new(), "FARM", "Farm", PartnerRole.BOTH), ME, NOW))
        self.open_campaign(CAMPAIGN)
        self.record([self._receipt(number) for number in range(INPUTS)])

    def open_campaign(self, code: str) -> None:
        """Plan a campaign and open it."""
        plan = CampaignPlan(code=code, site=SITE, product="MADE", line=LINE)
        self.container.production.plan_campaign()(PlanCampaign(plan, ME, NOW))
        self.container.production.open_campaign()(OpenCampaign(code, ME, NOW))

    def record(self, entries: list[OperationEntry]) -> None:
        """Record operations through the use case."""
        self.container.production.record_operations()(RecordOperations(tuple(entries), ME, NOW))

    def productions(self, campaign: str = CAMPAIGN) -> Iterator[OperationEntry]:
        """Operations of three inputs and two outputs, each output a new lot."""
        while True:
            taken = self._random.sample(range(INPUTS), 3)
            name = uuid4().hex
            movements = [_line(Direction.IN, Role.INPUT, "RAW", f"RAW-{number}", "2.5", "KGM") for number in taken]
            movements.append(_line(Direction.OUT, Role.MAIN, "MADE", f"M-{name}", "5", "C62"))
            movements.append(_line(Direction.OUT, Role.BY_PRODUCT, "REST", f"R-{name}", "0.5", "KGM"))
            yield _operation(Kind.PRODUCTION, tuple(movements), campaign=campaign, line=LINE)

    def _receipt(self, number: int) -> OperationEntry:
        movement = _line(Direction.OUT, Role.MAIN, "RAW", f"RAW-{number}", "900000", "KGM")
        return _operation(Kind.RECEIPT, (movement,), partner="FARM", document="DN")


def _operation(kind: Kind, movements: tuple[MovementEntry, ...], **head: str) -> OperationEntry:
    return OperationEntry(
        id=UUID(int=uuid4().int), kind=kind, occurred_at=NOW, site=SITE, operator=OPERATOR, movements=movements, **head
    )


def _line(direction: Direction, role: Role, product: str, lot: str, quantity: str, unit: str) -> MovementEntry:
    return MovementEntry(SITE, product, lot, direction, role, Decimal(quantity), unit)
