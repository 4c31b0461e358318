"""Everybody who may ask at a plant with two sites, and how an answer is searched for what it may not say."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pypdfium2
import pytest
from pytest_django import DjangoDbBlocker

from domain.access.rights import Grant, Right, Role
from domain.access.user import User
from infrastructure.identity.users import DjangoUsers
from infrastructure.system.clock import SystemClock
from tests.e2e.client import Answer, Api
from tests.e2e.two_sites import FOREIGN, MARK, OWN, Things, furnish_both
from tests.factories.access import MAY
from tests.factories.plant import undone

EVERYWHERE = "every site"


class Who(NamedTuple):
    """Somebody with roles at sites, perhaps with a token that is good for less."""

    name: str
    roles: dict[str, str]
    scopes: set[str] | None = None

    def has(self, right: str, site: str) -> bool:
        """Whether the right is theirs there; at every site, where that is asked."""
        places = {EVERYWHERE} if site == EVERYWHERE else {EVERYWHERE, site}
        given = any(right in MAY[role] for place, role in self.roles.items() if place in places)
        return given and (self.scopes is None or right in self.scopes)

    def has_somewhere(self, right: str) -> bool:
        """Whether the right is theirs at any site."""
        return any(self.has(right, site) for site in (OWN, FOREIGN, EVERYWHERE))


PEOPLE = [
    *(Who(f"{role} here", {OWN: role}) for role in MAY),
    *(Who(f"{role} everywhere", {EVERYWHERE: role}) for role in MAY),
    Who("nobody", {}),
    Who("administrator here, auditor there", {OWN: "administrator", FOREIGN: "auditor"}),
    Who("administrator who may read", {EVERYWHERE: "administrator"}, {"read"}),
    Who("administrator who may record", {EVERYWHERE: "administrator"}, {"record"}),
]


class Plant(NamedTuple):
    """The plant, by who looks at it."""

    chief: Api
    people: Mapping[str, Api]
    own: Things
    foreign: Things

    @property
    def hidden(self) -> set[str]:
        """Ids of what is at the other site alone."""
        return {value for name, value in self.foreign.items() if re.fullmatch(r"[0-9a-f-]{36}", value)}


@pytest.fixture(scope="module")
def both_sites(django_db_setup: object, django_db_blocker: DjangoDbBlocker) -> Iterator[Plant]:
    """Furnish both sites once; what a test does is undone after each call."""
    with django_db_blocker.unblock(), undone():
        chief = Api.of("chief")
        own, foreign = furnish_both(chief)
        yield Plant(chief, {who.name: api_of(who) for who in PEOPLE}, own, foreign)


def api_of(who: Who) -> Api:
    """The API as they see it."""
    users, at = DjangoUsers(), SystemClock().now()
    name = who.name.replace(" ", "-").replace(",", "")
    api = Api.of(name, "operator", scopes=who.scopes and {Right(scope) for scope in who.scopes})
    grants = {Grant(Role(role), None if place == EVERYWHERE else place) for place, role in who.roles.items()}
    users.save(User(name, grants=frozenset(grants)), at)
    return api


def without(answer: Answer, things: Things) -> tuple[int, str, dict[str, str]]:
    """The answer but for what things are called, and for which request it was."""
    body = answer.body.decode()
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    for value in sorted(set(things.values()), key=len, reverse=True):
        body = body.replace(value, "*")
        headers = {name: text.replace(value, "*") for name, text in headers.items() if name != "Content-Length"}
    return answer.status, body, headers


def leaked(plant: Plant, answer: Answer, secret: str = MARK) -> set[str]:
    """What an answer has of the other site: headers, text, and what files say once they are unpacked."""
    said = f"{dict(answer.headers.items())}\n{text_of(answer)}"
    return {each for each in (secret, *plant.hidden) if each.lower() in said.lower()}


def text_of(answer: Answer) -> str:
    """Everything that an answer says."""
    if answer.type == "application/pdf" and answer.status == 200:
        pages = pypdfium2.PdfDocument(answer.body)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    if answer.type.endswith("sheet") and answer.status == 200:
        with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
            return "\n".join(packed.read(name).decode() for name in packed.namelist())
    return answer.body.decode()
