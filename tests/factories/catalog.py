"""Rows of reference data, made up as far as a test doesn't say."""

from uuid import uuid4

from factory import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from infrastructure.persistence.catalog import models


class RecordFactory(DjangoModelFactory):
    """Any record: an id, and its code as its name."""

    class Meta:
        abstract = True

    id = LazyFunction(uuid4)
    name = LazyAttribute(lambda record: record.code.title())


class ProductFactory(RecordFactory):
    """A finished product, counted in pieces of a kilogram."""

    class Meta:
        model = models.Product

    code = Sequence("PRODUCT-{}".format)
    product_class = "finished"
    unit = "C62"
    kg_per_unit = 1


class SiteFactory(RecordFactory):
    """A site whose new lots are released."""

    class Meta:
        model = models.Site

    code = Sequence("SITE-{}".format)


class LineFactory(RecordFactory):
    """A line at a site of its own."""

    class Meta:
        model = models.Line

    code = Sequence("LINE-{}".format)
    site = SubFactory(SiteFactory)


class PartnerFactory(RecordFactory):
    """Somebody to buy from and to sell to."""

    class Meta:
        model = models.Partner

    code = Sequence("PARTNER-{}".format)
    role = "both"


class OperatorFactory(RecordFactory):
    """A person of the plant."""

    class Meta:
        model = models.Operator

    code = Sequence("operator-{}".format)
