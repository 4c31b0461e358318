"""How exposure is written and sent."""

from collections.abc import Generator
from contextlib import closing
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from application.traceability.expose_lots import ExposedLot, ExposureRow
from domain.traceability.mixture import Gap
from interfaces.api.fields import ChoiceField, CodeField, DateTimeField, DecimalField, TextField, UnitField, UuidField
from interfaces.api.serializers import ReadSerializer
from interfaces.api.v1.rows import RowFormat, Written, written_by


class ShareReadSerializer(ReadSerializer):
    """Writes what part of a mass can come from where the trace begins."""

    kilograms = DecimalField(
        allow_null=True, source="exposure.kilograms", help_text="Its exact mass; null where the product has none."
    )
    share = DecimalField(
        allow_null=True,
        source="exposure.share",
        help_text="Under perfect mixing, from 0 to 1: the exact share, rounded half-even to 6 decimals.",
    )
    lower = DecimalField(
        allow_null=True,
        source="exposure.lower",
        help_text="However it was mixed, the share isn't below this; rounded down to 6 decimals.",
    )
    upper = DecimalField(
        allow_null=True,
        source="exposure.upper",
        help_text="However it was mixed, the share isn't above this; rounded up to 6 decimals.",
    )
    gap = ChoiceField(
        Gap,
        allow_null=True,
        source="exposure.gap",
        help_text="Why there is no share: nothing is on hand (then there are no bounds either), something without a "
        "mass was mixed in, or it was taken before standing operations had put it in.",
    )


class ExposedLotReadSerializer(ShareReadSerializer):
    """Writes a lot that is affected, and what part of what is on hand."""

    id = UuidField(source="lot.id")
    site = CodeField(source="lot.site")
    product = CodeField(source="lot.product")
    code = CodeField(source="lot.code")
    sub_lot = TextField(source="lot.sub_lot", help_text="Which part of the lot; empty for all of it.")
    on_hand = DecimalField(source="lot.on_hand")
    unit = UnitField(source="lot.unit")


class ExposedShipmentReadSerializer(ShareReadSerializer):
    """Writes what was shipped of a lot that is affected, and what part of that."""

    partner = CodeField(source="shipment.partner")
    lot_id = UuidField(source="lot")
    document = TextField(source="shipment.document")
    at = DateTimeField(source="shipment.at")
    quantity = DecimalField(help_text="In the unit of the lot.")


class ExposureReadSerializer(ReadSerializer):
    """Describes exposure: every lot of the forward trace, by depth, and every line shipped, as they were recorded."""

    lot = UuidField(allow_null=True, help_text="Where it begins, if that is one lot.")
    lots = ExposedLotReadSerializer(many=True)
    shipments = ExposedShipmentReadSerializer(many=True)


EXPOSURE = RowFormat("exposure", ("lot", "shipment"))
EXPOSURE_RESPONSES: Any = EXPOSURE.responses(ExposureReadSerializer, "each `shipment`, then each `lot`")


def exposure_answer(request: Request, lot: UUID | None, rows: Generator[ExposureRow, None, None]) -> HttpResponseBase:
    """What was found, beginning with this one lot, if it is one, in the format that the caller accepts."""
    return EXPOSURE.answer(request, {"lot": lot}, _written(rows))


def _written(rows: Generator[ExposureRow, None, None]) -> Generator[Written, None, None]:
    with closing(rows):
        for kind, some in groupby(rows, key=type):
            if kind is ExposedLot:
                yield "lot", written_by(ExposedLotReadSerializer, some)
            else:
                yield "shipment", written_by(ExposedShipmentReadSerializer, some)
