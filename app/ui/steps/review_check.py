"""« Contrôle de toutes les lettres »: the remarks of the last check, and what can be done with them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.issue import Issue, Level
from app.core.letter_warnings import kind_key
from app.services import letter_check
from app.services.letter_warnings import (
    acceptances,
    open_warnings,
    run_errors,
    text_digest,
    warnings,
)
from app.services.overview import LETTERS_BLOCKING
from app.storage.campaign_file import CampaignFile
from app.ui.widgets.flow_layout import FlowLayout
from app.ui.widgets.remark_tree import RemarkKind, RemarkTree
from app.wording.french import count, number

_LINES = 7


class ReviewCheckBox(QGroupBox):
    """The state of the check, its remarks, and a button for each thing one does with them.

    Signals:
        again: check every letter once more.
        letter_asked(object, int): show the letter of this row where it raises this Issue.
        text_asked(str): go to the words of the letter that raise this code.
        accept_asked(object): a list of LetterWarning to answer for.
    """

    again = Signal()
    letter_asked = Signal(object, int)
    text_asked = Signal(str)
    accept_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Contrôle de toutes les lettres", parent)
        self._shown: tuple[RemarkKind, ...] = ()
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.again_button = QPushButton("&Contrôler de nouveau", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement du contrôle")
        self.bar.hide()
        self.tree = RemarkTree(self)
        self.tree.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES)
        self.letter_button = QPushButton("&Voir la phrase", self)
        self.text_button = QPushButton("Corriger le te&xte", self)
        self.accept_button = QPushButton("Accepter la sélecti&on…", self)
        self.accept_all_button = QPushButton("Accepter tous les avertissements…", self)
        first = QHBoxLayout()
        first.addWidget(self.label, 1)
        first.addWidget(self.again_button)
        self._actions = QWidget(self)
        flow = FlowLayout(self._actions)
        flow.setContentsMargins(0, 0, 0, 0)
        for button in (
            self.letter_button,
            self.text_button,
            self.accept_button,
            self.accept_all_button,
        ):
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(first)
        column.addWidget(self.bar)
        column.addWidget(self.tree)
        column.addWidget(self._actions)
        self.again_button.clicked.connect(self.again)
        self.tree.letter_asked.connect(self.letter_asked)
        self.tree.itemSelectionChanged.connect(self._set_buttons)
        self.letter_button.clicked.connect(self._ask_for_letter)
        self.text_button.clicked.connect(self._ask_for_text)
        self.accept_button.clicked.connect(
            lambda: self.accept_asked.emit(self.tree.chosen_warnings())
        )
        self.accept_all_button.clicked.connect(self._ask_to_accept_all)
        self.show_kinds(())

    def show_progress(self, done: int, total: int) -> None:
        """A check is under way; ``total`` 0 while it begins."""
        self.again_button.setEnabled(False)
        self.bar.show()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.label.setText(
            f"Contrôle en cours\u00a0: {number(done)} lettres sur {number(total)}."
            if total
            else "Contrôle en cours…"
        )

    def show_result(
        self,
        campaign_file: CampaignFile,
        issues: Sequence[Issue],
        finished: letter_check.CheckFinished | None,
    ) -> None:
        """What the campaign keeps of the last check; ``issues`` are those of this session's check."""
        self.bar.hide()
        self.again_button.setEnabled(True)
        checked = campaign_file.setting(LETTERS_BLOCKING)
        if not checked:
            self.label.setText("Les lettres ne sont pas encore contrôlées.")
            self.show_kinds(())
            return
        kinds = [*_errors(campaign_file, issues, finished), *_warnings(campaign_file)]
        self.show_kinds([*kinds, *_others(issues)])
        waiting = sum(kind.warning is not None for kind in kinds)
        self.label.setText(_sentence(int(checked), waiting, finished))

    def show_kinds(self, kinds: Sequence[RemarkKind]) -> None:
        """Fill the tree; nothing to say hides it."""
        self._shown = tuple(kinds)
        self.tree.show_kinds(self._shown)
        for widget in (self.tree, self._actions):
            widget.setVisible(bool(kinds))
        self._set_buttons()

    def _set_buttons(self) -> None:
        remark = self.tree.current_remark()
        self.letter_button.setEnabled(remark is not None and remark[1] is not None)
        self.text_button.setEnabled(remark is not None)
        self.accept_button.setEnabled(bool(self.tree.chosen_warnings()))
        self.accept_all_button.setEnabled(any(k.warning is not None for k in self._shown))

    def _ask_to_accept_all(self) -> None:
        self.accept_asked.emit([kind.warning for kind in self._shown if kind.warning is not None])

    def _ask_for_letter(self) -> None:
        remark = self.tree.current_remark()
        if remark is not None and remark[1] is not None:
            self.letter_asked.emit(remark[0], remark[1])

    def _ask_for_text(self) -> None:
        remark = self.tree.current_remark()
        if remark is not None:
            self.text_asked.emit(remark[0].code)


def _sentence(blocking: int, waiting: int, finished: letter_check.CheckFinished | None) -> str:
    if blocking:
        return f"{count(blocking, 'remarque empêche', 'remarques empêchent')} l’envoi."
    how_many = "" if finished is None else f" ({count(finished.letters, 'lettre')})"
    found = f"Toutes les lettres ont été contrôlées une par une{how_many}\u00a0: rien à corriger"
    if waiting:
        return f"{found}, {count(waiting, 'avertissement')} à accepter."
    return f"{found}."


def _grouped(issues: Sequence[Issue], level: Level) -> list[tuple[Issue, list[int]]]:
    groups: dict[str, tuple[Issue, list[int]]] = {}
    for issue in issues:
        if issue.level is level:
            first = groups.setdefault(kind_key(issue.code, issue.facts), (issue, []))
            if issue.row is not None:
                first[1].append(issue.row)
    return list(groups.values())


def _errors(
    campaign_file: CampaignFile,
    issues: Sequence[Issue],
    finished: letter_check.CheckFinished | None,
) -> list[RemarkKind]:
    kinds = [RemarkKind(issue) for issue in run_errors(campaign_file)]
    counts = {} if finished is None else finished.counts
    groups = _grouped(issues, Level.BLOCKING)
    alone = [issue.code for issue, _ in groups]
    for issue, rows in groups:
        whole = counts.get((Level.BLOCKING, issue.code), 0)
        # several kinds share one code: only the rows that were told are counted
        letters = whole if alone.count(issue.code) == 1 else len(rows)
        kinds.append(RemarkKind(issue, tuple(rows), max(letters, len(rows))))
    return kinds


def _warnings(campaign_file: CampaignFile) -> list[RemarkKind]:
    kinds = []
    digest = text_digest(campaign_file)
    waiting = {warning.key: warning for warning in open_warnings(campaign_file)}
    answers = {a.key: a for a in acceptances(campaign_file) if a.text == digest}
    for warning in warnings(campaign_file):
        left = waiting.get(warning.key)
        if left is not None:
            rows = tuple(sorted(left.rows)) if left.letters else ()
            kinds.append(RemarkKind(left.issue(), rows, left.letters, left))
        answer = answers.get(warning.key)
        if answer is not None:
            rows = tuple(sorted(answer.rows & warning.rows)) if warning.letters else ()
            by = f"Par {answer.by}\u00a0: {answer.reason}"
            kinds.append(RemarkKind(warning.issue(), rows, len(rows), None, by))
    return sorted(kinds, key=lambda kind: kind.warning is None)


def _others(issues: Sequence[Issue]) -> list[RemarkKind]:
    return [
        RemarkKind(issue, tuple(rows), len(rows)) for issue, rows in _grouped(issues, Level.INFO)
    ]
