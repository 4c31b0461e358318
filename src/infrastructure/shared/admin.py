"""What every page of the admin has in common: it shows, and changes nothing."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from typing_extensions import override


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[type-arg]  # generic to the type checker alone
    """Use cases change the plant; the admin only looks at it."""

    show_full_result_count = False

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
