"""The tables of traceability."""

from django.apps import AppConfig


class TraceabilityPersistenceConfig(AppConfig):
    """The genealogy of lots."""

    name = "infrastructure.persistence.traceability"
    label = "traceability"
