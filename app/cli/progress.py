"""One line of progress on a terminal; nothing when the output goes elsewhere."""

import sys
import time

from app.wording import french

_BAR_WIDTH = 30
_REFRESH_S = 0.1


class ProgressLine:
    """Rewrites one line of the error stream; never goes back."""

    def __init__(self, *, silent: bool = False) -> None:
        self._active = not silent and sys.stderr.isatty()
        self._label = ""
        self._shown_at = 0.0
        self._is_open = False

    def show(self, label: str, done: int, total: int) -> None:
        """Draw « label [████░░] 412 sur 1 842 »; a new label begins a new line."""
        if not self._active:
            return
        if label != self._label:
            self.end()
            self._label = label
        now = time.monotonic()
        if now - self._shown_at < _REFRESH_S and done < total:
            return
        self._shown_at = now
        filled = _BAR_WIDTH * done // total if total else _BAR_WIDTH
        bar = "█" * filled + "░" * (_BAR_WIDTH - filled)
        text = f"\r{label:<26} [{bar}] {french.number(done)} sur {french.number(total)}"
        sys.stderr.write(text)
        sys.stderr.flush()
        self._is_open = True

    def end(self) -> None:
        """Finish the line, so that what follows starts on its own."""
        if self._is_open:
            sys.stderr.write("\n")
            self._is_open = False
        self._label = ""
