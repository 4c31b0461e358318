"""A plant's log is taken over whole or not at all, and a second time changes nothing."""

from datetime import timedelta

import pytest
from attrs import evolve

from application.production import import_log as use_case
from application.production.import_log import CampaignRow, ImportLog, PartnerRow, ProductRow, Tally
from domain.catalog.events import RecordAdded
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import Product, ProductClass
from domain.catalog.site import Site
from domain.production.campaign import Band, CampaignState
from domain.production.entry import OperationEntry
from domain.production.events import CampaignOpened, CampaignPlanned, OperationRecorded
from domain.production.mirror import reversal_entry
from domain.shared.errors import DomainError, Invalid, Path, Refused
from domain.shared.exact import canonical
from tests.adapters.memory import Memory
from tests.adapters.plant import import_log
from tests.core.cases import for_each
from tests.core.plant import (
    NOON,
    PRODUCTS,
    arrived,
    co_product,
    in_euros,
    lost,
    made,
    operation,
    received,
    returned,
    sent,
    shipped,
    told,
    used,
)
from tests.factories.access import somebody


def product_row(code: str) -> ProductRow:
    known = PRODUCTS[code]
    measure = (known.product_class, known.unit, known.kg_per_unit)
    return ProductRow(code, known.name, known.name_fr, *measure, known.standard_cost)


RECEIVED = operation("receipt", received("APPLE", "A1", "100"), partner="GROWER", number="1")
PRESSED = operation(
    "production",
    used("APPLE", "A1", "60"),
    made("JUICE", "J1", "50"),
    lost("APPLE", "2"),
    campaign="SPRING",
    line="PRESS",
    number="2",
)
MOVED = operation("transfer", sent("JUICE", "J1", "20"), arrived("JUICE", "J1", "20"), number="3")
SHIPPED = operation("shipment", shipped("JUICE", "J1", "8"), partner="SHOP", operator="bea", number="4")
RETURNED = operation("return", returned("JUICE", "J1", "3"), partner="SHOP", number="5")

SPRING = CampaignRow("SPRING", "JUICE", line="CELLAR", band=Band("90", "101"))
LOG = ImportLog(
    products=(product_row("APPLE"), product_row("JUICE")),
    partners=(
        PartnerRow("GROWER", "The Grower", PartnerRole.SUPPLIER),
        PartnerRow("SHOP", "Shop", PartnerRole.CUSTOMER),
    ),
    campaigns=(SPRING,),
    operations=(RECEIVED, PRESSED, MOVED, SHIPPED, RETURNED),
    actor=somebody("importer"),
    at=NOON,
)


@pytest.fixture
def memory() -> Memory:
    return Memory()


def on_hand(memory: Memory) -> dict[str, str]:
    return {"|".join(key[:3]): canonical(lot.on_hand) for key, lot in memory.lots.items()}


def refusal(memory: Memory, log: ImportLog) -> DomainError:
    """The error that importing raises, after which nothing has changed."""
    before = memory.contents()
    with pytest.raises(DomainError) as raised:
        import_log(memory)(log)
    assert memory.contents() == before
    return raised.value


def test_it_creates_everything_that_the_log_names_and_says_how_much(memory: Memory) -> None:
    imported = import_log(memory)(LOG)
    assert imported.products == imported.partners == imported.sites == imported.lines == Tally(2, 0)
    assert (imported.operators, imported.campaigns, imported.operations) == (Tally(2, 0), Tally(1, 0), Tally(5, 0))
    assert on_hand(memory) == {"A|APPLE|A1": "40", "A|JUICE|J1": "25", "B|JUICE|J1": "20"}


def test_what_it_creates_says_what_the_log_says(memory: Memory) -> None:
    import_log(memory)(LOG)
    apple = memory.rows(Product)["APPLE"]
    assert (apple.product_class, apple.unit.code, apple.kg_per_unit) == (ProductClass.RAW, "KGM", 1)
    assert apple.standard_cost == in_euros("0.2")
    grower = memory.rows(Partner)["GROWER"]
    assert (grower.name, grower.role) == ("The Grower", PartnerRole.SUPPLIER)
    assert [site.name for site in memory.rows(Site).values()] == ["A", "B"]
    assert not any(site.positive_release for site in memory.rows(Site).values())
    assert set(memory.rows(Line)) == {("A", "PRESS"), ("A", "CELLAR")}
    assert [person.name for person in memory.rows(Operator).values()] == ["ana", "bea"]
    assert all(operation.recorded.by == "importer" for operation in memory.operations.values())


def test_its_campaigns_are_open_at_the_site_of_their_operations(memory: Memory) -> None:
    import_log(memory)(LOG)
    spring = memory.campaigns["SPRING"]
    assert (spring.state, spring.site, spring.line) == (CampaignState.OPEN, "A", "CELLAR")
    assert (spring.name, spring.product.code, str(spring.band)) == ("SPRING", "JUICE", "90 to 101 %")


def test_its_events_tell_of_campaigns_and_operations(memory: Memory) -> None:
    import_log(memory)(LOG)
    spring = memory.campaigns["SPRING"]
    planned = evolve(spring, state=CampaignState.PLANNED)
    added = [RecordAdded(record) for rows in memory.records.values() for record in rows.values()]
    first = len(added)
    assert sorted(map(repr, memory.events[:first])) == sorted(map(repr, added))
    assert memory.events[first : first + 2] == [CampaignPlanned(planned), CampaignOpened(spring)]
    recorded = [event.operation for event in memory.events[first + 2 :] if isinstance(event, OperationRecorded)]
    assert recorded == [entry.id for entry in LOG.operations]


def test_a_second_time_changes_nothing(memory: Memory) -> None:
    import_log(memory)(LOG)
    before = memory.contents()
    again = import_log(memory)(LOG)
    assert memory.contents() == before
    assert again.products == again.partners == again.sites == again.lines == again.operators == Tally(0, 2)
    assert (again.campaigns, again.operations) == (Tally(0, 1), Tally(0, 5))


def test_a_second_time_changes_nothing_when_the_campaign_is_closed_meanwhile(memory: Memory) -> None:
    import_log(memory)(LOG)
    memory.campaigns["SPRING"] = memory.campaigns["SPRING"].closed()
    before = memory.contents()
    import_log(memory)(LOG)
    assert memory.contents() == before


def test_nothing_new_goes_into_a_campaign_that_is_closed(memory: Memory) -> None:
    import_log(memory)(LOG)
    memory.campaigns["SPRING"] = memory.campaigns["SPRING"].closed()
    late = operation("production", used("JUICE", "J1", "1"), made("JUICE", "J2", "1"), campaign="SPRING")
    error = refusal(memory, evolve(LOG, operations=(*LOG.operations, late)))
    assert told(error.faults) == [("campaign_not_open", ("operations", 5, "campaign"))]


def test_a_log_that_has_grown_adds_what_is_new(memory: Memory) -> None:
    import_log(memory)(LOG)
    more = operation("receipt", received("APPLE", "A1", "5"), number="6")
    grown = import_log(memory)(evolve(LOG, operations=(*LOG.operations, more)))
    assert grown.operations == Tally(1, 5)
    assert on_hand(memory)["A|APPLE|A1"] == "45"


def test_a_reversal_may_take_back_what_an_earlier_import_recorded(memory: Memory) -> None:
    import_log(memory)(LOG)
    returned_before = memory.operations[RETURNED.id]
    reversal = reversal_entry(returned_before, operation("receipt").id, "typed twice", returned_before.recorded, None)
    import_log(memory)(evolve(LOG, operations=(*LOG.operations, reversal)))
    assert memory.operations[RETURNED.id].reversed_by == reversal.id
    assert on_hand(memory)["A|JUICE|J1"] == "22"


def test_what_exists_stays_as_it_is(memory: Memory) -> None:
    import_log(memory)(LOG)
    renamed = evolve(LOG.products[0], name="Other apples", standard_cost=None)
    partner = PartnerRow("SHOP", "Other shop", PartnerRole.BOTH)
    campaign = evolve(SPRING, line=None, band=Band("1", "2"))
    before = memory.contents()
    import_log(memory)(evolve(LOG, products=(renamed,), partners=(partner,), campaigns=(campaign,)))
    assert memory.contents() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("product_class", ProductClass.WATER), ("unit", PRODUCTS["CIDER"].unit), ("kg_per_unit", None)],
)
def test_a_product_that_exists_otherwise_is_refused(memory: Memory, name: str, value: object) -> None:
    import_log(memory)(LOG)
    other = evolve(product_row("JUICE"), **{name: value})
    error = refusal(memory, evolve(LOG, products=(product_row("APPLE"), other)))
    assert isinstance(error, Refused)
    assert told(error.faults) == [("exists_otherwise", ("products", 1, name))]


def test_a_campaign_that_exists_for_another_product_is_refused(memory: Memory) -> None:
    import_log(memory)(LOG)
    error = refusal(memory, evolve(LOG, campaigns=(evolve(SPRING, product="APPLE"),)))
    assert told(error.faults) == [("exists_otherwise", ("campaigns", 0, "product"))]


def at(site: str, entry: OperationEntry) -> OperationEntry:
    movements = tuple(evolve(movement, site=site) for movement in entry.movements)
    return evolve(entry, id=operation("receipt").id, site=site, movements=movements)


def test_a_campaign_that_exists_at_another_site_is_refused(memory: Memory) -> None:
    import_log(memory)(LOG)
    elsewhere = (at("B", RECEIVED), at("B", PRESSED))
    error = refusal(memory, evolve(LOG, operations=elsewhere))
    assert told(error.faults) == [("exists_otherwise", ("campaigns", 0, "site"))]


def test_a_campaign_is_at_one_site(memory: Memory) -> None:
    several = (*LOG.operations, at("B", RECEIVED), at("B", PRESSED))
    error = refusal(memory, evolve(LOG, operations=several))
    assert told(error.faults) == [("no_single_site", ("campaigns", 0, "site"))]
    assert "A, B" in str(error)


def test_a_campaign_without_operations_has_no_site(memory: Memory) -> None:
    error = refusal(memory, evolve(LOG, campaigns=(SPRING, evolve(SPRING, code="SUMMER"))))
    assert isinstance(error, Invalid)
    assert told(error.faults) == [("no_single_site", ("campaigns", 1, "site"))]


def test_codes_stand_once_in_their_file(memory: Memory) -> None:
    twice = evolve(
        LOG, products=LOG.products * 2, partners=(*LOG.partners, LOG.partners[0]), campaigns=(SPRING, SPRING)
    )
    assert told(refusal(memory, twice).faults) == [
        ("told_twice", ("products", 2, "code")),
        ("told_twice", ("products", 3, "code")),
        ("told_twice", ("partners", 2, "code")),
        ("told_twice", ("campaigns", 1, "code")),
    ]


OTHERWISE = [
    (evolve(PRESSED, operator="bea"), ("operator",)),
    (evolve(PRESSED, line=None), ("line",)),
    (evolve(PRESSED, occurred_at=NOON + timedelta(seconds=1)), ("occurred_at",)),
    (evolve(PRESSED, movements=PRESSED.movements[:2]), ("id",)),
    (evolve(PRESSED, movements=(*PRESSED.movements[:2], lost("APPLE", "3"))), ("movements", 2, "quantity")),
    (evolve(PRESSED, movements=(*PRESSED.movements[:2], lost("APPLE", "2", "sour"))), ("movements", 2, "reason")),
    (evolve(PRESSED, movements=(*PRESSED.movements[1::-1], PRESSED.movements[2])), ("movements", 0, "product")),
    (
        evolve(PRESSED, movements=(used("APPLE", "A2", "60"), *PRESSED.movements[1:])),
        ("movements", 0, "lot"),
    ),
    (
        evolve(PRESSED, movements=(PRESSED.movements[0], co_product("JUICE", "J1", "50"), PRESSED.movements[2])),
        ("movements", 1, "role"),
    ),
    (
        evolve(
            PRESSED,
            movements=(PRESSED.movements[0], made("JUICE", "J1", "50", made_on=NOON.date()), PRESSED.movements[2]),
        ),
        ("id",),
    ),
]


@for_each(("changed", "path"), OTHERWISE)
def test_an_operation_that_is_recorded_otherwise_is_refused_at_what_is_other(
    memory: Memory, changed: OperationEntry, path: Path
) -> None:
    import_log(memory)(LOG)
    error = refusal(memory, evolve(LOG, operations=(RECEIVED, changed, MOVED, SHIPPED, RETURNED)))
    assert isinstance(error, Refused)
    assert told(error.faults) == [("operation_exists", ("operations", 1, *path))]


def test_a_number_that_stands_for_two_operations_is_refused(memory: Memory) -> None:
    error = refusal(memory, evolve(LOG, operations=(*LOG.operations, evolve(RECEIVED, document="other"))))
    assert told(error.faults) == [("operation_exists", ("operations", 5, "id"))]


BAD_NAMES = [
    (
        evolve(LOG, products=(product_row("APPLE"), evolve(product_row("JUICE"), code=" JUICE"))),
        ("products", 1, "code"),
    ),
    (evolve(LOG, partners=(PartnerRow("SHOP", "", PartnerRole.BOTH),)), ("partners", 0, "name")),
    (evolve(LOG, campaigns=(evolve(SPRING, line="A\nB"),)), ("campaigns", 0, "line", "code")),
    (evolve(LOG, campaigns=(evolve(SPRING, product="PEAR"),)), ("campaigns", 0, "product")),
    (evolve(LOG, operations=(RECEIVED, evolve(PRESSED, line="PRESS "))), ("operations", 1, "line", "code")),
    (evolve(LOG, operations=(RECEIVED, evolve(PRESSED, operator=""))), ("operations", 1, "operator", "code")),
    (
        evolve(LOG, operations=(RECEIVED, PRESSED, operation("transfer", sent("JUICE", "J1", "1", site="")))),
        ("operations", 2, "movements", 0, "site", "code"),
    ),
    (evolve(LOG, operations=(evolve(RECEIVED, partner="NOBODY"), PRESSED)), ("operations", 0, "partner")),
]


@for_each(("log", "path"), BAD_NAMES)
def test_what_has_no_proper_name_is_told_where_the_log_names_it(memory: Memory, log: ImportLog, path: Path) -> None:
    assert refusal(memory, log).faults[0].path == path


def test_more_than_there_is_is_refused_whatever_batch_it_is_in(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "BATCH", 2)
    much = evolve(SHIPPED, movements=(shipped("JUICE", "J1", "31"),))
    error = refusal(memory, evolve(LOG, operations=(RECEIVED, PRESSED, MOVED, much, RETURNED)))
    assert told(error.faults) == [("not_enough", ("operations", 3, "movements", 0, "quantity"))]
    assert error.faults[0].facts["left"] == "30"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_a_batch_changes_nothing(memory: Memory, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    whole = Memory()
    import_log(whole)(LOG)
    monkeypatch.setattr(use_case, "BATCH", size)
    import_log(memory)(LOG)
    assert on_hand(memory) == on_hand(whole)
    assert [o.fingerprint for o in memory.operations.values()] == [o.fingerprint for o in whole.operations.values()]
    assert {lot.key: (lot.cost, lot.campaign) for lot in memory.lots.values()} == {
        lot.key: (lot.cost, lot.campaign) for lot in whole.lots.values()
    }


def test_progress_is_told_of_every_operation_once(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "BATCH", 2)
    done: list[int] = []
    import_log(memory)(evolve(LOG, operations=LOG.operations[:2]))
    import_log(memory)(LOG, done.append)
    assert done == [2, 2, 1]


def test_a_crash_in_the_middle_leaves_nothing(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "BATCH", 2)

    def crash(done: int) -> None:
        if memory.operations:
            raise MemoryError

    before = memory.contents()
    with pytest.raises(MemoryError):
        import_log(memory)(LOG, crash)
    assert memory.contents() == before
