"""Limits that servers taught us, per account, kept on this computer for a month. No address, no patient."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from app.core.pacing import RateWindow
from app.paths import data_dir
from app.storage.ledger import account_digest

_FILE = "limites.json"
_KEPT = timedelta(days=30)


def _file() -> Path:
    return data_dir() / _FILE


def _read() -> dict[str, list[tuple[int, int, str]]]:
    try:
        known = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # losing it is harmless: the server will say it again
        return {}
    return known if isinstance(known, dict) else {}


def remember_limit(account_key: str, window: RateWindow, now: datetime) -> None:
    """Keep ``window`` for this account, in the place of one of the same length."""
    known = _read()
    digest = account_digest(account_key)
    others = [kept for kept in known.get(digest, []) if kept[1] != window.seconds]
    known[digest] = [*others, (window.limit, window.seconds, now.isoformat())]
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps(known), encoding="utf-8")
    os.replace(draft, file)  # noqa: PTH105 - atomic on Windows too


def learned_limits(account_key: str, now: datetime) -> tuple[RateWindow, ...]:
    """What was learned for this account in the last thirty days."""
    return tuple(
        RateWindow(limit, seconds)
        for limit, seconds, learned in _read().get(account_digest(account_key), [])
        if now - datetime.fromisoformat(learned) < _KEPT
    )


def forget_limits(account_key: str) -> None:
    """The user set the limits anew: what was learned no longer counts."""
    known = _read()
    if known.pop(account_digest(account_key), None) is not None:
        _file().write_text(json.dumps(known), encoding="utf-8")


def with_learned(
    limits: tuple[RateWindow, ...], learned: tuple[RateWindow, ...]
) -> tuple[RateWindow, ...]:
    """Both together; of two windows of the same length, the stricter one."""
    strictest: dict[int, RateWindow] = {}
    for window in (*limits, *learned):
        known = strictest.get(window.seconds)
        if known is None or window.limit < known.limit:
            strictest[window.seconds] = window
    return tuple(strictest.values())
