"""Set up the sending account: find its server, check the connection layer by layer, advise on the domain."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.core.mail_account import MailAccount
from app.mail import autoconfig, dns_facts, providers
from app.mail.dns_facts import Resolver, SenderDomain
from app.mail.providers import Provider
from app.mail.transport import LAYERS, CheckedLayer, SmtpTransport

__all__ = [
    "LAYERS",
    "CheckedLayer",
    "Origin",
    "Proposal",
    "advise",
    "check",
    "known_provider",
    "propose",
    "propose_online",
]


class Origin(StrEnum):
    """Where proposed settings come from."""

    BUNDLED = "bundled"
    DOMAIN = "domain"  # published by the domain over https
    MX = "mx"  # the provider that takes the domain's mail


@dataclass(frozen=True, slots=True)
class Proposal:
    """Settings to show; the user may change every one of them."""

    account: MailAccount
    origin: Origin
    provider: Provider | None = None
    #: other providers that the same MX hosts may mean
    others: tuple[Provider, ...] = ()


def propose(address: str, display_name: str = "") -> Proposal | None:
    """Settings from the bundled facts alone: nothing leaves the computer."""
    known = providers.by_domain(address.rpartition("@")[2])
    if known is None:
        return None
    return Proposal(known.account(address, display_name), Origin.BUNDLED, known)


def propose_online(
    address: str,
    display_name: str = "",
    *,
    fetch: autoconfig.Fetch = autoconfig.fetch_https,
    resolver: Resolver | None = None,
) -> Proposal | None:
    """Settings asked of the domain itself, then guessed from its MX hosts. Call it only with the user's consent.

    Only the domain's name is sent, never the address.
    """
    bundled = propose(address, display_name)
    if bundled is not None:
        return bundled
    found = autoconfig.ask_domain(address, fetch)
    domain = address.rpartition("@")[2].lower()
    hosts = (resolver or dns_facts.SystemResolver()).mail_hosts(domain)
    candidates = providers.by_mx(hosts)
    if found is not None:
        same = [known for known in candidates if known.smtp.host == found.host]
        if same:
            return Proposal(same[0].account(address, display_name), Origin.DOMAIN, same[0])
        return Proposal(found, Origin.DOMAIN)
    if candidates:
        first, *rest = candidates
        return Proposal(first.account(address, display_name), Origin.MX, first, tuple(rest))
    return None


def known_provider(account: MailAccount) -> Provider | None:
    """The bundled facts behind an account, by its identifier or its server."""
    by_id = providers.provider(account.provider)
    if by_id is not None:
        return by_id
    host = account.host.lower()
    return next((known for known in providers.providers() if known.smtp.host == host), None)


def check(
    account: MailAccount,
    secret: Callable[[], str] | None = None,
    *,
    interrupted: Callable[[], bool] = lambda: False,
) -> list[CheckedLayer]:
    """« Vérifier la connexion »: name, port, tls, login, sender, up to the first that fails. Sends no letter."""
    return SmtpTransport(account, secret, interrupted=interrupted).check_connection()


def advise(
    account: MailAccount, *, dkim_selector: str = "", resolver: Resolver | None = None
) -> SenderDomain:
    """What receivers will find when they check the sender's domain. Call it only with the user's consent."""
    return dns_facts.sender_domain(
        account.domain, resolver or dns_facts.SystemResolver(), dkim_selector
    )
