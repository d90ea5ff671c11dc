"""The SQLCipher engine. It keeps the interface of Python's own sqlite3 (PEP 249), and is typed as such."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as sqlcipher3
else:
    import sqlcipher3

__all__ = ["sqlcipher3"]
