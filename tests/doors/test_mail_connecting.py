"""Waiting on the way to a server: it goes on where it was, and the user's stop is obeyed."""

import socket
import ssl
import threading
from collections.abc import Callable

import pytest
import trustme

from app.core.errors.mail import CertificateFault, CertificateInvalid, ServerNameUnknown
from app.core.mail_account import Security
from app.mail import connecting
from app.mail.wire import Interrupted

HOST = "127.0.0.1"


def looks(times: int, then: Callable[[], object]) -> Callable[[], bool]:
    """An ``interrupted`` that says no, and calls ``then`` once it was asked so many times."""
    asked = 0

    def interrupted() -> bool:
        nonlocal asked
        asked += 1
        if asked == times:
            then()
        return False

    return interrupted


def test_a_handshake_that_takes_its_time_succeeds() -> None:
    authority, go = trustme.CA(), threading.Event()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(server_side)
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        connection, _ = listener.accept()
        go.wait(20)
        with server_side.wrap_socket(connection, server_side=True) as protected:
            protected.sendall(b"220 bonjour\r\n")

    thread = threading.Thread(target=serve)  # noqa: TID251
    thread.start()
    sock = connecting.open_socket(HOST, listener.getsockname()[1], Security.TLS, 20)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with connecting.wrap(sock, context, HOST, 20, interrupted=looks(3, go.set)) as protected:
        assert protected.recv(100) == b"220 bonjour\r\n"
        assert protected.gettimeout() == 20
    thread.join()
    listener.close()


def test_a_stop_during_the_handshake_is_obeyed() -> None:
    with socket.create_server((HOST, 0)) as listener:
        sock = connecting.open_socket(HOST, listener.getsockname()[1], Security.TLS, 20)
        with pytest.raises(Interrupted):
            connecting.wrap(sock, ssl.create_default_context(), HOST, 20, interrupted=lambda: True)
        assert sock.fileno() == -1


def test_a_stop_while_connecting_is_obeyed() -> None:
    """A full queue of waiting connections: the next one gets no answer at all."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(0)
        address = listener.getsockname()
        crowd = [socket.socket() for _ in range(4)]
        for each in crowd:
            each.settimeout(0)
            each.connect_ex(address)
        with pytest.raises(Interrupted):
            connecting.open_socket(HOST, address[1], Security.TLS, 20, interrupted=lambda: True)
        for each in crowd:
            each.close()


def test_no_name_is_not_this_computer() -> None:
    with pytest.raises(ServerNameUnknown):
        connecting.resolve("", 587)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (9, CertificateFault.NOT_YET_VALID),
        (10, CertificateFault.EXPIRED),
        (18, CertificateFault.SELF_SIGNED),
        (20, CertificateFault.UNKNOWN_AUTHORITY),
        (62, CertificateFault.WRONG_NAME),
        (3, CertificateFault.OTHER),
    ],
)
def test_every_refusal_of_openssl_has_its_name(code: int, fault: CertificateFault) -> None:
    refusal = ssl.SSLCertVerificationError("certificate verify failed")
    refusal.verify_code, refusal.verify_message = code, "detail"
    told = connecting.untrusted(refusal, "smtp.exemple.fr")
    assert isinstance(told, CertificateInvalid)
    assert (told.fault, told.host, told.detail) == (fault, "smtp.exemple.fr", "detail")
