"""The tables of the catalog."""

from django.apps import AppConfig


class CatalogPersistenceConfig(AppConfig):
    """Reference data."""

    name = "infrastructure.persistence.catalog"
    label = "catalog"
