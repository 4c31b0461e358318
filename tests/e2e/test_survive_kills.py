"""The web server and the database are killed while people record: nothing acknowledged is lost, nothing happens twice.

They are killed with everything that they do at that moment; it isn't the machine that loses its power.
"""

import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import psycopg
import pytest

from config.child import manage
from tests.e2e.client import Api
from tests.e2e.insistent import CAMPAIGN, HEAP, LEFT, STOCK, USED, Insistent
from tests.e2e.machine import Machine, until
from tests.e2e.plant import furnish, on_hand, plan_and_open, receipt, record
from tests.e2e.sockets import ApiOverSockets
from tests.factories.checks import HALF_RECORDED, LONG, WRONG_LOTS, WRONG_MASSES

KILLS = 200 if LONG else 20
PEOPLE = 8
ENOUGH = 15
"""Acknowledged requests after which somebody may be killed at any moment."""

IN_STOCK = Decimal(1000)


@pytest.fixture
def api(machine: Machine) -> ApiOverSockets:
    """A cider house with a stock of apples and a campaign."""
    token = manage("create_token", "odile", "--role", "administrator", environment=machine.environment)
    api = ApiOverSockets(machine.port, token)
    furnish(api)
    plan_and_open(api, CAMPAIGN)
    for lot in STOCK:
        record(api, receipt(lot, str(IN_STOCK), document="stock"))
    return api


def kill_now_and_then(machine: Machine, people: Sequence[Insistent], working: Sequence[Future[None]]) -> Counter[str]:
    """Kill somebody as often as it takes, always at work, while all people are; who it was."""
    victims = (machine.kill_web_server, machine.kill_database, machine.kill_session)
    killed = Counter[str]()
    while killed.total() < KILLS and not any(each.done() for each in working):
        enough = acknowledged(people) + ENOUGH
        until(lambda enough=enough: acknowledged(people) >= enough or any(each.done() for each in working))
        time.sleep(random.uniform(0, 0.1))  # noqa: S311 - any moment
        kill = random.choice(victims)  # noqa: S311 - any of them
        kill()
        killed[kill.__name__] += 1
    return killed


def acknowledged(people: Sequence[Insistent]) -> int:
    """How much was acknowledged so far."""
    return sum(each.acknowledged for each in people)


def test_what_was_acknowledged_is_there_once_and_everything_agrees(machine: Machine, api: ApiOverSockets) -> None:
    people = [Insistent(ApiOverSockets(api.port, api.token), f"P{each}", random.Random()) for each in range(PEOPLE)]  # noqa: S311 - any work will do
    stop = Event()
    with ThreadPoolExecutor(PEOPLE) as threads:
        working = [threads.submit(each.record_until, stop) for each in people]
        try:
            killed = kill_now_and_then(machine, people, working)
        finally:
            stop.set()
        for each in working:
            each.result()
    say(killed, people)
    check_all_is_there_once(machine, people)
    check_what_it_comes_to(api, people)
    assert "operations" in manage("verify_audit", environment=machine.environment)


def say(killed: Counter[str], people: Sequence[Insistent]) -> None:
    """Print what happened."""
    names = ("acknowledged", "asked_again", "done_unheard")
    print(dict(killed), {name: sum(getattr(each, name) for each in people) for name in names})  # noqa: T201 - shown with -s


def check_all_is_there_once(machine: Machine, people: Sequence[Insistent]) -> None:
    """What the tables hold is what was acknowledged, neither more nor less, each with one entry of the history."""
    recorded = {key: document for each in people for key, document in each.recorded.items()}
    reversed_by = {key: reversal for each in people for key, reversal in each.reversed.items()}
    with psycopg.connect(machine.urls.owner) as connection:
        stored = connection.execute("SELECT id::text, document, reverses_id::text FROM operation").fetchall()
        standing = {key: document for key, document, reverses in stored if not reverses and document != "stock"}
        assert standing == recorded
        assert {reverses: key for key, _, reverses in stored if reverses} == reversed_by
        entered = connection.execute("SELECT subject_id FROM history_entry WHERE subject_kind = 'operation'").fetchall()
        assert sorted(key for (key,) in entered) == sorted(key for key, *_ in stored)
        holds = connection.execute("SELECT reason FROM hold").fetchall()
        assert sorted(reason for (reason,) in holds) == sorted(reason for each in people for reason in each.held)
        for statement in (WRONG_LOTS, WRONG_MASSES, HALF_RECORDED):
            assert connection.execute(statement).fetchall() == []


def check_what_it_comes_to(api: Api, people: Sequence[Insistent]) -> None:
    """Stock, heap and campaign are what the acknowledged productions leave."""
    standing = sum(len(each.recorded) - len(each.reversed) for each in people)
    for lot in STOCK:
        assert Decimal(on_hand(api, "APPLE", lot)) == IN_STOCK - standing * Decimal(USED)
    assert Decimal(on_hand(api, "POMACE", HEAP)) == standing * Decimal(LEFT)
    balance = api.get(f"campaigns/{CAMPAIGN}/balance/").json
    assert Decimal(balance["inputs"]["APPLE"]) == len(STOCK) * standing * Decimal(USED)
