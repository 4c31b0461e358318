"""What Django itself says no to, or catches, is answered by the channel that was asked."""

import sys

from django.http import HttpRequest, HttpResponse

from interfaces.api import outside as api
from interfaces.web import outside as web


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    if _of_api(request):
        return api.bad_request(request, exception)
    return web.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, which it calls while it handles the exception, and which logs it."""
    if _of_api(request):
        return api.server_error(request, sys.exception())
    return web.server_error(request, sys.exception())


def _of_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
