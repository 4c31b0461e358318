"""The routes of the API, by version."""

from collections.abc import Mapping

from django.urls import URLPattern, URLResolver, path, re_path

from interfaces.api.documents import VersionsView
from interfaces.api.routing import Router, routes, successor
from interfaces.api.v1.urls import router as v1
from interfaces.api.v2.urls import RESOURCES
from interfaces.api.views import nothing_here


def patterns(versions: Mapping[str, Router]) -> list[URLPattern | URLResolver]:
    """The routes of these versions, and which there are."""
    return [
        path("", VersionsView.as_view(versions=tuple(versions))),
        *(routes(version, router) for version, router in versions.items()),
        re_path("", nothing_here),
    ]


VERSIONS: Mapping[str, Router] = {"v1": v1, **({"v2": successor(v1, RESOURCES)} if RESOURCES else {})}

urlpatterns = patterns(VERSIONS)
