"""One PDF of a print run: written under a temporary name, proved, then given its name."""

import os
from collections.abc import Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from app.core.errors.paper import ProofFailed
from app.paper.envelopes import Zone
from app.paper.joined_pdf import JoinedPdf
from app.paper.laid_out import LaidOutLetter, LaidOutPage, PageRange, sheets_of
from app.paper.proof import ExpectedPages, ProofReport
from app.paper.proof_parts import prove_in_parts
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
        self._expected = ExpectedPages()

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

    def add_letters(self, letters: Sequence[LaidOutLetter], *, duplex: bool) -> None:
        """Add letters, in this order."""
        for letter in letters:
            at, pages = self._pdf.pages, len(letter.pages)
            code = letter.letter.code
            self.ranges.append(PageRange(code, at, pages, sheets_of(pages, duplex=duplex)))
            self._expected.add_letter(code, pages, *letter.prints)
            self._pdf.append(letter.pdf, letter.pages)
            if duplex and pages % 2 == 1:
                self._add_blank()

    def add_sheet(self, pdf: bytes, text: int, *, duplex: bool) -> None:
        """Add a one-page separator with its fingerprint."""
        self._expected.add_sheet(1, text)
        self._pdf.append(pdf, [LaidOutPage(0)])
        if duplex:
            self._add_blank()

    def _add_blank(self) -> None:
        self._expected.add_sheet(1)
        self._pdf.add_blank_page()

    def prove(self, window: Zone) -> Generator[int, None, tuple[str, ProofReport]]:
        """Finish the file on the disk and re-read it, telling the pages read; its SHA-256 and the report.

        Raises:
            ProofFailed: a page is not what it should be.
        """
        digest = self._pdf.finish()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        report = yield from prove_in_parts(self.temporary, self._expected, window=window)
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
        self._pdf.close()
        try:
            self._stream.close()
        except OSError:
            pass  # a full disk refuses the last bytes once more; the file goes
        finally:
            self.temporary.unlink(missing_ok=True)
