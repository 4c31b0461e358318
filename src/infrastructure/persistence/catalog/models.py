"""Tables of reference data. Codes are the plant's own; ids are what other tables refer to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from infrastructure.persistence.shared.fields import ExactDecimalField
from infrastructure.persistence.shared.models import TimeStampedModel

BEGINNING = Left("name", 100)
"""What is ordered by name: a whole text may be too long for an index."""


class CatalogModel(TimeStampedModel):
    """A record with its code, its name and the number of its changes."""

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.TextField()
    name = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class Product(CatalogModel):
    """See `domain.catalog.product`."""

    name_fr = models.TextField(blank=True, default="")
    product_class = models.TextField()
    unit = models.TextField()
    kg_per_unit = ExactDecimalField(null=True, blank=True)
    standard_cost = ExactDecimalField(null=True, blank=True)
    currency = models.TextField(blank=True, default="")
    date_marking = models.TextField(default="best_before")
    gtin = models.TextField(blank=True, default="")
    allergens = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        db_table = "product"
        indexes = [models.Index(BEGINNING, "code", name="product_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="product_code_is_unique"),
            models.CheckConstraint(condition=Q(kg_per_unit__gt=0), name="product_mass_is_positive"),
            models.CheckConstraint(
                condition=Q(product_class__in=["raw", "packaging", "bulk", "finished", "by_product", "water"]),
                name="product_class_is_known",
            ),
            models.CheckConstraint(
                condition=Q(date_marking__in=["best_before", "use_by"]), name="product_date_marking_is_known"
            ),
        ]


class Site(CatalogModel):
    """See `domain.catalog.site`."""

    positive_release = models.BooleanField(default=False)
    ships_past_best_before = models.BooleanField(default=True)
    signs_decisions = models.BooleanField(default=False)
    second_person = models.BooleanField(db_default=False, default=False)
    holds_returns = models.BooleanField(default=True)

    class Meta:
        db_table = "site"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="site_code_is_unique"),
            models.CheckConstraint(
                condition=models.Q(second_person=False) | models.Q(signs_decisions=True),
                name="site_second_person_signs",
            ),
        ]


class Line(CatalogModel):
    """See `domain.catalog.line`."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        db_table = "line"
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="line_code_is_unique_in_its_site")]


class Partner(CatalogModel):
    """See `domain.catalog.partner`."""

    role = models.TextField()
    address = models.TextField(blank=True, default="")
    gln = models.TextField(blank=True, default="")
    contact = models.TextField(blank=True, default="")

    class Meta:
        db_table = "partner"
        indexes = [models.Index(BEGINNING, "code", name="partner_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="partner_code_is_unique"),
            models.CheckConstraint(
                condition=Q(role__in=["supplier", "customer", "both"]), name="partner_role_is_known"
            ),
        ]


class Operator(CatalogModel):
    """See `domain.catalog.operator`."""

    class Meta:
        db_table = "operator"
        indexes = [models.Index(BEGINNING, "code", name="operator_by_name")]
        constraints = [models.UniqueConstraint(fields=["code"], name="operator_code_is_unique")]
