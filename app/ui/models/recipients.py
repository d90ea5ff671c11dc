"""The table of patients: row of the list, name, e-mail, remark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.issue import Level
from app.core.recipient import Recipient, Restriction
from app.storage.campaign_file import CampaignFile
from app.ui.models.paged import Index, PagedModel
from app.ui.theme import Meaning, meaning_icon
from app.wording import describe
from app.wording.labels import EXCLUSION, LEVEL, RESTRICTION

COLUMNS = ("Ligne", "Patient", "Courriel", "Adresse", "Remarque")
REMARK = COLUMNS.index("Remarque")
MEANING_OF: dict[Level, Meaning] = {
    Level.BLOCKING: Meaning.PROBLEM,
    Level.CHECK: Meaning.ATTENTION,
    Level.INFO: Meaning.INFORMATION,
}
_GRAVITY = (Level.BLOCKING, Level.CHECK, Level.INFO)


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient and what is still open about them."""

    recipient: Recipient
    #: the gravest level among the open remarks, None without any
    level: Level | None
    #: French sentences, gravest first
    remarks: tuple[str, ...]

    def remark(self) -> str:
        """What the column says, in one line."""
        person = self.recipient
        if person.excluded is not None:
            note = f" ({person.exclusion_note})" if person.exclusion_note else ""
            return f"Sans lettre\u00a0: {EXCLUSION[person.excluded].lower()}{note}"
        words = list(self.remarks)
        if person.restriction is not Restriction.NONE:
            words.insert(0, RESTRICTION[person.restriction])
        return " · ".join(words)


class RecipientsModel(PagedModel[PatientRow]):
    """Patients of the campaign file, by key."""

    def __init__(self, campaign_file: CampaignFile, view: QWidget) -> None:
        super().__init__(view)
        self._file = campaign_file
        self._view = view

    @override
    def read_records(self, keys: Sequence[int]) -> Sequence[PatientRow | None]:
        people = {person.id: person for person in self._file.recipients_by_ids(keys)}
        return [self._with_remarks(people[key]) if key in people else None for key in keys]

    def _with_remarks(self, person: Recipient) -> PatientRow:
        found = [kept.issue for kept in self._file.issues(row=person.row) if not kept.settled]
        found.sort(key=lambda issue: _GRAVITY.index(issue.level))
        level = found[0].level if found else None
        return PatientRow(person, level, tuple(describe(issue).what for issue in found))

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self.record(index.row())
        if shown is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._text(shown, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(shown, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == REMARK:
            if shown.level is None or shown.recipient.is_excluded:
                return None
            return meaning_icon(MEANING_OF[shown.level], self._view.palette())
        return None

    def _text(self, shown: PatientRow, column: int) -> str:
        person = shown.recipient
        where = person.address
        texts = (
            str(person.row),
            person.display_name,
            person.email,
            " ".join(part for part in (where.postcode, where.city.upper()) if part),
            shown.remark(),
        )
        return texts[column]

    def _spoken(self, shown: PatientRow, column: int) -> str:
        text = self._text(shown, column)
        if column == REMARK and shown.level is not None:
            return f"{LEVEL[shown.level]}\u00a0: {text}"
        return text or f"{COLUMNS[column]} vide"
