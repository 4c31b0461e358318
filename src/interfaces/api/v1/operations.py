"""Operations: the recorded facts that move quantities."""

from collections.abc import Callable
from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from application.production.balances import Balances
from application.production.correct_operation import CorrectOperation
from application.production.queries import OperationFilters, OperationReader, OperationRow
from application.production.record_operations import OperationsRecorded, RecordOperations
from application.production.reverse_operation import ReverseOperation
from domain.access.rights import Right
from domain.production.operation import Operation
from interfaces.api.idempotency import once
from interfaces.api.queries import filters_of
from interfaces.api.schema import items_schema, page_schema
from interfaces.api.v1.balance_serializers import MassBalanceSerializer
from interfaces.api.v1.operation_rows import row_of, rows_of
from interfaces.api.v1.operation_serializers import (
    BatchWriteSerializer,
    CorrectionWriteSerializer,
    OperationQuerySerializer,
    OperationReadSerializer,
    OperationWriteSerializer,
    ReversalWriteSerializer,
    entries_of,
    entry_of,
)
from interfaces.api.views import ApiViewSet, among, inside, listed, seen_by_caller, single, written

Record = Callable[[RecordOperations], OperationsRecorded]


class OperationViewSet(ApiViewSet):
    """Operations, which are never changed: a mistake is reversed, or corrected by reversing and replacing."""

    what = "operation"
    queries: ClassVar = {"list": OperationQuerySerializer}
    shows: ClassVar = {
        **dict.fromkeys(("list", "retrieve"), OperationReadSerializer),
        "balance": MassBalanceSerializer,
    }
    rights: ClassVar = dict.fromkeys(("create", "batch", "reverse", "correct"), Right.RECORD)
    lookup_field = "operation_id"

    @extend_schema(responses={200: page_schema(OperationReadSerializer)})
    @inject
    def list(self, _request: Request, operations: OperationReader = Provide["production.operation_reader"]) -> Response:
        """Operations, in the order in which they were recorded unless asked for another, a page of them."""
        filters = OperationFilters(**filters_of(self.parameters))
        return listed(self.page(operations.page, filters), OperationReadSerializer)

    @extend_schema(responses={200: OperationReadSerializer})
    @inject
    def retrieve(
        self, _request: Request, operation_id: str, operations: OperationReader = Provide["production.operation_reader"]
    ) -> Response:
        """One operation."""
        return shown(operations.get(self.id(operation_id), self.actor.sight))

    @extend_schema(
        request=OperationWriteSerializer, responses={200: OperationReadSerializer, 201: OperationReadSerializer}
    )
    @inject
    @once
    def create(
        self,
        request: Request,
        record_operations: Record = Provide["production.record_operations"],
        operations: OperationReader = Provide["production.operation_reader"],
    ) -> Response:
        """Record an operation. 200 instead of 201 when it was recorded before, under the same id."""
        entry = entry_of(OperationWriteSerializer.values_in(request.data), self.new_id)
        with seen_by_caller(inside(2)):
            recorded = record_operations(RecordOperations((entry,), self.actor, self.now()))
        row = rows_of(recorded, operations)[0]
        return shown(row, status=201 if recorded.new else 200, Location=self.location(row))

    @extend_schema(
        request=BatchWriteSerializer,
        responses={200: items_schema(OperationReadSerializer), 201: items_schema(OperationReadSerializer)},
    )
    @action(detail=False, methods=["post"])
    @inject
    @once
    def batch(
        self,
        request: Request,
        record_operations: Record = Provide["production.record_operations"],
        operations: OperationReader = Provide["production.operation_reader"],
    ) -> Response:
        """Record up to 1,000 operations in their order, all of them or none."""
        entries = entries_of(BatchWriteSerializer.values_in(request.data)["operations"], self.new_id)
        recorded = record_operations(RecordOperations(entries, self.actor, self.now()))
        document = {"items": written(OperationReadSerializer, rows_of(recorded, operations))}
        return Response(document, status=201 if recorded.new else 200)

    @extend_schema(request=ReversalWriteSerializer, responses={201: OperationReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def reverse(
        self,
        request: Request,
        operation_id: str,
        reverse_operation: Callable[[ReverseOperation], Operation] = Provide["production.reverse_operation"],
    ) -> Response:
        """Take an operation back; answered with the reversal."""
        stated = ReversalWriteSerializer.values_in(request.data)
        command = ReverseOperation(self.id(operation_id), stated["reason"], self.actor, self.now(), stated["operator"])
        with seen_by_caller(among("reason", "operator")):
            row = row_of(reverse_operation(command))
        return shown(row, status=201, Location=self.location(row))

    @extend_schema(request=CorrectionWriteSerializer, responses={201: OperationReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def correct(
        self,
        request: Request,
        operation_id: str,
        correct_operation: Callable[[CorrectOperation], Operation] = Provide["production.correct_operation"],
    ) -> Response:
        """Reverse an operation and record another in its place, at once; answered with the replacement."""
        stated = CorrectionWriteSerializer.values_in(request.data)
        replacement = entry_of(stated["operation"], self.new_id)
        command = CorrectOperation(self.id(operation_id), stated["reason"], replacement, self.actor, self.now())
        with seen_by_caller(among("reason", "operation")):
            row = row_of(correct_operation(command))
        return shown(row, status=201, Location=self.location(row))

    @extend_schema(responses={200: MassBalanceSerializer})
    @action(detail=True)
    @inject
    def balance(
        self, _request: Request, operation_id: str, balances: Balances = Provide["production.balances"]
    ) -> Response:
        """The balance of this operation alone."""
        return single(balances.of_operation(self.id(operation_id), self.actor.sight))

    def location(self, row: OperationRow) -> str:
        """The path of an operation."""
        return self.address("operation-detail", operation_id=row.id)


def shown(row: OperationRow, status: int = 200, **headers: str) -> Response:
    """The answer with an operation."""
    return single(OperationReadSerializer(row).data, status=status, **headers)
