"""Somebody of one site who tries to learn of another, or to change it: with filters, ids, tags, batches and tokens."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model  # noqa: TID251 - a test makes the users who sign in

from domain.access.rights import Right
from tests.e2e.client import BASE, Answer, Api
from tests.e2e.plant import line
from tests.e2e.two_sites import (
    FOREIGN,
    MARK,
    NOTHING,
    OWN,
    Things,
    made,
    recall_of,
    record,
    send,
    sending,
    stated,
    tag,
)
from tests.factories.browser import Client
from tests.factories.plant import undone
from tests.integration.access import Plant, leaked, without

SUPPLIED = "{site}-SUP-APPLE"
PERIOD = "since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z"
Ask = Callable[[Api, Things], Answer]


@pytest.fixture
def plant(both_sites: Plant) -> Iterator[Plant]:
    """Give the two sites, and forget what a test did to them."""
    with undone():
        yield both_sites


@pytest.fixture
def ana(plant: Plant) -> Api:
    """Give the API as the administrator of one site sees it: nobody there may do more."""
    return plant.people["administrator here"]


def same(plant: Plant, api: Api, ask: Ask) -> Answer:
    """The answer about the other site's things, which is that about nothing to the byte, but for what was sent."""
    with undone():
        there = ask(api, plant.foreign)
    with undone():
        nowhere = ask(api, NOTHING)
    assert without(there, plant.foreign) == without(nowhere, NOTHING), (there, nowhere)
    return there


# What one reads


@pytest.mark.parametrize(
    "asked",
    [
        "sites/?code={site}",
        "sites/?code={site}&sort=-name&fields=name",
        "lines/?site={site}",
        "lines/?code={line}",
        "lines/{line}/",
        "campaigns/?site={site}",
        "campaigns/?line={line}",
        "operations/?campaign={open}",
        "lots/?site={site}",
        "lots/?code={site}-APPLE",
        "lots/?campaign={open}",
        "lots/?parent={lot}",
        "recalls/?site={site}",
        "audit/?campaign={open}",
        "audit/?lot={lot}",
        "audit/?actor={user}",
        "audit/?subject=lot:{lot}",
        "audit/?subject=user:{user}",
        "audit/?subject=campaign:{open}",
        "tokens/?user={user}",
    ],
)
def test_a_filter_finds_nothing_where_there_is_nothing_to_see(plant: Plant, ana: Api, asked: str) -> None:
    same(plant, ana, lambda api, it: fetched(api, asked, it))


@pytest.mark.parametrize("where", ["traces/", "traces/picture.svg", "traces/exposure/"])
@pytest.mark.parametrize(
    "begun",
    [
        "campaign={open}",
        "document={site}-DN-APPLE",
        "document={site}-SO&partner=SHOP",
        "supplier=ORCHARD&supplier_lot={site}-SUP-APPLE",
        "site={site}&line={line}&" + PERIOD,
        "site=OWN&line={line}&" + PERIOD,
        "lots={lot}",
    ],
)
def test_a_trace_begins_with_nothing_of_another_site(plant: Plant, ana: Api, where: str, begun: str) -> None:
    assert same(plant, ana, lambda api, it: fetched(api, f"{where}?{begun}", it)).status == 422


def test_nobody_traces_from_another_sites_lots_by_recording_the_same_names(plant: Plant, ana: Api) -> None:
    apples = line("out", "main", "APPLE", "OWN-BAIT", "1", supplier_lot=f"{FOREIGN}-SUP-APPLE")
    made(record(ana, OWN, "receipt", apples, partner="ORCHARD", document=f"{FOREIGN}-DN-APPLE"))
    for begun in (f"document={FOREIGN}-DN-APPLE", f"supplier=ORCHARD&supplier_lot={FOREIGN}-SUP-APPLE"):
        traced = ana.get("traces/", begun)
        assert [lot["code"] for lot in traced.json["lots"]] == ["OWN-BAIT"]
        assert [lot["code"] for lot in plant.chief.get("traces/", begun).json["lots"]][:2] != ["OWN-BAIT"]
    suspects = {"supplier": "ORCHARD", "supplier_lot": f"{FOREIGN}-SUP-APPLE"}
    refused = ana.post("recalls/", {**recall_of("NEW"), "suspects": suspects})
    assert (refused.status, refused.places) == (403, {"/suspects": "no_right"})


@pytest.mark.parametrize(
    "asked",
    [
        *("lots/?limit=1", "operations/?limit=1", "recalls/?limit=1", "campaigns/?limit=1", "sites/?limit=1"),
        *("lots/?limit=1&sort=code", "operations/?limit=1&sort=-occurred_at", "campaigns/?limit=1&sort=-code"),
        *("lines/?limit=1", "lines/?limit=1&sort=-name", "audit/?limit=1", "users/?limit=1"),
    ],
)
def test_a_cursor_of_somebody_who_sees_more_shows_no_more(plant: Plant, ana: Api, asked: str) -> None:
    path, _, query = asked.partition("?")
    cursor = plant.chief.get(path, query).json["next"]
    pages = 0
    while cursor and pages < 50:
        answer = ana.get(path, f"{query}&cursor={cursor}")
        assert answer.status == 200
        assert not leaked(plant, answer)
        cursor, pages = answer.json["next"], pages + 1
    assert pages


@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/csv"])
def test_an_export_leaves_out_what_is_out_of_sight(plant: Plant, ana: Api, accept: str) -> None:
    everything = plant.chief.get("audit/", Accept=accept)
    assert leaked(plant, everything), "whoever sees all sees it, so that it would be found here"
    seen = ana.get("audit/", Accept=accept)
    assert seen.status == 200
    assert not leaked(plant, seen)


def test_what_crosses_names_the_other_site_and_the_lot_that_went_there(plant: Plant, ana: Api) -> None:
    (sent,) = ana.get("lots/", f"site={OWN}&code=SENT").json["items"]
    for what in ("trace/", "trace/picture.svg", "exposure/", "history/", "movements/"):
        answer = ana.get(f"lots/{sent['id']}/{what}")
        assert not leaked(plant, answer), what
    traced = ana.get(f"lots/{sent['id']}/trace/").json["lots"]
    assert [(lot["site"], lot["code"]) for lot in traced] == [(OWN, "SENT"), (FOREIGN, "SENT")]
    assert ana.get(f"lots/{traced[1]['id']}/").status == 404
    (transfer,) = ana.get("operations/", "kind=transfer").json["items"]
    assert transfer["site"] == OWN


# What one does


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "campaigns/{planned}/", {"name": "mine"}),
        ("PATCH", "lines/{line}/?site={site}", {"name": "mine"}),
        ("PUT", "lines/{line}/?site={site}", {"site": "{site}", "code": "{line}", "name": "mine"}),
        ("DELETE", "lines/{line}/?site={site}", None),
        ("PATCH", "sites/{site}/", {"name": "mine"}),
        ("DELETE", "sites/{site}/", None),
        ("PATCH", "users/{user}/", {"name": "mine"}),
        ("PATCH", "users/{user}/", {"active": False}),
        ("PATCH", "users/{user}/", {"roles": [{"role": "operator", "site": OWN}]}),
    ],
)
@pytest.mark.parametrize("version", ['"99"', '"1"', "*", None])
def test_a_tag_tells_nothing_of_what_is_out_of_sight(
    plant: Plant, ana: Api, method: str, path: str, body: Any, version: str | None
) -> None:
    """Stale, fresh or missing: not even that a version is asked for says that there is one."""
    headers = {"If_Match": version} if version else {}
    answer = same(plant, ana, lambda api, it: sent(api, method, path, filled(body, it), it, **headers))
    assert answer.status in ((404,) if version not in ("*", None) else (404, 428, 400)), answer


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("recalls/", {**recall_of("NEW"), "suspects": {"campaign": "{open}"}}, 422),
        ("recalls/", {**recall_of("NEW"), "suspects": {"document": "{site}-DN-APPLE"}}, 422),
        (
            "recalls/",
            {**recall_of("NEW"), "suspects": {"supplier": "ORCHARD", "supplier_lot": "{site}-SUP-APPLE"}},
            422,
        ),
        ("recalls/", recall_of("NEW", "{lot}"), 422),
        ("operations/{operation}/reverse/", {"reason": ""}, 404),
        ("lots/{lot}/hold/", {"reason": ""}, 422),
        ("campaigns/", {"code": "NEW", "site": "{site}", "product": "NONE"}, 403),
        ("campaigns/", {"code": "NEW", "site": OWN, "product": "CIDER", "line": "{line}"}, 422),
        ("users/", {"username": "new", "roles": [{"role": "operator", "site": "{site}"}]}, 403),
        ("tokens/", {"name": "theirs", "user": "{user}"}, 403),
        ("tokens/{token}/revoke/", None, 404),
    ],
)
def test_what_one_does_about_it_fails_as_if_it_were_not_there(
    plant: Plant, ana: Api, path: str, body: Any, status: int
) -> None:
    assert same(plant, ana, lambda api, it: sent(api, "POST", path, filled(body, it), it)).status == status


APPLES = line("out", "main", "APPLE", "{site}-SPARE", "1000")
BACK = {**line("in", "main", "APPLE", "{site}-SPARE", "1000"), "reason": "typo"}


@pytest.mark.parametrize(
    "operation",
    [
        stated(OWN, "receipt", APPLES, campaign="{open}"),
        stated(OWN, "receipt", APPLES, line="{line}"),
        stated(OWN, "receipt", {**APPLES, "site": "{site}"}),
        stated(OWN, "loss", line("in", "loss", "APPLE", "{site}-SPARE", "1", reason="fell")),
        stated(OWN, "reversal", BACK, reverses="{operation}"),
        stated("{site}", "reversal", BACK, reverses="{operation}"),
        stated("{site}", "receipt", APPLES),
        sending("{site}", OWN, "{site}-SPARE"),
        {**sending("{site}", OWN, "{site}-SPARE"), "site": OWN},
    ],
)
def test_nothing_recorded_here_touches_what_is_there(plant: Plant, ana: Api, operation: Any) -> None:
    def ask(api: Api, it: Things) -> Answer:
        return api.post("operations/batch/", {"operations": [stated(OWN, "receipt", APPLES), filled(operation, it)]})

    before = plant.chief.get(f"lots/{plant.foreign['lot']}/").json
    assert same(plant, ana, ask).status in (403, 422)
    assert plant.chief.get(f"lots/{plant.foreign['lot']}/").json == before


def test_a_batch_with_one_row_of_another_site_is_refused_at_that_row(plant: Plant, ana: Api) -> None:
    rows = [stated(site, "receipt", line("out", "main", "APPLE", "NEW", "1")) for site in (OWN, FOREIGN)]
    answer = ana.post("operations/batch/", {"operations": rows})
    assert (answer.status, answer.places) == (403, {"/operations/1/site": "no_right"})
    assert ana.get("lots/", "code=NEW").json["items"] == []


def test_neither_a_campaign_nor_an_operation_is_moved_to_another_site(plant: Plant, ana: Api) -> None:
    moved = same(
        plant, ana, lambda api, it: api.patch("campaigns/OWN-PLANNED/", {"site": it["site"]}, If_Match='"1.en"')
    )
    assert (moved.status, moved.places) == (403, {"/site": "no_right"})
    replacement = {"reason": "there", "operation": stated("{site}", "receipt", APPLES)}
    path = f"operations/{plant.own['operation']}/correct/"
    moved = same(plant, ana, lambda api, it: api.post(path, filled(replacement, it)))
    assert (moved.status, moved.places) == (403, {"/operation/site": "no_right"})


def test_a_hold_of_another_sites_lot_is_no_hold_here(plant: Plant, ana: Api) -> None:
    path = f"lots/{plant.own['held']}/unhold/"
    answer = same(plant, ana, lambda api, it: api.post(path, {"reason": "fine", "hold": it["hold"]}))
    assert (answer.status, answer.places) == (422, {"/hold": "unknown_hold"})


@pytest.mark.parametrize("more", [{"made_on": "2026-01-01"}, {"supplier_lot": "x"}])
def test_a_transfer_learns_nothing_of_the_lot_that_it_adds_to(plant: Plant, ana: Api, more: Any) -> None:
    """That such a lot is there is all that comes out."""
    into = sending(OWN, FOREIGN, "SENT", **more)
    into["movements"][1]["lot"] = f"{FOREIGN}-HELD"
    answer = ana.post("operations/", into)
    assert (answer.status, answer.codes) == (422, ["not_accepted", "not_accepted"][: len(answer.codes)]), answer
    assert f"{FOREIGN}-SUP" not in answer.body.decode()
    assert "on hold" not in answer.body.decode()


def test_who_takes_back_a_transfer_learns_not_what_is_left_there(plant: Plant, ana: Api) -> None:
    transfer = send(plant.chief, OWN, FOREIGN, "SENT", "30")
    lost = line("in", "loss", "APPLE", "SENT", "37", reason="fell")
    made(record(plant.chief, FOREIGN, "loss", lost))
    answer = ana.post(f"operations/{transfer['id']}/reverse/", {"reason": "typo"})
    assert (answer.status, answer.codes) == (409, ["not_accepted"])
    assert "left" not in answer.body.decode()
    assert plant.chief.post(f"operations/{transfer['id']}/reverse/", {"reason": "typo"}).codes == ["not_enough"]


def test_what_all_sites_share_is_known_to_be_taken_and_nothing_more(plant: Plant, ana: Api) -> None:
    """Codes of campaigns and recalls, users, ids of operations; and where goods may be sent."""
    taken = [
        ("campaigns/", {"code": f"{FOREIGN}-OPEN", "site": OWN, "product": "CIDER"}, "/code"),
        ("recalls/", recall_of(f"{FOREIGN}-RECALL", plant.own["lot"]), "/code"),
        ("users/", {"username": plant.foreign["user"]}, "/username"),
        ("operations/", stated(OWN, "receipt", filled(APPLES, plant.own), id=plant.foreign["operation"]), "/id"),
    ]
    for path, body, place in taken:
        answer = ana.post(path, body)
        assert (answer.status, list(answer.places)) == (409, [place])
        sent_in = {MARK, str(body.get("id"))}
        assert leaked(plant, answer) <= sent_in
    assert ana.post("operations/", sending(OWN, NOTHING["site"], "SENT")).codes == ["unknown_code"]
    assert ana.post("operations/", sending(OWN, FOREIGN, "SENT")).status == 201


# Recalls cross sites


def test_a_recall_that_follows_its_lots_is_seen_there_and_acted_on_here(plant: Plant) -> None:
    ana, bert = (Api.of(name, "quality", site) for name, site in (("ana-q", OWN), ("bert-q", FOREIGN)))
    (sent_lot,) = ana.get("lots/", f"site={OWN}&code=SENT").json["items"]
    case = made(ana.post("recalls/", recall_of("CROSS", sent_lot["id"])))["id"]
    lots = ana.get(f"recalls/{case}/lots/").json["items"]
    assert [(lot["site"], lot["disposition"]) for lot in lots] == [(OWN, "on_hold"), (FOREIGN, "on_hold")]
    assert bert.get(f"recalls/{case}/lots/").json["items"] == lots
    note, why = {"step": "note", "text": "rang"}, {"reason": "fine"}
    assert bert.post(f"recalls/{case}/log/", note).codes == ["no_right"]
    assert bert.post(f"recalls/{case}/close/", {"conclusion": "done"}).codes == ["no_right"]
    assert ana.post(f"recalls/{case}/log/", note).status == 201
    for api in (ana, bert):
        assert api.post(f"recalls/{case}/unhold/", why).status == 403, "it stands on lots of both sites"
    assert ana.post(f"lots/{sent_lot['id']}/unhold/", {**why, "hold": hold_of(ana, sent_lot["id"])}).status == 200
    assert ana.post(f"recalls/{case}/unhold/", why).codes == ["no_right"], "she sees it, and it stands there alone"
    assert ana.post(f"recalls/{case}/close/", {"conclusion": "done"}).status == 200
    assert plant.chief.post(f"recalls/{case}/unhold/", why).status == 200


def test_a_recall_of_lots_at_two_sites_takes_the_right_at_both(plant: Plant, ana: Api) -> None:
    stranger = Api.of("carl", "quality", None, {Right.READ})
    both = made(plant.chief.post("recalls/", recall_of("BOTH", plant.own["lot"], plant.foreign["lot"])))["id"]
    assert ana.get(f"recalls/{both}/").status == 200
    assert ana.post(f"recalls/{both}/close/", {"conclusion": "done"}).codes == ["no_right"]
    assert stranger.post(f"recalls/{both}/close/", {"conclusion": "done"}).codes == ["no_right"]
    mixed = ana.post("recalls/", recall_of("NEW", plant.own["lot"], plant.foreign["lot"]))
    assert mixed.places == {"/suspects/lots": "unknown_lot"}


# Roles and tokens


def test_an_administrator_of_a_site_makes_nobody_more_than_that(plant: Plant, ana: Api) -> None:
    me = ana.get("me/").json["username"]
    for role in ({"role": "administrator", "site": None}, {"role": "auditor", "site": FOREIGN}):
        for user in (me, plant.own["user"]):
            answer = ana.patch(f"users/{user}/", {"roles": [role]}, If_Match=tag(ana, f"users/{user}/"))
            assert (answer.status, answer.codes) == (403, ["no_right"])
        assert ana.post("users/", {"username": "new", "roles": [role]}).status == 403
    for change in ({"active": False}, {"name": "renamed"}):
        user = plant.own["user"]
        assert ana.patch(f"users/{user}/", change, If_Match=tag(ana, f"users/{user}/")).status == 403


def test_users_with_a_role_here_or_everywhere_or_none_yet_are_listed_and_no_others(plant: Plant, ana: Api) -> None:
    listed = {user["username"] for user in ana.get("users/", "limit=500").json["items"]}
    assert {"chief", "nobody", plant.own["user"], "administrator-here-auditor-there"} <= listed
    assert plant.foreign["user"] not in listed
    everybody = {user["username"] for user in plant.chief.get("users/", "limit=500").json["items"]}
    assert everybody - listed == {plant.foreign["user"]}


def test_roles_elsewhere_are_neither_shown_nor_lost(plant: Plant, ana: Api) -> None:
    roles = [{"role": "operator", "site": OWN}, {"role": "quality", "site": FOREIGN}]
    made(plant.chief.post("users/", {"username": "both", "roles": roles}))
    seen = ana.get("users/both/")
    assert seen.json["roles"] == roles[:1]
    changed = ana.patch("users/both/", {"roles": []}, If_Match=seen.headers["ETag"])
    assert changed.json["roles"] == []
    assert plant.chief.get("users/both/").json["roles"] == roles[1:]
    assert ana.get("users/both/").status == 404


def test_a_narrow_token_makes_none_that_does_more(plant: Plant) -> None:
    for scopes in ({Right.READ, Right.ACCESS}, {Right.READ}):
        narrow = Api.of("dora", scopes=scopes)
        assert narrow.post("tokens/", {"name": "all"}).status == 403
        assert narrow.post("tokens/", {"name": "more", "scopes": ["read", "record"]}).status == 403
    assert Api.of("dora").post("tokens/", {"name": "more", "user": "chief"}).status == 201


def test_a_token_of_its_user_does_no_more_than_its_user(plant: Plant) -> None:
    operator = Api.of("emil", "operator", OWN, {Right.READ, Right.DECIDE})
    assert operator.post(f"lots/{plant.own['rejected']}/release/", {"reason": "fine"}).status == 403
    assert operator.post("tokens/", {"name": "more", "scopes": ["read", "access"]}).status == 403


def test_a_role_that_is_taken_is_gone_with_the_next_request(plant: Plant) -> None:
    user = plant.own["user"]
    theirs = Api(made(plant.chief.post("tokens/", {"name": "scales", "user": user}))["token"])
    assert theirs.get(f"lots/{plant.own['lot']}/").status == 200
    made(plant.chief.patch(f"users/{user}/", {"roles": []}, If_Match=tag(plant.chief, f"users/{user}/")))
    assert theirs.get(f"lots/{plant.own['lot']}/").status == 403
    assert theirs.get("me/").json["roles"] == []
    made(plant.chief.patch(f"users/{user}/", {"active": False}, If_Match=tag(plant.chief, f"users/{user}/")))
    assert theirs.get("me/").status == 401


def test_a_session_ends_when_its_user_may_sign_in_no_more(plant: Plant) -> None:
    client, users = Client(), get_user_model().objects
    client.force_login(users.get(username=plant.own["user"]))
    assert client.get(f"{BASE}me/").status_code == 200
    users.filter(username=plant.own["user"]).update(is_active=False)
    assert client.get(f"{BASE}me/").status_code == 401


def test_a_key_answers_nobody_else_and_no_narrower_token(plant: Plant) -> None:
    body = stated(FOREIGN, "receipt", line("out", "main", "APPLE", "NEW", "1"))
    first = plant.chief.post("operations/", body, Idempotency_Key="k")
    assert first.status == 201
    ana = plant.people["administrator here"].post("operations/", body, Idempotency_Key="k")
    assert (ana.status, ana.codes) == (403, ["no_right"])
    narrow = Api.of("chief", scopes={Right.READ}).post("operations/", body, Idempotency_Key="k")
    assert (narrow.status, narrow.codes) == (403, ["no_right"])


# How a request is filled in


def hold_of(api: Api, lot: str) -> str:
    """The latest hold of a lot."""
    return str(api.get(f"lots/{lot}/holds/").json["items"][0]["id"])


def filled(body: Any, it: Things) -> Any:
    """The body with what the things are called."""
    match body:
        case str():
            return body.format(**it)
        case dict():
            return {name: filled(value, it) for name, value in body.items()}
        case list():
            return [filled(value, it) for value in body]
    return body


def sent(api: Api, method: str, path: str, body: Any, it: Things, **headers: str) -> Answer:
    """A request about these things."""
    where, _, query = path.format(**it).partition("?")
    return api.call(method, where, body, query=query, **headers)


def fetched(api: Api, path: str, it: Things) -> Answer:
    """What is read of these things."""
    return sent(api, "GET", path, None, it)
