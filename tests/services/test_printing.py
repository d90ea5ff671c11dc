"""Print runs on a real campaign file: proved PDFs, letters marked, nothing half done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors import Cancelled
from app.core.errors.paper import AddressesToCorrect, MissingGlyph, NothingToPrint
from app.paper import print_part
from app.paper.envelopes import Envelope
from app.services.control import Control
from app.services.posting import find_by_code, mark_posted
from app.services.print_records import file_sha256, note_intent, printed_file, printed_files
from app.services.printing import (
    FilePrinted,
    PrintFinished,
    PrintOptions,
    PrintOrder,
    PrintRun,
    PrintStep,
    Separation,
)
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import NOW, FixedClock
from tests.support.printing import make_paper_campaign, print_all, statuses

PEOPLE = 45


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_paper_campaign(tmp_path, PEOPLE)
    yield made
    made.close()


def first_pages(path: Path, campaign: CampaignFile) -> list[str]:
    sheet = printed_file(campaign, file_sha256(path))
    assert sheet is not None
    document = pdfium.PdfDocument(path)
    return [document[page].get_textpage().get_text_range() for page in sheet.first_pages]


def test_every_letter_is_in_the_file_once_on_a_recto_and_marked(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    target = tmp_path / "lettres.pdf"
    done = print_all(campaign, target)
    assert done.letters == PEOPLE
    assert statuses(campaign) == {DeliveryStatus.PRINTED: PEOPLE}
    sheet = printed_file(campaign, done.files[0].sha256)
    assert sheet is not None
    assert all(page % 2 == 0 for page in sheet.first_pages)
    texts = first_pages(target, campaign)
    for text, (delivery, person) in zip(
        texts, campaign.deliveries_by_ids(list(sheet.ids)), strict=True
    ):
        assert delivery.code in text
        assert delivery.sha256 == done.files[0].sha256 == file_sha256(target)
        assert f"{person.row - 1} RUE DE L EGLISE" in text
    assert campaign.verify_chain().first_break is None


@pytest.mark.parametrize("order", PrintOrder)
def test_letters_lie_in_the_chosen_order(
    campaign: CampaignFile, tmp_path: Path, order: PrintOrder
) -> None:
    done = print_all(campaign, tmp_path / "lettres.pdf", PrintOptions(order=order))
    sheet = printed_file(campaign, done.files[0].sha256)
    assert sheet is not None
    people = [person for _, person in campaign.deliveries_by_ids(list(sheet.ids))]
    if order is PrintOrder.POSTCODE:
        codes = [person.address.postcode for person in people]
        assert codes == sorted(codes)
        assert len(set(codes)) == 3
    elif order is PrintOrder.LIST:
        assert [person.row for person in people] == list(range(2, PEOPLE + 2))
    else:
        assert [person.last_name for person in people[:: PEOPLE // 5]] == [
            "Durand", "Le Goff", "LEFÈVRE", "N’Diaye", "Œuvrard",
        ]  # fmt: skip


def test_batches_and_separators_hold_every_letter_once(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    options = PrintOptions(letters_per_file=20, separation=Separation.DEPARTMENT)
    done = print_all(campaign, tmp_path / "lettres.pdf", options)
    assert [file.path.name for file in done.files] == [
        "lettres-001.pdf", "lettres-002.pdf", "lettres-003.pdf",
    ]  # fmt: skip
    assert [file.letters for file in done.files] == [20, 20, 5]
    keys = [key for _, sheet in printed_files(campaign) for key in sheet.ids]
    assert sorted(keys) == list(range(1, PEOPLE + 1))
    first = pdfium.PdfDocument(done.files[0].path)[0].get_textpage().get_text_range()
    assert "Département\xa0: 25" in first


def test_a_size_limit_is_kept(campaign: CampaignFile, tmp_path: Path) -> None:
    done = print_all(campaign, tmp_path / "lettres.pdf", PrintOptions(max_bytes=220_000))
    assert len(done.files) > 1
    assert all(file.path.stat().st_size <= 220_000 for file in done.files)
    assert sum(file.letters for file in done.files) == PEOPLE


def test_one_file_per_number_of_sheets(campaign: CampaignFile, tmp_path: Path) -> None:
    options = PrintOptions(by_sheets=True, envelope=Envelope.C5_6, duplex=True)
    done = print_all(campaign, tmp_path / "lettres.pdf", options)
    for file in done.files:
        sheet = printed_file(campaign, file.sha256)
        assert sheet is not None
        assert len(set(sheet.sheets)) == 1
        assert f"-{sheet.sheets[0]}-feuille" in file.path.name


def test_a_bad_address_stops_the_run_or_is_left_out_by_choice(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    person = campaign.recipient(7)
    campaign.update_recipient(
        replace(person, address=replace(person.address, street="rue " + "x" * 60))
    )
    target = tmp_path / "lettres.pdf"
    with pytest.raises(AddressesToCorrect) as caught:
        print_all(campaign, target)
    assert caught.value.rows == (person.row,)
    assert list(tmp_path.glob("lettres*")) == []
    done = print_all(campaign, target, PrintOptions(leave_out_bad_addresses=True))
    assert done.left_out == (person.row,)
    assert statuses(campaign) == {DeliveryStatus.PRINTED: PEOPLE - 1, DeliveryStatus.PENDING: 1}


def test_a_missing_glyph_leaves_no_file_and_marks_nothing(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    campaign.update_recipient(replace(campaign.recipient(30), first_name="Léa 😀"))
    with pytest.raises(MissingGlyph) as caught:
        print_all(campaign, tmp_path / "lettres.pdf")
    assert caught.value.row == campaign.recipient(30).row
    assert list(tmp_path.glob("lettres*")) == []
    assert statuses(campaign) == {DeliveryStatus.PENDING: PEOPLE}


def test_stopping_keeps_finished_files_and_the_next_run_prints_the_rest(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    control = Control()
    options = PrintOptions(letters_per_file=20, threads=1)
    run = PrintRun(campaign, tmp_path / "lettres.pdf", options, clock=FixedClock()).run(control)
    next(event for event in run if isinstance(event, FilePrinted))
    control.stop()
    with pytest.raises(Cancelled):
        list(run)
    assert statuses(campaign) == {DeliveryStatus.PRINTED: 20, DeliveryStatus.PENDING: 25}
    assert [path.name for path in sorted(tmp_path.glob("lettres*"))] == ["lettres-001.pdf"]
    done = print_all(campaign, tmp_path / "lettres.pdf", options)
    assert done.letters == 25
    assert statuses(campaign) == {DeliveryStatus.PRINTED: PEOPLE}
    assert [file.path.name for file in done.files] == ["lettres-001 (2).pdf", "lettres-002.pdf"]
    with pytest.raises(NothingToPrint):
        print_all(campaign, tmp_path / "lettres.pdf")


def test_what_a_killed_run_left_is_removed(campaign: CampaignFile, tmp_path: Path) -> None:
    leftover = tmp_path / "lettres-004.pdf.en-cours"
    other = tmp_path / "autre.pdf.en-cours"
    leftover.write_bytes(b"%PDF")
    other.write_bytes(b"%PDF")
    print_all(campaign, tmp_path / "lettres.pdf")
    assert not leftover.exists()
    assert other.exists()


class PowerCut(BaseException):
    """What a test raises where the power fails."""


@pytest.mark.parametrize("moment", ["before_name", "after_name"])
def test_a_power_cut_around_the_naming_prints_nobody_twice(
    campaign: CampaignFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    publish = print_part.PrintPart.publish

    def cut(part: print_part.PrintPart) -> int:
        if moment == "after_name":
            publish(part)
        raise PowerCut

    monkeypatch.setattr(print_part.PrintPart, "publish", cut)
    target = tmp_path / "lettres.pdf"
    with pytest.raises(PowerCut):
        print_all(campaign, target)
    assert statuses(campaign) == {DeliveryStatus.PENDING: PEOPLE}
    monkeypatch.undo()
    if moment == "after_name":
        with pytest.raises(NothingToPrint):
            print_all(campaign, target)
        ((_, sheet),) = printed_files(campaign)
        assert sheet.sha256 == file_sha256(target)
    else:
        assert print_all(campaign, target).letters == PEOPLE
    assert statuses(campaign) == {DeliveryStatus.PRINTED: PEOPLE}
    assert [path.name for path in tmp_path.glob("lettres*")] == ["lettres.pdf"]


def test_a_reprint_is_recorded_and_moves_nothing(campaign: CampaignFile, tmp_path: Path) -> None:
    first = print_all(campaign, tmp_path / "lettres.pdf")
    sheet = printed_file(campaign, first.files[0].sha256)
    assert sheet is not None
    run = PrintRun(
        campaign, tmp_path / "encore.pdf", clock=FixedClock(), reprint=sheet.ids[3:5]
    ).run(Control())
    *_, last = run
    assert isinstance(last, PrintFinished)
    assert last.letters == 2
    again = printed_file(campaign, last.files[0].sha256)
    assert again is not None
    assert again.reprint
    assert again.ids == sheet.ids[3:5]
    assert statuses(campaign) == {DeliveryStatus.PRINTED: PEOPLE}
    assert campaign.delivery(sheet.ids[3]).sha256 == first.files[0].sha256
    assert sum(1 for _ in campaign.events(kind="letters_reprinted")) == 1


def test_posting_marks_one_file(campaign: CampaignFile, tmp_path: Path) -> None:
    done = print_all(campaign, tmp_path / "lettres.pdf", PrintOptions(letters_per_file=20))
    posted = mark_posted(campaign, date(2026, 1, 27), NOW, sha256=done.files[0].sha256)
    assert posted == 20
    assert statuses(campaign) == {DeliveryStatus.POSTED: 20, DeliveryStatus.PRINTED: 25}
    assert mark_posted(campaign, date(2026, 1, 28), NOW) == 25
    assert campaign.balance().is_exact()


def test_a_typed_code_finds_its_letter(campaign: CampaignFile) -> None:
    code = campaign.delivery(5).code
    found = find_by_code(campaign, f" {code.replace('-', ' ').lower()} ")
    assert found is not None
    assert found.id == 5
    assert find_by_code(campaign, code[:-1] + ("2" if code[-1] != "2" else "3")) is None


def test_no_patient_in_what_the_journal_keeps_for_ever(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    print_all(campaign, tmp_path / "lettres-DURAND.pdf")
    kept = " ".join(str(dict(event.facts)) for event in campaign.events())
    assert "DURAND" not in kept
    assert "Durand" not in kept


def test_the_intent_of_a_file_that_is_not_there_is_dropped(
    campaign: CampaignFile, tmp_path: Path
) -> None:
    done = print_all(campaign, tmp_path / "lettres.pdf")
    sheet = printed_file(campaign, done.files[0].sha256)
    assert sheet is not None
    note_intent(campaign, replace(sheet, path=str(tmp_path / "absent.pdf")))
    with pytest.raises(NothingToPrint):
        print_all(campaign, tmp_path / "lettres.pdf")
    assert len(printed_files(campaign)) == 1


def test_progress_comes_for_layout_and_proof(campaign: CampaignFile, tmp_path: Path) -> None:
    events = list(PrintRun(campaign, tmp_path / "l.pdf", clock=FixedClock()).run(Control()))
    phases = [event.phase for event in events if isinstance(event, PrintStep)]
    assert {"layout", "proof"} <= set(phases)
