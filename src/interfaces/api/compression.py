"""Compressed answers, where that gives nothing away."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from typing_extensions import override

COMPRESSED = ("application/pdf", "application/vnd.openxmlformats")
"""How the types of answers begin that are compressed already."""


class CompressionMiddleware(GZipMiddleware):
    """Compresses answers of the API by gzip for whoever accepts that, streams too.

    How long a compressed answer is tells something of what is in it, so a page elsewhere that can make a browser ask,
    with its user's cookie, could guess secrets from that (BREACH). A token is never sent by itself: answers to requests
    that carry a cookie stay as they are, and so does everything outside the API.
    """

    @override
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        outside = not request.path.startswith("/api/")
        if outside or request.COOKIES or response.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
