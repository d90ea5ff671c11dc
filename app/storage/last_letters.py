"""Each person's last letter, whatever its run: what a follow-up starts from."""

from array import array

from app.core.campaign import DeliveryStatus
from app.storage.calls import Calls

_REPLACED = DeliveryStatus.REPLACED.value
_LAST = "(SELECT max(id) AS id FROM deliveries WHERE status <> ? GROUP BY recipient_id)"  # one per person


class LastLetters(Calls):
    """Reading across runs."""

    def last_letter_ids(self) -> "array[int]":
        """Keys of the last letter of each person, in order."""
        rows = self._rows(f"SELECT id FROM {_LAST} ORDER BY id", (_REPLACED,))  # noqa: S608 - names are ours, values are bound
        return array("q", (row[0] for row in rows))

    def last_letter_counts(self) -> dict[DeliveryStatus, int]:
        """How many people by the state of their last letter; not those left out since."""
        rows = self._rows(
            f"SELECT d.status, count(*) FROM {_LAST} JOIN deliveries d USING (id) "  # noqa: S608 - names are ours, values are bound
            "JOIN recipients r ON r.id = d.recipient_id WHERE r.excluded = '' AND d.status <> ? "
            "GROUP BY d.status",
            (_REPLACED, DeliveryStatus.EXCLUDED.value),
        )
        return {DeliveryStatus(status): int(people) for status, people in rows}
