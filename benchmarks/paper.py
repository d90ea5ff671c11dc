"""Print: milliseconds per letter of a merged, proved file and of single tagged files; LibreOffice beside.

    python -m benchmarks.paper [--lettres 2000] [--fois 3] [--libreoffice 200]

Issue 6 asks, for letters of which 70 % have one page and 30 % two: one merged file at least 12 times faster per
letter than LibreOffice Writer's mail merge, single tagged files at least 5 times; 10,000 letters, proof included,
under two minutes on two cores; memory below 500 MB at any size. Issue 2: merged below 6 ms, single below 20 of CPU.
``--libreoffice N`` merges N of the same letters with Writer (needs soffice and the system's python3-uno).
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.core.campaign import new_letter_code
from app.core.practice import Practice, Signatory
from app.paper.engine import PaperEngine
from app.paper.paper_letter import PaperLetter
from app.paper.print_file import PrintProgress, PrintResult, write_print_file

PRACTICE = Practice(
    name="Cabinet médical des Tilleuls", street="12 rue des Tilleuls", postcode="01000",
    city="Exempleville", phone="0199001234", email="contact@cabinet-tilleuls.example",
    signatories=(Signatory("Dr Claire Exemplaire", "médecin généraliste"),),
)  # fmt: skip
SENTENCES = (
    "Notre cabinet utilise un logiciel fourni par une société extérieure, qui nous a appris qu’une personne "
    "non autorisée avait copié des informations sur nos patients, entre le 5 et le 8 janvier.",
    "Un escroc pourrait se faire passer pour vous, ou rendre crédible un faux message : méfiez-vous des appels "
    "et des courriels qui parlent de cet événement, même s’ils semblent venir de nous.",
    "Si l’on vous appelle en citant votre nom et votre date de naissance, raccrochez, puis rappelez l’organisme "
    "au numéro que vous connaissez. N’ouvrez ni lien ni pièce jointe d’un courriel inattendu.",
    "Nous avons changé tous nos mots de passe et déclaré cet événement à la CNIL. Nous vous écrirons de nouveau "
    "quand le contrôle de sécurité sera terminé.",
)


def name_of(number: int) -> str:
    """An invented name, each its own."""
    return f"Prénom{number % 211} Nomexemple{number}"


def paragraphs(number: int) -> list[str]:
    """Seven paragraphs for 70 % of the letters (one page), fourteen for the others (two)."""
    count = 7 if number % 10 < 7 else 14
    return [f"{SENTENCES[at % 4]} (dossier de {name_of(number)})" for at in range(count)]


def letters(count: int) -> Iterator[PaperLetter]:
    """Letters of the corpus, reproducible."""
    for number in range(count):
        body = number.to_bytes(4, "big")
        code = new_letter_code(bytes(digit for byte in body for digit in divmod(byte, 16)))
        name = name_of(number)
        yield PaperLetter(
            code=code,
            row=number + 2,
            address_lines=(
                f"MADAME {name.upper()}",
                f"{number} RUE D EXEMPLE",
                "01000 EXEMPLEVILLE",
            ),
            subject="Information sur vos données personnelles",
            place_date="Exempleville, le 26 janvier 2026",
            blocks=[{"t": "p", "c": [{"t": "v", "v": text}]} for text in paragraphs(number)],
            signatories=PRACTICE.signatories,
            reminder=f"Madame {name}, lettre du 26 janvier 2026",
            reference=f"Référence : {code}",
        )


class PeakMemory:
    """Highest resident memory of this process, sampled, in MB."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._stop = threading.Event()
        self._sampler = threading.Timer(0, self._sample)

    def __enter__(self) -> "PeakMemory":
        self._sampler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._sampler.join()

    def _sample(self) -> None:
        while not self._stop.wait(0.2):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.peak = max(self.peak, pages * resource.getpagesize() / 1e6)


def merged(count: int, folder: Path) -> tuple[float, float, float, int]:
    """Wall and layout-only milliseconds per letter, CPU milliseconds, pages."""
    start, cpu = time.perf_counter(), time.process_time()
    laid_out, pages = start, 0
    for event in write_print_file(folder / "lettres.pdf", PaperEngine(PRACTICE), letters(count)):
        if isinstance(event, PrintResult):
            pages = sum(found.pages for found in event.ranges)
        elif isinstance(event, PrintProgress) and event.phase == "layout":
            laid_out = time.perf_counter()
    end, cpu_end = time.perf_counter(), time.process_time()
    (folder / "lettres.pdf").unlink()
    scale = 1000 / count
    return (end - start) * scale, (laid_out - start) * scale, (cpu_end - cpu) * scale, pages


def single(count: int) -> tuple[float, float]:
    """Wall (a thread per core, as the program does) and CPU milliseconds per tagged single letter."""
    engine = PaperEngine(PRACTICE)
    start, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(engine.single, letters(count)):
            pass
    scale = 1000 / count
    return (time.perf_counter() - start) * scale, (time.process_time() - cpu) * scale


def libreoffice(count: int, folder: Path, *, one_file: bool) -> tuple[float, int]:
    """Milliseconds per letter of Writer's mail merge of the same letters, and pages."""
    with (folder / "liste.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["adresse", "code", *(f"p{at}" for at in range(14))])
        for number, letter in enumerate(letters(count)):
            texts = paragraphs(number)
            texts += [""] * (14 - len(texts))
            writer.writerow([", ".join(letter.address_lines), letter.code, *texts])
    script = Path(__file__).with_name("libreoffice_merge.py")
    words = ["/usr/bin/python3", str(script), str(folder), "one" if one_file else "many"]
    for _ in range(
        6
    ):  # Writer dies now and then while it merges; its good runs are what is compared
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode == 0:
            break
    else:
        raise SystemExit(f"LibreOffice did not finish: {done.stderr[-300:]}")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return told["seconds"] * 1000 / count, told["pages"]


def median(measure: Callable[[], tuple[float, ...]], times: int) -> list[float]:
    """Medians of the columns of several runs."""
    return [
        statistics.median(column) for column in zip(*(measure() for _ in range(times)), strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Print benchmark")
    parser.add_argument("--lettres", type=int, default=2_000)
    parser.add_argument("--fois", type=int, default=3)
    parser.add_argument("--libreoffice", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with PeakMemory() as memory:
            wall, layout, cpu, pages = median(lambda: merged(asked.lettres, folder), asked.fois)
        print(
            f"merged, {asked.lettres} letters, {pages:.0f} pages: {wall:.2f} ms a letter with the proof, "
            f"{layout:.2f} without, {cpu:.2f} of CPU; peak {memory.peak:.0f} MB"
        )
        one_wall, one_cpu = median(lambda: single(300), asked.fois)
        print(f"single tagged: {one_wall:.2f} ms a letter, {one_cpu:.2f} of CPU")
        if asked.libreoffice:
            for one_file, ours in ((True, wall), (False, one_wall)):
                theirs, their_pages = libreoffice(asked.libreoffice, folder, one_file=one_file)
                kind = "one file" if one_file else "single files"
                print(
                    f"LibreOffice, {kind}, {asked.libreoffice} letters, {their_pages} pages: "
                    f"{theirs:.1f} ms a letter, {theirs / ours:.1f} times ours"
                )


if __name__ == "__main__":
    main()
