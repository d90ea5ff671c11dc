"""Letters of which nobody knows whether they left: searched for, or settled by the user's word."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
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

from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.progress_panel import ProgressPanel
from app.wording.french import NBSP, count

_COLUMNS = ("Patient", "Quand", "Recherche", "Référence du courriel")
_LOOKED = _COLUMNS.index("Recherche")
_KEY = Qt.ItemDataRole.UserRole
_CHOICES = (
    f"«{NBSP}Elle y est{NBSP}»{NBSP}: la lettre compte comme acceptée par le serveur. Elle ne repart pas.\n"
    f"«{NBSP}Elle n’y est pas{NBSP}»{NBSP}: elle repart avec la suite de l’envoi, sous la même référence. Si la "
    "première était partie quand même, le patient pourrait la recevoir deux fois.\n"
    f"«{NBSP}Décider plus tard{NBSP}»{NBSP}: rien ne change, rien ne part."
)


@dataclass(frozen=True, slots=True)
class UncertainLetter:
    """One letter to decide about."""

    delivery_id: int
    patient: str
    #: « aujourd’hui à 10 h 12 » or a date
    when: str
    #: what to look for in the message's headers when two letters look alike
    message_id: str

    @override
    def __repr__(self) -> str:
        return f"UncertainLetter({self.delivery_id})"


class UncertainDialog(QuestionDialog):
    """A table, the ways to find out, and what each answer means; « Décider plus tard » changes nothing.

    Signals:
        settled(list, bool): keys of the letters; True when they are among the sent mails.
        look_asked: search the « Éléments envoyés » by reference.
        report_asked: read a delivery report that was saved as a file.
        stop_asked: end the search.
    """

    settled = Signal(list, bool)
    look_asked = Signal()
    report_asked = Signal()
    stop_asked = Signal()

    def __init__(
        self,
        letters: Sequence[UncertainLetter],
        already_sent: int,
        *,
        can_look: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Lettres incertaines", "", parent)
        self._sent = already_sent
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 88)
        self.table = QTableWidget(0, len(_COLUMNS), self)
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.setAccessibleName("Lettres incertaines")
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 7)
        self.choices_label = QLabel(_CHOICES, self)
        self.choices_label.setWordWrap(True)
        self.progress = ProgressPanel(self)
        self.progress.hide()
        self.body.addWidget(self.table, 1)
        self.look_button = self._small("&Chercher dans «\u00a0Éléments envoyés\u00a0»")
        self.report_button = self._small("&Lire un avis de remise (.eml)…")
        self.body.addLayout(flow(self.look_button, self.report_button))
        self.report_label = QLabel(self)
        self.report_label.setWordWrap(True)
        self.report_label.hide()
        self.body.addWidget(self.report_label)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.choices_label)
        self.look_button.setVisible(can_look)
        self.sent_button = self.add_other("Elle &y est")
        self.resend_button = self.add_other("Elle &n’y est pas\u00a0: la renvoyer")
        self.later_button = self.add_reject("Décider plus tard", default=True)
        self.look_button.clicked.connect(self.look_asked)
        self.report_button.clicked.connect(self.report_asked)
        self.progress.stop_requested.connect(self.stop_asked)
        self.sent_button.clicked.connect(lambda: self._settle(found=True))
        self.resend_button.clicked.connect(lambda: self._settle(found=False))
        self.table.itemSelectionChanged.connect(self._dress)
        self.show_letters(letters)

    def _small(self, verb: str) -> QPushButton:
        button = QPushButton(verb, self)
        button.setAutoDefault(False)
        return button

    def show_letters(
        self, letters: Sequence[UncertainLetter], not_found: frozenset[int] = frozenset()
    ) -> None:
        """Show those that still wait; the dialog closes by itself once none does."""
        if not letters:
            self.accept()
            return
        self.table.setRowCount(len(letters))
        for row, letter in enumerate(letters):
            looked = "pas trouvée" if letter.delivery_id in not_found else ""
            words = (letter.patient, letter.when, looked, letter.message_id)
            for column, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setData(_KEY, letter.delivery_id)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.table.setColumnHidden(_LOOKED, not not_found)
        self.table.selectRow(0)
        self.text_label.setText(self._told(len(letters), found_nothing=bool(not_found)))
        self.text_label.show()
        self._dress()
        self.fit()

    def show_searching(self, words: str) -> None:
        """A search runs: the answers wait."""
        self.report_label.hide()
        self.progress.start(words)
        self.progress.show()
        self._enable(is_searching=True)
        self.fit()

    def show_nothing_learned(self) -> None:
        """The file said nothing of these letters."""
        self.report_label.setText("Ce fichier ne parle d’aucune de ces lettres.")
        self.report_label.show()

    def end_searching(self) -> None:
        """The search is over."""
        self.progress.hide()
        self._enable(is_searching=False)

    def keys(self) -> list[int]:
        """Keys of the selected letters."""
        return [index.data(_KEY) for index in self.table.selectionModel().selectedRows()]

    def _enable(self, *, is_searching: bool) -> None:
        for button in (self.look_button, self.report_button):
            button.setEnabled(not is_searching)
        self._dress()

    def _dress(self) -> None:
        chosen = len(self.keys())
        is_searching = not self.progress.isHidden()
        many = chosen > 1
        self.sent_button.setText(f"Elles &y sont ({chosen})" if many else "Elle &y est")
        self.resend_button.setText(
            f"Elles &n’y sont pas\u00a0: les renvoyer ({chosen})"
            if many
            else "Elle &n’y est pas\u00a0: la renvoyer"
        )
        for button in (self.sent_button, self.resend_button):
            button.setEnabled(bool(chosen) and not is_searching)

    def _settle(self, *, found: bool) -> None:
        self.settled.emit(self.keys(), found)

    def _told(self, waiting: int, *, found_nothing: bool) -> str:
        left = ""
        if self._sent:
            left = f"{count(self._sent, 'courriel était parti', 'courriels étaient partis')}. "
        unsure = (
            "Une lettre était en train de partir quand la connexion s’est coupée"
            if waiting == 1
            else f"{count(waiting, 'lettre')} étaient en train de partir quand la connexion s’est coupée"
        )
        text = (
            f"{left}{unsure}{NBSP}: on ne sait pas si le serveur l’a gardée.\n"
            f"Regardez dans les «{NBSP}Éléments envoyés{NBSP}» de votre messagerie."
        )
        if found_nothing:
            text += "\nNe pas la trouver ne prouve rien\u00a0: tous les hébergeurs n’y rangent pas une copie."
        return text
