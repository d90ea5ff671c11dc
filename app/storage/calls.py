"""Calls of patients: counted by question, and the letter they were about."""

from datetime import datetime

from app.storage.documents import Documents
from app.storage.instants import to_micros


class Calls(Documents):
    """The table ``calls``."""

    def add_call(
        self, question: str, now: datetime, *, delivery_id: int | None = None, note: str = ""
    ) -> None:
        """Note one call; ``note`` may name somebody and goes with the names."""
        with self._writing():
            self._insert(
                "INSERT INTO calls(at, question, delivery_id, note) VALUES (?,?,?,?)",
                (to_micros(now), question, delivery_id, note),
            )
            facts: dict[str, str | int] = {"question": question}
            self.append_event("patient_call", facts, now, delivery_id=delivery_id or 0)

    def call_counts(self) -> dict[str, int]:
        """Number of calls by question, most frequent first."""
        rows = self._rows(
            "SELECT question, count(*) FROM calls GROUP BY question ORDER BY 2 DESC, 1"
        )
        return {str(question): int(count) for question, count in rows}
