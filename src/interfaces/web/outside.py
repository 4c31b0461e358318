"""Pages for what goes wrong where Django itself catches it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request, override
from django.views import defaults

from application.shared.errors import Unavailable
from interfaces.shared.bodies import BadLength, LengthRequired, TooLarge, UploadRefused
from interfaces.shared.failures import understood

STATUSES = {BadLength: 400, LengthRequired: 411, TooLarge: 413, UploadRefused: 415}
"""The status of a page, by why the body isn't read."""


def bad_request(request: HttpRequest, error: Exception) -> HttpResponse:
    """What Django refuses to look at."""
    return defaults.bad_request(request, error)


def body_refused(request: HttpRequest, error: Exception) -> HttpResponse:
    """A body that isn't read; in the language of the request, which no middleware has looked at yet."""
    status = next(status for kind, status in STATUSES.items() if isinstance(error, kind))
    with override(get_language_from_request(request)):
        return render(request, "web/body_refused.html", status=status)


def server_error(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """What nobody has caught; what the database can't do now is said, with when to try again."""
    meant = understood(error)
    if isinstance(meant, Unavailable):
        page = render(request, "web/unavailable.html", {"reason": type(meant).__name__}, status=503)
        page["Retry-After"] = str(meant.wait)
        return page
    return defaults.server_error(request)
