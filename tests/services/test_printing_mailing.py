"""After the print file: mailing house, single files, reprints, posting, returned letters, stamps."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pikepdf
import pypdfium2 as pdfium
import pytest
import pyzipper

from app.core.address import AddressParts
from app.core.campaign import Channel, DeliveryStatus
from app.core.errors import BugError, Cancelled
from app.core.errors.paper import (
    LetterCodeUnknown,
    LetterNotPosted,
    MailingAddressesTooLong,
    NothingToPrint,
    PrintFileNotWritten,
    RegisteredNumberInvalid,
    TariffTableInvalid,
    WeakPassword,
)
from app.core.recipient import PostalAddress
from app.core.tariff import estimate
from app.services import reprinting, returned_mail
from app.services.control import Control
from app.services.deposit_slip import write_deposit_slip
from app.services.mailing_house import (
    MAILEVA_COLUMNS,
    maileva_lines,
    new_password,
    write_locked_zip,
    write_maileva_csv,
    write_manifest,
)
from app.services.posting import mark_posted, note_registered_number, printed_batches
from app.services.print_records import PrintedFile, printed_file
from app.services.printing import FilePrinted, PrintOptions
from app.services.returned_mail import ReturnReason
from app.services.single_files import NameField, SingleFilesRun
from app.services.tariffs import letters_by_sheets, load_tariffs, own_file, read_tariffs
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, FixedClock
from tests.support.printing import LETTER_DAY, code_of, make_paper_campaign, print_all, statuses

PEOPLE = 25


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_paper_campaign(tmp_path, PEOPLE)
    yield made
    made.close()


@pytest.fixture
def sheet(campaign: CampaignFile, tmp_path: Path) -> PrintedFile:
    found = printed_file(campaign, print_all(campaign, tmp_path / "lettres.pdf").files[0].sha256)
    assert found is not None
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_maileva_file_points_at_the_right_pages(
    campaign: CampaignFile, sheet: PrintedFile, tmp_path: Path
) -> None:
    target = tmp_path / "adresses.csv"
    assert write_maileva_csv(campaign, sheet, target, LETTER_DAY) == PEOPLE
    rows = rows_of(target)
    assert tuple(rows[0]) == MAILEVA_COLUMNS
    document = pdfium.PdfDocument(Path(sheet.path))
    for row in rows:
        assert row["ADDRESS_LINE_1"] == ""
        first, last = int(row["START_PAGE"]), int(row["END_PAGE"])
        for number in range(first, last + 1):
            text = document[number - 1].get_textpage().get_text_range()
            assert row["CUSTOM_ID"] in text
            if number == first:
                for name in MAILEVA_COLUMNS[1:6]:
                    assert row[name] in text
            assert f"page {number - first + 1}/{last - first + 1}" in text


def test_maileva_lines_are_one_below_the_norm() -> None:
    parts = AddressParts(
        ("MADAME A B",), ("APPT 4", "RES DU PARC"), "1 RUE NEUVE", "LE BOURG", "90000 BELFORT"
    )
    assert maileva_lines(parts) == (
        "", "MADAME A B", "APPT 4 RES DU PARC", "1 RUE NEUVE", "LE BOURG", "90000 BELFORT",
    )  # fmt: skip
    minor = AddressParts(("AUX REPRÉSENTANTS LÉGAUX DE", "LÉA B"), (), "1 RUE", "", "90000 B")
    assert maileva_lines(minor) == (
        "AUX REPRÉSENTANTS LÉGAUX DE",
        "LÉA B",
        "",
        "1 RUE",
        "",
        "90000 B",
    )
    assert maileva_lines(AddressParts(("A",), ("B" * 30, "C" * 30), "1 RUE", "", "9 X")) is None


def test_addresses_the_mailing_house_cannot_hold_are_named(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    person = campaign.recipient(3)
    wide = PostalAddress("Escalier B troisième étage gauche", "Résidence des Grands Cèdres", "1 rue A",
                         "", "90000", "Belfort")  # fmt: skip
    campaign.update_recipient(replace(person, address=wide))
    done = print_all(campaign, tmp_path / "lettres.pdf")
    found = printed_file(campaign, done.files[0].sha256)
    assert found is not None
    with pytest.raises(MailingAddressesTooLong) as caught:
        write_maileva_csv(campaign, found, tmp_path / "a.csv", LETTER_DAY)
    assert caught.value.rows == (person.row,)
    assert not (tmp_path / "a.csv").exists()


def test_the_manifest_names_nobody(
    campaign: CampaignFile, sheet: PrintedFile, tmp_path: Path
) -> None:
    tariffs = load_tariffs()
    for name in ("m.csv", "m.xlsx"):
        written = write_manifest(campaign, [sheet], tmp_path / name, LETTER_DAY, tariffs)
        assert written == PEOPLE
    rows = rows_of(tmp_path / "m.csv")
    assert sum(int(row["FEUILLES"]) for row in rows) == sum(sheet.sheets)
    cells = [
        cell.value
        for line in openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0].iter_rows()
        for cell in line
    ]
    everything = " ".join(map(str, cells)) + (tmp_path / "m.csv").read_text(encoding="utf-8-sig")
    for person in campaign.recipients():
        assert person.last_name.upper() not in everything.upper()


def test_the_archive_opens_with_its_password_only(tmp_path: Path) -> None:
    secret = tmp_path / "lettres.pdf"
    secret.write_bytes(b"%PDF patient")
    target = tmp_path / "envoi.zip"
    password = new_password()
    write_locked_zip(target, [secret], password)
    assert b"patient" not in target.read_bytes()
    with pyzipper.AESZipFile(target) as archive:
        assert archive.infolist()[0].wz_aes_strength == 3  # AES-256
        archive.setpassword(b"mauvais mot de passe")
        with pytest.raises(RuntimeError):
            archive.read("lettres.pdf")
        archive.setpassword(password.encode())
        assert archive.read("lettres.pdf") == b"%PDF patient"
    with pytest.raises(WeakPassword):
        write_locked_zip(target, [secret], "court")
    with pytest.raises(PrintFileNotWritten):
        write_locked_zip(tmp_path / "b.zip", [tmp_path / "absent.pdf"], password)
    assert not list(tmp_path.glob("b.zip*"))


def test_single_files_are_tagged_named_and_recorded(campaign: CampaignFile, tmp_path: Path) -> None:
    folder = tmp_path / "un par patient"
    fields = (NameField.LAST_NAME, NameField.FIRST_NAME)
    events = list(SingleFilesRun(campaign, folder, fields, clock=FixedClock()).run(Control()))
    files = [event for event in events if isinstance(event, FilePrinted)]
    assert len(files) == PEOPLE == len(list(folder.iterdir()))
    names = {file.path.name for file in files}
    assert f"lettre-n-diaye-aissatou-{code_of(2)}.pdf" in names
    assert f"lettre-oeuvrard-lea-{code_of(3)}.pdf" in names
    assert statuses(campaign) == {DeliveryStatus.PRINTED: PEOPLE}
    with pikepdf.open(files[0].path) as document:
        assert document.Root.MarkInfo.Marked
    kept = " ".join(str(dict(event.facts)) for event in campaign.events())
    assert "diaye" not in kept


def test_single_files_stop_and_go_on(campaign: CampaignFile, tmp_path: Path) -> None:
    control = Control()
    control.stop()
    with pytest.raises(Cancelled):
        list(SingleFilesRun(campaign, tmp_path / "f", clock=FixedClock()).run(control))
    assert statuses(campaign) == {DeliveryStatus.PENDING: PEOPLE}


def test_letters_to_print_again(campaign: CampaignFile, sheet: PrintedFile) -> None:
    assert reprinting.from_letter(sheet, 24) == sheet.ids[23:]
    page_of_third = sheet.first_pages[2] + 1
    assert reprinting.on_pages(sheet, [page_of_third, page_of_third + 1]) == (sheet.ids[2],)
    key = sheet.ids[4]
    assert reprinting.by_codes(campaign, [campaign.delivery(key).code.lower()]) == (key,)
    assert reprinting.latest_print(campaign) == sheet
    with pytest.raises(NothingToPrint):
        reprinting.from_letter(sheet, PEOPLE + 1)
    with pytest.raises(NothingToPrint):
        reprinting.latest_print(campaign, "autre.pdf")
    with pytest.raises(LetterCodeUnknown):
        reprinting.by_codes(campaign, ["7K3M-9QXA-P"])


def test_batches_wait_until_they_are_posted(campaign: CampaignFile, tmp_path: Path) -> None:
    print_all(campaign, tmp_path / "lettres.pdf", PrintOptions(letters_per_file=10))
    batches = printed_batches(campaign)
    assert [batch.waiting for batch in batches] == [10, 10, 5]
    mark_posted(campaign, date(2026, 1, 27), NOW, sha256=batches[1].sha256)
    assert [batch.file_name for batch in printed_batches(campaign)] == [
        "lettres-001.pdf", "lettres-003.pdf",
    ]  # fmt: skip
    (event,) = campaign.events(kind="letters_posted")
    assert event.facts["posted_on"] == "2026-01-27"


def test_a_returned_letter_is_followed_up(campaign: CampaignFile, sheet: PrintedFile) -> None:
    first, second, third = (campaign.delivery(key) for key in sheet.ids[:3])
    with pytest.raises(LetterNotPosted):
        returned_mail.note_returned(campaign, first.code, ReturnReason.UNKNOWN, NOW)
    mark_posted(campaign, date(2026, 1, 27), NOW)
    for letter in (first, second, third):
        back = returned_mail.note_returned(campaign, letter.code, ReturnReason.UNKNOWN, NOW)
        assert back.recipient.id == letter.recipient_id
    with pytest.raises(LetterNotPosted):
        returned_mail.note_returned(campaign, first.code, ReturnReason.REFUSED, NOW)
    with pytest.raises(LetterCodeUnknown):
        returned_mail.note_returned(campaign, "7K3M-9QXA", ReturnReason.REFUSED, NOW)
    better = PostalAddress(street="8 rue Neuve", postcode="90000", city="Belfort")
    again = returned_mail.write_again(campaign, first.id, better, NOW)
    by_hand = returned_mail.hand_over(campaign, second.id, NOW)
    returned_mail.give_up(campaign, third.id, NOW)
    assert again.code != first.code
    assert (again.channel, by_hand.channel) == (Channel.PAPER, Channel.HAND_OVER)
    assert campaign.recipient(first.recipient_id).address == better
    balance = campaign.balance()
    assert balance.is_exact()
    assert balance.count(DeliveryStatus.POSTED) == PEOPLE - 3
    assert balance.count(DeliveryStatus.PENDING) == 2
    assert balance.count(DeliveryStatus.EXCLUDED) == 1
    assert campaign.verify_chain().first_break is None


@pytest.mark.parametrize("number", ["1A 009 158 2038 0", "RR 473 124 829 CH"])
def test_registered_numbers_are_kept(
    campaign: CampaignFile, sheet: PrintedFile, number: str
) -> None:
    code = campaign.delivery(sheet.ids[0]).code
    kept = note_registered_number(campaign, code, number, NOW)
    assert kept == number.replace(" ", "")
    (event,) = campaign.events(kind="registered_number")
    assert event.facts["number"] == kept


@pytest.mark.parametrize("number", ["", "12345", "RR 473 124 828 CH", "1A 009 158 2038"])
def test_other_numbers_are_refused(campaign: CampaignFile, sheet: PrintedFile, number: str) -> None:
    with pytest.raises(RegisteredNumberInvalid):
        note_registered_number(campaign, campaign.delivery(sheet.ids[0]).code, number, NOW)
    with pytest.raises(LetterCodeUnknown):
        note_registered_number(campaign, "rien", "1A 009 158 2038 0", NOW)


def test_stamps_are_estimated_from_the_table(sheet: PrintedFile) -> None:
    table = load_tariffs()
    cost = estimate(table, "verte", letters_by_sheets([sheet]))
    assert (cost.letters, cost.sheets) == (PEOPLE, sum(sheet.sheets))
    assert cost.cents == PEOPLE * 152
    assert cost.unpriced == 0
    heavy = estimate(table, "verte", {3: 10, 9: 2})
    assert (heavy.cents, heavy.unpriced) == (1_520, 2)
    assert heavy.grams == 10 * 20 + 2 * 50
    with pytest.raises(BugError):
        table.tariff("absent")


def test_the_practice_may_have_its_own_tariffs(tmp_path: Path) -> None:
    own_file().write_text(
        'depuis = "2027-01-01"\nfeuille_grammes = 4\nenveloppe_grammes = 6\n'
        '[[tarif]]\nid = "verte"\nnom = "Lettre verte"\n'
        "paliers = [{grammes = 100, centimes = 300}, {grammes = 20, centimes = 160}]\n",
        encoding="utf-8",
    )
    table = load_tariffs()
    assert table.tariff("verte").price(table.weight(3)) == 160
    assert table.tariff("verte").price(table.weight(4)) == 300
    broken = tmp_path / "tarifs.toml"
    for text in ("", "depuis = 1", own_file().read_text(encoding="utf-8").replace("300", "-1")):
        broken.write_text(text, encoding="utf-8")
        with pytest.raises(TariffTableInvalid):
            read_tariffs(broken)


def test_the_deposit_slip_counts_and_names_nobody(
    campaign: CampaignFile, sheet: PrintedFile, tmp_path: Path
) -> None:
    target = tmp_path / "bordereau.pdf"
    practice = campaign.practice()
    write_deposit_slip(target, practice, [sheet], date(2026, 1, 27), load_tariffs())
    document = pdfium.PdfDocument(target)
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    assert "25\xa0lettres" in text
    assert "38,00\xa0€" in text
    assert "27\xa0janvier 2026" in text
    assert "Durand" not in text
    with pytest.raises(PrintFileNotWritten):
        write_deposit_slip(tmp_path / "a" / "b.pdf", practice, [sheet], LETTER_DAY, load_tariffs())
