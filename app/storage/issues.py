"""Remarks about the list, and what the user decided on each."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.errors import BugError
from app.core.issue import Issue, Level
from app.storage.journal import canonical
from app.storage.prepared import PreparedWriter

_PAGE = 1_000
_COLUMNS = "id, row, level, code, part, facts, span_start, span_end, settled, note"


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """A remark with its key; ``settled`` is the decision's word, empty while open."""

    id: int
    issue: Issue
    settled: str = ""
    note: str = field(default="", repr=False)


def _issue_from(row: Any) -> StoredIssue:
    span = None if row[6] is None else (row[6], row[7])
    issue = Issue(row[3], Level(row[2]), row[1], row[4], json.loads(row[5]), span)
    return StoredIssue(row[0], issue, row[8], row[9])


#: row, level, code, part, facts, start and end of the span
IssueLine = tuple[object, ...]


def issue_line(issue: Issue) -> IssueLine:
    """The values of one remark, as another process can prepare them."""
    start, end = issue.span or (None, None)
    return (
        issue.row,
        issue.level.value,
        issue.code,
        issue.column,
        canonical(issue.facts),
        start,
        end,
    )


class Issues(PreparedWriter):
    """The table ``issues``."""

    def replace_issues(
        self, issues: Iterable[Issue | IssueLine], *, rows: Iterable[int] | None = None
    ) -> int:
        """Put these remarks in place of the former ones; how many.

        A remark that comes back unchanged keeps its decision. With ``rows``, only the remarks about these
        rows of the list are replaced (after a correction).
        """
        with self._writing():
            where, scope = "1", []
            if rows is not None:
                scope = list(rows)
                where = f"row IN ({','.join('?' * len(scope))})"
            settled = {
                tuple(row[:5]): (row[5], row[6])
                for row in self._rows(
                    f"SELECT row, level, code, part, facts, settled, note FROM issues "  # noqa: S608 - names are ours, values are bound
                    f"WHERE settled <> '' AND {where}",
                    scope,
                )
            }
            self._execute(f"DELETE FROM issues WHERE {where}", scope)  # noqa: S608 - names are ours, values are bound

            def lines() -> Iterator[tuple[object, ...]]:
                for issue in issues:
                    values = issue_line(issue) if isinstance(issue, Issue) else issue
                    yield (*values, *settled.get(values[:5], ("", "")))

            cursor = self._connection.executemany(
                "INSERT INTO issues(row, level, code, part, facts, span_start, span_end, settled, note) "
                "VALUES (?,?,?,?,?,?,?,?,?)",
                lines(),
            )
            return max(int(cursor.rowcount), 0)

    def issues(
        self,
        level: Level | None = None,
        code: str = "",
        row: int | None = None,
        *,
        settled: bool | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> Iterator[StoredIssue]:
        """Remarks in the order of the list; whole-list remarks first."""
        parts: list[str] = []
        values: list[object] = []
        for column, value in (
            ("level", level.value if level else ""),
            ("code", code),
            ("row", row),
        ):
            if value or (column == "row" and value is not None):
                parts.append(f"{column} = ?")
                values.append(value)
        if settled is not None:
            parts.append("settled <> ''" if settled else "settled = ''")
        where = " AND ".join(parts) or "1"
        skip, left = offset, limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            rows = self._rows(
                f"SELECT {_COLUMNS} FROM issues WHERE {where} "  # noqa: S608 - names are ours, values are bound
                "ORDER BY row IS NOT NULL, row, id LIMIT ? OFFSET ?",
                (*values, size, skip),
            )
            yield from map(_issue_from, rows)
            if len(rows) < size:
                return
            skip += len(rows)
            left = None if left is None else left - len(rows)

    def issue(self, issue_id: int) -> StoredIssue:
        """One remark by key; BugError when absent."""
        row = self._one(f"SELECT {_COLUMNS} FROM issues WHERE id=?", (issue_id,))  # noqa: S608 - names are ours, values are bound
        if row is None:
            raise BugError("no such issue")
        return _issue_from(row)

    def settle_issue(
        self, issue_id: int, decision: str, note: str = "", now: datetime | None = None
    ) -> None:
        """Note the user's decision (an empty one opens the remark again); ``now`` also writes it in the journal."""
        with self._writing():
            stored = self.issue(issue_id)
            self._execute(
                "UPDATE issues SET settled=?, note=? WHERE id=?", (decision, note, issue_id)
            )
            if now is not None:
                facts = {"issue": stored.issue.code, "decision": decision}
                row = {} if stored.issue.row is None else {"row": stored.issue.row}
                private = {"note": note} if note else None
                self.append_event("issue_settled", {**facts, **row}, now, private=private)

    def issue_counts(self, *, settled: bool | None = False) -> dict[tuple[Level, str], int]:
        """Number of remarks by level and code; open ones unless told (None = all)."""
        where = {None: "1", True: "settled <> ''", False: "settled = ''"}[settled]
        rows = self._rows(
            f"SELECT level, code, count(*) FROM issues WHERE {where} GROUP BY level, code"  # noqa: S608 - names are ours, values are bound
        )
        return {(Level(level), code): count for level, code, count in rows}
