"""A lock against a second opening of one campaign, released by the system when the program dies."""

import os
import socket
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from app.core.errors.storage import CampaignAlreadyOpen, CampaignReadOnly

LOCK_FILE = "verrou"
_LOCKED_BYTE = 4096  # beyond the text, so that Windows lets others read who holds it

if sys.platform == "win32":
    import msvcrt

    def _take(stream: BinaryIO) -> None:
        stream.seek(_LOCKED_BYTE)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

    def _give_back(stream: BinaryIO) -> None:
        stream.seek(_LOCKED_BYTE)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)


class FileLock:
    """Held from construction to ``release``; several connections of one program share it."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            CampaignAlreadyOpen: somebody else has it.
            CampaignReadOnly: the folder refuses writing.
        """
        file = folder / LOCK_FILE
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise CampaignReadOnly(folder.name) from error
        self._counting = threading.Condition()
        self._stream = os.fdopen(descriptor, "r+b", buffering=0)
        self._holders = 1
        try:
            _take(self._stream)
        except OSError as error:
            self._stream.seek(0)
            computer = self._stream.read(256).decode(errors="replace").strip("\0 \n")
            self._stream.close()
            raise CampaignAlreadyOpen(folder.name, computer) from error
        self._stream.seek(0)
        self._stream.truncate()
        self._stream.write(socket.gethostname().encode()[:256])

    def share(self) -> None:
        """One more holder inside this program."""
        with self._counting:
            self._holders += 1

    def wait_until_sole(self, seconds: float) -> bool:
        """Wait for the other connections of this program to close; False when they are still open."""
        with self._counting:
            return self._counting.wait_for(lambda: self._holders == 1, seconds)

    def release(self) -> bool:
        """One holder fewer; True when it was the last and the lock was given back."""
        with self._counting:
            self._holders -= 1
            self._counting.notify_all()
            if self._holders:
                return False
        _give_back(self._stream)
        self._stream.close()
        return True
