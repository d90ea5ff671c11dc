"""Reading the mailbox: no password to a false server, one sentence for a refused one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import mail as errors
from app.core.mail_account import MailAccount, Security
from app.mail.imap_mailbox import ImapMailbox
from tests.support.mail_servers import HOST, USER, WORD, MailServers, why_not
from tests.support.smtp_server import ScriptedServer


@pytest.mark.parametrize("certificate", ["wrong_name", "expired", "self_signed", "other_authority"])
def test_a_false_server_never_sees_the_password(certificate: str, tmp_path: Path) -> None:
    asked: list[str] = []

    def password() -> str:
        asked.append("asked")
        return WORD

    with ScriptedServer(protection="implicit", certificate=certificate) as server:
        account = server.account(tmp_path, imap_host=HOST, imap_port=server.port)
        with pytest.raises(errors.CertificateInvalid), ImapMailbox(account, password):
            pytest.fail("entered")
    assert not asked


def test_clear_text_to_another_computer_is_refused() -> None:
    account = MailAccount(
        "a@exemple.fr", "smtp.exemple.fr", 465, imap_host="192.0.2.1", imap_security=Security.PLAIN_LOOPBACK
    )  # fmt: skip
    with pytest.raises(errors.ClearTextForbidden), ImapMailbox(account, str):
        pytest.fail("entered")


@pytest.mark.needs_mail_servers
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
class TestDovecot:
    @pytest.fixture
    def account(self) -> Iterator[MailAccount]:
        with MailServers(discard=True) as servers:
            yield MailAccount(
                USER,
                HOST,
                servers.smtp_port,
                ca_file=servers.ca_file,
                imap_host=HOST,
                imap_port=servers.imap_port,
            )

    def test_a_wrong_password_is_told(self, account: MailAccount) -> None:
        with pytest.raises(errors.ImapRefused) as caught, ImapMailbox(account, lambda: "faux"):
            pytest.fail("entered")
        assert "faux" not in repr(caught.value)

    def test_the_system_authorities_do_not_know_this_server(self, account: MailAccount) -> None:
        bare = replace(account, ca_file="")
        with pytest.raises(errors.CertificateInvalid), ImapMailbox(bare, lambda: WORD):
            pytest.fail("entered")

    def test_folders_where_reports_may_lie(self, account: MailAccount) -> None:
        with ImapMailbox(account, lambda: WORD) as mailbox:
            assert mailbox.report_folders() == ["INBOX", "Junk"]
            assert not mailbox.has_sent("<1@exemple.fr>")
