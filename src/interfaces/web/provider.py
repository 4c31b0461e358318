"""OpenID Connect as we speak it: authorization code with PKCE and nonce, and an ID token that proves itself.

allauth takes an ID token's word for its signature, because it came over TLS, and knows no nonce. We look at everything.
"""

import hashlib
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from typing_extensions import override

from interfaces.web.actor import PROVIDER

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""What a provider may sign with: a key pair, never a secret that others know too, and never nothing."""

CLOCKS_MAY_DIFFER = 30
"""Seconds that the provider's clock may be ahead of ours, or behind."""


class Unproven(OAuth2Error):  # type: ignore[misc]  # allauth comes without types
    """The provider's answer doesn't prove who signs in."""


def nonce_of(state: str) -> str:
    """What the ID token has to repeat. It follows from the state, which the session keeps and takes back once."""
    return salted_hmac("openid nonce", state, algorithm="sha256").hexdigest()


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth comes without types
    """Asks the provider, and believes nothing that isn't signed for us."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises Unproven where it isn't the issuer that was configured."""
        config: dict[str, Any] = super().openid_config
        issuer = self.get_provider().app.settings["server_url"]
        if config.get("issuer") != issuer:
            raise Unproven(f"The provider calls itself {config.get('issuer')!r}, not {issuer!r}.")
        if not config.keys() >= {"authorization_endpoint", "token_endpoint", "jwks_uri"}:
            raise Unproven("The provider doesn't say where to ask it.")
        return config

    @override
    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("web:openid_callback"))

    @override
    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        claims = self._proven(app, kwargs["response"].get("id_token"))
        if not constant_time_compare(str(claims.get("nonce")), nonce_of(request.GET["state"])):
            raise Unproven("The ID token was made for another sign-in.")
        told = self._told_beside(token, claims["sub"])
        return self.get_provider().sociallogin_from_response(request, {**told, **claims})

    def _proven(self, app: SocialApp, id_token: object) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise Unproven("There is no ID token.")
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key_of(id_token),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_MAY_DIFFER,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise Unproven(f"The ID token isn't valid: {error}.") from error
        if claims.get("azp", app.client_id) != app.client_id or not claims["sub"]:
            raise Unproven("The ID token was made for another program.")
        return claims

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        wanted = jwt.get_unverified_header(id_token).get("kid")
        fitting = [key for key in keys if wanted is None or key.key_id == wanted]
        if len(fitting) != 1:
            raise Unproven("The ID token doesn't say with which of the provider's keys it is signed.")
        return fitting[0]

    def _told_beside(self, token: SocialToken, subject: str) -> dict[str, Any]:
        """What else the provider says of this subject, their name for one."""
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        told: dict[str, Any] = self._fetch_user_info(token.token)
        if told.get("sub") != subject:
            raise Unproven("The provider told of somebody else.")
        return told


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth comes without types
    """The one provider that the settings name."""

    id = PROVIDER
    oauth2_adapter_class = Adapter

    @override
    def wk_server_url(self, url: str) -> str:
        return f"{url.rstrip('/')}/.well-known/openid-configuration"

    @override
    def extract_uid(self, data: dict[str, Any]) -> str:
        # The subject is unique for its issuer alone, and may be longer than the column.
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    @override
    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"iss": data["iss"], "sub": data["sub"]}

    @override
    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"username": str(data.get("preferred_username", "")), "name": str(data.get("name", ""))}

    @override
    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


provider_classes = [Provider]
