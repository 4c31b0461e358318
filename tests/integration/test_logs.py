"""Nothing that a request keeps secret is ever logged, wherever it fails; what the database can't do takes one line."""

import logging
import logging.config
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import rich  # where it is installed, structlog's own choice prints every variable of a traceback
import structlog
from pytest_django import Settings

from config.logs import logging_settings
from infrastructure.identity.models import User
from infrastructure.persistence.shared import receipts
from tests.database import Database, connect_to
from tests.e2e.client import Api
from tests.factories.browser import Client
from tests.integration.test_failing_database import failing

assert rich, "it is there to be passed over"

PASSWORD, TOKEN, CODE = "hunter2-hunter2-hunter2", "lignage_nobodys-token", "code-of-openid-connect"


@pytest.fixture(params=[True, False], ids=["readable", "JSON"])
def printed(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """What was logged since it was last asked, of everything, in the form of development or of production."""
    logging.config.dictConfig(logging_settings(level="DEBUG", readable=request.param))
    (handler,) = (handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler)

    def since() -> str:
        said: str = handler.setStream(StringIO()).getvalue()
        return said

    handler.setStream(StringIO())
    yield since
    logging.config.dictConfig(logging_settings(level="WARNING", readable=True))


def bug(*_arguments: object, **_named: object) -> Any:
    """A bug."""
    raise RuntimeError("the bug")


def signs_in() -> None:
    """Somebody signs in."""
    form = {"username": "odile", "password": PASSWORD, "next": f"/?code={CODE}"}
    Client(raise_request_exception=False).post("/sign-in/", form, HTTP_COOKIE=f"sessionid={TOKEN}")


def signs() -> None:
    """Somebody signs a closing."""
    signature = {"meaning": "checked", "password": PASSWORD}
    api = Api.of()
    api.post("campaigns/C-1/close/", {"signature": signature}, Idempotency_Key="k", Cookie=f"sessionid={TOKEN}")
    assert api.token
    SECRETS.add(api.token)


def shows_a_token() -> None:
    """A program shows a token."""
    Api(TOKEN).get("sites/")


def comes_back() -> None:
    """The provider of OpenID Connect sends somebody back."""
    Client(raise_request_exception=False).get("/sign-in/openid/callback/", {"code": CODE, "state": TOKEN})


SECRETS = {PASSWORD, TOKEN, CODE}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "ask"),
    [
        ("interfaces.web.sign_in.SignInView.form_invalid", signs_in),
        ("interfaces.shared.passwords.ModelBackend.authenticate", signs_in),
        ("django.http.request.QueryDict.__init__", signs_in),
        ("interfaces.api.parsing.json.loads", signs),
        ("interfaces.api.parsing.check_bounds", signs),
        ("interfaces.api.idempotency.salted_hmac", signs),
        ("infrastructure.identity.tokens.DjangoTokens.actor", shows_a_token),
        ("infrastructure.identity.tokens._digest", shows_a_token),
        ("interfaces.web.openid.get_adapter", comes_back),
    ],
)
def test_no_secret_is_printed(printed: Any, monkeypatch: pytest.MonkeyPatch, place: str, ask: Any) -> None:
    if ask is signs:
        Api.of()
    monkeypatch.setattr(place, bug)
    ask()
    said = printed()
    assert "the bug" in said
    assert "RuntimeError" in said
    assert [secret for secret in SECRETS if secret in said] == []


@pytest.mark.django_db
def test_no_row_is_printed(printed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL tells the values of the row that it refuses: the fingerprint of a request here, a hash elsewhere."""
    prints = []

    def kept(self: object, request: Any, answer: object) -> None:
        prints.append(request.fingerprint)
        kept_as_usual(self, request, answer)

    kept_as_usual = receipts.DjangoReceipts.keep
    monkeypatch.setattr(receipts.DjangoReceipts, "keep", kept)
    monkeypatch.setattr(receipts, "_KEEP", receipts._KEEP.replace("now()", "NULL"))
    answer = Api.of().post("sites/", {"code": "X"}, Idempotency_Key="k")
    said = printed()
    assert (answer.status, "null value in column" in said) == (500, True)
    assert [fingerprint in said for fingerprint in prints] == [False]


def test_a_lost_database_takes_a_line_for_each_request(printed: Any, committed_database: Database) -> None:
    api, client = Api.of(), Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="odile"))
    lost = committed_database.named("no_such_database").application.replace("lignage@", f"lignage:{PASSWORD}@")
    connect_to(lost)
    printed()
    assert [api.get("sites/").status, client.get("/account/").status_code] == [503, 503]
    lines = printed().splitlines()
    assert len(lines) == 2
    assert all("no_such_database" in line and "A request failed" in line for line in lines)
    assert PASSWORD not in "".join(lines)


@pytest.mark.django_db
def test_so_does_a_session_that_cant_be_kept(printed: Any) -> None:
    Api.of()
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="odile"))
    printed()
    with failing("53100", 'UPDATE "django_session"'):
        assert client.get("/account/").status_code == 503
    lines = printed().splitlines()
    assert (len(lines), "/account/" in lines[0]) == (1, True)


def test_bugs_keep_their_tracebacks(printed: Any) -> None:
    try:
        bug()
    except RuntimeError as error:
        structlog.get_logger("lignage").exception("failed")
        logging.getLogger("lignage").error("failed too", exc_info=error)  # noqa: TRY400 - as Django logs what it caught
    assert printed().count("test_logs.py") == 4, "two frames each"


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_the_page_about_an_error_in_development_tells_no_secret(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    settings.DEBUG = True
    settings.CHECKPOINT_KEY = settings.SOCIALACCOUNT_SECRET = settings.SOMETHING = {"secret": "of-the-settings"}
    settings.CACHE_URL = "redis://:of-the-settings@cache"
    monkeypatch.setattr("interfaces.shared.passwords.ModelBackend.authenticate", bug)
    client = Client(raise_request_exception=False, headers={"Accept": accept})
    client.cookies["sessionid"] = client.cookies["csrftoken"] = TOKEN
    form = {"username": "odile", "password": PASSWORD}
    page = client.post(
        "/sign-in/", form, headers={"Authorization": f"Bearer {CODE}"}, DATABASE_URL=f"postgres://a:{TOKEN}@b"
    )
    said = page.content.decode()
    assert (page.status_code, "the bug" in said, "sign_in.py" in said) == (500, True, True)
    assert [secret for secret in (*SECRETS, "of-the-settings", settings.SECRET_KEY) if secret in said] == []
