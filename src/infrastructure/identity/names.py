"""The names of users in the database."""

from typing_extensions import override

from application.shared.tries import Names
from infrastructure.identity.models import User


class DjangoNames(Names):
    """Looks each name up."""

    @override
    def known(self, name: str) -> bool:
        return User.objects.filter(username=name).exists()
