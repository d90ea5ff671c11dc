"""What a mailing house wants beside the PDF: addresses with page ranges, a manifest, a locked archive."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import pyzipper

from app.core.address import MAX_LINE, AddressBlock, AddressParts, address_block
from app.core.errors.paper import (
    MailingAddressesTooLong,
    ParcelTooLarge,
    PrintFileNotWritten,
    WeakPassword,
)
from app.core.tariff import TariffTable
from app.services.family_letters import is_to_family
from app.services.print_plan import in_pages
from app.services.print_records import PrintedFile
from app.spreadsheet import write_table
from app.storage.campaign_file import CampaignFile

#: Maileva: 20 MB per document and in total (domain.md §4.5)
MAILEVA_MAX_BYTES = 20_000_000
MAILEVA_COLUMNS = (
    "ADDRESS_LINE_1", "ADDRESS_LINE_2", "ADDRESS_LINE_3", "ADDRESS_LINE_4", "ADDRESS_LINE_5",
    "ADDRESS_LINE_6", "COUNTRY_NAME", "CUSTOM_ID", "REFERENCE_TO_PRINT", "START_PAGE", "END_PAGE",
)  # fmt: skip
MANIFEST_COLUMNS = (
    "FICHIER", "CODE", "PAGE_DEBUT", "PAGE_FIN", "PAGES", "FEUILLES", "CODE_POSTAL", "PAYS",
    "POIDS_GRAMMES",
)  # fmt: skip
LEAST_PASSWORD = 12
_ROWS_SHOWN = 20
#: read aloud on the phone without mistake
_PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - an alphabet


@dataclass(frozen=True, slots=True)
class _PrintedLetter:
    row: int
    code: str
    block: AddressBlock
    first_page: int
    pages: int
    sheets: int
    postcode: str


def write_maileva_csv(
    campaign_file: CampaignFile, printed: PrintedFile, path: Path, day: date
) -> int:
    """The recipient import file that goes with one printed PDF; how many rows. ``day``: date of the letters.

    Raises:
        MailingAddressesTooLong: six lines in the mailing house's order cannot hold some addresses.
        ParcelTooLarge: the PDF is larger than the mailing house takes.
        FileNotWritten: the disk refused.
    """
    pdf = Path(printed.path)
    if pdf.is_file() and pdf.stat().st_size > MAILEVA_MAX_BYTES:
        raise ParcelTooLarge(pdf.name, pdf.stat().st_size, MAILEVA_MAX_BYTES)
    bad = [
        letter.row
        for letter in _letters(campaign_file, printed, day)
        if maileva_lines(letter.block.parts) is None
    ]
    if bad:
        raise MailingAddressesTooLong(tuple(sorted(bad)[:_ROWS_SHOWN]), len(bad))
    return write_table(path, MAILEVA_COLUMNS, _maileva_rows(campaign_file, printed, day))


def maileva_lines(parts: AddressParts) -> tuple[str, ...] | None:
    """Six lines in Maileva's order, or None when they do not fit.

    NF Z 10-011 puts the person on line 1; there, line 1 is a company and the person is on line 2, the
    residence on 3 (domain.md §4.1 « mapping trap »).
    """
    if len(parts.identity) > 1:
        company, person = parts.identity[0], " ".join(parts.identity[1:])
    else:
        company, person = "", " ".join(parts.identity)
    lines = (company, person, " ".join(parts.extras), parts.street, parts.locality, parts.town)
    return lines if all(len(line) <= MAX_LINE for line in lines) and person else None


def write_manifest(
    campaign_file: CampaignFile,
    files: Sequence[PrintedFile],
    path: Path,
    day: date,
    tariffs: TariffTable,
) -> int:
    """Code, pages, sheets, postcode and weight of each letter, without any name (.csv or .xlsx); how many rows.

    Raises:
        FileNotWritten: the disk refused.
    """
    rows = chain.from_iterable(
        (
            (
                printed.name,
                letter.code,
                str(letter.first_page + 1),
                str(letter.first_page + letter.pages),
                str(letter.pages),
                str(letter.sheets),
                letter.postcode,
                letter.block.parts.country or "FRANCE",
                f"{tariffs.weight(letter.sheets):.0f}",
            )
            for letter in _letters(campaign_file, printed, day)
        )
        for printed in files
    )
    return write_table(path, MANIFEST_COLUMNS, rows)


def new_password() -> str:
    """Sixteen characters in groups of four, about 79 bits."""
    drawn = [secrets.choice(_PASSWORD_LETTERS) for _ in range(16)]
    return "-".join("".join(drawn[at : at + 4]) for at in range(0, 16, 4))


def write_locked_zip(path: Path, files: Sequence[Path], password: str) -> int:
    """An archive under AES-256 (WinZip AE-2), whole or not at all; its size in bytes.

    The names of the files inside stay readable: give none that tells of health or of a person.

    Raises:
        WeakPassword: fewer than twelve characters.
        PrintFileNotWritten: the disk refused, or a file is not there.
    """
    if len(password) < LEAST_PASSWORD:
        raise WeakPassword(LEAST_PASSWORD)
    temporary = path.with_name(f"{path.name}.en-cours")
    try:
        with pyzipper.AESZipFile(
            temporary, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword(password.encode("utf-8"))
            archive.setencryption(pyzipper.WZ_AES, nbits=256)
            for file in files:
                archive.write(file, file.name)
        temporary.replace(path)
    except OSError as error:
        raise PrintFileNotWritten(path, error.strerror or "") from error
    finally:
        temporary.unlink(missing_ok=True)
    return path.stat().st_size


def _maileva_rows(
    campaign_file: CampaignFile, printed: PrintedFile, day: date
) -> Iterator[tuple[str, ...]]:
    for letter in _letters(campaign_file, printed, day):
        lines = maileva_lines(letter.block.parts)
        if lines is not None:
            country = letter.block.parts.country or "FRANCE"
            first, last = letter.first_page + 1, letter.first_page + letter.pages
            yield (*lines, country, letter.code, letter.code, str(first), str(last))


def _letters(
    campaign_file: CampaignFile, printed: PrintedFile, day: date
) -> Iterator[_PrintedLetter]:
    """The letters of one file in page order."""
    at = 0
    for page in in_pages(printed.ids):
        for delivery, recipient in campaign_file.deliveries_by_ids(page):
            yield _PrintedLetter(
                recipient.row,
                delivery.code,
                # as printed: a letter to the family of somebody who died has its own first line
                address_block(recipient, day, to_family=is_to_family(delivery)),
                printed.first_pages[at],
                printed.pages[at],
                printed.sheets[at],
                recipient.address.postcode,
            )
            at += 1
