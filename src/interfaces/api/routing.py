"""How routes are made of viewsets, and versions of one another."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import DefaultRouter, Route
from typing_extensions import override

from interfaces.api.documents import DocsView, OpenApiView, or_docs
from interfaces.api.views import ApiViewSet

FILES = (r"\.svg", r"\.pdf", r"\.xlsx")
"""How the paths of files end."""


class Router(DefaultRouter):
    """The paths of resources and of lists end with a slash, those of files don't."""

    include_format_suffixes = False

    def __init__(self) -> None:
        super().__init__()
        self.singles: dict[str, type[ApiViewSet]] = {}

    def register_single(self, prefix: str, viewset: type[ApiViewSet]) -> None:
        """Serve a resource of which each caller has one."""
        self.singles[prefix] = viewset

    @override
    def get_urls(self) -> list[Any]:
        singles = self.singles.items()
        return [
            *super().get_urls(),
            *(path(f"{name}/", viewset.as_view({"get": "retrieve"}), name=name) for name, viewset in singles),
        ]

    @override
    def get_api_root_view(self, api_urls: Any = None) -> Any:
        return or_docs(super().get_api_root_view(api_urls), "docs")

    @override
    def get_routes(self, viewset: Any) -> list[Route]:
        return [
            route._replace(url=route.url.replace("{trailing_slash}", "")) if _is_file(route.url) else route
            for route in super().get_routes(viewset)
        ]


def _is_file(url: str) -> bool:
    return url.removesuffix("{trailing_slash}$").endswith(FILES)


def successor(router: Router, resources: Mapping[str, type[ApiViewSet]]) -> Router:
    """The router of the next version: these resources, by their paths, in the place of those of before or beside them.

    All others are served as in the version before, and name one another by paths of their own version.
    """
    following = Router()
    following.singles = {name: resources.get(name, viewset) for name, viewset in router.singles.items()}
    for prefix, viewset, name in router.registry:
        following.register(prefix, resources.get(prefix, viewset), name)
    for prefix in resources.keys() - {prefix for prefix, _viewset, _name in router.registry} - router.singles.keys():
        following.register(prefix, resources[prefix], resources[prefix].what)
    return following


def routes(version: str, router: Router) -> URLResolver:
    """Everything of a version: its resources, the document that describes them and the page to read it."""
    patterns: list[URLPattern | URLResolver] = [
        path("openapi.json", OpenApiView.as_view(), name="openapi"),
        path("docs", DocsView.as_view(url_name=f"{version}:openapi"), name="docs"),
        *router.urls,
    ]
    return path(f"{version}/", include((patterns, version)))
