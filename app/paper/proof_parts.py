"""The proof of a long file by several processes, each its part: pdfium reads one page at a time in a process.

A child gets numbers and codes, no text, and answers in JSON; nothing received from it is executed or unpickled.
"""

import json
import multiprocessing
import os
from collections.abc import Generator, Sequence
from dataclasses import astuple, dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from app.paper.envelopes import Zone
from app.paper.proof import (
    MOST_FINDINGS,
    ExpectedPages,
    Finding,
    ProofFinding,
    ProofReport,
    prove_steps,
)

#: pages that are read in the time a process takes to start
_LEAST_PAGES = 1_000
_MOST_PARTS = 4
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class ProofPart:
    """What one process has to prove; picklable."""

    path: Path
    expected: ExpectedPages
    window: Zone
    is_last: bool

    def steps(self) -> Generator[int, None, ProofReport]:
        """Prove it, telling now and then how many pages of this part were read."""
        return prove_steps(
            self.path,
            self.expected,
            window=self.window,
            first_page=self.expected.first_page,
            to_the_end=self.is_last,
        )


def prove_in_parts(
    path: Path, expected: ExpectedPages, *, window: Zone, parts: int = 0
) -> Generator[int, None, ProofReport]:
    """As ``prove_steps`` for a whole file; ``parts``: 0 for as many as help."""
    helpful = min(_MOST_PARTS, os.cpu_count() or 1, expected.pages // _LEAST_PAGES)
    count = max(1, parts or helpful)
    cut = expected.parts(count)
    own, *others = (ProofPart(path, part, window, part is cut[-1]) for part in cut)
    children: list[_Child] = []
    try:
        children.extend(_Child(part) for part in others)
        reports = [(yield from _own_part(own, children))]
        while waiting := [child for child in children if not child.has_ended]:
            wait([child.connection for child in waiting], _LOOK_SECONDS)
            yield _read(own, waiting, children)
        for child, part in zip(children, others, strict=True):
            # a child that could not start or was stopped from outside leaves its pages to be read here
            reports.append(child.report or (yield from part.steps()))
    finally:
        for child in children:
            child.end()
    return _put_together(reports)


def _own_part(own: ProofPart, children: Sequence["_Child"]) -> Generator[int, None, ProofReport]:
    steps = own.steps()
    while True:
        try:
            read = next(steps)
        except StopIteration as end:
            report: ProofReport = end.value
            return report
        for child in children:
            child.listen()
        yield read + sum(child.pages_read for child in children)


def _read(own: ProofPart, waiting: Sequence["_Child"], children: Sequence["_Child"]) -> int:
    for child in waiting:
        child.listen()
    return own.expected.pages + sum(child.pages_read for child in children)


def _put_together(reports: Sequence[ProofReport]) -> ProofReport:
    findings = [found for report in reports for found in report.findings]
    return ProofReport(
        reports[0].pages,
        sum(report.letters for report in reports),
        tuple(findings[:MOST_FINDINGS]),
        sum(report.finding_count for report in reports),
    )


class _Child:
    """A process that proves one part, seen from its parent."""

    def __init__(self, part: ProofPart) -> None:
        # fork would copy Qt's threads and open connections
        context = multiprocessing.get_context("spawn")
        self.connection: Any
        self.connection, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=main, args=(theirs, part), daemon=True)
        self.pages_read = 0
        self.report: ProofReport | None = None
        self.has_ended = False
        self._has_started = True
        try:
            self._process.start()
        except OSError:  # the system allows no more processes
            self.has_ended, self._has_started = True, False
        theirs.close()

    def listen(self) -> None:
        """Take what the child has said meanwhile."""
        while not self.has_ended and self.connection.poll():
            try:
                said: dict[str, Any] = json.loads(self.connection.recv_bytes())
            except (EOFError, OSError):
                self.has_ended = True
                return
            if "read" in said:
                self.pages_read = int(said["read"])
                continue
            found = (
                ProofFinding(int(page), Finding(kind), str(code))
                for page, kind, code in said["findings"]
            )
            self.report = ProofReport(said["pages"], said["letters"], tuple(found), said["count"])
            self.has_ended = True

    def end(self) -> None:
        """Stop the process if it still runs."""
        self.connection.close()
        if not self._has_started:
            return
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._process.close()


def main(connection: Connection, part: ProofPart) -> None:
    """Prove ``part`` and send what was found; called in the child."""
    try:
        report = _told(part.steps(), connection)
        findings = [astuple(found) for found in report.findings]
        _send(
            connection,
            {
                "pages": report.pages,
                "letters": report.letters,
                "findings": findings,
                "count": report.finding_count,
            },
        )
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # the parent has gone or has stopped us
    finally:
        connection.close()


def _told(steps: Generator[int, None, ProofReport], connection: Connection) -> ProofReport:
    while True:
        try:
            _send(connection, {"read": next(steps)})
        except StopIteration as end:
            report: ProofReport = end.value
            return report


def _send(connection: Connection, said: dict[str, object]) -> None:
    connection.send_bytes(json.dumps(said).encode())
