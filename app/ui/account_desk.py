"""What happens around the account form: proposals, secrets, checks, files it trusts, and their answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.errors import UserError
from app.core.errors import mail as errors
from app.core.errors.mail import CertificateFault
from app.core.mail_account import AuthKind
from app.services import accounts, learned_limits, signing_in
from app.services.accounts import CheckedLayer
from app.ui.account_advice import DomainAdvice
from app.ui.account_proposals import AccountProposals
from app.ui.account_remedies import RemedyActs, remedies
from app.ui.account_secrets import TypedSecrets
from app.ui.desk import Desk
from app.ui.practice_checks import AccountChecks, provider_name
from app.ui.practice_dialogs import InstructionsDialog
from app.ui.practice_trust import AccountTrust
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording.account import LAYERS
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
        self.proposals = AccountProposals(page, self.checks)
        self.advice = DomainAdvice(page, self.checks)
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
        self.proposals.note_address(account.address if account is not None else "")

    # the check

    def check(self) -> None:
        """Try every layer of the connection; nothing is sent."""
        self._page.save()
        account = self._page.current
        if account is None or not account.is_complete:
            self._ask_for_mailbox()
            return
        self._keep_typed()
        self.checks.check(account)

    def _ask_for_mailbox(self) -> None:
        self._bar.show_message(
            Meaning.ATTENTION, "Indiquez d’abord l’adresse d’envoi et le serveur."
        )
        form = self._page.account
        (form.host if "@" in form.address.text() else form.address).setFocus()

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
        acts = RemedyActs(
            self._ask_authority,
            self._page.account.server.set_way,
            self._take_microsoft,
            self.sign_in,
            self._show_instructions,
        )
        return remedies(error, self._page.current, acts)

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
            self._ask_for_mailbox()
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

    # secrets and states

    def _keep_password(self, word: str) -> None:
        self._secrets.take_password(word)
        self._keep_typed()

    def _keep_client_secret(self, word: str) -> None:
        self._secrets.take_client_secret(word)
        self._keep_typed()

    def _keep_typed(self) -> None:
        self._page.save()
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
        is_kept = self._store_secrets()
        account, login = self._page.current, self._page.account.login
        is_oauth = account is not None and account.auth in _OAUTH
        client = signing_in.client_secret_name(account.client_id) if account is not None else ""
        login.show_secrets(
            is_kept=is_kept,
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
        account = self._page.current
        if account is None or not account.is_complete:
            self._ask_for_mailbox()
            return
        self.trust.ask_authority(account)

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
        form.address_given.connect(self.proposals.propose)
        form.provider_chosen.connect(self.proposals.take_provider)
        form.search_requested.connect(self.proposals.ask_search)
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
        page.options.advice_requested.connect(self.advice.ask)
        page.pace.forget_learned.connect(self._forget_learned)
        self.trust.changed.connect(page.take_account)
        self.trust.refused.connect(self._bar.show_error)
        self.checks.running.connect(self._show_running)
        self.checks.checked.connect(self._end_check)
        self.checks.sought.connect(self.proposals.end_search)
        self.checks.permitted.connect(self._end_sign_in)
        self.checks.advised.connect(self.advice.end)
        self.checks.failed.connect(self._show_failure)

    def _show_failure(self, error: UserError) -> None:
        self._bar.show_error(error, self._remedies(error))
