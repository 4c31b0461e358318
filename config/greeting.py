"""The greeting of `make run`: addresses, who may sign in, and lines to copy."""

import shlex
import sys
from collections.abc import Mapping

from config.development_token import DevelopmentToken
from config.state import ROOT

READY = """
Lignage is ready.

  The API and its calls   {address}/api/v1/docs
  Sign in                 {address}/sign-in/

Only people with a password can sign in, and at first nobody has one.
"""
MADE = """\
This lets user developer, an administrator, sign in (it asks for a password):

  {manage} set_password developer

Lines to copy into another terminal. The token is developer's, for development only, and good until {until}:

  export base={address}/api/v1 TOKEN={token}
  curl -H "Authorization: Bearer $TOKEN" "$base/lots/?on_hand=positive&limit=5"
"""
TO_BE_MADE = """\
The first of these makes user developer, an administrator, unless there is one, and prints a token for the API, good for
12 hours. The second lets developer sign in (it asks for a password):

  {manage} create_token developer --development
  {manage} set_password developer

Lines to copy into another terminal, with that token:

  export base={address}/api/v1 TOKEN=
  curl -H "Authorization: Bearer $TOKEN" "$base/lots/?on_hand=positive&limit=5"
"""
END = """
Ctrl-C ends it.
"""


def greeting(address: str, token: DevelopmentToken | None, manage: str) -> str:
    """The text for a server at this address; `manage` is how a shell runs manage.py."""
    if token is None:
        return (READY + TO_BE_MADE + END).format(address=address, manage=manage)
    until = token.until.astimezone().strftime("%H:%M")
    return (READY + MADE + END).format(address=address, manage=manage, token=token.secret, until=until)


def manage_command(environment: Mapping[str, str]) -> str:
    """How a shell runs manage.py from any folder, with the same database. An address with a password isn't repeated."""
    parts = [shlex.quote(sys.executable), shlex.quote(str(ROOT / "manage.py"))]
    if state := environment.get("LIGNAGE_STATE"):
        parts.insert(0, f"LIGNAGE_STATE={shlex.quote(state)}")
    if environment.get("DATABASE_URL"):
        parts.insert(0, "DATABASE_URL=postgresql://…")
    return " ".join(parts)
