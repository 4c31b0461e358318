"""Traces from wherever one may have to begin."""

from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from application.traceability.trace_lots import TraceLotsHandler
from interfaces.api.rendering import JsonRenderer
from interfaces.api.v1.trace_rows import LinesRenderer, trace_answer
from interfaces.api.v1.trace_serializers import TraceQuerySerializer, TraceReadSerializer, asked
from interfaces.api.views import ApiViewSet


class TraceViewSet(ApiViewSet):
    """Traces, which are read and never kept. One from a single lot is found at the lot, too."""

    what = "trace"
    queries: ClassVar = {"list": TraceQuerySerializer}
    lookup_field = "trace_id"
    renderer_classes = (JsonRenderer, LinesRenderer)

    @extend_schema(responses={200: TraceReadSerializer})
    @inject
    def list(
        self, request: Request, trace_lots: TraceLotsHandler = Provide["traceability.trace_lots"]
    ) -> HttpResponseBase:
        """Where the lots went that a trace begins with, and what went into them.

        It begins with one of: `lots`; `supplier` with `supplier_lot`; `campaign`; `document`, perhaps with `partner`;
        `site` with `line`, `since` and `until`. Complete, whatever the depth and the order; as `application/x-ndjson`
        it comes line by line.
        """
        query = asked(self.parameters)
        head = {"lot": None, "direction": self.parameters["direction"], "respect_time": query.respect_time}
        return trace_answer(request, head, trace_lots(query))
