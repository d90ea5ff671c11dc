"""A list as read: rows of text, exactly what the spreadsheet shows."""

from typing import NamedTuple

from typing_extensions import override


class RawRow(NamedTuple):
    """One row; ``number`` is the row number the spreadsheet shows (from 1). ``repr`` shows no cell."""

    number: int
    cells: tuple[str, ...]

    @override
    def __repr__(self) -> str:
        return f"RawRow({self.number}, {len(self.cells)} cells)"

    def is_blank(self) -> bool:
        """True when no cell holds anything but blanks."""
        return not any(self.cells) or not "".join(self.cells).strip()
