"""After the printer: « postées le … », and letters that come back."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.core.campaign import Channel, Delivery, DeliveryStatus, read_letter_code
from app.core.errors.paper import LetterCodeUnknown, RegisteredNumberInvalid
from app.services.clear_text import clear_files
from app.services.control import Control
from app.services.print_plan import in_pages
from app.services.print_records import printed_files
from app.storage.campaign_file import CampaignFile
from app.storage.queries import DeliveryQuery

_INLAND = re.compile(r"\d[A-Z]\d{11}")
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """Letters of one printed file that wait to be posted."""

    sha256: str
    file_name: str
    printed_at: datetime
    letters: int
    waiting: int
    #: keys of the letters that wait; how to post letters that are in no common file
    ids: tuple[int, ...] = ()


def mark_posted(
    campaign_file: CampaignFile,
    posted_on: date,
    now: datetime,
    *,
    sha256: str = "",
    delivery_ids: Iterable[int] | None = None,
    run: int | None = None,
) -> int:
    """PRINTED → POSTED for one printed file (``sha256``), for given letters, or for all printed ones; how many.

    ``posted_on`` is the day on which the practice gave them to the post, as the user says.
    """
    if delivery_ids is None:
        letters = campaign_file.deliveries(DeliveryStatus.PRINTED, channel=Channel.PAPER, run=run)
    else:
        letters = _by_ids(campaign_file, tuple(delivery_ids))
    printed = [
        letter.id
        for letter in letters
        if letter.status is DeliveryStatus.PRINTED and (not sha256 or letter.sha256 == sha256)
    ]
    if not printed:
        return 0
    facts: dict[str, str | int] = {"posted_on": posted_on.isoformat(), "letters": len(printed)}
    if sha256:
        facts["sha256"] = sha256
    with campaign_file.transaction():
        campaign_file.append_event("letters_posted", facts, now)
        for delivery_id in printed:
            campaign_file.move(delivery_id, DeliveryStatus.POSTED, now=now)
    return len(printed)


@dataclass(frozen=True, slots=True)
class Posted:
    """What was noted, and how many files of ours still lie on the disk, readable by anybody."""

    letters: int
    files_left: int


def post_batches(
    campaign_file: CampaignFile,
    posted_on: date,
    batches: Iterable[PrintedBatch],
    now: datetime,
    control: Control,
) -> Posted:
    """Note each batch whole; a stop is obeyed between two of them."""
    letters = 0
    for batch in batches:
        if not control.wait():
            break
        letters += mark_posted(campaign_file, posted_on, now, delivery_ids=batch.ids)
    return Posted(letters, len(clear_files(campaign_file)))


def printed_batches(campaign_file: CampaignFile) -> list[PrintedBatch]:
    """Printed files whose letters wait for the post, oldest first; letters printed one by one come last."""
    query = DeliveryQuery((DeliveryStatus.PRINTED,), Channel.PAPER)
    left = set(campaign_file.delivery_ids(query))
    batches: list[PrintedBatch] = []
    # a letter put back and printed again belongs to its last print
    for at, printed in reversed(printed_files(campaign_file)):
        ids = () if printed.reprint else tuple(key for key in printed.ids if key in left)
        if ids:
            left.difference_update(ids)
            batches.append(
                PrintedBatch(printed.sha256, printed.name, at, len(printed.ids), len(ids), ids)
            )
    batches.reverse()
    alone = tuple(sorted(left))
    moments = [letter.changed_at for letter in _by_ids(campaign_file, alone) if letter.changed_at]
    if moments:
        batches.append(PrintedBatch("", "", max(moments), len(alone), len(alone), alone))
    return batches


def _by_ids(campaign_file: CampaignFile, ids: tuple[int, ...]) -> Iterator[Delivery]:
    for page in in_pages(ids):
        for letter, _ in campaign_file.deliveries_by_ids(page):
            yield letter


def note_registered_number(
    campaign_file: CampaignFile, typed_code: str, typed_number: str, now: datetime
) -> str:
    """Keep the number of a registered letter with its code; the number as kept.

    Raises:
        LetterCodeUnknown, RegisteredNumberInvalid: see there.
    """
    letter = find_by_code(campaign_file, typed_code)
    if letter is None or letter.channel is not Channel.PAPER:
        raise LetterCodeUnknown(typed_code)
    number = "".join(typed_number.upper().split())
    if not _is_registered_number(number):
        raise RegisteredNumberInvalid(typed_number)
    facts: dict[str, str | int] = {"code": letter.code, "number": number}
    campaign_file.append_event("registered_number", facts, now, delivery_id=letter.id)
    return number


def _is_registered_number(number: str) -> bool:
    """French inland form, or UPU S10 with its check digit."""
    if _INLAND.fullmatch(number):
        return True
    if not _S10.fullmatch(number):
        return False
    weighted = zip(map(int, number[2:10]), (8, 6, 4, 2, 3, 5, 9, 7), strict=True)
    check = 11 - sum(digit * weight for digit, weight in weighted) % 11
    return int(number[10]) == {10: 0, 11: 5}.get(check, check)


def find_by_code(campaign_file: CampaignFile, typed: str) -> Delivery | None:
    """The letter whose code was scanned or typed; None when the code is mistyped or not of this campaign."""
    code = read_letter_code(typed)
    return None if code is None else campaign_file.delivery_by_code(code)
