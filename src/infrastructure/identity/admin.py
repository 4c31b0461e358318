"""Looking at users, roles and tokens; `manage.py` makes and changes them."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from typing_extensions import override

from infrastructure.identity.models import AccessToken, RoleGrant, User


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it has parameters for the type checker alone
    """Shows rows and changes none."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Users, without what their passwords are made of."""

    list_display = ("username", "is_active", "is_staff", "last_login")
    search_fields = ("username",)
    exclude = ("password",)


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnlyAdmin):
    """Who has which role."""

    list_display = ("user", "role", "granted_at")
    list_filter = ("role",)
    list_select_related = ("user",)


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin):
    """Whose tokens there are, without their digests."""

    list_display = ("user", "issued_at", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    exclude = ("digest",)
