"""A name server (DNS, RFC 1035) on loopback with a few records; it can also fail or say nothing."""

import socket
import threading
from dataclasses import dataclass, field
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

HOST = "127.0.0.1"


@dataclass
class NameServer:
    """A context manager. ``records``: (name, kind) → texts in zone-file form; ``asked``: what was looked up."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    broken: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)  # noqa: TID251
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as knock:
            knock.sendto(b"", (HOST, self.port))
        self._thread.join(timeout=10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            data, sender = self._socket.recvfrom(4_096)
            if not data:
                return
            question = dns.message.from_wire(data)
            (asked,) = question.question
            name, kind = asked.name.to_text().rstrip("."), dns.rdatatype.to_text(asked.rdtype)
            self.asked.append((name, kind))
            answer = dns.message.make_response(question)
            answer.flags |= dns.flags.RA
            found = self.records.get((name, kind))
            if self.broken:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif found:
                answer.answer.append(
                    dns.rrset.from_text_list(asked.name, 60, dns.rdataclass.IN, kind, found)
                )
            elif not any(known == name for known, _ in self.records):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self._socket.sendto(answer.to_wire(), sender)
