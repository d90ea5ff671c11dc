"""The values written in a sheet → the text a French spreadsheet shows, a whole column at a time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.spreadsheet.cell_dates import date_text, is_date_format, is_in_short, shows_whole_date
from app.spreadsheet.cell_text import FRENCH_ERRORS, general, is_plain, number_text
from app.spreadsheet.sheet_pattern import UnusualSheet

_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_WHOLE = re.compile(r"(?:(?:0|[1-9][0-9]{0,14})?\x1f)*")
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_SURE_DAY, _LAST_DAY = 61, 2_958_465  # 1 March 1900, 31 December 9999
_BETWEEN_EPOCHS = 1462
_DAY_MS = 86_400_000
_DAY_LETTERS = re.compile(r"[dyj]", re.IGNORECASE)
_EXACT = 1e15
_SHORTEST_DATE = 6  # « 12:30 » is a time
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def plain_text(written: str) -> str:
    """XML references replaced.

    Raises:
        UnusualSheet: a reference or an escape that is not known here.
    """
    if _ESCAPED.search(written) or "\r" in written:
        raise UnusualSheet
    text, known = _ENTITY.subn(_referred, written)
    if written.count("&") != known:
        raise UnusualSheet
    return text


def _referred(match: "re.Match[str]") -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not (code in (9, 10) or 32 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF):
        raise UnusualSheet
    return chr(code)


class _Memory(dict[str, str]):
    """Answers already given: dates, postcodes and towns come back thousands of times."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        super().__init__({"": ""})
        self._convert = convert

    def __missing__(self, written: str) -> str:
        text = self[written] = self._convert(written)
        return text


@dataclass(frozen=True, slots=True)
class _Converter:
    """For cells of one style and type."""

    known: dict[str, str]
    #: whole numbers are shown as they are written
    is_plain: bool = False
    #: dates that are given in full although the sheet shows less
    in_short: bool = False


class Converters:
    """One converter for each way a cell is marked, made when it is first met."""

    def __init__(self, strings: list[str], codes: dict[int, str], *, is_1904: bool) -> None:
        self._strings = dict(zip(map(str, range(len(strings))), strings, strict=True))
        self._strings[""] = ""
        self._codes = codes
        self._epoch = _EPOCH_1904 if is_1904 else _EPOCH
        self._first_day = 0 if is_1904 else _FIRST_SURE_DAY
        self._last_day = _LAST_DAY - (_BETWEEN_EPOCHS if is_1904 else 0)
        self._made: dict[str, _Converter] = {}
        self.dates_completed = 0

    def column(self, attributes: str, values: Sequence[str]) -> list[str]:
        """The texts of a column whose cells are all marked alike; an absent cell is empty.

        Raises:
            UnusualSheet
        """
        converter = self._of(attributes)
        if converter.is_plain and _WHOLE.fullmatch("\x1f".join(values) + "\x1f"):
            return list(values)
        try:
            texts = list(map(converter.known.__getitem__, values))
        except (KeyError, ValueError, OverflowError) as error:
            raise UnusualSheet from error
        if converter.in_short:
            self.dates_completed += sum(len(text) >= _SHORTEST_DATE for text in texts)
        return texts

    def mixed(self, attributes: Sequence[str], values: Sequence[str]) -> list[str]:
        """The same for a column whose cells are not all marked alike."""
        known = {one: self._of(one).known for one in set(attributes)}
        try:
            texts = [known[one][value] for one, value in zip(attributes, values, strict=True)]
        except (KeyError, ValueError, OverflowError) as error:
            raise UnusualSheet from error
        for one in known:
            if self._of(one).in_short:
                marked = zip(attributes, texts, strict=True)
                self.dates_completed += sum(
                    mark == one and len(text) >= _SHORTEST_DATE for mark, text in marked
                )
        return texts

    def _of(self, attributes: str) -> _Converter:
        made = self._made.get(attributes)
        if made is None:
            made = self._made[attributes] = self._make(attributes)
        return made

    def _make(self, attributes: str) -> _Converter:
        found = dict(_ATTRIBUTE.findall(attributes))
        if "".join(f' {name}="{value}"' for name, value in found.items()) != attributes:
            raise UnusualSheet
        kind, style = found.get("t", "n"), found.get("s", "0")
        if kind == "s":
            return _Converter(self._strings)
        if kind in ("str", "inlineStr"):
            return _Converter(
                _Memory(
                    lambda value: (
                        plain_text(value)
                        if "&" in value or "_x" in value or "\r" in value
                        else value
                    )
                )
            )
        if kind == "b":
            return _Converter(_Memory({"1": "VRAI", "0": "FAUX"}.__getitem__))
        if kind == "e":
            return _Converter(_Memory(lambda value: FRENCH_ERRORS.get(value, value)))
        if kind != "n" or not style.isdigit():
            raise UnusualSheet
        code = self._codes.get(int(style), "General")
        if is_date_format(code):
            return _Converter(
                _Memory(lambda value: self._moment(value, code)), in_short=is_in_short(code)
            )
        return _Converter(_Memory(lambda value: _number(value, code)), is_plain(code))

    def _moment(self, written: str, code: str) -> str:
        value = float(written)
        shown = "" if shows_whole_date(code) else code
        if (
            _ELAPSED.search(code)
            or (1 <= value < self._first_day)
            or not 0 <= value < self._last_day
        ):
            raise UnusualSheet  # lengths of time, and the days around 29 February 1900, which never was
        milliseconds = round(value * _DAY_MS)
        if value < 1 and (self._epoch is _EPOCH or not _DAY_LETTERS.search(code)):
            moment = datetime(1, 1, 1) + timedelta(milliseconds=milliseconds)  # noqa: DTZ001 - a cell has no zone
            return date_text(moment.time(), shown)
        days, rest = divmod(milliseconds, _DAY_MS)
        day = self._epoch + timedelta(days=days)
        if not rest:
            return date_text(day, shown)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a cell has no zone
        return date_text(midnight + timedelta(milliseconds=rest), shown)


def _number(written: str, code: str) -> str:
    value = float(written)
    if not is_plain(code):
        return number_text(value, code)
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else general(value)
