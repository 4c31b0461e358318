"""How campaigns are read and written."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

from application.production.queries import CampaignOrder
from domain.production.campaign import Band, CampaignState
from domain.shared.quantity import Quantity, checked_amount
from interfaces.api.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DateField,
    DecimalField,
    SortField,
    TextField,
    UnitField,
    UuidField,
)
from interfaces.api.flaws import against_rule
from interfaces.api.labels import LabelField
from interfaces.api.queries import PageQuerySerializer
from interfaces.api.serializers import ReadSerializer, Values, WriteSerializer
from interfaces.api.v1.signing import SignatureSerializer


def percentage_of_band(number: Decimal) -> Decimal:
    """A limit of the band; `Invalid` for what can't be one."""
    return Band(number, number).minimum


class CampaignReadSerializer(ReadSerializer):
    """Writes a campaign."""

    id = UuidField()
    code = CodeField()
    name = TextField()
    site = CodeField()
    product = CodeField()
    line = CodeField(allow_null=True)
    planned_from = DateField(allow_null=True)
    planned_to = DateField(allow_null=True)
    target = DecimalField(allow_null=True)
    unit = UnitField(allow_null=True)
    accountability_min = DecimalField()
    accountability_max = DecimalField()
    status = ChoiceField(CampaignState, source="state")
    status_label = LabelField(CampaignState, source="state")
    closings = CountField(0, 2**31 - 1, help_text="How many balances are stored.")


PLAN = OpenApiExample(
    "A month of cider",
    request_only=True,
    value={
        "code": "CIDER-2026-03",
        "site": "MILL",
        "product": "CIDER-75",
        "line": "BOTTLING",
        "planned_from": "2026-03-01",
        "planned_to": "2026-03-31",
        "target": "5000",
        "unit": "C62",
        "accountability_min": "96.5",
    },
)

EXPLAINED = OpenApiExample(
    "Outside the band",
    request_only=True,
    value={
        "explanation": "A hose burst on the 12th; about 300 litres went down the drain.",
        "signature": {"meaning": "I have checked the cellar book and take responsibility for this balance."},
    },
)


@extend_schema_serializer(examples=[PLAN])
class CampaignWriteSerializer(WriteSerializer):
    """Reads a plan. Without a name, its code is its name."""

    code = CodeField(help_text="Without a slash.")
    name = TextField(default="", help_text="The code, unless stated.")
    site = CodeField()
    product = CodeField()
    line = CodeField(required=False, allow_null=True, help_text="The main line; operations may use others.")
    planned_from = DateField(required=False, allow_null=True)
    planned_to = DateField(required=False, allow_null=True)
    target = DecimalField(checked_amount, required=False, allow_null=True)
    unit = UnitField(required=False, allow_null=True, help_text="Of the target; required with one.")
    accountability_min = DecimalField(percentage_of_band, default=Band().minimum, help_text="Percent.")
    accountability_max = DecimalField(percentage_of_band, default=Band().maximum, help_text="Percent.")

    @classmethod
    def attributes(cls, values: Values) -> dict[str, Any]:
        """The attributes of a plan; a target and its unit become a quantity, the limits a band."""
        stated = dict(values)
        target, unit = stated.pop("target"), stated.pop("unit")
        band = Band(stated.pop("accountability_min"), stated.pop("accountability_max"))
        if target is not None and unit is None:
            raise against_rule("required", "A target has a unit, such as KGM.", "unit")
        return {**stated, "target": None if target is None else Quantity(target, unit), "band": band}


class CampaignQuerySerializer(PageQuerySerializer):
    """Reads which campaigns are wanted, in which order."""

    sort = SortField(CampaignOrder)
    site = CodeField(required=False)
    product = CodeField(required=False)
    line = CodeField(required=False)
    status = ChoiceField(CampaignState, source="state", required=False)


@extend_schema_serializer(examples=[EXPLAINED])
class CloseSerializer(WriteSerializer):
    """Reads what closing outside the band takes: an explanation, and a signature under it."""

    explanation = TextField(default="")
    signature = SignatureSerializer(required=False, allow_null=True)
