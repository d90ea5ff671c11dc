"""« Documents d’accompagnement »: what goes with the letters, read here, then copied or saved."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.campaign import Channel
from app.core.errors import UserError
from app.core.errors.files import FileNotWritten
from app.core.recipient import Recipient
from app.letters.catalogue import load
from app.letters.letter import Letter
from app.letters.render import LetterRenderer
from app.paths import documents_dir, replace_file
from app.services.companions import (
    ANSWER,
    DELETION,
    PUBLIC,
    SHORT,
    Companions,
    answer_to,
    companions,
    deletion_request,
    letter_page,
    short_letter,
    short_letters_pdf,
)
from app.ui.companion_files import (
    PUBLIC_DOCUMENTS,
    CompanionFile,
    file_name,
    public_file,
    text_bytes,
)
from app.ui.desk import FileChooser
from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning
from app.ui.widgets.detail_fields import DetailFields
from app.ui.widgets.message_bar import MessageBar, copy_text
from app.ui.widgets.person_fields import FindPeople, PersonFields
from app.wording.french import count, typeset

_MakeLetter = Callable[[LetterRenderer, Recipient, str, Channel], Letter]
_LETTERS: dict[str, _MakeLetter] = {ANSWER: answer_to, DELETION: deletion_request}


class CompanionsDialog(QuestionDialog):
    """List at the left, text at the right; « Copier le texte » and « Enregistrer… » act on the one chosen.

    Args:
        renderer: of the campaign's letters: same facts, same practice.
        find: people of the list, for the answer to one of them.
        protected: people under guardianship, who also get a short letter.
        files: asks where to save.
    """

    def __init__(
        self,
        renderer: LetterRenderer,
        find: FindPeople,
        files: FileChooser,
        parent: QWidget | None = None,
        protected: Callable[[], list[Recipient]] = list,
    ) -> None:
        super().__init__(
            "Documents d’accompagnement",
            "Ils reprennent les faits de «\u00a0L’incident\u00a0». Relisez-les avant de les donner.",
            parent,
        )
        self._renderer, self._files, self._protected = renderer, files, protected
        self._made: Companions | None = None
        self._document: CompanionFile | None = None
        self._page: Callable[[], bytes] | None = None
        self._typed = dict(renderer.incident.details)
        self.message_bar = MessageBar(self)
        self.documents_list = QListWidget(self)
        self.documents_list.setAccessibleName("Documents")
        self.documents_list.setTabKeyNavigation(False)
        self.documents_list.setWordWrap(True)
        self._keys = [*PUBLIC_DOCUMENTS, *_LETTERS, SHORT]
        self.documents_list.addItems(
            [PUBLIC_DOCUMENTS.get(key) or load().template(key).title for key in self._keys]
        )
        self.note_label = QLabel(self)
        self.note_label.setWordWrap(True)
        self.note_label.setTextFormat(Qt.TextFormat.PlainText)
        self.person = PersonFields(find, self)
        self.details = DetailFields(self)
        self.text_view = QPlainTextEdit(self)
        self.text_view.setReadOnly(True)
        self.text_view.setTabChangesFocus(True)
        self.text_view.setAccessibleName("Texte du document")
        self.copy_button = QPushButton("&Copier le texte", self)
        self.save_button = QPushButton("&Enregistrer…", self)
        self.page_button = QPushButton("Enregistrer la &page à imprimer…", self)
        self._lay_out()
        self.add_reject("Fermer")
        for button, act in (
            (self.copy_button, self._copy),
            (self.save_button, self._ask_to_save),
            (self.page_button, self._ask_to_save_page),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(act)
        with self._showing_errors():
            self._made = companions(renderer)
        self.documents_list.currentRowChanged.connect(lambda _row: self._choose())
        self.person.edited.connect(self._take_person)
        self.details.edited.connect(self._keep_details)
        self.documents_list.setCurrentRow(0)
        self.documents_list.setFocus()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.page_button)
        buttons.addStretch(1)
        right = QVBoxLayout()
        for widget in (self.note_label, self.person, self.details):
            right.addWidget(widget)
        right.addWidget(self.text_view, 1)
        right.addLayout(buttons)
        both = QHBoxLayout()
        both.addWidget(self.documents_list, 2)
        both.addLayout(right, 5)
        self.body.addWidget(self.message_bar)
        self.body.addLayout(both, 1)
        metrics = self.fontMetrics()
        self.resize(min(metrics.averageCharWidth() * 140, 860), min(metrics.height() * 32, 480))

    def choose(self, key: str) -> None:
        """Bring one document in front: « poster », « web », « answering », « phone », « sms », T16 or T18."""
        self.documents_list.setCurrentRow(self._keys.index(key))

    @property
    def _key(self) -> str:
        return self._keys[max(self.documents_list.currentRow(), 0)]

    def _choose(self) -> None:
        key = self._key
        is_letter = key in _LETTERS
        if self._made is not None:  # « Texte copié » was about another document
            self.message_bar.clear()
        self.person.setVisible(is_letter)
        self.details.setVisible(key != SHORT)
        if key in PUBLIC_DOCUMENTS:
            self.details.show_details(load().template(PUBLIC).details, self._typed)
        if is_letter:
            self.person.ask(in_list=key == ANSWER)
            self.details.show_details(load().template(key).details, self._typed)
            self._follow_person()
        self._show()

    def _keep_details(self) -> None:
        """What was typed for one letter is still there after a look at another document."""
        self._typed.update(self.details.values())
        if self._key in PUBLIC_DOCUMENTS:
            with self._showing_errors():
                self._made = companions(self._renderer_with(self.details.values()))
        self._show()

    def _renderer_with(self, details: Mapping[str, str]) -> LetterRenderer:
        """The campaign's renderer, with facts typed here."""
        known = self._renderer
        incident = replace(known.incident, details={**known.incident.details, **details})
        return LetterRenderer(
            known.template,
            known.variant,
            incident,
            known.practice,
            known.letter_date,
            told_by_list=known.told_by_list,
        )

    def _take_person(self) -> None:
        self._follow_person()
        self._show()

    def _follow_person(self) -> None:
        """Whoever is in the list is concerned; the user may still untick it."""
        if self._key == ANSWER:
            concerned = "oui" if self.person.chosen is not None else ""
            values = {**self.details.values(), "est_concerne": concerned}
            self.details.show_details(load().template(ANSWER).details, values)

    def _show(self) -> None:
        key = self._key
        self._document, self._page, note = None, None, ""
        with self._showing_errors():
            if key in _LETTERS:
                self._document, note = self._letter(key)
            elif key == SHORT:
                self._document, note = self._short_letters()
            elif self._made is not None:
                self._document, note = public_file(key, self._made)
        self.note_label.setText(note)
        self.note_label.setVisible(bool(note))
        self.text_view.setPlainText(self._document.text if self._document else "")
        for button in (self.copy_button, self.save_button):
            button.setEnabled(self._document is not None)
        self.page_button.setVisible(key in _LETTERS)
        self.page_button.setEnabled(self._page is not None)

    def _letter(self, key: str) -> tuple[CompanionFile | None, str]:
        template, person = load().template(key), self.person.person()
        if person is None:
            return None, "Écrivez d’abord le nom de la personne."
        values = self.details.values()
        missing = [d.label for d in template.details if d.is_required and not values[d.name]]
        if missing:
            return None, f"Il manque\u00a0: {', '.join(missing)}."
        renderer = self._renderer_with(values)
        letter = _LETTERS[key](renderer, person, "", Channel.EMAIL)
        text = f"Objet\u00a0: {letter.subject}\n\n{letter.text}"
        note = typeset(template.when) if key == ANSWER else ""
        self._page = lambda: letter_page(renderer, key, person)
        return CompanionFile(text, f"{template.title}.txt", text_bytes(text)), note

    def _short_letters(self) -> tuple[CompanionFile | None, str]:
        people = self._protected()
        if not people:
            return None, "Aucune personne sous tutelle ne reçoit de lettre dans cet envoi."
        note = (
            f"{count(len(people), 'lettre')} à imprimer (PDF), au nom de chaque personne sous tutelle. "
            "La lettre complète va à la personne qui la représente."
        )
        letter, title = short_letter(self._renderer, people[0]), load().template(SHORT).title
        text = f"Objet\u00a0: {letter.subject}\n\n{letter.text}"
        return CompanionFile(text, f"{title}.pdf", short_letters_pdf(self._renderer, people)), note

    def _copy(self) -> None:
        if self._document is not None:
            copy_text(self._document.text)
            self.message_bar.show_message(Meaning.DONE, "Texte copié.")

    def _ask_to_save(self) -> None:
        document = self._document
        if document is not None:
            proposed = documents_dir() / file_name(document.name)
            self._files.save_file(
                self,
                "Enregistrer ce document",
                proposed,
                lambda path: self._save(document, path),
            )

    def _ask_to_save_page(self) -> None:
        make, title = self._page, load().template(self._key).title
        if make is None:
            return
        with self._showing_errors():
            page = CompanionFile("", f"{title}.pdf", make())
            self._files.save_file(
                self,
                "Enregistrer la page à imprimer",
                documents_dir() / file_name(page.name),
                lambda path: self._save(page, path),
            )

    def _save(self, document: CompanionFile, path: Path) -> None:
        try:
            replace_file(path, document.content)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.message_bar.show_error(FileNotWritten(path.name, reason))
            return
        self.message_bar.show_message(Meaning.DONE, f"Enregistré dans «\u00a0{path.name}\u00a0».")

    @contextmanager
    def _showing_errors(self) -> Iterator[None]:
        try:
            yield
        except UserError as error:
            self.message_bar.show_error(error)
