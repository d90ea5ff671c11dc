"""Hostile letters for every envelope, each page as a picture: nothing but the whole address may show in the window.

With AVIS34_ESSAI_LETTRES=2000 in the environment as many letters are printed for each envelope.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors.paper import AddressTooWide
from app.core.recipient import PostalAddress, Recipient
from app.paper.envelopes import Envelope, Window, Zone, envelope_shape
from app.paper.layout import KEEP_OUT
from app.services.control import Control
from app.services.print_records import printed_file
from app.services.printing import PrintFinished, PrintOptions
from app.services.single_files import SingleFilesRun
from app.storage.campaign_file import CampaignFile
from tests.services.test_printing_hostile import hostile
from tests.support.campaigns import FixedClock
from tests.support.printing import make_paper_campaign, print_all, statuses

PEOPLE = int(os.environ.get("AVIS34_ESSAI_LETTRES", "60"))
#: measured on a C4 of the trade
C4_WINDOW = Window(101, 52, 19, 220)
DOTS_PER_MM = 2
#: grey below this is ink
INK = 200


def worse(number: int, person: Recipient) -> Recipient:
    """The hostile people of the other test, and some who fill the window or overflow it."""
    made = hostile(number, person)
    match number % 9:
        case 0:
            return replace(made, first_name="X" * 300)
        case 1:
            address = PostalAddress(
                complement="Appt 12 escalier B étage 3 porte gauche",
                building="Résidence des Lilas bâtiment C entrée 2",
                street="125 bis avenue des Champs et des Prés",
                locality="Lieu-dit Les Grandes Terres du Haut",
                postcode="H2X 1Y4",
                city="Montréal (Québec)",
                country="Canada",
            )
            return replace(made, first_name="Ana", last_name="Łukasiewicz", address=address)
        case 2:
            return replace(
                made, first_name="Wwwwwww Mmmmmm", last_name="Wwmmwwmmwwmmwwmmwwmm"[: number % 20]
            )
        case 3:
            return replace(made, first_name="דוד", last_name="כהן לוי")
        case 4:
            address = PostalAddress(
                "Appt 3", "Bâtiment Ệ", "12 rue Neuve", "Les Grands Prés", "97400", "Saint-Denis"
            )
            return replace(made, first_name="Ễ", last_name="Nguyễn-Ệ Çelik", address=address)
    return made


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_paper_campaign(tmp_path, PEOPLE)
    with made.transaction():
        for person in list(made.recipients()):
            made.update_recipient(worse(person.id, person))
    yield made
    made.close()


def ink(page: pdfium.PdfPage) -> list[tuple[float, float]]:
    """Where the page is printed on, inside the keep-out rectangle: millimetres."""
    bitmap = page.render(scale=DOTS_PER_MM * 25.4 / 72, grayscale=True)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    found = []
    left, right = int(KEEP_OUT.left * DOTS_PER_MM), bitmap.width
    for y in range(int(KEEP_OUT.top * DOTS_PER_MM), int(KEEP_OUT.bottom * DOTS_PER_MM)):
        row = pixels[y * stride + left : y * stride + right]
        if min(row) < INK:
            dark = [at for at, value in enumerate(row) if value < INK]
            found += [
                ((left + dark[0]) / DOTS_PER_MM, y / DOTS_PER_MM),
                ((left + dark[-1]) / DOTS_PER_MM, y / DOTS_PER_MM),
            ]
    return found


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("envelope", Envelope)
def test_only_the_whole_address_shows_in_the_window(
    campaign: CampaignFile, tmp_path: Path, envelope: Envelope, large: bool
) -> None:
    window = C4_WINDOW if envelope is Envelope.C4 else None
    shape = envelope_shape(envelope, window)
    options = PrintOptions(
        envelope=envelope, window=window, large_print=large, leave_out_bad_addresses=True
    )
    done = print_all(campaign, tmp_path / "l.pdf", options)
    assert PEOPLE * 0.6 < done.letters < PEOPLE
    assert done.letters + len(done.left_out) == PEOPLE
    sheet = printed_file(campaign, done.files[0].sha256)
    assert sheet is not None
    document = pdfium.PdfDocument(done.files[0].path)
    always, may_show = shape.always_visible(), shape.may_show()
    # half a millimetre: the edge of a character may share a dot with the edge of the zone
    grown = Zone(always.left - 0.5, always.top - 0.5, always.right + 0.5, always.bottom + 0.5)
    for first in sheet.first_pages:
        dots = ink(document[first])
        assert len(dots) > 20, first
        for x, y in dots:
            assert grown.contains(Zone(x, y, x, y)), (first + 1, x, y)
    assert KEEP_OUT.contains(may_show)


@pytest.mark.parametrize("leave_out", [False, True])
def test_an_address_wider_than_the_window_is_left_out_of_single_files_or_stops_them(
    tmp_path: Path, leave_out: bool
) -> None:
    campaign = make_paper_campaign(tmp_path, 5)
    with campaign.transaction():
        campaign.update_recipient(replace(campaign.recipient(3), last_name="W" * 32))
    options = PrintOptions(leave_out_bad_addresses=leave_out)
    run = SingleFilesRun(campaign, tmp_path / "un", options=options, clock=FixedClock())
    if leave_out:
        *_, done = run.run(Control())
        assert isinstance(done, PrintFinished)
        assert (done.letters, done.left_out) == (4, (campaign.recipient(3).row,))
        assert statuses(campaign) == {DeliveryStatus.PRINTED: 4, DeliveryStatus.PENDING: 1}
    else:
        with pytest.raises(AddressTooWide):
            list(run.run(Control()))
        assert list((tmp_path / "un").iterdir()) == []
    campaign.close()
