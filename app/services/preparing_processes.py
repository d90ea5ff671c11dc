"""Blocks prepared by several processes at once, handed out in the order of the list."""

import multiprocessing
import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from app.core.errors import BugError
from app.services.preparing import BlockPreparer, ListSettings, PreparedBlock
from app.spreadsheet import Table

_WORTH_IT = 20_000  # rows: a process takes a quarter of a second to start
_MOST = 4
_DONE, _FAILED = b"D", b"F"


def prepared_blocks(
    table: Table, settings: ListSettings
) -> Generator[tuple[int, PreparedBlock], None, None]:
    """(rows of the sheet in the block, the block) for every block under the header.

    Closing the generator ends the processes at once.
    """
    processes = min(os.cpu_count() or 1, _MOST)
    if table.facts.rows < _WORTH_IT or processes < 2:
        preparer = BlockPreparer(settings)
        for batch in table.batches_of_people():
            yield len(batch.numbers), preparer.prepare(batch.numbers, batch.columns())
        return
    yield from _by_processes(table, settings, processes)


def _by_processes(
    table: Table, settings: ListSettings, count: int
) -> Generator[tuple[int, PreparedBlock], None, None]:
    context = multiprocessing.get_context("spawn")
    batches = list(table.batches_of_people())
    processes, connections = [], []
    feeders = ThreadPoolExecutor(max_workers=count)
    try:
        for place in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, settings), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            connections.append(ours)
            # a pipe holds less than a block: who sends must not wait for who receives
            feeders.submit(_feed, ours, batches[place::count])
        for place, batch in enumerate(batches):
            yield len(batch.numbers), _received(connections[place % count])
    finally:
        for process in processes:
            process.kill()
            process.join()
            process.close()
        feeders.shutdown()
        for connection in connections:
            connection.close()


def _feed(connection: Any, batches: list[Any]) -> None:
    with suppress(OSError):  # the other end was ended: nobody waits for the rest
        for batch in batches:
            connection.send(batch)
        connection.send(None)


def _received(connection: Any) -> PreparedBlock:
    try:
        told: bytes = connection.recv_bytes()
    except (EOFError, OSError) as error:
        raise BugError("a process that prepares the list has died") from error
    if told[:1] != _DONE:
        raise BugError(f"the list could not be prepared: {told[1:].decode()}")
    return PreparedBlock.from_bytes(told[1:])


def _work(connection: Connection, settings: ListSettings) -> None:
    """In the process: blocks come, prepared blocks go."""
    import gc

    gc.disable()  # hundreds of thousands of small objects, none in a cycle
    preparer = BlockPreparer(settings)
    try:
        while (batch := connection.recv()) is not None:
            block = preparer.prepare(batch.numbers, batch.columns())
            connection.send_bytes(_DONE + block.to_bytes())
    except (EOFError, OSError, KeyboardInterrupt):
        return  # the import was stopped
    except Exception as error:  # noqa: BLE001 - told to the parent, without the text, which may name a patient
        connection.send_bytes(_FAILED + type(error).__name__.encode())
    connection.close()
