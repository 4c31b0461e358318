"""Pages for what goes wrong where Django itself catches it."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_from_request, override
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from application.shared.errors import Unavailable
from interfaces.shared.bodies import BadLength, LengthRequired, TooLarge, UploadRefused
from interfaces.shared.failures import understood

STATUSES = {BadLength: 400, LengthRequired: 411, TooLarge: 413, UploadRefused: 415}
"""The status of a page, by why the body isn't read."""


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Redirect to the address with a slash more or less at its end, if that has a view; otherwise answer 404."""
    path = request.path
    other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    if request.method in ("GET", "HEAD") and _has_view(other):
        query = request.META["QUERY_STRING"]
        return HttpResponsePermanentRedirect(escape_leading_slashes(quote(other)) + (f"?{query}" if query else ""))
    return not_found(request)


def _has_view(path: str) -> bool:
    try:
        return resolve(path).func is not nothing_here
    except Resolver404:
        return False


def not_found(request: HttpRequest, _error: Exception | None = None) -> HttpResponse:
    """The page for an address without another."""
    return render(request, "web/not_found.html", status=404)


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
