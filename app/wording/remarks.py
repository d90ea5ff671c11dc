"""The French text of each ``Issue``, by its code.

Each area fills ``WRITERS`` in ``issues_<area>.py`` with ``@writes("code")``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from app.core.errors import BugError
from app.core.issue import Issue

AREAS = ("list", "letters")


@dataclass(frozen=True, slots=True)
class IssueText:
    """What is seen, why it matters, what can be done (French; the last two may be empty)."""

    what: str
    why: str = ""
    what_to_do: str = ""

    def one_line(self) -> str:
        """The sentences on one line."""
        return " ".join(part for part in (self.what, self.why, self.what_to_do) if part)


IssueWriter = Callable[[Issue], IssueText]
WRITERS: dict[str, IssueWriter] = {}


def writes(*codes: str) -> Callable[[IssueWriter], IssueWriter]:
    """Register the decorated function as the writer of these issue codes."""

    def register(writer: IssueWriter) -> IssueWriter:
        for code in codes:
            WRITERS[code] = writer
        return writer

    return register


def describe(issue: Issue) -> IssueText:
    """The French text of ``issue``; BugError when its code has no writer."""
    writer = WRITERS.get(issue.code)
    if writer is None:
        raise BugError(f"no wording for issue {issue.code}")
    return writer(issue)


for _area in AREAS:
    import_module(f"app.wording.issues_{_area}")
