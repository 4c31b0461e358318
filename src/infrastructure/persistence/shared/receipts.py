"""Receipts in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from typing_extensions import override

from application.shared.receipts import Answer, Receipt, Receipts, Request
from infrastructure.persistence.shared import models
from infrastructure.persistence.shared.refusals import understood
from infrastructure.persistence.shared.unit_of_work import answering


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
        row = models.Receipt.objects.filter(caller=request.caller, key=request.key).first()
        if row is None:
            return None
        headers = tuple((name, value) for name, value in row.headers)
        return Receipt(row.fingerprint, Answer(row.status, headers, bytes(row.body)))

    @override
    def keep(self, request: Request, answer: Answer) -> None:
        models.Receipt.objects.create(
            caller=request.caller,
            key=request.key,
            fingerprint=request.fingerprint,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
        )
