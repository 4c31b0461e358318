"""People who record over connections that break, and ask again, however often, until they are answered."""

import random
import time
from collections.abc import Iterator
from http.client import HTTPException
from itertools import count
from threading import Event
from typing import Any
from uuid import uuid4

from attrs import define, field

from tests.e2e.client import Answer
from tests.e2e.plant import line, operation
from tests.e2e.sockets import ApiOverSockets

CAMPAIGN, STOCK, HEAP = "C-1", ("A-1", "A-2", "A-3"), "HEAP"
USED, MADE, LEFT = "0.003", "0.002", "0.001"
"""What each production takes of each lot in stock, what it makes of juice, and what it adds to the heap."""

PAUSE = 0.05
PATIENCE = 60


@define
class Insistent:
    """One of them, and what was acknowledged to them: operations by their id, with the document that names each."""

    api: ApiOverSockets
    name: str
    chance: random.Random
    recorded: dict[str, str] = field(factory=dict)
    reversed: dict[str, str] = field(factory=dict)
    held: list[str] = field(factory=list)
    acknowledged: int = 0
    asked_again: int = 0
    done_unheard: int = 0
    """How often it turned out that a request which nobody had acknowledged had had its effect."""
    _free: list[tuple[str, str]] = field(factory=list)

    def record_until(self, told_to_stop: Event) -> None:
        """Record one thing after the other; what was begun is brought to its end."""
        ways = (self._record_under_a_key, self._record_under_an_id, self._record_a_batch, self._reverse, self._hold)
        for number in count():
            if told_to_stop.is_set():
                return
            self.chance.choice(ways)(f"{self.name}-{number}")

    def _record_under_a_key(self, name: str) -> None:
        self._keep(self._asked("operations/", production(name), Idempotency_Key=name).json)

    def _record_under_an_id(self, name: str) -> None:
        self._keep(self._asked("operations/", production(name, id=str(uuid4()))).json)

    def _record_a_batch(self, name: str) -> None:
        parts = [production(name, lot=f"{name}.{part}") for part in range(self.chance.randint(2, 8))]
        for kept in self._asked("operations/batch/", {"operations": parts}, Idempotency_Key=name).json["items"]:
            self._keep(kept)

    def _reverse(self, name: str) -> None:
        for recorded, _ in self._one_of_the_free():
            path, reason = f"operations/{recorded}/reverse/", {"reason": "typed twice"}
            reversal = self._asked(path, reason, Idempotency_Key=name).json
            self.reversed[recorded] = reversal["id"]

    def _hold(self, name: str) -> None:
        for _, juice in self._one_of_the_free():
            self._asked(f"lots/{juice}/hold/", {"reason": name}, Idempotency_Key=name)
            self.held.append(name)

    def _one_of_the_free(self) -> Iterator[tuple[str, str]]:
        """An operation that stands, and the lot that it made, which isn't held; none while there is none."""
        if self._free:
            yield self._free.pop(self.chance.randrange(len(self._free)))

    def _keep(self, recorded: dict[str, Any]) -> None:
        self.recorded[recorded["id"]] = recorded["document"]
        (juice,) = (movement["lot_id"] for movement in recorded["movements"] if movement["product"] == "JUICE")
        self._free.append((recorded["id"], juice))

    def _asked(self, path: str, body: Any, **headers: str) -> Answer:
        """What is acknowledged in the end."""
        give_up = time.monotonic() + PATIENCE
        again = False
        while (answer := self._answer(path, body, headers)) is None:
            assert time.monotonic() < give_up, (path, body)
            again = True
            time.sleep(PAUSE)
        assert answer.status in (200, 201), answer
        self.acknowledged += 1
        self.asked_again += again
        self.done_unheard += "Idempotency-Replayed" in answer.headers or ("id" in body and answer.status == 200)
        return answer

    def _answer(self, path: str, body: Any, headers: dict[str, str]) -> Answer | None:
        """The answer; None where there is none, or it is to ask again."""
        try:
            answer = self.api.post(path, body, **headers)
        except (OSError, HTTPException):
            return None
        if answer.status == 503 or (answer.status == 409 and answer.codes in (["in_flight"], ["overtaken"])):
            return None
        return answer


def production(name: str, *, lot: str = "", **more: Any) -> dict[str, Any]:
    """Juice of a lot of its own, from lots that everybody takes from; the rest goes onto one heap."""
    return operation(
        "production",
        *(line("in", "input", "APPLE", apples, USED) for apples in STOCK),
        line("out", "main", "JUICE", lot or name, MADE),
        line("out", "by_product", "POMACE", HEAP, LEFT),
        line="PRESS",
        campaign=CAMPAIGN,
        document=name,
        **more,
    )
