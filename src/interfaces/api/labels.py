"""States in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from typing_extensions import override

from domain.production.campaign import CampaignState
from domain.production.lot import Disposition
from domain.traceability.recall import RecallState
from interfaces.api.serializers import ShownField

ENGLISH = "en"

LABELS: Mapping[type[StrEnum], Mapping[str, Mapping[str, str]]] = {
    CampaignState: {
        CampaignState.PLANNED: {"en": "Planned", "fr": "Planifiée"},
        CampaignState.OPEN: {"en": "Open", "fr": "En cours"},
        CampaignState.CLOSED: {"en": "Closed", "fr": "Terminée"},
        CampaignState.CANCELLED: {"en": "Cancelled", "fr": "Annulée"},
    },
    Disposition: {
        Disposition.PENDING: {"en": "Pending", "fr": "En attente"},
        Disposition.RELEASED: {"en": "Released", "fr": "Libéré"},
        Disposition.ON_HOLD: {"en": "On hold", "fr": "Bloqué"},
        Disposition.REJECTED: {"en": "Rejected", "fr": "Rejeté"},
    },
    RecallState: {
        RecallState.OPEN: {"en": "Open", "fr": "En cours"},
        RecallState.CLOSED: {"en": "Closed", "fr": "Clos"},
    },
}


@extend_schema_field({"type": "string", "example": "Terminée"})
class LabelField(ShownField):
    """One of these states as people call it, in the language of `Accept-Language`."""

    def __init__(self, states: type[StrEnum], **options: Any) -> None:
        self.labels = LABELS[states]
        super().__init__(**options)

    @override
    def shown(self, value: str) -> Any:
        labels = self.labels[value]
        return labels.get(get_language() or ENGLISH, labels[ENGLISH])
