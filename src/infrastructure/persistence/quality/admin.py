"""Quality in Django's admin, to look at."""

from django.contrib import admin

from infrastructure.persistence.quality.models import Decision
from infrastructure.persistence.shared.admin import ReadOnlyAdmin


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Decisions about lots."""

    list_display = ("lot", "before", "after", "reason", "decided_at", "decided_by")
    list_select_related = ("lot",)
    ordering = ("-decided_at",)
