"""A consumer of the API, for tests: it knows a token and speaks JSON."""

import json
from collections.abc import Collection
from typing import Any, Self
from uuid import uuid4

from django.db.transaction import atomic
from django.test import Client

from domain.access.rights import Grant, Right, Role
from domain.access.token import AccessToken
from domain.access.user import User
from infrastructure.identity.tokens import DjangoTokens
from infrastructure.identity.users import DjangoUsers
from infrastructure.persistence.shared.statements import rows_looked_up
from infrastructure.system.clock import SystemClock

BASE = "/api/v1/"


class Answer:
    """What the API answered."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.body: bytes = response.getvalue()
        self.type: str = response.headers.get("Content-Type", "")

    @property
    def json(self) -> Any:
        """The document in the body."""
        return json.loads(self.body)

    @property
    def codes(self) -> list[str]:
        """The codes of everything that is wrong."""
        return [error["code"] for error in self.json["errors"]]

    @property
    def places(self) -> dict[str, str]:
        """What is wrong by where it is: the code, or several with a plus between them."""
        found: dict[str, list[str]] = {}
        for error in self.json["errors"]:
            place = next(error[name] for name in ("pointer", "parameter", "header") if name in error)
            found.setdefault(place, []).append(error["code"])
        return {place: "+".join(sorted(codes)) for place, codes in found.items()}

    def __repr__(self) -> str:
        return f"{self.status} {self.body.decode(errors='replace')[:2000]}"


class Api:
    """Calls the API as one user."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self._client = Client(raise_request_exception=False)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    @classmethod
    def of(
        cls,
        username: str = "odile",
        role: str = "administrator",
        site: str | None = None,
        scopes: Collection[Right] | None = None,
    ) -> Self:
        """The API as this user, who is made when missing and given the role, sees it."""
        at, users = SystemClock().now(), DjangoUsers()
        token = AccessToken(uuid4(), username, "test", at, None if scopes is None else frozenset(scopes))
        with atomic():
            user, grant = users.find(username), Grant(Role(role), site)
            if user is None:
                users.add(User(username, grants=frozenset({grant})), at)
            elif grant not in user.grants:
                users.save(user.granted(grant), at)
            return cls(DjangoTokens(rows_looked_up).issue(token))

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, query: str = "", **headers: str
    ) -> Answer:
        """Send a request; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self._client.generic(
            method,
            path if path.startswith("/") else BASE + path,
            content,
            content_type=sent.pop("Content-Type", "application/json"),
            headers={**self._headers, **sent},
            QUERY_STRING=query,
        )
        return Answer(response)

    def get(self, path: str, query: str = "", **headers: str) -> Answer:
        """Read."""
        return self.call("GET", path, query=query, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Do something."""
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        """Change something."""
        return self.call("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        """Replace something."""
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        """Remove something."""
        return self.call("DELETE", path, **headers)
