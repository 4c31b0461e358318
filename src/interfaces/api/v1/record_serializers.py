"""How reference data is read and written."""

from abc import abstractmethod
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from application.catalog.queries import LineOrder, RecordOrder
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import DateMarking, Product, ProductClass
from domain.catalog.record import Record
from domain.catalog.site import Site
from domain.shared.money import Money
from domain.shared.quantity import checked_amount, checked_mass
from interfaces.api.fields import (
    BooleanField,
    ChoiceField,
    CodeField,
    CurrencyField,
    DecimalField,
    SortField,
    TextField,
    TextsField,
    UnitField,
)
from interfaces.api.flaws import against_rule
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.serializers import ReadSerializer, Values, WriteSerializer


class RecordWriteSerializer(WriteSerializer):
    """Reads a record of the catalog. Without a name, its code is its name."""

    code = CodeField()
    name = TextField(default="", help_text="The code, unless stated.")

    @classmethod
    def attributes(cls, values: Values) -> dict[str, Any]:
        """The attributes of the record that these values are."""
        return {**values, "name": values["name"] or values["code"]}

    @classmethod
    @abstractmethod
    def record(cls, identity: UUID, values: Values) -> Record:
        """A new record."""


class CodeQuerySerializer(PageQuerySerializer):
    """Reads which records are wanted, in which order."""

    sort = SortField(RecordOrder)
    code = CodeField(required=False)


class ProductReadSerializer(ReadSerializer):
    """Writes a product."""

    code = CodeField()
    name = TextField()
    name_fr = TextField()
    class_ = ChoiceField(ProductClass, source="product_class")
    unit = UnitField(source="unit.code")
    kg_per_unit = DecimalField(allow_null=True)
    unit_cost = DecimalField(source="standard_cost.amount", allow_null=True)
    currency = CurrencyField(source="standard_cost.currency", allow_null=True)
    date_marking = ChoiceField(DateMarking)
    gtin = TextField()
    allergens = TextsField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A bottled cider",
            request_only=True,
            value={
                "code": "CIDER75",
                "name": "Cider, brut, 75 cl",
                "name_fr": "Cidre brut 75 cl",
                "class": "finished",
                "unit": "C62",
                "kg_per_unit": "1.319",
                "unit_cost": "2.15",
                "currency": "EUR",
                "gtin": "03760123456789",
                "allergens": ["sulphites"],
            },
        )
    ]
)
class ProductWriteSerializer(RecordWriteSerializer):
    """Reads a product. Its unit and its mass don't change any more after its first movement."""

    name_fr = TextField(default="")
    class_ = ChoiceField(ProductClass, source="product_class")
    unit = UnitField(help_text="UN/ECE Recommendation 20.")
    kg_per_unit = DecimalField(checked_mass, required=False, allow_null=True, help_text="Exact; null when unknown.")
    unit_cost = DecimalField(checked_amount, required=False, allow_null=True, help_text="Standard cost of one unit.")
    currency = CurrencyField(required=False, allow_null=True, help_text="ISO 4217; required with a cost.")
    date_marking = ChoiceField(DateMarking, default=DateMarking.BEST_BEFORE)
    gtin = TextField(default="", help_text="GS1 trade item number.")
    allergens = TextsField(default=())

    @classmethod
    def attributes(cls, values: Values) -> dict[str, Any]:
        """The attributes; a cost and its currency become money."""
        stated = super().attributes(values)
        amount, currency = stated.pop("unit_cost"), stated.pop("currency")
        if amount is not None and amount < 0:
            raise against_rule("negative", "A cost isn't below zero.", "unit_cost")
        if amount is not None and currency is None:
            raise against_rule("required", "A cost has a currency, such as EUR.", "currency")
        return {**stated, "standard_cost": None if amount is None else Money(amount, currency)}

    @classmethod
    def record(cls, identity: UUID, values: Values) -> Product:
        """A new product."""
        return Product(id=identity, **cls.attributes(values))


class ProductQuerySerializer(CodeQuerySerializer):
    """Reads which products are wanted."""

    class_ = ChoiceField(ProductClass, source="product_class", required=False)
    unit = CodeField(required=False)
    date_marking = ChoiceField(DateMarking, required=False)
    gtin = TextField(required=False)


class SiteReadSerializer(ReadSerializer):
    """Writes a site."""

    code = CodeField()
    name = TextField()
    positive_release = BooleanField()
    ships_past_best_before = BooleanField()
    signs_decisions = BooleanField()
    second_person = BooleanField()
    holds_returns = BooleanField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A plant that releases its lots",
            request_only=True,
            value={"code": "PLANT-1", "name": "The plant at the mill", "positive_release": True},
        )
    ]
)
class SiteWriteSerializer(RecordWriteSerializer):
    """Reads a site. With `positive_release` its new lots wait until quality releases them."""

    positive_release = BooleanField(default=False)
    ships_past_best_before = BooleanField(default=True)
    signs_decisions = BooleanField(
        default=False,
        help_text="Whether whoever decides (about lots, holds, closings, recalls) signs, with their password.",
    )
    second_person = BooleanField(
        default=False, help_text="Whether somebody else releases, rejects and closes than those who recorded it."
    )
    holds_returns = BooleanField(default=True, help_text="Whether what comes back is held, in a sub-lot of its lot.")

    @classmethod
    def record(cls, identity: UUID, values: Values) -> Site:
        """A new site."""
        return Site(id=identity, **cls.attributes(values))


class LineReadSerializer(ReadSerializer):
    """Writes a line."""

    site = CodeField()
    code = CodeField()
    name = TextField()


@extend_schema_serializer(
    examples=[
        OpenApiExample("A press", request_only=True, value={"code": "PRESS-1", "name": "Belt press", "site": "PLANT-1"})
    ]
)
class LineWriteSerializer(RecordWriteSerializer):
    """Reads a line. Its code is unique in its site."""

    site = CodeField()

    @classmethod
    def record(cls, identity: UUID, values: Values) -> Line:
        """A new line."""
        return Line(id=identity, **cls.attributes(values))


class LineQuerySerializer(CodeQuerySerializer):
    """Reads which lines are wanted, in which order."""

    sort = SortField(LineOrder)
    site = CodeField(required=False)


class PartnerReadSerializer(ReadSerializer):
    """Writes a partner."""

    code = CodeField()
    name = TextField()
    role = ChoiceField(PartnerRole)
    address = TextField()
    gln = TextField()
    contact = TextField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A grower",
            request_only=True,
            value={
                "code": "GROWER-0",
                "name": "Orchards of the valley",
                "role": "supplier",
                "address": "1 Orchard Lane",
            },
        )
    ]
)
class PartnerWriteSerializer(RecordWriteSerializer):
    """Reads a supplier or a customer."""

    role = ChoiceField(PartnerRole)
    address = TextField(default="")
    gln = TextField(default="", help_text="GS1 location number.")
    contact = TextField(default="")

    @classmethod
    def record(cls, identity: UUID, values: Values) -> Partner:
        """A new partner."""
        return Partner(id=identity, **cls.attributes(values))


class PartnerQuerySerializer(CodeQuerySerializer):
    """Reads which partners are wanted."""

    role = ChoiceField(PartnerRole, required=False)


class OperatorReadSerializer(ReadSerializer):
    """Writes an operator."""

    code = CodeField()
    name = TextField()


@extend_schema_serializer(
    examples=[
        OpenApiExample("Somebody at the press", request_only=True, value={"code": "ODILE", "name": "Odile Martin"})
    ]
)
class OperatorWriteSerializer(RecordWriteSerializer):
    """Reads an operator."""

    @classmethod
    def record(cls, identity: UUID, values: Values) -> Operator:
        """A new operator."""
        return Operator(id=identity, **cls.attributes(values))
