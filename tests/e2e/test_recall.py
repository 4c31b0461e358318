"""A supplier rings: everything that the lot went into is found and stopped, and what is done is written down."""

from typing import Any

import pytest

from domain.shared.canonical import sha256_of
from tests.e2e.client import Answer, Api
from tests.e2e.plant import line, lot_id, operation, pressing, record

pytestmark = pytest.mark.django_db

KNOWN = "2026-03-03T09:00:00+01:00"


@pytest.fixture
def mill(plant: Api) -> Api:
    """Apples were pressed, the juice was bottled and shipped, and ten bottles came back."""
    apples = line("out", "main", "APPLE", "A-1", "1000", supplier_lot="ROW 7", made_on="2026-03-01")
    record(plant, operation("receipt", apples, partner="ORCHARD", document="DN-9"))
    record(plant, operation("receipt", line("out", "main", "APPLE", "A-2", "1000", made_on="2026-03-02")))
    record(plant, pressing())
    filled = [line("in", "input", "JUICE", "J-1", "100"), line("out", "main", "CIDER", "C-1", "130")]
    record(plant, operation("production", *filled, line="FILL"))
    record(plant, operation("sample", line("in", "sample", "CIDER", "C-1", "2", reason="taste")))
    bottles = line("in", "shipped", "CIDER", "C-1", "100")
    record(plant, operation("shipment", bottles, partner="SHOP", document="SO-1"))
    record(plant, operation("return", line("out", "returned", "CIDER", "C-1", "10"), partner="SHOP", document="RN-1"))
    return plant


def recall(api: Api, **more: Any) -> Answer:
    suspects = {"supplier": "ORCHARD", "supplier_lot": "ROW 7"}
    return api.post("recalls/", {"code": "R-1", "hazard": "patulin", "known_at": KNOWN, "suspects": suspects, **more})


def test_everything_that_the_suspect_went_into_is_on_hold(mill: Api) -> None:
    opened = recall(mill)
    assert opened.status == 201, opened
    case = opened.json
    assert (case["code"], case["state"], case["mock"]) == ("R-1", "open", False)
    assert (case["status_label"], case["signature"]) == ("Open", None)
    assert case["suspects"] == {"supplier": "ORCHARD", "supplier_lot": "ROW 7"}
    assert case["suspects_label"] == "what ORCHARD delivered under lot ROW 7"
    french = mill.get(f"recalls/{case['id']}/", Accept_Language="fr").json
    assert (french["status_label"], french["suspects"]) == ("En cours", case["suspects"])
    assert french["suspects_label"] == "ce que ORCHARD a livré sous le lot ROW 7"
    assert mill.get(opened.headers["Location"]).json == case
    lots = mill.get(f"recalls/{case['id']}/lots/").json["items"]
    assert [(lot["product"], lot["depth"], lot["disposition"]) for lot in lots] == [
        ("APPLE", 0, "on_hold"),
        ("JUICE", 1, "on_hold"),
        ("POMACE", 1, "on_hold"),
        ("CIDER", 2, "on_hold"),
        ("CIDER", 3, "on_hold"),
    ]
    bottles = lots[3]
    figures = (
        *("made", "returned", "on_hand", "used", "shipped", "transferred", "lost", "sampled", "adjusted"),
        "difference",
    )
    assert [bottles[name] for name in figures] == ["130", "0", "28", "0", "100", "0", "0", "2", "0", "0"]
    back = lots[4]
    assert [back[name] for name in figures] == ["0", "10", "10", "0", "0", "0", "0", "0", "0", "0"]
    shipment = operation("shipment", line("in", "shipped", "CIDER", "C-1", "1"), partner="SHOP")
    assert mill.post("operations/", shipment).codes == ["not_usable"]
    other = operation("production", line("in", "input", "APPLE", "A-2", "1"), line("out", "main", "JUICE", "J-2", "1"))
    assert mill.post("operations/", other).status == 201


def test_what_is_made_later_joins_and_is_held(mill: Api) -> None:
    case = recall(mill).json
    rework = operation("rework", line("in", "input", "CIDER", "C-1", "10"), line("out", "main", "JUICE", "J-9", "7"))
    made = mill.post("operations/", rework)
    assert made.status == 201, made
    held = mill.get(f"lots/{lot_id(mill, 'JUICE', 'J-9')}/").json
    assert held["disposition"] == "on_hold"
    lots = mill.get(f"recalls/{case['id']}/lots/").json["items"]
    assert [(lot["code"], lot["depth"]) for lot in lots if lot["product"] == "JUICE"] == [("J-1", 1), ("J-9", 3)]
    log = mill.get(f"recalls/{case['id']}/log/").json["items"]
    assert [entry["text"] for entry in log][1:] == ["Lots that joined, because a recalled lot went into them: 1."]


def test_a_part_of_a_recalled_lot_has_one_hold_of_the_recall(mill: Api) -> None:
    case = recall(mill).json
    back = line("out", "returned", "CIDER", "C-1", "5", sub_lot="back")
    record(mill, operation("return", back, partner="SHOP", document="RN-2"))
    (part,) = [lot for lot in mill.get(f"recalls/{case['id']}/lots/").json["items"] if lot["sub_lot"] == "back"]
    assert (part["depth"], part["disposition"]) == (3, "on_hold")
    holds = mill.get(f"lots/{part['id']}/holds/").json["items"]
    assert sorted(hold["reason"] for hold in holds) == ["Recall R-1: patulin", "returned by SHOP, RN-2"]


def test_an_exercise_holds_nothing_and_grows_all_the_same(mill: Api) -> None:
    case = recall(mill, mock=True).json
    bottles = operation(
        "production", line("in", "input", "JUICE", "J-1", "10"), line("out", "main", "CIDER", "C-2", "13")
    )
    record(mill, bottles)
    lots = mill.get(f"recalls/{case['id']}/lots/").json["items"]
    assert {lot["disposition"] for lot in lots if lot["code"] != "C-1"} == {"released"}
    assert "C-2" in {lot["code"] for lot in lots}


def test_customers_are_told_and_answer(mill: Api) -> None:
    path = f"recalls/{recall(mill).json['id']}/"

    def note(**entry: Any) -> Answer:
        return mill.post(f"{path}log/", entry)

    assert note(step="notified", partner="SHOP", happened_at="2026-03-03T09:30:00+01:00").status == 201
    assert note(step="acknowledged", partner="SHOP", text="by telephone").status == 201
    assert note(step="destroyed", partner="SHOP", kilograms="18").status == 201
    refused = note(step="destroyed", partner="SHOP")
    assert (refused.status, refused.places) == (422, {"/kilograms": "required"})
    unknown = note(step="notified", partner="NOBODY")
    assert (unknown.status, unknown.places) == (422, {"/partner": "unknown_code"})

    report = mill.get(f"{path}report/").json
    (shop,) = report["customers"]
    assert (shop["partner"], shop["address"]) == ("SHOP", "1 High Street")
    assert [shop[name] for name in ("shipped", "returned", "destroyed", "outstanding")] == ["80", "8", "18", "54"]
    assert shop["notified_at"] == "2026-03-03T08:30:00+00:00"
    assert shop["acknowledged_at"] is not None
    assert report["effectiveness"] == "32.5"
    assert [supplier["supplier_lot"] for supplier in report["suppliers"]] == ["ROW 7"]
    assert [(lot["product"], lot["code"]) for lot in report["neighbours"]] == [("APPLE", "A-2")]
    assert "No lot of the recall went into it" in report["neighbours"][0]["why"]
    assert [entry["step"] for entry in report["log"]] == ["notified", "note", "acknowledged", "destroyed"]

    closed = mill.post(f"{path}close/", {"conclusion": "Two thirds are drunk."})
    assert (closed.status, closed.json["state"], closed.json["conclusion"]) == (200, "closed", "Two thirds are drunk.")
    assert mill.post(f"{path}close/", {"conclusion": "Again."}).codes == ["wrong_state"]
    assert note(step="note", text="late").codes == ["wrong_state"]
    assert mill.get(f"lots/{lot_id(mill, 'JUICE', 'J-1')}/").json["disposition"] == "on_hold"


@pytest.mark.parametrize(
    ("change", "status", "places"),
    [
        ({"hazard": " "}, 422, {"/hazard": "required"}),
        ({"known_at": "2999-01-01T00:00:00Z"}, 422, {"/known_at": "wrong_order"}),
        ({"suspects": {}}, 400, {"/suspects": "wrong_origin"}),
        ({"suspects": {"supplier": "ORCHARD"}}, 400, {"/suspects": "wrong_origin"}),
        ({"suspects": {"supplier": "ORCHARD", "supplier_lot": "ROW 8"}}, 422, {"/suspects/supplier_lot": "no_lots"}),
        ({"suspects": {"campaign": "NONE"}}, 422, {"/suspects/campaign": "unknown_code"}),
        ({"suspects": {"lots": []}}, 422, {"/suspects/lots": "wrong_count"}),
        ({"mock": "yes"}, 400, {"/mock": "wrong_type"}),
        ({"code": "a/b\n"}, 422, {"/code": "bad_code"}),
    ],
)
def test_what_is_no_recall_is_said(mill: Api, change: dict[str, Any], status: int, places: dict[str, str]) -> None:
    answer = recall(mill, **change)
    assert (answer.status, answer.places) == (status, places), answer
    assert mill.get("recalls/").json["items"] == []


def test_a_code_is_used_once(mill: Api) -> None:
    assert recall(mill).status == 201
    again = recall(mill)
    assert (again.status, again.codes) == (409, ["code_taken"])
    assert recall(mill, code="R-2").status == 201
    assert [case["code"] for case in mill.get("recalls/").json["items"]] == ["R-2", "R-1"]


def test_the_report_is_printed_and_each_customer_gets_a_letter(mill: Api) -> None:
    path = f"recalls/{recall(mill).json['id']}/"
    pages = mill.get(f"{path}report.pdf")
    assert (pages.status, pages.type, pages.body[:5]) == (200, "application/pdf", b"%PDF-")
    workbook = mill.get(f"{path}report.xlsx")
    assert (workbook.status, workbook.body[:2]) == (200, b"PK")
    letter = mill.get(f"{path}letters/SHOP.pdf", Accept_Language="fr")
    assert (letter.status, letter.body[:5]) == (200, b"%PDF-")
    nobody = mill.get(f"{path}letters/ORCHARD.pdf")
    assert (nobody.status, nobody.type) == (404, "application/problem+json")
    assert "ORCHARD" in nobody.json["detail"]
    assert mill.get("recalls/none/report.pdf").status == 404


def test_what_is_made_of_a_recalled_lot_does_not_leave_with_the_same_request(mill: Api) -> None:
    recall(mill)
    rework = operation("rework", line("in", "input", "CIDER", "C-1", "10"), line("out", "main", "JUICE", "J-9", "7"))
    filling = line("in", "input", "JUICE", "J-9", "5"), line("out", "main", "CIDER", "C-9", "4")
    refused = mill.post("operations/batch/", {"operations": [rework, operation("production", *filling)]})
    assert (refused.status, refused.codes) == (409, ["not_usable"])
    assert "recall R-1" in refused.json["detail"]
    assert mill.get("lots/", "product=JUICE&code=J-9").json["items"] == []
    assert mill.post("operations/batch/", {"operations": [rework]}).status == 201
    assert mill.post("operations/", operation("production", *filling)).codes == ["not_usable"]


def test_a_lot_whose_hold_was_lifted_is_held_again_when_more_goes_into_it(mill: Api) -> None:
    case = recall(mill).json
    juice = lot_id(mill, "JUICE", "J-1")
    for lot in (juice, lot_id(mill, "CIDER", "C-1")):
        (hold,) = mill.get(f"lots/{lot}/holds/").json["items"]
        lifted = mill.post(f"lots/{lot}/unhold/", {"reason": "analysed: clean", "hold": hold["id"]})
        assert (lifted.status, lifted.json["disposition"]) == (200, "released")
    rework = [line("in", "input", "CIDER", "C-1", "10"), line("out", "main", "JUICE", "J-1", "7")]
    record(mill, operation("rework", *rework))
    assert mill.get(f"lots/{juice}/").json["disposition"] == "on_hold"
    log = mill.get(f"recalls/{case['id']}/log/").json["items"]
    assert log[-1]["text"] == "Lots on hold again, because a recalled lot went into them once more: 1."


def test_what_was_shipped_of_a_part_is_found_where_it_came_back_to(mill: Api) -> None:
    apart = [
        line("in", "input", "CIDER", "C-1", "10"),
        line("out", "main", "CIDER", "C-1", "10", sub_lot="pallet 1"),
    ]
    record(mill, operation("split", *apart))
    record(mill, operation("shipment", line("in", "shipped", "CIDER", "C-1", "10", sub_lot="pallet 1"), partner="SHOP"))
    record(mill, operation("return", line("out", "returned", "CIDER", "C-1", "3"), partner="SHOP", document="RN-2"))
    part = next(
        lot["id"] for lot in mill.get("lots/", "product=CIDER&code=C-1").json["items"] if lot["sub_lot"] == "pallet 1"
    )
    case = recall(mill, suspects={"lots": [part]}).json
    found = mill.get(f"recalls/{case['id']}/lots/").json["items"]
    assert [lot["sub_lot"].split()[0] for lot in found] == ["pallet", "returned"]
    assert [lot["on_hand"] for lot in found] == ["0", "3"]


def test_the_report_of_an_open_recall_is_of_now_and_has_one_tag_until_something_changes(mill: Api) -> None:
    path = f"recalls/{recall(mill).json['id']}/"
    files = ("report/", "report.pdf", "report.xlsx", "letters/SHOP.pdf")
    first, second = ([mill.get(path + name) for name in files] for _ in range(2))
    assert first[0].json["at"] != second[0].json["at"]
    assert [answer.headers["ETag"] for answer in first] == [answer.headers["ETag"] for answer in second]
    report = second[0].json
    sha256 = report["sha256"]
    assert first[0].headers["ETag"] == f'W/"{sha256}"'
    assert {answer.headers["ETag"] for answer in first[1:]} == {f'W/"{sha256}.en"'}
    assert mill.get(f"{path}report/", If_None_Match=first[0].headers["ETag"]).status == 304
    data = {name: value for name, value in report.items() if name not in ("at", "sha256")}
    assert sha256 == sha256_of(data)
    mill.post(f"{path}log/", {"step": "note", "text": "rang"})
    assert mill.get(f"{path}report/", If_None_Match=first[0].headers["ETag"]).status == 200


def test_a_closed_recall_has_the_report_that_it_was_closed_with(mill: Api) -> None:
    case = recall(mill, mock=True).json
    path = f"recalls/{case['id']}/"
    closed = mill.post(f"{path}close/", {"conclusion": "Exercise.", "signature": {"meaning": "I led it"}})
    assert closed.status == 200
    signature = closed.json["signature"]
    assert (signature["name"], signature["meaning"], signature["at"]) == ("odile", "I led it", closed.json["closed_at"])
    files = ("report/", "report.pdf", "report.xlsx", "letters/SHOP.pdf")
    before = [mill.get(path + name) for name in files]
    report = before[0].json
    assert (report["at"], report["recall"]["state"]) == (closed.json["closed_at"], "closed")
    assert report["recall"]["signature"] == signature
    assert report["log"][-1]["text"] == "Closed: Exercise."
    # Whatever the plant does afterwards.
    taken = line("in", "input", "APPLE", "A-1", "10")
    record(mill, operation("production", taken, line("out", "main", "APPLE", "A-7", "9", made_on="2026-03-01")))
    record(mill, operation("shipment", line("in", "shipped", "CIDER", "C-1", "5"), partner="SHOP", document="SO-2"))
    shop = mill.get("partners/SHOP/")
    mill.patch("partners/SHOP/", {"address": "2 High Street"}, If_Match=shop.headers["ETag"])
    after = [mill.get(path + name) for name in files]
    assert [answer.body for answer in after] == [answer.body for answer in before]
    assert [answer.headers["ETag"] for answer in after] == [
        f'"{report["sha256"]}"',
        *[f'"{report["sha256"]}.en"'] * 3,
    ]
    assert mill.get(f"{path}report.pdf", Accept_Language="fr").headers["ETag"] == f'"{report["sha256"]}.fr"'


def test_all_lots_of_a_recall_are_let_go_at_once(mill: Api) -> None:
    case = recall(mill).json
    path = f"recalls/{case['id']}/"
    pomace = lot_id(mill, "POMACE", "P-1")
    assert mill.post(f"lots/{pomace}/hold/", {"reason": "mouldy"}).status == 200
    assert mill.post(f"{path}unhold/", {"reason": " "}).places == {"/reason": "required"}
    lifted = mill.post(f"{path}unhold/", {"reason": "analysed: clean"})
    # The goods that came back are on hold for that, too.
    assert (lifted.status, lifted.json) == (200, {"lots": 5, "still_held": 2})
    lots = mill.get(f"{path}lots/").json["items"]
    assert [lot["disposition"] for lot in lots] == ["released", "released", "on_hold", "released", "on_hold"]
    log = mill.get(f"{path}log/").json["items"]
    assert log[-1]["text"] == "Lots whose hold was lifted: 5; of them still on hold: 2. analysed: clean"
    again = mill.post(f"{path}unhold/", {"reason": "analysed: clean"})
    assert (again.status, again.codes) == (409, ["not_held"])
    assert mill.post("recalls/none/unhold/", {"reason": "x"}).status == 404


def test_a_hold_of_the_recall_that_is_lifted_alone_stands_in_its_log(mill: Api) -> None:
    case = recall(mill).json
    juice = lot_id(mill, "JUICE", "J-1")
    (hold,) = mill.get(f"lots/{juice}/holds/").json["items"]
    assert mill.post(f"lots/{juice}/unhold/", {"reason": "analysed: clean", "hold": hold["id"]}).status == 200
    last = mill.get(f"recalls/{case['id']}/log/").json["items"][-1]
    assert (last["text"], last["by"]) == ("Hold lifted from lot JUICE J-1 at MILL: analysed: clean", "odile")


def test_the_log_is_read_page_by_page_and_says_when_each_entry_was_written(mill: Api) -> None:
    path = f"recalls/{recall(mill).json['id']}/log/"
    happened = "2026-03-03T08:30:00+00:00"
    mill.post(path, {"step": "notified", "partner": "SHOP", "happened_at": happened})
    first = mill.get(path, "limit=1").json
    rest = mill.get(path, f"limit=1&cursor={first['next']}").json
    ((notified,), (opened,)) = first["items"], rest["items"]
    assert (notified["at"], rest["next"]) == (happened, None)
    assert opened["recorded_at"] == opened["at"] < notified["recorded_at"]
    assert mill.get(path, "cursor=x").status == 400


def test_recalls_are_found_by_state_kind_and_site(mill: Api) -> None:
    real, mock = recall(mill).json["code"], recall(mill, code="R-2", mock=True).json["code"]
    for query, codes in (
        ("state=open", [mock, real]),
        ("state=closed", []),
        ("mock=true", [mock]),
        ("mock=false&site=MILL", [real]),
        ("site=DEPOT", []),
    ):
        assert [case["code"] for case in mill.get("recalls/", query).json["items"]] == codes, query
    assert mill.get("recalls/", "state=forgotten").status == 422
    assert mill.get("recalls/", "mock=perhaps").status == 400
    assert mill.get("recalls/", "hazard=glass").status == 400
