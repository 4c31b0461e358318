"""The same request again under its Idempotency-Key has one effect and gets the same answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dependency_injector.providers import Object
from django.apps import apps  # noqa: TID251 - the container is asked, not a model

from application.shared.errors import Overtaken
from domain.access.rights import Right
from tests.database import Database, in_threads
from tests.e2e.client import BASE, Answer, Api
from tests.e2e.plant import furnish, line, on_hand, operation, plan_and_open, receipt, record
from tests.e2e.routes import posting_routes
from tests.integration.contents import contents

REPLAYED = "Idempotency-Replayed"


def same(first: Answer, second: Answer) -> bool:
    """Whether two answers are the same in all that is kept."""
    kept = ("Content-Type", "ETag", "Location")
    return (first.status, first.body, *map(first.headers.get, kept)) == (
        second.status,
        second.body,
        *map(second.headers.get, kept),
    )


@contextmanager
def standing_in(name: str, handler: Callable[[Any], Any]) -> Iterator[None]:
    """Let another handler stand behind a name of the production part of the container."""
    with getattr(apps.get_app_config("config").container.production, name).override(Object(handler)):
        yield


@pytest.mark.django_db
def test_a_replay_changes_nothing_and_says_that_it_is_one(plant: Api) -> None:
    first = plant.post("operations/", receipt(), Idempotency_Key="k-1")
    assert (first.status, REPLAYED in first.headers) == (201, False)
    before = contents()
    for _ in range(3):
        again = plant.post("operations/", receipt(), Idempotency_Key="k-1")
        assert same(first, again)
        assert again.headers[REPLAYED] == "true"
    assert contents() == before
    assert on_hand(plant, "APPLE", "A-1") == "1000"
    # Without the key it is another receipt.
    assert plant.post("operations/", receipt()).status == 201
    assert on_hand(plant, "APPLE", "A-1") == "2000"


@pytest.mark.django_db
def test_a_key_stands_for_one_request_of_one_caller(plant: Api) -> None:
    assert plant.post("operations/", receipt(), Idempotency_Key="k-1").status == 201
    other_body = plant.post("operations/", receipt(quantity="1"), Idempotency_Key="k-1")
    assert (other_body.status, other_body.codes) == (422, ["key_reused"])
    other_path = plant.post("operations/batch/", receipt(), Idempotency_Key="k-1")
    assert (other_path.status, other_path.codes) == (422, ["key_reused"])
    other_caller = Api.of("emil").post("operations/", receipt(quantity="1"), Idempotency_Key="k-1")
    assert (other_caller.status, REPLAYED in other_caller.headers) == (201, False)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["operations/", "recalls/", "lots/{lot}/hold/"])
def test_an_answer_about_a_site_goes_with_the_role_there(plant: Api, path: str) -> None:
    lot = record(plant, receipt())["movements"][0]["lot_id"]
    body = {
        "operations/": receipt(),
        "recalls/": {
            "code": "R-1",
            "hazard": "glass",
            "known_at": "2026-03-01T08:00:00Z",
            "suspects": {"lots": [lot]},
        },
        "lots/{lot}/hold/": {"reason": "glass"},
    }[path]
    path = path.format(lot=lot)
    ana = Api.of("ana", "quality", "MILL")
    plant.post("sites/", {"code": "DEPOT"})
    Api.of("ana", "quality", "DEPOT")
    first = ana.post(path, body, Idempotency_Key="k-8")
    assert same(first, ana.post(path, body, Idempotency_Key="k-8"))
    change_roles(plant, "ana", [("quality", "DEPOT")])
    before = contents()
    for _ in range(2):
        again = ana.post(path, body, Idempotency_Key="k-8")
        assert (again.status, again.codes, REPLAYED in again.headers) == (403, ["no_right"], False)
    assert contents() == before
    # Who gets the role back gets the answer again.
    change_roles(plant, "ana", [("quality", "DEPOT"), ("quality", "MILL")])
    assert same(first, ana.post(path, body, Idempotency_Key="k-8"))
    # Another one of their tokens that does less doesn't.
    narrow = Api.of("ana", "quality", "MILL", scopes=[Right.RECORD, Right.RECALL, Right.HOLD])
    assert narrow.post(path, body, Idempotency_Key="k-8").status == 403
    # A token of somebody who was made inactive neither.
    version = plant.get("users/ana/").headers["ETag"]
    assert plant.patch("users/ana/", {"active": False}, If_Match=version).status == 200
    assert ana.post(path, body, Idempotency_Key="k-8").status == 401


def change_roles(chief: Api, user: str, roles: list[tuple[str, str]]) -> None:
    """Let the user have these roles and no others."""
    version = chief.get(f"users/{user}/").headers["ETag"]
    stated = [{"role": role, "site": site} for role, site in roles]
    assert chief.patch(f"users/{user}/", {"roles": stated}, If_Match=version).status == 200


@pytest.mark.django_db
def test_no_is_an_answer_as_well(plant: Api) -> None:
    too_much = operation("loss", line("in", "loss", "APPLE", "A-1", "1500", reason="frost"))
    record(plant, receipt())
    refused = plant.post("operations/", too_much, Idempotency_Key="k-2")
    assert (refused.status, refused.type) == (409, "application/problem+json")
    record(plant, receipt())
    again = plant.post("operations/", too_much, Idempotency_Key="k-2")
    assert same(refused, again)
    assert again.headers[REPLAYED] == "true"
    assert plant.post("operations/", too_much, Idempotency_Key="k-3").status == 201


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(RuntimeError("a bug"), 500), (Overtaken(), 409)])
def test_what_may_go_better_next_time_isnt_kept(plant: Api, error: Exception, status: int) -> None:
    assert plant.post("campaigns/", {"code": "C-1", "site": "MILL", "product": "CIDER"}).status == 201

    def fails(_command: object) -> None:
        raise error

    with standing_in("open_campaign", fails):
        failed = plant.post("campaigns/C-1/open/", Idempotency_Key="k-4")
    assert (failed.status, failed.type) == (status, "application/problem+json")
    assert b"a bug" not in failed.body
    again = plant.post("campaigns/C-1/open/", Idempotency_Key="k-4")
    assert (again.status, REPLAYED in again.headers) == (200, False)


@pytest.mark.django_db
@pytest.mark.parametrize("path", posting_routes())
def test_every_post_takes_a_key(api: Api, path: str) -> None:
    first = api.post(path, [], Idempotency_Key="k-5")
    again = api.post(path, [], Idempotency_Key="k-5")
    assert first.status == 400
    assert same(first, again)
    assert again.headers[REPLAYED] == "true"


def test_the_routes_are_those_of_the_interface() -> None:
    assert posting_routes() == [
        "campaigns/",
        "campaigns/thing/cancel/",
        "campaigns/thing/close/",
        "campaigns/thing/open/",
        "campaigns/thing/reopen/",
        "lines/",
        "lots/thing/hold/",
        "lots/thing/reject/",
        "lots/thing/release/",
        "lots/thing/unhold/",
        "operations/",
        "operations/batch/",
        "operations/thing/correct/",
        "operations/thing/reverse/",
        "operators/",
        "partners/",
        "products/",
        "recalls/",
        "recalls/thing/close/",
        "recalls/thing/log/",
        "recalls/thing/sign/",
        "recalls/thing/unhold/",
        "sites/",
        "tokens/",
        "tokens/thing/revoke/",
        "users/",
    ]


def test_ten_at_once_have_one_effect(committed_database: Database) -> None:
    plant = furnish(Api.of("odile"))
    plan_and_open(plant)
    record(plant, receipt())
    token = plant.token

    def send(_index: int) -> Answer:
        return Api(token).post("operations/", receipt("A-2", "7"), Idempotency_Key="k-6")

    answers = in_threads(10, send)
    assert {answer.status for answer in answers} <= {201, 409}
    done = {answer.body for answer in answers if answer.status == 201}
    assert len(done) == 1
    assert all(answer.codes == ["in_flight"] for answer in answers if answer.status == 409)
    assert on_hand(plant, "APPLE", "A-2") == "7"
    assert send(0).headers[REPLAYED] == "true"


def test_while_the_first_is_under_way_the_second_is_told_so(committed_database: Database) -> None:
    plant = furnish(Api.of("odile"))
    assert plant.post("campaigns/", {"code": "C-1", "site": "MILL", "product": "CIDER"}).status == 201
    meanwhile: list[Answer] = []
    container = apps.get_app_config("config").container
    really = container.production.open_campaign()

    def slow(command: Any) -> Any:
        meanwhile.extend(in_threads(1, lambda _: Api(plant.token).post("campaigns/C-1/open/", Idempotency_Key="k-7")))
        return really(command)

    with standing_in("open_campaign", slow):
        first = plant.post("campaigns/C-1/open/", Idempotency_Key="k-7")
    assert first.status == 200
    assert [(answer.status, answer.codes) for answer in meanwhile] == [(409, ["in_flight"])]
    assert same(plant.post("campaigns/C-1/open/", Idempotency_Key="k-7"), first)
    assert BASE in meanwhile[0].json["instance"]
