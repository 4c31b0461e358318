"""What describes the API: the OpenAPI document and a page to read it, both public; and its versions."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override as speaking
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from interfaces.api.etags import content_tag, matches
from interfaces.api.rendering import JsonRenderer
from interfaces.shared import content_policy

View = Callable[..., HttpResponseBase]


@cache
def document_of(version: str) -> bytes:
    """The OpenAPI document of a version, made once, in a quarter of a second.

    A server makes it before it serves: drf-spectacular loads its extensions without a lock, so threads can't.
    """
    generator: Any = SchemaGenerator
    with speaking("en"):
        schema = generator(api_version=version).get_schema(public=True)
    document: bytes = OpenApiJsonRenderer2().render(schema, renderer_context={})
    return document


@cache
def tag_of(version: str) -> str:
    """The entity tag of that document."""
    return content_tag(document_of(version))


def or_docs(view: View, docs: str) -> View:
    """The view; for a browser the page about the API, at this path from its own."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reads_pages = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
        answer = HttpResponseRedirect(request.path + docs) if reads_pages else view(request, *args, **kwargs)
        patch_vary_headers(answer, ["Accept"])
        return answer

    return answered


class OpenApiView(APIView):
    """The OpenAPI document of a version."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> HttpResponse:
        """The document, unless the caller has it already."""
        document, tag = document_of(str(request.version)), tag_of(str(request.version))
        if matches(request, tag):
            return HttpResponse(status=304, headers={"ETag": tag})
        return HttpResponse(document, headers={"ETag": tag}, content_type=JsonRenderer.media_type)


class DocsView(SpectacularSwaggerSplitView):
    """The OpenAPI document as a page, with all that it needs from here; its style sheet has images in it."""

    authentication_classes = ()
    template_name = "api/docs.html"

    @override
    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers[content_policy.HEADER] = content_policy.policy(images="'self' data:")
        return answer


class VersionsView(APIView):
    """Which versions there are."""

    schema = None
    versions: tuple[str, ...] = ()

    def get(self, _request: Request) -> Response:
        """The versions, with where each is described."""
        versions = [
            {
                "version": version,
                "url": reverse(f"{version}:api-root"),
                "openapi": reverse(f"{version}:openapi"),
                "docs": reverse(f"{version}:docs"),
            }
            for version in self.versions
        ]
        return Response({"versions": versions})
