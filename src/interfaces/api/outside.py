"""Problems for what goes wrong before a view of the API is reached, or where Django itself catches it."""

from django.http import HttpRequest, HttpResponse

from interfaces.api.problems import NOTHING_HERE, UNFIT, failure_response, problem_response


def not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    """Nothing at this address."""
    return problem_response(NOTHING_HERE, request)


def bad_request(request: HttpRequest, _error: Exception) -> HttpResponse:
    """What Django refuses to look at."""
    return problem_response(UNFIT, request)


def body_refused(request: HttpRequest, error: Exception) -> HttpResponse:
    """A body that isn't read."""
    return failure_response(error, request)


def server_error(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """What nobody has caught."""
    return failure_response(error, request)
