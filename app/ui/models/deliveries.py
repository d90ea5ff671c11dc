"""The table of letters: row of the list, patient, road, state in words, hour."""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.campaign import Channel, Delivery, DeliveryStatus
from app.core.clock import Clock
from app.core.recipient import Recipient
from app.core.replies import reason_of
from app.storage.campaign_file import CampaignFile
from app.storage.queries import DeliveryQuery
from app.ui.models.paged import Index, PagedModel
from app.ui.theme import Meaning, meaning_icon
from app.wording.french import PARIS, date_short, time_hm
from app.wording.labels import CHANNEL, EXCLUSION, STATUS
from app.wording.list_places import row_number
from app.wording.pace import moment_words
from app.wording.refusals import reason_label

COLUMNS = ("Ligne", "Patient", "Par", "État", "Quand")
STATE = COLUMNS.index("État")
_S = DeliveryStatus
MEANING_OF: Mapping[DeliveryStatus, Meaning] = {
    _S.ACCEPTED: Meaning.DONE,
    _S.POSTED: Meaning.DONE,
    _S.HANDED_OVER: Meaning.DONE,
    _S.REJECTED: Meaning.PROBLEM,
    _S.BOUNCED: Meaning.PROBLEM,
    _S.RETURNED: Meaning.PROBLEM,
    _S.UNCERTAIN: Meaning.ATTENTION,
    _S.DEFERRED: Meaning.ATTENTION,
    _S.PRINTED: Meaning.INFORMATION,
}
FAILED = "Refusées ou retournées"
#: what « Afficher » offers: French name → states
FILTERS: Mapping[str, tuple[DeliveryStatus, ...]] = {
    "Toutes": tuple(status for status in _S if status is not _S.REPLACED),
    "À envoyer": (_S.PENDING, _S.OPEN, _S.DOT, _S.DEFERRED),
    "Acceptées par le serveur": (_S.ACCEPTED,),
    FAILED: (_S.REJECTED, _S.BOUNCED, _S.RETURNED),
    "Incertaines": (_S.UNCERTAIN,),
    "Imprimées": (_S.PRINTED,),
    "Postées": (_S.POSTED,),
    "Remises en main propre": (_S.HANDED_OVER,),
    "Sans lettre": (_S.EXCLUDED,),
    "Remplacées par une autre lettre": (_S.REPLACED,),
}
_TO_DO = {Channel.PAPER: "À imprimer", Channel.HAND_OVER: "À remettre en main propre"}


def state_words(letter: Delivery, person: Recipient) -> str:
    """« Refusée : adresse inconnue », « À imprimer », « Sans lettre : doublon »."""
    if letter.status is _S.PENDING:
        return _TO_DO.get(letter.channel, STATUS[letter.status])
    if letter.status is _S.EXCLUDED and person.excluded is not None:
        return f"{STATUS[letter.status]}\u00a0: {_lower(EXCLUSION[person.excluded])}"
    words = STATUS[letter.status]
    refused = letter.status in {_S.REJECTED, _S.DEFERRED, _S.BOUNCED}
    if refused and letter.reply is not None and letter.reply.code >= 400:
        return f"{words}\u00a0: {_lower(reason_label(reason_of(letter.reply)))}"
    return words


class DeliveriesModel(PagedModel[tuple[Delivery, Recipient]]):
    """Letters of the campaign file, by key."""

    def __init__(self, campaign_file: CampaignFile, clock: Clock, view: QWidget) -> None:
        super().__init__(view)
        self._file = campaign_file
        self._clock = clock
        self._view = view

    def show_query(self, query: DeliveryQuery) -> None:
        """Show the letters that ``query`` lets through."""
        self.show_keys(self._file.delivery_ids(query))

    @override
    def read_records(self, keys: Sequence[int]) -> Sequence[tuple[Delivery, Recipient] | None]:
        found = {pair[0].id: pair for pair in self._file.deliveries_by_ids(array("q", keys))}
        return [found.get(key) for key in keys]

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
        letter, person = shown
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(letter, person)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == STATE:
            return self._state(letter, person)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == STATE:
            meaning = MEANING_OF.get(letter.status)
            return None if meaning is None else meaning_icon(meaning, self._view.palette())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _words(self, letter: Delivery, person: Recipient) -> tuple[str, ...]:
        return (
            row_number(person.row),
            person.display_name,
            CHANNEL[letter.channel],
            self._state(letter, person),
            self._when(letter),
        )

    def _state(self, letter: Delivery, person: Recipient) -> str:
        words = state_words(letter, person)
        if letter.status is _S.DEFERRED and letter.retry_at is not None:
            words += f", nouvel essai {moment_words(letter.retry_at, self._clock.now())}"
        return words

    def _when(self, letter: Delivery) -> str:
        changed = letter.changed_at
        if changed is None or letter.status in {_S.PENDING, _S.EXCLUDED}:
            return ""
        local = changed.astimezone(PARIS).date()
        if local == self._clock.now().astimezone(PARIS).date():
            return time_hm(changed)
        return f"{date_short(local)}, {time_hm(changed)}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]
