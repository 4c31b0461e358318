"""An auditor reads who did what, when and why: about a lot, about a campaign, and all of it."""

import csv
import hashlib
import io
import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, operation, plan_and_open, pressing, receipt, record

pytestmark = pytest.mark.django_db

LINES, TABLE = "application/x-ndjson", "text/csv"
SIGNED = {"explanation": "20 kg went to the cows.", "signature": {"meaning": "I saw them."}}


@pytest.fixture
def mill(plant: Api) -> Api:
    """Give a plant where something was received, pressed, held, let go and rejected."""
    plan_and_open(plant)
    record(plant, receipt())
    record(plant, receipt("A-2"))
    record(plant, pressing("C-1"))
    for product, code, what, why in (
        ("APPLE", "A-1", "hold", "glass"),
        ("APPLE", "A-2", "hold", "mould"),
        ("APPLE", "A-1", "unhold", "no glass"),
        ("APPLE", "A-1", "reject", "too old"),
    ):
        assert plant.post(f"lots/{lot_id(plant, product, code)}/{what}/", {"reason": why}).status == 200
    return plant


def told(api: Api, path: str, query: str = "", **headers: str) -> list[str]:
    """The sentences of a list, without when and by whom, the first thing that happened first."""
    answer = api.get(path, query, **headers)
    assert answer.status == 200, answer
    return [re.sub(r"^.* UTC, odile ", "", item["sentence"]) for item in reversed(answer.json["items"])]


def test_the_history_of_a_lot_in_sentences(mill: Api) -> None:
    lot = lot_id(mill, "APPLE", "A-1")
    assert told(mill, f"lots/{lot}/history/") == [
        "recorded a receipt at MILL.",
        "recorded a production at MILL in campaign C-1.",
        "put 1 lot on hold (Lot APPLE A-1 at MILL): glass.",
        "lifted a hold from lot APPLE A-1 at MILL: no glass.",
        "rejected lot APPLE A-1 at MILL: too old.",
    ]
    french = told(mill, f"lots/{lot}/history/", "limit=1", Accept_Language="fr")
    assert french == ["a rejeté le lot APPLE A-1 à MILL\u00a0: too old."]
    latest = mill.get(f"lots/{lot}/history/", "limit=1").json["items"][0]
    at = datetime.fromisoformat(latest["at"])
    assert latest["sentence"].startswith(f"On {at.day} {at:%B %Y} at {at:%H:%M} UTC, odile rejected lot APPLE A-1")


def test_recalls_belong_to_the_history_of_their_lots(mill: Api) -> None:
    lot = lot_id(mill, "APPLE", "A-2")
    recall = mill.post(
        "recalls/", {"code": "R", "hazard": "glass", "known_at": "2026-03-02T09:00:00Z", "suspects": {"lots": [lot]}}
    )
    assert recall.status == 201
    assert mill.post(f"recalls/{recall.json['id']}/unhold/", {"reason": "none found"}).status == 200
    assert told(mill, f"lots/{lot}/history/")[2:] == [
        "opened recall R: glass.",
        (
            "made a note in recall R: Opened: one lot, chosen by hand. Suspect lots: 1; lots in the recall: 1, "
            "all of them on hold."
        ),
        "added 1 lot to recall R.",
        "put 1 lot on hold (Lots as they became part of recall R): Recall R: glass.",
        f"lifted the holds of recall {recall.json['id']} from 1 lot; other holds still stand on 1 lot: none found.",
        "made a note in recall R: Lots whose hold was lifted: 1; of them still on hold: 1. none found.",
    ]
    assert not any("recall" in sentence for sentence in told(mill, f"lots/{lot_id(mill, 'JUICE', 'J-1')}/history/"))


def test_a_hold_is_lifted_from_each_lot_by_itself(mill: Api) -> None:
    """Who lifts a hold from one lot doesn't enter the history of the others."""
    lots = [lot_id(mill, "JUICE", "J-1"), lot_id(mill, "POMACE", "P-1")]
    known = {"hazard": "glass", "known_at": "2026-03-02T09:00:00Z"}
    assert mill.post("recalls/", {"code": "R", **known, "suspects": {"lots": lots}}).status == 201
    (hold,) = mill.get(f"lots/{lots[0]}/holds/").json["items"]
    assert mill.post(f"lots/{lots[0]}/unhold/", {"reason": "seen", "hold": hold["id"]}).status == 200
    lifted = [any("lifted a hold" in said for said in told(mill, f"lots/{lot}/history/")) for lot in lots]
    assert lifted == [True, False]


def test_the_history_of_a_campaign_in_sentences(mill: Api) -> None:
    assert mill.post("campaigns/C-1/close/", SIGNED).status == 200
    assert told(mill, "campaigns/C-1/history/") == [
        "planned campaign C-1.",
        "opened campaign C-1.",
        "recorded a production at MILL in campaign C-1.",
        "closed campaign C-1 with version 1 of its balance: 20 kg went to the cows. Signed by odile: “I saw them.”",
    ]
    latest = mill.get("campaigns/C-1/history/", "limit=1").json["items"][0]
    assert (latest["chain"], latest["number"], latest["actor"]) == ("campaign/C-1", 4, "odile")
    assert latest["before"] == {"state": "open"}
    assert latest["after"]["sha256"] == mill.get("campaigns/C-1/balance/").json["sha256"]
    assert latest["signature"]["meaning"] == "I saw them."
    assert re.fullmatch("[0-9a-f]{64}", latest["sha256"])


def test_nothing_has_no_history(mill: Api) -> None:
    for path in (f"lots/{'0' * 8}-0000-7000-8000-{'0' * 12}/history/", "lots/A-1/history/", "campaigns/NONE/history/"):
        assert mill.get(path).status == 404


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("campaign=C-1", ["planned", "opened", "recorded"]),
        ("campaign=NONE", []),
        ("site=MILL&action=recorded", ["recorded"] * 3),
        ("site=MILL&subject=lot", ["rejected"]),
        ("site=MILL&subject=campaign", ["planned", "opened"]),
        ("site=DEPOT", ["added"]),
        ("subject=site", ["added", "added"]),
        ("subject=product:JUICE", ["added"]),
        ("subject=hold", ["placed", "placed", "lifted"]),
        ("action=lifted", ["lifted"]),
        ("actor=nobody", []),
        ("actor=odile&action=rejected", ["rejected"]),
        ("since=2090-01-01T00:00:00Z", []),
        ("until=2020-01-01T00:00:00Z", []),
        ("since=2020-01-01T00:00:00Z&until=2090-01-01T00:00:00Z&subject=line", ["added", "added"]),
    ],
)
def test_which_entries_are_wanted(mill: Api, query: str, actions: list[str]) -> None:
    answer = mill.get("audit/", query)
    assert answer.status == 200, answer
    assert [item["action"] for item in reversed(answer.json["items"])] == actions


def test_entries_of_a_lot_among_others(mill: Api) -> None:
    lot = lot_id(mill, "APPLE", "A-2")
    assert [item["action"] for item in mill.get("audit/", f"lot={lot}").json["items"]] == ["placed", "recorded"]
    assert [item["action"] for item in mill.get("audit/", f"lot={lot}&subject=hold").json["items"]] == ["placed"]
    assert len(mill.get("audit/", f"lot={lot}", Accept=TABLE).body.splitlines()) == 3


def test_entries_of_one_subject_by_its_id(mill: Api) -> None:
    lot = lot_id(mill, "APPLE", "A-1")
    assert [item["action"] for item in mill.get("audit/", f"subject=lot:{lot.upper()}").json["items"]] == ["rejected"]
    assert mill.get("audit/", f"subject=hold:{lot}").json["items"] == []


@pytest.mark.parametrize(
    ("query", "place", "code"),
    [
        ("action=eaten", "action", "unknown_value"),
        ("subject=cat:7", "subject", "unknown_value"),
        ("lot=A-1", "lot", "bad_uuid"),
        ("since=yesterday", "since", "bad_time"),
    ],
)
def test_what_cannot_be_asked(mill: Api, query: str, place: str, code: str) -> None:
    for accepted in ("application/json", LINES, TABLE):
        answer = mill.get("audit/", query, Accept=accepted)
        assert (answer.status, answer.places) == (422, {place: code})


@pytest.mark.parametrize("filters", [{}, {"campaign": "C-1"}, {"site": "MILL"}, {"actor": "odile"}])
def test_page_by_page_it_is_the_same(mill: Api, filters: dict[str, str]) -> None:
    whole = mill.get("audit/", urlencode({"limit": 500, **filters})).json["items"]
    asked: dict[str, Any] = {"limit": 2, **filters}
    seen: list[dict[str, Any]] = []
    while True:
        page = mill.get("audit/", urlencode(asked)).json
        seen += page["items"]
        record(mill, operation("loss", line("in", "loss", "APPLE", "A-2", "1", reason="eaten")))
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert len(whole) > 2
    assert seen == whole
    times = [item["at"] for item in whole]
    assert times == sorted(times, reverse=True)


def test_all_of_it_line_by_line(mill: Api) -> None:
    answer = mill.get("audit/", "limit=1&subject=hold", Accept=LINES, Accept_Language="fr")
    assert (answer.status, answer.type) == (200, LINES)
    head, *entries, end = map(json.loads, answer.body.splitlines())
    assert (head, end) == ({"type": "audit"}, {"type": "end", "changes": 3})
    page = mill.get("audit/", "subject=hold", Accept_Language="fr").json["items"]
    assert entries == [{"type": "change", **item} for item in page]
    assert "a levé un blocage" in entries[0]["sentence"]


def test_anybody_can_check_the_chains_from_what_is_served(mill: Api) -> None:
    """By the recipe alone, without the program's own functions."""
    assert mill.post("campaigns/C-1/close/", SIGNED).status == 200
    lines = [json.loads(line) for line in mill.get("audit/", Accept=LINES).body.splitlines()]
    entries = [line for line in lines if line["type"] == "change"]
    heads: dict[str, tuple[int, str]] = {}
    for entry in sorted(entries, key=lambda entry: (entry["chain"], entry["number"])):
        del entry["type"], entry["sentence"]
        chain, number, claimed = entry.pop("chain"), entry.pop("number"), entry.pop("sha256")
        before, previous = heads.get(chain, (0, "0" * 64))
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert number == before + 1
        assert hashlib.sha256(f"{previous}\n{chain}\n{number}\n{text}".encode()).hexdigest() == claimed
        heads[chain] = (number, claimed)
    assert heads.keys() == {"plant", "site/MILL", "site/DEPOT", "campaign/C-1"}


def test_all_of_it_as_a_table(mill: Api) -> None:
    assert mill.post("campaigns/C-1/close/", SIGNED).status == 200
    answer = mill.get("audit/", "campaign=C-1&limit=1", Accept=TABLE)
    assert (answer.status, answer.type.partition(";")[0]) == (200, TABLE)
    assert answer.body.count(b"\r\n") == 5
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    page = mill.get("audit/", "campaign=C-1").json["items"]
    assert [(row["number"], row["sentence"]) for row in rows] == [(str(e["number"]), e["sentence"]) for e in page]
    closed, *_, planned = rows
    assert (closed["subject_code"], closed["signature_meaning"]) == ("C-1", "I saw them.")
    assert json.loads(closed["after"]) == page[0]["after"]
    assert (planned["before"], planned["signature_at"]) == ("", "")


FORMULA = '=HYPERLINK("http://a.example";"so")\r\n@so; +1'


@pytest.fixture
def mocked(mill: Api) -> Api:
    """Give a plant where somebody typed formulas wherever a text may be typed."""
    assert mill.post("partners/", {"code": "=ODD", "name": FORMULA, "role": "both"}).status == 201
    assert mill.post(f"lots/{lot_id(mill, 'APPLE', 'A-2')}/hold/", {"reason": FORMULA}).status == 200
    assert mill.post(f"lots/{lot_id(mill, 'APPLE', 'A-2')}/unhold/", {"reason": "'-1"}).status == 200
    assert mill.post("campaigns/C-1/close/", {"explanation": FORMULA, "signature": {"meaning": "=1+1"}}).status == 200
    return mill


def test_lines_are_as_they_were_typed(mocked: Api) -> None:
    lines = [json.loads(line) for line in mocked.get("audit/", Accept=LINES).body.splitlines()]
    typed = [line["reason"] for line in lines if line["type"] == "change"]
    assert {FORMULA, "'-1"} <= set(typed)


def test_no_cell_of_the_table_is_calculated(mocked: Api) -> None:
    answer = mocked.get("audit/", Accept=f"{TABLE}")
    (_, *rows) = csv.reader(io.StringIO(answer.body.decode(), newline=""))
    cells = {cell for row in rows for cell in row}
    assert {"'=ODD", "'=1+1", "''-1", '\'=HYPERLINK("http://a.example";"so")\r\n\'@so;\' +1'} <= cells
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)


def test_anybody_can_check_the_chains_from_the_table(mocked: Api) -> None:
    """By the recipe of docs/api.md alone, without the program's own functions."""
    text = mocked.get("audit/", Accept=TABLE).body.decode()
    rows = [
        {name: re.sub(r"(^|[;\t\r\n])'", r"\1", cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]
    heads: dict[str, tuple[int, str]] = {}
    for row in sorted(rows, key=lambda row: (row["chain"], int(row["number"]))):
        entry: dict[str, Any] = {name: row[name] for name in ("at", "actor", "on_behalf_of", "channel", "request")}
        entry["subject"] = {name: row[f"subject_{name}"] for name in ("kind", "id", "code")}
        entry |= {name: row[name] for name in ("action", "reason")}
        entry |= {name: json.loads(row[name] or "null") for name in ("before", "after")}
        entry["signature"] = signature_of(row)
        number, previous = heads.get(row["chain"], (0, "0" * 64))
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        hashed = hashlib.sha256(f"{previous}\n{row['chain']}\n{number + 1}\n{text}".encode()).hexdigest()
        assert (int(row["number"]), hashed) == (number + 1, row["sha256"])
        heads[row["chain"]] = (number + 1, hashed)
    assert heads.keys() == {"plant", "site/MILL", "site/DEPOT", "campaign/C-1"}


def signature_of(row: dict[str, str]) -> dict[str, Any] | None:
    """The signature of a row, as it was hashed."""
    if not row["signature_name"]:
        return None
    signed: dict[str, Any] = {name: row[f"signature_{name}"] for name in ("name", "meaning", "at", "document")}
    return signed | {"proven": json.loads(row["signature_proven"])}


def test_whoever_is_unknown_reads_no_history() -> None:
    assert Api().get("audit/").status == 401
