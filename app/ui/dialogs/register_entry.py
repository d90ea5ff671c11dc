"""The register entry of one campaign, in the CNIL's words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.core.register import RegisterEntry
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.register_form import RegisterForm


class RegisterEntryDialog(QuestionDialog):
    """What the incident's page does not ask.

    Signals:
        confirmed(RegisterEntry): keep it.
    """

    confirmed = Signal(object)

    def __init__(
        self, name: str, entry: RegisterEntry, *, has_list: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Inscription au registre des violations",
            f"«\u00a0{name}\u00a0». Le RGPD (article 33(5)) demande de garder une trace de chaque violation. Les "
            "dates, les données concernées, les mesures et la CNIL viennent de la page «\u00a0L’incident\u00a0».",
            parent,
        )
        self.form = RegisterForm(entry, has_list=has_list, parent=self)
        self.fault_label = QLabel("Cochez au moins une nature.", self)
        self.fault_label.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.fault_label)
        self.make_scrollable()
        self.add_accept("Enregistrer")
        self.add_reject("Renoncer")
        self.form.natures.first.setFocus()
        self.resize(self.fontMetrics().averageCharWidth() * 95, self.fontMetrics().height() * 36)

    @override
    def accept(self) -> None:
        entry = self.form.entry()
        if not entry.natures:
            self.fault_label.show()
            self.form.natures.first.setFocus()
            return
        self.confirmed.emit(entry)
        super().accept()
