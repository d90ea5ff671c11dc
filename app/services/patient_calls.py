"""« Un patient appelle »: is this letter ours, what was it about, what can be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.core.campaign import Channel, Delivery, DeliveryStatus, read_letter_code
from app.core.errors.storage import NamesPurged
from app.core.exposed import exposed_categories
from app.core.incident import DataCategory
from app.core.questions import Question
from app.core.recipient import Recipient
from app.services.evidence_figures import PURGED_SETTING
from app.services.told_by_list import told_by_list
from app.storage.campaign_file import CampaignFile
from app.storage.queries import RecipientQuery

_S = DeliveryStatus
#: more homonyms than that on one page help nobody: ask for the code or the town
MOST_FOUND = 50
#: the letter is out of the house
_LEFT = frozenset({_S.ACCEPTED, _S.BOUNCED, _S.UNCERTAIN, _S.POSTED, _S.RETURNED, _S.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class FoundLetter:
    """One letter and its person; ``recipient`` is None once the names were purged."""

    delivery: Delivery
    recipient: Recipient | None = field(repr=False)
    #: data concerned, as the letter said
    categories: tuple[DataCategory, ...] = ()

    @property
    def has_left(self) -> bool:
        """True when the person may hold it."""
        return self.delivery.status in _LEFT


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What was found for what the caller said.

    ``unknown_code``: a well-formed code that is not ours: the caller's letter is probably a fraud.
    ``mistyped_code``: looks like a code, its check character is wrong: ask to read it again.
    ``without_letter``: people of this name to whom nothing was written.
    """

    letters: tuple[FoundLetter, ...] = ()
    without_letter: tuple[Recipient, ...] = field(default=(), repr=False)
    unknown_code: bool = False
    mistyped_code: bool = False
    too_many: bool = False

    @property
    def nothing(self) -> bool:
        """True when neither the code nor the name says anything."""
        return not self.letters and not self.without_letter


def looks_like_code(typed: str) -> bool:
    """True for nine signs with at least two digits, or hyphens where ours are."""
    compact = "".join(char for char in typed if char.isalnum())
    digits = sum(char.isdigit() for char in compact)
    return len(compact) == 9 and digits >= 1 and (digits >= 2 or typed.count("-") == 2)


def find(campaign_file: CampaignFile, typed: str) -> CallAnswer:
    """Find by the letter's code, or by name (words in any order, accents ignored).

    Raises:
        NamesPurged: a name was given and the names are gone; a code still works.
    """
    code = read_letter_code(typed)
    if code is not None and (looks_like_code(typed) or campaign_file.delivery_by_code(code)):
        letter = campaign_file.delivery_by_code(code)
        if letter is None:
            return CallAnswer(unknown_code=True)
        others = [
            each
            for each in campaign_file.deliveries_of(letter.recipient_id)
            if each.id != letter.id
            and each.channel is not Channel.NONE
            and each.status is not _S.REPLACED
        ]
        return CallAnswer(tuple(_found(campaign_file, each) for each in (letter, *others)))
    if looks_like_code(typed):
        return CallAnswer(mistyped_code=True)
    purged = campaign_file.setting(PURGED_SETTING)
    if purged is not None:
        raise NamesPurged(datetime.fromisoformat(purged))
    if not typed.strip():
        return CallAnswer()
    return _by_name(campaign_file, typed)


def _by_name(campaign_file: CampaignFile, typed: str) -> CallAnswer:
    people = list(campaign_file.recipients(limit=MOST_FOUND + 1, query=RecipientQuery(text=typed)))
    letters: list[FoundLetter] = []
    without: list[Recipient] = []
    for person in people[:MOST_FOUND]:
        own = [
            each
            for each in campaign_file.deliveries_of(person.id)
            if each.channel is not Channel.NONE and each.status is not _S.REPLACED
        ]
        if own:
            letters += [
                FoundLetter(each, person, _categories(campaign_file, person)) for each in own
            ]
        else:
            without.append(person)
    return CallAnswer(tuple(letters), tuple(without), too_many=len(people) > MOST_FOUND)


def _found(campaign_file: CampaignFile, letter: Delivery) -> FoundLetter:
    purged = campaign_file.setting(PURGED_SETTING) is not None
    person = None if purged else campaign_file.recipient(letter.recipient_id)
    incident = campaign_file.incident(letter.run)
    categories = incident.categories if person is None else _categories(campaign_file, person)
    return FoundLetter(letter, person, categories)


def _categories(campaign_file: CampaignFile, person: Recipient) -> tuple[DataCategory, ...]:
    """Exposed categories of one person, in the incident's order."""
    found = exposed_categories(campaign_file.incident(), person, told_by_list(campaign_file))
    if not person.has_annotations:
        found = [each for each in found if each is not DataCategory.ANNOTATIONS]
    elif DataCategory.ANNOTATIONS not in found:
        found.append(DataCategory.ANNOTATIONS)
    return tuple(found)


def note_call(
    campaign_file: CampaignFile,
    question: Question,
    now: datetime,
    *,
    delivery_id: int | None = None,
    note: str = "",
) -> None:
    """Count a call; the note may name somebody and goes with the names."""
    campaign_file.add_call(question.value, now, delivery_id=delivery_id, note=note)


def call_counts(campaign_file: CampaignFile) -> Mapping[Question, int]:
    """Number of calls by question, most frequent first."""
    return {Question(name): many for name, many in campaign_file.call_counts().items()}
