"""States in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from typing_extensions import override

from domain.production.campaign import CampaignState
from domain.production.lot import Disposition
from interfaces.api.serializers import ShownField

ENGLISH = "en"

LABELS: Mapping[str, Mapping[str, str]] = {
    CampaignState.PLANNED: {"en": "Planned", "fr": "Planifiée"},
    CampaignState.OPEN: {"en": "Open", "fr": "En cours"},
    CampaignState.CLOSED: {"en": "Closed", "fr": "Terminée"},
    CampaignState.CANCELLED: {"en": "Cancelled", "fr": "Annulée"},
    Disposition.PENDING: {"en": "Pending", "fr": "En attente"},
    Disposition.RELEASED: {"en": "Released", "fr": "Libéré"},
    Disposition.ON_HOLD: {"en": "On hold", "fr": "Bloqué"},
    Disposition.REJECTED: {"en": "Rejected", "fr": "Rejeté"},
}


@extend_schema_field({"type": "string", "example": "Terminée"})
class LabelField(ShownField):
    """A state as people call it, in the language of `Accept-Language`."""

    @override
    def shown(self, value: str) -> Any:
        labels = LABELS[value]
        return labels.get(get_language() or ENGLISH, labels[ENGLISH])
