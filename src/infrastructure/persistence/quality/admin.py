"""Quality in Django's admin, to look at."""

from django.contrib import admin

from infrastructure.persistence.quality.models import Decision, HeldLot, Hold, LiftedHold
from infrastructure.shared.admin import ReadOnlyAdmin


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Decisions about lots."""

    list_display = ("lot", "before", "after", "reason", "decided_at", "decided_by")
    list_select_related = ("lot",)
    ordering = ("-decided_at",)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """Holds."""

    list_display = ("reason", "scope", "placed_at", "placed_by", "recall")
    ordering = ("-placed_at",)


@admin.register(HeldLot)
class HeldLotAdmin(ReadOnlyAdmin):
    """Lots that holds were placed on."""

    list_display = ("lot", "hold")
    list_select_related = ("lot", "hold")
    ordering = ("-pk",)


@admin.register(LiftedHold)
class LiftedHoldAdmin(ReadOnlyAdmin):
    """Holds that were lifted."""

    list_display = ("held_lot", "reason", "lifted_at", "lifted_by")
    list_select_related = ("held_lot",)
    ordering = ("-lifted_at",)
