"""Recalls: a case, its lots, its customers and its log."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from application.quality.lift_recall_holds import LiftRecallHolds
from application.shared.actor import Actor
from application.shared.errors import TooManyAttempts, WrongPassword
from application.shared.signing import Signing
from application.traceability.close_recall import CloseRecall
from application.traceability.log_recall import LogRecall, LogRecallHandler
from application.traceability.open_recall import OpenRecall
from application.traceability.print_recall import PrintRecall, PrintRecallHandler
from application.traceability.recall_queries import RecallReader
from application.traceability.recall_reports import RecallReports
from application.traceability.sign_recall import SignRecall
from domain.access.rights import Right
from domain.quality.holds import RecallLifting
from domain.shared.errors import Fault
from domain.traceability.recall import Recall
from interfaces.api.etags import data_tag
from interfaces.api.idempotency import once
from interfaces.api.language import language
from interfaces.api.problems import WRONG_PASSWORD, warning
from interfaces.api.queries import PageQuerySerializer, filters_of
from interfaces.api.schema import page_schema
from interfaces.api.serializers import Values
from interfaces.api.v1.recall_files import PDF, XLSX, PdfRenderer, XlsxRenderer, file_answer
from interfaces.api.v1.recall_serializers import (
    ConclusionWriteSerializer,
    LotInRecallReadSerializer,
    OpenedRecallReadSerializer,
    RecallEntryReadSerializer,
    RecallEntryWriteSerializer,
    RecallLiftingReadSerializer,
    RecallQuerySerializer,
    RecallReadSerializer,
    RecallReportReadSerializer,
    RecallWriteSerializer,
)
from interfaces.api.v1.signing import (
    OptionallySignedReasonSerializer,
    SignatureAloneSerializer,
    signing_of,
    signing_with,
)
from interfaces.api.v1.trace_serializers import origin_of
from interfaces.api.views import ApiViewSet, listed, single

SIGNATURE_DUE = Fault(
    "signature_due", "The recall is open, and its opening has still to be signed with a password.", ("signature",)
)


class RecallViewSet(ApiViewSet):
    """Recalls. Their lots are found by themselves, and put on hold unless it is an exercise."""

    what = "recall"
    queries: ClassVar = {"list": RecallQuerySerializer, "lots": PageQuerySerializer, "log": PageQuerySerializer}
    shows: ClassVar = {
        **dict.fromkeys(("list", "retrieve"), RecallReadSerializer),
        "lots": LotInRecallReadSerializer,
        "log": RecallEntryReadSerializer,
    }
    rights: ClassVar = {
        "create": Right.RECALL,
        "sign": Right.RECALL,
        "close": Right.RECALL,
        "unhold": Right.DECIDE,
        "write_down": Right.RECALL,
    }
    lookup_field = "recall_id"

    @extend_schema(responses={200: page_schema(RecallReadSerializer)})
    @inject
    def list(self, _request: Request, recalls: RecallReader = Provide["traceability.recall_reader"]) -> Response:
        """Recalls, the latest first unless asked for another order, a page of them."""
        page = self.page(recalls.page, filters_of(self.parameters))
        return listed(page, RecallReadSerializer)

    @extend_schema(responses={200: RecallReadSerializer})
    @inject
    def retrieve(
        self, _request: Request, recall_id: str, recalls: RecallReader = Provide["traceability.recall_reader"]
    ) -> Response:
        """One recall."""
        return shown(recalls.get(self.id(recall_id), self.actor.sight))

    @extend_schema(request=RecallWriteSerializer, responses={201: OpenedRecallReadSerializer})
    @inject
    @once
    def create(
        self,
        request: Request,
        open_recall: Callable[[OpenRecall], Recall] = Provide["traceability.open_recall"],
    ) -> Response:
        """Open a recall, or a mock recall.

        Everything that the suspects went into becomes part of it and is put on hold at once; what is made of it later
        joins by itself. A mock recall puts nothing on hold.

        No signature keeps it from being opened. Where a site of the suspects asks for one, and it is missing or wrong,
        the answer has `signature_due` and says why under `warnings`: `sign/` signs it afterwards.
        """
        stated = RecallWriteSerializer.values_in(request.data)
        suspects = origin_of(stated.pop("suspects"), "suspects")
        signing, faults = opening_signing(stated.pop("signature"), request, self.actor)
        recall = open_recall(OpenRecall(suspects=suspects, actor=self.actor, at=self.now(), signing=signing, **stated))
        answer = shown(recall, status=201, Location=self.address("recall-detail", recall_id=recall.id))
        answer.data |= warnings_of(recall, faults)
        return answer

    @extend_schema(request=SignatureAloneSerializer, responses={200: RecallReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def sign(
        self,
        request: Request,
        recall_id: str,
        sign_recall: Callable[[SignRecall], Recall] = Provide["traceability.sign_recall"],
    ) -> Response:
        """Sign the opening of a recall that was opened without a signature."""
        stated = SignatureAloneSerializer.values_in(request.data)
        signing = signing_with(stated["signature"], request, self.actor)
        return shown(sign_recall(SignRecall(self.id(recall_id), signing, self.actor, self.now())))

    @extend_schema(request=ConclusionWriteSerializer, responses={200: RecallReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def close(
        self,
        request: Request,
        recall_id: str,
        close_recall: Callable[[CloseRecall], Recall] = Provide["traceability.close_recall"],
    ) -> Response:
        """Close a recall with its conclusion, and store its report. Holds stay until quality lifts them."""
        stated = ConclusionWriteSerializer.values_in(request.data)
        signing = signing_of(stated["signature"], request, self.actor)
        command = CloseRecall(self.id(recall_id), stated["conclusion"], signing, self.actor, self.now())
        return shown(close_recall(command))

    @extend_schema(request=OptionallySignedReasonSerializer, responses={200: RecallLiftingReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def unhold(
        self,
        request: Request,
        recall_id: str,
        recalls: RecallReader = Provide["traceability.recall_reader"],
        lift_recall_holds: Callable[[LiftRecallHolds], RecallLifting] = Provide["quality.lift_recall_holds"],
    ) -> Response:
        """Lift all holds of a recall, open or closed, from all of its lots at once.

        What was decided about a lot takes effect again where no other hold stands on it.
        """
        stated = OptionallySignedReasonSerializer.values_in(request.data)
        signing = signing_of(stated["signature"], request, self.actor)
        recall = recalls.get(self.id(recall_id), self.actor.sight)
        lifted = lift_recall_holds(LiftRecallHolds(recall.id, stated["reason"], signing, self.actor, self.now()))
        return single(RecallLiftingReadSerializer(lifted).data)

    @extend_schema(responses={200: page_schema(LotInRecallReadSerializer)})
    @action(detail=True)
    @inject
    def lots(
        self, _request: Request, recall_id: str, recalls: RecallReader = Provide["traceability.recall_reader"]
    ) -> Response:
        """The lots of a recall with where all of each went, suspects first, a page of them."""
        page = self.page(recalls.lots, self.id(recall_id))
        return listed(page, LotInRecallReadSerializer)

    @extend_schema(responses={200: RecallReportReadSerializer})
    @action(detail=True)
    @inject
    def report(
        self, _request: Request, recall_id: str, reports: RecallReports = Provide["traceability.recall_reports"]
    ) -> Response:
        """Everything about a recall: lots, customers, suppliers, neighbouring lots, log, effectiveness.

        As it is now or, once the recall is closed, as it was stored then. `sha256` is that of the rest without `at` as
        canonical JSON (RFC 8785).
        """
        shown = reports.of(self.id(recall_id), self.actor.sight, self.now())
        document = {"at": shown.report.at, **shown.document, "sha256": shown.sha256}
        return single(document, data_tag(shown.sha256, final=shown.final))

    @extend_schema(responses={200: page_schema(RecallEntryReadSerializer)})
    @action(detail=True, methods=["get"])
    @inject
    def log(
        self, _request: Request, recall_id: str, recalls: RecallReader = Provide["traceability.recall_reader"]
    ) -> Response:
        """What was done, to the minute, in the order in which it happened, a page of it."""
        page = self.page(recalls.log, self.id(recall_id))
        return listed(page, RecallEntryReadSerializer)

    @extend_schema(request=RecallEntryWriteSerializer, responses={201: RecallEntryReadSerializer})
    @log.mapping.post
    @inject
    @once
    def write_down(
        self,
        request: Request,
        recall_id: str,
        log_recall: LogRecallHandler = Provide["traceability.log_recall"],
    ) -> Response:
        """Write down what a customer was told or did, or a note."""
        stated = RecallEntryWriteSerializer.values_in(request.data)
        entry = log_recall(LogRecall(recall=self.id(recall_id), actor=self.actor, at=self.now(), **stated))
        log = self.address("recall-log", recall_id=entry.recall)
        return single(RecallEntryReadSerializer(entry).data, status=201, Location=log)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"report\.pdf", renderer_classes=[PdfRenderer])
    @inject
    def pages(
        self, _request: Request, recall_id: str, print_recall: PrintRecallHandler = Provide["traceability.print_recall"]
    ) -> HttpResponse:
        """The report to read and to hand over, in the language of `Accept-Language`: en or fr."""
        return file_answer(print_recall.pages(self.printed(recall_id)), PDF, f"recall-{recall_id}.pdf")

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"report\.xlsx", renderer_classes=[XlsxRenderer])
    @inject
    def workbook(
        self, _request: Request, recall_id: str, print_recall: PrintRecallHandler = Provide["traceability.print_recall"]
    ) -> HttpResponse:
        """The report as a workbook, every lot and every line."""
        return file_answer(print_recall.workbook(self.printed(recall_id)), XLSX, f"recall-{recall_id}.xlsx")

    @extend_schema(
        parameters=[OpenApiParameter("partner", OpenApiTypes.STR, OpenApiParameter.PATH, description="Its code.")],
        responses={(200, PDF): OpenApiTypes.BINARY},
    )
    @action(detail=True, url_path=r"letters/(?P<partner>[^/]+)\.pdf", renderer_classes=[PdfRenderer])
    @inject
    def letter(
        self,
        _request: Request,
        recall_id: str,
        partner: str,
        print_recall: PrintRecallHandler = Provide["traceability.print_recall"],
    ) -> HttpResponse:
        """The letter to a customer: which goods, what to do about them, and a form to send back."""
        printed = print_recall.letter(self.printed(recall_id), self.code(partner))
        return file_answer(printed, PDF, f"recall-{recall_id}-letter.pdf")

    def printed(self, recall_id: str) -> PrintRecall:
        """What is asked for: this recall as it is now, in the caller's language."""
        return PrintRecall(self.id(recall_id), self.actor.sight, language(), self.now())


def shown(recall: Recall, status: int = 200, **headers: str) -> Response:
    """The answer with a recall."""
    return single(RecallReadSerializer(recall).data, status=status, **headers)


def warnings_of(recall: Recall, faults: Sequence[Fault]) -> Values:
    """The member of an answer that says why the opening isn't signed, if there is something to say."""
    warnings = [warning(fault) for fault in (*faults, *[SIGNATURE_DUE] * recall.signature_due)]
    return {"warnings": warnings} if warnings else {}


def opening_signing(signature: Values | None, request: Request, actor: Actor) -> tuple[Signing | None, list[Fault]]:
    """How the caller signs the opening, and what is wrong with their password: the goods are held first."""
    try:
        return signing_of(signature, request, actor), []
    except WrongPassword:
        return None, [WRONG_PASSWORD]
    except TooManyAttempts as error:
        return None, [Fault("too_many_attempts", str(error), WrongPassword.path)]
