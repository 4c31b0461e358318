"""Rows of production, made up as far as a test doesn't say."""

from datetime import UTC, datetime
from uuid import uuid4

from factory import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from infrastructure.persistence.production import models
from tests.factories.catalog import OperatorFactory, ProductFactory, SiteFactory


class CampaignFactory(DjangoModelFactory):
    """An open campaign of a product and at a site of its own."""

    class Meta:
        model = models.Campaign

    id = LazyFunction(uuid4)
    code = Sequence("CAMPAIGN-{}".format)
    name = LazyAttribute(lambda campaign: campaign.code.title())
    site = SubFactory(SiteFactory)
    product = SubFactory(ProductFactory)
    accountability_min = 95
    accountability_max = 100
    state = "open"


class LotFactory(DjangoModelFactory):
    """A released lot, empty as every new one."""

    class Meta:
        model = models.Lot

    id = LazyFunction(uuid4)
    site = SubFactory(SiteFactory)
    product = SubFactory(ProductFactory)
    code = Sequence("LOT-{}".format)
    decided = "released"
    cost_basis = "actual"


class OperationFactory(DjangoModelFactory):
    """The head of a receipt; its movements have to follow in the same transaction."""

    class Meta:
        model = models.Operation

    id = LazyFunction(uuid4)
    kind = "receipt"
    occurred_at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    recorded_at = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
    recorded_by = "typist"
    site = SubFactory(SiteFactory)
    operator = SubFactory(OperatorFactory)
    fingerprint = "0" * 64


class MovementFactory(DjangoModelFactory):
    """One of a product that weighs a kilogram, put into a lot."""

    class Meta:
        model = models.Movement

    position = 0
    direction = "out"
    role = "main"
    site = LazyAttribute(lambda movement: movement.lot.site)
    product = LazyAttribute(lambda movement: movement.lot.product)
    quantity = 1
    kilograms = LazyAttribute(lambda movement: movement.quantity)
    cost_basis = "actual"
