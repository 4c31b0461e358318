"""How routes are made of viewsets."""

from typing import Any

from rest_framework.routers import DefaultRouter, Route
from typing_extensions import override

FILES = (r"\.svg", r"\.pdf", r"\.xlsx")
"""How the paths of files end."""


class Router(DefaultRouter):
    """The paths of resources and of lists end with a slash, those of files don't."""

    include_format_suffixes = False

    @override
    def get_routes(self, viewset: Any) -> list[Route]:
        return [
            route._replace(url=route.url.replace("{trailing_slash}", "")) if _is_file(route.url) else route
            for route in super().get_routes(viewset)
        ]


def _is_file(url: str) -> bool:
    return url.removesuffix("{trailing_slash}$").endswith(FILES)
