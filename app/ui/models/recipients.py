"""The table of patients: row of the list, name, e-mail, remark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.issue import Level
from app.core.recipient import Recipient, Restriction
from app.storage.campaign_file import CampaignFile
from app.storage.issues import StoredIssue
from app.ui.models.paged import Index, PagedModel
from app.ui.theme import Meaning, meaning_icon
from app.wording import describe
from app.wording.labels import EXCLUSION, LEVEL, RESTRICTION
from app.wording.list_places import row_number

COLUMNS = ("Ligne", "Patient", "Courriel", "Adresse", "Remarque")
EMAIL = COLUMNS.index("Courriel")
REMARK = COLUMNS.index("Remarque")
MEANING_OF: dict[Level, Meaning] = {
    Level.BLOCKING: Meaning.PROBLEM,
    Level.CHECK: Meaning.ATTENTION,
    Level.INFO: Meaning.INFORMATION,
}
_TEXT_ROLES = {
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.EditRole,
}
_GRAVITY = (Level.BLOCKING, Level.CHECK, Level.INFO)


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient and the open remarks about them, gravest first."""

    recipient: Recipient
    issues: tuple[StoredIssue, ...] = ()

    @property
    def level(self) -> Level | None:
        """The gravest level among the open remarks, None without any."""
        return self.issues[0].issue.level if self.issues else None

    def remark(self) -> str:
        """What the column says, in one line."""
        person = self.recipient
        if person.excluded is not None:
            note = f" ({person.exclusion_note})" if person.exclusion_note else ""
            return f"Sans lettre\u00a0: {EXCLUSION[person.excluded].lower()}{note}"
        words = [describe(stored.issue).what for stored in self.issues]
        if person.restriction is not Restriction.NONE:
            words.insert(0, RESTRICTION[person.restriction])
        return " · ".join(words)


class RecipientsModel(PagedModel[PatientRow]):
    """Patients of the campaign file, by key; the e-mail is edited in place.

    Signals:
        typed(int, str, str): key, field of ``core.corrections`` and text typed into the table.
    """

    typed = Signal(int, str, str)

    def __init__(self, campaign_file: CampaignFile, view: QWidget) -> None:
        super().__init__(view)
        self._file = campaign_file
        self._view = view

    @override
    def read_records(self, keys: Sequence[int]) -> Sequence[PatientRow | None]:
        people = {person.id: person for person in self._file.recipients_by_ids(keys)}
        return [self._with_remarks(people[key]) if key in people else None for key in keys]

    def _with_remarks(self, person: Recipient) -> PatientRow:
        found = sorted(
            self._file.issues(row=person.row, settled=False),
            key=lambda stored: _GRAVITY.index(stored.issue.level),
        )
        return PatientRow(person, tuple(found))

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.column() == EMAIL else found

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        shown = self.record(index.row())
        if role != Qt.ItemDataRole.EditRole or index.column() != EMAIL or shown is None:
            return False
        if value.strip() == shown.recipient.email:
            return False
        self.typed.emit(shown.recipient.id, "email", value)
        return True

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
        if role in _TEXT_ROLES:
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
            row_number(person.row),
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
