"""Queries in the words of the plant."""

from typing import Any

from django.db.models import Manager, QuerySet


class LotQuerySet(QuerySet[Any, Any]):
    """Lots."""

    def with_relations(self) -> "LotQuerySet":
        """With site, product and campaign in the same query."""
        return self.select_related("site", "product", "campaign")

    def active(self) -> "LotQuerySet":
        """With something on hand, and not rejected."""
        return self.on_hand().exclude(disposition="rejected")

    def on_hand(self) -> "LotQuerySet":
        """With something on hand."""
        return self.filter(on_hand__gt=0)


class CampaignQuerySet(QuerySet[Any, Any]):
    """Campaigns."""

    def with_relations(self) -> "CampaignQuerySet":
        """With site, line and product in the same query."""
        return self.select_related("site", "line", "product")


class OperationQuerySet(QuerySet[Any, Any]):
    """Operations."""

    def standing(self) -> "OperationQuerySet":
        """Neither reversed nor a reversal."""
        return self.filter(reverses=None, reversal=None)


LotManager = Manager.from_queryset(LotQuerySet)
CampaignManager = Manager.from_queryset(CampaignQuerySet)
OperationManager = Manager.from_queryset(OperationQuerySet)
