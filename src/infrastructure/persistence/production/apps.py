"""The tables of production."""

from django.apps import AppConfig


class ProductionPersistenceConfig(AppConfig):
    """Campaigns, lots, the ledger and stored balances."""

    name = "infrastructure.persistence.production"
    label = "production"
