"""Reference data: products, sites, lines, partners and operators, all kept in the same way."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from dependency_injector.wiring import Provider
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from application.catalog.change_record import ChangeRecord, ChangeRecordHandler
from application.catalog.create_record import CreateRecord, CreateRecordHandler
from application.catalog.ports import Key
from application.catalog.queries import RecordReader
from application.catalog.remove_record import RemoveRecord, RemoveRecordHandler
from application.shared.errors import NotFound
from application.shared.paging import PageRequest
from domain.access.rights import Right, Sight
from domain.catalog.record import Record
from domain.shared.errors import Fault, Refused
from interfaces.api.etags import version_meant, version_tag
from interfaces.api.fields import CodeField
from interfaces.api.flaws import against_rule
from interfaces.api.idempotency import once
from interfaces.api.queries import QuerySerializer, filters_of
from interfaces.api.schema import page_schema
from interfaces.api.serializers import ReadSerializer, Values
from interfaces.api.v1 import record_serializers as shapes
from interfaces.api.v1.record_serializers import RecordWriteSerializer
from interfaces.api.views import ApiViewSet, listed, single

CHANGES = ("create", "update", "partial_update", "destroy")


class RecordViewSet(ApiViewSet):
    """One kind of record; a subclass names what reads and writes it, and who keeps it."""

    read: ClassVar[type[ReadSerializer]]
    write: ClassVar[type[RecordWriteSerializer]]
    reader: Callable[[], RecordReader[Any]]
    creator: Callable[[], CreateRecordHandler[Any]]
    changer: Callable[[], ChangeRecordHandler[Any]]
    remover: Callable[[], RemoveRecordHandler[Any]]
    rights: ClassVar = dict.fromkeys(CHANGES, Right.CATALOG)
    lookup_field = "code"
    lookup_value_regex = ".+"

    def list(self, _request: Request) -> Response:
        """Records, in the order of their codes unless asked for another, a page of them."""
        page = self.page(self.reader().page, filters_of(self.parameters))
        return listed(page, self.read)

    def retrieve(self, _request: Request, code: str) -> Response:
        """One record."""
        return self._answer(self.reader().get(self.key(code), self.actor.sight))

    @once
    def create(self, request: Request) -> Response:
        """Add a record."""
        record = self.write.record(self.new_id(), self.write.values_in(request.data))
        stored = self.creator()(CreateRecord(record, self.actor, self.now()))
        return self._answer(stored, status=201, Location=self.location(stored))

    def update(self, request: Request, code: str) -> Response:
        """Replace all that is said of a record."""
        return self._changed(code, self.write.values_in(request.data))

    def partial_update(self, request: Request, code: str) -> Response:
        """Change some of what is said of a record."""
        before = self.reader().get(self.key(code), self.actor.sight)
        return self._changed(code, self.write.values_after(self.read(before).data, request.data))

    def destroy(self, request: Request, code: str) -> Response:
        """Remove a record that nothing names."""
        version = version_meant(request, self.what)
        self.remover()(RemoveRecord(self.key(code), version, self.actor, self.now()))
        return Response(status=204)

    def key(self, code: str) -> Key:
        """What the record in the path is kept under."""
        return self.code(code)

    def identity_of(self, record: Values) -> Key:
        """What a record with these values is kept under."""
        return str(record["code"])

    def location(self, record: Record) -> str:
        """The path of a record."""
        return self.address(f"{self.what}-detail", code=record.code)

    def _changed(self, code: str, values: Values) -> Response:
        version, key = version_meant(self.request, self.what), self.key(code)
        if self.identity_of(values) != key:
            raise against_rule("frozen", f"The code of a {self.what} doesn't change.", "code")
        changes = self.write.attributes(values)
        return self._answer(self.changer()(ChangeRecord(key, changes, version, self.actor, self.now())))

    def _answer(self, record: Record, status: int = 200, **headers: str) -> Response:
        return single(self.read(record).data, version_tag(record.version), status, **headers)


def described(view: type[RecordViewSet]) -> type[RecordViewSet]:
    """Say in the OpenAPI document what this kind of record looks like."""
    change = extend_schema(request=view.write, responses={200: view.read})
    decorate = extend_schema_view(
        list=extend_schema(responses={200: page_schema(view.read)}),
        retrieve=extend_schema(responses={200: view.read}),
        create=extend_schema(request=view.write, responses={201: view.read}),
        update=change,
        partial_update=change,
        destroy=extend_schema(responses={204: None}),
    )
    view.shows = {"list": view.read, "retrieve": view.read}
    return decorate(view)


@described
class ProductViewSet(RecordViewSet):
    """Products: what lots are lots of."""

    what = "product"
    read = shapes.ProductReadSerializer
    write = shapes.ProductWriteSerializer
    queries: ClassVar = {"list": shapes.ProductQuerySerializer}
    reader = Provider["catalog.product_reader"]
    creator = Provider["catalog.create_product"]
    changer = Provider["catalog.change_product"]
    remover = Provider["catalog.remove_product"]


@described
class SiteViewSet(RecordViewSet):
    """Sites: plants and warehouses."""

    what = "site"
    rights: ClassVar = dict.fromkeys(CHANGES, Right.SETTINGS)
    read = shapes.SiteReadSerializer
    write = shapes.SiteWriteSerializer
    queries: ClassVar = {"list": shapes.CodeQuerySerializer}
    reader = Provider["catalog.site_reader"]
    creator = Provider["catalog.create_site"]
    changer = Provider["catalog.change_site"]
    remover = Provider["catalog.remove_site"]


class SiteParameterSerializer(QuerySerializer):
    """Reads at which site a line is meant."""

    site = CodeField(required=False, help_text="Needed where two sites have a line of this code.")


@described
class LineViewSet(RecordViewSet):
    """Lines of the sites."""

    what = "line"
    read = shapes.LineReadSerializer
    write = shapes.LineWriteSerializer
    queries: ClassVar = {
        "list": shapes.LineQuerySerializer,
        **dict.fromkeys(("retrieve", "update", "partial_update", "destroy"), SiteParameterSerializer),
    }
    reader = Provider["catalog.line_reader"]
    creator = Provider["catalog.create_line"]
    changer = Provider["catalog.change_line"]
    remover = Provider["catalog.remove_line"]

    def key(self, code: str) -> Key:
        """The site of the line and its code."""
        line = self.code(code)
        return self.parameters["site"] or only_site_of(line, self.reader(), self.actor.sight), line

    def identity_of(self, record: Values) -> Key:
        """The site that is stated and the code."""
        return record["site"], record["code"]

    def location(self, record: Any) -> str:
        """The path of a line, with its site."""
        return f"{super().location(record)}?{urlencode({'site': record.site})}"


def only_site_of(code: str, lines: RecordReader[Any], sight: Sight) -> str:
    """The site in sight with a line of this code; Refused where there are several, NotFound where there is none."""
    found = lines.page({"code": code}, PageRequest(limit=2), sight).items
    if not found:
        raise NotFound("line", code)
    if len(found) > 1:
        detail = f"More than one site has a line {code}: say which, with ?site=."
        raise Refused(Fault("ambiguous", detail, refusal=True))
    return str(found[0].site)


@described
class PartnerViewSet(RecordViewSet):
    """Partners: suppliers and customers."""

    what = "partner"
    read = shapes.PartnerReadSerializer
    write = shapes.PartnerWriteSerializer
    queries: ClassVar = {"list": shapes.PartnerQuerySerializer}
    reader = Provider["catalog.partner_reader"]
    creator = Provider["catalog.create_partner"]
    changer = Provider["catalog.change_partner"]
    remover = Provider["catalog.remove_partner"]


@described
class OperatorViewSet(RecordViewSet):
    """Operators: the people of the plant."""

    what = "operator"
    read = shapes.OperatorReadSerializer
    write = shapes.OperatorWriteSerializer
    queries: ClassVar = {"list": shapes.CodeQuerySerializer}
    reader = Provider["catalog.operator_reader"]
    creator = Provider["catalog.create_operator"]
    changer = Provider["catalog.change_operator"]
    remover = Provider["catalog.remove_operator"]
