"""What the tables of every context share."""

from django.apps import AppConfig, apps  # noqa: TID251 - it asks for all applications, not for a model by its name
from django.db.models.signals import post_migrate
from typing_extensions import override

from infrastructure.persistence.shared.rights import grant_rights


class SharedPersistenceConfig(AppConfig):
    """Grants the application its rights after each migration, once all tables are there."""

    name = "infrastructure.persistence.shared"
    label = "shared"

    @override
    def ready(self) -> None:
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(grant_rights, sender=last)
