"""Logo and signature image: chosen from a file, straightened and reduced when needed, shown on white."""

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader, QImageWriter, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.core.errors import BugError
from app.core.errors.paper import ImageTooHeavy, UnreadableImage
from app.ui.widgets.flow_layout import flow
from app.wording.french import number, size_bytes

FILTER = "Images (*.png *.jpg *.jpeg *.svg)"
#: a photo from a telephone passes and is reduced; what is kept stays small, since it goes into every letter
LARGEST_FILE = 20_000_000
LARGEST_SVG = 500_000
_LARGEST_KEPT = 400_000
_LONGEST_SIDE = 1_600  # 68 mm of paper at 600 dots per inch
_JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """Bytes ready for the letterhead, and what was done to them (French, may be empty)."""

    content: bytes
    note: str


def prepared(content: bytes, role: str) -> PreparedPicture:
    """The picture of a file as the letterhead keeps it: SVG as it is, PNG and JPEG upright and not too large.

    Raises:
        ImageTooHeavy: beyond what a letterhead needs.
        UnreadableImage: neither PNG, JPEG nor SVG, or damaged.
    """
    if len(content) > LARGEST_FILE:
        raise ImageTooHeavy(role, len(content), LARGEST_FILE)
    if b"<svg" in content[:4000]:
        if len(content) > LARGEST_SVG:
            raise ImageTooHeavy(role, len(content), LARGEST_SVG)
        return PreparedPicture(content, "")
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    if bytes(reader.format().data()) not in (b"png", b"jpeg") or not reader.size().isValid():
        raise UnreadableImage(role)
    size = reader.size()
    is_upright = reader.transformation() == QImageIOHandler.Transformation.TransformationNone
    is_small = max(size.width(), size.height()) <= _LONGEST_SIDE and len(content) <= _LARGEST_KEPT
    if not is_small:
        kept = size.scaled(_LONGEST_SIDE, _LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        if kept.width() < size.width():
            reader.setScaledSize(kept)
    image = reader.read()
    if image.isNull():
        raise UnreadableImage(role)
    if is_small and is_upright:
        return PreparedPicture(content, "")
    smaller = _encoded(image)
    note = (
        f"Image réduite à {number(image.width())}\u00a0×\u00a0{number(image.height())} points, "
        f"{size_bytes(len(smaller))}."
        if not is_small
        else ""
    )
    return PreparedPicture(smaller, note)


def _encoded(image: QImage) -> bytes:
    has_alpha = image.hasAlphaChannel()
    wanted = QImage.Format.Format_ARGB32 if has_alpha else QImage.Format.Format_RGB32
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png" if has_alpha else b"jpeg"))
    if not has_alpha:
        writer.setQuality(_JPEG_QUALITY)
    if not writer.write(image.convertToFormat(wanted)):
        raise BugError("a picture that was read could not be written")
    return bytes(data.data())


def picture(content: bytes, height: int, ratio: float) -> QPixmap:
    """``content`` drawn on white, ``height`` high; the files were judged before."""
    room = QSize(int(height * 4 * ratio), int(height * ratio))
    if b"<svg" in content[:4000]:
        renderer = QSvgRenderer(QByteArray(content))
        size = renderer.defaultSize()
        drawn = _white(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        painter = QPainter(drawn)
        renderer.render(painter, QRectF(drawn.rect()))
    else:
        image = QImage.fromData(content)
        drawn = _white(image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(drawn.rect()), image)
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def _white(size: QSize) -> QPixmap:
    drawn = QPixmap(size.expandedTo(QSize(1, 1)))
    drawn.fill(Qt.GlobalColor.white)
    return drawn


class PictureField(QWidget):
    """A thumbnail and its two buttons.

    Signals:
        choose_requested, remove_requested: the buttons.
    """

    choose_requested = Signal()
    remove_requested = Signal()

    def __init__(self, choose: str, remove: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = b""
        self._name = name
        self.thumbnail = QLabel(self)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.choose_button, self.remove_button = (
            QPushButton(choose, self),
            QPushButton(remove, self),
        )
        for button in (self.choose_button, self.remove_button):
            button.setAutoDefault(False)
        buttons = QWidget(self)
        buttons.setLayout(flow(self.choose_button, self.remove_button))
        words = QVBoxLayout()
        words.addWidget(buttons)
        words.addWidget(self.note)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.thumbnail)
        layout.addLayout(words, 1)
        self.choose_button.clicked.connect(self.choose_requested)
        self.remove_button.clicked.connect(self.remove_requested)
        self.show_picture(b"")

    def show_picture(self, content: bytes, note: str = "") -> None:
        """Show ``content``, or that there is none."""
        self.content = content
        height = self.fontMetrics().lineSpacing() * 3
        self.thumbnail.setVisible(bool(content))
        if content:
            self.thumbnail.setPixmap(picture(content, height, self.devicePixelRatioF()))
            self.thumbnail.setAccessibleName(f"{self._name} choisi, {size_bytes(len(content))}")
        self.remove_button.setVisible(bool(content))
        self.note.setText(note or ("" if content else "PNG, JPEG ou SVG."))
        self.note.setVisible(bool(self.note.text()))
