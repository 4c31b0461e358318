"""Django's test client, sending forms as the product's pages do: Django's own would send each as an upload."""

from typing import Any
from urllib.parse import urlencode

from django import test
from typing_extensions import override

FORM = "application/x-www-form-urlencoded"


class Client(test.Client):
    """A browser."""

    @override
    def post(self, path: str, data: Any = None, content_type: str = FORM, **more: Any) -> Any:
        form = content_type == FORM and not isinstance(data, str | bytes)
        return super().post(path, urlencode(data or {}, doseq=True) if form else data, content_type, **more)
