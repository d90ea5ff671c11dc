"""OAuth 2.0 for desktop programs: authorization code with PKCE and a loopback redirect (RFC 6749, 7636, 8252)."""

import base64
import hashlib
import hmac
import http.server
import json
import secrets
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from typing_extensions import override

from app.core.clock import Clock
from app.core.errors.mail import (
    ClientIdMissing,
    ServerUnreachable,
    SignInExpired,
    SignInRefused,
    SignInTimedOut,
)
from app.core.mail_account import AuthKind, MailAccount
from app.mail.connecting import client_context, untrusted

_TIMEOUT_S = 30.0
_LARGEST = 200_000
_PAGE = (
    "<!doctype html><html lang='fr'><meta charset='utf-8'><title>Avis 34</title>"
    "<p>{}</p><p>Vous pouvez fermer cette page et revenir au logiciel.</p>"
)


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Where permission is asked and where tokens are given."""

    id: str
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    #: host of the loopback redirect as the registration wants it
    redirect_host: str = "localhost"


def provider_for(account: MailAccount) -> IdentityProvider:
    """The identity provider of an OAuth account."""
    if account.auth is AuthKind.OAUTH_GOOGLE:
        return IdentityProvider(
            "google",
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            ("https://mail.google.com/",),
            "127.0.0.1",
        )
    base = f"https://login.microsoftonline.com/{urllib.parse.quote(account.tenant or 'common', safe='')}"
    return IdentityProvider(
        "microsoft",
        f"{base}/oauth2/v2.0/authorize",
        f"{base}/oauth2/v2.0/token",
        (
            "https://outlook.office.com/SMTP.Send",
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "offline_access",
        ),
    )


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave. Never shown, never logged."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Client:
    """The registered application: an identifier set by an administrator; Google's desktop clients add a secret."""

    id: str
    secret: str = field(default="", repr=False)


def sign_in(
    provider: IdentityProvider,
    client: Client,
    login_hint: str,
    clock: Clock,
    *,
    open_browser: Callable[[str], object],
    interrupted: Callable[[], bool] = lambda: False,
    seconds: float = 300.0,
    ca_file: str = "",
) -> Tokens:
    """Let the user give permission in the system's browser.

    Raises:
        ClientIdMissing, SignInRefused, SignInTimedOut, ServerUnreachable, CertificateInvalid.
    """
    if not client.id:
        raise ClientIdMissing(provider.id)
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(24)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    with _Redirect(state) as redirect:
        address = f"http://{provider.redirect_host}:{redirect.server_port}"
        question = {
            "client_id": client.id,
            "response_type": "code",
            "redirect_uri": address,
            "scope": " ".join(provider.scopes),
            "state": state,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
            "login_hint": login_hint,
            "access_type": "offline",
            "prompt": "consent" if provider.id == "google" else "select_account",
        }
        open_browser(f"{provider.authorize_url}?{urllib.parse.urlencode(question)}")
        deadline = time.monotonic() + seconds
        while redirect.answer is None:
            if interrupted() or time.monotonic() > deadline:
                raise SignInTimedOut(provider.id)
            redirect.handle_request()
        answer = redirect.answer
    if "error" in answer:
        words = answer.get("error_description", "")
        raise SignInRefused(provider.id, answer["error"][:60], words[:300])
    return _ask_tokens(
        provider,
        client,
        {
            "grant_type": "authorization_code",
            "code": answer.get("code", ""),
            "redirect_uri": address,
            "code_verifier": verifier,
        },
        clock,
        ca_file,
    )


def renew(
    provider: IdentityProvider, client: Client, tokens: Tokens, clock: Clock, ca_file: str = ""
) -> Tokens:
    """A fresh access token; the refresh token may have been changed by the provider.

    Raises:
        SignInExpired: the permission is no longer valid.
        ServerUnreachable: try later.
        CertificateInvalid: nobody vouches for the provider's server; nothing was sent.
    """
    question = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    try:
        fresh = _ask_tokens(provider, client, question, clock, ca_file)
    except SignInRefused as refused:
        raise SignInExpired(provider.id) from refused
    return Tokens(fresh.access, fresh.refresh or tokens.refresh, fresh.expires_at)


def _ask_tokens(
    provider: IdentityProvider,
    client: Client,
    question: dict[str, str],
    clock: Clock,
    ca_file: str,
) -> Tokens:
    question = {**question, "client_id": client.id}
    if client.secret:
        question["client_secret"] = client.secret
    if not provider.token_url.startswith("https://"):
        raise SignInRefused(provider.id, "insecure_endpoint")
    request = urllib.request.Request(  # noqa: S310 - https only, see above
        provider.token_url, urllib.parse.urlencode(question).encode("ascii")
    )
    asked_at = clock.now()
    try:
        with urllib.request.urlopen(  # noqa: S310 - https only, checked before
            request, timeout=_TIMEOUT_S, context=client_context(ca_file)
        ) as answer:
            body = answer.read(_LARGEST)
    except urllib.error.HTTPError as error:
        with error:
            facts = _json(error.read(_LARGEST))
        code = str(facts.get("error", error.code))[:60]
        raise SignInRefused(
            provider.id, code, str(facts.get("error_description", ""))[:300]
        ) from error
    except (urllib.error.URLError, OSError) as error:
        host = urllib.parse.urlsplit(provider.token_url).hostname or ""
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise untrusted(reason, host) from error
        raise ServerUnreachable(host, 443) from error
    facts = _json(body)
    access = facts.get("access_token")
    if not isinstance(access, str) or not access:
        raise SignInRefused(provider.id, "invalid_response")
    seconds = facts.get("expires_in", 3_600)
    lasts = int(str(seconds)) if str(seconds).isdigit() else 3_600
    refresh = facts.get("refresh_token", "")
    return Tokens(
        access, refresh if isinstance(refresh, str) else "", asked_at + timedelta(seconds=lasts)
    )


def _json(body: bytes) -> dict[str, object]:
    try:
        facts = json.loads(body)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


class _Redirect(http.server.HTTPServer):
    """Waits on loopback for the browser to come back with the right ``state``."""

    timeout = 0.25

    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", 0), _RedirectHandler)
        self.state = state
        self.answer: dict[str, str] | None = None

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that breaks off is no news."""


class _RedirectHandler(http.server.BaseHTTPRequestHandler):
    server: _Redirect
    timeout = 5.0

    def do_GET(self) -> None:
        """Keep the answer when its state is ours; anything else on this port is refused."""
        query = urllib.parse.urlsplit(self.path).query
        facts = {name: values[0] for name, values in urllib.parse.parse_qs(query).items()}
        if not hmac.compare_digest(facts.get("state", "").encode(), self.server.state.encode()):
            self.send_error(404)
            return
        self.server.answer = facts
        words = (
            "La connexion est faite." if "code" in facts else "L’autorisation n’a pas été donnée."
        )
        page = _PAGE.format(words).encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the address holds the code."""
