"""The product's own recording, without a history, and without asking who it is that records."""

from collections.abc import Sequence
from datetime import datetime

from dependency_injector.providers import Object
from django.apps import apps  # noqa: TID251 - the container is changed, not a model looked up
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from application.shared.actor import Actor
from application.shared.history import History
from domain.access.rights import Grant, Role
from domain.shared.events import Event
from interfaces.api.v1.operations import OperationViewSet
from tests.benchmarks.bare.reading import Operations


class NoHistory(History):
    """Keeps nothing."""

    @override
    def enter(self, events: Sequence[Event], by: Actor, at: datetime) -> None:
        """Nothing."""


apps.get_app_config("config").container.system.history.override(Object(NoHistory()))


class BareOperationViewSet(OperationViewSet):
    """Records whoever asks. Without an Idempotency-Key the action does nothing for one."""

    authentication_classes = ()
    permission_classes = ()

    @property
    @override
    def actor(self) -> Actor:
        return Actor("nobody", frozenset({Grant(Role.ADMINISTRATOR)}))

    @override
    def list(self, request: Request) -> Response:
        """A page of operations, by the bare view."""
        return Operations.as_view()(request._request)
