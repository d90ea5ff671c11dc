"""After the print: packs for a mailing house, own tariffs, batches, returns taken back, files deleted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
import pyzipper

from app.core.address import address_block
from app.core.campaign import DeliveryStatus, new_letter_code
from app.core.errors import Cancelled
from app.core.errors.paper import (
    AddressNotPostable,
    LettersOfSeveralRuns,
    NothingToPrint,
    PrintedFileGone,
    PrintFileNotDeleted,
    ReturnNotUndone,
    TariffTableInvalid,
    WeakPassword,
)
from app.core.recipient import ExclusionReason, PostalAddress
from app.core.tariff import Tariff, TariffStep
from app.paper.envelopes import Envelope, Window
from app.services import follow_up, returned_mail
from app.services.clear_text import clear_files, delete_files
from app.services.control import Control
from app.services.follow_up import Audience, FollowUp
from app.services.lettering import renderer_for
from app.services.mailing_house import write_maileva_csv
from app.services.mailing_pack import MailingPack, PackWritten, postage_of, write_pack
from app.services.posting import mark_posted, printed_batches
from app.services.print_choices import Output, PrintChoices, kept, to_keep
from app.services.print_plan import PrintOrder, Separation
from app.services.print_records import PrintedFile, printed_file
from app.services.print_run_choice import planned, run_of, run_to_print, waiting_letters
from app.services.printing import PrintOptions
from app.services.returned_mail import ReturnReason
from app.services.single_files import NameField, SingleFilesRun
from app.services.tariffs import forget_own_tariffs, load_tariffs, own_file, save_tariffs
from app.storage.campaign_file import CampaignFile
from app.wording import explain
from tests.support.campaigns import NOW, FixedClock
from tests.support.printing import LETTER_DAY, make_paper_campaign, print_all, statuses

PEOPLE = 12


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_paper_campaign(tmp_path, PEOPLE)
    yield made
    made.close()


@pytest.fixture
def printed(campaign: CampaignFile, tmp_path: Path) -> tuple[PrintedFile, ...]:
    done = print_all(campaign, tmp_path / "lettres.pdf", PrintOptions(letters_per_file=8))
    found = [printed_file(campaign, one.sha256) for one in done.files]
    return tuple(one for one in found if one is not None)


def packed(campaign: CampaignFile, pack: MailingPack) -> tuple[Path, ...]:
    *_, last = write_pack(campaign, pack, Control(), FixedClock())
    assert isinstance(last, PackWritten)
    return last.files


def test_a_pack_holds_everything_and_opens_with_its_password(
    campaign: CampaignFile, printed: tuple[PrintedFile, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "prestataire"
    folder.mkdir()
    password = "abcd-efgh-jkmn-pqrs"
    pack = MailingPack(printed, folder, manifest_csv=True, manifest_xlsx=True, password=password)
    names = [path.name for path in packed(campaign, pack)]
    assert names == [
        "lettres-001.csv",
        "lettres-002.csv",
        "Liste des lettres.csv",
        "Liste des lettres.xlsx",
        "Bordereau de dépôt.pdf",
        "Lettres.zip",
    ]
    slip = pypdf.PdfReader(folder / "Bordereau de dépôt.pdf").pages[0].extract_text()
    assert "26 janvier 2026" in slip.replace("\u00a0", " ")
    assert "tarifs du 1er janvier 2026" in slip.replace("\u00a0", " ")
    with pyzipper.AESZipFile(folder / "Lettres.zip") as archive:
        archive.setpassword(password.encode())
        inside = {info.filename for info in archive.infolist()}
        assert inside == {"lettres-001.pdf", "lettres-002.pdf", *names[:-1]}
        assert archive.read("lettres-001.pdf") == Path(printed[0].path).read_bytes()
    assert packed(campaign, pack)[-1].name == "Lettres (2).zip"  # nothing is overwritten


@pytest.mark.parametrize("fault", ["stop", "password", "gone"])
def test_a_pack_is_whole_or_absent(
    campaign: CampaignFile, printed: tuple[PrintedFile, ...], tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "prestataire"
    folder.mkdir()
    pack = MailingPack(printed, folder, manifest_csv=True, password="a-long-enough-password")
    control = Control()
    if fault == "password":
        pack = replace(pack, password="court")
    elif fault == "gone":
        Path(printed[1].path).unlink()
    steps = write_pack(campaign, pack, control, FixedClock())
    next(steps)
    next(steps)
    if fault == "stop":
        control.stop()
    with pytest.raises((Cancelled, WeakPassword, PrintedFileGone)):
        list(steps)
    assert not list(folder.iterdir())
    assert not list(campaign.events(kind="mailing_pack"))


def test_a_letter_to_a_family_has_the_same_address_on_paper_and_in_the_file(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    letter = campaign.delivery(3)
    campaign.move(letter.id, DeliveryStatus.REPLACED, now=NOW)
    code = new_letter_code(bytes([7] * 8))
    campaign.add_deliveries([replace(letter, id=0, code=code, template_id="T19")])
    person = replace(campaign.recipient(letter.recipient_id), excluded=ExclusionReason.DECEASED)
    campaign.update_recipient(person)
    renderer = renderer_for(campaign, clock=FixedClock())
    added = campaign.delivery_by_code(code)
    assert added is not None
    expected = address_block(person, LETTER_DAY, to_family=True).lines
    assert expected != address_block(person, LETTER_DAY).lines
    printed = PrintedFile("ab" * 32, str(tmp_path / "l.pdf"), (added.id,), (0,), (1,), (1,))
    write_maileva_csv(campaign, printed, tmp_path / "a.csv", renderer.letter_date)
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert all(line in text for line in expected)


def test_an_empty_pack_is_refused(campaign: CampaignFile, tmp_path: Path) -> None:
    with pytest.raises(NothingToPrint):
        packed(campaign, MailingPack((), tmp_path))


def test_own_tariffs_are_kept_and_used(
    printed: tuple[PrintedFile, ...],
) -> None:
    before = postage_of(printed, "verte")
    table = load_tariffs()
    dearer = Tariff("verte", "Lettre verte", (TariffStep(20, 200), TariffStep(100, 400)))
    save_tariffs(replace(table, since="2027-01-01", tariffs=(dearer, *table.tariffs[1:])))
    assert load_tariffs().since == "2027-01-01"
    assert postage_of(printed, "verte").cents == 200 * PEOPLE != before.cents
    with pytest.raises(TariffTableInvalid):
        save_tariffs(replace(table, tariffs=()))
    assert load_tariffs().since == "2027-01-01"
    forget_own_tariffs()
    assert not own_file().exists()
    assert load_tariffs() == table


def test_letters_printed_one_by_one_are_a_batch_too(campaign: CampaignFile, tmp_path: Path) -> None:
    list(SingleFilesRun(campaign, tmp_path / "un", clock=FixedClock()).run(Control()))
    (batch,) = printed_batches(campaign)
    assert (batch.file_name, batch.waiting) == ("", PEOPLE)
    mark_posted(campaign, date(2026, 1, 26), NOW, delivery_ids=batch.ids)
    assert printed_batches(campaign) == []
    assert statuses(campaign) == {DeliveryStatus.POSTED: PEOPLE}


def test_a_wrong_scan_is_taken_back(
    campaign: CampaignFile, printed: tuple[PrintedFile, ...]
) -> None:
    mark_posted(campaign, date(2026, 1, 26), NOW)
    first, second = printed[0].ids[:2]
    for key in (first, second):
        returned_mail.note_returned(
            campaign, campaign.delivery(key).code, ReturnReason.REFUSED, NOW
        )
    waiting = returned_mail.waiting_returns(campaign)
    assert {one.delivery.id for one in waiting} == {first, second}
    assert {one.reason for one in waiting} == {ReturnReason.REFUSED}
    returned_mail.undo_return(campaign, first, NOW)
    assert campaign.delivery(first).status is DeliveryStatus.POSTED
    returned_mail.give_up(campaign, second, NOW)
    with pytest.raises(ReturnNotUndone):
        returned_mail.undo_return(campaign, second, NOW)
    assert returned_mail.waiting_returns(campaign) == []
    assert campaign.balance().is_exact()
    assert campaign.verify_chain().first_break is None


def test_an_address_that_cannot_be_printed_is_refused(
    campaign: CampaignFile, printed: tuple[PrintedFile, ...]
) -> None:
    mark_posted(campaign, date(2026, 1, 26), NOW)
    letter = campaign.delivery(printed[0].ids[0])
    returned_mail.note_returned(campaign, letter.code, ReturnReason.UNKNOWN, NOW)
    before = campaign.recipient(letter.recipient_id)
    with pytest.raises(AddressNotPostable) as caught:
        returned_mail.write_again(campaign, letter.id, PostalAddress(street="1 rue A"), NOW)
    assert "incomplète" in explain(caught.value).why
    assert campaign.recipient(letter.recipient_id) == before
    assert campaign.delivery(letter.id).status is DeliveryStatus.RETURNED


def test_files_as_we_wrote_them_can_be_deleted(
    campaign: CampaignFile, printed: tuple[PrintedFile, ...], tmp_path: Path
) -> None:
    packed(campaign, MailingPack(printed, tmp_path, slip=False))
    kept_by_practice = Path(printed[1].path)
    kept_by_practice.write_bytes(kept_by_practice.read_bytes() + b"\nannot")
    found = clear_files(campaign)
    assert {file.path.name for file in found} == {
        "lettres-001.pdf",
        "lettres-001.csv",
        "lettres-002.csv",
    }
    deleted = delete_files(campaign, found, NOW)
    assert deleted.files == 3
    assert not any(file.path.exists() for file in found)
    assert kept_by_practice.exists()
    (event,) = campaign.events(kind="print_files_deleted")
    assert event.facts["files"] == 3
    assert clear_files(campaign) == []


def test_a_file_that_cannot_be_deleted_is_said(
    campaign: CampaignFile, printed: tuple[PrintedFile, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = clear_files(campaign)
    unlink = Path.unlink

    def refusing(self: Path, missing_ok: bool = False) -> None:
        if self.name == "lettres-002.pdf":
            raise PermissionError(13, "in use")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    with pytest.raises(PrintFileNotDeleted):
        delete_files(campaign, found, NOW)
    (event,) = campaign.events(kind="print_files_deleted")
    assert event.facts["files"] == 1


def test_choices_are_kept_and_bad_ones_forgotten() -> None:
    chosen = PrintChoices(
        order=PrintOrder.NAME,
        envelope=Envelope.C4,
        window=Window(100, 57.5, 20, 219),
        large_print=True,
        duplex=False,
        separation=Separation.POSTCODE,
        by_sheets=True,
        output=Output.LARGEST,
        letters_per_file=50,
        megabytes=15,
        name_fields=(NameField.ROW, NameField.LAST_NAME),
        letters_per_job=25,
    )
    assert kept(to_keep(chosen)) == chosen
    assert kept({}) == PrintChoices()
    spoilt = dict.fromkeys(to_keep(chosen), "?")
    assert kept(spoilt) == PrintChoices()
    assert chosen.options().max_bytes == 15_000_000
    assert chosen.options().letters_per_file == 0


def test_a_follow_up_is_printed_after_what_the_first_letters_left(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    assert run_to_print(campaign) == 1
    late = [campaign.recipient(number) for number in range(9, PEOPLE + 1)]
    for person in late:
        campaign.update_recipient(replace(person, address=PostalAddress(street="1 rue A")))
    print_all(campaign, tmp_path / "l.pdf", PrintOptions(leave_out_bad_addresses=True))
    mark_posted(campaign, date(2026, 1, 26), NOW)
    follow_up.start(campaign, FollowUp("T14", Audience.INFORMED), "", FixedClock())
    assert campaign.current_run == 2
    assert run_to_print(campaign) == 1
    assert waiting_letters(campaign, 1) == PEOPLE - 8
    before = campaign.count_deliveries()
    list(planned(campaign, None, Control(), FixedClock()))
    assert campaign.count_deliveries() == before
    for person in late:
        campaign.update_recipient(person)
    print_all(campaign, tmp_path / "reste.pdf")
    assert run_to_print(campaign) == 2
    assert waiting_letters(campaign, 2) == 8
    first, second = (next(iter(campaign.deliveries(run=number))).id for number in (1, 2))
    assert (run_of(campaign, [first]), run_of(campaign, [second])) == (1, 2)
    with pytest.raises(LettersOfSeveralRuns):
        run_of(campaign, [first, second])
