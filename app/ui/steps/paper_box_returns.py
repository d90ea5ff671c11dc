"""Returned envelopes, from « Envoi » and from « Dossier »: noted, taken back, then decided about."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.core.recipient import PostalAddress
from app.services import returned_mail
from app.services.returned_mail import ReturnReason
from app.ui.dialogs.returned_decisions import ReturnedDecisionsDialog
from app.ui.dialogs.returned_mail import Outcome, ReturnedMailDialog
from app.ui.steps.sending_gate import SendingGate
from app.wording import explain


class PaperReturns(QObject):
    """Opens the two windows of returned envelopes and writes what is said there at once.

    Signals:
        noted: letters changed state; emitted when a window closes.
    """

    noted = Signal()

    def __init__(self, page: SendingGate) -> None:
        super().__init__(page)
        self._page = page
        self._decisions: ReturnedDecisionsDialog | None = None

    def open(self, parent: QWidget) -> None:
        """Note envelopes by their code."""
        if self._page.is_busy():
            return
        dialog = ReturnedMailDialog(self.note, self.undo, parent)
        dialog.decide_asked.connect(lambda: self.decide(parent))
        dialog.finished.connect(lambda _code: self.noted.emit())
        dialog.open()

    def decide(self, parent: QWidget) -> None:
        """Decide about those that wait."""
        if self._page.is_busy():
            return
        file = self._page.campaign_file
        dialog = ReturnedDecisionsDialog(lambda: returned_mail.waiting_returns(file), parent)
        dialog.write_asked.connect(self.write_again)
        dialog.hand_over_asked.connect(self.hand_over)
        dialog.give_up_asked.connect(self.give_up)
        dialog.finished.connect(self._end_decisions)
        self._decisions = dialog
        dialog.open()

    def note(self, typed: str, reason: ReturnReason) -> Outcome:
        """POSTED → RETURNED for the letter of this code; the sentence to show and its key."""
        try:
            found = returned_mail.note_returned(
                self._page.campaign_file, typed, reason, self._page.desk.clock.now()
            )
        except UserError as error:
            return explain(error).one_line(), 0
        words = f"{found.delivery.code}\u00a0: {found.recipient.display_name}, pli retourné."
        return words, found.delivery.id

    def undo(self, delivery_id: int) -> str:
        """Take a return back; why not, or nothing."""
        try:
            returned_mail.undo_return(
                self._page.campaign_file, delivery_id, self._page.desk.clock.now()
            )
        except UserError as error:
            return explain(error).one_line()
        return ""

    def write_again(self, delivery_id: int, address: PostalAddress) -> None:
        """A new letter to a new address, printed with the next ones."""
        file, now = self._page.campaign_file, self._page.desk.clock.now()
        try:
            letter = returned_mail.write_again(file, delivery_id, address, now)
        except UserError as error:
            self._tell(explain(error).one_line(), done=False)
            return
        name = file.recipient(letter.recipient_id).display_name
        self._tell(f"{name}\u00a0: une nouvelle lettre est à imprimer.", done=True)

    def hand_over(self, delivery_id: int) -> None:
        """The letter will be given by hand."""
        file = self._page.campaign_file
        letter = returned_mail.hand_over(file, delivery_id, self._page.desk.clock.now())
        name = file.recipient(letter.recipient_id).display_name
        self._tell(f"{name}\u00a0: lettre à remettre en main propre.", done=True)

    def give_up(self, delivery_id: int) -> None:
        """No other way: the person stays in the balance, without letter."""
        file = self._page.campaign_file
        letter = returned_mail.give_up(file, delivery_id, self._page.desk.clock.now())
        name = file.recipient(letter.recipient_id).display_name
        self._tell(f"{name}\u00a0: compté parmi les personnes non jointes.", done=True)

    def _tell(self, words: str, *, done: bool) -> None:
        if self._decisions is not None:
            self._decisions.show_outcome(words, done=done)

    def _end_decisions(self) -> None:
        self._decisions = None
        self.noted.emit()
