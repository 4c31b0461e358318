"""A plant to measure on, made through the use cases."""

from collections.abc import Iterable
from decimal import Decimal

from application.access.issue_token import IssueToken
from application.catalog.create_record import CreateRecord
from application.production.open_campaign import OpenCampaign
from application.production.plan_campaign import CampaignPlan, PlanCampaign
from application.production.record_operations import RecordOperations
from config.container import Container
from domain.access.rights import Grant, Role
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import Product, ProductClass
from domain.catalog.site import Site
from domain.production.entry import OperationEntry
from domain.shared.quantity import Unit
from tests.benchmarks.work import CAMPAIGN, LINE, NOW, OPERATOR, SITE, receipts
from tests.factories.access import somebody

ME = somebody("benchmark")

PRODUCTS = (
    ("RAW", ProductClass.RAW, "KGM", "1"),
    ("PACK", ProductClass.PACKAGING, "C62", "0.560"),
    ("BULK", ProductClass.BULK, "LTR", "1.05"),
    ("MADE", ProductClass.FINISHED, "C62", "1.319"),
    ("REST", ProductClass.BY_PRODUCT, "KGM", "1"),
)


class Plant:
    """One site with a line, an open campaign and many large lots to take from."""

    def __init__(self, container: Container) -> None:
        self.container = container
        ids = container.system.ids()
        catalog = container.catalog
        for code, product_class, unit, mass in PRODUCTS:
            product = Product(ids.new(), code, code, code, product_class, Unit.of(unit), Decimal(mass))
            catalog.create_product()(CreateRecord(product, ME, NOW))
        catalog.create_site()(CreateRecord(Site(ids.new(), SITE, SITE, holds_returns=False), ME, NOW))
        catalog.create_line()(CreateRecord(Line(ids.new(), SITE, LINE, LINE), ME, NOW))
        catalog.create_operator()(CreateRecord(Operator(ids.new(), OPERATOR, OPERATOR), ME, NOW))
        catalog.create_partner()(CreateRecord(Partner(ids.new(), "FARM", "Farm", PartnerRole.BOTH), ME, NOW))
        self.open_campaign(CAMPAIGN)
        self.record(receipts())

    def open_campaign(self, code: str) -> None:
        """Plan a campaign and open it."""
        plan = CampaignPlan(code=code, site=SITE, product="MADE", line=LINE)
        self.container.production.plan_campaign()(PlanCampaign(plan, ME, NOW))
        self.container.production.open_campaign()(OpenCampaign(code, ME, NOW))

    def record(self, entries: Iterable[OperationEntry]) -> None:
        """Record operations through the use case."""
        self.container.production.record_operations()(RecordOperations(tuple(entries), ME, NOW))

    def new_token(self) -> str:
        """An access token of somebody who may record."""
        command = IssueToken(
            "benchmark", "benchmark", ME, NOW, grants=frozenset({Grant(Role.ADMINISTRATOR)}), admit=True
        )
        return self.container.access.issue_token()(command).secret
