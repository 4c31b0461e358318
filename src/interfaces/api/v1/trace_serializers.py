"""How traces are asked for and written."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from drf_spectacular.utils import extend_schema_serializer

from application.shared.errors import NotFound
from application.traceability.queries import Side
from application.traceability.trace_lots import TraceLots
from domain.access.rights import Sight
from domain.production.entry import Kind
from domain.production.lot import Disposition
from domain.shared.errors import Fault, Invalid
from domain.traceability.genealogy import Direction
from domain.traceability.origin import CampaignOrigin, DocumentOrigin, LineOrigin, LotsOrigin, Origin, SupplierLotOrigin
from interfaces.api.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DateTimeField,
    DecimalField,
    TextField,
    UnitField,
    UuidField,
    UuidsField,
    YesNoField,
)
from interfaces.api.flaws import BadInput, Flaw, flaws_in, malformed
from interfaces.api.queries import QuerySerializer
from interfaces.api.serializers import ReadSerializer, Values, WriteSerializer

DEEPEST = 2**31 - 1


class Ways(StrEnum):
    """Which ways a trace goes."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions to walk in."""
        return tuple(Direction) if self is Ways.BOTH else (Direction(self.value),)


class TracedLotReadSerializer(ReadSerializer):
    """Writes a lot of a trace; `depth` is the least number of operations, 0 where the trace begins."""

    id = UuidField()
    site = CodeField()
    product = CodeField()
    code = CodeField()
    sub_lot = TextField(help_text="Which part of the lot; empty for all of it.")
    depth = CountField(0, DEEPEST)
    on_hand = DecimalField()
    unit = UnitField()
    disposition = ChoiceField(Disposition)
    campaign = CodeField(allow_null=True)
    side = ChoiceField(Side, help_text="both: on a circle through rework.")


class LinkReadSerializer(ReadSerializer):
    """Describes an operation that took from one lot and put into another."""

    operation = UuidField()
    kind = ChoiceField(Kind)
    from_ = UuidField()
    to = UuidField()


class DeliveryDocumentReadSerializer(ReadSerializer):
    """Writes a line of a shipment or a return."""

    document = TextField()
    kind = ChoiceField(Kind)
    sub_lot = TextField(help_text="Which part of the lot; empty for all of it.")
    at = DateTimeField(source="moment.at")
    quantity = DecimalField()


class DeliveryReadSerializer(ReadSerializer):
    """Writes what was shipped of a lot to a customer, and what came back."""

    site = CodeField()
    product = CodeField()
    lot = CodeField()
    lot_id = UuidField(help_text="Of the whole lot.")
    shipped = DecimalField()
    returned = DecimalField()
    unit = UnitField()
    documents = DeliveryDocumentReadSerializer(many=True)


class CustomerReadSerializer(DeliveryReadSerializer):
    """Writes the same with the customer."""

    partner = CodeField()


class SupplierReadSerializer(ReadSerializer):
    """Writes a line of a receipt. `partner` is null where the receipt names none."""

    partner = CodeField(allow_null=True)
    site = CodeField()
    product = CodeField()
    lot = CodeField()
    sub_lot = TextField()
    lot_id = UuidField()
    supplier_lot = TextField()
    quantity = DecimalField()
    unit = UnitField()
    document = TextField()
    at = DateTimeField(source="moment.at")


@extend_schema_serializer(many=False)
class TraceReadSerializer(ReadSerializer):
    """Describes a trace. Customers come with forward and both, suppliers with backward and both."""

    lot = UuidField(allow_null=True, help_text="Where it begins, if that is one lot.")
    direction = ChoiceField(Ways)
    respect_time = YesNoField()
    lots = TracedLotReadSerializer(many=True)
    links = LinkReadSerializer(many=True)
    customers = CustomerReadSerializer(many=True)
    suppliers = SupplierReadSerializer(many=True)


class LotTraceQuerySerializer(QuerySerializer):
    """Reads how a lot is traced."""

    direction = ChoiceField(Ways, default=Ways.BOTH)
    respect_time = YesNoField(default=False, help_text="Only links that come after what they carry.")


class OriginSerializer(WriteSerializer):
    """Reads where a trace or a recall begins: by one of the ways that `origin_of` knows, or by `lots`."""

    supplier = CodeField(required=False, help_text="With `supplier_lot`: what was received under it.")
    supplier_lot = TextField(required=False)
    campaign = CodeField(required=False, help_text="What this campaign put anything into.")
    document = TextField(required=False, help_text="What was shipped, returned or received with this document.")
    partner = CodeField(required=False, help_text="With `document`: to or from this partner alone.")
    site = CodeField(required=False, help_text="With `line`, `since` and `until`: what was made there and then.")
    line = CodeField(required=False)
    since = DateTimeField(required=False)
    until = DateTimeField(required=False)


class OriginQuerySerializer(OriginSerializer, QuerySerializer):
    """Reads where a trace begins."""

    lots = UuidsField(required=False, help_text="Lots by their ids, with commas between them.")


class TraceQuerySerializer(OriginQuerySerializer, LotTraceQuerySerializer):
    """Reads where a trace begins, and how it goes on."""


ORIGINS: Mapping[tuple[str, ...], Callable[..., Origin]] = {
    ("lots",): LotsOrigin,
    ("supplier", "supplier_lot"): SupplierLotOrigin,
    ("campaign",): CampaignOrigin,
    ("document",): DocumentOrigin,
    ("document", "partner"): DocumentOrigin,
    ("site", "line", "since", "until"): LineOrigin,
}


def origin_of(values: Values, *path: str) -> Origin:
    """Where a trace or a recall begins; `BadInput` unless the values name one way to begin, and all of it.

    `path` leads to them in the body; without one they are parameters.
    """
    stated = {name: value for name, value in values.items() if value}
    for names, origin in ORIGINS.items():
        if stated.keys() == set(names):
            return origin(**stated)
    ways = "; ".join(" with ".join((names[0], ", ".join(names[1:]))) if names[1:] else names[0] for names in ORIGINS)
    detail = f"One of these is expected, and all of it: {ways}."
    raise malformed("wrong_origin", detail, *path, place="pointer" if path else "parameter")


@contextmanager
def begun_by_parameters() -> Iterator[None]:
    """Say of the parameters what is wrong with where a trace begins, lots that aren't there included."""
    try:
        yield
    except Invalid as error:
        raise BadInput(*flaws_in(error).flaws, place="parameter") from None
    except NotFound as error:
        raise BadInput(Flaw(Fault("unknown_lot", str(error), ("lots",))), place="parameter") from None


def asked(values: Values, sight: Sight, origin: Origin | None = None) -> TraceLots:
    """What is asked with these parameters."""
    rest = dict(values)
    directions, respect_time = rest.pop("direction").directions, rest.pop("respect_time")
    return TraceLots(origin or origin_of(rest), directions, sight, respect_time)
