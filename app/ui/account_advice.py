"""Advice on the sender's domain: SPF, DKIM, DMARC, looked up after consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services.accounts import SenderDomain
from app.ui.practice_checks import AccountChecks
from app.ui.practice_dialogs import ConsentDialog
from app.ui.theme import Meaning
from app.wording.account import domain_advice, domain_conclusion

if TYPE_CHECKING:
    from app.ui.practice import PracticePage


class DomainAdvice(QObject):
    """Asks, looks up, tells. Nothing is refused because of it."""

    def __init__(self, page: PracticePage, checks: AccountChecks) -> None:
        super().__init__(page)
        self._page = page
        self._bar = page.message_bar
        self._checks = checks

    def ask(self) -> None:
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
        dialog.accepted.connect(lambda: self._checks.advise(account, selector))
        dialog.open()

    def end(self, found: SenderDomain) -> None:
        """Show what was found."""
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
