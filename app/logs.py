"""The log file, and what keeps patients out of it.

Only our own messages go in (they never hold a patient's value), and of an exception only types, files and lines:
the text of an exception, and the source line, may quote anything.
"""

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from typing_extensions import override

LOGGER_NAME = "app"
_MAXIMUM_BYTES = 1_000_000
_KEPT = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def without_values(error: BaseException) -> str:
    """An exception and its causes: types, files, lines and functions; no message, no source, no value."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if lines:
            lines.append("caused by")
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        code = getattr(current, "sqlite_errorname", None) or getattr(current, "errno", None)
        lines.append(
            f"{type(current).__module__}.{type(current).__name__}" + (f" [{code}]" if code else "")
        )
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return "\n".join(lines)


def _place(filename: str) -> str:
    """The end of the path: a user's name is not needed."""
    return "/".join(Path(filename).parts[-3:])


class DiscreetFormatter(logging.Formatter):
    """Writes exceptions without their values."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    @override
    def formatException(self, ei: _Raised | tuple[None, None, None]) -> str:
        return "" if ei[1] is None else without_values(ei[1])

    @override
    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have cached the full text
        return super().format(record)


def configure(file: Path) -> logging.Handler:
    """Send our messages to ``file``, rotated; other libraries' messages are not kept. The handler, to close it."""
    handler = RotatingFileHandler(
        file, maxBytes=_MAXIMUM_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(DiscreetFormatter())
    logger = logging.getLogger(LOGGER_NAME)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    return handler
