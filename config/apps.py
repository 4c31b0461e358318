"""The application that starts the others."""

from django.apps import AppConfig
from typing_extensions import override

from config.container import Container, wired_container


class CompositionConfig(AppConfig):
    """Puts the adapters behind the ports as soon as the models are there."""

    name = "config"
    container: Container

    @override
    def ready(self) -> None:
        self.container = wired_container()
