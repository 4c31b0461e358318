"""Traces from wherever one may have to begin."""

from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from application.traceability.draw_genealogy import DrawGenealogyHandler
from application.traceability.expose_lots import ExposeLots, ExposeLotsHandler
from application.traceability.trace_lots import TraceLotsHandler
from interfaces.api.rendering import JsonRenderer
from interfaces.api.v1.exposure_serializers import EXPOSURE_RESPONSES, exposure_answer
from interfaces.api.v1.rows import LinesRenderer
from interfaces.api.v1.trace_pictures import SVG, SvgRenderer, picture_answer
from interfaces.api.v1.trace_rows import TRACE_RESPONSES, trace_answer
from interfaces.api.v1.trace_serializers import (
    OriginQuerySerializer,
    TraceQuerySerializer,
    asked,
    begun_by_parameters,
    origin_of,
)
from interfaces.api.views import ApiViewSet


class TraceViewSet(ApiViewSet):
    """Traces, which are read and never kept. One from a single lot is found at the lot, too."""

    what = "trace"
    queries: ClassVar = {
        "list": TraceQuerySerializer,
        "picture": TraceQuerySerializer,
        "exposure": OriginQuerySerializer,
    }
    lookup_field = "trace_id"
    renderer_classes = (JsonRenderer, LinesRenderer)

    @extend_schema(responses=TRACE_RESPONSES)
    @inject
    def list(
        self, request: Request, trace_lots: TraceLotsHandler = Provide["traceability.trace_lots"]
    ) -> HttpResponseBase:
        """Where the lots went that a trace begins with, and what went into them.

        It begins with one of: `lots`; `supplier` with `supplier_lot`; `campaign`; `document`, perhaps with `partner`;
        `site` with `line`, `since` and `until`. Complete, whatever the depth and the order; as `application/x-ndjson`
        it comes line by line.
        """
        query = asked(self.parameters, self.actor.sight)
        head = {"lot": None, "direction": self.parameters["direction"], "respect_time": query.respect_time}
        with begun_by_parameters():
            rows = trace_lots(query)
        return trace_answer(request, head, rows)

    @extend_schema(responses={(200, SVG): OpenApiTypes.STR})
    @action(detail=False, url_path=r"picture\.svg", renderer_classes=[SvgRenderer])
    @inject
    def picture(
        self, _request: Request, draw_genealogy: DrawGenealogyHandler = Provide["traceability.draw_genealogy"]
    ) -> HttpResponseBase:
        """The same as a picture: every lot up to 150, beyond that by product and campaign."""
        with begun_by_parameters():
            return picture_answer(draw_genealogy(asked(self.parameters, self.actor.sight)))

    @extend_schema(responses=EXPOSURE_RESPONSES)
    @action(detail=False)
    @inject
    def exposure(
        self, request: Request, expose_lots: ExposeLotsHandler = Provide["traceability.expose_lots"]
    ) -> HttpResponseBase:
        """What part of every lot forward of where a trace begins, and of every shipment, can come from there.

        It begins where a trace does. The share is that of perfect mixing, in the order of recording; the bounds hold
        however it was mixed. It serves for residues and leaves nothing out of a trace or a recall.
        """
        with begun_by_parameters():
            rows = expose_lots(ExposeLots(origin_of(self.parameters), self.actor.sight))
        return exposure_answer(request, None, rows)
