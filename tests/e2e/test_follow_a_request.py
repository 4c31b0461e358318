"""What a request did is found by its name: in the answer, in the history, in the logs."""

import json

import pytest
import structlog
from structlog.testing import capture_logs

from infrastructure.persistence.history.models import Entry
from tests.e2e.client import Api

SITE = {"code": "A", "name": "The press house"}


def test_what_a_request_did_is_in_the_history_under_its_name(api: Api) -> None:
    answer = api.post("sites/", SITE, X_Request_ID="erp-4711")
    assert (answer.status, answer.headers["X-Request-ID"]) == (201, "erp-4711")
    said = json.loads(Entry.objects.latest("pk").document)
    told = {name: said[name] for name in ("actor", "channel", "request", "action", "reason")}
    assert told == {"actor": "odile", "channel": "api", "request": "erp-4711", "action": "added", "reason": ""}
    assert said["after"]["name"] == "The press house"


@pytest.mark.parametrize("stated", ["", "two words", "x" * 129, "a\tb", "é"])
def test_what_is_no_name_gets_one(api: Api, stated: str) -> None:
    names = {api.get("sites/", X_Request_ID=stated).headers["X-Request-ID"] for _ in range(2)}
    assert len(names) == 2
    assert stated not in names


def test_what_is_refused_has_a_name_and_no_entry(api: Api) -> None:
    before = Entry.objects.count()
    answer = api.post("sites/", {"name": "A"}, X_Request_ID="erp-1")
    assert (answer.status, answer.headers["X-Request-ID"], Entry.objects.count()) == (400, "erp-1", before)


def test_a_name_ends_with_its_request(api: Api) -> None:
    api.get("sites/", X_Request_ID="erp-1")
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        structlog.get_logger().info("later")
    assert "request_id" not in lines[0]
