"""CSV and its cousins: bytes → rows of text, exactly as written."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.errors.files import EncodingWrong, FileEmpty, LineEndless, NotText, TooManyRows
from app.spreadsheet.encodings import Guess, guess_encoding

DELIMITERS = (";", "\t", ",", "|")
MOST_ROWS = 2_000_000
_LONGEST_CELL = 100_000  # a spreadsheet cell holds 32,767 characters
_SNIFFED_ROWS = 25
_FEW = 20  # control characters that may be there by accident
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A decoded text file, its delimiter found."""

    text: str
    guess: Guess
    delimiter: str
    control_characters: int
    #: 1 when the first line was « sep=; », which a spreadsheet does not show
    skipped_lines: int = 0

    def rows(self, name: str) -> Iterator[list[str]]:
        """Every record; a record over several lines is one row, as in a spreadsheet.

        Raises:
            LineEndless: a quote that is never closed, or a line without end.
            TooManyRows: more than two million.
        """
        return _records(self.text, self.delimiter, name)


def read_text(name: str, data: bytes, encoding: str | None, delimiter: str | None) -> TextFile:
    """Decode and sniff; ``encoding`` and ``delimiter`` are the user's choice, or None."""
    guess = Guess(encoding, is_sure=True) if encoding else guess_encoding(data)
    try:
        text = data.decode(guess.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise EncodingWrong(name, guess.encoding) from error
    text = text.removeprefix("\ufeff")
    null = text.find("\0")
    if null >= 0:
        raise NotText(name, text.count("\n", 0, null) + 1)
    control = len(_CONTROL.findall(text))
    if control > max(_FEW, len(text) // 20):
        raise NotText(name, 1)
    if control:
        text = _CONTROL.sub(" ", text)
    if not text.strip():
        raise FileEmpty(name)
    announced = _SEPARATOR_LINE.match(text)
    if announced:
        text = text[announced.end() :]
    chosen = delimiter or (announced[1] if announced else None) or sniff_delimiter(text)
    return TextFile(text, guess, chosen, control, 1 if announced else 0)


def sniff_delimiter(text: str) -> str:
    """The delimiter that gives the most rows of one same, largest width; « ; » when there is one column."""
    start = text[:200_000]
    best, best_score = DELIMITERS[0], 0
    for delimiter in DELIMITERS:
        if delimiter not in start:
            continue
        widths = Counter(_widths(start, delimiter))
        width, rows = max(widths.items(), key=lambda item: ((item[0] - 1) * item[1], item[0]))
        score = (width - 1) * rows
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(text: str, delimiter: str) -> Iterator[int]:
    try:
        for number, record in enumerate(_records(text, delimiter, "")):
            if number >= _SNIFFED_ROWS:
                return
            if record:
                yield len(record)
    except LineEndless:
        return


def _records(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_lines(text, name), delimiter=delimiter)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if number > MOST_ROWS:
                raise TooManyRows(name, MOST_ROWS)
            yield record
    except csv.Error as error:
        raise LineEndless(name, number + 1) from error


def _lines(text: str, name: str) -> Iterator[str]:
    """Lines ended by LF, CR LF or the CR of old Macs; a line of megabytes is refused before it is parsed."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > 10 * _LONGEST_CELL:
            raise LineEndless(name, number)
        yield line
