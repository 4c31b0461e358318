"""How recalls are read and written."""

from rest_framework import serializers

from domain.catalog.product import ProductClass
from domain.production.lot import Disposition
from domain.shared.quantity import checked_amount
from domain.traceability.recall import RecallState, Step
from interfaces.api.fields import (
    BooleanField,
    ChoiceField,
    CodeField,
    CountField,
    DateField,
    DateTimeField,
    DecimalField,
    TextField,
    UnitField,
    UuidField,
    UuidListField,
)
from interfaces.api.serializers import ReadSerializer, WriteSerializer
from interfaces.api.v1.signing import SignatureSerializer
from interfaces.api.v1.trace_serializers import (
    DEEPEST,
    DeliveryReadSerializer,
    OriginSerializer,
    SupplierReadSerializer,
)


class SuspectsWriteSerializer(OriginSerializer):
    """Reads which lots a recall begins with: by one of the ways that a trace may begin."""

    lots = UuidListField(required=False, help_text="Lots by their ids.")


class RecallWriteSerializer(WriteSerializer):
    """Reads a recall."""

    code = CodeField()
    hazard = TextField(help_text="What is wrong, such as: glass in bottles.")
    known_at = DateTimeField(help_text="Since when the hazard is known.")
    mock = BooleanField(default=False, help_text="An exercise: the same without holds.")
    suspects = SuspectsWriteSerializer()


class ConclusionWriteSerializer(WriteSerializer):
    """Reads what a recall came to, perhaps with a signature."""

    conclusion = TextField()
    signature = SignatureSerializer(required=False, allow_null=True)


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
    at = DateTimeField()
    by = TextField()
    partner = CodeField(allow_null=True)
    kilograms = DecimalField(allow_null=True)
    text = TextField()


class RecallReadSerializer(ReadSerializer):
    """Writes a recall."""

    id = UuidField()
    code = CodeField()
    hazard = TextField()
    known_at = DateTimeField()
    suspects = TextField()
    mock = BooleanField()
    state = ChoiceField(RecallState)
    opened_at = DateTimeField()
    opened_by = TextField()
    conclusion = TextField()
    closed_at = DateTimeField(allow_null=True)
    closed_by = TextField()
    version = CountField(1, DEEPEST)


class LotInRecallReadSerializer(ReadSerializer):
    """Writes a lot of a recall: made = on hand + used + shipped + transferred + lost + sampled + adjusted."""

    id = UuidField()
    site = CodeField()
    product = CodeField()
    product_class = ChoiceField(ProductClass)
    code = CodeField()
    sub_lot = TextField()
    supplier_lot = TextField()
    campaign = CodeField(allow_null=True)
    depth = CountField(0, DEEPEST, help_text="0 for a suspect.")
    joined_at = DateTimeField()
    disposition = ChoiceField(Disposition)
    unit = UnitField()
    made = DecimalField()
    on_hand = DecimalField()
    used = DecimalField()
    shipped = DecimalField(help_text="Less what came back.")
    transferred = DecimalField()
    lost = DecimalField()
    sampled = DecimalField()
    adjusted = DecimalField()
    difference = DecimalField(help_text="What the check leaves open: 0.")


class CustomerInRecallReadSerializer(ReadSerializer):
    """Writes a customer of a recall; quantities in kilograms."""

    partner = CodeField()
    name = TextField()
    address = TextField()
    gln = TextField()
    contact = TextField()
    deliveries = DeliveryReadSerializer(many=True)
    shipped = DecimalField(source="recovery.shipped")
    returned = DecimalField(source="recovery.returned")
    destroyed = DecimalField(source="recovery.destroyed")
    outstanding = DecimalField(source="recovery.outstanding")
    notified_at = DateTimeField(allow_null=True)
    acknowledged_at = DateTimeField(allow_null=True)


class NeighbourReadSerializer(ReadSerializer):
    """Writes a lot beside a recall, and why it isn't in it."""

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
    """Writes everything about a recall, of one moment."""

    recall = RecallReadSerializer()
    at = DateTimeField()
    effectiveness = DecimalField(allow_null=True, help_text="Returned and destroyed, in percent of what was shipped.")
    not_reconcilable = serializers.ListField(
        child=CodeField(), help_text="Products without a mass: no kilogram of them is in any figure."
    )
    lots = LotInRecallReadSerializer(many=True)
    customers = CustomerInRecallReadSerializer(many=True)
    suppliers = SupplierReadSerializer(many=True)
    neighbours = NeighbourReadSerializer(many=True)
    log = RecallEntryReadSerializer(many=True)
