"""A network that is cut: a relay on loopback which drops its connections after so many bytes."""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Self

HOST = "127.0.0.1"


class CutNetwork:
    """A context manager between a client and the server at ``port``.

    Args:
        port: the real server's.
        budgets: for each connection in turn, how many bytes of the client go through before the cut;
            once used up, connections are left alone.
    """

    def __init__(self, port: int, budgets: Iterator[int]) -> None:
        self._target = port
        self._budgets = budgets
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self.cuts = 0
        self._threads: list[threading.Thread] = []  # noqa: TID251
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def _spawn(self, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # noqa: TID251
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._listener.accept()
                self._spawn(self._relay, client, next(self._budgets, None))

    def _relay(self, client: socket.socket, budget: int | None) -> None:
        with client, socket.create_connection((HOST, self._target)) as server:
            while not self._over.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.1)
                for source in ready:
                    try:
                        data = source.recv(65_536)
                    except OSError:
                        return
                    if not data:
                        return
                    if source is client and budget is not None:
                        data, budget = data[:budget], budget - len(data)
                    with contextlib.suppress(OSError):
                        (server if source is client else client).sendall(data)
                    if budget is not None and budget <= 0:
                        self.cuts += 1
                        # a reset, as when the cable is pulled and the other end gives up
                        for end in (client, server):
                            linger = struct.pack("ii", 1, 0)
                            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        return

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self._listener.close()
