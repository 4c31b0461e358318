"""A token that was made for development lets nobody into production, on the same database."""

from config.child import manage
from tests.e2e.machine import Machine
from tests.e2e.sockets import ApiOverSockets


def test_production_refuses_a_token_for_development(machine: Machine) -> None:
    development = machine.environment | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    for arguments, status in (((), 200), (("--development",), 401)):
        token = manage("create_token", "developer", *arguments, environment=development)
        assert ApiOverSockets(machine.port, token).get("me/").status == status
