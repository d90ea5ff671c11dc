"""Something wrong, or doubtful, in the list or in a letter. Facts only; sentences live in app.wording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from typing_extensions import override


class Level(StrEnum):
    """How serious: a BLOCKING issue stops the letter, a CHECK waits for the user, an INFO only tells."""

    BLOCKING = "blocking"
    CHECK = "check"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Issue:
    """One remark. ``code`` is stable (« email_invalid », « letter_05_advice_without_category »)."""

    code: str
    level: Level
    #: row of the list, None when the remark is about the whole list or the template
    row: int | None = None
    #: column header, recipient field, or letter part (« subject », « body », …)
    column: str = ""
    #: facts for the sentence; may hold a patient's value, hence never shown by repr nor logged
    facts: Mapping[str, str | int] = field(default_factory=dict)
    #: start and end (characters) in the text of the letter, when there is a place to jump to
    span: tuple[int, int] | None = None

    @override
    def __repr__(self) -> str:
        return f"Issue({self.code}, {self.level}, row={self.row})"
