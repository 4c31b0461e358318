"""Addresses that people type lead somewhere, and where there is nothing a page of the product says so."""

import pytest
from django.test import Client, override_settings

from interfaces.shared.content_policy import HEADER

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("/sign-in", "/sign-in/"),
        ("/sign-in?next=/admin/", "/sign-in/?next=/admin/"),
        ("/account", "/account/"),
        ("/password", "/password/"),
        ("/admin", "/admin/"),
        ("/api", "/api/"),
        ("/health/live/", "/health/live"),
        ("/api/v1/docs/", "/api/v1/docs"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_slash_more_or_less_is_redirected_for_good(client: Client, method: str, typed: str, leads_to: str) -> None:
    answer = client.generic(method, typed, headers=BROWSER)
    assert (answer.status_code, answer["Location"]) == (301, leads_to)


@pytest.mark.parametrize(("typed", "leads_to"), [("/api/", "/api/v1/docs"), ("/api/v1/", "/api/v1/docs")])
def test_the_api_shows_a_browser_its_page_and_a_program_its_document(client: Client, typed: str, leads_to: str) -> None:
    answer = client.get(typed, headers=BROWSER)
    assert (answer.status_code, answer["Location"]) == (302, leads_to)
    program = client.get(typed, headers={"accept": "application/json"})
    assert (program.status_code, program["Content-Type"]) == (401, "application/problem+json")
    assert all("Accept" in each["Vary"] for each in (answer, program))


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There is no page at this address."), ("fr", "Page introuvable")],
)
@pytest.mark.parametrize("path", ["/nothing", "/nothing/", "/sign-in/nothing", "/static/nothing.css", "/%0a"])
def test_a_page_says_that_there_is_none(path: str, language: str, sentence: str, method: str, debug: bool) -> None:
    browser = Client(enforce_csrf_checks=True)
    with override_settings(DEBUG=debug):
        answer = browser.generic(method, path, headers={**BROWSER, "accept-language": language})
    assert answer.status_code == 404
    assert sentence in answer.content.decode()
    assert answer[HEADER].startswith("default-src 'none'")
    assert "inline" not in answer[HEADER]


@pytest.mark.parametrize("path", ["/%2Fevil.example", "/%5Cevil.example", "/%2Fevil.example/sign-in", "/%2Fsign-in"])
def test_no_redirect_leaves_this_server(client: Client, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/sign-in", "/admin", "/api", "/account"])
def test_what_changes_something_is_not_redirected(client: Client, path: str) -> None:
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/nothing/", "/api/v1/lots", "/api/v3/"])
def test_under_the_api_nothing_is_a_problem(client: Client, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
