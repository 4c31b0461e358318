"""Whatever somebody does to the database behind the application's back, `verify_audit` finds it."""

import csv
import hashlib
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from random import Random
from stat import S_IMODE
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from attrs import define
from dependency_injector.providers import Object
from django.apps import apps  # noqa: TID251 - the container is asked, not a model
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings
from typing_extensions import override

from application.access.add_user import AddUser
from application.access.change_user import ChangeUser
from application.access.issue_token import IssueToken
from application.access.revoke_token import RevokeToken
from application.access.set_password import SetPassword
from application.processes.verify_history import Verified, VerifyHistoryHandler
from application.quality.lift_hold import LiftHold
from application.quality.lift_recall_holds import LiftRecallHolds
from application.quality.place_hold import PlaceHold
from application.shared.clock import Clock
from application.shared.signing import Signing
from application.traceability.close_recall import CloseRecall
from application.traceability.open_recall import OpenRecall
from application.traceability.sign_recall import SignRecall
from config.container import Container
from domain.access.rights import Grant, Right, Role
from domain.access.user import User
from domain.history.chain import Finding
from domain.production.lot import Disposition
from domain.traceability.origin import LotsOrigin
from tests.core.plant import SITES, destroyed, made, operation, received, returned, shipped, used
from tests.database import Database, connect_to, in_threads
from tests.e2e.client import Api
from tests.e2e.plant import furnish, receipt
from tests.factories.checks import LONG, rows
from tests.factories.damage import DAMAGE, link, move_head
from tests.factories.plant import ACTOR, STORABLE_CAMPAIGNS, StoredPlant
from tests.factories.raw import execute

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

ROUNDS = 10_000 if LONG else 200
ENTRIES = 100_000 if LONG else 2_000

Published = dict[str, dict[int, str]]


@cache
def verify_history() -> VerifyHistoryHandler:
    """Made once: it keeps nothing, and making a container takes as long as some rounds of damage."""
    return Container().history.verify_history()


def looked(published: Published | None = None) -> tuple[Verified, list[Finding]]:
    """What verifying looks at, and what it finds."""
    found: list[Finding] = []
    return verify_history()(published or {}, found.append), found


def verify_audit(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def filled() -> StoredPlant:
    """A plant in which a bit of everything happened."""
    plant = StoredPlant().furnish()
    plant.record("receipt", *(received("APPLE", str(lot), "1000") for lot in range(4)), partner="SUPPLIER")
    for lot in range(4):
        taken, given = used("APPLE", str(lot), "60"), made("JUICE", f"J{lot}", "50")
        plant.record("production", taken, given, campaign="SPRING")
        plant.record("receipt", received("CIDER", str(lot), "100"))
        plant.record("shipment", shipped("CIDER", str(lot), "5"))
    plant.reverse(plant.record("loss", destroyed("APPLE", "1", "1")).id)
    plant.correct(
        plant.record("loss", destroyed("APPLE", "2", "1")).id, operation("loss", destroyed("APPLE", "2", "2"))
    )
    plant.close("SPRING")
    plant.reopen("SPRING")
    plant.close("SPRING")
    traceability, now = plant.container.traceability, datetime.now(UTC)
    suspects = LotsOrigin(frozenset({plant.lot("CIDER", "1").id}))
    recall = traceability.open_recall()(OpenRecall("R-1", "Glass.", now, suspects, True, ACTOR, now))
    traceability.close_recall()(CloseRecall(recall.id, "Exercise.", None, ACTOR, datetime.now(UTC)))
    decide(plant)
    admit(plant)
    return plant


def admit(plant: StoredPlant) -> None:
    """Let some people and programs in."""
    access, now = plant.container.access, datetime.now(UTC)
    paul = User("paul", "Paul", grants=frozenset({Grant(Role.QUALITY, "A"), Grant(Role.AUDITOR)}))
    access.add_user()(AddUser(paul, ACTOR, now, lambda: link_account("paul"), "openid f00d"))
    access.add_user()(AddUser(User("root", grants=frozenset({Grant(Role.ADMINISTRATOR)})), ACTOR, now))
    access.change_user()(ChangeUser("paul", 1, ACTOR, now, "Paul M.", grants=frozenset({Grant(Role.QUALITY, "A")})))
    access.set_password()(SetPassword("paul", "correct horse battery", ACTOR, now))
    access.set_password()(SetPassword("paul", "staple correct horse", ACTOR, now))
    scopes, until = frozenset({Right.READ, Right.HISTORY}), now + timedelta(days=90)
    gone = access.issue_token()(IssueToken("paul", "scales", ACTOR, now, scopes, until))
    access.revoke_token()(RevokeToken(gone.token.id, ACTOR, now))
    access.issue_token()(IssueToken("paul", "press", ACTOR, now, scopes, until))
    access.issue_token()(IssueToken("odile", "auditor", ACTOR, now, admit=True))


def link_account(username: str) -> None:
    """Link a user as sign-in with OpenID Connect does."""
    execute(
        "INSERT INTO socialaccount_socialaccount (provider, uid, last_login, date_joined, extra_data, user_id) "
        "SELECT 'openid', 'f00d', now(), now(), '{}', id FROM identity_user WHERE username = %s",
        username,
    )


def decide(plant: StoredPlant) -> None:
    """Let quality decide about lots, hold some of them, and let one of them be recalled."""
    quality, traceability, now = plant.container.quality, plant.container.traceability, datetime.now(UTC)
    for lot in ("0", "2"):
        held = plant.lot("CIDER", lot).id
        quality.place_hold()(PlaceHold(held, "glass", Signing("I saw it"), ACTOR, now))
    quality.lift_hold()(LiftHold(held, "no glass", None, ACTOR, now))
    plant.decide("CIDER", "3", Disposition.REJECTED)
    plant.decide("JUICE", "J3", Disposition.REJECTED)
    plant.decide("JUICE", "J3", Disposition.RELEASED)
    plant.record("receipt", received("CIDER", "W", "9", site="WARY"), site="WARY")
    plant.record("shipment", shipped("CIDER", "W", "5", site="WARY"), site="WARY")
    plant.record("return", returned("CIDER", "W", "2", site="WARY"), site="WARY")
    suspects = LotsOrigin(frozenset({plant.lot("APPLE", "3").id}))
    recall = traceability.open_recall()(OpenRecall("R-2", "Glass.", now, suspects, False, ACTOR, now))
    taken, given = used("CIDER", "W", "1", site="WARY"), made("CIDER", "W", "1", site="WARY", sub_lot="X")
    plant.record("split", taken, given, site="WARY")
    plant.record("rework", used("JUICE", "J3", "1"), made("POMACE", "P", "1"))
    quality.lift_recall_holds()(LiftRecallHolds(recall.id, "none found", None, ACTOR, datetime.now(UTC)))
    traceability.sign_recall()(SignRecall(recall.id, Signing("I opened it"), ACTOR, datetime.now(UTC)))


@pytest.fixture
def superuser(committed_database: Database) -> Iterator[Database]:
    """Connect as somebody whom no trigger and no right stops."""
    with psycopg.connect(committed_database.administrator) as administrator:
        if administrator.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone() != (True,):
            pytest.skip("The administrator of this server isn't a superuser.")
    filled()
    address = urlsplit(committed_database.administrator)._replace(path=f"/{committed_database.name}")
    connect_to(address.geturl(), application=committed_database.application)
    yield committed_database
    connect_to(committed_database.application)


def test_all_damage_is_found(superuser: Database) -> None:
    verified, found = looked()
    assert found == []
    assert (verified.documents, verified.operations) == (3, rows("SELECT count(*) FROM operation")[0][0])
    published = {head.chain: {head.number: head.sha256} for head in verified.heads}
    kinds = list(DAMAGE)
    for number in range(ROUNDS):
        chance, damage = Random(number), kinds[number % len(kinds)]  # noqa: S311 - the same each time
        with transaction.atomic():
            execute("SET LOCAL session_replication_role = replica")
            damage(chance)
            verified, found = looked(published)
            transaction.set_rollback(True)
        codes = {finding.code for finding in found}
        assert codes & DAMAGE[damage], f"Round {number}, {damage.__name__}: {found}"
        assert verified.findings == len(found)
    assert looked(published)[1] == []


def test_nothing_is_found_while_others_record(committed_database: Database) -> None:
    plant = StoredPlant().furnish()
    plant.record("receipt", *(received("APPLE", str(lot), "1000000") for lot in range(8)))
    batch, done = 25, []

    def record_or_verify(index: int) -> list[Finding]:
        found: list[Finding] = []
        if index < 8:
            for number in range(ENTRIES // 8 // batch):
                usual = {"campaign": "SPRING"} if number % 2 else {"site": "A"}
                makes = [made("JUICE", f"{index}-{number}-{part}", "1") for part in range(batch)]
                plant.take(
                    *(operation("production", used("APPLE", str(index), "1"), made_, **usual) for made_ in makes)
                )
            done.append(index)
            return found
        rounds = 0
        while len(done) < 8:
            found += looked()[1]
            rounds += 1
        assert rounds
        return found

    assert in_threads(9, record_or_verify) == [[]] * 9
    verified, found = looked()
    assert found == []
    assert verified.operations == 1 + ENTRIES // 8 // batch * 8 * batch
    assert verified.entries > verified.operations


# What isn't wrong, and noted


@define
class TurnedClock(Clock):
    """Says what it is turned to."""

    at: datetime

    @override
    def now(self) -> datetime:
        return self.at


@pytest.mark.usefixtures("db")
def test_a_clock_that_ran_back_is_told_of_and_nothing_is_wrong() -> None:
    clock, container = TurnedClock(NOON), apps.get_app_config("config").container
    with container.system.clock.override(Object(clock)):
        api = furnish(Api.of("odile"))
        for minutes in (0, -60, -30, 5):
            clock.at = NOON + timedelta(minutes=minutes)
            assert api.post("operations/", receipt(f"L{minutes}")).status == 201
        entries = api.get("audit/", "subject=operation").json["items"]
        table = api.get("audit/", "subject=operation", Accept="text/csv").body.decode()
    times = [(entry["at"], entry.get("clock")) for entry in reversed(entries)]
    assert times == [
        ("2026-03-02T12:00:00.000000Z", None),
        ("2026-03-02T12:00:00.000000Z", "2026-03-02T11:00:00.000000Z"),
        ("2026-03-02T12:00:00.000000Z", "2026-03-02T11:30:00.000000Z"),
        ("2026-03-02T12:05:00.000000Z", None),
    ]
    assert [row["clock"] for row in csv.DictReader(StringIO(table, newline=""))] == [
        entry.get("clock", "") for entry in entries
    ]
    for entry in entries:
        check_hash(entry)
    verified, found = looked()
    assert {finding.code for finding in found} <= NOT_BY_USE_CASES
    behind = f"Entries up to no. {entries[1]['number']} say a time up to 1:00:00 before that of an entry ahead: "
    (note,) = verified.notes
    assert (note.chain, note.number, note.code) == ("site/MILL", entries[2]["number"], "clock_ran_back")
    assert note.detail.startswith(behind)


NOT_BY_USE_CASES = {"user_not_entered", "role_not_entered", "token_not_entered"}
"""Whom `Api.of` lets in."""


def check_hash(entry: dict[str, Any]) -> None:
    """By the recipe of docs/decisions/0018."""
    document = dict(entry)
    chain, number, sha256, _ = (document.pop(name) for name in ("chain", "number", "sha256", "sentence"))
    ((previous,),) = rows(
        "SELECT entry.sha256 FROM history_entry AS entry JOIN history_chain AS chain ON chain.id = entry.chain_id "  # noqa: S608 - our own text
        f"WHERE chain.name = '{chain}' AND entry.number = {number - 1}"
    )
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(f"{previous}\n{chain}\n{number}\n{text}".encode()).hexdigest() == sha256


def rewrite(edit: str, where: str) -> None:
    """Let entries of the plant's chain say something else, as if they had always said it."""
    plant = chain("plant")
    execute(f"UPDATE history_entry SET document = ({edit})::text WHERE chain_id = %s AND {where}", plant)  # noqa: S608 - our own text
    execute("UPDATE history_entry SET at = document::jsonb ->> 'at' WHERE chain_id = %s", plant)
    move_head(plant, *link(plant, 1))


@pytest.mark.usefixtures("superuser")
def test_entries_of_before_that_ran_back_are_told_of_and_nothing_is_wrong() -> None:
    with transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")
        rewrite("jsonb_set(document::jsonb, '{at}', '\"2026-01-01T00:00:00.000000Z\"')", "number = 2")
        verified, found = looked()
        transaction.set_rollback(True)
    assert found == []
    assert [(note.chain, note.code) for note in verified.notes if note.number == 2] == [("plant", "clock_ran_back")]


@pytest.mark.usefixtures("superuser")
def test_what_was_entered_before_hashes_were_is_noted_and_nothing_is_wrong() -> None:
    with transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")
        rewrite("jsonb_set(document::jsonb, '{after}', 'null')", "action = 'password_set'")
        rewrite("document::jsonb #- '{after,sha256}'", "action = 'token_issued'")
        rewrite("document::jsonb #- '{after,picture}'", "action = 'closed'")
        rewrite("document::jsonb #- '{after,openid}'", "action = 'added' AND subject_code <> 'paul'")
        rewrite(
            "jsonb_set(document::jsonb #- '{after,openid}', '{actor}', '\"openid\"')",
            "action = 'added' AND subject_code = 'paul'",
        )
        execute("UPDATE history_entry SET actor = document::jsonb ->> 'actor'")
        execute("UPDATE recall_report SET picture = picture || ' '")
        verified, found = looked()
        transaction.set_rollback(True)
    assert found == []
    assert [(note.code, note.detail.split()[0]) for note in verified.notes if note.number == 0] == [
        ("passwords_not_compared", "1"),
        ("tokens_not_compared", "2"),
        ("accounts_not_compared", "1"),
    ]


# The command


@pytest.fixture
def key(settings: Settings) -> None:
    """Sign with a key of the test's own."""
    settings.CHECKPOINT_KEY = "7" * 64


def refusal(*arguments: str) -> tuple[list[str], str]:
    """The findings that the command prints, and the error that it ends with."""
    out = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("verify_audit", *arguments, stdout=out)
    assert raised.value.returncode == 1
    *told, looked_at = out.getvalue().splitlines()
    assert looked_at.endswith(" were looked at.")
    return [line for line in told if not line.startswith("note: ")], str(raised.value)


@pytest.mark.usefixtures("db")
def test_it_says_how_much_it_looked_at() -> None:
    says = "0 chains of 0 entries, 0 operations and 0 balances and reports were looked at.\nAll in order.\n"
    assert verify_audit() == says
    plant = StoredPlant().furnish()
    plant.record("receipt", received("APPLE", "1", "10"))
    plant.close("SPRING")
    ((entries,),) = rows("SELECT count(*) FROM history_entry")
    chains = len(STORABLE_CAMPAIGNS) + len(SITES) + 1
    says = f"{chains} chains of {entries} entries, 1 operations and 1 balances and reports were looked at.\n"
    says += "All in order.\n"
    assert verify_audit() == says


@pytest.mark.usefixtures("superuser")
def test_it_says_what_is_wrong_and_fails() -> None:
    with transaction.atomic():
        execute("SET LOCAL session_replication_role = replica")
        execute("UPDATE lot SET on_hand = 1 WHERE code = 'J1'")
        execute("UPDATE history_entry SET document = '{}' WHERE number = 2 AND chain_id = %s", chain("plant"))
        assert refusal() == (
            [
                "plant, no. 2: altered: It, or the hash of the entry before it, isn't what was hashed.",
                "plant, no. 2: misfiled: Its time, actor, subject or action to look it up by isn't what it says.",
                "site/A: wrong_on_hand: Lot JUICE J1 has 1 on hand, and 50 by its movements.",
                "plant: records_not_entered: 1 of the records called product are in no entry.",
            ],
            "Findings: 4.",
        )
        transaction.set_rollback(True)


def chain(name: str) -> int:
    """The id of a chain."""
    return int(rows(f"SELECT id FROM history_chain WHERE name = '{name}'")[0][0])  # noqa: S608 - our own text


@pytest.mark.usefixtures("db")
def test_a_plant_that_was_made_without_the_history_is_told_of_in_few_lines() -> None:
    call_command("make_reference_plant", "--lots", "1000", "--edges", "3000", stdout=StringIO())
    ((operations,),) = rows("SELECT count(*) FROM operation")
    ((lots,),) = rows("SELECT count(*) FROM lot")
    findings, _ = refusal()
    assert operations > 100
    assert findings[:2] == [
        f"site/REFERENCE: operations_not_entered: {operations} operations of this site are in no entry.",
        f"site/REFERENCE: lots_not_entered: {lots} lots of this site: in no entry, or not as it is now.",
    ]
    assert {finding.partition(" of ")[0] for finding in findings[2:]} == {
        f"plant: records_not_entered: {rows(f'SELECT count(*) FROM {kind}')[0][0]}"  # noqa: S608 - our own text
        for kind in ("product", "site", "partner", "operator")
    }
    assert len(findings) == 6


@pytest.mark.usefixtures("superuser", "key")
def test_only_what_was_published_shows_a_cut_end_and_a_rewritten_chain(tmp_path: Path) -> None:
    file = str(tmp_path / "heads.jsonl")
    verify_audit("--publish", file)
    verify_audit("--against", file, "--publish", file)
    assert len((tmp_path / "heads.jsonl").read_text().splitlines()) == 2
    for damage, code in ((forget_the_last, "cut_off"), (write_anew, "rewritten")):
        with transaction.atomic():
            execute("SET LOCAL session_replication_role = replica")
            damage(chain("plant"))
            verify_audit()
            findings, says = refusal("--against", file, "--publish", file)
            assert [finding.split(": ")[1] for finding in findings] == [code]
            assert says == "Findings: 1. Nothing was published."
            transaction.set_rollback(True)
    assert len((tmp_path / "heads.jsonl").read_text().splitlines()) == 2
    verify_audit("--against", file)


def forget_the_last(of: int) -> None:
    """Cut the last entry off, with the token that it tells of, and say that the chain ends before it."""
    execute("DELETE FROM identity_accesstoken WHERE id = (SELECT max(id) FROM identity_accesstoken)")
    execute(
        "DELETE FROM history_entry WHERE chain_id = %s AND number = (SELECT number FROM history_chain WHERE id = %s)",
        of,
        of,
    )
    move_head(of, *link(of, 10**9))


def write_anew(of: int) -> None:
    """Let the first entry say something else, and hash all others anew."""
    forged = "jsonb_set(document::jsonb, '{reason}', '\"forged\"')::text"
    execute(f"UPDATE history_entry SET document = {forged} WHERE chain_id = %s AND number = 1", of)  # noqa: S608 - our own text
    move_head(of, *link(of, 1))


@pytest.mark.usefixtures("db", "key")
def test_what_was_not_signed_here_proves_nothing_and_is_told_of(tmp_path: Path, settings: Settings) -> None:
    StoredPlant().furnish()
    file = tmp_path / "heads.jsonl"
    verify_audit("--publish", str(file))
    line = file.read_text()
    file.write_text(f"{line}{line.replace('plant', 'plane')}nonsense\n[]\n{{}}\n")
    detail = "forged: This line isn't a checkpoint that was signed here."
    forged = [f"checkpoints, no. {number}: {detail}" for number in (2, 3, 4, 5)]
    assert refusal("--against", str(file)) == (forged, "Findings: 4.")
    settings.CHECKPOINT_KEY = "8" * 64
    assert refusal("--against", str(file))[0][0] == f"checkpoints, no. 1: {detail}"


@pytest.mark.usefixtures("db")
def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIGNAGE_STATE", str(tmp_path))
    StoredPlant().furnish()
    verify_audit("--publish", str(tmp_path / "heads.jsonl"))
    assert S_IMODE((tmp_path / "checkpoint-key").stat().st_mode) == 0o600
    verify_audit("--against", str(tmp_path / "heads.jsonl"))


@pytest.mark.usefixtures("db", "key")
def test_a_stranger_checks_a_signature_with_openssl(tmp_path: Path) -> None:
    """As docs/decisions/0018 says."""
    StoredPlant().furnish()
    verify_audit("--publish", str(tmp_path / "heads.jsonl"))
    document = json.loads((tmp_path / "heads.jsonl").read_text())
    signature = bytes.fromhex(document.pop("signature"))
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    # What RFC 8410 puts before an Ed25519 key.
    key = bytes.fromhex("302a300506032b6570032100" + document["key"])
    for name, content in (("key", key), ("text", text), ("signature", signature)):
        (tmp_path / name).write_bytes(content)
    command = "openssl pkeyutl -verify -pubin -inkey key -keyform DER -rawin -in text -sigfile signature"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "Signature Verified Successfully\n"


@pytest.mark.usefixtures("db")
def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "none" / "heads.jsonl"
    for option in ("--against", "--publish"):
        with pytest.raises(CommandError) as raised:
            verify_audit(option, str(missing))
        assert (str(raised.value), raised.value.returncode) == (f"{missing}: No such file or directory.", 2)
