"""Letters given to a printer without a file: proved first, recorded lot by lot, a cut asked about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.core.campaign import DeliveryStatus
from app.core.errors import Cancelled
from app.core.errors.paper import (
    DirectPrintUnsettled,
    NothingToPrint,
    PrintedFileGone,
    PrinterRefused,
    ProofFailed,
)
from app.paper.engine import PaperEngine
from app.paper.proof import Finding, ProofFinding, ProofReport
from app.services import direct_printing
from app.services.control import Control
from app.services.direct_printing import (
    DirectFinished,
    DirectRun,
    LotPrinted,
    Part,
    Piece,
    print_checked_file,
)
from app.services.print_plan import PrintOrder, Separation
from app.services.print_records import (
    printed_file,
    printed_files,
    settle_direct,
    unsettled_direct,
)
from app.services.printing import PrintOptions
from app.services.reprinting import from_letter
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import FixedClock
from tests.support.printing import code_of, make_paper_campaign, print_all, statuses

PEOPLE = 23
_S = DeliveryStatus


@dataclass
class PaperTray:
    """A press that keeps the text of what comes out; ``None`` for a blank page."""

    name: str = "Salle 2"
    is_duplex: bool = True
    pages: list[str | None] = field(default_factory=list)
    jobs: int = 0
    refuses_from: int = 10**6
    power_cut_at: int = 10**6

    def print_job(self, pieces: Sequence[Piece], control: Control) -> Iterator[int]:
        self.jobs += 1
        if self.jobs >= self.refuses_from:
            raise PrinterRefused(self.name)
        for piece in pieces:
            document = pdfium.PdfDocument(piece.source)
            for pages in piece.ranges:
                for number in range(pages.first_page, pages.first_page + pages.pages):
                    if not control.wait():
                        raise Cancelled
                    if len(self.pages) >= self.power_cut_at:
                        raise KeyboardInterrupt
                    self.pages.append(document[number].get_textpage().get_text_range())
                    yield len(self.pages)
                if self.is_duplex and pages.pages % 2:
                    self.pages.append(None)
            document.close()


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[CampaignFile]:
    made = make_paper_campaign(tmp_path, PEOPLE)
    yield made
    made.close()


def run_all(campaign: CampaignFile, tray: PaperTray, **more: object) -> list[object]:
    more.setdefault("letters_per_job", 10)
    return list(DirectRun(campaign, tray, clock=FixedClock(), **more).run(Control()))  # type: ignore[arg-type]


def test_every_letter_comes_out_once_and_is_recorded(campaign: CampaignFile) -> None:
    tray = PaperTray()
    *events, last = run_all(campaign, tray)
    lots = [event for event in events if isinstance(event, LotPrinted)]
    assert [lot.letters for lot in lots] == [10, 10, 3]
    assert isinstance(last, DirectFinished)
    assert last.letters == PEOPLE
    assert last.printer == "Salle 2"
    firsts = [text for text in tray.pages if text and "page 1/" in text.replace("\u00a0", " ")]
    for number in range(1, PEOPLE + 1):
        assert sum(code_of(number) in text for text in firsts) == 1
    assert len(tray.pages) % 2 == 0
    assert statuses(campaign) == {_S.PRINTED: PEOPLE}
    records = [printed for _, printed in printed_files(campaign)]
    assert [len(printed.ids) for printed in records] == [10, 10, 3]
    assert {printed.name for printed in records} == {"Salle 2"}
    assert sum(sum(printed.sheets) for printed in records) == last.sheets == len(tray.pages) // 2
    assert campaign.verify_chain().first_break is None
    assert unsettled_direct(campaign) is None


def test_the_page_table_is_that_of_the_paper(campaign: CampaignFile) -> None:
    tray = PaperTray()
    options = PrintOptions(order=PrintOrder.POSTCODE, separation=Separation.DEPARTMENT)
    run_all(campaign, tray, options=options, letters_per_job=100)
    ((_, printed),) = printed_files(campaign)
    at_page = dict(zip(printed.first_pages, printed.ids, strict=True))
    separators = 0
    for number, text in enumerate(tray.pages):
        if number in at_page:
            assert text is not None
            assert campaign.delivery(at_page[number]).code in text
            assert number % 2 == 0
        elif text and "Département" in text:
            separators += 1
            assert tray.pages[number + 1] is None
    assert separators == 3
    again = from_letter(printed, 20)
    assert again == printed.ids[19:]


def test_one_side_prints_no_blank_sheet(campaign: CampaignFile) -> None:
    tray = PaperTray(is_duplex=False)
    *_, last = run_all(campaign, tray)
    assert isinstance(last, DirectFinished)
    assert None not in tray.pages
    assert last.sheets == len(tray.pages)


def test_a_part_of_the_letters_leaves_the_others_waiting(campaign: CampaignFile) -> None:
    tray = PaperTray()
    run_all(campaign, tray, options=PrintOptions(order=PrintOrder.LIST), part=Part(5, 9))
    assert statuses(campaign) == {_S.PRINTED: 5, _S.PENDING: PEOPLE - 5}
    printed = {letter.recipient_id for letter in campaign.deliveries(_S.PRINTED)}
    assert printed == {5, 6, 7, 8, 9}
    with pytest.raises(NothingToPrint):
        run_all(campaign, tray, part=Part(PEOPLE))


def test_a_refused_job_leaves_its_letters_waiting(campaign: CampaignFile) -> None:
    tray = PaperTray(refuses_from=2)
    with pytest.raises(PrinterRefused) as caught:
        run_all(campaign, tray)
    assert caught.value.letters == 10
    assert statuses(campaign) == {_S.PRINTED: 10, _S.PENDING: PEOPLE - 10}
    assert unsettled_direct(campaign) is None
    again = PaperTray()
    run_all(campaign, again)
    assert statuses(campaign) == {_S.PRINTED: PEOPLE}
    assert again.jobs == 2


def test_a_stop_keeps_the_finished_lots(campaign: CampaignFile) -> None:
    control = Control()
    run = DirectRun(campaign, PaperTray(), letters_per_job=10, clock=FixedClock()).run(control)
    while not isinstance(next(run), LotPrinted):
        pass
    control.stop()
    with pytest.raises(Cancelled):
        list(run)
    assert statuses(campaign) == {_S.PRINTED: 10, _S.PENDING: PEOPLE - 10}
    assert unsettled_direct(campaign) is None


@pytest.mark.parametrize("came_out", [True, False])
def test_a_cut_while_the_printer_receives_is_asked_about(
    campaign: CampaignFile, *, came_out: bool
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_all(campaign, PaperTray(power_cut_at=5))
    assert statuses(campaign) == {_S.PENDING: PEOPLE}
    cut = unsettled_direct(campaign)
    assert cut is not None
    assert len(cut.ids) == 10
    with pytest.raises(DirectPrintUnsettled):
        run_all(campaign, PaperTray())
    assert settle_direct(campaign, FixedClock().now(), came_out=came_out) == 10
    tray = PaperTray()
    run_all(campaign, tray)
    assert statuses(campaign) == {_S.PRINTED: PEOPLE}
    assert tray.jobs == (2 if came_out else 3)


def test_nothing_reaches_the_printer_when_the_proof_finds_something(
    campaign: CampaignFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = ProofFinding(1, Finding.OTHER_CODE)
    report = ProofReport(1, 1, (finding,), 1)
    monkeypatch.setattr(direct_printing, "prove", lambda *_, **__: report)
    tray = PaperTray()
    with pytest.raises(ProofFailed):
        run_all(campaign, tray)
    assert not tray.pages
    assert statuses(campaign) == {_S.PENDING: PEOPLE}


def test_the_proof_looks_at_what_is_printed(
    campaign: CampaignFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letters of two people exchanged on purpose after their layout."""
    chunk = PaperEngine.chunk

    def exchanged(self: PaperEngine, letters: Sequence[object]) -> object:
        _, ranges = chunk(self, letters)  # type: ignore[arg-type]
        swapped, _ = chunk(self, [letters[1], letters[0], *letters[2:]])  # type: ignore[list-item]
        return swapped, ranges

    monkeypatch.setattr(PaperEngine, "chunk", exchanged)
    with pytest.raises(ProofFailed):
        run_all(campaign, PaperTray())


def test_a_reprint_moves_nothing(campaign: CampaignFile) -> None:
    run_all(campaign, PaperTray())
    tray = PaperTray()
    run_all(campaign, tray, reprint=(4, 7))
    assert sum(code_of(4) in (text or "") for text in tray.pages) >= 1
    assert statuses(campaign) == {_S.PRINTED: PEOPLE}
    (event,) = campaign.events(kind="letters_reprinted")
    assert event.facts["letters"] == 2


def test_a_checked_file_is_printed_whole_or_in_part(campaign: CampaignFile, tmp_path: Path) -> None:
    made = print_all(campaign, tmp_path / "lettres.pdf", PrintOptions(order=PrintOrder.LIST))
    printed = printed_file(campaign, made.files[0].sha256)
    assert printed is not None
    tray = PaperTray()
    *_, last = print_checked_file(
        campaign, printed, tray, Control(), part=Part(3, 4), clock=FixedClock()
    )
    assert isinstance(last, DirectFinished)
    assert last.letters == 2
    texts = "\n".join(text or "" for text in tray.pages)
    assert code_of(3) in texts
    assert code_of(4) in texts
    assert code_of(5) not in texts
    (event,) = campaign.events(kind="sent_to_printer")
    assert (event.facts["first"], event.facts["last"]) == (3, 4)
    path = Path(printed.path)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(PrintedFileGone) as changed:
        list(print_checked_file(campaign, printed, tray, Control()))
    assert changed.value.is_changed
    path.unlink()
    with pytest.raises(PrintedFileGone) as gone:
        list(print_checked_file(campaign, printed, tray, Control()))
    assert not gone.value.is_changed
