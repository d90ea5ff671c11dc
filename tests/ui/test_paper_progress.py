"""The bar of a print: whole at the end, never back, whatever the order of the phases."""

from pathlib import Path

from app.services.direct_printing import LotPrinted
from app.services.printing import FilePrinted, PrintStep
from app.ui.steps.paper_box_progress import WHOLE, PrintProgress


def made(letters: int) -> FilePrinted:
    return FilePrinted(Path("lettres.pdf"), letters, letters, letters, "00" * 32, 1)


def places(*events: PrintStep | FilePrinted | LotPrinted) -> list[int]:
    progress = PrintProgress()
    return [progress.follow(event)[1] for event in events]


def test_several_files_proved_in_turn() -> None:
    seen = places(
        PrintStep("layout", 0, 30),
        PrintStep("layout", 10, 30),
        PrintStep("proof", 0, 20),
        PrintStep("proof", 20, 20),
        made(10),
        PrintStep("layout", 20, 30),
        PrintStep("layout", 30, 30),
        PrintStep("proof", 0, 20),
        PrintStep("proof", 20, 20),
        made(10),
        PrintStep("proof", 0, 20),
        made(10),
    )
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, WHOLE)
    assert 0 < seen[1] < seen[3] < seen[6] < WHOLE


def test_one_file_moves_during_its_proof() -> None:
    seen = places(
        PrintStep("layout", 100, 100), PrintStep("proof", 100, 200), PrintStep("proof", 200, 200)
    )
    assert seen[0] < seen[1] < seen[2] == WHOLE


def test_the_printer_counts_letters() -> None:
    progress = PrintProgress()
    words, place = progress.follow(PrintStep("printer", 50, 200))
    assert words == "Vers l’imprimante\u00a0: 50 sur 200."
    assert place == WHOLE // 4
    assert progress.follow(LotPrinted(100, 100, 100)) == ("", WHOLE // 4)
    assert progress.follow(PrintStep("printer", 200, 200))[1] == WHOLE
