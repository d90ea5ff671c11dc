"""Questions of « Mon cabinet »: consent before the network, an authority before it is trusted, a password."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.core.mail_account import AuthKind
from app.services.private_authority import AuthorityFile
from app.ui.dialogs.question import QuestionDialog
from app.ui.widgets.password_edit import PasswordEdit
from app.wording.french import date_long


class ConsentDialog(QuestionDialog):
    """Says what would be asked, and of whom; asked anew each time."""

    def __init__(
        self, title: str, why: str, questions: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(title, why, parent)
        for question in questions:
            label = QLabel(f"•\u00a0{question}", self)
            label.setWordWrap(True)
            self.body.addWidget(label)
        kept = QLabel(
            "Seul le nom du domaine est transmis\u00a0: ni l’adresse, ni le mot de passe, ni rien des "
            "patients.",
            self,
        )
        kept.setWordWrap(True)
        self.body.addWidget(kept)
        self.accept_button = self.add_accept("&Poser ces questions", default=False)
        self.add_reject("&Ne rien demander", default=True)


class AuthorityDialog(QuestionDialog):
    """Describes the authorities of a file before they are trusted for the account."""

    def __init__(self, found: AuthorityFile, host: str, parent: QWidget | None = None) -> None:
        super().__init__(
            "Faire confiance à cette autorité",
            "Elle pourra garantir les serveurs de ce compte"
            f"{f' ({host})' if host else ''}, et eux seulement. La connexion reste vérifiée\u00a0: le nom "
            "du serveur et la date du certificat aussi.",
            parent,
        )
        for authority in found.authorities:
            lines = [
                f"Nom\u00a0: {authority.name}",
                f"Organisation\u00a0: {authority.organisation or 'non indiquée'}",
                "Garantie par elle-même (autorité racine)"
                if authority.is_root
                else f"Garantie par\u00a0: {authority.issuer}",
                f"Valable du {date_long(authority.valid_from.date())} au "
                f"{date_long(authority.valid_until.date())}",
                "Empreinte SHA-256\u00a0:",
                *_halves(authority.fingerprint),
            ]
            label = QLabel("\n".join(lines), self)
            label.setWordWrap(True)
            self.body.addWidget(label)
        advice = (
            "Lisez cette empreinte au téléphone avec votre service informatique avant d’accepter."
        )
        if not found.has_root:
            advice += (
                " Ce fichier n’a pas d’autorité racine\u00a0: la vérification peut encore échouer."
            )
        words = QLabel(advice, self)
        words.setWordWrap(True)
        self.body.addWidget(words)
        self.make_scrollable()
        self.accept_button = self.add_accept("&Ajouter cette autorité", default=False)
        self.add_reject("&Ne pas l’ajouter", default=True)


class AskCertificatePassword(QuestionDialog):
    """The password of a P12 file; used once, kept nowhere.

    Signals:
        password_given(str): as typed.
    """

    password_given = Signal(str)

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            "Certificat de signature",
            f"«\u00a0{file.name}\u00a0» est protégé par un mot de passe, donné avec le fichier. Il sert "
            "une fois, pour l’ouvrir.",
            parent,
        )
        label = QLabel("&Mot de passe du fichier", self)
        self.password = PasswordEdit(self)
        label.setBuddy(self.password)
        self.body.addWidget(label)
        self.body.addWidget(self.password)
        self.accept_button = self.add_accept("&Ouvrir le certificat")
        self.add_reject("&Renoncer")
        self.password.setFocus()
        self.accepted.connect(lambda: self.password_given.emit(self.password.text()))


_MICROSOFT = (
    "Ces réglages sont ceux de l’administrateur de votre messagerie Microsoft. Ils se font une fois.",
    "1. Dans le centre d’administration Entra, il crée une inscription d’application\u00a0: plateforme "
    "«\u00a0Applications mobiles et de bureau\u00a0», URI de redirection «\u00a0http://localhost\u00a0», "
    "flux de client public autorisés. Aucun secret n’est nécessaire.",
    "2. Il donne les autorisations déléguées SMTP.Send, IMAP.AccessAsUser.All et offline_access, avec son "
    "consentement pour votre boîte.",
    "3. Il vérifie que l’envoi authentifié (SMTP AUTH) est permis pour votre boîte.",
    "4. Il vous donne l’identifiant d’application et l’identifiant de l’annuaire\u00a0: recopiez-les ici, "
    "puis demandez l’autorisation.",
    "Sans administrateur, prenez la boîte d’un autre hébergeur, ou envoyez les lettres par courrier.",
)
_GOOGLE = (
    "Ces réglages sont ceux de l’administrateur Google Workspace. Sans eux, choisissez «\u00a0un mot de "
    "passe\u00a0» et un mot de passe d’application.",
    "1. Il crée un client OAuth «\u00a0application de bureau\u00a0», à usage interne de votre organisation.",
    "2. Il autorise le périmètre «\u00a0https://mail.google.com/\u00a0».",
    "3. Il vous donne l’identifiant du client et son secret\u00a0: recopiez-les ici, puis demandez "
    "l’autorisation. Le secret va dans le trousseau de cet ordinateur.",
)


class InstructionsDialog(QuestionDialog):
    """How to obtain an application identifier, or an application password."""

    def __init__(self, kind: AuthKind, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__("Comment l’obtenir", "", parent)
        paragraphs = {AuthKind.OAUTH_MICROSOFT: _MICROSOFT, AuthKind.OAUTH_GOOGLE: _GOOGLE}.get(
            kind,
            (
                "Un «\u00a0mot de passe d’application\u00a0» est un mot de passe de plus, fait pour un seul "
                "logiciel. Votre messagerie le crée pour vous, dans ses réglages de sécurité.",
                *((note,) if note else ()),
                "Recopiez-le ici sans les espaces. Il se retire au même endroit, sans changer votre mot "
                "de passe habituel.",
            ),
        )
        for paragraph in paragraphs:
            label = QLabel(paragraph, self)
            label.setWordWrap(True)
            self.body.addWidget(label)
        self.make_scrollable()
        self.add_reject("&Fermer", default=True)


def _halves(fingerprint: str) -> tuple[str, str]:
    middle = len(fingerprint) // 2 + 1
    return fingerprint[:middle].rstrip(":"), fingerprint[middle:]
