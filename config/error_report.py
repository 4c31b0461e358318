"""Django's page about an error in development: it tells where it happened, without what the request carried."""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest, QueryDict
from django.views.debug import SafeExceptionReporterFilter
from typing_extensions import override


class ErrorReportFilter(SafeExceptionReporterFilter):
    """Hides each value of a form and each variable; of settings and headers those that may have a secret in them.

    Django's own hides what is marked in production alone, and every view would have to mark what it knows.
    """

    # Addresses of databases, caches and their like carry passwords.
    hidden_settings = re.compile(rf"{SafeExceptionReporterFilter.hidden_settings.pattern}|URL|LOCATION", re.IGNORECASE)

    @override
    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    @override
    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        sent = request.POST if request else QueryDict()
        return dict.fromkeys(sent, self.cleansed_substitute)

    @override
    def get_traceback_frame_variables(self, request: Any, tb_frame: FrameType) -> ItemsView[str, Any]:
        return {}.items()
