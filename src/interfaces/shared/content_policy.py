"""What a page may load, run and send: nothing but what comes from here (Content Security Policy)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"

_SHOWN = ("text/html", "image/svg+xml")
"""How the types of answers begin that a browser shows as a document of its own."""


def policy(*, images: str = "'self'") -> str:
    """The policy of a page, which may show images from these sources."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        f"img-src {images}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


class ContentPolicyMiddleware:
    """Gives every page the policy, unless its view has given it one.

    Three lines, until the Django that we use has it (6.0): django-csp would add settings, decorators and nonces.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the policy where it is a page."""
        response = self._get_response(request)
        if response.get("Content-Type", "").startswith(_SHOWN):
            response.headers.setdefault(HEADER, policy())
        return response
