"""The letterhead of « Mon cabinet »: logo, signature, ink, large print, notice; the real page beside."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Signal
from PySide6.QtGui import QColor, QHideEvent, QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from app.core.errors import UserError
from app.core.errors.paper import UnreadableImage
from app.core.practice import LetterColour, Practice
from app.paper.page_images import page_images
from app.services.letterhead import judge_image, letterhead_page
from app.ui.practice_picture import PictureField, prepared
from app.ui.widgets.forms import LinesEdit, boxed, labelled, small_form
from app.ui.widgets.latest_work import LatestWork
from app.ui.widgets.letter_preview import PaperView
from app.ui.widgets.two_columns import TwoColumns
from app.wording import explain

COLOURS = {
    LetterColour.BLACK: "Noir",
    LetterColour.NIGHT_BLUE: "Bleu nuit",
    LetterColour.PINE_GREEN: "Vert sapin",
    LetterColour.BURGUNDY: "Bordeaux",
    LetterColour.SLATE: "Gris ardoise",
}


class LetterheadForm(QWidget):
    """Shows the letterhead of a practice, its page, and reads it back.

    Signals:
        edited: the user changed something.
        file_requested(str): « logo » or « signature » is to be chosen from a file.
        refused(object): the UserError of a file that cannot be used; what was there stays.
    """

    edited = Signal()
    file_requested = Signal(str)
    refused = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._practice = Practice()
        self.logo = PictureField("Choisir un &logo…", "Retirer le logo", "Logo", self)
        self.signature = PictureField(
            "Choisir une i&mage…", "Retirer la signature", "Image de signature", self
        )
        self.colour = QComboBox(self)
        for colour, name in COLOURS.items():
            self.colour.addItem(_swatch(colour), name, colour)
        self.large_print = QCheckBox("Lettres papier en gro&s caractères (16 points)", self)
        self.foreign_notice = LinesEdit("", 3, self)
        self.page_view = PaperView(self)
        self._pages, self._trials = LatestWork(self), LatestWork(self)
        self._tried = ("", b"", "")
        self._lay_out()
        self._connect()

    def show_practice(self, practice: Practice) -> None:
        """Fill every field, without a signal; the page follows when it is visible."""
        blocker = QSignalBlocker(self)
        for field, content in (
            (self.logo, practice.logo),
            (self.signature, practice.signature_image),
        ):
            if field.content != content or not content:
                field.show_picture(content)
        self.colour.setCurrentIndex(self.colour.findData(practice.colour))
        self.large_print.setChecked(practice.large_print)
        self.foreign_notice.show_lines(practice.foreign_notice.splitlines())
        blocker.unblock()
        self.follow(practice)

    def read(self, base: Practice) -> Practice:
        """``base`` with this letterhead."""
        return replace(
            base,
            logo=self.logo.content,
            signature_image=self.signature.content,
            colour=LetterColour(self.colour.currentData()),  # Qt gives back a plain str
            large_print=self.large_print.isChecked(),
            foreign_notice="\n".join(self.foreign_notice.lines()),
        )

    def follow(self, practice: Practice) -> None:
        """Lay the page out anew for ``practice``."""
        self._practice = practice
        if self.isVisible():
            today, resolution = self._today(), self.page_view.dots_per_inch()
            self._pages.ask(lambda: page_images(letterhead_page(practice, today), resolution))

    def take_file(self, role: str, path: Path) -> None:
        """Judge a file by laying out a page with it; kept only when that works."""
        try:
            chosen = prepared(path.read_bytes(), role)
        except OSError:
            self.refused.emit(UnreadableImage(role))
            return
        except UserError as error:
            self.refused.emit(error)
            return
        practice, today = self.read(self._practice), self._today()
        self._tried = (role, chosen.content, chosen.note)
        self._trials.ask(lambda: judge_image(practice, chosen.content, role, today))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follow(self._practice)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The page is as wide as its view."""
        if watched is self.page_view and event.type() == QEvent.Type.Resize:
            self.follow(self._practice)
        return super().eventFilter(watched, event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._pages.end()
        self._trials.end()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        choices = QWidget(self)
        form = small_form(choices)
        labelled(form, "Logo", self.logo, self.logo.choose_button)
        labelled(form, "Signature manuscrite", self.signature, self.signature.choose_button)
        labelled(form, "&Couleur du nom", self.colour)
        form.addRow(self.large_print)
        notice = QWidget(self)
        notice_form = small_form(notice)
        notice_form.setRowWrapPolicy(notice_form.RowWrapPolicy.WrapAllRows)
        label = "Paragraphe dans une autre lang&ue, écrit par vous (facultatif)"
        labelled(notice_form, label, self.foreign_notice)
        signatories = QLabel(
            "Les signataires se règlent sous «\u00a0Cabinet\u00a0», un par ligne. "
            "Le nom, l’adresse et le téléphone aussi.",
            self,
        )
        signatories.setWordWrap(True)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(boxed("En-tête et signature", choices))
        column.addWidget(boxed("Sous la lettre", notice))
        column.addWidget(signatories)
        column.addStretch()
        self.page_view.setMinimumHeight(self.fontMetrics().lineSpacing() * 16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        columns = TwoColumns(
            left,
            boxed("Votre papier à lettres, sur une lettre d’exemple", self.page_view),
            tall_right=True,
            parent=self,
        )
        layout.addWidget(columns, 1)

    def _connect(self) -> None:
        self.logo.choose_requested.connect(lambda: self.file_requested.emit("logo"))
        self.signature.choose_requested.connect(lambda: self.file_requested.emit("signature"))
        self.logo.remove_requested.connect(lambda: self._show_kept("logo", b"", ""))
        self.signature.remove_requested.connect(lambda: self._show_kept("signature", b"", ""))
        self.colour.activated.connect(self.edited)
        self.large_print.clicked.connect(self.edited)
        self.foreign_notice.textChanged.connect(self.edited)
        self.page_view.installEventFilter(self)
        self._pages.ready.connect(self._show_pages)
        self._pages.failed.connect(self._show_page_error)
        self._trials.ready.connect(self._keep_tried)
        self._trials.failed.connect(self.refused)

    def _show_kept(self, role: str, content: bytes, note: str) -> None:
        (self.logo if role == "logo" else self.signature).show_picture(content, note)
        self.edited.emit()

    def _keep_tried(self, _page: object) -> None:
        self._show_kept(*self._tried)

    def _show_pages(self, pages: object) -> None:
        if isinstance(pages, list):
            self.page_view.show_pages(pages)

    def _show_page_error(self, error: object) -> None:
        if isinstance(error, UserError):
            self.page_view.show_words(explain(error).one_line())


def _swatch(colour: LetterColour) -> QIcon:
    drawn = QPixmap(32, 32)
    drawn.fill(QColor(colour.value or "#000000"))
    return QIcon(drawn)
