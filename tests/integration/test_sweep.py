"""What is kept for a time only goes when its time is over, and no earlier."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import F

from application.shared.receipts import Answer, Request
from domain.access.attempts import Limit
from infrastructure.identity.throttling.attempts import DjangoLoginAttempts
from infrastructure.identity.throttling.models import TriedPassword
from infrastructure.persistence.shared.models import Receipt
from infrastructure.persistence.shared.receipts import DjangoReceipts


@pytest.mark.parametrize(("age", "removed"), [(timedelta(days=29, hours=23), 0), (timedelta(days=30, minutes=1), 1)])
def test_answers_are_kept_for_thirty_days(db: None, age: timedelta, removed: int) -> None:
    for key in ("old", "new"):
        DjangoReceipts().keep(Request("ana", key, "f" * 64), Answer(201, (), b"{}"))
    Receipt.objects.filter(key="old").update(created_at=F("created_at") - age)
    said = StringIO()
    call_command("sweep", stdout=said)
    assert said.getvalue() == f"receipts removed: {removed}\nattempts removed: 0\n"
    assert Receipt.objects.count() == 2 - removed
    assert Receipt.objects.filter(key="new").exists()


def test_sessions_and_attempts_go_once_they_are_over(db: None) -> None:
    now = datetime.now(UTC)
    limit = Limit(5, timedelta(minutes=15))
    DjangoLoginAttempts().take("ana", limit, now - timedelta(minutes=16))
    DjangoLoginAttempts().take("bob", limit, now)
    for key, end in (("over", now - timedelta(minutes=1)), ("going on", now + timedelta(minutes=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=end)
    said = StringIO()
    call_command("sweep", stdout=said)
    assert "attempts removed: 1\n" in said.getvalue()
    assert TriedPassword.objects.count() == 1
    assert [session.session_key for session in Session.objects.all()] == ["going on"]
