"""What Django itself says no to, or catches, is answered by the channel that was asked."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response

from application.shared.errors import Unavailable
from interfaces.api import outside as api
from interfaces.shared.bodies import BodyRefused, check_body
from interfaces.shared.failures import understood
from interfaces.web import outside as web


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, also for a session that the database couldn't save."""
    if isinstance(understood(exception), Unavailable):
        return server_error(request)
    if _of_api(request):
        return api.bad_request(request, exception)
    return web.bad_request(request, exception)


class BodyMiddleware:
    """Refuses a body by its headers, on every route, before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the route, or why the body isn't read."""
        try:
            check_body(
                request.method or "",
                request.path_info,
                length=request.META.get("CONTENT_LENGTH") or "",
                transfer=request.META.get("HTTP_TRANSFER_ENCODING", ""),
                media_type=request.META.get("CONTENT_TYPE") or "",
            )
        except BodyRefused as error:
            if _of_api(request):
                return api.body_refused(request, error)
            return web.body_refused(request, error)
        return self._get_response(request)


class UnavailableMiddleware:
    """Answers what fails in a view for want of the database; in development too, instead of a traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the route."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """503 where the database is the cause."""
        if not isinstance(understood(error), Unavailable):
            return None
        response = api.server_error(request, error) if _of_api(request) else web.server_error(request, error)
        log_response("A request failed: %s", request.path, response=response, request=request, exception=error)
        return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if _of_api(request):
        return api.not_found(request, exception)
    return web.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, which it calls while it handles the exception, and which logs it."""
    if _of_api(request):
        return api.server_error(request, sys.exception())
    return web.server_error(request, sys.exception())


def _of_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
