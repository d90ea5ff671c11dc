"""One PDF of a print run: written under a temporary name, proved, then given its name."""

import os
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Self

from app.core.errors.paper import ProofFailed
from app.paper.engine import PageRange, sheets_of
from app.paper.envelopes import Zone
from app.paper.joined_pdf import JoinedPdf
from app.paper.proof import Expected, ExpectedLetter, ExpectedSheet, ProofReport, prove_steps
from app.paths import sync_folder

TEMPORARY_SUFFIX = ".en-cours"


class PrintPart:
    """Use as a context manager: leaving it removes what is still under the temporary name."""

    def __init__(self, path: Path, title: str) -> None:
        self.path = path
        self.temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
        self._stream = self.temporary.open("wb")
        self._pdf = JoinedPdf(self._stream, title)
        self.ranges: list[PageRange] = []
        self._expected: list[Expected] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.discard()

    @property
    def size(self) -> int:
        """Bytes, the table of objects not counted."""
        return self._pdf.size

    @property
    def pages(self) -> int:
        """Pages so far, blank ones included."""
        return self._pdf.pages

    def add_letters(
        self, pdf: bytes, found: list[PageRange], prints: list[tuple[int, int]], *, duplex: bool
    ) -> None:
        """Add letters of one chunk; ``prints`` are their fingerprints (address, text)."""
        at = self._pdf.pages
        runs: list[tuple[int, int, bool]] = []
        for pages, (address, text) in zip(found, prints, strict=True):
            blank = duplex and pages.pages % 2 == 1
            sheets = sheets_of(pages.pages, duplex=duplex)
            self.ranges.append(PageRange(pages.code, at, pages.pages, sheets))
            self._expected.append(ExpectedLetter(pages.code, at, pages.pages, address, text))
            at += pages.pages
            if blank:
                self._expected.append(ExpectedSheet(at, 1))
                at += 1
            runs.append((pages.first_page, pages.pages, blank))
        self._pdf.append(pdf, runs)

    def add_sheet(self, pdf: bytes, text: int, *, duplex: bool) -> None:
        """Add a one-page separator with its fingerprint."""
        at = self._pdf.pages
        self._expected.append(ExpectedSheet(at, 1, text))
        if duplex:
            self._expected.append(ExpectedSheet(at + 1, 1))
        self._pdf.append(pdf, [(0, 1, duplex)])

    def prove(self, window: Zone) -> Generator[int, None, tuple[str, ProofReport]]:
        """Finish the file on the disk and re-read it, telling the pages read; its SHA-256 and the report.

        Raises:
            ProofFailed: a page is not what it should be.
        """
        digest = self._pdf.finish()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        report = yield from prove_steps(self.temporary, self._expected, window=window)
        if not report.is_clean:
            first = report.findings[0]
            raise ProofFailed(first.page, first.finding.value, report.finding_count)
        return digest, report

    def publish(self) -> int:
        """Give the file its final name; its size."""
        self.temporary.replace(self.path)
        sync_folder(self.path.parent)
        return self.path.stat().st_size

    def discard(self) -> None:
        """Remove what was not published."""
        self._stream.close()
        self.temporary.unlink(missing_ok=True)
