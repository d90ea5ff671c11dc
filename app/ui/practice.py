"""« Mon cabinet »: filled once, used by every campaign. Saved as it is typed."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.errors import UserError
from app.core.mail_account import MailAccount
from app.core.pacing import PARIS
from app.ui.account_desk import AccountDesk
from app.ui.account_form import AccountForm
from app.ui.desk import Desk
from app.ui.practice_form import PracticeForm
from app.ui.practice_letterhead import LetterheadForm
from app.ui.practice_options import OptionsForm
from app.ui.practice_pace import PaceForm
from app.ui.practice_picture import FILTER
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.tab_order import order_tabs
from app.ui.widgets.two_columns import TwoColumns
from app.wording.french import time_hm

_SAVE_AFTER_MS = 400
_TAB_CHOICE = "practice.tab"
_TABS = ("practice", "letterhead", "account", "options")


class PracticePage(QWidget):
    """Four tabs over the settings.

    Signals:
        saved: the settings changed.
        back_requested: the user has finished.
    """

    saved = Signal()
    back_requested = Signal()

    help_text = (
        "Ces informations figurent dans toutes les lettres\u00a0: qui écrit, qui répond, à quel numéro. "
        "Les patients vérifient souvent une lettre en appelant le numéro qu’ils connaissent déjà\u00a0: "
        "indiquez celui-là.\n\n"
        "«\u00a0Papier à lettres\u00a0» montre la page telle qu’elle sera imprimée.\n\n"
        "Le compte d’envoi est votre messagerie habituelle. Le logiciel connaît les réglages des "
        "hébergeurs courants\u202f; pour un autre, il peut les demander à votre nom de domaine, avec votre "
        "accord. Certaines messageries demandent un «\u00a0mot de passe d’application\u00a0».\n\n"
        "«\u00a0Vérifier la connexion\u00a0» n’envoie aucun courriel. Un certificat qui n’est pas valable "
        "arrête tout\u00a0: rien n’est envoyé, pas même le mot de passe. Si votre établissement a sa propre "
        "autorité, ajoutez son fichier.\n\n"
        "Tout est enregistré à mesure. Les mots de passe vont dans le trousseau de l’ordinateur, jamais "
        "dans les réglages. Ctrl+Tab change d’onglet, Échap arrête une vérification."
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._save_timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_timer.timeout.connect(self.save)
        self._is_loading = False
        self._is_visited = False
        self.message_bar = MessageBar(self)
        self.heading = QLabel("Mon cabinet", self)
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        self.heading.setFont(font)
        self.form = PracticeForm(self)
        self.letterhead = LetterheadForm(lambda: desk.clock.now().astimezone(PARIS).date(), self)
        self.account = AccountForm(self)
        self.pace, self.options = PaceForm(self), OptionsForm(self)
        self.saved_label = QLabel(self)
        self.stop_button = QPushButton("Arrêter (Échap)", self)
        self.back_button = QPushButton("&J’ai terminé", self)
        self.back_button.setDefault(True)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Parties de «\u00a0Mon cabinet\u00a0»")
        options = TwoColumns(self.pace, self.options, parent=self)
        for title, content in (
            ("Ca&binet", self.form),
            ("&Papier à lettres", self.letterhead),
            ("Messa&gerie", self.account),
            ("&Options d’envoi", options),
        ):
            self.tabs.addTab(self._scrolled(content), title)
        self.work = AccountDesk(self, desk)
        self._lay_out()
        self._connect()

    # what the settings say

    @property
    def current(self) -> MailAccount | None:
        """The account as last saved."""
        return self._desk.settings.current.account

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        order_tabs(self)

    def load(self) -> None:
        """Show the settings, and the tab where something is missing, else the one used last."""
        self.message_bar.clear()
        current = self._desk.settings.current
        self._is_loading = True
        self.form.show_practice(current.practice)
        self.letterhead.show_practice(current.practice)
        self.show_account(current.account)
        self._is_loading = False
        self._is_visited = True
        kept = current.interface.choices.get(_TAB_CHOICE, "")
        wanted = kept if kept in _TABS else _TABS[0]
        if current.practice.missing():
            wanted = "practice"
        elif current.account is None or not current.account.is_complete:
            wanted = "account"
        self.tabs.setCurrentIndex(_TABS.index(wanted))

    def show_account(self, account: MailAccount | None) -> None:
        """Fill every form of the account."""
        self.account.show_account(account)
        self.pace.show_account(account)
        self.options.show_account(account)
        self.work.show_states()

    def leave(self) -> None:
        """Save what is being typed; a check under way is given up. Nothing happens when nobody came."""
        if not self._is_visited:
            return  # the forms are still empty: they say nothing of the settings
        self._is_visited = False
        self.work.stop()
        self.save()
        self.work.leave()
        self._keep_tab()

    def take_account(self, change: Callable[[MailAccount], MailAccount]) -> None:
        """Apply a change that no field shows as such, save it, and show the account anew."""
        account = self.read_account(self.current) or MailAccount("", "", 587)
        self.save(change(account))
        self.show_account(self.current)

    def read_account(self, base: MailAccount | None) -> MailAccount | None:
        """The account as the forms say it."""
        account = self.account.read(base)
        return None if account is None else self.options.read(self.pace.read(account))

    def save(self, account: MailAccount | None = None) -> None:
        """Write the settings when the forms, or ``account`` in the place of theirs, say something else."""
        self._save_timer.stop()
        current = self._desk.settings.current
        new = replace(
            current,
            practice=self.letterhead.read(self.form.read(current.practice)),
            account=account or self.read_account(current.account),
        )
        if new == current:
            return
        try:
            self._desk.settings.replace(new)
        except UserError as error:
            self.message_bar.show_error(error)
            return
        self.saved_label.setText(f"Enregistré à {time_hm(self._desk.clock.now())}")
        self.saved.emit()

    def _keep_tab(self) -> None:
        current = self._desk.settings.current
        name = _TABS[self.tabs.currentIndex()]
        if current.interface.choices.get(_TAB_CHOICE, "") == name:
            return
        choices = {**current.interface.choices, _TAB_CHOICE: name}
        interface = replace(current.interface, choices=choices)
        try:
            self._desk.settings.replace(replace(current, interface=interface))
        except UserError as error:
            self.message_bar.show_error(error)

    def _lay_out(self) -> None:
        lead = QLabel("À remplir une fois. Ces informations servent à tous les envois.", self)
        lead.setWordWrap(True)
        below = QHBoxLayout()
        below.addWidget(self.saved_label, 1)
        below.addWidget(self.stop_button)
        below.addWidget(self.back_button)
        self.stop_button.hide()
        self.stop_button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        for widget in (self.message_bar, self.heading, lead):
            layout.addWidget(widget)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(below)

    def _scrolled(self, content: QWidget) -> QScrollArea:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        return area

    def _connect(self) -> None:
        for signal in (self.form.edited, self.letterhead.edited):
            signal.connect(self._save_timer.start)
            signal.connect(self._follow_letterhead)
        for signal in (self.account.edited, self.pace.edited, self.options.edited):
            signal.connect(self._save_timer.start)
        self.letterhead.file_requested.connect(self._ask_picture)
        self.letterhead.refused.connect(self.message_bar.show_error)
        self.stop_button.clicked.connect(self.work.stop)
        self.work.running.connect(self.stop_button.setVisible)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.work.stop)
        self.back_button.clicked.connect(self.back_requested)

    def _follow_letterhead(self) -> None:
        if not self._is_loading:
            current = self._desk.settings.current.practice
            self.letterhead.follow(self.letterhead.read(self.form.read(current)))

    def _ask_picture(self, role: str) -> None:
        caption = "Logo du cabinet" if role == "logo" else "Image de la signature"
        self.message_bar.clear()
        self._desk.files.open_file(
            self, caption, FILTER, lambda path: self.letterhead.take_file(role, path)
        )
