"""What describes the API: the OpenAPI document and a page to read it, both public; and its versions."""

from django.urls import reverse
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

VERSIONS = ("v1",)


class OpenApiView(SpectacularAPIView):
    """The OpenAPI document of a version."""

    authentication_classes = ()


class DocsView(SpectacularSwaggerSplitView):
    """The OpenAPI document as a page, with all that it needs from here."""

    authentication_classes = ()


class VersionsView(APIView):
    """Which versions there are."""

    schema = None

    def get(self, _request: Request) -> Response:
        """The versions, with where each is described."""
        versions = [
            {
                "version": version,
                "url": reverse(f"{version}:api-root"),
                "openapi": reverse(f"{version}:openapi"),
                "docs": reverse(f"{version}:docs"),
            }
            for version in VERSIONS
        ]
        return Response({"versions": versions})
