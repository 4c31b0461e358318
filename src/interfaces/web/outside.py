"""Pages for what goes wrong where Django itself catches it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from application.shared.errors import Unavailable
from interfaces.shared.failures import understood


def bad_request(request: HttpRequest, error: Exception) -> HttpResponse:
    """What Django refuses to look at."""
    return defaults.bad_request(request, error)


def server_error(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """What nobody has caught; that there is no database, in words that help."""
    if isinstance(understood(error), Unavailable):
        page = render(request, "web/unavailable.html", status=503)
        page["Retry-After"] = str(Unavailable.wait)
        return page
    return defaults.server_error(request)
