"""« Pour un prestataire de courrier »: which files to write beside the PDF, and the archive's password."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.core.errors import UserError
from app.core.tariff import Postage, TariffTable
from app.services.mailing_house import LEAST_PASSWORD
from app.services.print_records import PrintedFile
from app.services.tariffs import since_words
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.date_edit import DateEdit
from app.ui.widgets.forms import labelled
from app.ui.widgets.message_bar import copy_text
from app.wording import explain
from app.wording.french import count, decimal, euros, typeset


@dataclass(frozen=True, slots=True)
class PackChoice:
    """What was chosen; the folder is asked for next."""

    maileva: bool
    manifest_csv: bool
    manifest_xlsx: bool
    slip: bool
    password: str | None
    tariff_id: str
    deposit_on: date | None


class MailingHouseDialog(QuestionDialog):
    """Boxes to tick, a password shown once, and what the stamps would cost.

    Args:
        tariffs: the table in force, read again after an edit; raises TariffTableInvalid.
        estimate: weight and stamps of the files by a tariff.
        propose: a fresh password.

    Signals:
        asked(PackChoice): write these files.
        tariffs_asked: show the table of tariffs.
    """

    asked = Signal(object)
    tariffs_asked = Signal()

    def __init__(
        self,
        files: Sequence[PrintedFile],
        today: date,
        tariffs: Callable[[], TariffTable],
        estimate: Callable[[str], Postage],
        propose: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        letters = sum(len(printed.ids) for printed in files)
        super().__init__(
            "Pour un prestataire de courrier",
            f"{count(len(files), 'PDF', 'PDF')}, {count(letters, 'lettre')}. Avant d’envoyer quoi que ce soit, le "
            "prestataire doit avoir signé un contrat de sous-traitance (article 28 du RGPD).",
            parent,
        )
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 76)
        self._tariffs, self._estimate = tariffs, estimate
        self.maileva_box = QCheckBox("&Adresses et pages, au format Maileva (.csv)", self)
        self.maileva_box.setChecked(True)
        self.csv_box = QCheckBox("&Liste des lettres sans aucun nom (.csv)", self)
        self.xlsx_box = QCheckBox("La même liste pour &Excel (.xlsx)", self)
        self.slip_box = QCheckBox("&Bordereau de dépôt à faire signer (PDF)", self)
        self.slip_box.setChecked(True)
        self.archive_box = QCheckBox("Tout dans une archive &ZIP chiffrée (AES-256)", self)
        for box in (
            self.maileva_box, self.csv_box, self.xlsx_box, self.slip_box, self.archive_box
        ):  # fmt: skip
            self.body.addWidget(box)
        self._add_password(propose())
        self._add_stamps(today)
        self.fault_label = QLabel(self)
        self.fault_label.setWordWrap(True)
        self.fault_label.hide()
        self.body.addWidget(self.fault_label)
        self.body.addStretch(1)
        self.write_button = self.add_other("Choisir le &dossier…")
        self.write_button.setDefault(True)
        self.write_button.clicked.connect(self._ask)
        self.add_reject("Renoncer")
        self.archive_box.toggled.connect(lambda _on: self._adapt())
        self.slip_box.toggled.connect(lambda _on: self._adapt())
        self.make_scrollable()
        self.read_tariffs()
        self._adapt()
        self.show_whole()

    def _add_password(self, proposed: str) -> None:
        self._password_place = QWidget(self)
        row = QHBoxLayout(self._password_place)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel("&Mot de passe", self._password_place)
        self.password_edit = QLineEdit(proposed, self._password_place)
        self.password_edit.setAccessibleName("Mot de passe de l’archive")
        self.password_edit.setMaxLength(128)
        label.setBuddy(self.password_edit)
        self.copy_button = QPushButton("&Copier", self._password_place)
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(lambda: copy_text(self.password_edit.text()))
        row.addWidget(label)
        row.addWidget(self.password_edit, 1)
        row.addWidget(self.copy_button)
        self.password_words = QLabel(
            "Gardez celui-ci ou écrivez le vôtre. Notez-le maintenant\u00a0: il ne sera plus jamais montré, "
            "et sans lui l’archive ne s’ouvre pas. Donnez-le par téléphone, jamais par courriel.",
            self,
        )
        self.password_words.setWordWrap(True)
        self.body.addWidget(self._password_place)
        self.body.addWidget(self.password_words)

    def _add_stamps(self, today: date) -> None:
        self.tariff_box = QComboBox(self)
        self.day_edit = DateEdit(self)
        self.day_edit.show_day(today)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        labelled(form, "&Tarif", self.tariff_box)
        labelled(form, "Dé&pôt le", self.day_edit, self.day_edit.field)
        self.body.addLayout(form)
        self.stamps_label = QLabel(self)
        self.stamps_label.setWordWrap(True)
        self.body.addWidget(self.stamps_label)
        self.tariffs_button = QPushButton("Vérifier les ta&rifs…", self)
        self.tariffs_button.setAutoDefault(False)
        self.tariffs_button.clicked.connect(self.tariffs_asked)
        row = QHBoxLayout()
        row.addWidget(self.tariffs_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.tariff_box.currentIndexChanged.connect(lambda _place: self._show_stamps())

    def read_tariffs(self) -> None:
        """Show the tariffs in force; called again once they were edited."""
        chosen = self.tariff_box.currentData()
        try:
            table = self._tariffs()
        except UserError as error:
            self.stamps_label.setText(explain(error).one_line())
            return
        self._since = since_words(table)
        self.tariff_box.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.tariff_box.clear()
        for tariff in table.tariffs:
            self.tariff_box.addItem(tariff.name, tariff.id)
        self.tariff_box.setCurrentIndex(max(self.tariff_box.findData(chosen), 0))
        self.tariff_box.blockSignals(False)  # noqa: FBT003 - Qt's own
        self._show_stamps()

    def _show_stamps(self) -> None:
        cost = self._estimate(self.tariff_box.currentData())
        words = (
            f"{count(cost.letters, 'lettre')}, {count(cost.sheets, 'feuille')}, "
            f"environ {decimal(cost.grams / 1000)} kg, environ {euros(cost.cents)} de timbres "
            f"(tarifs du {self._since})."
        )
        if cost.unpriced:
            words += (
                f" Sans {count(cost.unpriced, 'lettre')} plus lourdes que les poids connus : "
                "complétez les tarifs."
            )
        self.stamps_label.setText(typeset(words))

    def _adapt(self) -> None:
        for widget in (self._password_place, self.password_words):
            widget.setVisible(self.archive_box.isChecked())
        if self.isVisible() and self.archive_box.isChecked():
            self.show_whole()
        self.day_edit.setEnabled(self.slip_box.isChecked())

    @property
    def choice(self) -> PackChoice:
        """What is on the screen."""
        return PackChoice(
            self.maileva_box.isChecked(),
            self.csv_box.isChecked(),
            self.xlsx_box.isChecked(),
            self.slip_box.isChecked(),
            self.password_edit.text() if self.archive_box.isChecked() else None,
            self.tariff_box.currentData() or "",
            self.day_edit.day,
        )

    def _ask(self) -> None:
        choice = self.choice
        boxes = (choice.maileva, choice.manifest_csv, choice.manifest_xlsx, choice.slip)
        fault = ""
        if not any(boxes) and choice.password is None:
            fault = "Cochez au moins un fichier à écrire."
        elif choice.password is not None and len(choice.password) < LEAST_PASSWORD:
            fault = f"Ce mot de passe est trop court\u00a0: il faut au moins {LEAST_PASSWORD} caractères."
        elif choice.slip and choice.deposit_on is None:
            fault = "Écrivez le jour du dépôt ainsi\u00a0: 12/01/2026."
        self.fault_label.setText(fault)
        self.fault_label.setVisible(bool(fault))
        if not fault:
            self.accept()
            self.asked.emit(choice)
