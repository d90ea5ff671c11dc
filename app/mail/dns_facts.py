"""What a domain says of itself in the DNS: who takes its mail, who may send for it. Asked only with consent."""

from dataclasses import dataclass
from typing import Protocol

import dns.exception
import dns.resolver

from app.core.errors.mail import NamesUnanswered

_TIMEOUT_S = 8.0


class Resolver(Protocol):
    """What this module needs of the DNS; tests hand in their own."""

    def texts(self, name: str) -> list[str]:
        """TXT records, each as one text; empty when there is none. Raises NamesUnanswered."""

    def mail_hosts(self, domain: str) -> list[str]:
        """MX hosts by preference; empty when there is none. Raises NamesUnanswered."""


class SystemResolver:
    """The computer's resolver."""

    def __init__(self, nameserver: str = "", port: int = 53) -> None:
        """``nameserver``: an IP address to ask in the place of the computer's own."""
        self._resolver = dns.resolver.Resolver(configure=not nameserver)
        if nameserver:
            self._resolver.nameservers = [nameserver]
            self._resolver.port = port
        self._resolver.lifetime = _TIMEOUT_S

    def texts(self, name: str) -> list[str]:
        """TXT records, each as one text."""
        answer = self._ask(name, "TXT")
        if answer is None:
            return []
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    def mail_hosts(self, domain: str) -> list[str]:
        """MX hosts by preference."""
        answer = self._ask(domain, "MX")
        if answer is None:
            return []
        records = sorted((record.preference, str(record.exchange)) for record in answer)
        return [host.rstrip(".") for _, host in records]

    def _ask(self, name: str, kind: str) -> dns.resolver.Answer | None:
        """The records, or None when the name service says that there are none."""
        try:
            return self._resolver.resolve(name, kind)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        except (dns.exception.DNSException, OSError) as error:
            raise NamesUnanswered(name) from error


@dataclass(frozen=True, slots=True)
class SenderDomain:
    """What receivers will find when they check the sender's domain. Advice only."""

    domain: str
    #: the SPF record (RFC 7208), empty when there is none
    spf: str = ""
    #: more than one SPF record is an error for every receiver (RFC 7208 4.5)
    spf_records: int = 0
    #: the DMARC policy (RFC 7489): "none", "quarantine", "reject", empty when there is none
    dmarc_policy: str = ""
    #: None when no selector was given
    dkim_found: bool | None = None

    @property
    def is_ready(self) -> bool:
        """True when SPF and DMARC are there, and DKIM wherever it was looked for."""
        return self.spf_records == 1 and bool(self.dmarc_policy) and self.dkim_found is not False


def sender_domain(domain: str, resolver: Resolver, dkim_selector: str = "") -> SenderDomain:
    """Look up SPF, DMARC and, with its selector, DKIM (RFC 6376 3.6.1)."""
    spf = [text for text in resolver.texts(domain) if text.lower().startswith("v=spf1")]
    dmarc = _dmarc(resolver, domain)
    dkim: bool | None = None
    if dkim_selector:
        keys = resolver.texts(f"{dkim_selector}._domainkey.{domain}")
        dkim = any("p=" in key and not key.rstrip().endswith("p=") for key in keys)
    return SenderDomain(domain, spf[0] if spf else "", len(spf), dmarc, dkim)


def _dmarc(resolver: Resolver, domain: str) -> str:
    labels = domain.split(".")
    # the domain's own record, else its organisation's (RFC 7489 6.6.3), close enough without a suffix list
    for name in dict.fromkeys((domain, ".".join(labels[-2:]))):
        for text in resolver.texts(f"_dmarc.{name}"):
            if text.lower().startswith("v=dmarc1"):
                tags = dict(part.strip().split("=", 1) for part in text.split(";") if "=" in part)
                return tags.get("p", "").strip().lower()
    return ""
