"""Pictures of traces as they are sent."""

from django.http import HttpResponse

from interfaces.api.etags import content_tag
from interfaces.api.rendering import JsonRenderer

SVG = "image/svg+xml"


class SvgRenderer(JsonRenderer):
    """Lets a caller ask for a picture; problems are documents still."""

    media_type = SVG
    format = "svg"


def picture_answer(picture: bytes) -> HttpResponse:
    """The answer with a picture. A browser that opens it by itself runs and fetches nothing for it."""
    headers = {"ETag": content_tag(picture), "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(picture, content_type=SVG, headers=headers)
