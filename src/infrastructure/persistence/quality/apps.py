"""The tables of quality."""

from django.apps import AppConfig


class QualityPersistenceConfig(AppConfig):
    """Decisions about lots."""

    name = "infrastructure.persistence.quality"
    label = "quality"
