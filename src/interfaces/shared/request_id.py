"""A name for each request, which its answer, the logs and the history tell."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"

_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}", re.ASCII)


class RequestIdMiddleware:
    """Keeps the id that a caller gives a request, where it is one, and makes one otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the id."""
        stated = request.META.get("HTTP_X_REQUEST_ID", "")
        name = stated if _ID.fullmatch(stated) else str(uuid4())
        request.META["HTTP_X_REQUEST_ID"] = name
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self._get_response(request)
        response[HEADER] = name
        return response
