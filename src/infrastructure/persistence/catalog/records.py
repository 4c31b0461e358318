"""Records of the catalog in PostgreSQL: kept, and read page by page."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from psycopg import sql
from typing_extensions import override

from application.catalog.ports import Key, R, Records
from application.catalog.queries import LineOrder, RecordOrder, RecordReader
from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest, Sort
from domain.access.rights import Sight
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner
from domain.catalog.product import Product
from domain.catalog.site import Site
from domain.shared.errors import Fault, Invalid, Refused
from infrastructure.persistence.catalog import mapping, models
from infrastructure.persistence.shared.sight import in_sight
from infrastructure.shared.keyset import Column, Orders

_BEGINNING = Column("beginning", expression=models.BEGINNING)


class DjangoRecords(Records[R], RecordReader[R]):
    """One kind of record; a subclass says how its rows and records become each other."""

    what: ClassVar[str]
    orders: ClassVar[Orders] = Orders(
        Sort(RecordOrder.CODE),
        {RecordOrder.CODE: [Column("code")], RecordOrder.NAME: [_BEGINNING, Column("code")]},
    )
    filters: ClassVar[frozenset[str]] = frozenset({"code", "name"})
    """Attributes of the record that a page may be filtered by."""
    site: ClassVar[str | None] = None
    """Where the code of the record's site stands; None for what all sites share."""

    @abstractmethod
    def rows(self) -> QuerySet[Any, Any]:
        """All rows, with what a record needs."""

    @abstractmethod
    def record_of(self, row: Any) -> R:
        """The record of a row."""

    @abstractmethod
    def columns_of(self, record: R) -> dict[str, Any]:
        """The columns of a record but for its id, code, name and version."""

    def key_of(self, record: R) -> Key:
        """What the plant calls it."""
        return record.code

    def at(self, key: Key) -> Q:
        """The condition for the row under this key."""
        return Q(code=key)

    @override
    def find(self, keys: Collection[Key]) -> Mapping[Key, R]:
        codes = {key if isinstance(key, str) else key[1] for key in keys}
        records = (self.record_of(row) for row in self.rows().filter(code__in=codes))
        return {key: record for record in records if (key := self.key_of(record)) in keys}

    @override
    def get(self, key: Key, sight: Sight) -> R:
        return self._found(self._in_sight(sight), key)

    @override
    def for_update(self, key: Key) -> R:
        return self._found(self.rows().select_for_update(of=("self",)), key)

    @override
    def page(self, filters: Mapping[str, str], request: PageRequest, sight: Sight) -> Page[R]:
        rows = self._in_sight(sight)
        for name, value in filters.items():
            rows = rows.filter(self._filtered(name, value))
        page = self.orders.of(request).page(rows, request)
        return Page(tuple(map(self.record_of, page.items)), page.next)

    @override
    def add(self, records: Iterable[R]) -> None:
        self.rows().bulk_create([self.rows().model(**self._row(record)) for record in records], batch_size=1000)

    @override
    def save(self, record: R) -> None:
        self.rows().filter(pk=record.id).update(**self._row(record), updated_at=Now())

    @override
    def remove(self, record: R) -> None:
        table = sql.Identifier(self.rows().model._meta.db_table)  # noqa: SLF001 - Django documents it
        try:
            with connection.cursor() as cursor:
                # Django's own delete would look through every table that refers to this one.
                cursor.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(table), [record.id])
            connection.check_constraints()
        except IntegrityError as error:
            detail = f"{record.code} is named elsewhere, so it can't be removed."
            raise Refused(Fault("in_use", detail, refusal=True)) from error

    def _in_sight(self, sight: Sight) -> QuerySet[Any, Any]:
        return self.rows().filter(in_sight(sight, self.site)) if self.site else self.rows()

    def _found(self, rows: QuerySet[Any, Any], key: Key) -> R:
        row = rows.filter(self.at(key)).first()
        if row is None:
            raise NotFound(self.what, key if isinstance(key, str) else key[1])
        return self.record_of(row)

    def _row(self, record: R) -> dict[str, Any]:
        own = {"id": record.id, "code": record.code, "name": record.name, "version": record.version}
        return own | self.columns_of(record)

    def _filtered(self, name: str, value: str) -> Q:
        if name not in self.filters:
            raise Invalid(Fault("unknown_filter", f"There is no filter {name!r}.", (name,)))
        return Q(**{name: value})


class DjangoProducts(DjangoRecords[Product]):
    """Products."""

    what = "product"
    filters = frozenset({"code", "name", "name_fr", "product_class", "unit", "currency", "date_marking", "gtin"})

    @override
    def rows(self) -> QuerySet[Any, Any]:
        return models.Product.objects.all()

    @override
    def record_of(self, row: models.Product) -> Product:
        return mapping.product_of(row)

    @override
    def columns_of(self, record: Product) -> dict[str, Any]:
        cost = record.standard_cost
        return {
            "name_fr": record.name_fr,
            "product_class": record.product_class,
            "unit": record.unit.code,
            "kg_per_unit": record.kg_per_unit,
            "standard_cost": cost.amount if cost else None,
            "currency": cost.currency if cost else "",
            "date_marking": record.date_marking,
            "gtin": record.gtin,
            "allergens": list(record.allergens),
        }


class DjangoSites(DjangoRecords[Site]):
    """Sites."""

    what = "site"
    site = "code"

    @override
    def rows(self) -> QuerySet[Any, Any]:
        return models.Site.objects.all()

    @override
    def record_of(self, row: models.Site) -> Site:
        return mapping.site_of(row)

    @override
    def columns_of(self, record: Site) -> dict[str, Any]:
        return {
            "positive_release": record.positive_release,
            "ships_past_best_before": record.ships_past_best_before,
            "signs_decisions": record.signs_decisions,
            "second_person": record.second_person,
            "holds_returns": record.holds_returns,
        }


class DjangoLines(DjangoRecords[Line]):
    """Lines; their key is their site's code and their own."""

    what = "line"
    site = "site__code"
    orders = Orders(
        Sort(LineOrder.SITE),
        {
            LineOrder.SITE: [Column("site__code"), Column("code")],
            LineOrder.NAME: [_BEGINNING, Column("site__code"), Column("code")],
        },
    )
    filters = frozenset({"code", "name", "site"})

    @override
    def rows(self) -> QuerySet[Any, Any]:
        return models.Line.objects.select_related("site")

    @override
    def record_of(self, row: models.Line) -> Line:
        return mapping.line_of(row)

    @override
    def columns_of(self, record: Line) -> dict[str, Any]:
        return {"site_id": self._site_id(record.site)}

    @override
    def key_of(self, record: Line) -> Key:
        return (record.site, record.code)

    @override
    def at(self, key: Key) -> Q:
        return Q(site__code=key[0], code=key[1])

    @override
    def _filtered(self, name: str, value: str) -> Q:
        return Q(site__code=value) if name == "site" else super()._filtered(name, value)

    def _site_id(self, code: str) -> UUID:
        site = models.Site.objects.filter(code=code).values_list("pk", flat=True).first()
        if site is None:
            raise Invalid(Fault("unknown_code", f"No site has the code {code!r}.", ("site",)))
        return site


class DjangoPartners(DjangoRecords[Partner]):
    """Partners."""

    what = "partner"
    filters = frozenset({"code", "name", "role", "gln"})

    @override
    def rows(self) -> QuerySet[Any, Any]:
        return models.Partner.objects.all()

    @override
    def record_of(self, row: models.Partner) -> Partner:
        return mapping.partner_of(row)

    @override
    def columns_of(self, record: Partner) -> dict[str, Any]:
        return {"role": record.role, "address": record.address, "gln": record.gln, "contact": record.contact}


class DjangoOperators(DjangoRecords[Operator]):
    """Operators."""

    what = "operator"

    @override
    def rows(self) -> QuerySet[Any, Any]:
        return models.Operator.objects.all()

    @override
    def record_of(self, row: models.Operator) -> Operator:
        return mapping.operator_of(row)

    @override
    def columns_of(self, record: Operator) -> dict[str, Any]:
        return {}
