"""Print: milliseconds per letter of a merged, proved file and of single tagged files; LibreOffice beside.

    python -m benchmarks.paper [--lettres 2000] [--fois 3] [--libreoffice 200] [--tout-distinct]

Issue 6 asks, for letters of which 70 % have one page and 30 % two: one merged file at least 12 times faster per
letter than LibreOffice Writer's mail merge, single tagged files at least 5 times; 10,000 letters, proof included,
under two minutes on two cores; memory below 500 MB at any size. Issue 2: merged below 6 ms, single below 20 of CPU.
``--libreoffice N`` merges N of the same letters with Writer (needs soffice and the system's python3-uno); its time
per letter grows with N, so that a small N favours it. Neither its start nor its templates are counted. As in the
program's own letters, name and code stand in one paragraph and the rest is shared; with ``--tout-distinct`` every
paragraph names the patient, the worst case.
"""

import argparse
import csv
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from app.core.campaign import new_letter_code
from app.core.practice import Practice, Signatory
from app.paper.engine import PaperEngine
from app.paper.paper_letter import PaperLetter
from app.paper.print_file import PrintResult, write_print_file

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


#: what Writer's fields are called, and what one letter is made of: texts, and fields in brackets
OWN = "Cette lettre porte le code [code]. Elle est destinée à Madame [nom]. Pour vérifier qu’elle vient de nous, "
OWN += "appelez notre numéro habituel et donnez ce code."


def name_of(number: int) -> str:
    """An invented name, each its own."""
    return f"Prénom{number % 211} Nomexemple{number}"


def code_of(number: int) -> str:
    """A code, each its own."""
    body = number.to_bytes(4, "big")
    return new_letter_code(bytes(digit for byte in body for digit in divmod(byte, 16)))


def has_two_pages(number: int) -> bool:
    """Three letters in ten."""
    return number % 10 >= 7


def paragraphs(number: int, *, each_own: bool) -> list[str]:
    """Seven paragraphs for 70 % of the letters (one page), fourteen for the others (two).

    One of them holds name and code, as in the letters of the program; with ``each_own`` all hold the name.
    """
    count = 14 if has_two_pages(number) else 7
    if each_own:
        return [f"{SENTENCES[at % 4]} (dossier de {name_of(number)})" for at in range(count)]
    own = OWN.replace("[code]", code_of(number)).replace("[nom]", name_of(number))
    texts = [f"{SENTENCES[at % 4]} ({at})" for at in range(count - 1)]
    return [*texts[:5], own, *texts[5:]]


def letters(count: int, *, each_own: bool = False) -> Iterator[PaperLetter]:
    """Letters of the corpus, reproducible."""
    for number in range(count):
        code, name = code_of(number), name_of(number)
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
            blocks=[
                {"t": "p", "c": [{"t": "s", "v": text}]}
                for text in paragraphs(number, each_own=each_own)
            ],
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


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds per letter, and pages of all letters."""

    wall: float
    cpu: float
    pages: int


class Stopwatch:
    """Wall and CPU time, that of ended children too."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), self._spent()

    def cost(self, letters: int, pages: int) -> Cost:
        """Since the start."""
        scale = 1000 / letters
        wall, cpu = time.perf_counter() - self._wall, self._spent() - self._cpu
        return Cost(wall * scale, cpu * scale, pages)

    def _spent(self) -> float:
        spent = os.times()
        return spent.user + spent.system + spent.children_user + spent.children_system


def merged(count: int, folder: Path, *, each_own: bool) -> Cost:
    """One print file, proof included."""
    watch, pages = Stopwatch(), 0
    corpus = letters(count, each_own=each_own)
    for event in write_print_file(folder / "lettres.pdf", PaperEngine(PRACTICE), corpus):
        if isinstance(event, PrintResult):
            pages = sum(found.pages for found in event.ranges)
    (folder / "lettres.pdf").unlink()
    return watch.cost(count, pages)


def single(count: int, folder: Path, *, each_own: bool) -> Cost:
    """Tagged files, one per letter, a thread per core as the program does."""
    engine = PaperEngine(PRACTICE)

    def write(letter: PaperLetter) -> int:
        pdf, pages = engine.single_with_pages(letter)
        (folder / f"{letter.code}.pdf").write_bytes(pdf)
        return pages

    watch = Stopwatch()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pages = sum(pool.map(write, letters(count, each_own=each_own)))
    return watch.cost(count, pages)


def writer_template(*, each_own: bool) -> list[list[tuple[str, str]]]:
    """The letter as Writer gets it: the same words, fields where letters differ."""
    template = [[("field", "adresse")]]
    if each_own:
        template += [[("field", f"p{at}")] for at in range(14)]
    else:
        texts = [[("text", f"{SENTENCES[at % 4]} ({at})")] for at in range(6)]
        own = [
            ("field" if part in ("code", "nom") else "text", part)
            for part in re.split(r"[\[\]]", OWN)
        ]
        template += [*texts[:5], own, texts[5], [("field", "suite")]]
    return [*template, [("text", "Dr Claire Exemplaire, médecin généraliste")]]


def libreoffice(count: int, folder: Path, *, one_file: bool, each_own: bool) -> Cost:
    """Writer's mail merge of the same letters."""
    with (folder / "liste.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["adresse", "code", "nom", "suite", *(f"p{at}" for at in range(14))])
        for number, letter in enumerate(letters(count)):
            texts = paragraphs(number, each_own=each_own)
            rest = "\n".join(texts[7:])
            texts += [""] * (14 - len(texts))
            address = ", ".join(letter.address_lines)
            writer.writerow([address, letter.code, name_of(number), rest, *texts])
    template = writer_template(each_own=each_own)
    (folder / "modele.json").write_text(json.dumps(template), encoding="utf-8")
    script = Path(__file__).with_name("libreoffice_merge.py")
    words = ["/usr/bin/python3", str(script), str(folder), "one" if one_file else "many"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=1_800)
    for _ in range(5):  # Writer dies now and then while it merges; its good runs are compared
        if done.returncode == 0:
            break
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=1_800)
    else:
        raise SystemExit(f"LibreOffice did not finish: {done.stderr[-300:]}")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Cost(told["seconds"] * 1000 / count, told["cpu"] * 1000 / count, told["pages"])


def median(costs: Sequence[Cost]) -> Cost:
    """Medians of several rounds."""
    wall = statistics.median(cost.wall for cost in costs)
    return Cost(wall, statistics.median(cost.cpu for cost in costs), costs[0].pages)


def shown(name: str, cost: Cost) -> None:
    """One line of the table."""
    print(f"{name:<34} {cost.wall:7.2f} ms a letter, {cost.cpu:7.2f} of CPU, {cost.pages} pages")


def main() -> None:
    parser = argparse.ArgumentParser(description="Print benchmark")
    parser.add_argument("--lettres", type=int, default=2_000)
    parser.add_argument("--seules", type=int, default=300)
    parser.add_argument("--fois", type=int, default=3)
    parser.add_argument("--libreoffice", type=int, default=0, metavar="N")
    parser.add_argument("--tout-distinct", action="store_true", help="no paragraph is shared")
    asked = parser.parse_args()
    own = asked.tout_distinct
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    kinds = ("one file", "single files")
    ours: dict[str, list[Cost]] = {kind: [] for kind in kinds}
    theirs: dict[str, list[Cost]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as name, PeakMemory() as memory:
        folder = Path(name)
        for _ in range(asked.fois):  # side by side, so that other load of the machine meets both
            ours["one file"].append(merged(asked.lettres, folder, each_own=own))
            ours["single files"].append(single(asked.seules, folder, each_own=own))
            for kind in kinds if asked.libreoffice else ():
                one_file = kind == "one file"
                cost = libreoffice(asked.libreoffice, folder, one_file=one_file, each_own=own)
                theirs[kind].append(cost)
    for kind in kinds:
        mine = median(ours[kind])
        shown(f"Avis 34, {kind}", mine)
        if theirs[kind]:
            other = median(theirs[kind])
            shown(f"LibreOffice, {kind}", other)
            print(
                f"  {other.wall / mine.wall:.1f} times in wall time, {other.cpu / mine.cpu:.1f} in CPU"
            )
    print(f"peak memory {memory.peak:.0f} MB; load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
