"""Server settings published by the domain itself (Thunderbird's autoconfig format), over https, with consent.

Only the domain is asked, never the whole address; nothing but https is tried.
"""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from xml.etree import ElementTree

from typing_extensions import override

from app.core.mail_account import MailAccount, Security
from app.mail.connecting import client_context

Fetch = Callable[[str], bytes | None]
_LARGEST = 200_000
_TIMEOUT_S = 10.0
_SECURITY = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")


def fetch_https(url: str) -> bytes | None:
    """The body of ``url``, or None when there is none or it is too large. https only."""
    if not url.startswith("https://"):
        return None
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=client_context()), _NoPlainRedirect()
    )
    try:
        with opener.open(url, timeout=_TIMEOUT_S) as answer:
            body: bytes = answer.read(_LARGEST + 1)
    except (urllib.error.URLError, OSError, ValueError):
        return None
    return body if len(body) <= _LARGEST else None


class _NoPlainRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses to be sent from https to http."""

    @override
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: object,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not newurl.startswith("https://"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # the stub is narrower than the method


def urls_for(domain: str) -> tuple[str, ...]:
    """Where a domain may publish its settings, in order."""
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def ask_domain(address: str, fetch: Fetch = fetch_https) -> MailAccount | None:
    """The account its domain describes, or None."""
    domain = address.rpartition("@")[2].lower()
    if not _HOST.fullmatch(domain):
        return None
    for url in urls_for(domain):
        body = fetch(url)
        account = None if body is None else read_settings(body, address)
        if account is not None:
            return account
    return None


def read_settings(body: bytes, address: str) -> MailAccount | None:
    """The first protected SMTP server of an autoconfig document, with its IMAP server.

    A document with a DTD is refused: entities could make it explode.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return None
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no DTD, small, see above
    except ElementTree.ParseError:
        return None
    smtp = _first(root, "outgoingServer", "smtp")
    if smtp is None:
        return None
    host, port, security, user = smtp
    imap = _first(root, "incomingServer", "imap")
    return MailAccount(
        address=address,
        host=host,
        port=port,
        security=security,
        user_name=_user(user, address),
        imap_host=imap[0] if imap else "",
        imap_port=imap[1] if imap else 993,
        imap_security=imap[2] if imap else Security.TLS,
    )


def _first(root: ElementTree.Element, tag: str, kind: str) -> tuple[str, int, Security, str] | None:
    for server in root.iter(tag):
        security = _SECURITY.get((server.findtext("socketType") or "").strip())
        host, port = (server.findtext("hostname") or "").strip(), server.findtext("port") or ""
        if security is None or server.get("type") != kind:
            continue
        if _HOST.fullmatch(host) and port.strip().isdigit() and int(port) < 65_536:
            return host, int(port), security, (server.findtext("username") or "").strip()
    return None


def _user(pattern: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    user = pattern or "%EMAILADDRESS%"
    for word, value in (
        ("%EMAILADDRESS%", address),
        ("%EMAILLOCALPART%", local),
        ("%EMAILDOMAIN%", domain),
    ):
        user = user.replace(word, value)
    return user
