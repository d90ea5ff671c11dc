"""A local identity provider over https: gives codes and tokens, checks PKCE as RFC 7636 says."""

import base64
import hashlib
import json
import secrets
import ssl
import threading
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import trustme
from typing_extensions import override

from app.mail.oauth import IdentityProvider

HOST = "127.0.0.1"


@dataclass
class LocalIdentity:
    """A context manager; ``access`` is the token it accepts as valid, ``refused`` its next answer if set."""

    lifetime: int = 3_600
    access: str = ""
    refresh: str = ""
    refused: str = ""
    questions: list[dict[str, str]] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.authority = trustme.CA()

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer((HOST, 0), _Tokens)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(HOST).configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.identity = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)  # noqa: TID251
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def provider(self) -> IdentityProvider:
        """As the program sees it."""
        base = f"https://{HOST}:{self._server.server_port}"
        return IdentityProvider(
            "microsoft", f"{base}/authorize", f"{base}/token", ("SMTP.Send", "offline_access"), HOST
        )

    def ca_file(self, folder: Path) -> str:
        """Its authority as a file."""
        file = folder / "identite.pem"
        self.authority.cert_pem.write_to_path(str(file))
        return str(file)

    def browser(self, *, error: str = "", state: str = "") -> Any:
        """A person at the browser: says yes (or ``error``) and is sent back to the program."""

        def open_page(url: str) -> None:
            asked = {
                name: values[0]
                for name, values in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).items()
            }
            assert asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(8)
            self.challenges[code] = asked["code_challenge"]
            facts = {"state": state or asked["state"]}
            facts |= {"error": error, "error_description": "non"} if error else {"code": code}
            address = f"{asked['redirect_uri']}/?{urllib.parse.urlencode(facts)}"
            threading.Thread(target=_come_back, args=(address,), daemon=True).start()  # noqa: TID251

        return open_page

    def new_tokens(self) -> dict[str, object]:
        """Fresh ones; the former no longer hold."""
        self.access, self.refresh = secrets.token_urlsafe(900), secrets.token_urlsafe(1_200)
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": self.lifetime,
            "token_type": "Bearer",
        }


def _come_back(address: str) -> None:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback
            answer.read()
    except OSError:
        return


class _Tokens(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        identity: LocalIdentity = self.server.identity  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in urllib.parse.parse_qs(body).items()}
        identity.questions.append(asked)
        error = identity.refused
        if asked["grant_type"] == "authorization_code":
            digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
            proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if identity.challenges.pop(asked["code"], None) != proof:
                error = "invalid_grant"
        elif asked["refresh_token"] != identity.refresh:
            error = "invalid_grant"
        facts = {"error": error} if error else identity.new_tokens()
        answer = json.dumps(facts).encode()
        self.send_response(400 if error else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
