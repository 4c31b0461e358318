"""JSON answers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer
from typing_extensions import override

from domain.shared.exact import canonical


def rendered(document: Any) -> bytes:
    """The document as JSON; decimals as canonical strings, times with their offset."""
    return orjson.dumps(document, default=_written)


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return canonical(value)
    raise TypeError(f"{type(value).__name__} has no place in an answer.")


class JsonRenderer(BaseRenderer):
    """Writes documents as JSON."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    @override
    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else rendered(data)
