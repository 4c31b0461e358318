"""Problems for what goes wrong before a view of the API is reached, or where Django itself catches it."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from interfaces.api.problems import FAILED, UNFIT, problem_response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, which speaks the API's language about the API."""
    if request.path.startswith("/api/"):
        return problem_response(UNFIT, request)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, which speaks the API's language about the API."""
    if request.path.startswith("/api/"):
        return problem_response(FAILED, request)
    return defaults.server_error(request)
