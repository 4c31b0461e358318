"""Names of new users by every channel that makes any."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.transaction import atomic

from config.container import names_of_programs
from infrastructure.identity.models import User
from infrastructure.identity.users import DjangoUsers
from tests.e2e.client import Api

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.django_db

BAD = [
    ("import_log", 422, "reserved"),
    ("OpenID", 422, "reserved"),
    ("System", 422, "reserved"),
    ("od\u0456le", 422, "mixed_scripts"),
    ("\u0430\u0441\u0435", 422, "look_alike"),
    ("\uff4fdile", 422, "bad_name"),
    ("od\u200bile", 422, "bad_code"),
    ("odile ", 422, "bad_code"),
    ("ODILE", 409, "code_taken"),
    ("odiIe", 409, "code_taken"),
]


@pytest.fixture
def chief() -> Api:
    """Somebody who may add users, at a plant where Odile is one."""
    Api.of("odile", "quality")
    return Api.of("chief")


def test_programs_are_all_that_the_history_names_beside_users() -> None:
    """What the source says acts, is reserved; new commands are so by themselves."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src/interfaces").rglob("*.py")]
    named = {name for source in sources for name in re.findall(r'at_the_server\("(\w+)"\)', source)}
    commands = {path.stem for path in (ROOT / "src/interfaces").glob("*/management/commands/*.py")} - {"__init__"}
    assert {"import_log", "add_user", "create_token", "set_password"} <= named
    assert named | commands | {"openid", "system"} == names_of_programs()


@pytest.mark.parametrize("program", sorted(names_of_programs()))
def test_no_user_is_called_like_a_program(chief: Api, program: str) -> None:
    for name in (program, program.upper(), program.title()):
        answer = chief.post("users/", {"username": name})
        assert (answer.status, answer.places) == (422, {"/username": "reserved"})


@pytest.mark.parametrize(("name", "status", "code"), BAD)
def test_nobody_is_added_who_is_taken_for_another(chief: Api, name: str, status: int, code: str) -> None:
    answer = chief.post("users/", {"username": name})
    assert (answer.status, answer.places) == (status, {"/username": code})
    for command in (("add_user", name, "--role", "quality"), ("create_token", name)):
        with pytest.raises(CommandError):
            call_command(*command, stdout=StringIO(), stderr=StringIO())
    assert set(User.objects.values_list("username", flat=True)) == {"odile", "chief"}


@pytest.mark.parametrize(
    "name", ["ren\u00e9", "\u0410\u043d\u043d\u0430", "\u039d\u03af\u03ba\u03bf\u03c2", "jean.dupont"]
)
def test_names_of_one_script_are_added(chief: Api, name: str) -> None:
    added = chief.post("users/", {"username": name})
    assert (added.status, added.json["username"]) == (201, name)


@pytest.mark.parametrize("name", ["import_log", "od\u0456le", "a  b"])
def test_who_is_there_with_such_a_name_goes_on(chief: Api, name: str) -> None:
    there = Api.of(name, "quality")
    assert there.get("me/").json["username"] == name
    user = chief.get(f"users/{name}/")
    changed = chief.patch(f"users/{name}/", {"name": "Odile M."}, If_Match=user.headers["ETag"])
    assert (changed.status, changed.json["name"]) == (200, "Odile M.")
    call_command("create_token", name, stdout=StringIO())


@pytest.mark.parametrize("name", ["ODILE", "Odile"])
def test_the_database_knows_no_name_twice_in_any_case(chief: Api, name: str) -> None:
    with pytest.raises(IntegrityError, match="username_is_unique_in_any_case"), atomic():
        User.objects.create(username=name)
    assert DjangoUsers().taken(name)


def test_the_last_administrator_stays_one(chief: Api) -> None:
    for change in ({"roles": []}, {"active": False}, {"roles": [{"role": "quality", "site": None}]}):
        answer = chief.patch("users/chief/", change, If_Match='"1"')
        assert (answer.status, answer.json["errors"][0]["code"]) == (409, "last_administrator")
    assert chief.get("me/").json["roles"] == [{"role": "administrator", "site": None}]
    Api.of("emil")
    assert chief.patch("users/emil/", {"active": False}, If_Match='"1"').status == 200
    assert chief.patch("users/chief/", {"roles": []}, If_Match='"1"').status == 409
    Api.of("dora")
    assert chief.patch("users/chief/", {"roles": []}, If_Match='"1"').status == 200
