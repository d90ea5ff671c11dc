"""Settings published by a domain, fetched over real https on loopback."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from typing_extensions import override

from app.mail.autoconfig import fetch_https

HOST = "127.0.0.1"


@dataclass
class Site:
    """What the server answers by path, and what was asked of it."""

    pages: dict[str, tuple[int, bytes]]
    port: int = 0
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"https://{HOST}:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.asked.append(self.path)
        status, body = site.pages.get(self.path, (404, b""))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", body.decode())
            body = b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Site]:
    server = ThreadingHTTPServer((HOST, 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_port
    made = Site(
        {
            "/ok": (200, b"<clientConfig/>"),
            "/large": (200, b"x" * 300_000),
            "/clear": (302, f"http://{HOST}:{port}/ok".encode()),
            "/moved": (302, f"https://{HOST}:{port}/ok".encode()),
        },
        port,
    )
    server.site = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)  # noqa: TID251
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The computer knows this authority."""
    file = tmp_path / "systeme.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


@pytest.mark.usefixtures("trusted")
def test_a_page_is_fetched_and_a_protected_redirect_followed(site: Site) -> None:
    assert fetch_https(site.url("/ok")) == b"<clientConfig/>"
    assert fetch_https(site.url("/moved")) == b"<clientConfig/>"
    assert fetch_https(site.url("/absent")) is None


@pytest.mark.usefixtures("trusted")
def test_nobody_is_sent_to_clear_text(site: Site) -> None:
    assert fetch_https(site.url("/clear")) is None
    assert site.asked == ["/clear"]


@pytest.mark.usefixtures("trusted")
def test_a_page_too_large_for_settings_is_none(site: Site) -> None:
    assert fetch_https(site.url("/large")) is None


def test_a_server_nobody_vouches_for_says_nothing(site: Site) -> None:
    assert fetch_https(site.url("/ok")) is None
    assert site.asked == []
