"""The catalog in Django's admin, to look at."""

from django.contrib import admin

from infrastructure.persistence.catalog.models import Line, Operator, Partner, Product, Site
from infrastructure.shared.admin import ReadOnlyAdmin


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    """Products."""

    list_display = ("code", "name", "product_class", "unit", "kg_per_unit")
    list_filter = ("product_class",)
    search_fields = ("code", "name", "name_fr")


@admin.register(Site)
class SiteAdmin(ReadOnlyAdmin):
    """Sites."""

    list_display = ("code", "name", "positive_release", "ships_past_best_before", "signs_decisions", "holds_returns")


@admin.register(Line)
class LineAdmin(ReadOnlyAdmin):
    """Lines."""

    list_display = ("code", "site", "name")
    list_select_related = ("site",)


@admin.register(Partner)
class PartnerAdmin(ReadOnlyAdmin):
    """Partners."""

    list_display = ("code", "name", "role")
    list_filter = ("role",)
    search_fields = ("code", "name")


@admin.register(Operator)
class OperatorAdmin(ReadOnlyAdmin):
    """Operators."""

    list_display = ("code", "name")
