"""How fast letters leave: the provider's limits, the hours, the number of connections."""

from dataclasses import replace
from datetime import time

from PySide6.QtCore import QSignalBlocker, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QPushButton,
    QSpinBox,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from app.core.mail_account import CAUTIOUS_LIMITS, MailAccount
from app.core.pacing import DAY, HOUR, MINUTE, RateWindow, WorkingHours
from app.services import accounts
from app.ui.widgets.flow_layout import flow
from app.ui.widgets.forms import boxed, labelled, small_form
from app.wording.account import learned, limits_source

_MOST = 100_000
_MOST_LANES = 4
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class PaceForm(QWidget):
    """Shows the pace of one account and reads it back.

    Signals:
        edited: the user changed something.
        forget_learned: limits told by the server shall no longer count.
    """

    edited = Signal()
    forget_learned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.per_minute, self.per_hour, self.per_day = (QSpinBox(self) for _ in range(3))
        for box in (self.per_minute, self.per_hour, self.per_day):
            box.setRange(0, _MOST)  # 0: this length is not limited
            box.setSpecialValueText("pas de limite")
            box.setGroupSeparatorShown(True)
        self.limits_label, self.learned_label = QLabel(self), QLabel(self)
        for label in (self.limits_label, self.learned_label):
            label.setWordWrap(True)
        self.forget_button = QPushButton("Oublier cette limite", self)
        self.forget_button.setAutoDefault(False)
        self.lanes = QSpinBox(self)
        self.lanes.setRange(1, _MOST_LANES)
        self.only_some_hours = QCheckBox("N’en&voyer qu’à certaines heures", self)
        self.start, self.end = QTimeEdit(self), QTimeEdit(self)
        for edit, name in ((self.start, "À partir de"), (self.end, "Jusqu’à")):
            edit.setDisplayFormat("HH:mm")
            edit.setAccessibleName(name)
        self.days = tuple(QCheckBox(name, self) for name in _DAYS)
        self.days_label = QLabel("Au moins un jour reste coché.", self)
        self._lay_out()
        self._connect()
        self.show_account(None)

    def show_account(self, account: MailAccount | None) -> None:
        """Fill every field, without a signal."""
        blocker = QSignalBlocker(self)
        limits = account.limits if account is not None else CAUTIOUS_LIMITS
        by_length = {window.seconds: window.limit for window in limits}
        for box, seconds in self._boxes():
            box.setValue(by_length.get(seconds, 0))
        self.lanes.setValue(account.lanes if account is not None else 1)
        hours = account.working_hours if account is not None else None
        self.only_some_hours.setChecked(hours is not None)
        shown = hours or WorkingHours()
        self.end.setMinimumTime(QTime(0, 1))
        self.start.setTime(QTime(shown.start.hour, shown.start.minute))
        self.end.setTime(QTime(shown.end.hour, shown.end.minute))
        for number, day in enumerate(self.days):
            day.setChecked(number in shown.weekdays)
        self._follow()
        known = accounts.known_provider(account) if account is not None and account.host else None
        source = (known.limits_source, known.limits_checked) if known is not None else ("", None)
        self.limits_label.setText(limits_source(*source))
        blocker.unblock()

    def show_learned(self, windows: tuple[RateWindow, ...]) -> None:
        """What the server taught us."""
        self.learned_label.setText(learned(windows) if windows else "")
        self.learned_label.setVisible(bool(windows))
        self.forget_button.setVisible(bool(windows))

    def read(self, base: MailAccount) -> MailAccount:
        """``base`` at the pace of the form; windows of other lengths stay."""
        lengths = {seconds for _, seconds in self._boxes()}
        limits = [RateWindow(box.value(), s) for box, s in self._boxes() if box.value()]
        limits += [window for window in base.limits if window.seconds not in lengths]
        return replace(
            base,
            limits=tuple(sorted(limits, key=lambda window: window.seconds)),
            lanes=self.lanes.value(),
            working_hours=self._hours() if self.only_some_hours.isChecked() else None,
        )

    def _boxes(self) -> tuple[tuple[QSpinBox, int], ...]:
        return (self.per_minute, MINUTE), (self.per_hour, HOUR), (self.per_day, DAY)

    def _hours(self) -> WorkingHours:
        start, end = self.start.time(), self.end.time()
        return WorkingHours(
            time(start.hour(), start.minute()),
            time(end.hour(), end.minute()),
            frozenset(number for number, box in enumerate(self.days) if box.isChecked()),
        )

    def _lay_out(self) -> None:
        limits = QWidget(self)
        form = small_form(limits)
        labelled(form, "Lettres par &minute, au plus", self.per_minute)
        labelled(form, "Lettres par &heure, au plus", self.per_hour)
        labelled(form, "Lettres par 24 he&ures, au plus", self.per_day)
        form.addRow(self.limits_label)
        form.addRow(self.learned_label)
        forget = QWidget(limits)
        forget.setLayout(flow(self.forget_button))
        form.addRow(forget)
        labelled(form, "&Connexions à la fois", self.lanes)
        lanes_note = QLabel("Une seule suffit, sauf par le relais d’un établissement.", limits)
        lanes_note.setWordWrap(True)
        form.addRow(lanes_note)
        hours = QWidget(self)
        column = QVBoxLayout(hours)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.only_some_hours)
        line = QWidget(hours)
        line.setLayout(flow(QLabel("De", line), self.start, QLabel("à", line), self.end))
        days = QWidget(hours)
        days.setLayout(flow(*self.days))
        for part in (line, days, self.days_label):
            column.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(boxed("Limites de votre hébergeur", limits))
        layout.addWidget(boxed("Heures d’envoi", hours))
        layout.addStretch()

    def _connect(self) -> None:
        for box in (self.per_minute, self.per_hour, self.per_day, self.lanes):
            box.valueChanged.connect(self.edited)
        for edit in (self.start, self.end):
            edit.timeChanged.connect(self._take_hours)
        for day in self.days:
            day.clicked.connect(self._take_hours)
        self.only_some_hours.clicked.connect(self._take_hours)
        self.forget_button.clicked.connect(self.forget_learned)

    def _take_hours(self) -> None:
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        """The end stays after the start, and the last day ticked cannot be unticked: no bad hours exist."""
        self.end.setMinimumTime(self.start.time().addSecs(MINUTE))
        self.start.setMaximumTime(QTime(23, 58))
        limited = self.only_some_hours.isChecked()
        for edit in (self.start, self.end):
            edit.setEnabled(limited)
        ticked = [day for day in self.days if day.isChecked()]
        for day in self.days:
            day.setEnabled(limited and ticked != [day])
        self.days_label.setVisible(limited and len(ticked) == 1)
