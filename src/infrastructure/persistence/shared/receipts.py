"""Receipts in PostgreSQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from typing_extensions import override

from application.shared.receipts import Answer, Receipt, Receipts, Request
from infrastructure.persistence.shared import models
from infrastructure.persistence.shared.refusals import understood
from infrastructure.persistence.shared.statements import rows_looked_up
from infrastructure.persistence.shared.unit_of_work import answering

_FIND = "SELECT fingerprint, status, headers, body FROM receipt WHERE caller = %s AND key = %s"
_KEEP = """
INSERT INTO receipt (caller, key, fingerprint, status, headers, body, created_at)
VALUES (%s, %s, %s, %s, %s, %s, now())
"""


class DjangoReceipts(Receipts):
    """Claims a key by an advisory lock that ends with the transaction, so that a crash leaves no claim behind."""

    @override
    @contextmanager
    def claimed(self, request: Request) -> Iterator[bool]:
        with understood(), transaction.atomic(durable=True):
            token = answering.set(True)
            try:
                yield self._try_lock(request)
            finally:
                answering.reset(token)

    def _try_lock(self, request: Request) -> bool:
        with connection.cursor() as cursor:
            name = f"{request.caller}\n{request.key}"
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            row = cursor.fetchone()
        return bool(row and row[0])

    @override
    def find(self, request: Request) -> Receipt | None:
        for fingerprint, status, headers, body in rows_looked_up(_FIND, [request.caller, request.key]):
            kept = tuple((name, value) for name, value in json.loads(headers))
            return Receipt(fingerprint, Answer(status, kept, body))
        return None

    @override
    def keep(self, request: Request, answer: Answer) -> None:
        headers = json.dumps(answer.headers)
        values = (request.caller, request.key, request.fingerprint, answer.status, headers, answer.body)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, values)

    @override
    def forget(self, before: datetime) -> int:
        removed, _ = models.Receipt.objects.filter(created_at__lt=before).delete()
        return removed
