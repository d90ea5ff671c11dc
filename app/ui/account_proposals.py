"""Settings of the account found for the user: bundled facts at once, the domain itself after consent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.errors.mail import SettingsNotFound
from app.core.mail_account import MailAccount, is_whole_address
from app.services import accounts
from app.services.accounts import Proposal
from app.ui.practice_checks import AccountChecks
from app.ui.practice_dialogs import ConsentDialog
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording.account import published_by

if TYPE_CHECKING:
    from app.ui.practice import PracticePage


class AccountProposals(QObject):
    """Proposes; every field stays the user's."""

    def __init__(self, page: PracticePage, checks: AccountChecks) -> None:
        super().__init__(page)
        self._page = page
        self._bar = page.message_bar
        self._checks = checks
        self._proposed_for = ""

    def note_address(self, address: str) -> None:
        """This address was proposed for already, or came from the settings."""
        self._proposed_for = address

    def propose(self) -> None:
        """The address was typed: a known provider's settings are filled in; nothing leaves the computer."""
        address = self._page.account.address.text().strip()
        if address == self._proposed_for or not is_whole_address(address):
            return
        self._proposed_for = address
        host = self._page.account.host.text().strip()
        proposal = accounts.propose(address)
        if proposal is None:
            if not host:
                self._say_unknown(address)
        elif not host:
            self.take(proposal)
        elif host.lower() != proposal.account.host:
            found = proposal
            name = proposal.provider.name if proposal.provider is not None else host
            self._bar.show_message(
                Meaning.INFORMATION,
                f"Cette adresse est chez {name}, mais le serveur indiqué est {host}.",
                [MessageAction(f"Prendre les réglages de {name}", lambda: self.take(found))],
            )

    def take(self, proposal: Proposal) -> None:
        """Show the proposed settings; the user may change every one of them."""
        base = self._page.read_account(self._page.current) or proposal.account
        if proposal.provider is not None:
            account = accounts.at_provider(base, proposal.provider)
        else:
            found = proposal.account
            account = replace(
                base,
                host=found.host,
                port=found.port,
                security=found.security,
                user_name=found.user_name,
                imap_host=found.imap_host,
                imap_port=found.imap_port,
                imap_security=found.imap_security,
                provider="",
            )
        self._page.save(account)
        self._page.show_account(account)
        if proposal.provider is None:
            self._page.account.show_source(published_by(account.domain))
        name = proposal.provider.name if proposal.provider is not None else account.host
        self._bar.show_message(
            Meaning.INFORMATION,
            f"Réglages de {name} proposés ci-dessous. Vérifiez-les, puis la connexion.",
            [
                MessageAction(
                    f"Plutôt {other.name}",
                    lambda known=other: self.take_provider(known.id),  # type: ignore[misc]  # bound now, not after the loop
                )
                for other in proposal.others
            ],
        )

    def take_provider(self, identifier: str) -> None:
        """The user chose a bundled provider."""
        known = next(each for each in accounts.all_providers() if each.id == identifier)
        base = self._page.read_account(self._page.current) or MailAccount("", known.smtp.host, 587)
        account = accounts.at_provider(base, known)
        self._page.save(account)
        self._page.show_account(account)
        self._bar.clear()

    def ask_search(self) -> None:
        """Ask whether the domain may be asked, each time."""
        address = self._page.account.address.text().strip()
        if "@" not in address:
            self._bar.show_message(Meaning.ATTENTION, "Indiquez d’abord l’adresse d’envoi.")
            self._page.account.address.setFocus()
            return
        domain = address.rpartition("@")[2]
        questions = [f"à {url}" for url in accounts.names_asked(address)]
        questions.append(f"au service de noms (DNS)\u00a0: qui reçoit le courrier de {domain}")
        dialog = ConsentDialog(
            "Chercher les réglages sur Internet",
            "Le logiciel poserait ces questions, par connexion chiffrée pour les premières\u00a0:",
            questions,
            self._page,
        )
        dialog.accepted.connect(lambda: self._checks.seek(address))
        dialog.open()

    def _say_unknown(self, address: str) -> None:
        self._bar.show_message(
            Meaning.INFORMATION,
            f"Les réglages de {address.rpartition('@')[2]} ne sont pas connus du logiciel. Choisissez "
            "l’hébergeur dans la liste, cherchez-les, ou saisissez-les.",
            [MessageAction("Chercher les réglages…", self.ask_search)],
        )

    def end_search(self, proposal: Proposal | None) -> None:
        """Take what the domain said, or say that it said nothing."""
        if proposal is not None:
            self.take(proposal)
            return
        domain = self._page.account.address.text().strip().rpartition("@")[2]
        self._bar.show_error(SettingsNotFound(domain))
