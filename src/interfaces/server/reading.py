"""Bodies of requests, read within limits of time and memory."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager

SMALL = 64 * 1024
"""Bytes of a body that takes no room from others."""

ROOM = 64 * 1024 * 1024
"""Bytes of memory for all larger bodies of a process, from before their first byte to their answer."""

PARSED = 100
"""Bytes of memory for a byte of small values in JSON; `interfaces.api.bounds` keeps a whole document within `ROOM`."""

PATIENCE = 10.0
"""Seconds that any body may take, and that a larger one waits for room."""

PACE = 64 * 1024
"""Bytes a second: a larger body may take as much longer as this pace needs."""

PEACE = 2.0
"""Seconds after which a larger body that is still arriving makes room for the next."""


class TooSlow(Exception):
    """The body didn't arrive in time."""


class Incomplete(Exception):
    """The connection ended before the body did."""


class NoRoom(Exception):
    """Other large bodies left no room in time."""


class Room:
    """Memory for larger bodies and what is made of them, first come, first served.

    A client that sends slowly on purpose keeps nobody out: its body gives way after `PEACE` seconds.
    """

    def __init__(self, size: int = ROOM) -> None:
        self._size = self._free = size
        self._queue = asyncio.Lock()
        self._left = asyncio.Event()
        self._arriving: dict[asyncio.Timeout, float] = {}

    @asynccontextmanager
    async def taken(self, size: int) -> AsyncIterator[None]:
        """Wait for the room of a body of this size, and keep it while the block runs. Raises NoRoom."""
        size = min(PARSED * size, self._size)
        try:
            async with asyncio.timeout(PATIENCE), self._queue:
                while self._free < size:
                    await self._someone_leaves()
                self._free -= size
        except TimeoutError:
            raise NoRoom from None
        try:
            yield
        finally:
            self._free += size
            self._left.set()

    @asynccontextmanager
    async def giving_way(self, limit: asyncio.Timeout) -> AsyncIterator[None]:
        """Let the block end by this limit as soon as it has had its time and another body waits."""
        self._arriving[limit] = asyncio.get_running_loop().time() + PEACE
        try:
            yield
        finally:
            self._arriving.pop(limit, None)

    async def _someone_leaves(self) -> None:
        self._left.clear()
        oldest = next(iter(self._arriving), None)
        try:
            async with asyncio.timeout_at(self._arriving[oldest] if oldest else None):
                await self._left.wait()
        except TimeoutError:
            if oldest in self._arriving:
                oldest.reschedule(asyncio.get_running_loop().time())
                await self._left.wait()


@asynccontextmanager
async def body(chunks: AsyncIterable[bytes], size: int, room: Room) -> AsyncIterator[bytes]:
    """Read a body of this size, and keep its room while the block runs.

    Raises TooSlow, Incomplete and NoRoom.
    """
    if size <= SMALL:
        async with _limit(PATIENCE):
            read = await _whole(chunks, size)
        yield read
        return
    async with room.taken(size):
        async with _limit(PATIENCE + size / PACE) as limit, room.giving_way(limit):
            read = await _whole(chunks, size)
        yield read


@asynccontextmanager
async def _limit(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    try:
        async with asyncio.timeout(seconds) as limit:
            yield limit
    except TimeoutError:
        raise TooSlow from None


async def _whole(chunks: AsyncIterable[bytes], size: int) -> bytes:
    if size == 0:
        return b""
    read = b"".join([chunk async for chunk in chunks])
    if len(read) < size:
        raise Incomplete
    return read
