"""The tables of the history."""

from django.apps import AppConfig


class HistoryPersistenceConfig(AppConfig):
    """Who did what, chained."""

    name = "infrastructure.persistence.history"
    label = "history"
