"""How lots are read."""

from enum import StrEnum

from application.production.queries import LotOrder
from domain.production.entry import Direction, Kind, Role
from domain.production.lot import Disposition
from interfaces.api.fields import (
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
)
from interfaces.api.labels import LabelField
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.serializers import ReadSerializer


class OnHand(StrEnum):
    """What of lots on hand may be asked for."""

    POSITIVE = "positive"


class LotReadSerializer(ReadSerializer):
    """Writes a lot. `on_hand` is in the product's own unit; `campaign` is the one that made it.

    A sub-lot has a label in `sub_lot`, and its lot as `parent`.
    """

    id = UuidField()
    site = CodeField()
    product = CodeField()
    code = CodeField()
    sub_lot = TextField()
    disposition = ChoiceField(Disposition)
    status_label = LabelField(Disposition, source="disposition")
    on_hand = DecimalField()
    unit = UnitField()
    kilograms = DecimalField(allow_null=True)
    made_on = DateField(allow_null=True)
    best_before = DateField(allow_null=True)
    supplier_lot = TextField()
    campaign = CodeField(allow_null=True)
    parent_ = UuidField(allow_null=True)
    version = CountField(1, 2**31 - 1)


class LotMovementReadSerializer(ReadSerializer):
    """Writes a movement as its lot sees it, with the operation that it belongs to."""

    operation = UuidField()
    number = CodeField(allow_null=True)
    kind = ChoiceField(Kind)
    occurred_at = DateTimeField()
    recorded_at = DateTimeField()
    campaign = CodeField(allow_null=True)
    partner = CodeField(allow_null=True)
    document = TextField()
    direction = ChoiceField(Direction)
    role = ChoiceField(Role)
    quantity = DecimalField()
    unit = UnitField()
    kilograms = DecimalField(allow_null=True)
    reason = TextField()
    reverses = UuidField(allow_null=True)
    reversed_by = UuidField(allow_null=True)


class LotQuerySerializer(PageQuerySerializer):
    """Reads which lots are wanted, in which order."""

    sort = SortField(LotOrder)
    site = CodeField(required=False)
    product = CodeField(required=False)
    code = CodeField(required=False)
    sub_lot = CodeField(required=False)
    parent_ = UuidField(required=False)
    campaign = CodeField(required=False)
    disposition = ChoiceField(Disposition, required=False)
    on_hand = ChoiceField(OnHand, required=False)
