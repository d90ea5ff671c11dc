"""The child processes seen from their parent: started, listened to, kept within bounds, killed."""

import json
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from typing import Any

import psutil

from app.core.errors import BugError, UserError
from app.core.errors import files as file_errors
from app.core.errors.files import ReaderDied, ReadingTooHeavy, ReadingTooLong
from app.spreadsheet import child

MOST_MEMORY = 1_500_000_000  # of all children together
LONGEST_SECONDS = 120
_LOOK_SECONDS = 0.05


class ReadAgain(Exception):  # noqa: N818 - no error: another way of reading is asked for
    """The sheet is not written as its first rows were."""


class GuardedChildren:
    """One child for each request; ``messages`` tells what they send until all have ended."""

    def __init__(self, name: str, requests: Sequence[child.Request]) -> None:
        self._name = name
        # fork would copy Qt's threads and open connections
        context = multiprocessing.get_context("spawn")
        self._processes: list[Any] = []
        self._connections: dict[Any, int] = {}  # of the system’s own kind
        for part, request in enumerate(requests):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=child.main, args=(theirs, request), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
            self._connections[ours] = part
        self._watched = [one for process in self._processes if (one := _watch(process.pid))]

    def messages(self) -> Iterator[tuple[int, bytes] | None]:
        """(number of the child, what it says), and None when all are busy.

        Raises:
            UserError: what a child says of the file, or ReadingTooLong, ReadingTooHeavy, ReaderDied.
            ReadAgain
        """
        deadline = time.monotonic() + LONGEST_SECONDS
        while self._connections:
            if time.monotonic() > deadline:
                raise ReadingTooLong(self._name, LONGEST_SECONDS)
            ready: list[Any] = wait(list(self._connections), _LOOK_SECONDS)
            if not ready:
                self._check_memory()
                yield None
            for connection in ready:
                message = self._received(connection)
                if message[:1] == child.END:
                    self._connections.pop(connection)
                    connection.close()
                else:
                    yield self._connections[connection], message

    def _received(self, connection: Any) -> bytes:
        try:
            message: bytes = connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise ReaderDied(self._name) from error
        tag = message[:1]
        if tag == child.AGAIN:
            raise ReadAgain
        if tag == child.BROKEN:
            raise ReaderDied(self._name)
        if tag == child.FAILURE:
            raise _failure(json.loads(message[1:]))
        return message

    def _check_memory(self) -> None:
        memory = 0
        for watched in self._watched:
            try:
                memory += watched.memory_info().rss
            except psutil.Error:
                continue  # it has just ended: the pipe will say how
        if memory > MOST_MEMORY:
            raise ReadingTooHeavy(self._name, MOST_MEMORY // 1_000_000)

    def kill(self) -> None:
        """End every child at once."""
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            if process.is_alive():
                process.kill()
            process.join()
            process.close()


def _watch(pid: int | None) -> psutil.Process | None:
    if pid is None:
        return None
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _failure(plain: dict[str, Any]) -> UserError:
    kind = getattr(file_errors, str(plain.get("kind")), None)
    if not (isinstance(kind, type) and issubclass(kind, UserError)):
        raise BugError("the reader sent an unknown failure")
    error: UserError = kind(**plain["facts"])
    return error
