"""A later list meets the people already in the campaign: the same person is updated, never doubled."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from app.core.campaign import DeliveryStatus
from app.core.headers import fold
from app.core.issue import Issue, Level
from app.core.recipient import PostalAddress, Recipient
from app.storage.campaign_file import CampaignFile

#: the letter has left, or may have: this person's record stays as it was when it was written
_WRITTEN = frozenset(
    {
        DeliveryStatus.OPEN,
        DeliveryStatus.DOT,
        DeliveryStatus.ACCEPTED,
        DeliveryStatus.UNCERTAIN,
        DeliveryStatus.PRINTED,
        DeliveryStatus.POSTED,
        DeliveryStatus.HANDED_OVER,
    }
)
_NEVER_TAKEN = frozenset({"row", "id", "excluded", "exclusion_note", "restriction", "address"})
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What a later list changes for one person; ``fields`` are names of Recipient fields."""

    before: Recipient
    #: as the later list would have it; kept as ``before`` when already written to
    after: Recipient
    #: row of the later list
    row: int
    fields: tuple[str, ...]
    already_written: bool = False


class ListMerger:
    """Matches people by birth name, first name and birth date; without a date by name and e-mail.

    With ``dry_run`` nothing is written: the preview of a later list.
    """

    def __init__(self, campaign_file: CampaignFile, *, dry_run: bool = False) -> None:
        self._file = campaign_file
        self._dry_run = dry_run
        self._known: dict[str, int] = {}
        for person in campaign_file.recipients():
            if person.excluded is None or person.exclusion_note == "":
                for key in _keys(person):
                    self._known.setdefault(key, person.id)
        self.matched = self.updated = self.unchanged = self.already_written = 0
        self.changes: list[PersonChange] = []
        self._issues: list[Issue] = []

    def take(self, person: Recipient) -> bool:
        """True when this is somebody known, now updated; False for somebody to add."""
        known_id = next((self._known[key] for key in _keys(person) if key in self._known), None)
        if known_id is None:
            return False
        known = self._file.recipient(known_id)
        self.matched += 1
        merged, changed = merge(known, person)
        if not changed:
            self.unchanged += 1
            return True
        written = self._is_written(known_id)
        if len(self.changes) < _MOST_SHOWN:
            self.changes.append(PersonChange(known, merged, person.row, changed, written))
        facts: dict[str, str | int] = {"fields": ",".join(changed), "other_row": person.row}
        if written:
            self.already_written += 1
            self._issues.append(Issue("changed_after_letter", Level.CHECK, known.row, "", facts))
            return True
        self.updated += 1
        self._issues.append(Issue("updated_by_list", Level.INFO, known.row, "", facts))
        if not self._dry_run:
            self._file.update_recipient(merged)
        return True

    def _is_written(self, recipient_id: int) -> bool:
        return any(
            delivery.status in _WRITTEN for delivery in self._file.deliveries_of(recipient_id)
        )

    def finish(self) -> list[Issue]:
        """One remark for each person changed, or that could not be."""
        return self._issues


def merge(known: Recipient, later: Recipient) -> tuple[Recipient, tuple[str, ...]]:
    """``known`` with what ``later`` gives and says otherwise; an empty cell erases nothing.

    An address is taken whole, never mixed from two lists. « Ne pas écrire », once said, stays.
    """
    changed: dict[str, object] = {}
    for item in fields(Recipient):
        name = item.name
        if name in _NEVER_TAKEN:
            continue
        value = getattr(later, name)
        if value == item.default or value == getattr(known, name):
            continue
        changed[name] = value
    if (
        later.address != known.address
        and later.address != PostalAddress()
        and (later.address.is_complete() or not known.address.is_complete())
    ):
        changed["address"] = later.address
    if (
        later.restriction is not Recipient(0).restriction
        and later.restriction is not known.restriction
    ):
        changed["restriction"] = later.restriction
    if later.excluded is not None and known.excluded is None:
        changed["excluded"] = later.excluded
    return (replace(known, **changed), tuple(changed)) if changed else (known, ())  # type: ignore[arg-type]  # names are fields of Recipient


def _keys(person: Recipient) -> Iterator[str]:
    name, first = person.birth_name or person.last_name, person.first_name
    if not name or not first:
        return
    if person.birth_date is not None:
        day = person.birth_date.toordinal()
        yield f"{fold(name)}|{fold(first)}|{day}"
        if person.last_name and person.last_name != name:
            yield f"{fold(person.last_name)}|{fold(first)}|{day}"
    elif person.email:
        yield f"{fold(name)}|{fold(first)}|{person.email.lower()}"
