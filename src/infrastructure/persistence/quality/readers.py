"""Reading the history behind a lot's disposition: two queries for a page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from typing_extensions import override

from application.quality.queries import QualityReader
from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight
from domain.quality.disposition import Decision
from domain.quality.holds import HeldLot
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.quality import models
from infrastructure.persistence.quality.mapping import decision_of, held_lot_of
from infrastructure.persistence.shared.sight import in_sight
from infrastructure.shared.keyset import number_at, page_of, place, uuid_at


class DjangoQualityReader(QualityReader):
    """Reads decisions and holds."""

    @override
    def decisions(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[Decision]:
        page = _latest_first(models.Decision.objects.all(), lot, request, sight, uuid_at)
        return Page(tuple(decision_of(row) for row in page.items), page.next)

    @override
    def holds(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[HeldLot]:
        rows = models.HeldLot.objects.select_related("hold", "lifting")
        page = _latest_first(rows, lot, request, sight, number_at)
        return Page(tuple(held_lot_of(row) for row in page.items), page.next)


def _latest_first(
    rows: QuerySet[Any, Any], lot: UUID, request: PageRequest, sight: Sight, key_at: Callable[[str], object]
) -> Page[Any]:
    """A page of the facts about this lot; their keys are in the order in which they came."""
    if not Lot.objects.filter(in_sight(sight, "site__code"), pk=lot).exists():
        raise NotFound("lot", lot)
    rows = rows.filter(lot=lot).order_by("-pk")
    if after := place(request, 1):
        rows = rows.filter(pk__lt=key_at(after[0]))
    return page_of(list(rows[: request.limit + 1]), request, lambda row: [str(row.pk)])
