"""Setting up the account: bundled facts, the domain's own settings, MX hosts, advice on the domain."""

import pytest

from app.core.mail_account import AuthKind, Security
from app.core.pacing import DAY, MINUTE, RateWindow
from app.mail import autoconfig, providers
from app.services import accounts
from app.services.accounts import Origin
from app.services.learned_limits import forget_limits, learned_limits, remember_limit, with_learned
from tests.support.campaigns import NOW

_XML = """<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="cabinet.example">
<incomingServer type="imap"><hostname>imap.{host}</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>clair.{host}</hostname><port>25</port>
<socketType>plain</socketType></outgoingServer>
<outgoingServer type="smtp"><hostname>smtp.{host}</hostname><port>465</port><socketType>SSL</socketType>
<username>%EMAILLOCALPART%</username></outgoingServer></emailProvider></clientConfig>"""


class Names:
    """A resolver with a few records."""

    def __init__(
        self, texts: dict[str, list[str]] | None = None, hosts: list[str] | None = None
    ) -> None:
        self._texts, self._hosts = texts or {}, hosts or []

    def texts(self, name: str) -> list[str]:
        return self._texts.get(name, [])

    def mail_hosts(self, _domain: str) -> list[str]:
        return self._hosts


def nothing(_url: str) -> bytes | None:
    return None


@pytest.mark.parametrize("known", providers.providers(), ids=lambda known: known.id)
def test_every_provider_is_protected_and_sourced(known: providers.Provider) -> None:
    assert known.smtp.security in (Security.TLS, Security.STARTTLS)
    assert known.source
    assert known.checked.year >= 2026
    assert known.limits
    assert bool(known.limits_source) == bool(known.limits_checked)
    account = known.account("cabinet@exemple.fr")
    assert account.provider == known.id
    assert accounts.known_provider(account) == known


def test_the_providers_that_were_asked_for_are_there() -> None:
    wanted = {
        "orange", "free", "sfr", "laposte", "bouygues", "ovh", "ovh_exchange", "ionos", "gandi",
        "infomaniak", "mailo", "gmail", "google_workspace", "google_relay", "microsoft365",
        "outlook", "yahoo", "icloud", "brevo", "mailjet", "ses",
    }  # fmt: skip
    assert {known.id for known in providers.providers()} == wanted


def test_bundled_facts_leave_nothing_to_type() -> None:
    found = accounts.propose("cabinet.roux@Free.fr")
    assert found is not None
    assert (found.origin, found.account.host, found.account.user_name) == (
        Origin.BUNDLED, "smtp.free.fr", "cabinet.roux",
    )  # fmt: skip
    microsoft = accounts.propose("cabinet@hotmail.fr")
    assert microsoft is not None
    assert microsoft.account.auth is AuthKind.OAUTH_MICROSOFT
    assert accounts.propose("contact@cabinet-roux.example") is None


def test_the_domain_is_asked_over_https_and_never_told_the_address() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes | None:
        asked.append(url)
        return _XML.format(host="cabinet.example").encode() if "well-known" in url else None

    found = accounts.propose_online("dr.roux@cabinet.example", fetch=fetch, resolver=Names())
    assert found is not None
    account = found.account
    assert found.origin is Origin.DOMAIN
    assert (account.host, account.port, account.security) == (
        "smtp.cabinet.example", 465, Security.TLS,
    )  # fmt: skip
    assert (account.user_name, account.imap_host) == ("dr.roux", "imap.cabinet.example")
    assert all(url.startswith("https://") and "roux" not in url for url in asked)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><clientConfig/>",
        _XML.format(host="x y").encode(),
        _XML.replace("SSL", "plain").format(host="cabinet.example").encode(),
    ],
)
def test_settings_that_cannot_be_trusted_are_refused(body: bytes) -> None:
    assert autoconfig.read_settings(body, "a@cabinet.example") is None


def test_nothing_but_https_is_fetched() -> None:
    assert autoconfig.fetch_https("http://127.0.0.1/") is None
    assert autoconfig.fetch_https("file:///etc/hostname") is None
    assert autoconfig.ask_domain("a@127.0.0.1", nothing) is None


@pytest.mark.parametrize(
    ("host", "identifier"),
    [
        ("mx1.mail.ovh.net.", "ovh"),
        ("cabinet-fr.mail.protection.outlook.com", "microsoft365"),
        ("aspmx.l.google.com", "google_workspace"),
        ("mta-gw.infomaniak.ch", "infomaniak"),
        ("spool.mail.gandi.net", "gandi"),
    ],
)
def test_the_mx_hosts_tell_the_provider(host: str, identifier: str) -> None:
    found = accounts.propose_online(
        "contact@cabinet.example", fetch=nothing, resolver=Names(hosts=[host])
    )
    assert found is not None
    assert found.provider is not None
    assert (found.origin, found.provider.id) == (Origin.MX, identifier)
    assert ("ovh_exchange" in [other.id for other in found.others]) == (identifier == "ovh")


def test_an_unknown_domain_is_left_to_the_user() -> None:
    names = Names(hosts=["mx.cabinet.example"])
    assert accounts.propose_online("a@cabinet.example", fetch=nothing, resolver=names) is None


def test_advice_on_the_senders_domain() -> None:
    texts = {
        "cabinet.example": ["autre=1", "v=spf1 include:x.example -all"],
        "_dmarc.cabinet.example": ["v=DMARC1; p=Quarantine; rua=mailto:a@b.example"],
        "s1._domainkey.cabinet.example": ["v=DKIM1; k=rsa; p=MIIB"],
        "old._domainkey.cabinet.example": ["v=DKIM1; p="],
    }
    found = accounts.propose("a@free.fr")
    assert found is not None
    account = providers.by_domain("free.fr").account("a@cabinet.example")  # type: ignore[union-attr]
    good = accounts.advise(account, dkim_selector="s1", resolver=Names(texts))
    assert good.is_ready
    assert (good.dmarc_policy, good.dkim_found) == ("quarantine", True)
    assert accounts.advise(account, dkim_selector="old", resolver=Names(texts)).dkim_found is False
    bare = accounts.advise(account, resolver=Names())
    assert not bare.is_ready
    twice = {**texts, "cabinet.example": ["v=spf1 -all", "v=spf1 ~all"]}
    assert not accounts.advise(account, resolver=Names(twice)).is_ready


def test_learned_limits_last_a_month_and_the_strictest_counts() -> None:
    remember_limit("smtp:a@b", RateWindow(30, MINUTE), NOW)
    remember_limit("smtp:a@b", RateWindow(25, MINUTE), NOW)
    remember_limit("smtp:a@b", RateWindow(900, DAY), NOW)
    learned = learned_limits("smtp:a@b", NOW)
    assert set(learned) == {RateWindow(25, MINUTE), RateWindow(900, DAY)}
    assert learned_limits("smtp:autre@b", NOW) == ()
    assert learned_limits("smtp:a@b", NOW.replace(month=3)) == ()
    both = with_learned((RateWindow(20, MINUTE), RateWindow(1_000, DAY)), learned)
    assert set(both) == {RateWindow(20, MINUTE), RateWindow(900, DAY)}
    forget_limits("smtp:a@b")
    assert learned_limits("smtp:a@b", NOW) == ()
