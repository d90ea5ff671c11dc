"""What the file itself makes doubtful, and what was repaired: read once, then settled."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.storage.issues import StoredIssue
from app.ui.dialogs.question import QuestionDialog
from app.ui.models.recipients import MEANING_OF
from app.ui.theme import meaning_icon
from app.wording import describe
from app.wording.labels import LEVEL


class FileRemarksDialog(QuestionDialog):
    """Remarks about the whole list; ``accepted`` means « J’ai lu »."""

    def __init__(self, remarks: Sequence[StoredIssue], parent: QWidget | None = None) -> None:
        super().__init__("Remarques sur le fichier", "", parent)
        size = self.fontMetrics().height() * 5 // 4
        for stored in remarks:
            told = describe(stored.issue)
            line = QWidget(self)
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            sign = QLabel(line)
            sign.setPixmap(
                meaning_icon(MEANING_OF[stored.issue.level], self.palette()).pixmap(size, size)
            )
            sign.setAccessibleName(LEVEL[stored.issue.level])
            words = QLabel(told.one_line(), line)
            words.setWordWrap(True)
            row.addWidget(sign)
            row.addWidget(words, 1)
            self.body.addWidget(line)
        self.body.addStretch()
        self.make_scrollable()
        self.resize(self.fontMetrics().averageCharWidth() * 90, self.fontMetrics().height() * 26)
        self.add_accept("J’ai lu ces remarques")
        self.add_reject("Revenir à la liste")
