"""OAuth2 against a local identity provider and a local SMTP server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.errors import mail as errors
from app.core.mail_account import AuthKind, MailAccount
from app.credentials import MemoryCredentials
from app.mail.oauth import provider_for
from app.mail.transport import SmtpTransport
from app.paths import data_dir
from app.services import signing_in
from tests.support.identity_provider import LocalIdentity
from tests.support.sending import JumpClock
from tests.support.smtp_server import ScriptedServer


@pytest.fixture
def identity() -> Iterator[LocalIdentity]:
    with LocalIdentity() as local:
        yield local


@pytest.fixture
def account(identity: LocalIdentity, tmp_path: Path) -> MailAccount:
    return MailAccount(
        "contact@cabinet-exemple.fr",
        "smtp.office365.com",
        587,
        auth=AuthKind.OAUTH_MICROSOFT,
        client_id="0000-essai",
        ca_file=identity.ca_file(tmp_path),
    )


def test_permission_then_fresh_tokens_for_as_long_as_it_holds(
    identity: LocalIdentity, account: MailAccount
) -> None:
    clock, store = JumpClock(), MemoryCredentials()
    provider = identity.provider()
    signing_in.give_permission(
        account, store, open_browser=identity.browser(), clock=clock, provider=provider
    )
    token = signing_in.access_token(account, store, clock, provider)
    first = token()
    assert first == identity.access
    assert token() == first
    assert len(identity.questions) == 1
    clock.moment += timedelta(minutes=56)
    assert token() == identity.access != first
    clock.moment += timedelta(hours=2)
    assert token() == identity.access
    assert [question["grant_type"] for question in identity.questions] == [
        "authorization_code",
        "refresh_token",
        "refresh_token",
    ]


def test_tokens_lie_encrypted_and_their_key_is_short(
    identity: LocalIdentity, account: MailAccount
) -> None:
    store = MemoryCredentials()
    signing_in.give_permission(
        account, store, open_browser=identity.browser(), provider=identity.provider()
    )
    files = [file for file in data_dir().rglob("*") if file.is_file()]
    assert files
    for file in files:
        content = file.read_bytes()
        assert identity.refresh.encode() not in content
        assert identity.access.encode() not in content
        assert account.address.encode() not in content
    assert len(store.get(f"oauth:{account.key}") or "") < 100
    signing_in.forget_tokens(account, store)
    assert signing_in.kept_tokens(account, store) is None
    with pytest.raises(errors.SignInExpired):
        signing_in.access_token(account, store, provider=identity.provider())()


def test_a_permission_taken_back_is_told(identity: LocalIdentity, account: MailAccount) -> None:
    clock, store = JumpClock(), MemoryCredentials()
    provider = identity.provider()
    signing_in.give_permission(
        account, store, open_browser=identity.browser(), clock=clock, provider=provider
    )
    identity.refused = "invalid_grant"
    clock.moment += timedelta(hours=2)
    with pytest.raises(errors.SignInExpired):
        signing_in.access_token(account, store, clock, provider)()


def test_no_is_an_answer(identity: LocalIdentity, account: MailAccount) -> None:
    with pytest.raises(errors.SignInRefused) as caught:
        signing_in.give_permission(
            account,
            MemoryCredentials(),
            open_browser=identity.browser(error="access_denied"),
            provider=identity.provider(),
        )
    assert caught.value.code == "access_denied"
    assert not identity.questions


def test_an_answer_with_a_foreign_state_is_ignored(
    identity: LocalIdentity, account: MailAccount
) -> None:
    forged = identity.browser(state="forged")
    rounds = iter([False] * 3)
    with pytest.raises(errors.SignInTimedOut):
        signing_in.give_permission(
            account,
            MemoryCredentials(),
            open_browser=forged,
            interrupted=lambda: next(rounds, True),
            provider=identity.provider(),
        )
    assert not identity.questions


def test_an_identity_provider_nobody_vouches_for_gets_no_code(
    identity: LocalIdentity, account: MailAccount
) -> None:
    with pytest.raises(errors.CertificateInvalid) as caught:
        signing_in.give_permission(
            replace(account, ca_file=""),
            MemoryCredentials(),
            open_browser=identity.browser(),
            provider=identity.provider(),
        )
    assert caught.value.fault is errors.CertificateFault.UNKNOWN_AUTHORITY
    assert not identity.questions


def test_without_a_client_identifier_nothing_opens(account: MailAccount) -> None:
    opened: list[str] = []
    with pytest.raises(errors.ClientIdMissing):
        signing_in.give_permission(
            replace(account, client_id=""), MemoryCredentials(), open_browser=opened.append
        )
    assert not opened


def test_addresses_of_the_real_providers() -> None:
    account = MailAccount("a@exemple.fr", "smtp.office365.com", 587, auth=AuthKind.OAUTH_MICROSOFT)
    microsoft = provider_for(replace(account, tenant="a/../b"))
    assert microsoft.token_url == ("https://login.microsoftonline.com/a%2F..%2Fb/oauth2/v2.0/token")
    assert "offline_access" in microsoft.scopes
    google = provider_for(replace(account, auth=AuthKind.OAUTH_GOOGLE))
    assert google.scopes == ("https://mail.google.com/",)


@pytest.mark.parametrize("is_valid", [True, False])
def test_the_token_logs_in_to_smtp(is_valid: bool, tmp_path: Path) -> None:
    with ScriptedServer(wants_login=True, token="jeton" if is_valid else "autre") as server:
        account = server.account(tmp_path, auth=AuthKind.OAUTH_MICROSOFT)
        checked = SmtpTransport(account, lambda: "jeton").check_connection()
    if is_valid:
        assert all(layer.is_good for layer in checked)
        assert checked[-1].name == "sender"
    else:
        error = checked[-1].error
        assert isinstance(error, errors.LoginRefused)
        assert error.fault is errors.LoginFault.TOKEN


def test_each_kind_of_account_has_its_secret(identity: LocalIdentity, account: MailAccount) -> None:
    store = MemoryCredentials()
    by_password = replace(account, auth=AuthKind.PASSWORD)
    assert signing_in.secret_of(None, store)() == ""
    assert signing_in.secret_of(by_password, store)() == ""
    store.set(by_password.key, "mot de passé")
    assert signing_in.secret_of(by_password, store)() == "mot de passé"
    signing_in.give_permission(
        account, store, open_browser=identity.browser(), provider=identity.provider()
    )
    assert signing_in.secret_of(account, store)() == identity.access
