"""Hostile lists: whatever stands in a cell is printed as it is, or refused by name; nothing is cut or executed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.core.address import address_block
from app.core.campaign import DeliveryStatus
from app.core.errors import UserError
from app.core.errors.paper import AddressesToCorrect, AddressTooWide, MissingGlyph
from app.core.recipient import Civility, PostalAddress, Recipient
from app.paper.fingerprint import fingerprint
from app.services.print_records import printed_file
from app.services.printing import PrintOptions
from app.storage.campaign_file import CampaignFile
from tests.support.printing import LETTER_DAY, make_paper_campaign, print_all, statuses

PIECES = (
    "*gras*", "_x_", "`code`", "#set page(fill: red)", "#panic()", "$x$", "<b>", "&amp;", "{{ code }}",
    "{% if a %}", "\\u{41}", "//", "/* */", "= titre", "- liste", "+ 1", "@renvoi", "<étiquette>", "~", "---",
    "«»", "“”", "O’Brien", "d'Été", "N’Guyễn", "Ł", "Œ", "ß", "ﬁ", "É", "مرحبا", "שלום", "Ελένη", "Жанна",
    "王小明", "김민수", "やま", "=1+1", "@SUM(A1)", "%s", "{0}", "\\n", "../..", "CON", "1e5", "½", "°", "№",
)  # fmt: skip
OVERSEAS = [
    "97100",
    "97133",
    "97150",
    "97200",
    "97300",
    "97400",
    "97500",
    "97600",
    "98600",
    "98713",
    "98800",
    "20000",
]
PEOPLE = 120


def hostile(number: int, person: Recipient) -> Recipient:
    """Names and addresses drawn from the pieces, the same each time."""
    draw = random.Random(number)
    return replace(
        person,
        civility=draw.choice(list(Civility)),
        first_name=draw.choice(PIECES),
        last_name=" ".join(draw.choices(PIECES, k=draw.randint(1, 2))),
        address=PostalAddress(
            complement=draw.choice(["", *PIECES]),
            building=draw.choice(["", *PIECES]),
            street=f"{number} rue {draw.choice(PIECES)}",
            locality=draw.choice(["", "Les Grands Prés"]),
            postcode=draw.choice(OVERSEAS),
            city=f"Ville {draw.choice(PIECES)}",
        ),
    )


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_paper_campaign(tmp_path, PEOPLE)
    with made.transaction():
        for person in list(made.recipients()):
            made.update_recipient(hostile(person.id, person))
    yield made
    made.close()


def test_every_hostile_letter_is_printed_as_the_list_says(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    done = print_all(campaign, tmp_path / "l.pdf", PrintOptions(leave_out_bad_addresses=True))
    assert done.letters + len(done.left_out) == PEOPLE
    assert done.letters > PEOPLE // 2
    sheet = printed_file(campaign, done.files[0].sha256)
    assert sheet is not None
    document = pdfium.PdfDocument(done.files[0].path)
    pairs = campaign.deliveries_by_ids(list(sheet.ids))
    for (_, person), first in zip(pairs, sheet.first_pages, strict=True):
        page = document[first].get_textpage()
        points = 72 / 25.4
        shown = page.get_text_bounded(
            left=100 * points,
            right=195 * points,
            top=(297 - 50) * points,
            bottom=(297 - 82) * points,
        )
        expected = "\n".join(address_block(person, LETTER_DAY).lines)
        assert fingerprint(shown) == fingerprint(expected), person.row


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"last_name": "X" * 300}, AddressesToCorrect),
        ({"first_name": "😀"}, MissingGlyph),
        ({"last_name": "\U00013000"}, MissingGlyph),
        ({"last_name": "W" * 38}, AddressTooWide),
        ({"address": PostalAddress("a" * 39, "b" * 39, "c" * 39, "d" * 39, "90000", "e" * 39)},
         AddressesToCorrect),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_names_its_row(
    campaign: CampaignFile, tmp_path: Path, change: dict[str, object], error: type[UserError]
) -> None:
    with campaign.transaction():
        for person in list(campaign.recipients()):
            campaign.update_recipient(
                replace(person, first_name="A", last_name="B", address=PostalAddress(
                    street="1 rue A", postcode="90000", city="Belfort"))
            )  # fmt: skip
        person = campaign.recipient(17)
        campaign.update_recipient(replace(person, **change))  # type: ignore[arg-type]
    with pytest.raises(error) as caught:
        print_all(campaign, tmp_path / "l.pdf")
    rows = getattr(caught.value, "rows", None) or (getattr(caught.value, "row", None),)
    assert rows == (campaign.recipient(17).row,)
    assert list(tmp_path.glob("l*.pdf*")) == []
    assert statuses(campaign) == {DeliveryStatus.PENDING: PEOPLE}
