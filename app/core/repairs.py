"""Undisputed repairs of a whole list, counted by column: « 412 codes postaux complétés : 1000 → 01000 »."""

from array import array
from dataclasses import dataclass, field

from app.core.cleaned import State
from app.core.issue import Issue, Level
from app.core.recipient import list_and_row
from app.core.row_values import CleanedRow


@dataclass(slots=True)
class _Repair:
    rows: "array[int]" = field(default_factory=lambda: array("q"))
    seen: str = ""
    kept: str = ""


class RepairLog:
    """Every repaired cell leaves its row number here; nothing changes without a trace."""

    def __init__(self) -> None:
        self._repairs: dict[tuple[str, str], _Repair] = {}

    def note(self, cleaned: CleanedRow) -> None:
        """Count the repairs of one row."""
        for cell in cleaned.marks:
            mark = cell.mark
            if mark.state is State.REPAIRED:
                key = (mark.code, cell.column.header)
                repair = self._repairs.get(key)
                if repair is None:
                    repair = _Repair(
                        array("q"), str(mark.facts.get("seen", "")), str(mark.facts.get("kept", ""))
                    )
                    self._repairs[key] = repair
                repair.rows.append(cleaned.recipient.row)

    def add(self, code: str, header: str, rows: list[int], seen: str, kept: str) -> None:
        """Count the repairs of one kind in one column, for rows that follow those counted before."""
        repair = self._repairs.get((code, header))
        if repair is None:
            repair = self._repairs[code, header] = _Repair(array("q"), seen, kept)
        repair.rows.extend(rows)

    def counted(self) -> list[tuple[str, str, list[int], str, str]]:
        """Kind, header, rows, what was seen and kept first: what ``add`` takes."""
        return [
            (code, header, repair.rows.tolist(), repair.seen, repair.kept)
            for (code, header), repair in self._repairs.items()
        ]

    def issues(self, list_number: int) -> list[Issue]:
        """One remark for each kind of repair and column, with all its rows (« 2-17,19 »)."""
        return [
            Issue(
                f"repaired_{code}",
                Level.INFO,
                None,
                header,
                {
                    "count": len(repair.rows),
                    "rows": row_ranges(repair.rows),
                    "seen": repair.seen,
                    "kept": repair.kept,
                    "list": list_number,
                },
            )
            for (code, header), repair in self._repairs.items()
        ]


def row_ranges(rows: "array[int]") -> str:
    """« 2-17,19 »: row numbers as the spreadsheet shows them."""
    parts: list[str] = []
    start = previous = -1
    for row in rows:
        shown = list_and_row(row)[1]
        if shown == previous + 1 or shown == previous:
            previous = shown
            continue
        if start >= 0:
            parts.append(f"{start}-{previous}" if previous > start else str(start))
        start = previous = shown
    if start >= 0:
        parts.append(f"{start}-{previous}" if previous > start else str(start))
    return ",".join(parts)
