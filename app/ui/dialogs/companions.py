"""« Documents d’accompagnement »: what goes with the letters, read here, then copied or saved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
from app.core.letter_run_checks import SMS_LENGTH, sms_length
from app.core.recipient import Recipient
from app.letters.catalogue import load
from app.letters.render import Letter, LetterRenderer
from app.paths import documents_dir, replace_file
from app.services.companions import (
    ANSWER,
    DELETION,
    Companions,
    answer_to,
    companions,
    deletion_request,
)
from app.ui.desk import FileChooser
from app.ui.dialogs.question import QuestionDialog
from app.ui.theme import Meaning
from app.ui.widgets.detail_fields import DetailFields
from app.ui.widgets.message_bar import MessageBar, copy_text
from app.ui.widgets.person_fields import FindPeople, PersonFields
from app.wording import describe
from app.wording.french import count, typeset

_MakeLetter = Callable[[LetterRenderer, Recipient, str, Channel], Letter]
_LETTERS: dict[str, _MakeLetter] = {ANSWER: answer_to, DELETION: deletion_request}
_PUBLIC = {
    "poster": "Affiche pour la salle d’attente",
    "web": "Page pour votre site",
    "answering": "Message du répondeur",
    "phone": "Répondre au téléphone",
    "sms": "SMS",
}


@dataclass(frozen=True, slots=True)
class _Document:
    """One document: what is read and copied, and the file."""

    text: str
    file_name: str
    content: bytes


class CompanionsDialog(QuestionDialog):
    """List at the left, text at the right; « Copier le texte » and « Enregistrer… » act on the one chosen.

    Args:
        renderer: of the campaign's letters: same facts, same practice.
        find: people of the list, for the answer to one of them.
        files: asks where to save.
    """

    def __init__(
        self,
        renderer: LetterRenderer,
        find: FindPeople,
        files: FileChooser,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Documents d’accompagnement",
            "Ils reprennent les faits de «\u00a0L’incident\u00a0». Relisez-les avant de les donner.",
            parent,
        )
        self._renderer, self._files = renderer, files
        self._made: Companions | None = None
        self._document: _Document | None = None
        self.message_bar = MessageBar(self)
        self.documents_list = QListWidget(self)
        self.documents_list.setAccessibleName("Documents")
        self.documents_list.setTabKeyNavigation(False)
        self.documents_list.setWordWrap(True)
        self._keys = [*_PUBLIC, *_LETTERS]
        self.documents_list.addItems(
            [_PUBLIC.get(key) or load().template(key).title for key in self._keys]
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
        self._lay_out()
        self.add_reject("Fermer")
        for button, act in ((self.copy_button, self._copy), (self.save_button, self._ask_to_save)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
        with self._showing_errors():
            self._made = companions(renderer)
        self.documents_list.currentRowChanged.connect(lambda _row: self._choose())
        self.person.edited.connect(self._take_person)
        self.details.edited.connect(self._show)
        self.documents_list.setCurrentRow(0)
        self.documents_list.setFocus()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.save_button)
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
        self.person.setVisible(is_letter)
        self.details.setVisible(is_letter)
        if is_letter:
            self.person.ask(in_list=key == ANSWER)
            self.details.show_details(
                load().template(key).details, dict(self._renderer.incident.details)
            )
            self._follow_person()
        self._show()

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
        self._document, note = None, ""
        with self._showing_errors():
            if key in _LETTERS:
                self._document, note = self._letter(key)
            elif self._made is not None:
                self._document, note = _public(key, self._made)
        self.note_label.setText(note)
        self.note_label.setVisible(bool(note))
        self.text_view.setPlainText(self._document.text if self._document else "")
        for button in (self.copy_button, self.save_button):
            button.setEnabled(self._document is not None)

    def _letter(self, key: str) -> tuple[_Document | None, str]:
        template, person = load().template(key), self.person.person()
        if person is None:
            return None, "Écrivez d’abord le nom de la personne."
        values = self.details.values()
        missing = [d.label for d in template.details if d.is_required and not values[d.name]]
        if missing:
            return None, f"Il manque\u00a0: {', '.join(missing)}."
        known = self._renderer
        incident = replace(known.incident, details={**known.incident.details, **values})
        renderer = LetterRenderer(
            known.template, known.variant, incident, known.practice, known.letter_date
        )
        letter = _LETTERS[key](renderer, person, "", Channel.EMAIL)
        text = f"Objet\u00a0: {letter.subject}\n\n{letter.text}"
        note = typeset(template.when) if key == ANSWER else ""
        return _Document(text, f"{template.title}.txt", _text_file(text)), note

    def _copy(self) -> None:
        if self._document is not None:
            copy_text(self._document.text)
            self.message_bar.show_message(Meaning.DONE, "Texte copié.")

    def _ask_to_save(self) -> None:
        document = self._document
        if document is not None:
            proposed = documents_dir() / _file_name(document.file_name)
            self._files.save_file(
                self,
                "Enregistrer ce document",
                proposed,
                lambda path: self._save(document, path),
            )

    def _save(self, document: _Document, path: Path) -> None:
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


def _public(key: str, made: Companions) -> tuple[_Document, str]:
    """A document without any patient, and what to know about it."""
    name = _PUBLIC[key]
    poster = f"{made.poster.title}\n\n{made.poster.text}"
    if key == "poster":
        return _Document(poster, f"{name}.pdf", made.poster_pdf), "Une page A4 à imprimer (PDF)."
    if key == "web":
        return (
            _Document(poster, f"{name}.html", made.web_page.encode("utf-8")),
            "Un fichier à donner à la personne qui tient votre site.",
        )
    if key == "answering":
        text = made.answering_machine
        return _Document(text, f"{name}.txt", _text_file(text)), "À lire lentement."
    if key == "phone":
        return (
            _Document(made.phone_script.text, f"{name}.pdf", made.phone_script_pdf),
            "Pour la personne qui répond aux appels (PDF).",
        )
    return _Document(made.sms, f"{name}.txt", _text_file(made.sms)), _sms_note(made)


def _sms_note(made: Companions) -> str:
    length = sms_length(made.sms)
    size = "" if length is None else f"{count(length, 'signe')} sur {SMS_LENGTH}. "
    if not made.sms_issues:
        return size + "Ce logiciel n’envoie pas de SMS\u00a0: copiez le texte."
    told = [describe(issue) for issue in made.sms_issues]
    return size + " ".join(f"{each.what} {each.what_to_do}".strip() for each in told)


def _text_file(text: str) -> bytes:
    """UTF-8 with its mark, so that old Windows editors read the accents."""
    return text.encode("utf-8-sig")


def _file_name(title: str) -> str:
    """A title without the signs that Windows refuses in a file name."""
    plain = "".join(char for char in title if char not in '\\/:*?"<>|«»\u202f')
    return " ".join(plain.split()).replace(" .", ".")
