"""The calls of the interface, from its router."""

from interfaces.api.v1.urls import router


def posting_routes() -> list[str]:
    """Every path that takes a POST, with `thing` for what it is about."""
    paths = set()
    for prefix, viewset, _ in router.registry:
        for route in router.get_routes(viewset):
            if "post" in router.get_method_map(viewset, route.mapping):
                paths.add(route.url.format(prefix=prefix, lookup="thing", trailing_slash="/").strip("^$"))
    return sorted(paths)
