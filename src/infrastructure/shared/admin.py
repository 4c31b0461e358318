"""What every page of the admin has in common: it shows, and changes nothing."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from typing_extensions import override


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[type-arg]  # generic to the type checker alone
    """Use cases change the plant; the admin only looks at it."""

    show_full_result_count = False

    @override
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether a filter of this list asks for it. Django allows every field: a password hash could be guessed."""
        offered = {f"{field}{lookup}" for field in self.list_filter for lookup in ("", "__exact", "__isnull")}
        return lookup in offered and "\0" not in value  # which PostgreSQL has in no text

    @override
    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """No form here refers to a row by a field of its, nor completes one."""
        return False

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
