"""Every route, by every method, for every role, at one's own site and at another: who gets in, and what gets out."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.e2e.client import Answer, Api
from tests.e2e.plant import line
from tests.e2e.two_sites import FOREIGN, MARK, NOTHING, OWN, SIGNED, Things, recall_of, stated
from tests.factories.plant import undone
from tests.integration.access import EVERYWHERE, PEOPLE, Plant, Who, leaked, without
from tests.integration.test_api_access import routes

# What an answer is to be. Each of these says so of somebody who lacks or has a right, for a thing of a site.

Expected = Callable[[Who, str, str], int | None]
"""Who, with which right, at which site; None is whatever the route answers to those who may."""


def of_site(who: Who, right: str, site: str) -> int | None:
    """A thing of a site: without the right anywhere 403, out of sight 404, in sight and without the right there 403."""
    if not who.has_somewhere(right):
        return 403
    if not who.has("read", site):
        return 404
    return None if who.has(right, site) else 403


def of_users(who: Who, right: str, site: str) -> int | None:
    """A user with a role at a site: seen by whoever may give roles there."""
    if not who.has_somewhere(right):
        return 403
    return None if who.has(right, site) else 404


def of_token(who: Who, right: str, site: str) -> int | None:
    """A token of somebody else's: seen by whoever may change access everywhere."""
    if not who.has_somewhere(right):
        return 403
    return None if who.has("access", EVERYWHERE) else 404


def of_own_token(who: Who, right: str, site: str) -> int | None:
    """A token for oneself, which none of narrow scope makes."""
    return None if who.has_somewhere(right) and (who.scopes is None or "access" in who.scopes) else 403


def of_named(who: Who, right: str, site: str) -> int | None:
    """Something at a site that the request names."""
    return None if who.has(right, site) else 403


def of_suspects(who: Who, right: str, site: str) -> int | None:
    """A trace or a recall of a lot that the request names: out of sight it is unknown."""
    answer = of_site(who, right, site)
    return 422 if answer == 404 else answer


def of_plant(who: Who, right: str, site: str) -> int | None:
    """Something that all sites share."""
    return None if who.has(right, EVERYWHERE) else 403


def of_list(who: Who, right: str, site: str) -> int | None:
    """A list, which leaves out what is out of sight; or what all sites share, to read."""
    return None if who.has_somewhere(right) else 403


def of_anybody(who: Who, right: str, site: str) -> int | None:
    """What everybody gets whom the server knows."""
    return None


BY_SITE = {of_site, of_users, of_token, of_named, of_suspects}
"""Those of which a site has its own."""


class Row(NamedTuple):
    """A route and a method: the right that it takes, where, and a request that works for whoever may."""

    method: str
    path: str
    right: str
    expected: Expected
    body: Callable[[Things], Any] = lambda _: None
    status: int = 200
    tag: str | None = None


def reads(path: str, expected: Expected = of_site, right: str = "read", status: int = 200) -> Row:
    """Something to read."""
    return Row("GET", path, right, expected, status=status)


def does(path: str, right: str, body: Callable[[Things], Any], status: int = 200) -> Row:
    """Something to do with a thing of a site."""
    return Row("POST", path, right, of_site, body, status)


def receipt(site: str) -> dict[str, Any]:
    """Apples that arrive at this site."""
    return stated(site, "receipt", line("out", "main", "APPLE", "NEW", "1"))


def why(_: Things) -> dict[str, Any]:
    """A reason."""
    return {"reason": "because"}


def empty(_: Things) -> dict[str, Any]:
    """Nothing to say."""
    return {}


def site_record(things: Things) -> dict[str, Any]:
    """A site as it is stated."""
    return {"code": things["site"], "name": "renamed"}


def line_record(things: Things) -> dict[str, Any]:
    """A line as it is stated."""
    return {"site": things["site"], "code": things["line"], "name": "renamed"}


def shared(collection: str, record: dict[str, Any]) -> list[Row]:
    """Reference data that all sites share."""
    one = f"{collection}/SPARE/"
    return [
        reads(f"{collection}/", of_list),
        reads(one, of_list),
        Row("POST", f"{collection}/", "catalog", of_plant, lambda _: {**record, "code": "NEW"}, 201),
        Row("PUT", one, "catalog", of_plant, lambda _: {**record, "code": "SPARE"}, tag="any"),
        Row("PATCH", one, "catalog", of_plant, lambda _: record, tag="any"),
        Row("DELETE", one, "catalog", of_plant, status=204, tag="any"),
    ]


LINE = "lines/{line}/?site={site}"

TABLE = [
    reads("", of_anybody),
    reads("me/", of_anybody),
    # What all sites share
    *shared("products", {"class": "raw", "unit": "KGM"}),
    *shared("partners", {"role": "customer"}),
    *shared("operators", {"name": "Somebody"}),
    # Sites and their lines
    reads("sites/", of_list),
    reads("sites/{site}/"),
    Row("POST", "sites/", "settings", of_plant, lambda _: {"code": "NEW", "name": "New"}, 201),
    Row("PUT", "sites/{site}/", "settings", of_site, site_record, tag="site_tag"),
    Row("PATCH", "sites/{site}/", "settings", of_site, lambda _: {"name": "renamed"}, tag="site_tag"),
    Row("DELETE", "sites/{site}/", "settings", of_site, status=409, tag="site_tag"),
    reads("lines/", of_list),
    reads(LINE),
    Row("POST", "lines/", "catalog", of_named, lambda it: {"site": it["site"], "code": "NEW", "name": "New"}, 201),
    Row("PUT", LINE, "catalog", of_site, line_record, tag="line_tag"),
    Row("PATCH", LINE, "catalog", of_site, lambda _: {"name": "renamed"}, tag="line_tag"),
    Row("DELETE", LINE, "catalog", of_site, status=409, tag="line_tag"),
    # Campaigns
    reads("campaigns/", of_list),
    reads("campaigns/{open}/"),
    reads("campaigns/{open}/balance/"),
    reads("campaigns/{closed}/balances/"),
    reads("campaigns/{closed}/history/"),
    Row(
        *("POST", "campaigns/", "plan", of_named),
        lambda it: {"code": "NEW", "site": it["site"], "product": "CIDER"},
        201,
    ),
    Row("PATCH", "campaigns/{planned}/", "plan", of_site, lambda _: {"name": "renamed"}, tag="planned_tag"),
    does("campaigns/{planned}/open/", "plan", empty),
    does("campaigns/{open}/close/", "close", lambda _: {"explanation": "spilt", "signature": SIGNED}),
    does("campaigns/{closed}/reopen/", "close", lambda _: {"reason": "one more", "signature": SIGNED}),
    does("campaigns/{planned}/cancel/", "plan", why),
    # Operations
    reads("operations/", of_list),
    reads("operations/{operation}/"),
    reads("operations/{operation}/balance/"),
    Row("POST", "operations/", "record", of_named, lambda it: receipt(it["site"]), 201),
    Row(
        *("POST", "operations/batch/", "record", of_named),
        lambda it: {"operations": [receipt(OWN), receipt(it["site"])]},
        201,
    ),
    does("operations/{operation}/reverse/", "record", why, 201),
    does("operations/{operation}/correct/", "record", lambda _: {"reason": "typo", "operation": receipt(OWN)}, 201),
    # Lots
    reads("lots/", of_list),
    reads("lots/{lot}/"),
    *(reads(f"lots/{{lot}}/{what}/") for what in ("movements", "balance", "trace", "exposure", "decisions", "history")),
    reads("lots/{held}/holds/"),
    reads("lots/{lot}/trace/picture.svg"),
    does("lots/{rejected}/release/", "decide", why),
    does("lots/{lot}/reject/", "decide", why),
    does("lots/{lot}/hold/", "hold", why),
    does("lots/{held}/unhold/", "decide", lambda it: {"reason": "fine", "hold": it["hold"]}),
    # Traces and recalls
    reads("traces/?lots={lot}", of_suspects),
    reads("traces/picture.svg?lots={lot}", of_suspects),
    reads("traces/exposure/?lots={lot}", of_suspects),
    reads("recalls/", of_list),
    reads("recalls/{recall}/"),
    *(reads(f"recalls/{{recall}}/{what}") for what in ("lots/", "log/", "report/", "report.pdf", "report.xlsx")),
    reads("recalls/{recall}/letters/SHOP.pdf"),
    Row("POST", "recalls/", "recall", of_suspects, lambda it: recall_of("NEW", it["lot"]), 201),
    does("recalls/{recall}/sign/", "recall", lambda _: {"signature": {"meaning": "I open it"}}),
    does("recalls/{recall}/close/", "recall", lambda _: {"conclusion": "all came back"}),
    does("recalls/{recall}/log/", "recall", lambda _: {"step": "note", "text": "rang them"}, 201),
    does("recalls/{recall}/unhold/", "decide", why),
    # History, users and tokens
    reads("audit/", of_list, "history"),
    reads("users/", of_list, "access"),
    reads("users/{user}/", of_users, "access"),
    Row(
        *("POST", "users/", "access", of_named),
        lambda it: {"username": "new", "roles": [{"role": "auditor", "site": it["site"]}]},
        201,
    ),
    Row("PATCH", "users/{user}/", "access", of_users, lambda _: {"roles": []}, tag="user_tag"),
    reads("tokens/", of_list),
    reads("tokens/{token}/", of_token),
    Row("POST", "tokens/", "read", of_own_token, lambda _: {"name": "scales", "scopes": ["read"]}, 201),
    Row("POST", "tokens/{token}/revoke/", "read", of_token),
]

PUBLIC = {("GET", "openapi.json"), ("GET", "docs")}

CROSSING = {"operations/", "recalls/", "audit/"}
"""Lists with a transfer between the sites in them, which both see: it names the other site, and nothing else of it."""


def pattern(path: str) -> str:
    """The path as the routes have it, with nothing of what it leads to."""
    return re.sub(r"\{\w+\}|SPARE|SHOP", "thing", path.partition("?")[0])


def named(row: Row) -> str:
    """How a case is called."""
    return f"{row.method} {row.path}"


def call(api: Api, row: Row, things: Things) -> Answer:
    """Send the row's request about these things, and forget what it did."""
    path, _, query = row.path.format(**things).partition("?")
    headers = {"If_Match": '"1"' if row.tag == "any" else things[row.tag]} if row.tag else {}
    with undone():
        return api.call(row.method, path, row.body(things), query=query, **headers)


# The matrix


def test_no_route_is_missing_from_the_table() -> None:
    tabled = [(row.method, pattern(row.path)) for row in TABLE]
    assert len(tabled) == len(set(tabled))
    assert set(routes()) == {*tabled, *PUBLIC}


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_who_may_and_what_gets_out(both_sites: Plant, row: Row) -> None:
    for who in PEOPLE:
        api = both_sites.people[who.name]
        of_foreigner = EVERYWHERE not in who.roles and FOREIGN not in who.roles
        if EVERYWHERE not in who.roles or row.expected not in BY_SITE:
            answer = check(who, api, row, both_sites.own)
            found = leaked(both_sites, answer, MARK if row.path in CROSSING else FOREIGN) if of_foreigner else None
            assert not found, (who.name, found, answer)
        if row.expected in BY_SITE:
            there = check(who, api, row, both_sites.foreign)
            if of_foreigner:  # to the byte as what isn't there, but for what the caller sent
                nowhere = call(api, row, NOTHING)
                assert without(there, both_sites.foreign) == without(nowhere, NOTHING), (who.name, there, nowhere)
    assert call(Api(), row, both_sites.own).status == 401


def check(who: Who, api: Api, row: Row, things: Things) -> Answer:
    """The answer about these things, which is as the table has it."""
    answer = call(api, row, things)
    expected = row.expected(who, row.right, things["site"])
    assert answer.status == (row.status if expected is None else expected), (who.name, things["site"], answer)
    if expected:
        assert answer.codes == [{403: "no_right", 404: "not_found", 422: "unknown_lot"}[expected]], answer
    return answer


@pytest.mark.parametrize("path", sorted({path for _, path in routes()}))
def test_a_method_that_a_route_lacks_is_said_to_those_alone_who_may_read(both_sites: Plant, path: str) -> None:
    has = {method for method, where in routes() if where == path}
    lacks = (
        {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
        - has
        - ({"HEAD"} if "GET" in has else set())
    )
    for method in lacks:
        answers = {who: both_sites.people[who].call(method, path).status for who in ("nobody", *READERS)}
        assert answers == {"nobody": 405 if path in OPEN else 403, **dict.fromkeys(READERS, 405)}, method
        assert Api().call(method, path).status == (405 if ("GET", path) in PUBLIC else 401), method


READERS = ("auditor here", "administrator everywhere", "administrator who may read")
OPEN = {"", "me/", "openapi.json", "docs"}
