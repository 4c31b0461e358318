"""Lots: what is on hand, what moved it, and what quality says of it."""

from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from application.history.queries import HistoryReader
from application.production.balances import Balances
from application.production.queries import LotFilters, LotReader, LotRow
from application.quality.decide_lot import DecideLot, DecideLotHandler
from application.quality.lift_hold import LiftHold, LiftHoldHandler
from application.quality.place_hold import PlaceHold, PlaceHoldHandler
from application.quality.queries import QualityReader
from application.shared.signing import Signing
from application.traceability.draw_genealogy import DrawGenealogyHandler
from application.traceability.expose_lots import ExposeLots, ExposeLotsHandler
from application.traceability.trace_lots import TraceLotsHandler
from domain.access.rights import Right
from domain.production.lot import Disposition
from domain.traceability.origin import LotsOrigin
from interfaces.api.idempotency import once
from interfaces.api.queries import PageQuerySerializer, filters_of
from interfaces.api.rendering import JsonRenderer
from interfaces.api.schema import page_schema
from interfaces.api.serializers import Values
from interfaces.api.v1.audit_serializers import AuditEntryReadSerializer
from interfaces.api.v1.balance_serializers import MassBalanceSerializer
from interfaces.api.v1.exposure_serializers import EXPOSURE_RESPONSES, exposure_answer
from interfaces.api.v1.lot_serializers import LotMovementReadSerializer, LotQuerySerializer, LotReadSerializer
from interfaces.api.v1.quality_serializers import DecisionReadSerializer, HeldLotReadSerializer, LiftSerializer
from interfaces.api.v1.rows import LinesRenderer
from interfaces.api.v1.signing import OptionallySignedReasonSerializer, signing_of
from interfaces.api.v1.trace_pictures import SVG, SvgRenderer, picture_answer
from interfaces.api.v1.trace_rows import TRACE_RESPONSES, trace_answer
from interfaces.api.v1.trace_serializers import LotTraceQuerySerializer, asked
from interfaces.api.views import ApiViewSet, listed, single


class LotViewSet(ApiViewSet):
    """Lots, which operations make; what quality decides about them, and their holds, are made here."""

    what = "lot"
    queries: ClassVar = {
        "list": LotQuerySerializer,
        **dict.fromkeys(("movements", "decisions", "holds", "history"), PageQuerySerializer),
        "trace": LotTraceQuerySerializer,
        "picture": LotTraceQuerySerializer,
    }
    shows: ClassVar = {
        **dict.fromkeys(("list", "retrieve"), LotReadSerializer),
        "movements": LotMovementReadSerializer,
        "balance": MassBalanceSerializer,
        "decisions": DecisionReadSerializer,
        "holds": HeldLotReadSerializer,
        "history": AuditEntryReadSerializer,
    }
    rights: ClassVar = {
        "release": Right.DECIDE,
        "reject": Right.DECIDE,
        "hold": Right.HOLD,
        "unhold": Right.DECIDE,
    }
    lookup_field = "lot_id"

    @extend_schema(responses={200: page_schema(LotReadSerializer)})
    @inject
    def list(self, _request: Request, lots: LotReader = Provide["production.lot_reader"]) -> Response:
        """Lots, in the order in which they were first recorded unless asked for another, a page of them."""
        return listed(self.page(lots.page, lot_filters(self.parameters)), LotReadSerializer)

    @extend_schema(responses={200: LotReadSerializer})
    @inject
    def retrieve(self, _request: Request, lot_id: str, lots: LotReader = Provide["production.lot_reader"]) -> Response:
        """One lot."""
        return shown(lots.get(self.id(lot_id), self.actor.sight))

    @extend_schema(responses={200: page_schema(LotMovementReadSerializer)})
    @action(detail=True)
    @inject
    def movements(self, _request: Request, lot_id: str, lots: LotReader = Provide["production.lot_reader"]) -> Response:
        """The movements of a lot in the order in which they were recorded, a page of them."""
        return listed(self.page(lots.movements, self.id(lot_id)), LotMovementReadSerializer)

    @extend_schema(responses={200: MassBalanceSerializer})
    @action(detail=True)
    @inject
    def balance(self, _request: Request, lot_id: str, balances: Balances = Provide["production.balances"]) -> Response:
        """Everything that was put into a lot, against where it went."""
        return single(balances.of_lot(self.id(lot_id), self.actor.sight))

    @extend_schema(responses=TRACE_RESPONSES)
    @action(detail=True, renderer_classes=[JsonRenderer, LinesRenderer])
    @inject
    def trace(
        self,
        request: Request,
        lot_id: str,
        trace_lots: TraceLotsHandler = Provide["traceability.trace_lots"],
    ) -> HttpResponseBase:
        """Where the lot went and what went into it, to customers and suppliers.

        Complete, whatever the depth and the order, through co-products and rework; as `application/x-ndjson` it comes
        line by line.
        """
        lot = self.id(lot_id)
        query = asked(self.parameters, self.actor.sight, LotsOrigin(frozenset({lot})))
        head = {"lot": lot, "direction": self.parameters["direction"], "respect_time": query.respect_time}
        return trace_answer(request, head, trace_lots(query))

    @extend_schema(responses={(200, SVG): OpenApiTypes.STR})
    @action(detail=True, url_path=r"trace/picture\.svg", renderer_classes=[SvgRenderer])
    @inject
    def picture(
        self,
        _request: Request,
        lot_id: str,
        draw_genealogy: DrawGenealogyHandler = Provide["traceability.draw_genealogy"],
    ) -> HttpResponseBase:
        """The same as a picture: every lot up to 150, beyond that by product and campaign."""
        return picture_answer(
            draw_genealogy(asked(self.parameters, self.actor.sight, LotsOrigin(frozenset({self.id(lot_id)}))))
        )

    @extend_schema(responses=EXPOSURE_RESPONSES)
    @action(detail=True, renderer_classes=[JsonRenderer, LinesRenderer])
    @inject
    def exposure(
        self, request: Request, lot_id: str, expose_lots: ExposeLotsHandler = Provide["traceability.expose_lots"]
    ) -> HttpResponseBase:
        """What part of every lot forward of this one, and of every shipment, can come from it.

        The share is that of perfect mixing, in the order of recording; the bounds hold however it was mixed. It serves
        for residues and leaves nothing out of a trace or a recall.
        """
        lot = self.id(lot_id)
        return exposure_answer(request, lot, expose_lots(ExposeLots(LotsOrigin(frozenset({lot})), self.actor.sight)))

    @extend_schema(responses={200: page_schema(DecisionReadSerializer)})
    @action(detail=True)
    @inject
    def decisions(self, _request: Request, lot_id: str, quality: QualityReader = Provide["quality.reader"]) -> Response:
        """The decisions about a lot, the latest first, a page of them."""
        page = self.page(quality.decisions, self.id(lot_id))
        return listed(page, DecisionReadSerializer)

    @extend_schema(responses={200: page_schema(HeldLotReadSerializer)})
    @action(detail=True)
    @inject
    def holds(self, _request: Request, lot_id: str, quality: QualityReader = Provide["quality.reader"]) -> Response:
        """The holds that stand or stood on a lot, the latest first, a page of them."""
        return listed(self.page(quality.holds, self.id(lot_id)), HeldLotReadSerializer)

    @extend_schema(responses={200: page_schema(AuditEntryReadSerializer)})
    @action(detail=True)
    @inject
    def history(self, _request: Request, lot_id: str, history: HistoryReader = Provide["history.reader"]) -> Response:
        """What was done that concerns a lot, each as a sentence too, the latest first, a page of it.

        Decisions about it, holds on it, operations that moved it, and the recalls that it is in.
        """
        page = self.page(history.of_lot, self.id(lot_id))
        return listed(page, AuditEntryReadSerializer)

    @extend_schema(request=OptionallySignedReasonSerializer, responses={200: LotReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def release(
        self,
        request: Request,
        lot_id: str,
        decide_lot: DecideLotHandler = Provide["quality.decide_lot"],
        lots: LotReader = Provide["production.lot_reader"],
    ) -> Response:
        """Release a lot for use and shipping. What is on hold has to be free of holds first."""
        decide_lot(self._decision(request, lot_id, Disposition.RELEASED))
        return shown(lots.get(self.id(lot_id), self.actor.sight))

    @extend_schema(request=OptionallySignedReasonSerializer, responses={200: LotReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def reject(
        self,
        request: Request,
        lot_id: str,
        decide_lot: DecideLotHandler = Provide["quality.decide_lot"],
        lots: LotReader = Provide["production.lot_reader"],
    ) -> Response:
        """Reject a lot: nothing of it is consumed or shipped any more."""
        decide_lot(self._decision(request, lot_id, Disposition.REJECTED))
        return shown(lots.get(self.id(lot_id), self.actor.sight))

    @extend_schema(request=OptionallySignedReasonSerializer, responses={200: LotReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def hold(
        self,
        request: Request,
        lot_id: str,
        place_hold: PlaceHoldHandler = Provide["quality.place_hold"],
        lots: LotReader = Provide["production.lot_reader"],
    ) -> Response:
        """Put a lot on hold: nothing of it is consumed or shipped until this hold and all others on it are lifted."""
        reason, signing = self._signed_reason(request)
        lot = self.id(lot_id)
        place_hold(PlaceHold(lot, reason, signing, self.actor, self.now()))
        return shown(lots.get(lot, self.actor.sight))

    @extend_schema(request=LiftSerializer, responses={200: LotReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def unhold(
        self,
        request: Request,
        lot_id: str,
        lift_hold: LiftHoldHandler = Provide["quality.lift_hold"],
        lots: LotReader = Provide["production.lot_reader"],
    ) -> Response:
        """Lift a hold from a lot. What was decided about the lot takes effect again once none stands."""
        stated = LiftSerializer.values_in(request.data)
        signing = signing_of(stated["signature"], request, self.actor)
        lot = self.id(lot_id)
        lift_hold(LiftHold(lot, stated["reason"], signing, self.actor, self.now(), stated["hold"]))
        return shown(lots.get(lot, self.actor.sight))

    def _decision(self, request: Request, lot_id: str, disposition: Disposition) -> DecideLot:
        reason, signing = self._signed_reason(request)
        return DecideLot(self.id(lot_id), disposition, reason, signing, self.actor, self.now())

    def _signed_reason(self, request: Request) -> tuple[str, Signing | None]:
        stated = OptionallySignedReasonSerializer.values_in(request.data)
        return stated["reason"], signing_of(stated["signature"], request, self.actor)


def lot_filters(parameters: Values) -> LotFilters:
    """Which lots the parameters ask for."""
    asked = filters_of(parameters)
    return LotFilters(positive=asked.pop("on_hand", None) is not None, **asked)


def shown(row: LotRow) -> Response:
    """The answer with a lot."""
    return single(LotReadSerializer(row).data)
