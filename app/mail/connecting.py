"""The way to a mail server, one layer at a time, each failure under its own name."""

import socket
import ssl
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

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
_NOT_TLS = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "RECORD_LAYER_FAILURE")


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
            raise AuthorityFileUnreadable(Path(ca_file).name) from error
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
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise ServerNameUnknown(host) from error


def open_socket(host: str, port: int, security: Security, seconds: float) -> socket.socket:
    """A TCP connection without delay of small packets (the dot is one: 45 ms each otherwise).

    Raises:
        ServerUnreachable: nobody listens, or no way.
        ServerSilent: no answer in time.
        ClearTextForbidden: unprotected, and the other end is not this computer.
    """
    try:
        sock = socket.create_connection((host, port), timeout=seconds)
    except TimeoutError as error:
        raise ServerSilent(host, port) from error
    except OSError as error:
        raise ServerUnreachable(host, port) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if security is Security.PLAIN_LOOPBACK and not is_loopback(str(sock.getpeername()[0])):
        sock.close()
        raise ClearTextForbidden(host)
    return sock


def wrap(sock: socket.socket, context: ssl.SSLContext, host: str, seconds: float) -> ssl.SSLSocket:
    """TLS over ``sock``, the certificate checked against ``host``.

    Raises:
        CertificateInvalid, TlsNotSpoken, TlsFailed, ServerSilent.
    """
    port = int(sock.getpeername()[1])
    sock.settimeout(seconds)
    try:
        return context.wrap_socket(sock, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        sock.close()
        fault = _FAULTS.get(error.verify_code, CertificateFault.OTHER)
        raise CertificateInvalid(host, fault, error.verify_message) from error
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


def translate(cause: BaseException, host: str, port: int) -> UserError:
    """The error of a connection that broke while it was being set up."""
    if isinstance(cause, TimeoutError):
        return ServerSilent(host, port)
    return ConnectionClosed(host)
