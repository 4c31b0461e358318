"""What everybody may expect of the ports that read."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from attrs import evolve

from application.catalog.queries import RecordReader
from application.production.queries import (
    CampaignReader,
    ListedCampaign,
    LotFilters,
    LotMovementRow,
    LotReader,
    LotRow,
    MovementRow,
    OperationFilters,
    OperationReader,
    OperationRow,
)
from application.shared.errors import NotFound
from application.shared.paging import PageRequest, Sort
from domain.access.rights import EVERYWHERE
from domain.catalog.line import Line
from domain.catalog.product import Product
from domain.production.campaign import Band, Campaign, CampaignState
from domain.production.closing import StoredBalance
from domain.production.operation import Operation
from domain.shared.canonical import sha256_of
from domain.shared.errors import Invalid
from domain.shared.quantity import Quantity, Unit
from infrastructure.persistence.catalog.records import DjangoLines, DjangoProducts
from infrastructure.persistence.production.campaigns import DjangoCampaignReader
from infrastructure.persistence.production.readers import DjangoLotReader, DjangoOperationReader
from tests.contracts.reading import BAD_CURSORS, assert_ordered, assert_steady, assert_strict, whole
from tests.contracts.worlds import AT, OnPostgresql, World
from tests.core.plant import (
    CAMPAIGNS,
    PRODUCTS,
    arrived,
    campaign,
    codes,
    lost,
    made,
    new_id,
    operation,
    product,
    received,
    sent,
    shipped,
    used,
)
from tests.factories.plant import LINES, STORABLE_CAMPAIGNS

DAY = timedelta(days=1)
FIRST = datetime(2026, 3, 1, 6, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 6, tzinfo=UTC)


def sorts(*names: str) -> list[Sort]:
    return [Sort(name, backwards) for name in names for backwards in (False, True)]


class RecordReaderContract:
    """Tried on products, whose codes are their keys, and on lines, whose keys have two parts."""

    @pytest.fixture
    def products(self) -> RecordReader[Product]:
        raise NotImplementedError

    @pytest.fixture
    def lines(self) -> RecordReader[Line]:
        raise NotImplementedError

    def test_a_record_is_read_as_it_was_stored(
        self, world: World, products: RecordReader[Product], lines: RecordReader[Line]
    ) -> None:
        assert products.get("CIDER", EVERYWHERE) == PRODUCTS["CIDER"]
        assert lines.get(("A", "L1"), EVERYWHERE) == LINES[0]

    def test_there_is_none_of_that_key(
        self, world: World, products: RecordReader[Product], lines: RecordReader[Line]
    ) -> None:
        with pytest.raises(NotFound):
            products.get("cider", EVERYWHERE)
        with pytest.raises(NotFound):
            lines.get(("B", "L1"), EVERYWHERE)

    def test_the_list_is_in_the_order_of_the_keys(
        self, world: World, products: RecordReader[Product], lines: RecordReader[Line]
    ) -> None:
        more = [Line(new_id(), site, code, code) for site, code in (("B", "L1"), ("FRESH", "AA"), ("A", "L10"))]
        with world.committed():
            world.records[Line].add(more)
        assert whole(lambda request: products.page({}, request, EVERYWHERE)) == [
            PRODUCTS[code] for code in sorted(PRODUCTS)
        ]
        in_order = [LINES[0], more[2], LINES[1], more[0], more[1]]
        assert whole(lambda request: lines.page({}, request, EVERYWHERE)) == in_order

    def test_they_have_other_orders(
        self, world: World, products: RecordReader[Product], lines: RecordReader[Line]
    ) -> None:
        with world.committed():
            world.records[Product].add(evolve(product(code, "raw", "KGM", "1"), name="Cider") for code in ("AA", "ZZ"))
            world.records[Line].add([Line(new_id(), "B", "L1", "Press"), Line(new_id(), "A", "AA", "Press")])
        assert_ordered(lambda request: products.page({}, request, EVERYWHERE), "code", lambda item: item.code)
        assert_ordered(
            lambda request: products.page({}, request, EVERYWHERE), "name", lambda item: (item.name, item.code)
        )
        assert_ordered(lambda request: lines.page({}, request, EVERYWHERE), "site", lambda item: (item.site, item.code))
        assert_ordered(
            lambda request: lines.page({}, request, EVERYWHERE), "name", lambda item: (item.name, item.site, item.code)
        )

    @pytest.mark.parametrize("sort", sorts("code", "name"))
    def test_whatever_is_added_meanwhile_others_come_once_in_every_order(
        self, world: World, products: RecordReader[Product], sort: Sort
    ) -> None:
        def add() -> None:
            new = [product(code, "raw", "KGM", "1") for code in ("AAA", "JAM", "ZZZ")]
            with world.committed():
                world.records[Product].add([*new, evolve(product("B", "raw", "KGM", "1"), name="Cider\n« 2 »")])

        assert_steady(lambda request: products.page({}, request, EVERYWHERE), sort, add)

    def test_orders_arent_mixed_up(
        self, world: World, products: RecordReader[Product], lines: RecordReader[Line]
    ) -> None:
        assert_strict(lambda request: products.page({}, request, EVERYWHERE), "code", "name")
        assert_strict(lambda request: lines.page({}, request, EVERYWHERE), "site", "name")

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"product_class": "bulk"}, ["JUICE"]),
            ({"product_class": "finished", "date_marking": "use_by"}, ["MILK"]),
            ({"unit": "KGM", "currency": "EUR"}, ["APPLE", "POMACE"]),
            ({"code": "SUGAR"}, ["SUGAR"]),
            ({"name": "Sugar", "name_fr": "Sugar"}, ["SUGAR"]),
            ({"gtin": "1"}, []),
        ],
    )
    def test_filters_are_attributes(
        self, world: World, products: RecordReader[Product], filters: Mapping[str, str], found: list[str]
    ) -> None:
        assert [item.code for item in whole(lambda request: products.page(filters, request, EVERYWHERE))] == found

    def test_lines_are_filtered_by_their_site(self, world: World, lines: RecordReader[Line]) -> None:
        assert whole(lambda request: lines.page({"site": "A"}, request, EVERYWHERE)) == LINES
        assert whole(lambda request: lines.page({"site": "B"}, request, EVERYWHERE)) == []

    def test_what_is_added_meanwhile_neither_repeats_nor_hides_others(
        self, world: World, products: RecordReader[Product]
    ) -> None:
        first = products.page({}, PageRequest(3), EVERYWHERE)
        with world.committed():
            world.records[Product].add([product("AAA", "raw", "KGM", "1"), product("ZZZ", "raw", "KGM", "1")])
        rest = products.page({}, PageRequest(500, first.next), EVERYWHERE)
        assert [item.code for item in (*first.items, *rest.items)] == [*sorted(PRODUCTS), "ZZZ"]

    @pytest.mark.parametrize("name", ["id", "version", "kg_per_unit", "site__name", "nothing", ""])
    def test_a_filter_that_is_none_is_refused(self, world: World, products: RecordReader[Product], name: str) -> None:
        with pytest.raises(Invalid) as invalid:
            products.page({name: "1"}, PageRequest(), EVERYWHERE)
        assert codes(invalid) == ["unknown_filter"]

    @pytest.mark.parametrize("cursor", BAD_CURSORS)
    def test_a_cursor_that_no_page_gave_is_refused(
        self, world: World, products: RecordReader[Product], cursor: str
    ) -> None:
        with pytest.raises(Invalid) as invalid:
            products.page({}, PageRequest(1, cursor), EVERYWHERE)
        assert codes(invalid) == ["bad_cursor"]


class TestRecordsOnPostgresql(OnPostgresql, RecordReaderContract):
    """The adapter."""

    @pytest.fixture
    def products(self) -> RecordReader[Product]:
        return DjangoProducts()

    @pytest.fixture
    def lines(self) -> RecordReader[Line]:
        return DjangoLines()


def cursor_of(key: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


#: Of the order of recording: no number, one that is too large, and none at all.
BAD_PLACES = [["recorded", "not a number"], ["recorded", "9999999999999999999"], ["recorded", ""], ["recorded"]]


def shown(recorded: Operation, **more: Any) -> OperationRow:
    """The operation as a reader should show it."""
    stated = {
        "id": recorded.id,
        "number": recorded.number,
        "kind": recorded.kind.value,
        "occurred_at": recorded.occurred_at,
        "recorded_at": recorded.recorded.at,
        "recorded_by": recorded.recorded.by,
        "campaign": recorded.campaign,
        "site": recorded.site,
        "line": recorded.line,
        "operator": recorded.operator,
        "partner": recorded.partner,
        "document": recorded.document,
        "reason": recorded.reason,
        "override": recorded.override,
        "reverses": recorded.reverses,
        "reversed_by": None,
        "corrects": recorded.corrects,
        "movements": tuple(
            MovementRow(
                lot_id=movement.lot_id,
                site=movement.site,
                product=movement.product.code,
                lot=movement.lot.code if movement.lot else None,
                sub_lot=movement.lot.sub_lot if movement.lot else "",
                direction=movement.direction.value,
                role=movement.role.value,
                quantity=movement.quantity,
                unit=movement.product.unit.code,
                kilograms=movement.kilograms,
                reason=movement.reason,
            )
            for movement in recorded.movements
        ),
    }
    return OperationRow(**{**stated, **more})


@pytest.fixture
def history(world: World) -> dict[str, Operation]:
    """Some days of the plant, by name, in the order in which they were recorded; not that in which they happened."""
    stock = received("APPLE", "1", "100", supplier_lot="theirs"), received("MYSTERY", "1", "3")
    days = {
        "receipt": operation("receipt", *stock, partner="SUPPLIER", document="DN 7", number="R-1", occurred_at=LATER),
        "pressing": operation(
            "production",
            used("APPLE", "1", "60"),
            made("JUICE", "TANK", "40.5", made_on=date(2026, 3, 1)),
            made("CIDER", "1", "10", best_before=date(2027, 3, 1)),
            lost("POMACE", "0.5"),
            campaign="SPRING",
            line="L1",
            occurred_at=FIRST,
        ),
        "shipment": operation("shipment", shipped("CIDER", "1", "4"), document="DN 8", occurred_at=LATER),
        "transfer": operation("transfer", sent("CIDER", "1", "1"), arrived("CIDER", "1", "1")),
    }
    # Ids that are not in the order of recording, as those that clients make needn't be.
    ids = dict(zip(days, sorted((uuid4() for _ in days), reverse=True), strict=True))
    recorded = {name: world.take(evolve(entry, id=ids[name]))[0] for name, entry in days.items()}
    recorded["reversal"] = world.reverse(recorded["shipment"])
    return recorded


class OperationReaderContract:
    @pytest.fixture
    def reader(self) -> OperationReader:
        raise NotImplementedError

    @pytest.fixture
    def rows(self, history: dict[str, Operation]) -> dict[str, OperationRow]:
        """The whole history as it should be read."""
        reversed_by = {"shipment": history["reversal"].id}
        return {name: shown(recorded, reversed_by=reversed_by.get(name)) for name, recorded in history.items()}

    @pytest.mark.parametrize("name", ["receipt", "pressing", "shipment", "transfer", "reversal"])
    def test_an_operation_is_read_as_it_was_recorded(
        self, reader: OperationReader, rows: dict[str, OperationRow], name: str
    ) -> None:
        assert reader.get(rows[name].id, EVERYWHERE) == rows[name]

    def test_there_is_none_of_that_id(self, world: World, reader: OperationReader) -> None:
        with pytest.raises(NotFound):
            reader.get(new_id(), EVERYWHERE)

    def test_several_are_read_in_the_order_asked_for(
        self, reader: OperationReader, rows: dict[str, OperationRow]
    ) -> None:
        wanted = [rows[name] for name in ("transfer", "receipt", "reversal")]
        assert list(reader.several(tuple(row.id for row in wanted))) == wanted
        assert reader.several(()) == ()

    def test_the_list_is_in_the_order_of_recording(
        self, reader: OperationReader, rows: dict[str, OperationRow]
    ) -> None:
        assert whole(lambda request: reader.page(OperationFilters(), request, EVERYWHERE)) == list(rows.values())

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            (OperationFilters(campaign="SPRING"), ["pressing"]),
            (OperationFilters(campaign="SUMMER"), []),
            (OperationFilters(site="A"), ["receipt", "pressing", "shipment", "transfer", "reversal"]),
            (OperationFilters(site="B"), []),
            (OperationFilters(kind="reversal"), ["reversal"]),
            (OperationFilters(product="CIDER"), ["pressing", "shipment", "transfer", "reversal"]),
            (OperationFilters(lot="1", product="APPLE"), ["receipt", "pressing"]),
            (OperationFilters(lot="TANK", product="APPLE"), []),
            (OperationFilters(product="POMACE"), ["pressing"]),
            (OperationFilters(since=LATER), ["receipt", "shipment"]),
            (OperationFilters(until=FIRST), []),
            (OperationFilters(since=FIRST, until=LATER), ["pressing", "transfer", "reversal"]),
            (OperationFilters(since=FIRST, until=LATER, kind="transfer", site="A"), ["transfer"]),
        ],
    )
    def test_filters_all_hold(
        self, reader: OperationReader, rows: dict[str, OperationRow], filters: OperationFilters, found: list[str]
    ) -> None:
        assert whole(lambda request: reader.page(filters, request, EVERYWHERE)) == [rows[name] for name in found]

    def test_what_is_recorded_meanwhile_comes_at_the_end(
        self, world: World, reader: OperationReader, rows: dict[str, OperationRow]
    ) -> None:
        first = reader.page(OperationFilters(), PageRequest(2), EVERYWHERE)
        new = world.record("receipt", received("SUGAR", "1", "1"), occurred_at=FIRST)
        rest = reader.page(OperationFilters(), PageRequest(500, first.next), EVERYWHERE)
        assert [*first.items, *rest.items] == [*rows.values(), shown(new)]

    def test_they_have_other_orders(self, reader: OperationReader, rows: dict[str, OperationRow]) -> None:
        recorded = [row.id for row in rows.values()]
        assert_ordered(
            lambda request: reader.page(OperationFilters(), request, EVERYWHERE),
            "recorded",
            lambda row: recorded.index(row.id),
        )
        assert_ordered(
            lambda request: reader.page(OperationFilters(), request, EVERYWHERE),
            "occurred_at",
            lambda row: (row.occurred_at, recorded.index(row.id)),
        )

    @pytest.mark.parametrize("sort", sorts("recorded", "occurred_at"))
    def test_whatever_is_recorded_meanwhile_others_come_once_in_every_order(
        self, world: World, reader: OperationReader, rows: dict[str, OperationRow], sort: Sort
    ) -> None:
        def add() -> None:
            for number, moment in enumerate((FIRST - DAY, FIRST, FIRST + DAY, LATER, LATER + DAY)):
                world.record("receipt", received("SUGAR", str(number), "1"), occurred_at=moment)

        assert_steady(lambda request: reader.page(OperationFilters(), request, EVERYWHERE), sort, add)

    def test_orders_arent_mixed_up(self, reader: OperationReader, rows: dict[str, OperationRow]) -> None:
        assert_strict(lambda request: reader.page(OperationFilters(), request, EVERYWHERE), "recorded", "occurred_at")

    @pytest.mark.parametrize("cursor", [*BAD_CURSORS, *map(cursor_of, BAD_PLACES)])
    def test_a_cursor_that_no_page_gave_is_refused(self, world: World, reader: OperationReader, cursor: str) -> None:
        with pytest.raises(Invalid) as invalid:
            reader.page(OperationFilters(), PageRequest(1, cursor), EVERYWHERE)
        assert codes(invalid) == ["bad_cursor"]


class TestOperationsOnPostgresql(OnPostgresql, OperationReaderContract):
    """The adapter."""

    @pytest.fixture
    def reader(self) -> OperationReader:
        return DjangoOperationReader()


def lot_of(recorded: Operation, position: int) -> UUID:
    lot = recorded.movements[position].lot_id
    assert lot is not None
    return lot


class LotReaderContract:
    @pytest.fixture
    def reader(self) -> LotReader:
        raise NotImplementedError

    @pytest.fixture
    def rows(self, history: dict[str, Operation]) -> list[LotRow]:
        """All lots as they should be read, in the order in which they were first recorded."""
        receipt, pressing, transfer = (history[name] for name in ("receipt", "pressing", "transfer"))

        def row(lot: UUID, product: str, code: str, on_hand: str, kilograms: str | None, **more: Any) -> LotRow:
            stated = {
                "site": "A",
                "disposition": "released",
                "unit": PRODUCTS[product].unit.code,
                **more,
            }
            usual = {
                "sub_lot": "",
                "made_on": None,
                "best_before": None,
                "supplier_lot": "",
                "campaign": None,
                "parent": None,
            }
            weight = None if kilograms is None else Decimal(kilograms)
            return LotRow(
                id=lot, product=product, code=code, on_hand=Decimal(on_hand), kilograms=weight, **{**usual, **stated}
            )

        until = date(2027, 3, 1)
        return [
            row(lot_of(receipt, 0), "APPLE", "1", "40", "40", supplier_lot="theirs", version=3),
            row(lot_of(receipt, 1), "MYSTERY", "1", "3", None, version=2),
            row(
                lot_of(pressing, 1),
                *("JUICE", "TANK", "40.5", "42.525"),
                made_on=date(2026, 3, 1),
                campaign="SPRING",
                version=2,
            ),
            row(lot_of(pressing, 2), "CIDER", "1", "9", "11.7", best_before=until, campaign="SPRING", version=5),
            row(lot_of(transfer, 1), "CIDER", "1", "1", "1.3", site="B", best_before=until, version=2),
        ]

    def test_a_lot_is_read_as_it_is(self, reader: LotReader, rows: list[LotRow]) -> None:
        for row in rows:
            assert reader.get(row.id, EVERYWHERE) == row

    def test_there_is_none_of_that_id(self, world: World, reader: LotReader) -> None:
        with pytest.raises(NotFound):
            reader.get(new_id(), EVERYWHERE)
        with pytest.raises(NotFound):
            reader.movements(new_id(), PageRequest(), EVERYWHERE)

    def test_the_list_is_in_the_order_of_recording(self, reader: LotReader, rows: list[LotRow]) -> None:
        assert whole(lambda request: reader.page(LotFilters(), request, EVERYWHERE)) == rows

    def test_they_have_other_orders(self, reader: LotReader, rows: list[LotRow]) -> None:
        assert_ordered(lambda request: reader.page(LotFilters(), request, EVERYWHERE), "recorded", lambda row: row.id)
        assert_ordered(
            lambda request: reader.page(LotFilters(), request, EVERYWHERE), "code", lambda row: (row.code, row.id)
        )
        assert_ordered(
            lambda request: reader.page(LotFilters(), request, EVERYWHERE),
            "best_before",
            lambda row: (row.best_before or date.max, row.id),
        )

    @pytest.mark.parametrize("sort", sorts("recorded", "code", "best_before"))
    def test_whatever_is_recorded_meanwhile_others_come_once_in_every_order(
        self, world: World, reader: LotReader, rows: list[LotRow], sort: Sort
    ) -> None:
        def add() -> None:
            for code, day in (("0", None), ("1", date(2027, 3, 1)), ("P", date(2026, 3, 5)), ("Z", date(2030, 1, 1))):
                world.record("receipt", received("SUGAR", code, "1", best_before=day))

        assert_steady(lambda request: reader.page(LotFilters(), request, EVERYWHERE), sort, add)

    def test_orders_arent_mixed_up(self, reader: LotReader, rows: list[LotRow]) -> None:
        assert_strict(lambda request: reader.page(LotFilters(), request, EVERYWHERE), "recorded", "code", "best_before")

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            (LotFilters(site="B"), [4]),
            (LotFilters(product="CIDER"), [3, 4]),
            (LotFilters(code="1", site="A"), [0, 1, 3]),
            (LotFilters(campaign="SPRING"), [2, 3]),
            (LotFilters(campaign="SUMMER"), []),
            (LotFilters(disposition="released"), [0, 1, 2, 3, 4]),
            (LotFilters(sub_lot=""), [0, 1, 2, 3, 4]),
            (LotFilters(sub_lot="pallet 1"), []),
            (LotFilters(parent=uuid4()), []),
            (LotFilters(disposition="pending"), []),
            (LotFilters(positive=True, product="APPLE"), [0]),
        ],
    )
    def test_filters_all_hold(
        self, reader: LotReader, rows: list[LotRow], filters: LotFilters, found: list[int]
    ) -> None:
        assert whole(lambda request: reader.page(filters, request, EVERYWHERE)) == [
            rows[position] for position in found
        ]

    def test_an_empty_lot_is_left_out_when_something_has_to_be_on_hand(
        self, world: World, reader: LotReader, rows: list[LotRow]
    ) -> None:
        world.record("production", used("APPLE", "1", "40"), campaign="SUMMER")
        assert [
            row.id for row in whole(lambda request: reader.page(LotFilters(positive=True), request, EVERYWHERE))
        ] == [row.id for row in rows[1:]]

    def test_movements_are_read_in_the_order_of_recording(
        self, reader: LotReader, history: dict[str, Operation], rows: list[LotRow]
    ) -> None:
        positions = {"pressing": 2, "shipment": 0, "transfer": 0, "reversal": 0}
        assert whole(lambda request: reader.movements(rows[3].id, request, EVERYWHERE)) == [
            self.movement(history, name, position) for name, position in positions.items()
        ]
        assert whole(lambda request: reader.movements(rows[1].id, request, EVERYWHERE)) == [
            self.movement(history, "receipt", 1)
        ]

    def movement(self, history: dict[str, Operation], name: str, position: int) -> LotMovementRow:
        operation, movement = history[name], history[name].movements[position]
        return LotMovementRow(
            operation=operation.id,
            number=operation.number,
            kind=operation.kind.value,
            occurred_at=operation.occurred_at,
            recorded_at=operation.recorded.at,
            campaign=operation.campaign,
            partner=operation.partner,
            document=operation.document,
            direction=movement.direction.value,
            role=movement.role.value,
            quantity=movement.quantity,
            unit=movement.product.unit.code,
            kilograms=movement.kilograms,
            reason=movement.reason,
            reverses=operation.reverses,
            reversed_by=history["reversal"].id if name == "shipment" else None,
        )

    @pytest.mark.parametrize("cursor", BAD_CURSORS)
    def test_a_cursor_that_no_page_gave_is_refused(
        self, world: World, reader: LotReader, history: dict[str, Operation], cursor: str
    ) -> None:
        for read in (
            lambda request: reader.page(LotFilters(), request, EVERYWHERE),
            lambda request: reader.movements(lot_of(history["receipt"], 0), request, EVERYWHERE),
        ):
            with pytest.raises(Invalid) as invalid:
                read(PageRequest(1, cursor))
            assert codes(invalid) == ["bad_cursor"]


class TestLotsOnPostgresql(OnPostgresql, LotReaderContract):
    """The adapter."""

    @pytest.fixture
    def reader(self) -> LotReader:
        return DjangoLotReader()


class CampaignReaderContract:
    @pytest.fixture
    def reader(self) -> CampaignReader:
        raise NotImplementedError

    def test_a_campaign_is_read_as_it_was_stored(self, world: World, reader: CampaignReader) -> None:
        assert reader.get("SPRING", EVERYWHERE) == CAMPAIGNS["SPRING"]

    def test_there_is_none_of_that_code(self, world: World, reader: CampaignReader) -> None:
        with pytest.raises(NotFound):
            reader.get("spring", EVERYWHERE)

    def test_each_is_listed_as_it_was_stored(self, world: World, reader: CampaignReader) -> None:
        whole_plan = evolve(
            campaign("PLAN", CampaignState.PLANNED, line="L1"),
            planned_from=date(2026, 5, 1),
            planned_to=date(2026, 5, 31),
            target=Quantity("12", Unit.of("C62")),
            band=Band("96.5", "101"),
        )
        with world.committed():
            world.campaigns.add([whole_plan])
        page = reader.page({}, PageRequest(), EVERYWHERE)
        stored = {item.code: item for item in (*STORABLE_CAMPAIGNS, whole_plan)}
        assert list(page.items) == [ListedCampaign.of(stored[code]) for code in sorted(stored)]

    def test_the_list_is_in_the_order_of_the_codes(self, world: World, reader: CampaignReader) -> None:
        assert self.listed(reader, {}) == ["CANCELLED", "OPEN", "PLANNED", "SPRING", "SUMMER"]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"state": "open"}, ["OPEN", "SPRING", "SUMMER"]),
            ({"state": "closed"}, []),
            ({"site": "B"}, []),
            ({"product": "MILK"}, ["MILKING"]),
            ({"line": "L1"}, ["MILKING"]),
            ({"line": "L1", "state": "open", "site": "A", "product": "CIDER"}, []),
        ],
    )
    def test_filters_all_hold(
        self, world: World, reader: CampaignReader, filters: Mapping[str, str], found: list[str]
    ) -> None:
        milking = campaign("MILKING", CampaignState.PLANNED, product=PRODUCTS["MILK"], line="L1")
        with world.committed():
            world.campaigns.add([milking])
        assert self.listed(reader, filters) == found

    def listed(self, reader: CampaignReader, filters: Mapping[str, str]) -> list[str]:
        found: list[ListedCampaign] = whole(lambda request: reader.page(filters, request, EVERYWHERE))
        return [item.code for item in found]

    @pytest.mark.parametrize("name", ["code", "name", "product__name", ""])
    def test_a_filter_that_is_none_is_refused(self, world: World, reader: CampaignReader, name: str) -> None:
        with pytest.raises(Invalid) as invalid:
            reader.page({name: "SPRING"}, PageRequest(), EVERYWHERE)
        assert codes(invalid) == ["unknown_filter"]

    @pytest.mark.parametrize("cursor", BAD_CURSORS)
    def test_a_cursor_that_no_page_gave_is_refused(self, world: World, reader: CampaignReader, cursor: str) -> None:
        with pytest.raises(Invalid) as invalid:
            reader.page({}, PageRequest(1, cursor), EVERYWHERE)
        assert codes(invalid) == ["bad_cursor"]

    def test_what_is_added_meanwhile_neither_repeats_nor_hides_others(
        self, world: World, reader: CampaignReader
    ) -> None:
        first = reader.page({}, PageRequest(2), EVERYWHERE)
        with world.committed():
            world.campaigns.add([campaign(code, CampaignState.PLANNED) for code in ("AAA", "OTHER")])
        rest = reader.page({}, PageRequest(500, first.next), EVERYWHERE)
        assert [item.code for item in rest.items] == ["OTHER", "PLANNED", "SPRING", "SUMMER"]

    @pytest.fixture
    def planned(self, world: World) -> list[Campaign]:
        """Some that are planned for a day."""
        days = {"C-1": date(2026, 5, 1), "C-2": date(2026, 4, 1), "C-3": date(2026, 5, 1), "C-4": None}
        plans = [
            evolve(campaign(code, CampaignState.PLANNED), name=f"Of {day}", planned_from=day)
            for code, day in days.items()
        ]
        with world.committed():
            world.campaigns.add(plans)
        return plans

    def test_they_have_other_orders(self, reader: CampaignReader, planned: list[Campaign]) -> None:
        assert_ordered(lambda request: reader.page({}, request, EVERYWHERE), "code", lambda item: item.code)
        assert_ordered(
            lambda request: reader.page({}, request, EVERYWHERE), "name", lambda item: (item.name, item.code)
        )
        assert_ordered(
            lambda request: reader.page({}, request, EVERYWHERE),
            "planned_from",
            lambda item: (item.planned_from or date.max, item.code),
        )

    @pytest.mark.parametrize("sort", sorts("code", "name", "planned_from"))
    def test_whatever_is_planned_meanwhile_others_come_once_in_every_order(
        self, world: World, reader: CampaignReader, planned: list[Campaign], sort: Sort
    ) -> None:
        def add() -> None:
            with world.committed():
                world.campaigns.add(evolve(plan, id=new_id(), code=f"{plan.code}+") for plan in planned)

        assert_steady(lambda request: reader.page({}, request, EVERYWHERE), sort, add)

    def test_orders_arent_mixed_up(self, reader: CampaignReader, planned: list[Campaign]) -> None:
        assert_strict(lambda request: reader.page({}, request, EVERYWHERE), "code", "name", "planned_from")

    def test_balances_are_read_oldest_first(self, world: World, reader: CampaignReader) -> None:
        spring = CAMPAIGNS["SPRING"]
        stored = []
        for version in (1, 2):
            document = {"version": version, "é": ["1.5", None]}
            stored.append(StoredBalance(spring.id, version, document, sha256_of(document), AT))
            with world.committed():
                world.balances.store(stored[-1])
                world.campaigns.save(evolve(spring, state=CampaignState.CLOSED, closings=version))
        assert reader.balances(spring.id) == tuple(stored)
        assert reader.balances(CAMPAIGNS["SUMMER"].id) == ()


class TestCampaignsOnPostgresql(OnPostgresql, CampaignReaderContract):
    """The adapter."""

    @pytest.fixture
    def reader(self) -> CampaignReader:
        return DjangoCampaignReader()
