"""Where a request comes from."""

from collections.abc import Callable
from ipaddress import ip_address

from dependency_injector.wiring import Provide, inject
from django.http import HttpRequest, HttpResponse


class AddressMiddleware:
    """Puts the address of whoever asks into `REMOTE_ADDR`: of so many proxies as stand before us, each added one.

    What the caller writes into `X-Forwarded-For` itself stands left of that, and is never looked at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    @inject
    def __call__(self, request: HttpRequest, proxies: int = Provide["access.proxies"]) -> HttpResponse:
        """The answer, to a request whose address is known."""
        nearest = request.META.get("REMOTE_ADDR", "")
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if 0 < proxies <= len(told):
            request.META["REMOTE_ADDR"] = _address(told[-proxies].strip()) or nearest
        return self._get_response(request)


def _address(stated: str) -> str:
    try:
        return str(ip_address(stated))
    except ValueError:
        return ""
