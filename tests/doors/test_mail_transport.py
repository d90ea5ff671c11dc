"""The SMTP connection against real sockets and real TLS."""

import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from typing_extensions import override

from app.core.errors import UserError
from app.core.errors import mail as errors
from app.core.errors.mail import CertificateFault, LoginFault
from app.core.mail_account import AuthKind, MailAccount, Security
from app.core.replies import Phase
from app.mail.addresses import Envelope
from app.mail.transport import AnswerLost, ConnectionLost, Interrupted, Refused, SmtpTransport
from app.wording import explain
from tests.support.smtp_server import DROP, HOST, KEEP_AND_DROP, Script, ScriptedServer

ENVELOPE = Envelope("contact@cabinet-exemple.fr", "paul@exemple.fr", "7K3M-9QXA-P")
DATA = b"Subject: essai\r\n\r\n.un point\r\n..deux\r\nfin\r\n"
WORD = "mot de passé"


def transport(account: MailAccount) -> SmtpTransport:
    return SmtpTransport(account, lambda: WORD, connect_seconds=2.0)


def send(to: SmtpTransport) -> int:
    to.envelope_and_body(ENVELOPE, DATA)
    return to.dot().code


@pytest.mark.parametrize("protection", ["", "starttls", "implicit"])
def test_one_recipient_and_the_exact_bytes_arrive(protection: str, tmp_path: Path) -> None:
    with ScriptedServer(protection=protection) as server:
        way = transport(server.account(tmp_path))
        way.connect()
        assert send(way) == 250
        assert send(way) == 250
        way.close()
    assert server.connections == 1
    assert [(m.recipients, m.content) for m in server.received] == [
        (("paul@exemple.fr",), DATA)
    ] * 2


@pytest.mark.parametrize("protection", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("certificate", "fault"),
    [
        ("wrong_name", CertificateFault.WRONG_NAME),
        ("expired", CertificateFault.EXPIRED),
        ("self_signed", CertificateFault.SELF_SIGNED),
        ("other_authority", CertificateFault.UNKNOWN_AUTHORITY),
    ],
)
def test_a_bad_certificate_gets_no_password_and_no_letter(
    protection: str, certificate: str, fault: CertificateFault, tmp_path: Path
) -> None:
    with ScriptedServer(protection=protection, certificate=certificate, wants_login=True) as server:
        way = transport(server.account(tmp_path))
        with pytest.raises(errors.CertificateInvalid) as caught:
            way.connect()
        checked = way.check_connection()
    assert caught.value.fault is fault
    assert caught.value.host == HOST
    assert [layer.name for layer in checked] == ["name", "port", "tls"]
    assert isinstance(checked[-1].error, errors.CertificateInvalid)
    assert not server.logins
    assert not server.received
    assert not {"AUTH", "MAIL", "DATA"} & set(server.commands)
    assert not way.is_connected


def test_starttls_taken_away_by_somebody_between_sends_nothing(tmp_path: Path) -> None:
    with ScriptedServer(protection="", wants_login=True) as server:
        way = transport(server.account(tmp_path, security=Security.STARTTLS))
        with pytest.raises(errors.TlsNotOffered):
            way.connect()
    assert not server.logins
    assert set(server.commands) == {"EHLO"}


def test_plain_port_under_implicit_tls_sends_nothing(tmp_path: Path) -> None:
    with ScriptedServer(protection="", wants_login=True) as server:
        way = transport(server.account(tmp_path, security=Security.TLS))
        with pytest.raises(errors.TlsNotSpoken):
            way.connect()
    assert not server.logins
    assert not server.commands


def test_implicit_tls_port_under_starttls_is_silent(tmp_path: Path) -> None:
    with ScriptedServer(protection="implicit") as server:
        account = server.account(tmp_path, security=Security.STARTTLS)
        with pytest.raises(errors.ServerSilent):
            SmtpTransport(account, connect_seconds=0.6).connect()


def test_clear_text_to_another_computer_is_refused_before_any_connection() -> None:
    account = MailAccount("a@exemple.fr", "192.0.2.1", 25, Security.PLAIN_LOOPBACK)
    with pytest.raises(errors.ClearTextForbidden):
        transport(account).connect()


def test_bytes_slipped_in_before_tls_are_refused(tmp_path: Path) -> None:
    """CVE-2011-0411: an answer injected before the handshake must not be believed."""
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 bonjour\r\n")
            connection.recv(1000)
            connection.sendall(b"250-serveur\r\n250 STARTTLS\r\n")
            connection.recv(1000)
            connection.sendall(b"220 ok\r\n250 2.0.0 AUTH PLAIN\r\n")
            connection.recv(1000)

    thread = threading.Thread(target=serve)  # noqa: TID251
    thread.start()
    account = MailAccount("a@exemple.fr", HOST, listener.getsockname()[1])
    with pytest.raises(errors.TlsFailed):
        transport(account).connect()
    thread.join()
    listener.close()


@pytest.fixture
def nobody() -> int:
    """A port on which nobody listens."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def test_nobody_listens(nobody: int) -> None:
    with pytest.raises(errors.ServerUnreachable):
        transport(MailAccount("a@exemple.fr", HOST, nobody)).connect()


def test_unknown_name() -> None:
    checked = transport(MailAccount("a@exemple.fr", "smtp.invalid", 587)).check_connection()
    assert [layer.name for layer in checked] == ["name"]
    assert isinstance(checked[0].error, errors.ServerNameUnknown)


def test_a_file_that_is_no_authority(tmp_path: Path) -> None:
    wrong = tmp_path / "ca.pem"
    wrong.write_text("pas un certificat")
    with ScriptedServer() as server, pytest.raises(errors.AuthorityFileUnreadable):
        transport(server.account(tmp_path, ca_file=str(wrong))).connect()
    assert "MAIL" not in server.commands


# login


def test_password_with_accents_logs_in_once(tmp_path: Path) -> None:
    with ScriptedServer(wants_login=True) as server:
        checked = transport(server.account(tmp_path, user_name="cabinet")).check_connection()
    assert [layer.name for layer in checked] == ["name", "port", "tls", "login", "sender"]
    assert all(layer.is_good for layer in checked)
    assert [login[1:] for login in server.logins] == [("cabinet", WORD)]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("535 5.7.8 Bad credentials", LoginFault.PASSWORD),
        ("534 5.7.9 Application-specific password required", LoginFault.APP_PASSWORD),
        ("535 5.7.139 Authentication unsuccessful", LoginFault.BASIC_DISABLED),
        ("550 5.7.30 Basic authentication is not supported", LoginFault.BASIC_DISABLED),
        ("535 5.7.0 Account locked", LoginFault.BLOCKED),
    ],
)
def test_a_wrong_password_is_tried_once(answer: str, fault: LoginFault, tmp_path: Path) -> None:
    script = Script(login=lambda _user, _word: answer)
    with ScriptedServer(script, wants_login=True) as server:
        checked = transport(server.account(tmp_path)).check_connection()
    error = checked[-1].error
    assert checked[-1].name == "login"
    assert isinstance(error, errors.LoginRefused)
    assert error.fault is fault
    assert len(server.logins) == 1
    assert WORD not in repr(error)


def test_login_delayed_is_for_the_whole_account(tmp_path: Path) -> None:
    script = Script(login=lambda _user, _word: "454 4.7.0 Temporary authentication failure")
    with ScriptedServer(script, wants_login=True) as server, pytest.raises(Refused) as caught:
        transport(server.account(tmp_path)).connect()
    assert caught.value.phase is Phase.AUTH


def test_no_password_at_hand(tmp_path: Path) -> None:
    with ScriptedServer(wants_login=True) as server, pytest.raises(errors.PasswordMissing):
        SmtpTransport(server.account(tmp_path), lambda: "").connect()
    assert not server.logins


def test_sender_refused_is_its_own_layer(tmp_path: Path) -> None:
    script = Script(mail=lambda _address: "553 5.7.1 Sender address rejected: not owned by user")
    with ScriptedServer(script) as server:
        checked = transport(server.account(tmp_path)).check_connection()
    assert checked[-1].name == "sender"
    assert isinstance(checked[-1].error, errors.SenderRefused)


# one letter


@pytest.mark.parametrize("code", [450, 451, 452, 550, 552])
def test_a_refusal_keeps_the_connection(code: int, tmp_path: Path) -> None:
    script = Script(rcpt=lambda _address: f"{code} {code // 100}.2.0 non", data=lambda _a: "250 ok")
    with ScriptedServer(script) as server:
        way = transport(server.account(tmp_path))
        way.connect()
        with pytest.raises(Refused) as caught:
            send(way)
        assert (caught.value.phase, caught.value.reply.code) == (Phase.RCPT, code)
        script.rcpt = lambda _address: "250 ok"
        assert send(way) == 250
        way.close()
    assert server.connections == 1


def test_421_ends_the_connection(tmp_path: Path) -> None:
    script = Script(rcpt=lambda _address: "421 4.3.2 fermeture")
    with ScriptedServer(script) as server:
        way = transport(server.account(tmp_path))
        way.connect()
        with pytest.raises(Refused) as caught:
            send(way)
        assert caught.value.reply.code == 421
        assert not way.is_connected


def test_connection_dropped_before_the_dot_is_certain(tmp_path: Path) -> None:
    with ScriptedServer(Script(rcpt=lambda _address: DROP)) as server:
        way = transport(server.account(tmp_path))
        way.connect()
        with pytest.raises(ConnectionLost):
            send(way)
    assert not server.received


@pytest.mark.parametrize("answer", [DROP, KEEP_AND_DROP])
def test_connection_dropped_after_the_dot_is_uncertain(answer: str, tmp_path: Path) -> None:
    with ScriptedServer(Script(data=lambda _address: answer)) as server:
        way = transport(server.account(tmp_path))
        way.connect()
        way.envelope_and_body(ENVELOPE, DATA)
        with pytest.raises(AnswerLost):
            way.dot()
        assert not way.is_connected


def test_closing_between_body_and_dot_sends_nothing(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        way = transport(server.account(tmp_path))
        way.connect()
        way.envelope_and_body(ENVELOPE, DATA)
        way.close()
    assert not server.received


class SilentServer:
    """Greets, then answers each line of ``answers`` and falls silent."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = answers
        self.listener = socket.create_server((HOST, 0))
        self.thread = threading.Thread(target=self._serve)  # noqa: TID251

    def account(self) -> MailAccount:
        port = self.listener.getsockname()[1]
        return MailAccount("a@exemple.fr", HOST, port, Security.PLAIN_LOOPBACK, auth=AuthKind.NONE)

    def _serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection:
            for answer in self.answers:
                connection.sendall(answer)
                connection.recv(100_000)
            while connection.recv(100_000):
                pass

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.join(timeout=10)
        self.listener.close()


def test_stop_during_a_wait_before_the_dot_is_obeyed_at_once() -> None:
    stopped = threading.Event()
    with SilentServer(b"220 a\r\n", b"250 a\r\n") as server:
        way = SmtpTransport(server.account(), interrupted=stopped.is_set)
        way.connect()
        stopped.set()
        with pytest.raises(Interrupted):
            way.envelope_and_body(ENVELOPE, DATA)
        assert not way.is_connected


def test_no_answer_to_the_dot_in_time_is_uncertain() -> None:
    talk = (b"220 a\r\n", b"250 a\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
    with SilentServer(*talk) as server:
        way = SmtpTransport(server.account(), answer_seconds=0.3)
        way.connect()
        way.envelope_and_body(ENVELOPE, DATA)
        with pytest.raises(AnswerLost):
            way.dot()


def test_an_answer_that_is_no_answer_is_uncertain() -> None:
    talk = (
        b"220 a\r\n",
        b"250 a\r\n",
        b"250 ok\r\n",
        b"250 ok\r\n",
        b"354 go\r\n",
        b"\x00\xff?\r\n",
    )
    with SilentServer(*talk) as server:
        way = SmtpTransport(server.account(), answer_seconds=5)
        way.connect()
        way.envelope_and_body(ENVELOPE, DATA)
        with pytest.raises(AnswerLost):
            way.dot()


def test_dsn_and_smtputf8_only_where_offered() -> None:
    heard: list[bytes] = []
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        connection, _ = listener.accept()
        answers = [
            b"250-a\r\n250-DSN\r\n250 SIZE\r\n",
            b"250 ok\r\n",
            b"250 ok\r\n",
            b"554 non\r\n",
        ]
        with connection:
            connection.sendall(b"220 a\r\n")
            for answer in answers:
                heard.append(connection.recv(10_000))
                connection.sendall(answer)
            while connection.recv(10_000):
                connection.sendall(b"250 ok\r\n")

    thread = threading.Thread(target=serve)  # noqa: TID251
    thread.start()
    account = MailAccount(
        "a@exemple.fr", HOST, listener.getsockname()[1], Security.PLAIN_LOOPBACK, auth=AuthKind.NONE
    )
    way = SmtpTransport(account)
    way.connect()
    with pytest.raises(Refused) as caught:
        way.envelope_and_body(ENVELOPE, DATA)
    assert caught.value.phase is Phase.DATA
    accented = Envelope("a@exemple.fr", "rené@exemple.fr")
    with pytest.raises(errors.AddressNotSendable):
        way.envelope_and_body(accented, DATA)
    way.close()
    thread.join()
    listener.close()
    assert heard[0] == b"ehlo [127.0.0.1]\r\n"
    assert b"RET=HDRS ENVID=7K3M-9QXA-P" in heard[1]
    assert heard[2] == b"RCPT TO:<paul@exemple.fr> NOTIFY=FAILURE,DELAY\r\n"


def test_every_connection_error_explains_itself(tmp_path: Path) -> None:
    with ScriptedServer(certificate="wrong_name") as server:
        error = transport(server.account(tmp_path)).check_connection()[-1].error
    assert isinstance(error, UserError)
    said = explain(error)
    assert said.what == "La connexion au serveur n’est pas sûre\u202f; rien n’a été envoyé."
    assert HOST in said.why
    assert replace(said, why="").what_to_do


class PipeliningServer(SilentServer):
    """Offers PIPELINING; each of ``answers`` goes out after one packet of the client."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(b"220 a\r\n", b"250-a\r\n250 PIPELINING\r\n", *answers)
        self.heard: list[bytes] = []

    @override
    def _serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection:
            for answer in self.answers:
                connection.sendall(answer)
                self.heard.append(connection.recv(100_000))
            while said := connection.recv(100_000):
                self.heard.append(said)


ENVELOPE_PACKET = b"MAIL FROM:<contact@cabinet-exemple.fr>\r\nRCPT TO:<paul@exemple.fr>\r\nDATA\r\n"


def test_the_envelope_goes_in_one_packet_where_offered() -> None:
    talk = (b"250 ok\r\n250 ok\r\n354 go\r\n", b"250 2.0.0 taken\r\n")
    with PipeliningServer(*talk) as server:
        way = SmtpTransport(server.account())
        way.connect()
        way.envelope_and_body(ENVELOPE, b"Subject: x\r\n\r\nx\r\n")
        assert way.dot().code == 250
        way.close()
    assert server.heard[1] == ENVELOPE_PACKET
    assert b"".join(server.heard[2:]).startswith(b"Subject: x\r\n\r\nx\r\n.\r\n")


def test_a_refused_address_in_one_packet_keeps_the_connection() -> None:
    talk = (b"250 ok\r\n550 5.1.1 unknown\r\n554 no valid recipients\r\n", b"250 reset\r\n")
    with PipeliningServer(*talk) as server:
        way = SmtpTransport(server.account())
        way.connect()
        with pytest.raises(Refused) as refused:
            way.envelope_and_body(ENVELOPE, DATA)
        assert (refused.value.phase, refused.value.reply.code) == (Phase.RCPT, 550)
        assert way.is_connected
        way.close()
    assert server.heard[2] == b"RSET\r\n"


def test_a_server_that_waits_for_a_letter_to_nobody_gets_none() -> None:
    """RFC 2920 3.1: DATA may be accepted although the recipient was refused."""
    with PipeliningServer(b"250 ok\r\n550 5.1.1 unknown\r\n354 go\r\n") as server:
        way = SmtpTransport(server.account())
        way.connect()
        with pytest.raises(Refused) as refused:
            way.envelope_and_body(ENVELOPE, DATA)
        assert refused.value.phase is Phase.RCPT
        assert not way.is_connected
    assert server.heard[1] == ENVELOPE_PACKET
    assert b"".join(server.heard[2:]) == b""


def test_a_server_that_lets_us_wait_leaves_time_for_something_else() -> None:
    done: list[int] = []
    with SilentServer(b"220 a\r\n", b"250 a\r\n") as server:
        way = SmtpTransport(server.account(), interrupted=lambda: len(done) > 0)
        way.connect()
        with pytest.raises(Interrupted):
            way.envelope_and_body(ENVELOPE, DATA, lambda: done.append(1))
    assert done == [1]
