"""The way to a mail server, one layer at a time, each failure under its own name."""

import contextlib
import os
import selectors
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.errors.mail import (
    AuthorityFileUnreadable,
    CertificateFault,
    CertificateInvalid,
    ClearTextForbidden,
    ConnectionClosed,
    ServerNameUnknown,
    ServerSilent,
    ServerUnreachable,
    TlsFailed,
    TlsNotSpoken,
)
from app.core.mail_account import Security, is_loopback
from app.mail.wire import Interrupted

# OpenSSL x509_vfy.h
_FAULTS = {
    9: CertificateFault.NOT_YET_VALID,
    10: CertificateFault.EXPIRED,
    18: CertificateFault.SELF_SIGNED,
    19: CertificateFault.UNKNOWN_AUTHORITY,
    20: CertificateFault.UNKNOWN_AUTHORITY,
    21: CertificateFault.UNKNOWN_AUTHORITY,
    62: CertificateFault.WRONG_NAME,
    64: CertificateFault.WRONG_NAME,
}
_KEYCHAINS = (
    "/System/Library/Keychains/SystemRootCertificates.keychain",
    "/Library/Keychains/System.keychain",  # what an administrator added
)
#: how often a wait looks whether the user stopped
_LOOK_EVERY_S = 0.2
_NOT_TLS = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "RECORD_LAYER_FAILURE")


def _never() -> bool:
    return False


def client_context(ca_file: str = "") -> ssl.SSLContext:
    """Verified TLS 1.2 or newer with the system's authorities, and a private one when its file is given.

    Raises:
        AuthorityFileUnreadable: the file holds no usable certificate.
    """
    context = ssl.create_default_context()
    if sys.platform == "darwin" and not context.cert_store_stats()["x509_ca"]:
        context.load_verify_locations(cadata=_keychain_authorities())
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            fault = "format" if Path(ca_file).is_file() else "missing"
            raise AuthorityFileUnreadable(Path(ca_file).name, fault) from error
    return context


@lru_cache(maxsize=1)
def _keychain_authorities() -> str:
    """The Mac's own authorities as PEM: OpenSSL inside an application bundle knows none of them."""
    command = ["/usr/bin/security", "find-certificate", "-a", "-p", *_KEYCHAINS]
    return subprocess.run(  # noqa: S603 - a fixed command of the system
        command, capture_output=True, text=True, check=True, timeout=30
    ).stdout


def resolve(host: str, port: int) -> None:
    """Look the name up.

    Raises:
        ServerNameUnknown: no address for it (or no network at all).
    """
    if not host:  # the system would take it for this computer
        raise ServerNameUnknown(host)
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise ServerNameUnknown(host) from error


def open_socket(
    host: str,
    port: int,
    security: Security,
    seconds: float,
    *,
    interrupted: Callable[[], bool] = _never,
) -> socket.socket:
    """A TCP connection without delay of small packets (the dot is one: 45 ms each otherwise).

    Raises:
        ServerUnreachable: nobody listens, or no way.
        ServerSilent: no answer in time.
        ClearTextForbidden: unprotected, and the other end is not this computer.
        Interrupted: ``interrupted()`` said so while waiting.
    """
    try:
        sock = _connected(host, port, seconds, interrupted)
    except TimeoutError as error:
        raise ServerSilent(host, port) from error
    except OSError as error:
        raise ServerUnreachable(host, port) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if security is Security.PLAIN_LOOPBACK and not is_loopback(str(sock.getpeername()[0])):
        sock.close()
        raise ClearTextForbidden(host)
    return sock


def _connected(
    host: str, port: int, seconds: float, interrupted: Callable[[], bool]
) -> socket.socket:
    """The first address of ``host`` that takes the connection; each is given the whole time."""
    failure: OSError = ConnectionRefusedError()
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        sock = socket.socket(family, kind, protocol)
        try:
            _connect(sock, address, seconds, interrupted)
        except OSError as error:
            sock.close()
            failure = error
        except Interrupted:
            sock.close()
            raise
        else:
            sock.settimeout(seconds)
            return sock
    raise failure


def _connect(
    sock: socket.socket, address: Any, seconds: float, interrupted: Callable[[], bool]
) -> None:
    sock.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        sock.connect(address)
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(_LOOK_EVERY_S):
            if interrupted():
                raise Interrupted
            if time.monotonic() > deadline:
                raise TimeoutError
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def wrap(
    sock: socket.socket,
    context: ssl.SSLContext,
    host: str,
    seconds: float,
    *,
    interrupted: Callable[[], bool] = _never,
) -> ssl.SSLSocket:
    """TLS over ``sock``, the certificate checked against ``host``.

    Raises:
        CertificateInvalid, TlsNotSpoken, TlsFailed, ServerSilent.
        Interrupted: ``interrupted()`` said so while waiting.
    """
    port = int(sock.getpeername()[1])
    sock.settimeout(min(_LOOK_EVERY_S, seconds))
    try:
        return _shaken(context, sock, host, seconds, interrupted)
    except Interrupted:
        sock.close()
        raise
    except ssl.SSLCertVerificationError as error:
        sock.close()
        raise untrusted(error, host) from error
    except TimeoutError as error:
        sock.close()
        raise ServerSilent(host, port, during_tls=True) from error
    except ssl.SSLError as error:
        sock.close()
        if (error.reason or "") in _NOT_TLS:
            raise TlsNotSpoken(host, port) from error
        raise TlsFailed(host, (error.reason or "").replace("_", " ").lower()) from error
    except OSError as error:
        sock.close()
        raise TlsFailed(host, "connection closed") from error


def _shaken(
    context: ssl.SSLContext,
    sock: socket.socket,
    host: str,
    seconds: float,
    interrupted: Callable[[], bool],
) -> ssl.SSLSocket:
    wrapped = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                wrapped.do_handshake()
            except TimeoutError:  # a handshake goes on where it was
                if interrupted():
                    raise Interrupted from None
                if time.monotonic() > deadline:
                    raise
            else:
                wrapped.settimeout(seconds)
                return wrapped
    except (OSError, Interrupted):
        wrapped.close()
        raise


def untrusted(error: ssl.SSLCertVerificationError, host: str) -> CertificateInvalid:
    """What a refused certificate means."""
    fault = _FAULTS.get(error.verify_code, CertificateFault.OTHER)
    return CertificateInvalid(host, fault, error.verify_message)


def translate(cause: BaseException, host: str, port: int) -> UserError:
    """The error of a connection that broke while it was being set up."""
    if isinstance(cause, TimeoutError):
        return ServerSilent(host, port)
    return ConnectionClosed(host)
