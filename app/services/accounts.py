"""Set up the sending account: find its server, check the connection layer by layer, advise on the domain."""

import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.errors.mail import NamesUnanswered
from app.core.mail_account import AuthKind, MailAccount
from app.mail import autoconfig, dns_facts, providers
from app.mail.dns_facts import Resolver, SenderDomain, SystemResolver
from app.mail.oauth import IdentityProvider, provider_for
from app.mail.providers import Provider
from app.mail.providers import providers as all_providers
from app.mail.transport import LAYERS, CheckedLayer, SmtpTransport
from app.mail.wire import Interrupted

__all__ = [
    "LAYERS",
    "CheckedLayer",
    "Origin",
    "Outside",
    "Proposal",
    "Provider",
    "SenderDomain",
    "SystemResolver",
    "advise",
    "all_providers",
    "at_provider",
    "check",
    "known_provider",
    "login_kinds",
    "names_asked",
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


@dataclass(frozen=True, slots=True)
class Outside:
    """What the set-up of an account asks of the world; tests hand in their own."""

    open_browser: Callable[[str], object] = webbrowser.open
    fetch: autoconfig.Fetch = autoconfig.fetch_https
    resolver: Callable[[], Resolver] = SystemResolver
    identity: Callable[[MailAccount], IdentityProvider] = provider_for


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

    Raises:
        NamesUnanswered: the domain publishes nothing and the name service is silent.
    """
    bundled = propose(address, display_name)
    if bundled is not None:
        return bundled
    found = autoconfig.ask_domain(address, fetch)
    domain = _domain(address)
    try:
        hosts = (resolver or SystemResolver()).mail_hosts(domain)
    except NamesUnanswered:
        if found is None:
            raise
        hosts = []  # the domain's own answer is enough
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


def names_asked(address: str) -> tuple[str, ...]:
    """What ``propose_online`` may ask, for the question of consent: addresses over https."""
    return autoconfig.urls_for(_domain(address))


def at_provider(base: MailAccount, provider: Provider) -> MailAccount:
    """``base`` with the servers, kind of login and limits of ``provider``; what the practice chose stays."""
    made = provider.account(base.address, base.display_name)
    return replace(
        base,
        host=made.host,
        port=made.port,
        security=made.security,
        user_name=made.user_name,
        auth=made.auth,
        limits=made.limits,
        letters_per_connection=made.letters_per_connection,
        imap_host=made.imap_host,
        imap_port=made.imap_port,
        imap_security=made.imap_security,
        provider=made.provider,
    )


def login_kinds(account: MailAccount) -> tuple[AuthKind, ...]:
    """The kinds of login to offer, best first: those of the known provider, else all of them."""
    known = known_provider(account)
    if known is None:
        return tuple(AuthKind)
    kinds = {
        "oauth_microsoft": AuthKind.OAUTH_MICROSOFT,
        "oauth_google": AuthKind.OAUTH_GOOGLE,
        "none": AuthKind.NONE,
    }
    return tuple(dict.fromkeys(kinds.get(way, AuthKind.PASSWORD) for way in known.auth))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


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
    """« Vérifier la connexion »: name, port, tls, login, sender, up to the first that fails. Sends no letter.

    Empty when ``interrupted()`` said so.
    """
    try:
        return SmtpTransport(account, secret, interrupted=interrupted).check_connection()
    except Interrupted:
        return []


def advise(
    account: MailAccount, *, dkim_selector: str = "", resolver: Resolver | None = None
) -> SenderDomain:
    """What receivers will find when they check the sender's domain. Call it only with the user's consent."""
    return dns_facts.sender_domain(
        account.domain, resolver or dns_facts.SystemResolver(), dkim_selector
    )
