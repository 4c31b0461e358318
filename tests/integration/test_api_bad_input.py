"""One table of bad input: each gets a clear problem that says where and what, and nothing has changed."""

import itertools
import json

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, operation, plan_and_open, pressing, receipt, record
from tests.integration.bad_input import (
    RECORDED,
    UNKNOWN,
    Case,
    batch,
    call,
    campaign,
    close,
    correct,
    get,
    lone,
    missing,
    moved,
    post,
    pressed,
    product,
    raw,
    receipt_of,
    received,
    refused,
    reverse,
    site,
    transfer,
    unread,
    wrong,
)
from tests.integration.contents import contents

pytestmark = pytest.mark.django_db


def numbered(text: str) -> bytes:
    """A receipt with this in place of its quantity, as it stands."""
    return json.dumps(receipt_of(quantity="@")).replace('"@"', text).encode()


QUANTITY = "/movements/0/quantity"

REQUIRED = ("kind", "occurred_at", "site", "operator", "movements")

BODIES = [
    unread("half a document", "", "not_json", raw(b'{"kind": ')),
    unread("a trailing comma", "", "not_json", raw(b'{"kind": "receipt",}')),
    unread("single quotes", "", "not_json", raw(b"{'kind': 'receipt'}")),
    unread("two documents", "", "not_json", raw(b"{}{}")),
    unread("white space", "", "not_json", raw(b"   ")),
    unread("a control character in a string", "", "not_json", raw(b'{"kind": "rec\x01eipt"}')),
    unread("a byte order mark", "", "not_json", raw(b"\xef\xbb\xbf{}")),
    unread("broken UTF-8", "", "not_utf8", raw(b'{"kind": "\xff\xfe"}')),
    unread("Latin-1", "", "not_utf8", raw('{"kind": "réception"}'.encode("latin-1"))),
    unread("UTF-16", "", "not_utf8", raw('{"kind": "receipt"}'.encode("utf-16"))),
    unread("half a surrogate pair", "", "not_utf8", raw(b'{"kind": "\\ud800"}')),
    unread("half a surrogate pair in a name", "", "not_utf8", raw(b'{"\\udfff": 1}')),
    unread("a name twice", "", "duplicate_name", raw(b'{"kind": "receipt", "kind": "receipt"}')),
    unread("lists nested deeply", "", "too_deep", raw(b"[" * 100_000)),
    unread("objects nested deeply", "", "too_deep", raw(b'{"a":' * 100_000)),
    unread("a list", "", "wrong_type", raw(b"[]")),
    unread("a string", "", "wrong_type", raw(b'"receipt"')),
    unread("a number", "", "wrong_type", raw(b"12")),
    unread("null", "", "wrong_type", raw(b"null")),
    Case("nothing", 400, {f"/{name}": "required" for name in REQUIRED}, raw(b"")),
    Case("50 MB", 413, {"": "too_large"}, raw(b'{"document": "' + b"x" * 50_000_000 + b'"}')),
    Case("a form", 415, {"": "unsupported_media_type"}, raw(b"a=1", Content_Type="application/x-www-form-urlencoded")),
    Case("XML", 415, {"": "unsupported_media_type"}, raw(b"<kind/>", Content_Type="application/xml")),
    Case("no type", 415, {"": "unsupported_media_type"}, raw(b"{}", Content_Type="")),
    Case("in chunks", 411, {"": "length_required"}, raw(b"", Transfer_Encoding="chunked")),
]  # fmt: skip

NUMBERS = [
    *(unread(f"the number {text}", "", "not_json", raw(numbered(text))) for text in ("NaN", "Infinity", "-Infinity")),
    *(
        unread(f"a quantity that is {text}", QUANTITY, "wrong_type", raw(numbered(text)))
        for text in ("true", "null", "[]", '{"amount": 1}')
    ),
    *(
        wrong(f"the number {text[:12]}", QUANTITY, code, raw(numbered(text)))
        for text, code in (
            ("1e3", "not_a_number"),
            ("1E-2", "not_a_number"),
            ("9" * 5000, "not_a_number"),
            ("9" * 40, "too_many_digits"),
            ("1.0000001", "too_many_decimals"),
            ("-1", "not_positive"),
            ("0", "not_positive"),
            ("-0.0", "not_positive"),
        )
    ),
    *(
        wrong(f"the quantity {text[:12]!r}", QUANTITY, code, moved(quantity=text))
        for text, code in (
            *((text, "not_a_number") for text in ("", "NaN", "Infinity", "1e3", "1,5", "0x10", "1_000")),
            *((text, "not_a_number") for text in (" 1", "+1", ".5", "1.", "\u0661", "1\0", "--1")),
            ("9" * 40, "too_many_digits"),
            ("1" + "0" * 12, "too_many_digits"),
            ("0.1234567", "too_many_decimals"),
            ("0", "not_positive"),
            ("-0", "not_positive"),
            ("0.000000", "not_positive"),
            ("-5", "not_positive"),
        )
    ),
]

TYPES = [
    unread("a number for a code", "/site", "wrong_type", received(site=7)),
    unread("a boolean for a text", "/document", "wrong_type", received(document=True)),
    unread("a list for a text", "/document", "wrong_type", received(document=["DN"])),
    unread("a number for a time", "/occurred_at", "wrong_type", received(occurred_at=20260302)),
    unread("an object for movements", "/movements", "wrong_type", received(movements={})),
    unread("a text for a movement", "/movements/0", "wrong_type", received(movements=["x"])),
    unread("null for what is required", "/kind", "wrong_type", received(kind=None)),
    unread("a field that nobody knows", "/colour", "unknown_field", received(colour="red")),
    unread("one in a movement", "/movements/0/colour", "unknown_field", moved(colour="red")),
    unread("one that a pointer escapes", "/a~1b~0c", "unknown_field", received(**{"a/b~c": 1})),
    unread("one with a NUL", "/a\0", "unknown_field", received(**{"a\0": 1})),
    unread("a field left out", "/operator", "required", received(operator=...)),
    unread("one left out of a movement", "/movements/0/direction", "required", moved(direction=...)),
    unread("a string for yes or no", "/positive_release", "wrong_type", site(positive_release="no")),
    unread("a string for a list", "/allergens", "wrong_type", product(allergens="nuts")),
    unread("a number in a list", "/allergens/1", "wrong_type", product(allergens=["nuts", 1])),
    unread("a field for opening", "/force", "unknown_field", post("campaigns/C-2/open/", {"force": True})),
    unread("a signature without a meaning", "/signature/meaning", "required", close(signature={})),
    unread("reopening without a signature", "/signature", "required", post("campaigns/C-1/reopen/", {"reason": "r"})),
    unread("a reversal without a reason", "/reason", "required", reverse()),
    unread("a correction without an operation", "/operation", "required", correct(...)),
    Case(
        "both kinds at once are listed together",
        400,
        {"/kind": "unknown_value", "/occurred_at": "no_offset", "/site": "required", "/colour": "unknown_field"},
        received(kind="gift", occurred_at="2026-03-02T08:00:00", colour=1, site=...),
    ),
]  # fmt: skip

VALUES = [
    wrong("a time without offset", "/occurred_at", "no_offset", received(occurred_at="2026-03-02T08:00:00")),
    *(
        wrong(f"the time {text!r}", "/occurred_at", "bad_time", received(occurred_at=text))
        for text in (
            "", "yesterday", "2026-03-02", "2026-02-30T08:00:00Z", "2026-03-02T25:00:00Z", "2026-03-02T08:00:60Z",
            "2026-03-02T08:00:00.1234567Z", "2026-03-02T08:00:00+99:99", "20260302T080000Z", "2026-W10-1T08:00:00Z",
            "\u0662026-03-02T08:00:00Z", "2026-03-02 08:00:00Z", "2026-03-02T08:00:00Z\0",
        )
    ),
    wrong("a clock that nobody has", "/occurred_at", "out_of_range", received(occurred_at="2026-03-02T08:00:00+16:53")),
    wrong("the first year", "/occurred_at", "out_of_range", received(occurred_at="0001-01-01T00:00:00+14:00")),
    wrong("the last year", "/occurred_at", "out_of_range", received(occurred_at="9999-12-31T23:59:59-14:00")),
    *(
        wrong(f"the day {text!r}", "/movements/0/best_before", "bad_date", moved(best_before=text))
        for text in ("2026-02-30", "20260301", "2026-W10-1", "1.3.2026", "2026-03-01T00:00:00Z")
    ),
    wrong("a day long ago", "/movements/0/best_before", "out_of_range", moved(best_before="0001-01-01")),
    wrong("a day far away", "/movements/0/made_on", "out_of_range", moved(made_on="3000-01-01")),
    *(
        wrong(f"the code {text[:8]!r}", "/site", code, received(site=text))
        for text, code in (
            ("", "bad_code"), (" MILL", "bad_code"), ("MI\nLL", "bad_code"), ("MI\0LL", "bad_code"),
            ("x" * 101, "too_long"),
        )
    ),
    wrong("a NUL in a text", "/document", "bad_text", received(document="a\0b")),
    wrong("a text that is too long", "/document", "too_long", received(document="x" * 1001)),
    wrong("a kind that nobody knows", "/kind", "unknown_value", received(kind="gift")),
    wrong("a kind in capitals", "/kind", "unknown_value", received(kind="RECEIPT")),
    wrong("a direction that nobody knows", "/movements/0/direction", "unknown_value", moved(direction="up")),
    wrong("a role that nobody knows", "/movements/0/role", "unknown_value", moved(role="spice")),
    wrong("an id that isn't one", "/id", "bad_uuid", received(id="17")),
    wrong("an id in braces", "/id", "bad_uuid", received(id="{" + UNKNOWN + "}")),
    wrong("no movements", "/movements", "wrong_count", received(movements=[])),
    wrong("an empty batch", "/operations", "wrong_count", batch(0)),
    wrong("too large a batch", "/operations", "wrong_count", batch(1001)),
    wrong("a unit that nobody knows", "/movements/0/unit", "unknown_unit+wrong_unit", moved(unit="BUSHEL")),
    wrong("another unit than the product's", "/movements/0/unit", "wrong_unit", moved(unit="GRM")),
    wrong("a cost below zero", "/movements/0/unit_cost", "negative", moved(unit_cost="-1")),
    wrong("a currency that isn't one", "/movements/0/currency", "unknown_currency", moved(currency="euro")),
]  # fmt: skip

CODES = [
    wrong("an unknown line", "/line", "unknown_code", received(line="NONE")),
    wrong("an unknown partner", "/partner", "unknown_code", received(partner="NONE")),
    wrong("an unknown operator", "/operator", "unknown_code", received(operator="NONE")),
    wrong("an unknown campaign", "/campaign", "unknown_code", post("operations/", pressing("NONE"))),
    wrong("an unknown product", "/movements/0/product", "unknown_code", moved(product="PEAR")),
    Case(
        "an unknown site",
        422,
        {"/site": "unknown_code", "/movements/0/site": "unknown_code"},
        received(site="NONE"),
    ),
    wrong("a line of another site", "/line", "unknown_code", received(site="DEPOT", line="PRESS")),
    wrong(
        "a campaign of another site",
        "/campaign",
        "unknown_code",
        lone("loss", "in", "loss", "A-D", why="r", site="DEPOT", campaign="C-1"),
    ),
    wrong("a line at an unknown site", "/site", "unknown_code", post("lines/", {"code": "L", "site": "NONE"})),
    Case(
        "unknown codes in a plan",
        422,
        {"/site": "unknown_code", "/product": "unknown_code", "/line": "unknown_code"},
        campaign(site="NONE", product="NONE", line="NONE"),
    ),
]

LOTS = [
    wrong("a lot that doesn't exist", "/movements/0/lot", "unknown_lot", lone("loss", "in", "loss", "A-9", why="r")),
    wrong("a lot on the wrong site", "/movements/0/lot", "unknown_lot", lone("loss", "in", "loss", "A-D", why="r")),
    wrong("a movement at another site", "/movements/0/site", "wrong_site", moved(site="DEPOT")),
    refused("more than there is", QUANTITY, "not_enough", lone("loss", "in", "loss", "A-1", "400.000001", why="r")),
    wrong(
        "a return of what never left",
        QUANTITY,
        "more_than_shipped",
        lone("return", "out", "returned", partner="SHOP"),
    ),
    wrong(
        "another date for a lot that exists",
        "/movements/0/best_before",
        "lot_exists",
        moved(lot="A-1", best_before="2027-01-01"),
    ),
    wrong("a sub-lot that a receipt would make", "/movements/0/sub_lot", "not_here", moved(sub_lot="pallet 1")),
    wrong("a sub-lot of nothing", "/movements/3/sub_lot", "not_here", pressed(3, sub_lot="pallet 1")),
    wrong(
        "a sub-lot that isn't there",
        "/movements/0/sub_lot",
        "unknown_lot",
        lambda api: api.post(
            "operations/", operation("loss", line("in", "loss", "APPLE", "A-1", "1", reason="r", sub_lot="none"))
        ),
    ),
    unread("a number for a sub-lot", "/movements/0/sub_lot", "wrong_type", moved(sub_lot=7)),
    Case(
        "an override by who may not",
        403,
        {"/override": "may_not_override"},
        lambda _api: Api.of("olga", "operator").post("operations/", pressing("C-1", override="because")),
    ),
    *(
        unread(f"{call} for no reason", "/reason", "required", post(f"lots/{UNKNOWN}/{call}/", {}))
        for call in ("release", "reject", "hold", "unhold")
    ),
    wrong(
        "a hold by its reason", "/hold", "bad_uuid", post(f"lots/{UNKNOWN}/unhold/", {"reason": "r", "hold": "glass"})
    ),
    refused("the same id for something else", "/id", "operation_exists", received(id=RECORDED)),
    refused(
        "a campaign that isn't open",
        "/campaign",
        "campaign_not_open",
        lone("sample", "in", "sample", why="r", campaign="C-2"),
    ),
]

LINES = [
    wrong("no lot", "/movements/0/lot", "required", moved(lot=...)),
    wrong("a lot on what was lost", "/movements/3/lot", "not_here", pressed(3, lot="P-1")),
    wrong("a loss without its reason", "/movements/3/reason", "required", pressed(3, reason="")),
    wrong("a loss operation without it", "/movements/0/reason", "required", lone("loss", "in", "loss")),
    wrong("a sample without it", "/movements/0/reason", "required", lone("sample", "in", "sample")),
    wrong("a count without it", "/movements/0/reason", "required", lone("count", "out", "adjustment")),
    wrong("a reason of white space", "/movements/0/reason", "required", lone("loss", "in", "loss", why=" ")),
    wrong("a shipment without a customer", "/partner", "required", lone("shipment", "in", "shipped")),
    wrong("a return without a customer", "/partner", "required", lone("return", "out", "returned")),
    wrong("a receipt in a campaign", "/campaign", "not_here", received(campaign="C-1")),
    wrong("a supplier's lot on what is taken", "/movements/0/supplier_lot", "not_here", pressed(0, supplier_lot="S")),
    wrong("a date on what is taken", "/movements/0/made_on", "not_here", pressed(0, made_on="2026-03-01")),
    wrong("a cost of what was made", "/movements/1/unit_cost", "not_here", pressed(1, unit_cost="1")),
    wrong(
        "best before it was made",
        "/movements/0/best_before",
        "wrong_order",
        moved(made_on="2026-03-02", best_before="2026-03-01"),
    ),
    wrong("a transfer that loses some", "/movements", "unequal_transfer", transfer("2", "1", "A-1", site="DEPOT")),
    wrong("a transfer that stays", "/movements", "same_site", transfer("1", "1", "A-3")),
]

REVERSALS = [
    wrong("a reversal of nothing", "/reverses", "required", lone("reversal", "in", "main", reason="r")),
    wrong(
        "a reversal of what never was",
        "/reverses",
        "unknown_operation",
        lone("reversal", "in", "main", reason="r", reverses=UNKNOWN),
    ),
    Case(
        "a reversal that isn't the mirror",
        422,
        {"/movements/0/quantity": "not_the_mirror", "/movements": "not_the_mirror"},
        lone("reversal", "in", "main", reason="r", reverses=RECORDED),
    ),
    wrong("a receipt that reverses", "/reverses", "not_here", received(reverses=RECORDED)),
    wrong("a reason of white space", "/reason", "required", reverse(reason=" ")),
    refused("what is used up taken back", "", "not_enough", reverse(reason="r")),
    wrong("somebody unknown", "/operator", "unknown_code", reverse(reason="r", operator="NONE")),
    missing("an operation that never was", post(f"operations/{UNKNOWN}/reverse/", {"reason": "r"})),
    wrong("a fault in a correction", "/operation/movements/0/unit", "wrong_unit", correct(receipt_of(unit="GRM"))),
    wrong("a correction under an id in use", "/operation/id", "operation_exists", correct(receipt(id=RECORDED))),
    wrong("a correction by a reversal", "/operation/kind", "not_here", correct({**receipt(), "kind": "reversal"})),
]

RECORDS = [
    wrong("a slash in a campaign's code", "/code", "bad_code", campaign(code="C/3")),
    refused("a campaign's code in use", "/code", "code_taken", campaign(code="C-1")),
    wrong("the end first", "/planned_to", "wrong_order", campaign(planned_from="2026-03-02", planned_to="2026-03-01")),
    wrong("a target of nothing", "/target", "not_positive", campaign(target="0", unit="C62")),
    wrong("a target without a unit", "/unit", "required", campaign(target="1")),
    wrong("a target in another dimension", "/unit", "unit_mismatch", campaign(target="1", unit="KGM")),
    wrong("a band upside down", "/accountability_min", "wrong_order", campaign(accountability_min="101")),
    wrong("a band out of range", "/accountability_max", "out_of_range", campaign(accountability_max="1001")),
    wrong(
        "a wrong password",
        "/signature/password",
        "wrong_password",
        close(signature={"meaning": "m", "password": "guess"}),
    ),
    wrong("a mass of nothing", "/kg_per_unit", "not_positive", product(kg_per_unit="0")),
    wrong("a mass of ten decimals", "/kg_per_unit", "too_many_decimals", product(kg_per_unit="0.0000000001")),
    wrong("a cost without a currency", "/currency", "required", product(unit_cost="1")),
    wrong("a cost below zero", "/unit_cost", "negative", product(unit_cost="-1", currency="EUR")),
    wrong("an unknown class", "/class", "unknown_value", product(**{"class": "soft"})),
    wrong("an unknown unit", "/unit", "unknown_unit", product(unit="kg")),
    wrong("a NUL in a list", "/allergens/0", "bad_text", product(allergens=["\0"])),
    wrong("a code of white space", "/code", "bad_code", post("sites/", {"code": " "})),
    wrong("a name of white space", "/name", "required", site(name=" ")),
    refused("a site's code in use", "/code", "code_taken", post("sites/", {"code": "MILL"})),
    refused("a line's code in use", "/code", "code_taken", post("lines/", {"code": "PRESS", "site": "MILL"})),
    wrong("an unknown role", "/role", "unknown_value", post("partners/", {"code": "X", "role": "friend"})),
]  # fmt: skip

QUERIES = [
    unread("a parameter that nobody knows", "colour", "unknown_field", get("lots/", "colour=red")),
    unread("one for a single thing", "colour", "unknown_field", get("campaigns/C-1/", "colour=red")),
    unread("one for a call", "force", "unknown_field", call("POST", "campaigns/C-2/open/", query="force=1")),
    unread("a parameter twice", "site", "repeated", get("lots/", "site=A&site=B")),
    *(
        unread(f"limit={limit[:9]}", "limit", "out_of_range", get("lots/", f"limit={limit}"))
        for limit in ("0", "-1", "501", "ten", "", "1.5", "9" * 5000, "%D9%A1")
    ),
    *(
        unread(f"{path}?cursor={cursor[:12]}", "cursor", "bad_cursor", get(path, f"cursor={cursor}"))
        for path in ("lots/", "operations/", "campaigns/", "products/", "lines/")
        for cursor in ("x", "W10=", "WzFd", "e30=", "WyJcdTAwMDAiXQ==", "%C3%A9", "[" * 900)
    ),
    wrong("a parent by its code", "parent", "bad_uuid", get("lots/", "parent=A-1")),
    wrong("an unknown disposition", "disposition", "unknown_value", get("lots/", "disposition=lost")),
    wrong("an unknown kind", "kind", "unknown_value", get("operations/", "kind=gift")),
    wrong("an unknown status", "status", "unknown_value", get("campaigns/", "status=done")),
    wrong("what isn't on hand", "on_hand", "unknown_value", get("lots/", "on_hand=negative")),
    wrong("since without an offset", "since", "no_offset", get("operations/", "since=2026-03-01T00:00:00")),
    wrong("a plus that is a space", "since", "bad_time", get("operations/", "since=2026-03-01T00:00:00+01:00")),
    wrong("until the end of time", "until", "out_of_range", get("operations/", "until=9999-12-31T23:59:59Z")),
    wrong("since by no clock", "since", "out_of_range", get("operations/", "since=2026-03-02T08:00:00%2B14:01")),
    unread("a NUL", "code", "bad_text", get("lots/", "code=%00")),
    unread("broken UTF-8", "", "not_utf8", get("lots/", "code=%FF")),
    unread("half a surrogate pair", "", "not_utf8", get("lots/", "code=%ED%A0%80")),
    unread("a thousand parameters", "", "too_many", get("lots/", "&".join(f"a{n}=1" for n in range(1000)))),
]

PATHS = [
    *(
        missing(f"GET {path}", get(path))
        for path in (
            "nothing/", "products", "campaigns/NONE/", "campaigns/NONE/balance/", "campaigns/NONE/balances/",
            "campaigns/a%2Fb/", "campaigns/%00/", "campaigns/%FF/", "products/PEAR/", "products/%00/", "products/%20/",
            "products/%FF%FE/", "products/a%0Ab/", "lines/NONE/", "lots/17/", "lots/%00/", "operations/none/",
            f"lots/{UNKNOWN}/", f"lots/{UNKNOWN}/movements/", f"lots/{UNKNOWN}/balance/", f"lots/{UNKNOWN}/holds/",
            f"lots/{UNKNOWN}/decisions/", f"operations/{UNKNOWN}/",
            f"operations/{UNKNOWN}/balance/", "/api/v2/products/", "/api/nothing",
        )
    ),
    missing("opening nothing", post("campaigns/NONE/open/", {})),
    missing("closing nothing", post("campaigns/NONE/close/", {})),
    *(
        missing(f"{call} of nothing", post(f"lots/{UNKNOWN}/{call}/", {"reason": "r"}))
        for call in ("release", "reject", "hold", "unhold")
    ),
    missing("posting where nothing is", post("nothing/", {})),
    *(
        Case(f"{method} {path}", 405, {"": "method_not_allowed"}, call(method, path, {}))
        for method, path in (
            ("PUT", "products/"), ("DELETE", "operations/"), ("PATCH", f"operations/{RECORDED}/"),
            ("DELETE", f"operations/{RECORDED}/"), ("DELETE", "campaigns/C-1/"), ("PUT", "campaigns/C-1/"),
            ("GET", "campaigns/C-1/open/"), ("POST", "lots/"), ("OPTIONS", "lots/"), ("TRACE", "lots/"),
        )
    ),
    Case("another format", 406, {"": "not_acceptable"}, call("GET", "lots/", Accept="application/xml")),
    *(
        unread("a bad key", "Idempotency-Key", "bad_key", call("POST", "sites/", {"code": "X"}, Idempotency_Key=key))
        for key in ("", "k" * 256, "clé", "a\tb")
    ),
    Case("no version", 428, {"": "precondition_required"}, call("PATCH", "sites/MILL/", {"name": "x"})),
    Case("any version", 428, {"": "precondition_required"}, call("DELETE", "sites/MILL/", If_Match="*")),
    Case("another version", 412, {"": "stale"}, call("PUT", "sites/MILL/", {"code": "MILL"}, If_Match='"7.en"')),
    Case("another version, weak", 412, {"": "stale"}, call("DELETE", "sites/MILL/", If_Match='W/"7.en"')),
    Case("a version without quotes", 412, {"": "stale"}, call("DELETE", "sites/MILL/", If_Match="1")),
]  # fmt: skip

#: The grammar of movements as the plant's log states it.
TRANSFORMATION = {("in", "input"), ("out", "main"), ("out", "co_product"), ("out", "by_product"), ("out", "loss")}
GRAMMAR = {
    "receipt": {("out", "main")},
    "production": TRANSFORMATION,
    "split": TRANSFORMATION,
    "merge": TRANSFORMATION,
    "rework": TRANSFORMATION,
    "transfer": {("in", "transferred"), ("out", "transferred")},
    "shipment": {("in", "shipped")},
    "return": {("out", "returned")},
    "loss": {("in", "loss")},
    "sample": {("in", "sample")},
    "count": {("in", "adjustment"), ("out", "adjustment")},
}
ROLES = sorted({role for lines in GRAMMAR.values() for _, role in lines})


@pytest.fixture
def plant(plant: Api) -> Api:
    """Give a plant in which something has happened already."""
    Api.of("olga", "operator")
    plan_and_open(plant)
    assert plant.post("campaigns/", {"code": "C-2", "site": "MILL", "product": "CIDER"}).status == 201
    record(plant, receipt(id=RECORDED))
    record(plant, pressing("C-1"))
    record(plant, operation("receipt", line("out", "main", "APPLE", "A-D", "5"), partner="ORCHARD", site="DEPOT"))
    return plant


@pytest.mark.parametrize(
    "cases",
    [BODIES, NUMBERS, TYPES, VALUES, CODES, LOTS, LINES, REVERSALS, RECORDS, QUERIES, PATHS],
    ids=["bodies", "numbers", "types", "values", "codes", "lots", "lines", "reversals", "records", "queries", "paths"],
)
def test_bad_input_gets_a_clear_problem_and_changes_nothing(
    plant: Api, cases: list[Case], subtests: pytest.Subtests
) -> None:
    before = contents()
    for case in cases:
        with subtests.test(case.name):
            answer = case.send(plant)
            assert answer.status == case.status, answer
            assert answer.type == "application/problem+json"
            assert answer.places == case.places, answer
            assert answer.json["status"] == case.status
            assert all(error["detail"] for error in answer.json["errors"])
            assert contents() == before


def test_text_may_be_as_long_as_it_may_be_in_any_script(plant: Api) -> None:
    text = "".join(chr(0x4E00 + 37 * number % 20_000) for number in range(1000))
    stated = {**receipt("A-9"), "document": text}
    stated["movements"][0]["supplier_lot"] = text
    assert record(plant, stated)["document"] == text


def test_no_kind_has_a_line_that_the_grammar_lacks(plant: Api, subtests: pytest.Subtests) -> None:
    before = contents()
    for kind, direction, role in itertools.product(GRAMMAR, ("in", "out"), ROLES):
        if (direction, role) in GRAMMAR[kind]:
            continue
        with subtests.test(f"{kind}: {direction} {role}"):
            answer = lone(kind, direction, role, why="r")(plant)
            assert answer.status == 422, answer
            assert answer.places["/movements/0/role"] == "wrong_role"
    assert contents() == before


def test_a_reversal_isnt_reversed(plant: Api) -> None:
    received_now = record(plant, receipt("A-7"))
    reversal = plant.post(f"operations/{received_now['id']}/reverse/", {"reason": "r"}).json
    before = contents()
    by_hand = lone("reversal", "out", "main", "A-7", "1000", reason="r", reverses=reversal["id"])
    for send in (post(f"operations/{reversal['id']}/reverse/", {"reason": "r"}), by_hand):
        answer = send(plant)
        assert (answer.status, answer.codes) == (422, ["reversal_of_reversal"])
    assert contents() == before


def test_a_refusal_says_what_is_left(plant: Api) -> None:
    answer = lone("loss", "in", "loss", "A-1", "401", why="r")(plant)
    (fault,) = answer.json["errors"]
    assert (fault["left"], fault["unit"], fault["lot"]) == ("400", "KGM", "A-1")
    assert fault["detail"] == "Lot APPLE A-1 at MILL has 400 KGM left; 401 KGM is asked for."


def test_every_fault_of_a_batch_is_found_with_its_place(plant: Api) -> None:
    answer = plant.post(
        "operations/batch/", {"operations": [receipt_of(quantity="0"), receipt("A-2"), receipt_of(unit="BUSHEL")]}
    )
    assert (answer.status, answer.places) == (
        422,
        {
            "/operations/0/movements/0/quantity": "not_positive",
            "/operations/2/movements/0/unit": "unknown_unit+wrong_unit",
        },
    )


def test_what_the_table_starts_from_is_good(plant: Api) -> None:
    """What is sent is refused for what is wrong with it, and for nothing else."""
    for send in (received(), moved(quantity=12.5), lone("loss", "in", "loss", why="r"), campaign(), product()):
        answer = send(plant)
        assert answer.status == 201, answer


def test_what_may_be_left_out_may_be_null_or_empty_too(plant: Api) -> None:
    stated = receipt_of(reason=None, made_on="", best_before=None, supplier_lot="")
    answer = plant.post("operations/", stated | {"campaign": "", "line": None, "document": None})
    assert answer.status == 201, answer
    assert [answer.json[name] for name in ("campaign", "line", "document")] == [None, None, ""]
