"""What can go wrong with files written in clear outside the campaign."""

from dataclasses import dataclass

from app.core.errors import UserError


@dataclass(eq=False)
class ExportNotDeleted(UserError):
    """A file in clear is still there. ``reason``: the system's words."""

    name: str
    reason: str = ""
