"""What the list of patients shows, read from the campaign file in one go: counts, filters, keys."""

from array import array
from dataclasses import dataclass, replace

from app.core.issue import Level
from app.core.recipient import ExclusionReason
from app.storage.campaign_file import CampaignFile
from app.ui.models.issues import FilterKey, PatientFilter, patient_filters
from app.wording.french import count, number


@dataclass(frozen=True, slots=True)
class ListWish:
    """Which patients are wanted.

    ``filter_key`` None means everybody; ``to_fix`` the gravest level that shows somebody, whatever the key.
    """

    filter_key: FilterKey | None = None
    to_fix: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListState:
    """The answer: ``chosen`` is a place in ``filters``; ``keys`` are those of the people shown, in order."""

    sentence: str
    filters: tuple[PatientFilter, ...]
    chosen: int
    keys: "array[int]"
    has_file_remarks: bool
    has_rows_to_fix: bool


def read_list(campaign_file: CampaignFile, wish: ListWish) -> ListState:
    """Ask the file everything the list shows; up to half a second at 300,000 people."""
    filters = tuple(patient_filters(campaign_file))
    chosen = _place(filters, wish)
    keys = campaign_file.recipient_ids(replace(filters[chosen].query, text=wish.text))
    counts = campaign_file.issue_counts()
    return ListState(
        counts_sentence(campaign_file),
        filters,
        chosen,
        keys,
        any(_is_about_the_file(campaign_file)),
        any(level is Level.BLOCKING and not code.startswith("letter_") for level, code in counts),
    )


def read_list_apart(campaign_file: CampaignFile, wish: ListWish) -> ListState:
    """The same from another thread, on a connection of its own."""
    own = campaign_file.reopen()
    try:
        return read_list(own, wish)
    finally:
        own.close()


def _place(filters: tuple[PatientFilter, ...], wish: ListWish) -> int:
    for place, item in enumerate(filters):
        is_level = item.query.issue_level is not None and not item.query.issue_code
        if (wish.to_fix and is_level) or (not wish.to_fix and item.key == wish.filter_key):
            return place
    return 0


def _is_about_the_file(campaign_file: CampaignFile) -> list[bool]:
    return [
        stored.issue.row is None and not stored.issue.code.startswith("letter_")
        for stored in campaign_file.issues(settled=False, limit=200)
    ]


def counts_sentence(campaign_file: CampaignFile) -> str:
    """« 2 831 lignes : 2 820 patients à prévenir, 5 doublons, 3 points à corriger. »."""
    people = campaign_file.count_recipients()
    excluded = campaign_file.exclusion_counts()
    to_write = people - sum(excluded.values())
    parts = [count(to_write, "patient") + " à prévenir"]
    duplicates = excluded.get(ExclusionReason.DUPLICATE, 0)
    if duplicates:
        parts.append(count(duplicates, "doublon"))
    others = people - to_write - duplicates
    if others:
        parts.append(f"{number(others)} sans lettre")
    counts = campaign_file.issue_counts()
    blocking = sum(n for (level, _), n in counts.items() if level is Level.BLOCKING)
    to_check = sum(n for (level, _), n in counts.items() if level is Level.CHECK)
    if blocking:
        parts.append(f"{count(blocking, 'point')} à corriger")
    if to_check:
        parts.append(f"{count(to_check, 'point')} à vérifier")
    return f"{count(people, 'ligne')}\u00a0: {', '.join(parts)}."
