"""The application that starts the others."""

from django.apps import AppConfig
from typing_extensions import override


class CompositionConfig(AppConfig):
    """Puts the adapters behind the ports as soon as the models are there."""

    name = "config"

    @override
    def ready(self) -> None:
        from config.container import wired_container  # noqa: PLC0415 - the adapters need the models loaded

        self.container = wired_container()
