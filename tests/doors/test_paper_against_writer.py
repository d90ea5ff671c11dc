"""The same list merged by LibreOffice Writer says the same words to the same people (needs python3-uno)."""

import csv
import json
import random
import shutil
import subprocess
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from app.core.campaign import new_letter_code
from app.paper.engine import PaperEngine
from app.paper.fingerprint import add, fingerprint
from app.paper.paper_letter import PaperLetter
from app.paper.print_file import PrintResult, write_print_file
from tests.doors.test_paper_engine import PARAGRAPH, PRACTICE

LETTERS = 40
SCRIPT = Path(__file__).parents[2] / "benchmarks" / "libreoffice_merge.py"
SYSTEM_PYTHON = Path("/usr/bin/python3")
#: what every office program has fonts for
PIECES = (
    "*gras*", "_x_", "`code`", "#set page(fill: red)", "$x$", "<b>", "&amp;", "{{ code }}", "{% if a %}", "//",
    "= titre", "- liste", "@renvoi", "~", "«»", "“”", "O’Brien", "d'Été", "N’Guyễn", "Ł", "Œ", "ß", "ﬁ", "É",
    "Ελένη", "Жанна", "=1+1", "@SUM(A1)", "%s", "{0}", "\\n", "../..", "½", "°", "№", "<NOM>", "a,b;c", '"x"',
)  # fmt: skip


def has_writer() -> bool:
    if shutil.which("soffice") is None or not SYSTEM_PYTHON.exists():
        return False
    asked = subprocess.run(
        [str(SYSTEM_PYTHON), "-c", "import uno"], capture_output=True, check=False
    )
    return asked.returncode == 0


pytestmark = pytest.mark.skipif(
    not has_writer(), reason="LibreOffice with python3-uno is not installed"
)


def letter(number: int) -> tuple[PaperLetter, dict[str, str]]:
    """A letter, and the row of the list that Writer gets for it."""
    draw = random.Random(number)
    name = " ".join(draw.choices(PIECES, k=3))
    code = new_letter_code(bytes([number % 29, number // 29] * 4))
    address = (name.upper()[:38], f"{number} RUE {draw.choice(PIECES)}", "97400 SAINT DENIS")
    own = f"Lettre {code} pour {name}."
    texts = [PARAGRAPH] * 6 + [own] + [PARAGRAPH] * 4 * (number % 3)
    made = PaperLetter(
        code=code,
        row=number + 2,
        address_lines=address,
        subject="Information",
        place_date="Belfort, le 12 janvier 2026",
        blocks=[{"t": "p", "c": [{"t": "v", "v": text}]} for text in texts],
        signatories=PRACTICE.signatories,
        reminder=f"{name}, lettre du 12 janvier 2026",
        reference=f"Référence : {code}",
    )
    return made, {"adresse": "\n".join(address), "texte": "\n".join(texts)}


def read(pdf: Path, first: int = 0, count: int = 0) -> tuple[int, int]:
    """Fingerprint of the words on some pages (all of them: no count), and how many pages."""
    document = pdfium.PdfDocument(pdf)
    pages = range(first, first + (count or len(document)))
    texts = [document[page].get_textpage().get_text_range() for page in pages]
    return add(*map(fingerprint, texts)), len(pages)


def merged_by_writer(folder: Path, rows: list[dict[str, str]]) -> list[tuple[int, int]]:
    with (folder / "liste.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["adresse", "texte"], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    template = [[["field", "adresse"]], [["field", "texte"]]]
    (folder / "modele.json").write_text(json.dumps(template), encoding="utf-8")
    words = [str(SYSTEM_PYTHON), str(SCRIPT), str(folder), "many"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    for _ in range(4):  # Writer dies now and then while it merges
        if done.returncode == 0:
            break
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-500:]
    # l.pdf or l0.pdf first, then l1.pdf …
    files = sorted(
        (folder / "out").glob("*.pdf"), key=lambda path: int("0" + path.stem.lstrip("l"))
    )
    return [read(path) for path in files]


def test_each_letter_has_the_words_that_writer_gives_it(tmp_path: Path) -> None:
    letters, rows = zip(*map(letter, range(LETTERS)), strict=True)
    engine = PaperEngine(PRACTICE)
    (result,) = [
        event
        for event in write_print_file(tmp_path / "l.pdf", engine, iter(letters))
        if isinstance(event, PrintResult)
    ]
    theirs = merged_by_writer(tmp_path, list(rows))
    assert len(theirs) == LETTERS
    for made, row, where, (seen, pages) in zip(letters, rows, result.ranges, theirs, strict=True):
        ours, _ = read(result.path, where.first_page, where.pages)
        list_says = fingerprint(f"{row['adresse']}\n{row['texte']}")
        # what only our page has around the text of the list, and the page numbers of Writer
        around = engine.fingerprints(made, where.pages)[1] - list_says
        # « 2 1 »: Writer's total of pages is wrong now and then
        assert add(ours, -around) in {
            add(seen, *(-fingerprint(f"{page}{total}") for page in range(1, pages + 1)))
            for total in range(1, pages + 1)
        }, made.row
