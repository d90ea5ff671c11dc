"""What happened, why, what to do: the three short texts of an error.

Each area registers its errors in ``errors_<area>.py`` with ``@explain.register``. Those modules are
imported at the end of this one, so that importing ``app.wording`` is enough.
"""

from dataclasses import dataclass
from functools import singledispatch
from importlib import import_module

from app.core.errors import BugError, UserError

AREAS = ("exports", "files", "letters", "paper", "mail", "storage")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Three sentences in French; ``why`` and ``what_to_do`` may be empty."""

    what: str
    why: str = ""
    what_to_do: str = ""

    def one_line(self) -> str:
        """The sentences on one line, for a terminal."""
        return " ".join(part for part in (self.what, self.why, self.what_to_do) if part)


@singledispatch
def explain(error: UserError) -> Explanation:
    """The French text of ``error``; BugError when its area forgot to register one."""
    raise BugError(f"no wording for {type(error).__name__}")


for _area in AREAS:
    import_module(f"app.wording.errors_{_area}")
