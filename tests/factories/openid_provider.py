"""A provider of OpenID Connect, a process on loopback: `python -m tests.factories.openid_provider`.

The package oidc-provider-mock, which Authlib makes, with two things more: it insists on PKCE, and `PUT /lies` makes it
lie in the ID tokens from then on.
"""

import base64
import hashlib
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock
from authlib import jose
from werkzeug.serving import make_server

Claims = dict[str, Any]


def changed(**changes: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **changes}


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


LIES: dict[str, Callable[[Claims], Claims]] = {
    "another nonce": changed(nonce="another"),
    "no nonce": without("nonce"),
    "expired": lambda claims: {**claims, "iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600},
    "for ever": without("exp"),
    "made later": lambda claims: {**claims, "iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200},
    "another audience": changed(aud=["another program"]),
    "no audience": without("aud"),
    "another party": changed(azp="another program"),
    "another issuer": changed(iss="http://127.0.0.1:1"),
    "another subject than userinfo": changed(sub="somebody else"),
    "nobody": without("sub"),
}


def signed(header: Claims, claims: Claims, key: Any) -> str:
    text: bytes = jose.JsonWebToken([header["alg"]]).encode(header, claims, key)
    return text.decode()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def lied(token: str, lie: str, key: Any, secret: str) -> str | None:
    """The ID token with a lie in it."""
    claims = dict(jose.jwt.decode(token, key))
    known = {"alg": "RS256", "kid": key.as_dict().get("kid") or key.thumbprint()}
    other = jose.RSAKey.generate_key(is_private=True)
    made: dict[str, Callable[[], str | None]] = {
        "another key": lambda: signed(known, claims, other),
        "an unknown key": lambda: signed({"alg": "RS256", "kid": other.thumbprint()}, claims, other),
        "not signed": lambda: ".".join(
            (base64url(b'{"alg":"none","kid":"%s"}' % known["kid"].encode()), token.split(".")[1], "")
        ),
        "signed with the secret": lambda: signed({**known, "alg": "HS256"}, claims, secret),
        "damaged": lambda: token[:-40] + ("A" if token[-40] != "A" else "B") + token[-39:],
        "no ID token": lambda: None,
    }
    return made[lie]() if lie in made else signed(known, LIES[lie](claims), key)


def provider() -> flask.Flask:
    """The provider as a WSGI application."""
    app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    lies: list[str] = []
    challenges: dict[str, str] = {}

    @app.put("/lies")
    def lie() -> tuple[str, int]:
        lies[:] = [flask.request.get_data(as_text=True)]
        return "", 204

    @app.before_request
    def insist_on_pkce() -> tuple[dict[str, str], int] | None:
        asked = flask.request
        if asked.path == "/oauth2/authorize" and asked.args.get("code_challenge_method") != "S256":
            return {"error": "invalid_request"}, 400
        if asked.path == "/oauth2/token":
            digest = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
            if challenges.pop(asked.form["code"], None) != base64url(digest):
                return {"error": "invalid_grant"}, 400
        return None

    @app.after_request
    def answer(response: flask.Response) -> flask.Response:
        asked = flask.request
        if asked.path == "/oauth2/authorize" and response.status_code == 302:
            code = parse_qs(urlsplit(response.headers["Location"]).query).get("code", [""])[0]
            challenges[code] = asked.args["code_challenge"]
        if asked.path == "/oauth2/token" and response.status_code == 200 and lies and lies[0]:
            told = response.get_json()
            key = flask.g.oidc_provider_mock_storage.jwk
            told["id_token"] = lied(told["id_token"], lies[0], key, asked.form["client_secret"])
            response.set_data(flask.json.dumps(told))
        return response

    return app


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, provider(), threaded=True)
    print(server.server_port, flush=True)  # noqa: T201 - for the test that started it
    server.serve_forever()
