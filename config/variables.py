"""Every environment variable of Lignage: its default, its form and its meaning. The rest of the program reads it here.

`python -m config.variables` prints docs/configuration.md, which a test compares.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen
from django.core.exceptions import ImproperlyConfigured
from environ import Env  # type: ignore[import-untyped]  # it comes without types

from config.console import CannotRunError
from config.database_address import database_address

Form = Callable[[str], Any]
"""Makes a value of what is given. Raises ValueError with the end of a sentence that begins with the variable's name."""


class MisconfiguredError(CannotRunError, ImproperlyConfigured):
    """A variable is missing or malformed. Programs end with its line; Django knows it as its own error."""


@frozen
class Variable:
    """An environment variable. The default has the form of what is given; an empty variable counts as unset."""

    default: str | int
    meaning: str
    form: Form = str


def whole(least: int = 0, most: int | None = None) -> Form:
    """A whole number from `least` on."""

    def parsed(given: str) -> int:
        if given.isdecimal() and given.isascii() and least <= int(given) <= (int(given) if most is None else most):
            return int(given)
        bounds = f"a whole number, at least {least}" if most is None else f"a number from {least} to {most}"
        raise ValueError(f"has to be {bounds}, not {given!r}.")

    return parsed


def one_of(*words: str) -> Form:
    """One of these words."""

    def parsed(given: str) -> str:
        if given not in words:
            raise ValueError(f"has to be one of {', '.join(words)}, not {given!r}.")
        return given

    return parsed


def switch(given: str) -> bool:
    """True or false."""
    if given.lower() not in {"true", "yes", "on", "1", "false", "no", "off", "0"}:
        raise ValueError(f"has to be true or false, not {given!r}.")
    return given.lower() in {"true", "yes", "on", "1"}


def words(given: str) -> list[str]:
    """Split a list at its commas."""
    return [word.strip() for word in given.split(",") if word.strip()]


def lines(given: str) -> str:
    r"""A text in which `\n` is a line break."""
    return given.replace("\\n", "\n")


def key(given: str) -> str:
    """Nothing, or 32 bytes in hexadecimal digits."""
    if given and not re.fullmatch(r"[0-9a-fA-F]{64}", given):
        raise ValueError("has to be 64 hexadecimal digits.")
    return given


def cache_address(given: str) -> dict[str, Any]:
    """Django's configuration of a cache."""
    try:
        return dict(Env.cache_url_config(given))
    except ImproperlyConfigured:
        raise ValueError("has to be the address of a cache, such as redis://HOST:6379/1.") from None


V = Variable
SECTIONS: Mapping[str, Mapping[str, Variable]] = {
    "Starting": {
        "PORT": V(8000, "Port that `make run` serves at, on 127.0.0.1.", whole(1, 65535)),
        "SAMPLE": V(1, "`0` leaves the sample plant out at the first start.", one_of("0", "1")),
        "LIGNAGE_STATE": V(
            "var",
            "Folder of the embedded database, the secrets and the static files, from the root of the project.",
        ),
        "SERVER_THREADS": V(4, "Threads of each server process. Each has a database connection.", whole(1)),
        "DJANGO_SETTINGS_MODULE": V(
            "config.settings.dev",
            "Settings: `config.settings.prod` in production, which `config.wsgi` and `config.asgi` take unless told.",
        ),
        "PYTHON": V("python3", "Python that `make install` makes the environment with."),
        "UV": V("uv", "uv that `make install` installs with, where there is one. `UV=` installs with pip."),
    },
    "Database": {
        "DATABASE_URL": V(
            "",
            "`postgresql://USER:PASSWORD@HOST:PORT/DATABASE` of the application's role, on PostgreSQL 16 or newer. "
            "Unset: the embedded server. Required in production.",
            database_address,
        ),
        "DATABASE_OWNER_URL": V(
            "",
            "The same for the owner of the tables, who migrates. Unset: `DATABASE_URL`.",
            database_address,
        ),
        "DATABASE_AS_OWNER": V("false", "Connect as the owner; `migrate` sets it.", switch),
        "DATABASE_POOL": V("true", "Keep connections in a pool; `manage.py` sets it to false.", switch),
    },
    "Secrets and addresses": {
        "SECRET_KEY": V(
            "",
            "Signs sessions: at least 50 characters, 5 of them different. Required in production; development keeps "
            "one in the state folder.",
        ),
        "ALLOWED_HOSTS": V("", "Host names that are served, with commas between. Required in production.", words),
        "CSRF_TRUSTED_ORIGINS": V(
            "",
            "Other origins whose pages may write with a session, such as `https://plant.example`.",
            words,
        ),
        "CORS_ALLOWED_ORIGINS": V(
            "",
            "Origins whose pages may call the API in a browser, with a token and never a cookie.",
            words,
        ),
        "CHECKPOINT_KEY": V(
            "",
            "64 hexadecimal digits that sign checkpoints. Unset: the state folder keeps some.",
            key,
        ),
    },
    "HTTPS and proxies": {
        "PROXIES": V(0, "Proxies before the server; each adds to `X-Forwarded-For`.", whole()),
        "BEHIND_HTTPS_PROXY": V("false", "Believe the proxy's `X-Forwarded-Proto` (production).", switch),
        "SECURE_SSL_REDIRECT": V("true", "Redirect HTTP to HTTPS (production).", switch),
        "SECURE_HSTS_SECONDS": V(31536000, "Seconds of `Strict-Transport-Security` (production).", whole()),
    },
    "Signing in": {
        "PASSWORD_LENGTH": V(15, "Characters that a new password has at least.", whole(1)),
        "TRIES_FOR_A_NAME": V(5, "Wrong passwords for one user name at once; then one each 15 minutes.", whole(1)),
        "TRIES_FOR_AN_ADDRESS": V(
            50,
            "Wrong passwords from one address at once; then one each 20 seconds.",
            whole(1),
        ),
        "SESSION_HOURS": V(12, "Hours after which a session ends.", whole(1)),
        "SESSION_IDLE_MINUTES": V(60, "Minutes without a request after which a session ends.", whole(1)),
        "OIDC_ISSUER": V("", "Issuer of an OpenID Connect provider, exactly as it calls itself. Unset: no provider."),
        "OIDC_CLIENT_ID": V("", "Client identifier at the provider. Required with `OIDC_ISSUER`."),
        "OIDC_CLIENT_SECRET": V("", "Client secret at the provider."),
        "OIDC_NAME": V("OpenID Connect", "Name of the provider on the button of the sign-in page."),
    },
    "Requests": {
        "RATE_LIMIT": V(
            30000,
            "Requests a minute for each token, or for each user's sessions. `0`: no limit.",
            whole(),
        ),
        "CACHE_URL": V(
            "locmemcache://?max_entries=10000",
            "Cache in which requests are counted. Processes count together where they share one.",
            cache_address,
        ),
    },
    "Documents and logs": {
        "HOUSE": V("", r"Name and address that recall letters are from; `\n` is a line break.", lines),
        "LOG_LEVEL": V(
            "INFO",
            "Least severity that is logged.",
            one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        ),
        "DEBUG": V("true", "Explain errors on pages (development).", switch),
    },
    "Tests and measurements": {
        "HYPOTHESIS_PROFILE": V("default", "`soak` tries many more random plants."),
        "REQUIRE_NODE": V("", "If set, tests that need Node.js fail where it isn't found."),
        "BENCH_LOTS": V(100000, "Lots of the plant that `make bench` traces.", whole(1)),
    },
}
VARIABLES = {name: variable for section in SECTIONS.values() for name, variable in section.items()}


def read(name: str) -> Any:
    """The value of a variable. Raises MisconfiguredError for a malformed one, KeyError for an undeclared one."""
    variable = VARIABLES[name]
    try:
        return variable.form(os.environ.get(name) or str(variable.default))
    except ValueError as error:
        raise MisconfiguredError(f"{name} {error}") from None


def required(name: str) -> Any:
    """The value of a variable that has to be set. Raises MisconfiguredError."""
    value = read(name)
    if not value:
        raise MisconfiguredError(f"Set the {name} environment variable: see docs/configuration.md.")
    return value


INTRODUCTION = """\
# Configuration

Lignage reads its configuration from environment variables alone. An empty variable counts as unset. A missing or
malformed one stops the start with one line.

This page is generated: change `config/variables.py`, then run `make configuration`.
"""


def page() -> str:
    """Return the text of docs/configuration.md."""
    written = [INTRODUCTION]
    for title, variables in SECTIONS.items():
        written += [f"## {title}\n", "| variable | default | meaning |", "|---|---|---|"]
        for name, variable in variables.items():
            default = f"`{variable.default}`" if variable.default != "" else ""
            written.append(f"| `{name}` | {default} | {variable.meaning} |")
        written.append("")
    return "\n".join(written).strip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
