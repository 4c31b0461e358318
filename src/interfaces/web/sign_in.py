"""Signing in and out, and changing one's password."""

from collections.abc import Callable
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.generic import TemplateView
from typing_extensions import override

from application.access.set_password import SetPassword, SetPasswordHandler
from application.shared.clock import Clock
from application.shared.errors import TooManyAttempts
from interfaces.shared.passwords import is_password_of
from interfaces.web.actor import actor_of_page
from interfaces.web.openid import provider_of

View = Callable[..., HttpResponseBase]


def told_to_wait(view: View) -> View:
    """A page that says how long to wait, in place of what this view answers once passwords were tried too often."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TooManyAttempts as error:
            minutes = -(-error.wait // 60)
            page = render(request, "web/too_many_attempts.html", {"minutes": minutes}, status=429)
            page["Retry-After"] = str(error.wait)
            return page

    return answered


class SignInView(LoginView):
    """The one page where people sign in."""

    template_name = "web/sign_in.html"

    @override
    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        self.request.session.flush()  # nothing of who sat here before goes over
        return super().form_valid(form)

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(provider=provider_of(self.request), **kwargs)


class ThrottledPasswordChangeForm(PasswordChangeForm):
    """Asks for the old password where passwords are counted."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    @override
    @inject
    def save(
        self,
        commit: bool = True,
        set_password: SetPasswordHandler = Provide["access.set_password"],
        clock: Clock = Provide["system.clock"],
    ) -> Any:
        """The user, whose password is set."""
        actor = actor_of_page(self._request)
        set_password(SetPassword(actor.name, self.cleaned_data["new_password1"], actor, clock.now()))
        self.user.refresh_from_db(fields=["password"])
        return self.user

    @override
    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not is_password_of(self._request, self.user.get_username(), old):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old


class ChangePasswordView(PasswordChangeView):
    """Gives whoever is signed in another password, which ends all their other sessions."""

    template_name = "web/password.html"
    form_class = ThrottledPasswordChangeForm
    success_url = reverse_lazy("web:account")

    @override
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}


class AccountView(LoginRequiredMixin, TemplateView):
    """Who is signed in, and as what."""

    template_name = "web/account.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(actor=actor_of_page(self.request), **kwargs)
