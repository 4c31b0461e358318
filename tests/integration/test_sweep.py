"""What is kept for a time only goes when its time is over, and no earlier."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from application.shared.receipts import Answer, Request
from infrastructure.persistence.shared.models import Receipt
from infrastructure.persistence.shared.receipts import DjangoReceipts


@pytest.mark.parametrize(("age", "removed"), [(timedelta(days=29, hours=23), 0), (timedelta(days=30, minutes=1), 1)])
def test_answers_are_kept_for_thirty_days(db: None, age: timedelta, removed: int) -> None:
    for key in ("old", "new"):
        DjangoReceipts().keep(Request("ana", key, "f" * 64), Answer(201, (), b"{}"))
    Receipt.objects.filter(key="old").update(created_at=F("created_at") - age)
    said = StringIO()
    call_command("sweep", stdout=said)
    assert said.getvalue() == f"receipts removed: {removed}\n"
    assert Receipt.objects.count() == 2 - removed
    assert Receipt.objects.filter(key="new").exists()
