"""The routes of the API, by version."""

from collections.abc import Callable, Mapping

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from interfaces.api.documents import VersionsView, or_docs
from interfaces.api.routing import Router, routes, successor
from interfaces.api.v1.urls import router as v1
from interfaces.api.v2.urls import RESOURCES
from interfaces.api.views import nothing_here


def to_docs(version: str) -> Callable[..., HttpResponseBase]:
    """The view of the address of the page about the API that has a slash too many."""
    return RedirectView.as_view(pattern_name=f"{version}:docs", permanent=True)


def patterns(versions: Mapping[str, Router]) -> list[URLPattern | URLResolver]:
    """The routes of these versions, and which there are."""
    return [
        path("", or_docs(VersionsView.as_view(versions=tuple(versions)), f"{next(iter(versions))}/docs")),
        *(path(f"{version}/docs/", require_safe(to_docs(version))) for version in versions),
        *(routes(version, router) for version, router in versions.items()),
        re_path("", nothing_here),
    ]


VERSIONS: Mapping[str, Router] = {"v1": v1, **({"v2": successor(v1, RESOURCES)} if RESOURCES else {})}

urlpatterns = patterns(VERSIONS)
