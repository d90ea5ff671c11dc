"""Which letters to print once more: one by its code, a file from its nth letter, damaged sheets."""

from collections.abc import Iterable

from app.core.campaign import Channel, DeliveryStatus, read_letter_code
from app.core.errors.paper import LetterCodeUnknown, NothingToPrint
from app.services.print_records import PrintedFile, printed_files
from app.storage.campaign_file import CampaignFile

_ON_PAPER = frozenset({DeliveryStatus.PRINTED, DeliveryStatus.POSTED, DeliveryStatus.RETURNED})


def by_codes(campaign_file: CampaignFile, typed: Iterable[str]) -> tuple[int, ...]:
    """Keys of printed letters from their codes as typed or scanned.

    Raises:
        LetterCodeUnknown: mistyped, of another campaign, or a letter never printed.
    """
    found: list[int] = []
    for text in typed:
        code = read_letter_code(text)
        letter = None if code is None else campaign_file.delivery_by_code(code)
        if letter is None or letter.channel is not Channel.PAPER or letter.status not in _ON_PAPER:
            raise LetterCodeUnknown(text)
        found.append(letter.id)
    return tuple(dict.fromkeys(found))


def from_letter(printed: PrintedFile, number: int) -> tuple[int, ...]:
    """Keys of the letters of a file from the ``number``-th (from 1) to the end. Raises NothingToPrint."""
    left = printed.ids[max(number, 1) - 1 :]
    if not left:
        raise NothingToPrint
    return left


def on_pages(printed: PrintedFile, pages: Iterable[int]) -> tuple[int, ...]:
    """Keys of the letters that have one of these pages (from 1, as a PDF reader counts). Raises NothingToPrint."""
    found = (printed.letter_on_page(page) for page in pages)
    letters = tuple(dict.fromkeys(key for key in found if key is not None))
    if not letters:
        raise NothingToPrint
    return letters


def latest_print(campaign_file: CampaignFile, name: str = "") -> PrintedFile:
    """The last printed file, or the last one under this name; reprints do not count. Raises NothingToPrint."""
    for _, printed in reversed(printed_files(campaign_file)):
        if not printed.reprint and name in {"", printed.name}:
            return printed
    raise NothingToPrint
