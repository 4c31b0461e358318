"""Users and their roles."""

from collections.abc import Callable
from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from application.access.add_user import AddUser
from application.access.change_user import ChangeUser
from application.access.look_up_access import LookUpAccess
from domain.access.rights import Right
from domain.access.user import User
from interfaces.api.etags import version_meant, version_tag
from interfaces.api.idempotency import once
from interfaces.api.queries import PageQuerySerializer, page_of, page_request
from interfaces.api.schema import page_schema
from interfaces.api.v1.access_serializers import (
    UserChangeSerializer,
    UserReadSerializer,
    UserWriteSerializer,
    grants_in,
)
from interfaces.api.views import ApiViewSet, listed, single


class UserViewSet(ApiViewSet):
    """Users. Nobody is removed, because what they did names them: they are made inactive."""

    what = "user"
    queries: ClassVar = {"list": PageQuerySerializer}
    shows: ClassVar = dict.fromkeys(("list", "retrieve"), UserReadSerializer)
    rights: ClassVar = dict.fromkeys(("list", "retrieve", "create", "partial_update"), Right.ACCESS)
    lookup_field = "username"

    @extend_schema(responses={200: page_schema(UserReadSerializer)})
    @inject
    def list(self, _request: Request, access: LookUpAccess = Provide["access.look_up"]) -> Response:
        """Users in the order of their names, a page of them."""
        return listed(page_of(access.users, page_request(self.parameters), self.actor), UserReadSerializer)

    @extend_schema(responses={200: UserReadSerializer})
    @inject
    def retrieve(self, _request: Request, username: str, access: LookUpAccess = Provide["access.look_up"]) -> Response:
        """One user."""
        return shown(access.user(self.code(username), self.actor))

    @extend_schema(request=UserWriteSerializer, responses={201: UserReadSerializer})
    @inject
    @once
    def create(self, request: Request, add_user: Callable[[AddUser], User] = Provide["access.add_user"]) -> Response:
        """Add a user, who signs in once they have a password or a token."""
        stated = UserWriteSerializer.values_in(request.data)
        user = User(stated["username"], stated["name"], grants=grants_in(stated["roles"] or ()))
        added = add_user(AddUser(user, self.actor, self.now()))
        return shown(added, status=201, Location=self.address("user-detail", username=added.username))

    @extend_schema(request=UserChangeSerializer, responses={200: UserReadSerializer})
    @inject
    def partial_update(
        self, request: Request, username: str, change_user: Callable[[ChangeUser], User] = Provide["access.change_user"]
    ) -> Response:
        """Change what a user is called, whether they may sign in, and their roles, with their very next request."""
        stated = UserChangeSerializer.values_in(request.data)
        roles = stated["roles"]
        command = ChangeUser(
            username=self.code(username),
            version=version_meant(request, self.what),
            actor=self.actor,
            at=self.now(),
            name=stated["name"],
            active=stated["active"],
            grants=None if roles is None else grants_in(roles),
        )
        return shown(change_user(command))


def shown(user: User, status: int = 200, **headers: str) -> Response:
    """The answer with a user."""
    return single(UserReadSerializer(user).data, version_tag(user.version), status, **headers)
