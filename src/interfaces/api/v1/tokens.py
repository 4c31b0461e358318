"""Access tokens."""

from collections.abc import Callable
from typing import ClassVar

from dependency_injector.wiring import Provide, inject
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from application.access.issue_token import IssuedToken, IssueToken
from application.access.look_up_access import LookUpAccess
from application.access.revoke_token import RevokeToken
from domain.access.rights import Right
from domain.access.token import AccessToken
from interfaces.api.idempotency import ShownOnce, once
from interfaces.api.queries import page_of, page_request
from interfaces.api.schema import page_schema
from interfaces.api.serializers import WriteSerializer
from interfaces.api.v1.access_serializers import (
    IssuedTokenReadSerializer,
    TokenQuerySerializer,
    TokenReadSerializer,
    TokenWriteSerializer,
)
from interfaces.api.views import ApiViewSet, among, listed, seen_by_caller, single


class TokenViewSet(ApiViewSet):
    """Tokens, by what is known of them: nobody can read one back."""

    what = "token"
    queries: ClassVar = {"list": TokenQuerySerializer}
    shows: ClassVar = dict.fromkeys(("list", "retrieve"), TokenReadSerializer)
    rights: ClassVar = {"create": Right.READ, "revoke": Right.READ}
    lookup_field = "token_id"

    @extend_schema(responses={200: page_schema(TokenReadSerializer)})
    @inject
    def list(self, _request: Request, access: LookUpAccess = Provide["access.look_up"]) -> Response:
        """The caller's own tokens, or with the right to change access those of a user, the latest first."""
        page = page_of(access.tokens, self.parameters["user"], page_request(self.parameters), self.actor)
        return listed(page, TokenReadSerializer)

    @extend_schema(responses={200: TokenReadSerializer})
    @inject
    def retrieve(self, _request: Request, token_id: str, access: LookUpAccess = Provide["access.look_up"]) -> Response:
        """One token."""
        return shown(access.token(self.id(token_id), self.actor))

    @extend_schema(request=TokenWriteSerializer, responses={201: IssuedTokenReadSerializer})
    @inject
    @once
    def create(
        self, request: Request, issue_token: Callable[[IssueToken], IssuedToken] = Provide["access.issue_token"]
    ) -> Response:
        """Make a token, for oneself or with the right to change access for another; it is shown this once."""
        stated = TokenWriteSerializer.values_in(request.data)
        username = stated.pop("user") or self.actor.name
        with seen_by_caller(among("user", "name", "scopes", "expires_at")):
            issued = issue_token(IssueToken(username=username, actor=self.actor, at=self.now(), **stated))
        document = {**TokenReadSerializer(issued.token).data, "token": issued.secret}
        location = self.address("token-detail", token_id=issued.token.id)
        return ShownOnce(document, "token", status=201, headers={"Location": location})

    @extend_schema(request=None, responses={200: TokenReadSerializer})
    @action(detail=True, methods=["post"])
    @inject
    @once
    def revoke(
        self,
        request: Request,
        token_id: str,
        revoke_token: Callable[[RevokeToken], AccessToken] = Provide["access.revoke_token"],
    ) -> Response:
        """Let nobody in with this token any more."""
        WriteSerializer.values_in(request.data)
        return shown(revoke_token(RevokeToken(self.id(token_id), self.actor, self.now())))


def shown(token: AccessToken) -> Response:
    """The answer with a token."""
    return single(TokenReadSerializer(token).data)
