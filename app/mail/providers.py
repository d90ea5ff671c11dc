"""Bundled facts about mail providers (resources/fournisseurs.toml): servers, kinds of login, limits, sources."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from app.core.mail_account import CAUTIOUS_LIMITS, AuthKind, MailAccount, Security
from app.core.pacing import RateWindow
from app.paths import resources_dir

FACTS_FILE = "fournisseurs.toml"


@dataclass(frozen=True, slots=True)
class Server:
    """Host, port and protection of one server."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Provider:
    """What is known of one provider, with where and when it was read."""

    id: str
    name: str
    smtp: Server
    source: str
    checked: date
    imap: Server | None = None
    domains: tuple[str, ...] = ()
    #: ends of MX host names
    mx: tuple[str, ...] = ()
    #: "address", "local", or "other" (an identifier of the relay's own)
    user: str = "address"
    #: best first: "password", "app_password", "oauth_microsoft", "oauth_google", "none"
    auth: tuple[str, ...] = ("password",)
    limits: tuple[RateWindow, ...] = CAUTIOUS_LIMITS
    #: empty when the limits are only our own caution
    limits_source: str = ""
    limits_checked: date | None = None
    letters_per_connection: int = 50
    #: False: no primary source was read for the server names
    confirmed: bool = True
    note: str = ""

    def account(self, address: str, display_name: str = "") -> MailAccount:
        """An account at this provider, ready to be completed with its secret."""
        local = address.rpartition("@")[0]
        user = {"address": address, "local": local}.get(self.user, "")
        kind = {"oauth_microsoft": AuthKind.OAUTH_MICROSOFT, "none": AuthKind.NONE}.get(
            self.auth[0], AuthKind.PASSWORD
        )
        account = MailAccount(
            address=address,
            display_name=display_name,
            host=self.smtp.host,
            port=self.smtp.port,
            security=self.smtp.security,
            user_name=user,
            auth=kind,
            limits=self.limits,
            letters_per_connection=self.letters_per_connection,
            provider=self.id,
        )
        if self.imap is None:
            return account
        imap = self.imap
        return replace(
            account, imap_host=imap.host, imap_port=imap.port, imap_security=imap.security
        )

    @property
    def wants_app_password(self) -> bool:
        """True when the mailbox's ordinary password is refused."""
        return "app_password" in self.auth


def _server(facts: list[Any]) -> Server:
    return Server(str(facts[0]), int(facts[1]), Security(facts[2]))


def _provider(facts: dict[str, Any]) -> Provider:
    facts.pop("note_source", None)
    smtp = _server(facts.pop("smtp"))
    for name in ("domains", "mx", "auth"):
        if name in facts:
            facts[name] = tuple(facts[name])
    if "limits" in facts:
        facts["limits"] = tuple(RateWindow(*window) for window in facts["limits"])
    imap = _server(facts.pop("imap")) if "imap" in facts else None
    return Provider(smtp=smtp, imap=imap, **facts)


@lru_cache(maxsize=1)
def providers() -> tuple[Provider, ...]:
    """Every provider of the bundled file."""
    text = (resources_dir() / FACTS_FILE).read_text(encoding="utf-8")
    return tuple(_provider(dict(facts)) for facts in tomllib.loads(text)["provider"])


def provider(identifier: str) -> Provider | None:
    """The provider of this identifier."""
    return next((known for known in providers() if known.id == identifier), None)


def by_domain(domain: str) -> Provider | None:
    """The provider whose own domain this is."""
    wanted = domain.lower().rstrip(".")
    return next((known for known in providers() if wanted in known.domains), None)


def by_mx(hosts: list[str]) -> tuple[Provider, ...]:
    """The providers whose servers take the mail of a domain with these MX hosts; several share some."""
    names = ["." + host.lower().rstrip(".") for host in hosts]
    return tuple(
        known
        for known in providers()
        if any(name.endswith(end) for name in names for end in known.mx)
    )
