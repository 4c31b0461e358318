"""A consumer of the API on real sockets, where connections break."""

import http.client
import json
from contextlib import closing
from typing import Any

from django.http import HttpResponse
from typing_extensions import override

from tests.e2e.client import BASE, Answer, Api


class ApiOverSockets(Api):
    """Calls the API of a server on this machine, each time on a connection of its own."""

    def __init__(self, port: int, token: str | None) -> None:
        super().__init__(token)
        self.port = port

    @override
    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, query: str = "", **headers: str
    ) -> Answer:
        """Send a request and read the answer; raises OSError or HTTPException where none comes."""
        with closing(self._sent(method, path, body, raw, query, headers)) as connection:
            response = connection.getresponse()
            content = response.read()
        return Answer(HttpResponse(content, status=response.status, headers=dict(response.getheaders())))

    def post_and_hang_up(self, path: str, body: Any = None, **headers: str) -> None:
        """Send a request and leave without reading what it is answered with."""
        self._sent("POST", path, body, None, "", headers).close()

    def _sent(
        self, method: str, path: str, body: Any, raw: bytes | None, query: str, headers: dict[str, str]
    ) -> http.client.HTTPConnection:
        sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        target = (path if path.startswith("/") else BASE + path) + (f"?{query}" if query else "")
        try:
            connection.request(method, target, content, self._headers | sent)
        except BaseException:
            connection.close()
            raise
        return connection
