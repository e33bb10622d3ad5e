"""The queue libraries that people use instead, each at its fastest durable settings.

A message is one event. Where a library has transactions, or marks many messages as done at once,
`transactions` uses them. Whatever can be set is set as for the bench's own files.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from tests.benchmarks.order import Order

SYNCHRONOUS = {"off": 0, "normal": 1, "full": 2}
BUSY_S = 60
Message = tuple[Any, bytes]
"""What the library needs to have it marked as done, and the record."""


class Peer(Protocol):
    """One side's hold on one queue."""

    def put(self, records: Sequence[bytes]) -> None:
        """Durable when it returns."""

    def get(self, most: int) -> list[Message]:
        """The next messages, none when the queue is empty; never waits."""

    def done(self, messages: Sequence[Message]) -> None:
        """They need not be given again."""


class DiskCache:
    """diskcache.Cache.push and pull; messages are gone once pulled."""

    def __init__(self, directory: Path, order: Order) -> None:
        from diskcache import Cache

        self._cache = Cache(
            str(directory / "diskcache"),
            timeout=BUSY_S,
            eviction_policy="none",
            cull_limit=0,
            sqlite_synchronous=SYNCHRONOUS[order.durability],
            sqlite_auto_vacuum=0,
        )
        self._transactions = order.transactions

    def put(self, records: Sequence[bytes]) -> None:
        if self._transactions:
            with self._cache.transact(retry=True):
                self._put(records)
        else:
            self._put(records)

    def _put(self, records: Sequence[bytes]) -> None:
        for record in records:
            self._cache.push(record, retry=True)

    def get(self, most: int) -> list[Message]:
        if self._transactions:
            with self._cache.transact(retry=True):
                return self._get(most)
        return self._get(most)

    def _get(self, most: int) -> list[Message]:
        return _until_empty(lambda: self._cache.pull(retry=True), most)

    def done(self, messages: Sequence[Message]) -> None:
        """Pulling was the end of it."""


class LiteQueue:
    """litequeue.LiteQueue; many puts may share a transaction, pops may not."""

    def __init__(self, directory: Path, order: Order) -> None:
        from litequeue import LiteQueue as Queue

        self._queue = Queue(str(directory / "litequeue.db"), timeout=BUSY_S)
        self._queue.conn.execute(f"PRAGMA synchronous = {order.durability}")
        self._transactions = order.transactions

    def put(self, records: Sequence[bytes]) -> None:
        if not self._transactions:
            return self._put(records)
        with self._queue.transaction("IMMEDIATE"):
            self._put(records)
        return None

    def _put(self, records: Sequence[bytes]) -> None:
        for record in records:
            self._queue.put(record)

    def get(self, most: int) -> list[Message]:
        return _until_empty(self._pop, most)

    def _pop(self) -> Message:
        message = self._queue.pop()
        return (None, b"") if message is None else (message.message_id, message.data)

    def done(self, messages: Sequence[Message]) -> None:
        if not self._transactions:
            return self._done(messages)
        with self._queue.transaction("IMMEDIATE"):
            self._done(messages)
        return None

    def _done(self, messages: Sequence[Message]) -> None:
        for key, _ in messages:
            self._queue.done(key)


class PersistQueue:
    """persistqueue.SQLiteQueue; with `transactions`, what was taken is deleted many at once."""

    def __init__(self, directory: Path, order: Order) -> None:
        from persistqueue import SQLiteQueue
        from persistqueue.exceptions import Empty

        self._empty = Empty
        self._queue = SQLiteQueue(
            str(directory / "persist"), timeout=BUSY_S, auto_commit=not order.transactions
        )
        self._queue._putter.execute(f"PRAGMA synchronous = {order.durability}")  # no other way
        self._transactions = order.transactions

    def put(self, records: Sequence[bytes]) -> None:
        for record in records:
            self._queue.put(record)

    def get(self, most: int) -> list[Message]:
        return _until_empty(self._pop, most)

    def _pop(self) -> Message:
        try:
            return True, self._queue.get(block=False)
        except self._empty:
            return None, b""

    def done(self, messages: Sequence[Message]) -> None:
        if self._transactions:
            self._queue.task_done()


class Huey:
    """huey.storage.SqliteStorage, which is what its queue is; it has no way to take many."""

    def __init__(self, directory: Path, order: Order) -> None:
        from huey.storage import SqliteStorage

        self._storage = SqliteStorage(
            filename=str(directory / "huey.db"),
            timeout=BUSY_S,
            fsync=order.durability == "full",
        )

    def put(self, records: Sequence[bytes]) -> None:
        for record in records:
            self._storage.enqueue(record)

    def get(self, most: int) -> list[Message]:
        return _until_empty(self._dequeue, most)

    def _dequeue(self) -> Message:
        data = self._storage.dequeue()
        return (None, b"") if data is None else (True, data)

    def done(self, messages: Sequence[Message]) -> None:
        """Dequeuing was the end of it."""


def _until_empty(take: Callable[[], Message], most: int) -> list[Message]:
    messages: list[Message] = []
    while len(messages) < most:
        message = take()
        if message[0] is None:
            break
        messages.append(message)
    return messages


PEERS: dict[str, type[Any]] = {
    "diskcache": DiskCache,
    "litequeue": LiteQueue,
    "persist-queue": PersistQueue,
    "huey": Huey,
}
"""By the name of the package."""
HAVE_TRANSACTIONS = ("diskcache", "litequeue", "persist-queue")


def missing_peers() -> list[str]:
    """Those that are not installed."""
    return [name for name in PEERS if version(name) is None]


def version(package: str) -> str | None:
    """The installed version; None when there is none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
