"""One patient's letter as it will be: e-mail, plain text, printed page. The real rendering, nothing remote."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QPalette,
    QPixmap,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QTextBrowser,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.errors import UserError
from app.paper.page_images import PageImage, page_images
from app.ui.widgets.latest_work import LatestWork
from app.wording import explain

_A4_WIDTH_INCHES = 210 / 25.4
#: a page larger than on paper helps nobody
_WIDEST_PAGE = 820
_EMAIL, _TEXT, _PAGE = range(3)
#: paper and ink of the mailboxes that patients have, whatever the colours of this computer
_LIGHT = ("#ffffff", "#1a1a1a")
_DARK = ("#121212", "#ececec")


class OfflineBrowser(QTextBrowser):
    """Shows HTML and fetches nothing: no file, no address, no picture, no followed link."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blank = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._blank.fill(Qt.GlobalColor.transparent)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        # nothing at all would make Qt look for a file of this name by itself
        if type == QTextDocument.ResourceType.ImageResource.value:
            return self._blank
        return ""


class PaperView(QScrollArea):
    """Pages under one another, as wide as the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName("Page à imprimer")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner = QWidget(self)
        self._column = QVBoxLayout(self._inner)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(self._inner)
        self.page_labels: list[QLabel] = []

    def dots_per_inch(self) -> float:
        """Resolution at which an A4 page fills the width."""
        margins = self._column.contentsMargins()
        # as if the vertical bar were there: it will be once the pages are shown
        full = self.width() - 2 * self.frameWidth() - self.verticalScrollBar().sizeHint().width()
        width = full - margins.left() - margins.right()
        return min(max(width, 200), _WIDEST_PAGE) * self.devicePixelRatioF() / _A4_WIDTH_INCHES

    def show_pages(self, pages: list[PageImage]) -> None:
        """Replace the pages."""
        self.clear()
        for number, page in enumerate(pages, start=1):
            image = QImage(
                page.pixels, page.width, page.height, page.stride, QImage.Format.Format_BGR888
            )
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            label = QLabel(self._inner)
            label.setPixmap(pixmap)
            label.setAccessibleName(f"Page {number} sur {len(pages)}")
            self._column.addWidget(label)
            self.page_labels.append(label)

    def show_words(self, text: str) -> None:
        """Say why there is no page."""
        self.clear()
        label = QLabel(text, self._inner)
        label.setWordWrap(True)
        label.setMinimumWidth(self.viewport().width() * 3 // 4)
        self._column.addWidget(label)
        self.page_labels.append(label)

    def clear(self) -> None:
        """Show nothing."""
        for label in self.page_labels:
            label.hide()
            label.deleteLater()
        self.page_labels.clear()


class LetterPreview(QTabWidget):
    """Three views of one letter. The page is made in the background, when its tab is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName("Aperçu de la lettre")
        self.email_view = OfflineBrowser(self)
        self.email_view.setAccessibleName("Courriel")
        self.text_view = QPlainTextEdit(self)
        self.text_view.setReadOnly(True)
        self.text_view.setTabChangesFocus(True)
        self.text_view.setAccessibleName("Texte seul")
        self.paper_view = PaperView(self)
        self.addTab(self.email_view, "Courriel")
        self.addTab(self.text_view, "Texte seul")
        self.addTab(self.paper_view, "Page à imprimer")
        self.setTabToolTip(_TEXT, "Ce que montrent les messageries qui n’affichent que du texte")
        self._work = LatestWork(self)
        self._work.ready.connect(self._show_pages)
        self._work.failed.connect(self._show_page_error)
        self._make_pdf: Callable[[], bytes] | None = None
        self._no_page = ""
        self._page_is_stale = False
        self.dark_button = QToolButton(self)
        self.dark_button.setText("Fond sombre")
        self.dark_button.setCheckable(True)
        self.dark_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dark_button.setToolTip("Montre le courriel comme une messagerie en mode sombre")
        self.dark_button.toggled.connect(lambda _on: self._colour_email())
        self.setCornerWidget(self.dark_button)
        self._colour_email()
        self.currentChanged.connect(self._tab_changed)

    def show_letter(
        self,
        subject: str,
        html: str,
        text: str,
        make_pdf: Callable[[], bytes] | None,
        no_page: str = "",
    ) -> None:
        """Show one letter. ``make_pdf`` runs in the background; ``no_page`` says why there is none."""
        self.email_view.setHtml(html)
        self.text_view.setPlainText(f"Objet\u00a0: {subject}\n\n{text}")
        self._make_pdf, self._no_page = make_pdf, no_page
        self._page_is_stale = True
        self._refresh_page()

    def show_problem(self, sentence: str) -> None:
        """No letter: say why in every view."""
        self.email_view.setPlainText(sentence)
        self.text_view.setPlainText(sentence)
        self._make_pdf, self._no_page = None, sentence
        self._page_is_stale = True
        self._refresh_page()

    def show_sentence(self, sentence: str) -> bool:
        """Select a sentence of the letter in both text views; False when it stands in neither."""
        words = sentence.strip()
        found = [_select(view, words) for view in (self.email_view, self.text_view)]
        return any(found)

    def show_paper(self) -> None:
        """Bring the printed page to the front: this person gets a letter by post."""
        self.setCurrentIndex(_PAGE)

    def show_email(self) -> None:
        """Bring the e-mail to the front."""
        self.setCurrentIndex(_EMAIL)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._work.end()
        self._page_is_stale = True
        super().hideEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._page_is_stale = True
            self._refresh_page()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_email()

    def _colour_email(self) -> None:
        """An e-mail is read on white by most people, on black by some: both can be looked at here."""
        paper, ink = _DARK if self.dark_button.isChecked() else _LIGHT
        palette = self.email_view.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(paper))
        palette.setColor(QPalette.ColorRole.Text, QColor(ink))
        self.email_view.setPalette(palette)

    def _tab_changed(self, index: int) -> None:
        self.dark_button.setVisible(index == _EMAIL)
        self._refresh_page()

    def _refresh_page(self) -> None:
        if not self._page_is_stale or self.currentIndex() != _PAGE:
            return
        self._page_is_stale = False
        if self._make_pdf is None:
            self._work.end()
            self.paper_view.show_words(self._no_page)
            return
        make, resolution = self._make_pdf, self.paper_view.dots_per_inch()
        self._work.ask(lambda: page_images(make(), resolution))

    def _show_pages(self, pages: object) -> None:
        if isinstance(pages, list):
            self.paper_view.show_pages(pages)

    def _show_page_error(self, error: object) -> None:
        if isinstance(error, UserError):
            self.paper_view.show_words(explain(error).one_line())


def _highlight(view: QTextBrowser | QPlainTextEdit) -> None:
    """Colour the selection, which a view without the focus shows hardly or not at all."""
    mark = QTextEdit.ExtraSelection()
    mark.cursor = view.textCursor()
    colours = QTextCharFormat()
    colours.setBackground(QColor("#ffe08a"))
    colours.setForeground(QColor("#1a1a1a"))
    mark.format = colours
    view.setExtraSelections([mark])


def _select(view: QTextBrowser | QPlainTextEdit, words: str) -> bool:
    """Select ``words``, or as many of their beginning as are found; from the top of the text."""
    view.setExtraSelections([])
    view.moveCursor(QTextCursor.MoveOperation.Start)
    shorter = words
    while shorter:
        # the search of Qt sees a no-break space of the text as a space
        if view.find(shorter.replace("\u00a0", " ")):
            _highlight(view)
            view.ensureCursorVisible()
            return True
        shorter = shorter.rpartition(" ")[0] if " " in shorter else ""
    return False
