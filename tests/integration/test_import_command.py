"""`manage.py import_log` takes a log over whole or not at all, and says what it did."""

import csv
import gc
import shutil
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from application.production import import_log as use_case
from application.production.close_campaign import CloseCampaign
from application.shared.actor import Actor
from application.shared.errors import Overtaken
from config.container import Container
from domain.access.rights import Grant, Right, Role
from interfaces.imports.plant_log import read_log
from tests.factories.access import somebody
from tests.integration.contents import contents

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "samples" / "cidery"
AT = datetime(2026, 4, 1, tzinfo=UTC)


def import_log(directory: Path) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("import_log", str(directory), stdout=out, stderr=StringIO())
    return out.getvalue()


def refusal(directory: Path) -> CommandError:
    """The error that the command ends with; nothing has changed then."""
    before = contents()
    with pytest.raises(CommandError) as raised:
        import_log(directory)
    assert contents() == before
    return raised.value


def rows(log: Path) -> list[dict[str, str]]:
    """The movements."""
    with (log / "movements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A copy of the sample, to change."""
    return shutil.copytree(SAMPLE, tmp_path / "log")


def edit(log: Path, line: int, before: str, after: str) -> None:
    """Change one line of the movements."""
    lines = (log / "movements.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    assert before in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(before, after)
    (log / "movements.csv").write_text("".join(lines), encoding="utf-8")


def test_it_says_what_it_created() -> None:
    assert import_log(SAMPLE).splitlines() == [
        "products: 9 created, 0 there already",
        "partners: 17 created, 0 there already",
        "sites: 1 created, 0 there already",
        "lines: 3 created, 0 there already",
        "operators: 5 created, 0 there already",
        "campaigns: 2 created, 0 there already",
        "operations: 358 created, 0 there already",
    ]


def test_a_second_time_changes_nothing_and_says_so() -> None:
    import_log(SAMPLE)
    before = contents()
    assert import_log(SAMPLE).splitlines()[-1] == "operations: 0 created, 358 there already"
    assert contents() == before


def test_a_second_time_changes_nothing_although_a_campaign_is_closed() -> None:
    import_log(SAMPLE)
    close = CloseCampaign("CIDER-2025-01", "", None, somebody("test"), AT)
    Container().production.close_campaign()(close)
    before = contents()
    import_log(SAMPLE)
    assert contents() == before


def test_a_changed_quantity_is_refused_with_its_line(log: Path) -> None:
    import_log(SAMPLE)
    edit(log, 16, "1631.2", "1631.3")
    says = "movements.csv, line 16, column quantity: Operation OP-000010 is recorded already, with other content."
    assert str(refusal(log)) == f"{says} Nothing was imported."


def test_more_than_there_is_is_refused_with_its_line(log: Path) -> None:
    edit(log, 16, "1631.2", "3131.2")
    says = "movements.csv, line 16, column quantity: Lot APPLE AP-001-1 at PLANT-1 has 2718.7 KGM left"
    assert str(refusal(log)).startswith(says)


def test_a_bad_row_far_down_leaves_nothing_of_those_before_it(log: Path) -> None:
    edit(log, 724, rows(SAMPLE)[-1]["unit"], "MTR")
    error = refusal(log)
    assert str(error).startswith("movements.csv, line 724, column unit: ")
    assert error.returncode == 1


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    assert str(refusal(tmp_path)) == "products.csv: There is no such file. Nothing was imported."
    assert gc.isenabled()


def test_a_crash_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "BATCH", 100)
    before = contents()
    recorded: list[int] = []

    def crash(_done: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM operation")
            recorded.extend(cursor.fetchone())
        if recorded[-1] >= 200:
            raise MemoryError

    with pytest.raises(MemoryError):
        read_log(SAMPLE).imported(Container().production.import_log(), somebody("test"), AT, crash)
    assert recorded == [0, 100, 200]
    assert contents() == before


def test_who_is_overtaken_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(*_: object) -> None:
        raise Overtaken

    monkeypatch.setattr(use_case, "record_all", overtaken)
    says = "Another transaction recorded the same meanwhile. Nothing was imported: try again."
    assert str(refusal(SAMPLE)) == says


def statements_of(log: Path) -> int:
    """How many statements the import takes; it is undone."""
    before = transaction.savepoint()
    with CaptureQueriesContext(connection) as captured:
        import_log(log)
    transaction.savepoint_rollback(before)
    return len(captured)


def test_the_number_of_statements_does_not_grow_with_the_log(log: Path) -> None:
    with (log / "movements.csv").open("a", encoding="utf-8", newline="") as file:
        again = csv.DictWriter(file, rows(SAMPLE)[0])
        for row in rows(SAMPLE):
            renamed = {name: f"{row[name]}-again" for name in ("operation", "lot", "reverses") if row[name]}
            again.writerow(row | renamed)
    assert statements_of(log) == statements_of(SAMPLE)


# Tokens for those who come after


def create_token(*arguments: str) -> tuple[Actor | None, str]:
    """Whom the printed token, which is printed alone, lets in; and what is said beside it."""
    out, said = StringIO(), StringIO()
    call_command("create_token", *arguments, stdout=out, stderr=said)
    (token,) = out.getvalue().splitlines()
    return Container().access.tokens().actor(token, datetime.now(UTC)), said.getvalue()


def test_a_token_lets_its_user_in_with_their_role() -> None:
    call_command("import_log", str(SAMPLE), stdout=StringIO())
    assert create_token("odile", "--role", "quality") == (Actor("odile", frozenset({Grant(Role.QUALITY)})), "")
    at_site = {Grant(Role.OPERATOR, "PLANT-1"), Grant(Role.QUALITY)}
    actor, _ = create_token("odile", "--role", "operator", "--site", "PLANT-1", "--scope", "read", "--days", "1")
    assert actor == Actor("odile", frozenset(at_site), frozenset({Right.READ}))


def test_a_role_is_left_as_it_is_unless_one_is_named() -> None:
    create_token("odile", "--role", "auditor")
    assert create_token("odile") == (Actor("odile", frozenset({Grant(Role.AUDITOR)})), "")


def test_whoever_is_the_first_may_do_everything_and_it_is_said() -> None:
    actor, said = create_token("odile")
    assert actor == Actor("odile", frozenset({Grant(Role.ADMINISTRATOR)}))
    assert "administrator at every site" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("odile", "--role", "boss"), "Error: argument --role: invalid choice: 'boss'"),
        (("odile", "--site", "A"), "--site says where a role is"),
        (("odile", "--role", "quality", "--site", "NOWHERE"), "No site has the code 'NOWHERE'."),
        (("odile", "--days", "0"), "A token expires after it is made."),
        ((" odile",), "A code isn't empty and neither starts nor ends with white space."),
    ],
)
def test_a_bad_role_or_name_makes_no_token(arguments: tuple[str, ...], says: str) -> None:
    before = contents()
    with pytest.raises(CommandError) as raised:
        create_token(*arguments)
    assert str(raised.value).startswith(says)
    assert contents() == before


def test_a_token_for_development_is_good_for_hours_and_refused_here() -> None:
    out = StringIO()
    call_command("create_token", "odile", "--development", stdout=out, stderr=StringIO())
    tokens, secret = Container().access.tokens, out.getvalue().strip()
    made = tokens().find(secret)
    assert (made.name, made.development) == ("development", True)
    assert made.expires_at == made.issued_at + timedelta(hours=12)
    assert tokens(development=True).actor(secret, datetime.now(UTC)) is not None
    assert tokens().actor(secret, datetime.now(UTC)) is None


def test_a_token_is_revoked_by_whoever_found_it(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    call_command("create_token", "odile", stdout=out, stderr=StringIO())
    secret = out.getvalue().strip()
    monkeypatch.setattr("sys.stdin", StringIO(secret + "\n"))
    call_command("revoke_token", stdout=(said := StringIO()))
    assert said.getvalue() == "This token of odile doesn't let in any more.\n"
    assert Container().access.tokens().actor(secret, datetime.now(UTC)) is None
    for shown, says in ((secret, "has been revoked already"), ("lignage_other", "token")):
        monkeypatch.setattr("sys.stdin", StringIO(shown))
        with pytest.raises(CommandError, match=says) as refused:
            call_command("revoke_token")
        assert shown not in str(refused.value)


# People who sign in


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("createsuperuser", "--username", "root", "--email", "root@example.com", "--noinput"), "add_user"),
        (("changepassword", "odile"), "set_password"),
    ],
)
def test_what_would_enter_no_history_names_what_does(arguments: tuple[str, ...], says: str) -> None:
    before = contents()
    with pytest.raises(CommandError, match=says):
        call_command(*arguments)
    assert contents() == before


def test_somebody_is_added_and_signs_in_with_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("add_user", "odile", "--role", "quality", "--name", "Odile", stdout=StringIO())
    monkeypatch.setattr("sys.stdin", StringIO("a password that is long\n"))
    call_command("set_password", "odile", stdout=StringIO())
    assert Client().login(username="odile", password="a password that is long")  # noqa: S106 - of this test alone
    for command, entry, says in (
        (("add_user", "odile", "--role", "quality"), "", "There is a user with this name already."),
        (("set_password", "odile"), "1234", "This password is too short."),
        (("set_password", "nobody"), "a password that is long", "No user nobody exists."),
    ):
        monkeypatch.setattr("sys.stdin", StringIO(entry))
        with pytest.raises(CommandError, match=says):
            call_command(*command)
