"""How recalls are read and written."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from typing_extensions import override

from application.shared.language import Language
from application.traceability.recall_queries import RecallOrder
from application.traceability.suspects import in_words
from domain.catalog.product import ProductClass
from domain.production.entry import Kind
from domain.production.lot import Disposition
from domain.shared.quantity import checked_amount
from domain.traceability.origin import Origin, origin_document
from domain.traceability.recall import RecallState, Step
from interfaces.api.fields import (
    BooleanField,
    ChoiceField,
    CodeField,
    CountField,
    DateField,
    DateTimeField,
    DecimalField,
    SortField,
    TextField,
    UnitField,
    UuidField,
    UuidListField,
    YesNoField,
)
from interfaces.api.labels import LabelField
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.serializers import ReadSerializer, ShownField, WriteSerializer
from interfaces.api.v1.quality_serializers import SignatureReadSerializer
from interfaces.api.v1.signing import SignatureSerializer
from interfaces.api.v1.trace_serializers import DEEPEST, OriginSerializer


class SuspectsWriteSerializer(OriginSerializer):
    """Reads which lots a recall begins with: by one of the ways that a trace may begin."""

    lots = UuidListField(required=False, help_text="Lots by their ids.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "What a grower delivered",
            request_only=True,
            value={
                "code": "R-2026-07",
                "hazard": "patulin above the limit",
                "known_at": "2026-11-22T09:10:00+01:00",
                "suspects": {"supplier": "GROWER-0", "supplier_lot": "ORCH-37-0"},
            },
        )
    ]
)
class RecallWriteSerializer(WriteSerializer):
    """Reads a recall."""

    code = CodeField()
    hazard = TextField(help_text="What is wrong, such as: glass in bottles.")
    known_at = DateTimeField(help_text="Since when the hazard is known.")
    mock = BooleanField(default=False, help_text="An exercise: the same without holds.")
    suspects = SuspectsWriteSerializer()
    signature = SignatureSerializer(required=False, allow_null=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "All accounted for",
            request_only=True,
            value={
                "conclusion": "All bottles came back or were destroyed.",
                "signature": {"meaning": "I led this recall."},
            },
        )
    ]
)
class ConclusionWriteSerializer(WriteSerializer):
    """Reads what a recall came to, perhaps with a signature."""

    conclusion = TextField()
    signature = SignatureSerializer(required=False, allow_null=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A customer was told",
            request_only=True,
            value={"step": "notified", "partner": "CUST-0", "text": "By telephone, to the store manager."},
        )
    ]
)
class RecallEntryWriteSerializer(WriteSerializer):
    """Reads what was done: a customer was notified, has acknowledged, returned or destroyed; or a note."""

    step = ChoiceField(Step)
    partner = CodeField(required=False, allow_null=True)
    kilograms = DecimalField(checked_amount, required=False, allow_null=True, help_text="How much was destroyed.")
    text = TextField(default="")
    happened_at = DateTimeField(required=False, allow_null=True, help_text="Now, unless stated.")


class RecallEntryReadSerializer(ReadSerializer):
    """Writes an entry of the log."""

    id = UuidField()
    step = ChoiceField(Step)
    at = DateTimeField(help_text="When it happened.")
    recorded_at = DateTimeField(help_text="When it was written down.")
    by = TextField()
    partner = CodeField(allow_null=True)
    kilograms = DecimalField(allow_null=True)
    text = TextField()


class RecallQuerySerializer(PageQuerySerializer):
    """Reads which recalls are wanted, in which order."""

    sort = SortField(RecallOrder)
    state = ChoiceField(RecallState, required=False)
    mock = YesNoField(required=False, help_text="Exercises alone, or none of them.")
    site = CodeField(required=False, help_text="Those with a lot of this site.")


@extend_schema_field(
    {
        "type": "object",
        "description": "What it begins with, by the members of one way to begin, as they were stated.",
        "additionalProperties": False,
        "properties": {
            "lots": {"type": "array", "items": {"type": "string", "format": "uuid"}},
            **{name: {"type": "string"} for name in ("supplier", "supplier_lot", "campaign", "document", "partner")},
            **{name: {"type": "string"} for name in ("site", "line")},
            **{name: {"type": "string", "format": "date-time"} for name in ("since", "until")},
        },
    }
)
class OriginField(ShownField):
    """What a recall begins with."""

    @override
    def shown(self, value: Origin, language: Language) -> Any:
        return origin_document(value)


@extend_schema_field({"type": "string", "example": "what GROWER-0 delivered under lot ORCH-37-0"})
class OriginLabelField(ShownField):
    """What a recall begins with, in words of the reader's language."""

    @override
    def shown(self, value: Origin, language: Language) -> Any:
        return in_words(value, language)


class ReportedRecallReadSerializer(ReadSerializer):
    """Writes a recall, the same in every language."""

    id = UuidField()
    code = CodeField()
    hazard = TextField()
    known_at = DateTimeField()
    suspects = OriginField()
    mock = BooleanField()
    state = ChoiceField(RecallState)
    opened_at = DateTimeField()
    opened_by = TextField()
    conclusion = TextField()
    closed_at = DateTimeField(allow_null=True)
    closed_by = TextField()
    signature = SignatureReadSerializer(allow_null=True, help_text="Under the conclusion.")
    opening_signature = SignatureReadSerializer(allow_null=True, help_text="Under the opening.")
    signature_due = BooleanField(help_text="Whether the opening has to be signed before the recall is closed.")
    version = CountField(1, DEEPEST)


class RecallReadSerializer(ReportedRecallReadSerializer):
    """Writes a recall, with its state and what it begins with as people say it."""

    status_label = LabelField(RecallState, source="state")
    suspects_label = OriginLabelField(source="suspects")


class WarningReadSerializer(ReadSerializer):
    """Describes what was wrong with a request that was carried out."""

    code = TextField()
    pointer = TextField(help_text="To a value of the request (RFC 6901).")
    detail = TextField()


class OpenedRecallReadSerializer(RecallReadSerializer):
    """Describes a recall as it was opened."""

    warnings = WarningReadSerializer(
        many=True, required=False, help_text="Why the opening isn't signed; left out where there is nothing to say."
    )


class RecallLiftingReadSerializer(ReadSerializer):
    """Writes from how many lots the holds of a recall were lifted."""

    lots = CountField(1, DEEPEST)
    still_held = CountField(0, DEEPEST, help_text="Those of them that other holds still stand on.")


class LotInRecallReadSerializer(ReadSerializer):
    """Writes a lot of a recall.

    made + returned = on hand + used + shipped + transferred + lost + sampled + adjusted.
    """

    id = UuidField()
    site = CodeField()
    product = CodeField()
    product_name = TextField()
    product_class = ChoiceField(ProductClass)
    code = CodeField()
    sub_lot = TextField()
    supplier_lot = TextField()
    campaign = CodeField(allow_null=True)
    depth = CountField(0, DEEPEST, help_text="0 for a suspect.")
    joined_at = DateTimeField()
    disposition = ChoiceField(Disposition)
    holds = CountField(0, DEEPEST, help_text="How many stand on it.")
    unit = UnitField()
    kg_per_unit = DecimalField(allow_null=True)
    made = DecimalField()
    returned = DecimalField(help_text="What came back to this lot.")
    on_hand = DecimalField()
    used = DecimalField()
    shipped = DecimalField(help_text="Whatever came back of it.")
    transferred = DecimalField()
    lost = DecimalField()
    sampled = DecimalField()
    adjusted = DecimalField()
    difference = DecimalField(help_text="What the check leaves open: 0.")


class HandoverReadSerializer(ReadSerializer):
    """Describes a line of a shipment, a return or a receipt. `partner` is null where a receipt names none."""

    kind = ChoiceField(Kind)
    partner = CodeField(allow_null=True)
    site = CodeField()
    product = CodeField()
    lot = CodeField()
    sub_lot = TextField(help_text="Which part of the lot; empty for all of it.")
    lot_id = UuidField()
    whole_lot = UuidField(help_text="The lot itself, or the one that it is part of.")
    supplier_lot = TextField()
    quantity = DecimalField()
    unit = UnitField()
    document = TextField()
    at = DateTimeField()
    sequence = CountField(0, DEEPEST, help_text="The operation's place in the ledger.")


class ReportedDeliveryReadSerializer(ReadSerializer):
    """Describes what was shipped of a lot to a customer, and what came back."""

    site = CodeField()
    product = CodeField()
    lot = CodeField()
    lot_id = UuidField(help_text="Of the whole lot.")
    shipped = DecimalField()
    returned = DecimalField()
    unit = UnitField()
    documents = HandoverReadSerializer(many=True)


class CustomerInRecallReadSerializer(ReadSerializer):
    """Describes a customer of a recall; quantities in kilograms."""

    partner = CodeField()
    name = TextField()
    address = TextField()
    gln = TextField()
    contact = TextField()
    deliveries = ReportedDeliveryReadSerializer(many=True)
    shipped = DecimalField()
    returned = DecimalField()
    destroyed = DecimalField()
    outstanding = DecimalField()
    notified_at = DateTimeField(allow_null=True)
    acknowledged_at = DateTimeField(allow_null=True)


class NeighbourReadSerializer(ReadSerializer):
    """Describes a lot beside a recall, and why it isn't in it."""

    id = UuidField()
    site = CodeField()
    product = CodeField()
    code = CodeField()
    sub_lot = TextField()
    made_on = DateField(allow_null=True)
    campaign = CodeField(allow_null=True)
    beside = TextField(help_text="What it shares with the recall.")
    why = TextField(help_text="Why it isn't part of it.")


class RecallReportReadSerializer(ReadSerializer):
    """Describes everything about a recall, of one moment. It comes as a document."""

    recall = ReportedRecallReadSerializer()
    at = DateTimeField(help_text="When it was read or, once the recall is closed, when that was.")
    sha256 = TextField(help_text="Of the rest without `at`, as canonical JSON (RFC 8785).")
    effectiveness = DecimalField(allow_null=True, help_text="Returned and destroyed, in percent of what was shipped.")
    not_reconcilable = serializers.ListField(
        child=CodeField(), help_text="Products without a mass: no kilogram of them is in any figure."
    )
    lots = LotInRecallReadSerializer(many=True)
    customers = CustomerInRecallReadSerializer(many=True)
    suppliers = HandoverReadSerializer(many=True)
    neighbours = NeighbourReadSerializer(many=True)
    neighbours_total = CountField(0, DEEPEST, help_text="How many there are; listed are 500 at most.")
    log = RecallEntryReadSerializer(many=True)
