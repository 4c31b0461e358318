"""Reading users and tokens: a fixed number of queries for a page."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from typing_extensions import override

from application.access.ports import AccessReader
from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight
from domain.access.token import AccessToken
from domain.access.user import User
from infrastructure.identity import models
from infrastructure.identity.tokens import token_of
from infrastructure.identity.users import user_of, with_grants
from infrastructure.shared.keyset import number_at, page_of, place


class DjangoAccessReader(AccessReader):
    """Reads users by their names, and tokens."""

    @override
    def user(self, username: str) -> User:
        row = with_grants().filter(username=username).first()
        if row is None:
            raise NotFound("user", username)
        return user_of(row)

    @override
    def users(self, request: PageRequest, sight: Sight) -> Page[User]:
        rows = with_grants().order_by("username")
        if sight.sites is not None:
            granted = models.RoleGrant.objects.filter(user=OuterRef("pk"))
            of_one = granted.filter(Q(site=None) | Q(site__in=sight.sites))
            rows = rows.filter(Exists(of_one) | ~Exists(granted))
        if after := place(request, 1):
            rows = rows.filter(username__gt=after[0])
        return page_of([user_of(row) for row in rows[: request.limit + 1]], request, lambda user: [user.username])

    @override
    def token(self, token: UUID) -> AccessToken:
        row = models.AccessToken.objects.select_related("user").filter(key=token).first()
        if row is None:
            raise NotFound("token", token)
        return token_of(row)

    @override
    def tokens(self, user: str, request: PageRequest) -> Page[AccessToken]:
        rows = models.AccessToken.objects.select_related("user").filter(user__username=user).order_by("-pk")
        if after := place(request, 1):
            rows = rows.filter(pk__lt=number_at(after[0]))
        page = page_of(list(rows[: request.limit + 1]), request, lambda row: [str(row.pk)])
        return Page(tuple(map(token_of, page.items)), page.next)
