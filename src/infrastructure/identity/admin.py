"""Looking at users, roles and tokens; use cases make and change them."""

from django.contrib import admin
from django.contrib.auth.models import Group

from infrastructure.identity.models import AccessToken, RoleGrant, User
from infrastructure.shared.admin import ReadOnlyAdmin

# A group would give people rights in these pages, past roles and history.
admin.site.unregister(Group)


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

    list_display = ("user", "issued_at", "expires_at", "revoked_at", "last_used_at", "development")
    list_select_related = ("user",)
    exclude = ("digest",)
