"""« Registre des violations »: every incident of the practice, with or without letters (GDPR Art. 33(5))."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import Cancelled, UserError
from app.core.register import RegisterEntry
from app.paths import documents_dir
from app.services import register
from app.services.campaigns import campaign_path, open_with_doubts, recent_campaigns
from app.services.control import Control
from app.services.register import RegisterLine
from app.ui.desk import Desk
from app.ui.dialogs.incident_without_letters import IncidentWithoutLettersDialog, NewEntry
from app.ui.dialogs.recovery_code import ShowRecoveryCode
from app.ui.dialogs.register_entry import RegisterEntryDialog
from app.ui.models.register import COLUMNS, RegisterModel
from app.ui.system_open import open_path
from app.ui.theme import Meaning
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.message_bar import MessageAction, MessageBar
from app.ui.widgets.progress_panel import ProgressPanel
from app.ui.widgets.tab_order import order_tabs
from app.ui.workers import Job
from app.wording import explain
from app.wording.french import count


class RegisterPage(QWidget):
    """Reads every known campaign in a worker; no campaign may be open meanwhile.

    Signals:
        back_requested: the user has finished.
        campaign_chosen(Path): open this one.
    """

    back_requested = Signal()
    campaign_chosen = Signal(object)

    help_text = (
        "Le RGPD (article 33(5)) demande de noter toute violation de données, même sans notification à la CNIL "
        "et sans lettre aux personnes.\n\n"
        "Chaque envoi y figure de lui-même. «\u00a0Ajouter un incident sans lettres\u00a0» note les autres.\n\n"
        "Le fichier enregistré reprend les mots et les tranches de la CNIL. Il ne nomme aucun patient."
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.message_bar = MessageBar(self)
        self.back_button = QPushButton("\u2039 &Retour", self)
        self.heading = QLabel("Registre des violations", self)
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        self.heading.setFont(font)
        self.lead_label = QLabel(
            "Chaque incident du cabinet, avec ou sans lettres, comme le demande l’article 33(5) du RGPD.",
            self,
        )
        self.lead_label.setWordWrap(True)
        self.table = self._build_table()
        self.empty_label = QLabel("Aucun incident n’est noté sur cet ordinateur.", self)
        self.panel = ProgressPanel(self)
        self.panel.hide()
        self.add_button = QPushButton("A&jouter un incident sans lettres…", self)
        self.edit_button = QPushButton("&Compléter l’inscription…", self)
        self.open_button = QPushButton("Ouvrir cet en&voi", self)
        self.export_button = QPushButton("Enre&gistrer le registre (Excel)…", self)
        self.csv_button = QPushButton("Enregistrer en C&SV…", self)
        self._lay_out()
        self.back_button.clicked.connect(self.back_requested)
        self.add_button.clicked.connect(self._ask_new)
        self.edit_button.clicked.connect(self._ask_entry)
        self.open_button.clicked.connect(self._open_selected)
        self.export_button.clicked.connect(lambda: self._ask_export(".xlsx"))
        self.csv_button.clicked.connect(lambda: self._ask_export(".csv"))
        self.table.activated.connect(lambda _index: self._ask_entry())

    def _build_table(self) -> QTableView:
        table = QTableView(self)
        self._model = RegisterModel(self)
        table.setModel(self._model)
        table.setAccessibleName("Registre des violations")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.back_button)
        acts = FlowLayout()
        for button in (
            self.add_button,
            self.edit_button,
            self.open_button,
            self.export_button,
            self.csv_button,
        ):
            acts.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.message_bar)
        layout.addLayout(top)
        layout.addWidget(self.lead_label)
        layout.addWidget(self.panel)
        layout.addWidget(self.empty_label)
        layout.addWidget(self.table, 1)
        layout.addLayout(acts)
        order_tabs(self)

    # reading

    def load(self) -> None:
        """Read the register of every campaign known on this computer."""
        self.message_bar.clear()
        self._read([Path(each.path) for each in recent_campaigns()])

    def _read(self, paths: Sequence[Path]) -> None:
        credentials, clock = self._desk.credentials, self._desk.clock
        self._model.show_lines(())
        found: list[RegisterLine] = []

        def work(control: Control) -> Iterator[object]:
            for line in register.lines(paths, credentials, control, clock):
                found.append(line)
                yield len(found)

        job = Job("Lecture du registre", work)
        job.progressed.connect(
            lambda done: self.panel.show_progress("Lecture du registre…", int(done), len(paths))
        )
        job.failed.connect(self._show_failure)
        job.finished.connect(lambda: self._show(found))
        if self._begin(job):
            self.panel.start("Lecture du registre…")
            self.panel.stop_requested.connect(job.stop, Qt.ConnectionType.SingleShotConnection)
            self.panel.show()

    def _begin(self, job: Job) -> bool:
        if self._desk.jobs.is_busy:
            return False
        self._desk.jobs.begin(job)
        return True

    def _show(self, lines: Sequence[RegisterLine]) -> None:
        self.panel.hide()
        self._model.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.empty_label.setVisible(not lines)
        for button in (self.edit_button, self.open_button, self.export_button, self.csv_button):
            button.setEnabled(bool(lines))
        if lines:
            self.table.selectRow(0)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        unopened = [line for line in lines if line.error is not None]
        if unopened:
            names = ", ".join(f"«\u00a0{line.name}\u00a0»" for line in unopened)
            error = unopened[0].error
            why = explain(error).one_line() if error is not None else ""
            self.message_bar.show_message(
                Meaning.ATTENTION,
                f"{count(len(unopened), 'envoi ne s’est pas ouvert', 'envois ne se sont pas ouverts')}\u00a0: "
                f"{names}. {why} Ouvrez-le une fois depuis l’accueil, puis revenez ici.",
            )

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.message_bar.show_error(error)
        elif not isinstance(error, Cancelled):
            raise error

    # acting

    def _selected(self) -> RegisterLine | None:
        index = self.table.currentIndex()
        return self._model.line(index.row()) if index.isValid() else None

    def _open_selected(self) -> None:
        line = self._selected()
        if line is not None:
            self.campaign_chosen.emit(line.path)

    def _ask_entry(self) -> None:
        line = self._selected()
        if line is None or self._desk.jobs.is_busy:
            return
        try:
            with open_with_doubts(
                line.path, self._desk.credentials, clock=self._desk.clock
            ).campaign_file as campaign_file:
                entry = register.entry_of(campaign_file)
                has_list = campaign_file.count_recipients() > 0
        except UserError as error:
            self.message_bar.show_error(error)
            return
        dialog = RegisterEntryDialog(line.name, entry, has_list=has_list, parent=self)
        dialog.confirmed.connect(lambda given: self.keep_entry(line.path, given))
        dialog.open()

    def keep_entry(self, path: Path, entry: RegisterEntry) -> None:
        """Write the practice's words into the campaign, then read the register again."""
        try:
            with open_with_doubts(
                path, self._desk.credentials, clock=self._desk.clock
            ).campaign_file as campaign_file:
                register.save_entry(campaign_file, entry, self._desk.clock)
        except UserError as error:
            self.message_bar.show_error(error)
            return
        self.load()

    def _ask_new(self) -> None:
        dialog = IncidentWithoutLettersDialog(self._desk.clock, self)
        dialog.confirmed.connect(self.add)
        dialog.open()

    def add(self, new: NewEntry) -> None:
        """Keep an incident without letters, and show its recovery code."""
        current = self._desk.settings.current
        folder = Path(current.campaigns_folder) if current.campaigns_folder else documents_dir()
        try:
            code = register.note_incident_without_letters(
                campaign_path(new.name, folder),
                new.name,
                current.practice,
                new.incident,
                new.entry,
                self._desk.credentials,
                self._desk.clock,
            )
        except UserError as error:
            self.message_bar.show_error(error)
            return
        self.load()
        ShowRecoveryCode(
            new.name, code, self._desk, practice_name=current.practice.name, parent=self
        ).open()

    def _ask_export(self, suffix: str) -> None:
        self._desk.files.save_file(
            self,
            "Où enregistrer le registre\u202f?",
            documents_dir() / f"Registre des violations{suffix}",
            self.export,
        )

    def export(self, path: Path) -> None:
        """Write the register, in a worker."""
        if path.suffix.lower() not in (".xlsx", ".csv"):
            path = path.with_suffix(".xlsx")
        paths = [Path(each.path) for each in recent_campaigns()]
        credentials, clock = self._desk.credentials, self._desk.clock
        written: list[int] = []

        def work(control: Control) -> Iterator[object]:
            yield 0
            done = register.export(paths, credentials, [path], clock, control)
            written.append(done.written)

        job = Job("Registre des violations", work)
        job.failed.connect(self._show_failure)
        job.finished.connect(lambda: self._say_written(path, written))
        if self._begin(job):
            self.panel.start("Écriture du registre…")
            self.panel.show()

    def _say_written(self, path: Path, written: Sequence[int]) -> None:
        self.panel.hide()
        if written:
            self.message_bar.show_message(
                Meaning.DONE,
                f"Le registre est enregistré dans «\u00a0{path.name}\u00a0»\u00a0: "
                f"{count(written[0], 'incident')}.",
                [MessageAction("Ouvrir le registre", lambda: open_path(str(path)))],
            )
