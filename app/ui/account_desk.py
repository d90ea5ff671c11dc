"""What happens around the account form: proposals, secrets, checks, files it trusts, and their answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.errors import UserError
from app.core.errors import mail as errors
from app.core.errors.mail import CertificateFault, LoginFault
from app.core.mail_account import AuthKind, MailAccount, Security
from app.services import accounts, learned_limits, signing_in
from app.services.accounts import CheckedLayer, Proposal, SenderDomain
from app.ui.account_secrets import TypedSecrets
from app.ui.account_server import STARTTLS_PORT, TLS_PORT
from app.ui.desk import Desk
from app.ui.practice_checks import AccountChecks, provider_name
from app.ui.practice_dialogs import ConsentDialog, InstructionsDialog
from app.ui.practice_trust import AccountTrust
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording.account import LAYERS, domain_advice, domain_conclusion
from app.wording.french import typeset

if TYPE_CHECKING:
    from app.ui.practice import PracticePage

_OAUTH = (AuthKind.OAUTH_MICROSOFT, AuthKind.OAUTH_GOOGLE)
_STRANGERS = (CertificateFault.SELF_SIGNED, CertificateFault.UNKNOWN_AUTHORITY)


class AccountDesk(QObject):
    """Between the forms of the account and the services.

    Signals:
        running(bool): work that can be stopped began or ended.
    """

    running = Signal(bool)

    def __init__(self, page: PracticePage, desk: Desk) -> None:
        super().__init__(page)
        self._page = page
        self._desk = desk
        self._bar = page.message_bar
        self._secrets = TypedSecrets(desk.credentials)
        self.checks = AccountChecks(desk, page.message_bar, page)
        self.trust = AccountTrust(desk, page)
        self._proposed_for = ""
        self._connect()

    def stop(self) -> None:
        """Give up the work under way."""
        self.checks.stop()

    def leave(self) -> None:
        """The visit is over: keep what was typed, forget it here."""
        self._store_secrets()
        self._secrets.forget()

    def show_states(self) -> None:
        """Say what is kept: secrets, permission, authority, certificate, learned limits."""
        page, account = self._page, self._page.current
        page.account.layers.forget()
        self._show_secrets()
        words, is_set = self.trust.authority_words(account)
        page.account.server.show_authority(words, is_set=is_set)
        words, is_set = self.trust.certificate_words(account)
        page.options.show_certificate(words, is_set=is_set)
        now = self._desk.clock.now()
        page.pace.show_learned(
            learned_limits.learned_limits(account.key, now) if account is not None else ()
        )
        page.options.show_advice(())
        self._proposed_for = account.address if account is not None else ""

    # settings of the provider

    def propose(self) -> None:
        """The address was typed: a known provider's settings are filled in; nothing leaves the computer."""
        address = self._page.account.address.text().strip()
        if address == self._proposed_for or "@" not in address:
            return
        self._proposed_for = address
        host = self._page.account.host.text().strip()
        proposal = accounts.propose(address, self._page.account.display_name.text())
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
        name = proposal.provider.name if proposal.provider is not None else account.host
        self._bar.show_message(
            Meaning.INFORMATION,
            f"Réglages de {name} proposés ci-dessous. Vérifiez-les, puis la connexion.",
            [
                MessageAction(
                    f"Plutôt {other.name}",
                    lambda known=other: self._take_provider(known.id),  # type: ignore[misc]
                )
                for other in proposal.others
            ],
        )

    def _take_provider(self, identifier: str) -> None:
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
        name = self._page.account.display_name.text().strip()
        dialog.accepted.connect(lambda: self.checks.seek(address, name))
        dialog.open()

    def _say_unknown(self, address: str) -> None:
        self._bar.show_message(
            Meaning.INFORMATION,
            f"Les réglages de {address.rpartition('@')[2]} ne sont pas connus du logiciel. Choisissez "
            "l’hébergeur dans la liste, cherchez-les, ou saisissez-les.",
            [MessageAction("Chercher les réglages…", self.ask_search)],
        )

    def _end_search(self, proposal: Proposal | None) -> None:
        if proposal is not None:
            self.take(proposal)
            return
        domain = self._page.account.address.text().strip().rpartition("@")[2]
        self._bar.show_error(errors.SettingsNotFound(domain))

    # the check

    def check(self) -> None:
        """Try every layer of the connection; nothing is sent."""
        self._page.save()
        account = self._page.current
        if account is None or not account.is_complete:
            self._bar.show_message(
                Meaning.ATTENTION, "Indiquez d’abord l’adresse d’envoi et le serveur."
            )
            form = self._page.account
            (form.address if not form.address.text().strip() else form.host).setFocus()
            return
        self._keep_typed()
        self.checks.check(account)

    def _end_check(self, layers: list[CheckedLayer]) -> None:
        self._page.account.layers.show_layers(layers)
        failed = next((layer.error for layer in layers if layer.error is not None), None)
        if failed is not None:
            self._bar.show_error(failed, self._remedies(failed))
            return
        done = ", ".join(LAYERS[layer.name] for layer in layers)
        self._bar.show_message(
            Meaning.DONE, f"Connexion réussie\u00a0: {done}. Aucun courriel n’est parti."
        )

    def _remedies(self, error: UserError) -> list[MessageAction]:
        """Buttons for what the sentence advises."""
        form, account = self._page.account, self._page.current
        match error:
            case errors.CertificateInvalid() if error.fault in _STRANGERS:
                return [MessageAction("Ajouter l’autorité…", self._ask_authority)]
            case errors.AuthorityFileUnreadable():
                return [MessageAction("Choisir un autre fichier…", self._ask_authority)]
            case errors.TlsNotOffered():
                return [
                    MessageAction(
                        "Passer au port 465", lambda: form.server.set_way(Security.TLS, TLS_PORT)
                    )
                ]
            case errors.TlsNotSpoken():
                return [
                    MessageAction(
                        "Passer à STARTTLS, port 587",
                        lambda: form.server.set_way(Security.STARTTLS, STARTTLS_PORT),
                    )
                ]
            case errors.LoginRefused() if error.fault is LoginFault.BASIC_DISABLED:
                return [MessageAction("Passer au compte Microsoft", self._take_microsoft)]
            case errors.LoginRefused() if error.fault is LoginFault.TOKEN:
                return [MessageAction("Demander l’autorisation…", self.sign_in)]
            case errors.SignInExpired():
                return [MessageAction("Demander l’autorisation…", self.sign_in)]
            case errors.LoginRefused() if account is not None and _wants_app_password(account):
                return [MessageAction("Comment en obtenir un…", self._show_instructions)]
        return []

    def _take_microsoft(self) -> None:
        self._page.take_account(lambda account: replace(account, auth=AuthKind.OAUTH_MICROSOFT))
        self._bar.clear()
        self._page.account.login.client_id.setFocus()

    # permission in the browser

    def sign_in(self) -> None:
        """Open the provider's page."""
        self._page.save()
        account = self._page.current
        if account is None or not account.is_complete:
            self._bar.show_message(
                Meaning.ATTENTION, "Indiquez d’abord l’adresse d’envoi et le serveur."
            )
            return
        if not account.client_id:
            self._bar.show_error(
                errors.ClientIdMissing(provider_name(account).lower()),
                [MessageAction("Comment l’obtenir…", self._show_instructions)],
            )
            self._page.account.login.client_id.setFocus()
            return
        self._keep_typed()
        self.checks.sign_in(account)

    def _end_sign_in(self) -> None:
        self._show_secrets()
        account = self._page.current
        if account is not None and account.auth in _OAUTH:
            self._bar.show_message(
                Meaning.DONE,
                f"{provider_name(account)} a donné l’autorisation d’envoyer pour {account.address}.",
                [MessageAction("Vérifier la connexion", self.check)],
            )

    def _forget_permission(self) -> None:
        account = self._page.current
        if account is None:
            return
        try:
            signing_in.forget_tokens(account, self._desk.credentials)
        except UserError as error:
            self._bar.show_error(error)
        self._show_secrets()

    def _show_instructions(self) -> None:
        account = self._page.current
        known = accounts.known_provider(account) if account is not None else None
        note = typeset(known.note) if known is not None else ""
        InstructionsDialog(self._page.account.login.chosen, note, self._page).open()

    # advice on the domain

    def ask_advice(self) -> None:
        """Ask whether the name service may be asked, each time."""
        self._page.save()
        account = self._page.current
        if account is None or not account.domain:
            self._bar.show_message(Meaning.ATTENTION, "Indiquez d’abord l’adresse d’envoi.")
            return
        selector = self._page.options.selector.text().strip()
        names = [account.domain, f"_dmarc.{account.domain}"]
        if selector:
            names.append(f"{selector}._domainkey.{account.domain}")
        dialog = ConsentDialog(
            "Examiner le nom de domaine",
            "Les messageries des patients vérifient que votre domaine vous autorise à écrire. Le logiciel "
            "demanderait au service de noms (DNS)\u00a0:",
            names,
            self._page,
        )
        dialog.accepted.connect(lambda: self.checks.advise(account, selector))
        dialog.open()

    def _end_advice(self, found: SenderDomain) -> None:
        lines = [
            f"{'✓' if is_well else '⚠'} {sentence}"
            for is_well, sentence in domain_advice(
                found.domain,
                spf_records=found.spf_records,
                dmarc_policy=found.dmarc_policy,
                dkim_found=found.dkim_found,
            )
        ]
        self._page.options.show_advice([*lines, domain_conclusion(is_ready=found.is_ready)])

    # secrets and states

    def _keep_password(self, word: str) -> None:
        self._secrets.take_password(word)
        self._keep_typed()

    def _keep_client_secret(self, word: str) -> None:
        self._secrets.take_client_secret(word)
        self._keep_typed()

    def _keep_typed(self) -> None:
        self._page.save()
        if self._store_secrets():
            self._show_secrets()

    def _store_secrets(self) -> bool:
        password, client_secret = self._page.account.login.typed()
        if password:
            self._secrets.take_password(password)
        if client_secret:
            self._secrets.take_client_secret(client_secret)
        try:
            return self._secrets.store(self._page.current)
        except UserError as error:
            self._bar.show_error(error)
            return False

    def _show_secrets(self) -> None:
        account, login = self._page.current, self._page.account.login
        is_oauth = account is not None and account.auth in _OAUTH
        client = signing_in.client_secret_name(account.client_id) if account is not None else ""
        login.show_secrets(
            has_password=account is not None and self._secrets.knows(account.key),
            has_client_secret=bool(client) and self._secrets.knows(client),
            has_permission=is_oauth
            and account is not None
            and signing_in.has_permission(account, self._desk.credentials),
            has_keyring=self._desk.has_keyring,
        )

    def _change_kind(self) -> None:
        self._page.save()
        self._show_secrets()

    def _ask_authority(self) -> None:
        self._page.save()
        self.trust.ask_authority(self._page.current)

    def _remove_authority(self) -> None:
        if (account := self._page.current) is not None:
            self.trust.remove_authority(account)

    def _ask_certificate(self) -> None:
        self._page.save()
        account = self._page.current
        if account is None or "@" not in account.address:
            self._bar.show_message(Meaning.ATTENTION, "Indiquez d’abord l’adresse d’envoi.")
            return
        self.trust.ask_certificate(account)

    def _remove_certificate(self) -> None:
        if (account := self._page.current) is not None:
            self.trust.remove_certificate(account)

    def _forget_learned(self) -> None:
        if (account := self._page.current) is not None:
            learned_limits.forget_limits(account.key)
            self._page.pace.show_learned(())

    def _show_running(self, is_running: bool) -> None:  # noqa: FBT001 - slot
        form = self._page.account
        for button in (
            form.check_button,
            form.search_button,
            form.login.sign_in_button,
            self._page.options.advice_button,
        ):
            button.setEnabled(not is_running)
        self.running.emit(is_running)

    def _connect(self) -> None:
        page, form, login, server = (
            self._page,
            self._page.account,
            self._page.account.login,
            self._page.account.server,
        )
        form.address_given.connect(self.propose)
        form.provider_chosen.connect(self._take_provider)
        form.search_requested.connect(self.ask_search)
        form.check_requested.connect(self.check)
        form.edited.connect(form.layers.forget)
        login.password_typed.connect(self._keep_password)
        login.client_secret_typed.connect(self._keep_client_secret)
        login.kind_chosen.connect(self._change_kind)
        login.sign_in_requested.connect(self.sign_in)
        login.forget_requested.connect(self._forget_permission)
        login.instructions_requested.connect(self._show_instructions)
        server.authority_requested.connect(self._ask_authority)
        server.authority_removed.connect(self._remove_authority)
        page.options.certificate_requested.connect(self._ask_certificate)
        page.options.certificate_removed.connect(self._remove_certificate)
        page.options.advice_requested.connect(self.ask_advice)
        page.pace.forget_learned.connect(self._forget_learned)
        self.trust.changed.connect(page.take_account)
        self.trust.refused.connect(self._bar.show_error)
        self.checks.running.connect(self._show_running)
        self.checks.checked.connect(self._end_check)
        self.checks.sought.connect(self._end_search)
        self.checks.permitted.connect(self._end_sign_in)
        self.checks.advised.connect(self._end_advice)
        self.checks.failed.connect(self._show_failure)

    def _show_failure(self, error: UserError) -> None:
        self._bar.show_error(error, self._remedies(error))


def _wants_app_password(account: MailAccount) -> bool:
    known = accounts.known_provider(account)
    return known is not None and known.wants_app_password
