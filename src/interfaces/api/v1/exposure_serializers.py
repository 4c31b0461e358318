"""How exposure is written."""

from uuid import UUID

from rest_framework.response import Response

from application.traceability.expose_lots import LotsExposed
from domain.traceability.mixture import Gap
from interfaces.api.fields import ChoiceField, CodeField, DateTimeField, DecimalField, TextField, UnitField, UuidField
from interfaces.api.serializers import ReadSerializer
from interfaces.api.views import single, written


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


def exposure_answer(lot: UUID | None, found: LotsExposed) -> Response:
    """The answer with what was found, beginning with this one lot, if it is one."""
    return single(
        {
            "lot": lot,
            "lots": written(ExposedLotReadSerializer, found.lots),
            "shipments": written(ExposedShipmentReadSerializer, found.shipments),
        }
    )
