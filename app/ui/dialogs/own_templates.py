"""« Modèles du cabinet »: the practice's own wordings, kept, used again, exported, imported, deleted."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.core.errors import UserError
from app.letters.catalogue import LetterTemplate, load
from app.letters.template_file import SUFFIX, OwnWording, read
from app.paths import documents_dir
from app.services import own_templates
from app.ui.desk import FileChooser
from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.template_names import names_of
from app.ui.widgets.template_text import TemplateText

_LONGEST_NAME = 60


class OwnTemplatesDialog(QuestionDialog):
    """The list of kept wordings, their text, and what can be done with them.

    Args:
        current: the wording on the page, as it is now.
        usable: identifiers of the letters that this campaign writes.
        files: asks for the files to export and import.

    Signals:
        used(LetterTemplate): take these words in the place of the page's.
    """

    used = Signal(object)

    def __init__(
        self,
        current: LetterTemplate,
        usable: Collection[str],
        files: FileChooser,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Modèles du cabinet",
            "Gardez vos phrases pour un autre envoi, ou donnez-les à un autre cabinet. "
            "N’y écrivez pas le nom d’un patient.",
            parent,
        )
        self._current, self._usable, self._files = current, usable, files
        self._kept: list[OwnWording] = []
        self.message_bar = MessageBar(self)
        name_label = QLabel("&Nom du modèle", self)
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(_LONGEST_NAME)
        self.name_edit.setPlaceholderText(f"Par exemple\u00a0: {current.title}")
        name_label.setBuddy(self.name_edit)
        self.keep_button = self._button("&Garder le texte de la page", self._ask_to_keep)
        self.wordings_list = QListWidget(self)
        self.wordings_list.setAccessibleName("Modèles gardés")
        self.wordings_list.setTabKeyNavigation(False)
        self.wordings_list.setWordWrap(True)
        self.text_view = QPlainTextEdit(self)
        self.text_view.setReadOnly(True)
        self.text_view.setTabChangesFocus(True)
        self.text_view.setAccessibleName("Texte du modèle")
        self.empty_label = QLabel(
            "Aucun modèle pour le moment. Gardez le texte de la page, ou importez un fichier.", self
        )
        self.empty_label.setWordWrap(True)
        self.use_button = self._button("&Utiliser ce modèle", self._ask_to_use)
        self.export_button = self._button("&Exporter…", self._export)
        self.delete_button = self._button("&Supprimer…", self._ask_to_delete)
        self.import_button = self._button("&Importer un fichier…", self._import)
        self._lay_out(name_label)
        self.add_reject("Fermer")
        self.wordings_list.currentRowChanged.connect(lambda _row: self._show_text())
        metrics = self.fontMetrics()
        self.resize(min(metrics.averageCharWidth() * 130, 860), min(metrics.height() * 30, 480))
        self.refresh()
        self.name_edit.setFocus()

    def _lay_out(self, name_label: QLabel) -> None:
        keep = QHBoxLayout()
        keep.addWidget(name_label)
        keep.addWidget(self.name_edit, 1)
        keep.addWidget(self.keep_button)
        both = QHBoxLayout()
        both.addWidget(self.wordings_list, 2)
        both.addWidget(self.text_view, 3)
        acts = FlowLayout()
        for button in (
            self.use_button,
            self.export_button,
            self.delete_button,
            self.import_button,
        ):
            acts.addWidget(button)
        self.body.addWidget(self.message_bar)
        self.body.addLayout(keep)
        self.body.addWidget(self.empty_label)
        self.body.addLayout(both, 1)
        self.body.addLayout(acts)

    def _button(self, words: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def refresh(self, chosen: str = "") -> None:
        """Read the folder again; the first wording, or the one of that name, is chosen."""
        with self._showing_errors():
            self._kept, faults = own_templates.saved()
            for fault in faults:
                self.message_bar.show_error(fault)
        self.wordings_list.clear()
        for wording in self._kept:
            title = load().template(wording.template_id).title
            QListWidgetItem(f"{wording.name}\n{title}", self.wordings_list)
        names = [wording.name for wording in self._kept]
        has_some = bool(names)
        for widget in (self.use_button, self.export_button, self.delete_button):
            widget.setEnabled(has_some)
        self.empty_label.setVisible(not has_some)
        self.wordings_list.setVisible(has_some)
        self.text_view.setVisible(has_some)
        self.wordings_list.setCurrentRow(names.index(chosen) if chosen in names else 0)
        self._show_text()

    def _chosen(self) -> OwnWording | None:
        row = self.wordings_list.currentRow()
        return self._kept[row] if 0 <= row < len(self._kept) else None

    def _show_text(self) -> None:
        wording = self._chosen()
        if wording is None:
            self.text_view.clear()
            return
        shown = TemplateText(names_of(wording.applied()))
        email, paper = map(shown.to_shown, (wording.subject_email, wording.subject_paper))
        self.text_view.setPlainText(
            f"Objet du courriel\u00a0: {email}\nObjet du courrier\u00a0: {paper}\n\n"
            f"{shown.to_shown(wording.source)}"
        )

    # keep

    def _ask_to_keep(self) -> None:
        name = self.name_edit.text().strip()
        if not name:
            self.message_bar.show_message(Meaning.ATTENTION, "Donnez d’abord un nom à ce modèle.")
            self.name_edit.setFocus()
            return
        with self._showing_errors():
            self._unless_kept(name, lambda: self._keep(name))

    def _keep(self, name: str) -> None:
        with self._showing_errors():
            own_templates.save(self._current, name)
            self.name_edit.clear()
            self.refresh(name)
            self.message_bar.show_message(
                Meaning.DONE, f"Modèle gardé\u00a0: «\u00a0{name}\u00a0»."
            )

    def _unless_kept(self, name: str, act: Callable[[], None]) -> None:
        """Do it at once, or ask first when an older wording would be lost."""
        older = own_templates.kept_under(name)
        if older is None:
            act()
            return
        self._ask(
            "Remplacer le modèle\u202f?",
            f"«\u00a0{older.name}\u00a0» existe déjà. Son texte sera perdu.",
            "Remplacer ce modèle",
            act,
        )

    # use

    def _ask_to_use(self) -> None:
        wording = self._chosen()
        if wording is None:
            return
        title = load().template(wording.template_id).title
        if wording.template_id not in self._usable:
            self.message_bar.show_message(
                Meaning.ATTENTION,
                f"Ce modèle est écrit pour «\u00a0{title}\u00a0». Choisissez d’abord cette situation "
                "à l’étape «\u00a0L’incident\u00a0».",
            )
            return
        if self._would_lose_words():
            self._ask(
                "Remplacer le texte de la page\u202f?",
                f"Vos changements dans «\u00a0{self._current.title}\u00a0» ne sont gardés dans aucun modèle.",
                "Utiliser ce modèle",
                lambda: self._use(wording),
            )
        else:
            self._use(wording)

    def _would_lose_words(self) -> bool:
        known = [_words(load().template(self._current.id)), *map(_words, self._kept)]
        return _words(self._current) not in known

    def _use(self, wording: OwnWording) -> None:
        with self._showing_errors():
            template = wording.applied()
            self.used.emit(template)
            self.accept()

    # one file

    def _export(self) -> None:
        wording = self._chosen()
        if wording is None:
            return
        proposed = documents_dir() / f"{_plain(wording.name)}{SUFFIX}"
        self._files.save_file(
            self, "Exporter ce modèle", proposed, lambda path: self._write(wording, path)
        )

    def _write(self, wording: OwnWording, path: Path) -> None:
        with self._showing_errors():
            written = own_templates.export(wording.applied(), wording.name, path)
            self.message_bar.show_message(
                Meaning.DONE, f"Modèle exporté dans «\u00a0{written.name}\u00a0»."
            )

    def _import(self) -> None:
        filters = f"Modèles de lettre (*{SUFFIX})"
        self._files.open_file(self, "Importer un modèle", filters, self._ask_to_import)

    def _ask_to_import(self, path: Path) -> None:
        with self._showing_errors():
            self._unless_kept(read(path).name, lambda: self._take(path))

    def _take(self, path: Path) -> None:
        with self._showing_errors():
            wording = own_templates.import_file(path)
            self.refresh(wording.name)
            self.message_bar.show_message(
                Meaning.DONE,
                f"Modèle importé\u00a0: «\u00a0{wording.name}\u00a0». Relisez-le avant de l’utiliser.",
            )

    # delete

    def _ask_to_delete(self) -> None:
        wording = self._chosen()
        if wording is not None:
            self._ask(
                "Supprimer ce modèle\u202f?",
                f"«\u00a0{wording.name}\u00a0» sera perdu. Les lettres de vos envois ne changent pas.",
                "Supprimer ce modèle",
                lambda: self._delete(wording),
            )

    def _delete(self, wording: OwnWording) -> None:
        own_templates.delete(wording.name)
        self.refresh()
        self.message_bar.show_message(
            Meaning.DONE, f"Modèle supprimé\u00a0: «\u00a0{wording.name}\u00a0»."
        )

    def _ask(self, title: str, text: str, verb: str, act: Callable[[], None]) -> None:
        dialog = QuestionDialog(title, text, self)
        dialog.add_accept(verb, default=False)
        dialog.add_reject("Ne rien changer", default=True)
        dialog.accepted.connect(act)
        dialog.open()

    @contextmanager
    def _showing_errors(self) -> Iterator[None]:
        try:
            yield
        except UserError as error:
            self.message_bar.show_error(error)


def _plain(name: str) -> str:
    """A file name to propose; the user may write another one."""
    return (
        "".join(char if char.isalnum() or char in " -’" else "-" for char in name).strip()
        or "modele"
    )


def _words(wording: LetterTemplate | OwnWording) -> tuple[str, str, str]:
    return wording.subject_email, wording.subject_paper, wording.source
