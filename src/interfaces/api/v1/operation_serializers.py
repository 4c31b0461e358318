"""How operations are read and written."""

from collections.abc import Callable, Iterable
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework.serializers import ListField

from application.production.queries import OperationOrder
from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from domain.production.grammar import MOST_MOVEMENTS
from domain.shared.money import Money
from domain.shared.quantity import checked_amount
from interfaces.api.fields import (
    ChoiceField,
    CodeField,
    CurrencyField,
    DateField,
    DateTimeField,
    DecimalField,
    SortField,
    TextField,
    UnitField,
    UuidField,
)
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.serializers import ReadSerializer, Values, WriteSerializer
from interfaces.api.v1.signing import ReasonSerializer

MOST_OPERATIONS = 1000

USUAL_CURRENCY = "EUR"


class MovementReadSerializer(ReadSerializer):
    """Writes a movement of an operation."""

    lot_id = UuidField(allow_null=True)
    site = CodeField()
    product = CodeField()
    lot = CodeField(allow_null=True)
    sub_lot = TextField()
    direction = ChoiceField(Direction)
    role = ChoiceField(Role)
    quantity = DecimalField()
    unit = UnitField()
    kilograms = DecimalField(allow_null=True)
    reason = TextField()


class OperationReadSerializer(ReadSerializer):
    """Writes an operation with its movements, in the order in which they were stated."""

    id = UuidField()
    number = CodeField(allow_null=True)
    kind = ChoiceField(Kind)
    occurred_at = DateTimeField()
    recorded_at = DateTimeField()
    recorded_by = TextField()
    campaign = CodeField(allow_null=True)
    site = CodeField()
    line = CodeField(allow_null=True)
    operator = CodeField()
    partner = CodeField(allow_null=True)
    document = TextField()
    reason = TextField()
    override = TextField()
    reverses = UuidField(allow_null=True)
    reversed_by = UuidField(allow_null=True)
    corrects = UuidField(allow_null=True)
    movements = MovementReadSerializer(many=True)


class MovementWriteSerializer(WriteSerializer):
    """Reads a movement. Which lines an operation may have depends on its kind."""

    site = CodeField(required=False, allow_null=True, help_text="The operation's site, unless stated.")
    product = CodeField()
    lot = CodeField(required=False, allow_null=True, help_text="Null for what was lost in a transformation.")
    sub_lot = TextField(
        default="",
        allow_null=True,
        help_text="The label of a part of the lot. A split of the whole lot, or a return, makes it.",
    )
    direction = ChoiceField(Direction, help_text="in: from the lot into the operation; out: into the lot.")
    role = ChoiceField(Role)
    quantity = DecimalField(help_text="Above zero; up to 12 digits before the point and 6 after.")
    unit = CodeField(help_text="The product's own, UN/ECE Recommendation 20, such as KGM.")
    reason = TextField(default="", allow_null=True)
    supplier_lot = TextField(default="", allow_null=True)
    made_on = DateField(required=False, allow_null=True)
    best_before = DateField(required=False, allow_null=True)
    unit_cost = DecimalField(checked_amount, required=False, allow_null=True, help_text="What a receipt paid per unit.")
    currency = CurrencyField(default=USUAL_CURRENCY, help_text="Of the unit cost.")


RECEIPT = {
    "kind": "receipt",
    "occurred_at": "2026-03-01T09:15:00+01:00",
    "site": "MILL",
    "operator": "ODILE",
    "partner": "ORCHARD",
    "document": "DN-4711",
    "movements": [
        {
            "product": "APPLES",
            "lot": "A-17",
            "direction": "out",
            "role": "main",
            "quantity": "1000",
            "unit": "KGM",
            "supplier_lot": "ROW 7",
            "unit_cost": "0.21",
        }
    ],
}

PRESSING = OpenApiExample(
    "Pressing apples",
    request_only=True,
    value={
        "kind": "production",
        "occurred_at": "2026-03-02T08:30:00+01:00",
        "campaign": "CIDER-2026-03",
        "site": "MILL",
        "line": "PRESS-1",
        "operator": "ODILE",
        "movements": [
            {"product": "APPLES", "lot": "A-17", "direction": "in", "role": "input", "quantity": "1000", "unit": "KGM"},
            {"product": "JUICE", "lot": "J-4", "direction": "out", "role": "main", "quantity": "640.5", "unit": "LTR"},
            {
                "product": "JUICE",
                "direction": "out",
                "role": "loss",
                "quantity": "2.5",
                "unit": "LTR",
                "reason": "spilled",
            },
        ],
    },
)


@extend_schema_serializer(examples=[PRESSING])
class OperationWriteSerializer(WriteSerializer):
    """Reads an operation. The same `id` with the same content again changes nothing."""

    id = UuidField(required=False, allow_null=True, help_text="The caller's own, honoured for ever.")
    kind = ChoiceField(Kind)
    occurred_at = DateTimeField()
    campaign = CodeField(required=False, allow_null=True)
    site = CodeField()
    line = CodeField(required=False, allow_null=True)
    operator = CodeField()
    partner = CodeField(required=False, allow_null=True)
    document = TextField(default="", allow_null=True)
    reason = TextField(default="", allow_null=True, help_text="Why; required of a reversal.")
    override = TextField(
        default="",
        allow_null=True,
        help_text="Why lots on hold or rejected are used all the same; for those with a role that may override.",
    )
    reverses = UuidField(required=False, allow_null=True, help_text="The operation that a reversal takes back.")
    movements = ListField(child=MovementWriteSerializer(), min_length=1, max_length=MOST_MOVEMENTS)


@extend_schema_serializer(examples=[OpenApiExample("A delivery", request_only=True, value={"operations": [RECEIPT]})])
class BatchWriteSerializer(WriteSerializer):
    """Reads operations that are recorded in their order, all of them or none."""

    operations = ListField(child=OperationWriteSerializer(), min_length=1, max_length=MOST_OPERATIONS)


@extend_schema_serializer(
    examples=[OpenApiExample("Entered twice", request_only=True, value={"reason": "The delivery was entered twice."})]
)
class ReversalWriteSerializer(ReasonSerializer):
    """Reads why an operation is taken back, and by whom if not by its own operator."""

    operator = CodeField(required=False, allow_null=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Weighed again", request_only=True, value={"reason": "The weighbridge says 1,000 kg.", "operation": RECEIPT}
        )
    ]
)
class CorrectionWriteSerializer(ReasonSerializer):
    """Reads why an operation is corrected, and what stands in its place."""

    operation = OperationWriteSerializer()


class OperationQuerySerializer(PageQuerySerializer):
    """Reads which operations are wanted; `since` and `until` (excluded) are of when they happened."""

    sort = SortField(OperationOrder)
    campaign = CodeField(required=False)
    site = CodeField(required=False)
    kind = ChoiceField(Kind, required=False)
    product = CodeField(required=False)
    lot = CodeField(required=False)
    since = DateTimeField(required=False)
    until = DateTimeField(required=False)


def entry_of(values: Values, new_id: Callable[[], UUID]) -> OperationEntry:
    """What these values of an operation state."""
    movements = tuple(_movement_of(movement, values["site"]) for movement in values["movements"])
    return OperationEntry(**{**values, "id": values["id"] or new_id(), "movements": movements})


def entries_of(stated: Iterable[Values], new_id: Callable[[], UUID]) -> tuple[OperationEntry, ...]:
    """What each of these states."""
    return tuple(entry_of(values, new_id) for values in stated)


def _movement_of(values: Values, site: str) -> MovementEntry:
    stated = dict(values)
    amount, currency = stated.pop("unit_cost"), stated.pop("currency")
    stated["unit_cost"] = None if amount is None else Money(amount, currency)
    stated["site"] = stated["site"] or site
    return MovementEntry(**stated)
