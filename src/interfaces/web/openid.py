"""Signing in with OpenID Connect, where an operator has switched it on."""

import math
from collections.abc import Callable
from functools import wraps
from itertools import chain, count
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from dependency_injector.wiring import Provide, inject
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException, Session
from typing_extensions import override

from application.access.add_user import AddUser, AddUserHandler
from application.access.ports import Users
from application.shared.clock import Clock
from domain.access.user import User, faults_in_new_user
from domain.shared.errors import DomainError, raise_any
from interfaces.web.actor import whoever_signs_in
from interfaces.web.provider import Adapter, Provider, Unproven, nonce_of
from interfaces.web.provider_http import SECONDS, Busy, exchange, session, took_too_long

View = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger(__name__)


def provider_of(request: HttpRequest) -> Provider | None:
    """The provider to sign in with; None where there is none."""
    return next(iter(get_adapter(request).list_providers(request)), None)


def bounded(view: View) -> View:
    """Bound what this view asks of the provider; a page says so where the provider doesn't answer."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            with exchange():
                return view(request)
        except Busy:
            return _unanswered(request, "too many wait for it")

    return answered


@require_POST
@bounded
def go(request: HttpRequest) -> HttpResponse:
    """Send whoever wants to sign in to the provider.

    By a page, for where a form is redirected to has to be in the policy of the page that has the form, and nobody knows
    to what places the provider sends them on.
    """
    provider = _provider(request)
    state = get_adapter(request).generate_state_param({})
    there = {"state_id": state, "auth_params": {"nonce": nonce_of(state)}}
    try:
        place = provider.redirect(request, AuthProcess.LOGIN, next_url=_next(request), **there)["Location"]
    except (OAuth2Error, RequestException) as error:
        refused: HttpResponse = render_authentication_error(request, provider, exception=error)
        return refused
    return render(request, "web/openid_go.html", {"provider": provider, "place": place})


@require_GET
@bounded
def come_back(request: HttpRequest) -> HttpResponse:
    """Sign in whom the provider sends back, if what it says is proven."""
    provider = _provider(request)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(Adapter(request, provider.sub_id))(request)
    except (OAuth2Error, RequestException, DomainError) as error:
        answer = render_authentication_error(request, provider, exception=error)
    return answer


def _provider(request: HttpRequest) -> Provider:
    provider = provider_of(request)
    if provider is None:
        raise Http404
    return provider


def _next(request: HttpRequest) -> str | None:
    place = request.POST.get(REDIRECT_FIELD_NAME, "")
    safe = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return place if safe else None


@inject
def add(
    request: HttpRequest,
    user: User,
    link: Callable[[], None],
    account: str,
    add_user: AddUserHandler = Provide["access.add_user"],
    clock: Clock = Provide["system.clock"],
) -> User:
    """The user, whom there is from now on, and who is linked to this account of the provider."""
    return add_user(AddUser(user, whoever_signs_in(request), clock.now(), link, account))


@inject
def not_taken(name: str, users: Users = Provide["access.users"]) -> str:
    """The name, with a number where somebody has it or one that looks like it."""
    return next(each for each in chain([name], (f"{name}{number}" for number in count(2))) if not users.taken(each))


@inject
def check_name(name: str, programs: frozenset[str] = Provide["access.programs"]) -> None:
    """Raises `Invalid` for what no new user may be called."""
    raise_any(faults_in_new_user(User(name), programs))


class SignUp(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    """How a subject of the provider becomes a user, and how the provider is asked."""

    @override
    def get_requests_session(self) -> Session:
        return session()

    @override
    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        # A name that nobody has: a subject is never taken for a user who is there already.
        names = [data["username"], data["name"], "user"]
        sociallogin.user.username = not_taken(get_account_adapter().generate_unique_username(names))
        sociallogin.user.name = data["name"]
        return sociallogin.user

    @override
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: None = None) -> AbstractBaseUser:
        """The one place where a user is made at their first sign-in; they have no role and no password."""
        told = sociallogin.user

        def link() -> None:
            sociallogin.user = type(told).objects.get_by_natural_key(told.username)
            sociallogin.save(request)

        account = f"{sociallogin.account.provider} {sociallogin.account.uid}"
        added = add(request, User(told.username, told.name), link, account)
        log.info("A user was made at their first sign-in.", user=added.username, **sociallogin.account.extra_data)
        user: AbstractBaseUser = sociallogin.user
        return user

    @override
    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: object = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(redirect("web:sign_in"))
        if took_too_long(exception):
            raise ImmediateHttpResponse(_unanswered(request, "it took too long"))
        # What others say of an answer may have the answer in it, and with it a token.
        reason = str(exception) if isinstance(exception, Unproven) else type(exception).__name__
        raise ImmediateHttpResponse(_refused(request, reason))


class SignIn(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    """What happens at sign-in with the provider."""

    @override
    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        log.info("Signed in with OpenID Connect.", user=user.get_username(), address=request.META.get("REMOTE_ADDR"))

    @override
    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The name; Django's ValidationError, upon which allauth tries the next one, for what nobody may be called."""
        try:
            check_name(username)
        except DomainError as error:
            raise ValidationError(str(error)) from error
        cleaned: str = super().clean_username(username, shallow=shallow)
        return cleaned

    @override
    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return _refused(request, f"{user.get_username()} is not active")

    @override
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Says nothing: the page that follows shows who is signed in."""


def _unanswered(request: HttpRequest, reason: str) -> HttpResponse:
    log.warning(
        "The provider of OpenID Connect doesn't answer.", reason=reason, address=request.META.get("REMOTE_ADDR")
    )
    page = render(request, "web/openid_unanswered.html", status=503)
    page["Retry-After"] = str(math.ceil(SECONDS))
    return page


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    log.warning("A sign-in with OpenID Connect was refused.", reason=reason, address=request.META.get("REMOTE_ADDR"))
    return render(request, "web/openid_refused.html", status=403)
