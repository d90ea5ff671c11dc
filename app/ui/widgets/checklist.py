"""« Ce que la loi demande »: the points of the checklist, what is missing first; a click shows the sentence."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from app.core.issue import Issue, Level
from app.core.letter_checks import point_of
from app.ui.theme import Meaning, meaning_icon
from app.wording import describe
from app.wording.labels import LEVEL

#: what each point of the checklist is about (domain.md §8); 19 and 20 belong to the list and the whole run
POINT: Mapping[int, str] = {
    1: "Ce qui s’est passé, et quand",
    2: "Contact\u00a0: nom, téléphone, horaires",
    3: "Conséquences possibles de chaque donnée exposée",
    4: "Mesures prises ou prévues",
    5: "Conseils pour chaque donnée exposée",
    6: "Les données concernées, ni plus ni moins",
    7: "Aucun mot resté à remplacer",
    8: "Aucune donnée d’un patient dans le texte",
    9: "Ton juste\u00a0: confirmé, probable ou non confirmé",
    10: "Signataire et responsable des données",
    11: "Longueur et clarté",
    12: "Objet neutre",
    13: "Déclaration à la CNIL et plainte",
    14: "Droits et réclamation à la CNIL",
    15: "«\u00a0Nous ne vous demanderons jamais…\u00a0», aucun lien douteux",
    16: "Suite annoncée, code de la lettre",
    17: "Proposition d’en parler",
    18: "Règles du courriel et du courrier",
}
_MEANING = {
    Level.BLOCKING: Meaning.PROBLEM,
    Level.CHECK: Meaning.ATTENTION,
    Level.INFO: Meaning.INFORMATION,
}
_GRAVITY = (Level.BLOCKING, Level.CHECK, Level.INFO)
_ISSUE, _MEANS, _POINT = (Qt.ItemDataRole.UserRole + offset for offset in range(3))


class Checklist(QListWidget):
    """One line per remark, then one per point without any.

    Signals:
        place_asked(int, object): point of the checklist and its Issue (None for a point in order).
    """

    place_asked = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Ce que la loi demande")
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        line = self.fontMetrics().height()
        self.setIconSize(QSize(line, line))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._ask)
        self.itemActivated.connect(self._ask)
        self._issues: tuple[Issue, ...] = ()

    @property
    def issues(self) -> Sequence[Issue]:
        """The remarks shown."""
        return self._issues

    def show_issues(self, issues: Sequence[Issue], waived: Sequence[int] = ()) -> None:
        """Show these remarks; every other point is in order, except ``waived`` ones, left out."""
        self._issues = tuple(sorted(issues, key=lambda issue: _GRAVITY.index(issue.level)))
        self.clear()
        for issue in self._issues:
            text = describe(issue)
            self._add(
                f"{LEVEL[issue.level]}\u00a0: {text.what}",
                _MEANING[issue.level],
                point_of(issue.code),
                issue,
            )
            item = self.item(self.count() - 1)
            item.setToolTip(
                "\n".join(part for part in (text.what, text.why, text.what_to_do) if part)
            )
        spoken_of = {point_of(issue.code) for issue in self._issues}
        for point, title in POINT.items():
            if point not in spoken_of and point not in waived:
                self._add(title, Meaning.DONE, point, None)

    def count_of(self, level: Level) -> int:
        """How many remarks of this level."""
        return sum(1 for issue in self._issues if issue.level is level)

    def _add(self, text: str, meaning: Meaning, point: int, issue: Issue | None) -> None:
        item = QListWidgetItem(meaning_icon(meaning, self.palette()), text)
        item.setData(_ISSUE, issue)
        item.setData(_MEANS, meaning)
        item.setData(_POINT, point)
        if meaning is Meaning.DONE:
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"En ordre\u00a0: {text}")
        self.addItem(item)

    def _ask(self, item: QListWidgetItem) -> None:
        self.place_asked.emit(item.data(_POINT), item.data(_ISSUE))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for row in range(self.count()):
                item = self.item(row)
                item.setIcon(meaning_icon(Meaning(item.data(_MEANS)), self.palette()))

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * 8)
