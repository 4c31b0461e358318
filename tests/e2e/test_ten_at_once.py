"""A request that comes ten times at once has one effect, although half of the callers never hear of it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps  # noqa: TID251 - the rows of every table are counted, of none by its name
from pytest_django import DjangoDbBlocker

from tests.database import Database, copied, in_threads
from tests.e2e.client import Answer, Api
from tests.e2e.plant import furnish, lot_id, receipt, record
from tests.e2e.routes import posting_routes
from tests.e2e.sockets import ApiOverSockets
from tests.factories.web_server import environment_of, free_port, serving

AT_ONCE = 10
PATIENCE = 30
QUIET = 0.1
"""Seconds without another row after which none is expected any more."""

KNOWN = "2026-03-03T09:00:00+01:00"
SIGNATURE = {"meaning": "I have checked the cellar book."}
EXPLAINED = {"explanation": "Nothing was made.", "signature": SIGNATURE}

Case = tuple[str, Any]
"""A path, and a body to post there."""


class Served(NamedTuple):
    """A plant behind a web server of its own, and the database behind that."""

    api: ApiOverSockets
    database: Database

    def effect(self, work: Callable[[], object]) -> dict[str, int]:
        """How many rows the work adds to each table, where it adds any, once nothing comes after it."""
        before, found = self._rows(), Counter[str]()
        work()
        while (after := self._rows()) != found:
            found = after
            time.sleep(QUIET)
        return {table: after[table] - before[table] for table in after if after[table] != before[table]}

    def _rows(self) -> Counter[str]:
        tables = sorted(model._meta.db_table for model in apps.get_models())
        each = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables)  # noqa: S608 - the tables' own names
        with psycopg.connect(self.database.owner) as connection:
            return Counter(dict(connection.execute(each).fetchall()))


@pytest.fixture(scope="module")
def served(
    django_db_setup: Database, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A cider house that people call from everywhere; each chain of its history has begun."""
    environment, port = environment_of("", tmp_path_factory.mktemp("state")), free_port()
    with django_db_blocker.unblock(), copied(django_db_setup) as database:
        token = Api.of("odile", "administrator").token
        with serving(environment | {"DATABASE_URL": database.application}, port):
            api = ApiOverSockets(port, token)
            furnish(api)
            record(api, receipt())
            record(api, receipt(site="DEPOT"))
            let_depot_wait(api)
            yield Served(api, database)


def let_depot_wait(api: Api) -> None:
    """New lots at the depot wait for quality."""
    tag = api.get("sites/DEPOT/").headers["ETag"]
    assert api.patch("sites/DEPOT/", {"positive_release": True}, If_Match=tag).status == 200


def done(answer: Answer) -> Answer:
    """What was done to get there, as it is expected to work."""
    assert answer.status in (200, 201), answer
    return answer


def plan(name: str, **more: Any) -> dict[str, Any]:
    return {"code": name, "site": "MILL", "product": "CIDER", **more}


def opened(api: Api, name: str) -> str:
    done(api.post("campaigns/", plan(name)))
    done(api.post(f"campaigns/{name}/open/"))
    return f"campaigns/{name}/"


def planned(api: Api, name: str) -> str:
    done(api.post("campaigns/", plan(name)))
    return f"campaigns/{name}/"


def closed(api: Api, name: str) -> str:
    path = opened(api, name)
    done(api.post(f"{path}close/", EXPLAINED))
    return path


def lot(api: Api, name: str, site: str = "MILL") -> str:
    record(api, receipt(name, site=site))
    return f"lots/{lot_id(api, 'APPLE', name, site)}/"


def held(api: Api, name: str) -> str:
    path = lot(api, name)
    done(api.post(f"{path}hold/", {"reason": "glass"}))
    return path


def received(api: Api, name: str) -> str:
    return f"operations/{record(api, receipt(name))['id']}/"


def recall(api: Api, name: str) -> dict[str, Any]:
    record(api, receipt(name))
    suspects = {"lots": [lot_id(api, "APPLE", name)]}
    return {"code": name, "hazard": "patulin", "known_at": KNOWN, "suspects": suspects}


def recalled(api: Api, name: str) -> str:
    return f"recalls/{done(api.post('recalls/', recall(api, name))).json['id']}/"


def token(api: Api, name: str) -> str:
    return f"tokens/{done(api.post('tokens/', {'name': name})).json['id']}/"


CASES: Mapping[str, Callable[[Api, str], Case]] = {
    "campaigns/": lambda _api, name: ("campaigns/", plan(name)),
    "campaigns/thing/cancel/": lambda api, name: (f"{planned(api, name)}cancel/", {"reason": "no apples"}),
    "campaigns/thing/close/": lambda api, name: (f"{opened(api, name)}close/", EXPLAINED),
    "campaigns/thing/open/": lambda api, name: (f"{planned(api, name)}open/", None),
    "campaigns/thing/reopen/": lambda api, name: (
        f"{closed(api, name)}reopen/",
        {"reason": "it was", "signature": SIGNATURE},
    ),
    "lines/": lambda _api, name: ("lines/", {"site": "MILL", "code": name}),
    "lots/thing/hold/": lambda api, name: (f"{lot(api, name)}hold/", {"reason": "glass"}),
    "lots/thing/reject/": lambda api, name: (f"{lot(api, name)}reject/", {"reason": "mouldy"}),
    "lots/thing/release/": lambda api, name: (f"{lot(api, name, 'DEPOT')}release/", {"reason": "sound"}),
    "lots/thing/unhold/": lambda api, name: (f"{held(api, name)}unhold/", {"reason": "no glass"}),
    "operations/": lambda _api, name: ("operations/", receipt(name)),
    "operations/batch/": lambda _api, name: (
        "operations/batch/",
        {"operations": [receipt(f"{name}-{part}") for part in range(3)]},
    ),
    "operations/thing/correct/": lambda api, name: (
        f"{received(api, name)}correct/",
        {"reason": "weighed again", "operation": receipt(name, "900")},
    ),
    "operations/thing/reverse/": lambda api, name: (f"{received(api, name)}reverse/", {"reason": "never came"}),
    "operators/": lambda _api, name: ("operators/", {"code": name, "name": name}),
    "partners/": lambda _api, name: ("partners/", {"code": name, "name": name, "role": "supplier"}),
    "products/": lambda _api, name: ("products/", {"code": name, "class": "raw", "unit": "KGM"}),
    "recalls/": lambda api, name: ("recalls/", recall(api, name)),
    "recalls/thing/close/": lambda api, name: (f"{recalled(api, name)}close/", {"conclusion": "none was sold"}),
    "recalls/thing/sign/": lambda api, name: (f"{recalled(api, name)}sign/", {"signature": {"meaning": "I open it"}}),
    "recalls/thing/log/": lambda api, name: (f"{recalled(api, name)}log/", {"step": "note", "text": "rang"}),
    "recalls/thing/unhold/": lambda api, name: (f"{recalled(api, name)}unhold/", {"reason": "clean"}),
    "sites/": lambda _api, name: ("sites/", {"code": name, "name": name}),
    "tokens/": lambda _api, name: ("tokens/", {"name": name}),
    "tokens/thing/revoke/": lambda api, name: (f"{token(api, name)}revoke/", None),
    "users/": lambda _api, name: ("users/", {"username": name}),
}


def answers_to_ten(api: ApiOverSockets, path: str, body: Any, **headers: str) -> list[Answer]:
    """Post it from ten callers at the same moment, half of whom don't wait, and then once more; what was answered.

    It may be answered that it is under way, but not for ever.
    """

    def post(index: int) -> list[Answer]:
        if index % 2:
            return [api.post(path, body, **headers)]
        api.post_and_hang_up(path, body, **headers)
        return []

    answers = [answer for heard in in_threads(AT_ONCE, post) for answer in heard]
    give_up = time.monotonic() + PATIENCE
    while under_way(last := api.post(path, body, **headers)):
        assert time.monotonic() < give_up, last
    return [*(answer for answer in answers if not under_way(answer)), last]


def kept(answer: Answer) -> tuple[int, dict[str, Any]]:
    """What a repeated request is answered with: all but a secret that was shown once."""
    return answer.status, {name: value for name, value in answer.json.items() if name != "token"}


def under_way(answer: Answer) -> bool:
    """Whether it is said to come again, because another is at work on the same."""
    return answer.status == 409 and answer.codes in (["in_flight"], ["overtaken"])


@pytest.mark.parametrize("route", posting_routes())
def test_under_one_key_ten_at_once_have_one_effect_and_one_answer(served: Served, route: str) -> None:
    name = route.replace("thing", "").replace("/", "-").upper()
    path, body = CASES[route](served.api, f"{name}1")
    effect = served.effect(lambda: done(served.api.post(path, body)))
    assert effect["history_entry"] >= 1

    path, body = CASES[route](served.api, f"{name}2")
    answers: list[Answer] = []
    ten_effects = served.effect(lambda: answers.extend(answers_to_ten(served.api, path, body, Idempotency_Key=name)))
    assert ten_effects == {**effect, "receipt": 1}
    assert all(kept(answer) == kept(done(answers[-1])) for answer in answers)
    assert answers[-1].headers["Idempotency-Replayed"] == "true"


def with_id(lot: str) -> dict[str, Any]:
    """A receipt under an id that its caller made."""
    return receipt(lot, id=str(uuid4()))


BY_ID: Mapping[str, Callable[[str], Any]] = {
    "operations/": with_id,
    "operations/batch/": lambda name: {"operations": [with_id(f"{name}-{part}") for part in range(3)]},
}


@pytest.mark.parametrize("path", BY_ID)
def test_under_ids_of_its_own_it_needs_no_key(served: Served, path: str) -> None:
    effect = served.effect(lambda: done(served.api.post(path, BY_ID[path]("ID-1"))))
    assert effect["history_entry"] >= 1

    body = BY_ID[path]("ID-2")
    answers: list[Answer] = []
    assert served.effect(lambda: answers.extend(answers_to_ten(served.api, path, body))) == effect
    assert [answer.status for answer in answers].count(201) <= 1
    assert answers[-1].status == 200
    assert all(answer.body == answers[-1].body for answer in answers)
