"""A regular expression learnt from a sheet's own rows: one match is one row, its groups are the cells.

Every program writes its cells in one or two ways per column; learning them from the first rows makes the reading
of a large sheet several times faster than any XML parser. Nothing is skipped: a row that is not matched from
« <row » to « </row> » is learnt in its turn, or the sheet is left to python-calamine.
"""

import re
from dataclasses import dataclass, field

_MOST_COLUMNS = 120
_MOST_FORMS = 8
_LEARNT_ROWS = 200
_ROW = re.compile(r'<row r="\d+"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]{1,3})\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(?=<v>)")
_VALUE = re.compile(r"<v>[^<]+</v>")
_INLINE = re.compile(r'<is><t(?: xml:space="preserve")?>[^<]*</t></is>')


class UnusualSheet(Exception):  # noqa: N818 - no error: python-calamine reads it
    """Written in a way that is not known here."""


@dataclass(slots=True)
class _Form:
    """The ways the cells of one column are written."""

    attributes: list[str] = field(default_factory=list)
    has_value: bool = False
    has_empty: bool = False
    has_formula: bool = False
    has_inline: bool = False

    def learn(self, attributes: str, body: str | None) -> None:
        if attributes not in self.attributes:
            self.attributes.append(attributes)
            if len(self.attributes) > _MOST_FORMS:
                raise UnusualSheet
        formula = _FORMULA.match(body or "")
        if formula and body:
            self.has_formula = True
            body = body[formula.end() :]
        if not body:
            self.has_empty = True
        elif _VALUE.fullmatch(body):
            self.has_value = True
        elif _INLINE.fullmatch(body):
            self.has_inline = True
        else:
            raise UnusualSheet

    def pattern(self, letters: str) -> str:
        """Groups: the attributes when there is more than one form, then the value."""
        written = "|".join(map(re.escape, self.attributes))
        opening = f'<c r="{letters}[0-9]+"' + (
            f"({written})" if len(self.attributes) > 1 else written
        )
        formula = r"(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))?" if self.has_formula else ""
        ways = []
        if self.has_value:
            ways.append(("<v>", "</v>"))
        if self.has_inline:
            ways.append(('<is><t(?: xml:space="preserve")?>', "</t></is>"))
        before = _either(*(way[0] for way in ways))
        after = _either(*(way[1] for way in ways))
        filled = f">{formula}{before}([^<]*){after}</c>"
        if not ways:
            filled = "()(?:/>|></c>)"
        elif self.has_empty:
            filled = f"(?:{filled}|/>|></c>)"
        return f"(?:{opening}{filled})?"


def _either(*ways: str) -> str:
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


@dataclass(frozen=True, slots=True)
class Column:
    """Where one column is found in a match. ``attributes``: of every cell, or empty when a group tells."""

    index: int
    attributes: str
    attribute_group: int
    value_group: int


class SheetPattern:
    """Grows with the rows it is shown."""

    def __init__(self) -> None:
        self._forms: dict[str, _Form] = {}
        self.columns: tuple[Column, ...] = ()
        self._expression: re.Pattern[str] | None = None

    def rows(self, chunk: str) -> list[tuple[str, ...]]:
        """The groups of every row of a chunk that begins and ends between rows.

        Raises:
            UnusualSheet
        """
        wanted = chunk.count("<row")
        for _ in range(_MOST_FORMS):
            if self._expression is not None:
                found: list[tuple[str, ...]] = self._expression.findall(chunk)
                if len(found) == wanted:
                    return found
            self._learn(chunk)
        raise UnusualSheet

    def _learn(self, chunk: str) -> None:
        """Take up the rows that are not matched yet."""
        learnt = 0
        for row in _ROW.finditer(chunk):
            if self._expression is not None and self._expression.fullmatch(row[0]):
                continue
            self._learn_row(row[1] or "")
            learnt += 1
            if learnt >= _LEARNT_ROWS:
                break
        if not learnt:
            raise UnusualSheet
        self._compile()

    def _learn_row(self, cells: str) -> None:
        end = 0
        for cell in _CELL.finditer(cells):
            if cell.start() != end:
                raise UnusualSheet
            end = cell.end()
            letters, attributes, body = cell.groups()
            self._forms.setdefault(letters, _Form()).learn(attributes, body)
        if end != len(cells) or len(self._forms) > _MOST_COLUMNS:
            raise UnusualSheet

    def _compile(self) -> None:
        group, parts, columns = 1, [], []
        for letters in sorted(self._forms, key=lambda text: (len(text), text)):
            form = self._forms[letters]
            parts.append(form.pattern(letters))
            several = len(form.attributes) > 1
            columns.append(
                Column(
                    column_number(letters),
                    "" if several else form.attributes[0],
                    group if several else 0,
                    group + several,
                )
            )
            group += 1 + several
        self.columns = tuple(columns)
        self._expression = re.compile(r'<row r="([0-9]+)"[^>]*(?:/>|>' + "".join(parts) + "</row>)")


def column_number(letters: str) -> int:
    """A → 0, AA → 26."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
