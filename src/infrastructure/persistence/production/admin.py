"""Production in Django's admin, to look at."""

from django.contrib import admin

from infrastructure.persistence.production.models import Campaign, CampaignBalance, Lot, Movement, Operation
from infrastructure.shared.admin import ReadOnlyAdmin


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    """Campaigns."""

    list_display = ("code", "name", "site", "product", "state", "planned_from", "planned_to")
    list_filter = ("state",)
    list_select_related = ("site", "product")
    search_fields = ("code", "name")


@admin.register(Lot)
class LotAdmin(ReadOnlyAdmin):
    """Lots."""

    list_display = ("code", "sub_lot", "product", "site", "disposition", "on_hand", "campaign")
    list_filter = ("disposition",)
    list_select_related = ("product", "site", "campaign")
    search_fields = ("code", "supplier_lot")


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    """Operations."""

    list_display = ("sequence", "number", "kind", "occurred_at", "site", "campaign", "operator", "recorded_by")
    list_filter = ("kind",)
    list_select_related = ("site", "campaign", "operator")
    ordering = ("-sequence",)


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    """Movements."""

    list_display = ("operation", "position", "direction", "role", "product", "lot", "quantity", "kilograms")
    list_select_related = ("operation", "product", "lot")
    ordering = ("-id",)


@admin.register(CampaignBalance)
class CampaignBalanceAdmin(ReadOnlyAdmin):
    """Stored balances."""

    list_display = ("campaign", "version", "sha256", "closed_at")
    list_select_related = ("campaign",)
