"""The unit of work in PostgreSQL: one transaction, told apart from what may be around it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from attrs import define, field
from django.db import IntegrityError, OperationalError, connection, transaction

from application.shared.errors import Locked, NotFound, Overtaken, TookTooLong
from application.shared.events import EventSink
from application.shared.receipts import Answer, Receipt, Request
from application.shared.retrying import ATTEMPTS, Retrying
from domain.access.events import RoleGranted
from domain.access.rights import Grant, Role
from domain.catalog.site import Site
from domain.shared.errors import Refused
from domain.shared.events import Event
from infrastructure.persistence.catalog.models import Site as SiteTable
from infrastructure.persistence.catalog.records import DjangoSites
from infrastructure.persistence.history.models import Entry as EntryTable
from infrastructure.persistence.shared.receipts import DjangoReceipts
from tests.core.plant import REFERENCES, codes, received
from tests.database import Database, in_threads
from tests.factories.plant import ACTOR, AT, StoredPlant, unit_of_work
from tests.factories.raw import execute, insert, movement
from tests.factories.raw import operation as raw_operation

GRANTED = RoleGranted("ana", Grant(Role.OPERATOR))
REQUEST = Request("ana", "key", "f" * 64)


def add_site(code: str = "NEW") -> None:
    DjangoSites().add([Site(uuid4(), code, code)])


def sites() -> set[str]:
    return set(SiteTable.objects.values_list("code", flat=True))


# One transaction


def test_it_reads_what_others_have_committed_meanwhile(committed_database: Database) -> None:
    with unit_of_work():
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("read committed",)
        assert sites() == set()
        in_threads(1, lambda _index: add_site())
        assert sites() == {"NEW"}


def test_others_see_nothing_before_the_end(committed_database: Database) -> None:
    with unit_of_work() as work:
        add_site()
        work.commit(by=ACTOR, at=AT)
        assert in_threads(1, lambda _index: sites()) == [set()]
    assert in_threads(1, lambda _index: sites()) == [{"NEW"}]


def receipt() -> Receipt | None:
    with DjangoReceipts().claimed(REQUEST) as claim:
        return claim.receipt


def test_it_stands_in_no_transaction_but_that_of_an_answer(committed_database: Database) -> None:
    with pytest.raises(RuntimeError), transaction.atomic(), unit_of_work():
        pass
    with DjangoReceipts().claimed(REQUEST), unit_of_work() as work:
        add_site()
        work.commit(by=ACTOR, at=AT)
    assert sites() == {"NEW"}
    with pytest.raises(RuntimeError), transaction.atomic(), unit_of_work():
        pass


def test_a_claim_stands_in_no_transaction(committed_database: Database) -> None:
    with pytest.raises(RuntimeError), transaction.atomic(), DjangoReceipts().claimed(REQUEST):
        pass
    with pytest.raises(RuntimeError), unit_of_work(), DjangoReceipts().claimed(REQUEST):
        pass


def test_an_answer_that_fails_undoes_the_units_of_work_in_it(committed_database: Database) -> None:
    def answer() -> None:
        with DjangoReceipts().claimed(REQUEST):
            with unit_of_work() as work:
                add_site()
                work.commit(by=ACTOR, at=AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer()
    assert sites() == set()


def test_a_refused_unit_of_work_leaves_the_answer_around_it_usable(committed_database: Database) -> None:
    receipts = DjangoReceipts()
    with receipts.claimed(REQUEST):
        for taken in (False, True):
            try:
                with unit_of_work() as work:
                    add_site()
                    work.commit(by=ACTOR, at=AT)
            except Refused:
                assert taken
        receipts.keep(REQUEST, Answer(409, (), b"no"))
    assert sites() == {"NEW"}
    assert receipt()


def test_the_history_of_an_answer_is_entered_at_its_end_and_only_of_what_stands(committed_database: Database) -> None:
    with DjangoReceipts().claimed(REQUEST):
        with unit_of_work() as work:
            work.commit(GRANTED, by=ACTOR, at=AT)
        with pytest.raises(ZeroDivisionError), unit_of_work() as work:  # noqa: PT012 - it fails after its commit
            work.commit(GRANTED, by=ACTOR, at=AT)
            raise ZeroDivisionError
        assert EntryTable.objects.count() == 0
    assert EntryTable.objects.count() == 1


# Events


@define
class Sink(EventSink):
    """Remembers events, and whether their transaction was still open; refuses them when told to."""

    taken: list[tuple[Event, ...]] = field(factory=list)
    refusing: bool = False
    causing: list[tuple[Event, ...]] = field(factory=list)

    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        assert connection.in_atomic_block
        if self.refusing:
            raise ZeroDivisionError
        self.taken.append(events)
        add_site(f"SINK-{len(self.taken)}")
        return self.causing.pop(0) if self.causing else ()


def test_events_go_to_every_sink_in_the_same_transaction(committed_database: Database) -> None:
    first, second = Sink(), Sink([()])
    with unit_of_work((first, second)) as work:
        add_site()
        work.commit(GRANTED, GRANTED, by=ACTOR, at=AT)
    assert (first.taken, second.taken) == ([(GRANTED, GRANTED)], [(), (GRANTED, GRANTED)])
    assert sites() == {"NEW", "SINK-1", "SINK-2"}


def test_what_a_sink_makes_happen_goes_to_every_sink_in_turn(committed_database: Database) -> None:
    caused = RoleGranted("bea", Grant(Role.OPERATOR))
    first, second = Sink(causing=[(caused,)]), Sink([(), (), ()])
    with unit_of_work([first, second]) as work:
        work.commit(GRANTED, by=ACTOR, at=AT)
    assert first.taken == [(GRANTED,), (caused,)]
    assert second.taken[3:] == first.taken


def test_what_is_not_committed_has_no_events(committed_database: Database) -> None:
    sink = Sink()
    with unit_of_work((sink,)):
        add_site()
    assert sink.taken == []


def test_a_sink_that_fails_undoes_everything(committed_database: Database) -> None:
    def work_with_failing_sink() -> None:
        with unit_of_work((Sink(), Sink(refusing=True))) as work:
            add_site()
            work.commit(GRANTED, by=ACTOR, at=AT)

    with pytest.raises(ZeroDivisionError):
        work_with_failing_sink()
    assert sites() == set()


# What PostgreSQL says at the end


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    stored = StoredPlant().furnish()
    stored.record("receipt", received("APPLE", "1", "100"), received("CIDER", "1", "10"))
    return stored


def return_what_was_never_shipped(lot: UUID) -> None:
    row = movement("CIDER", lot, 1, direction="out", role="returned")
    raw_operation(row, kind="return", partner_id=REFERENCES.partners["SHOP"])


@pytest.mark.parametrize("inside_an_answer", [False, True])
def test_what_is_checked_at_the_end_is_refused_in_our_words(plant: StoredPlant, inside_an_answer: bool) -> None:
    lot = plant.lot("CIDER", "1").pk

    def work_to_the_end() -> None:
        with unit_of_work() as work:
            return_what_was_never_shipped(lot)
            work.commit(by=ACTOR, at=AT)

    def answer() -> None:
        with DjangoReceipts().claimed(REQUEST):
            work_to_the_end()

    with pytest.raises(Refused) as refused:
        (answer if inside_an_answer else work_to_the_end)()
    assert codes(refused) == ["more_than_shipped"]
    assert plant.on_hand("CIDER", "1") == "10"


def test_what_is_refused_inside_an_answer_belongs_to_its_own_unit_of_work(plant: StoredPlant) -> None:
    """A deferred check that fails at the end of the whole answer would take the receipt with it."""
    lot = plant.lot("CIDER", "1").pk
    with DjangoReceipts().claimed(REQUEST):
        with pytest.raises(Refused), unit_of_work() as work:  # noqa: PT012 - it is the end of it that refuses
            return_what_was_never_shipped(lot)
            work.commit(by=ACTOR, at=AT)
        DjangoReceipts().keep(REQUEST, Answer(409, (), b"no"))
    assert receipt()


def test_what_nobody_but_a_developer_can_mend_is_passed_on(plant: StoredPlant) -> None:
    with pytest.raises(IntegrityError), unit_of_work():
        insert("operator", id=uuid4(), code="x", name="x", version=-1, created_at="now", updated_at="now")


def test_waiting_for_a_lock_ends(plant: StoredPlant) -> None:
    """The application's role doesn't wait for ever, and a handler isn't called again to wait as long."""

    def ask_for_the_same_lot(_index: int) -> None:
        with unit_of_work():
            execute("SET LOCAL lock_timeout = '50ms'")
            execute("SELECT FROM lot FOR NO KEY UPDATE")

    with unit_of_work():
        execute("SELECT FROM lot FOR NO KEY UPDATE")
        with pytest.raises(Locked):
            in_threads(1, ask_for_the_same_lot)


@pytest.mark.parametrize("setting", ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"])
def test_nothing_waits_for_ever(db: None, setting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = %s", [setting])
        assert cursor.fetchone()[0] > 0


# Trying again


def test_what_was_overtaken_is_tried_again_a_few_times() -> None:
    tried: list[str] = []

    def overtaken_twice(command: str) -> str:
        tried.append(command)
        if len(tried) < 3:
            raise Overtaken(command)
        return command.upper()

    assert Retrying(overtaken_twice)("record") == "RECORD"
    assert tried == ["record"] * 3


def test_there_is_an_end_to_trying_again() -> None:
    tried: list[str] = []

    def always_overtaken(command: str) -> None:
        tried.append(command)
        raise Overtaken(command)

    with pytest.raises(Overtaken):
        Retrying(always_overtaken)("record")
    assert len(tried) == ATTEMPTS


@pytest.mark.parametrize("error", [NotFound("lot", 1), Refused(), OperationalError(), Locked(), TookTooLong()])
def test_what_trying_again_does_not_mend_is_not_tried_again(error: Exception) -> None:
    answers: Iterator[Any] = iter([error])

    def fail_once(_command: str) -> None:
        raise next(answers)

    with pytest.raises(type(error)):
        Retrying(fail_once)("record")
