"""« Courriels retournés »: read in the mailbox or in saved files, with the reason in French; then the post."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from app.services.bounces import BounceSummary, Outcome
from app.ui.dialogs.question import QuestionDialog
from app.ui.dropped_messages import dropped_messages
from app.ui.theme import Meaning, meaning_icon
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.progress_panel import ProgressPanel
from app.wording.french import NBSP, count

_COLUMNS = ("Ligne", "Patient", "Ce que dit l’avis", "Motif")
_TEXT = (
    "Un courriel retourné dit que la lettre n’a pas été remise\u00a0: adresse inconnue, boîte pleine… La boîte du "
    "cabinet est lue sans rien y changer, ni déplacer, ni marquer comme lu. Vous pouvez aussi déposer ici des "
    "courriels enregistrés (.eml, .mbox) ou leur dossier."
)
_OUTCOME = {
    Outcome.BOUNCED: ("Lettre retournée", Meaning.PROBLEM),
    Outcome.KNOWN: ("Déjà noté", Meaning.INFORMATION),
    Outcome.DELAYED: ("Retard\u00a0: le serveur essaie encore", Meaning.ATTENTION),
    Outcome.DELIVERED: ("Lettre remise", Meaning.DONE),
}


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One report about a letter of this campaign."""

    place: str
    patient: str
    outcome: Outcome
    reason: str

    @override
    def __repr__(self) -> str:
        return f"ReturnedLine({self.outcome})"


class ReturnedEmailsDialog(QuestionDialog):
    """The buttons ask; the page reads and hands back lines and figures.

    Signals:
        mailbox_asked: « Relever la boîte du cabinet ».
        file_asked: « Choisir un fichier… ».
        files_dropped(list): paths of saved messages.
        stop_asked: end the reading.
        paper_asked: write by post to those whose e-mail failed.
    """

    mailbox_asked = Signal()
    file_asked = Signal()
    files_dropped = Signal(list)
    stop_asked = Signal()
    paper_asked = Signal()

    def __init__(
        self, *, can_read: bool, last_read: str, failed: int, parent: QWidget | None = None
    ) -> None:
        super().__init__("Courriels retournés", _TEXT, parent)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 88)
        self.setAcceptDrops(True)
        self.read_button = self._small("&Relever la boîte du cabinet")
        self.file_button = self._small("&Choisir un fichier…")
        self.body.addLayout(flow(self.read_button, self.file_button))
        self.read_button.setVisible(can_read)
        self.read_label = QLabel(self)
        self.read_label.setWordWrap(True)
        self.body.addWidget(self.read_label)
        self.progress = ProgressPanel(self)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.summary_label = QLabel(self)
        self.summary_label.setWordWrap(True)
        self.summary_label.hide()
        self.body.addWidget(self.summary_label)
        self._build_table()
        self.paper_button = self.add_other("")
        self.close_button = self.add_reject("Fermer", default=True)
        self.read_button.clicked.connect(self.mailbox_asked)
        self.file_button.clicked.connect(self.file_asked)
        self.progress.stop_requested.connect(self.stop_asked)
        self.paper_button.clicked.connect(self.paper_asked)
        self.show_last_read(last_read, can_read=can_read)
        self.show_failed(failed)

    def _build_table(self) -> None:
        self.table = QTableWidget(0, len(_COLUMNS), self)
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.setAccessibleName("Courriels retournés")
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 8)
        self.table.hide()
        self.body.addWidget(self.table, 1)

    def _small(self, verb: str) -> QPushButton:
        button = QPushButton(verb, self)
        button.setAutoDefault(False)
        return button

    def show_last_read(self, when: str, *, can_read: bool) -> None:
        """« Dernier relevé le … » and why to read again, or how to make it possible."""
        parts = []
        if not can_read:
            parts.append(
                "Pour relever la boîte d’ici, indiquez le serveur de réception dans «\u00a0Mon cabinet\u00a0»."
            )
        if when:
            parts.append(f"Dernière lecture {when}.")
        parts.append("Des courriels peuvent revenir pendant plusieurs semaines.")
        self.read_label.setText(" ".join(parts))

    def show_reading(self, words: str) -> None:
        """A reading begins."""
        self.table.setRowCount(0)
        self.summary_label.hide()
        self.progress.start(words)
        self.progress.show()
        for button in (self.read_button, self.file_button, self.paper_button):
            button.setEnabled(False)
        self.fit()

    def show_count(self, messages: int) -> None:
        """So many messages were read."""
        self.progress.text.setText(f"{count(messages, 'message lu', 'messages lus')}…")

    def add_line(self, line: ReturnedLine) -> None:
        """One more report about a letter."""
        words, meaning = _OUTCOME[line.outcome]
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in enumerate((line.place, line.patient, words, line.reason)):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if text == words:
                item.setIcon(meaning_icon(meaning, self.palette()))
            self.table.setItem(row, column, item)

    def end_reading(self, summary: BounceSummary | None) -> None:
        """The reading is over; None when it failed."""
        self.progress.hide()
        for button in (self.read_button, self.file_button, self.paper_button):
            button.setEnabled(True)
        self.table.setVisible(self.table.rowCount() > 0)
        if summary is not None:
            self.summary_label.setText(summary_words(summary))
            self.summary_label.show()
        self.fit()

    def show_problem(self, words: str) -> None:
        """Why nothing could be read."""
        self.summary_label.setText(words)
        self.summary_label.show()
        self.fit()

    def show_failed(self, people: int) -> None:
        """How many people can be written to by post in place of the e-mail."""
        self.paper_button.setText(f"&Écrire par courrier à {count(people, 'personne')}")
        self.paper_button.setVisible(bool(people))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_messages(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths: Sequence[Path] = dropped_messages(event.mimeData())
        if paths and self.read_button.isEnabled():
            event.acceptProposedAction()
            self.files_dropped.emit(list(paths))


def summary_words(summary: BounceSummary) -> str:
    """« 12 messages lus : 3 courriels retournés, 1 déjà noté. 2 avis ne correspondent à aucune lettre. »."""
    counts = summary.counts
    total = sum(counts.values())
    if not total and not summary.unreadable:
        return "Aucun nouvel avis."
    parts = [count(counts[Outcome.BOUNCED], "courriel retourné", "courriels retournés")]
    for outcome, one, many in (
        (Outcome.KNOWN, "déjà noté", "déjà notés"),
        (Outcome.DELAYED, "en retard", "en retard"),
        (Outcome.DELIVERED, "remis", "remis"),
    ):
        if counts[outcome]:
            parts.append(count(counts[outcome], one, many))
    words = f"{count(total, 'message lu', 'messages lus')}{NBSP}: {', '.join(parts)}."
    if counts[Outcome.UNMATCHED]:
        unmatched = count(counts[Outcome.UNMATCHED], "avis ne correspond", "avis ne correspondent")
        words += f" {unmatched} à aucune lettre de cet envoi."
    if counts[Outcome.OTHER]:
        words += (
            f" {count(counts[Outcome.OTHER], 'message n’est pas un avis', 'messages ne sont pas des avis')}"
            " (réponse, absence)."
        )
    if summary.unreadable:
        words += f" Illisible{NBSP}: {', '.join(summary.unreadable)}."
    return words
