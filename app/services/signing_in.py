"""« Se connecter avec Microsoft » (or Google): permission once, fresh access tokens for as long as it holds.

Tokens are longer than Windows' credential manager takes (1,280 characters), so that they lie in an encrypted
file whose random key is in the credential store.
"""

import base64
import json
import os
import secrets
import threading
import webbrowser
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.clock import Clock, SystemClock
from app.core.errors.mail import ClientIdMissing, SignInExpired
from app.core.errors.storage import NoCredentialStore
from app.core.mail_account import AuthKind, MailAccount
from app.credentials import CredentialStore
from app.mail.oauth import Client, IdentityProvider, Tokens, provider_for, renew, sign_in
from app.paths import data_dir
from app.storage.ledger import account_digest

_NONCE_BYTES = 12
_MARGIN = timedelta(minutes=5)
_FOLDER = "jetons"


def _file(account: MailAccount) -> Path:
    return data_dir() / _FOLDER / f"{account_digest(account.key)}.jeton"


def _key_name(account: MailAccount) -> str:
    return f"oauth:{account.key}"


def client_secret_name(client_id: str) -> str:
    """Name in the credential store of the secret of a customer's own Google client."""
    return f"oauth-client:{client_id}"


def _client(account: MailAccount, credentials: CredentialStore) -> Client:
    if not account.client_id:
        raise ClientIdMissing(provider_for(account).id)
    return Client(account.client_id, credentials.get(client_secret_name(account.client_id)) or "")


def give_permission(
    account: MailAccount,
    credentials: CredentialStore,
    *,
    open_browser: Callable[[str], object] = webbrowser.open,
    interrupted: Callable[[], bool] = lambda: False,
    clock: Clock | None = None,
    provider: IdentityProvider | None = None,
) -> None:
    """Open the provider's page in the browser, wait for the answer, keep the tokens.

    Raises:
        ClientIdMissing, SignInRefused, SignInTimedOut, ServerUnreachable, NoCredentialStore.
    """
    tokens = sign_in(
        provider or provider_for(account),
        _client(account, credentials),
        account.address,
        clock or SystemClock(),
        open_browser=open_browser,
        interrupted=interrupted,
        ca_file=account.ca_file,
    )
    keep_tokens(account, credentials, tokens)


def keep_tokens(account: MailAccount, credentials: CredentialStore, tokens: Tokens) -> None:
    """Write the tokens, encrypted (AES-256-GCM), in one step."""
    stored = credentials.get(_key_name(account))
    key = base64.b64decode(stored) if stored else secrets.token_bytes(32)
    if not stored:
        credentials.set(_key_name(account), base64.b64encode(key).decode("ascii"))
    facts = [tokens.access, tokens.refresh, tokens.expires_at.isoformat()]
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, json.dumps(facts).encode(), account.key.encode())
    file = _file(account)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".nouveau")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(sealed)
    os.replace(draft, file)  # noqa: PTH105 - atomic on Windows too


def kept_tokens(account: MailAccount, credentials: CredentialStore) -> Tokens | None:
    """The tokens of this account, or None when there are none that can be read."""
    stored = credentials.get(_key_name(account))
    try:
        sealed = _file(account).read_bytes()
    except OSError:
        return None
    if not stored:
        return None
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        plain = AESGCM(base64.b64decode(stored)).decrypt(nonce, body, account.key.encode())
        access, refresh, expires = json.loads(plain)
    except (InvalidTag, ValueError):
        return None
    return Tokens(access, refresh, datetime.fromisoformat(expires))


def has_permission(account: MailAccount, credentials: CredentialStore) -> bool:
    """True when this computer keeps a permission of this account; it may have been taken back since."""
    try:
        return kept_tokens(account, credentials) is not None
    except NoCredentialStore:
        return False


def forget_tokens(account: MailAccount, credentials: CredentialStore) -> None:
    """Remove the permission from this computer."""
    credentials.delete(_key_name(account))
    _file(account).unlink(missing_ok=True)


def access_token(
    account: MailAccount,
    credentials: CredentialStore,
    clock: Clock | None = None,
    provider: IdentityProvider | None = None,
) -> Callable[[], str]:
    """Gives a valid access token each time, renewing it in good time; safe from several lanes.

    The callable raises SignInExpired when the user must sign in again, ServerUnreachable when the provider is away.
    """
    lock, now = threading.Lock(), clock or SystemClock()
    identity = provider or provider_for(account)

    def give() -> str:
        with lock:
            tokens = kept_tokens(account, credentials)
            if tokens is None:
                raise SignInExpired(identity.id)
            if tokens.expires_at - now.now() < _MARGIN:
                client = _client(account, credentials)
                tokens = renew(identity, client, tokens, now, account.ca_file)
                keep_tokens(account, credentials, tokens)
            return tokens.access

    return give


def secret_of(
    account: MailAccount | None,
    credentials: CredentialStore,
    clock: Clock | None = None,
    identity: Callable[[MailAccount], IdentityProvider] = provider_for,
) -> Callable[[], str]:
    """What gives the transport its secret: the kept password, or a fresh access token of an OAuth account.

    The password is read now, in the caller's thread; an empty one when none is known.
    """
    if account is None:
        return str
    if account.auth in (AuthKind.OAUTH_MICROSOFT, AuthKind.OAUTH_GOOGLE):
        return access_token(account, credentials, clock, identity(account))
    try:
        kept = credentials.get(account.key) or ""
    except NoCredentialStore:
        kept = ""
    return lambda: kept
