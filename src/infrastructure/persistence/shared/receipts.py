"""Receipts in PostgreSQL."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from typing_extensions import override

from application.shared.receipts import Answer, Claim, Receipt, Receipts, Request, Sights
from domain.access.rights import Right, Sight
from infrastructure.persistence.shared import models
from infrastructure.persistence.shared.refusals import understood
from infrastructure.persistence.shared.unit_of_work import answering

# Two statements, as the second is to see what the holder of the key before us committed, in one exchange.
_CLAIM = """
SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0));
SELECT fingerprint, status, headers, body, sights FROM receipt WHERE caller = %s AND key = %s
"""
_KEEP = """
INSERT INTO receipt (caller, key, fingerprint, status, headers, body, sights, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, now())
"""


class DjangoReceipts(Receipts):
    """Claims a key by an advisory lock that ends with the transaction, so that a crash leaves no claim behind."""

    @override
    @contextmanager
    def claimed(self, request: Request) -> Iterator[Claim]:
        with understood(), transaction.atomic(durable=True):
            left: list[Callable[[], None]] = []
            token = answering.set(left)
            try:
                yield _claim(request)
            finally:
                answering.reset(token)
            for enter in left:
                enter()

    @override
    def keep(self, request: Request, answer: Answer) -> None:
        headers, sights = json.dumps(answer.headers), json.dumps(_stored(request.sights))
        values = (request.caller, request.key, request.fingerprint, answer.status, headers, answer.body, sights)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, values)

    @override
    def forget(self, before: datetime) -> int:
        removed, _ = models.Receipt.objects.filter(created_at__lt=before).delete()
        return removed


def _claim(request: Request) -> Claim:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [f"{request.caller}\n{request.key}", request.caller, request.key])
        ((ours,),) = cursor.fetchall()
        cursor.nextset()
        kept = cursor.fetchone()
    return Claim(ours, _receipt_of(*kept) if kept else None)


def _receipt_of(fingerprint: str, status: int, headers: str, body: bytes, sights: str) -> Receipt:
    stated = tuple((name, value) for name, value in json.loads(headers))
    return Receipt(fingerprint, Answer(status, stated, bytes(body)), _sights_in(json.loads(sights)))


def _stored(sights: Sights) -> dict[str, list[str] | None]:
    return {right: None if sight.sites is None else sorted(sight.sites) for right, sight in sights.items()}


def _sights_in(stored: dict[str, list[str] | None]) -> Sights:
    return {Right(right): Sight(None if sites is None else frozenset(sites)) for right, sites in stored.items()}
