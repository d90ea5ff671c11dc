"""Merge: letters per second on one core, with and without the checks; time to preview the next patient.

    python benchmarks/merge.py [--lettres 10000] [--fois 5]

Issue 4 asks: HTML + text above 4,000 letters/s on one core once shapes are cached; 10,000 letters with all checks
in under 15 s; preview of the next patient below 60 ms (e-mail) and below 120 ms (PDF page).
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from app.core.campaign import Campaign, Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.letter_leaks import LeakIndex
from app.core.recipient import Civility, PostalAddress, Recipient
from app.letters.catalogue import load
from app.letters.checking import LetterChecker, practice_texts
from app.letters.render import LetterRenderer
from app.paper.engine import PaperEngine
from app.services import letter_check
from app.services.paper_letters import paper_letter
from app.services.samples import load_sample
from app.storage.campaign_file import CampaignFile

DAY = date(2026, 2, 2)
CIVILITIES = (Civility.MADAME, Civility.MONSIEUR, Civility.UNKNOWN)


def people(count: int) -> Iterator[Recipient]:
    """Invented patients: one in seven a child, one in a hundred with annotations, every name its own."""
    for number in range(1, count + 1):
        yield Recipient(
            row=number,
            id=number,
            civility=CIVILITIES[number % 3],
            first_name=f"Prénom{number % 211}",
            last_name=f"Nomexemple{number}",
            birth_date=date(2018, 5, 1) if number % 7 == 0 else date(1930 + number % 60, 5, 1),
            email=f"p{number}@exemple.invalid" if number % 3 else "",
            address=PostalAddress(
                street=f"{number} rue d’Exemple", postcode="01000", city="Exempleville"
            ),
            has_annotations=number % 100 == 0,
        )


def renderer() -> LetterRenderer:
    """The software vendor's sample, with its variant."""
    sample, catalogue = load_sample("editeur", DAY), load()
    return LetterRenderer(
        catalogue.template("T01"), catalogue.template("T02"), sample.incident, sample.practice, DAY
    )


def median(measure: Callable[[], float], times: int) -> float:
    """Median of several runs, the first (cold caches) left out."""
    measure()
    return statistics.median(measure() for _ in range(times))


def merge(everybody: list[Recipient]) -> float:
    """Seconds of CPU for HTML and text of everybody."""
    made = renderer()
    code = new_letter_code()
    start = time.process_time()
    for person in everybody:
        letter = made.render(person, code, Channel.EMAIL)
        assert letter.html
        assert letter.text
    return time.process_time() - start


def merge_and_check(everybody: list[Recipient]) -> float:
    """Seconds of CPU for everybody, with the 18 points and the search for other names."""
    made = renderer()
    start = time.process_time()
    checker = LetterChecker(made, DAY, LeakIndex(everybody, practice_texts(made)))
    for person in everybody:
        channel = Channel.EMAIL if person.email else Channel.PAPER
        issues = checker.check_person(person, "7K3M-9QXA-P", channel)
        # a child with a remark in the record asks for a decision: rightly so
        assert {issue.code for issue in issues} <= {"letter_19_minor_remark"}, issues
    return time.process_time() - start


def invariant(count: int) -> tuple[float, float]:
    """Seconds of CPU to index the names of ``count`` people, then to render and check the letter of each."""
    everybody = list(people(count))
    made = renderer()
    start = time.process_time()
    leaks = LeakIndex(everybody, practice_texts(made))
    indexed = time.process_time()
    checker = LetterChecker(made, DAY, leaks)
    for person in everybody:
        channel = Channel.EMAIL if person.email else Channel.PAPER
        checker.check_person(person, "7K3M-9QXA-P", channel)
    return indexed - start, time.process_time() - indexed


def check_campaign(count: int) -> float:
    """Seconds by the clock for ``check_all`` on an encrypted campaign file."""
    sample = load_sample("editeur", DAY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mesure.avis34"
        made = CampaignFile.create(path, Campaign("m", "mesure", datetime.now(UTC)), b"k" * 32)
        with made:
            made.save_incident(sample.incident)
            made.save_practice(sample.practice)
            made.add_recipients(people(count))
            start = time.perf_counter()
            for event in letter_check.check_all(made):
                assert not isinstance(event, letter_check.CheckFinished) or event.letters == count
            return time.perf_counter() - start


def next_previews(everybody: list[Recipient], channel: Channel) -> list[float]:
    """Milliseconds to show each of 30 patients in turn, by the clock."""
    made = renderer()
    engine = PaperEngine(made.practice)
    spent: list[float] = []
    for person in everybody[:31]:
        start = time.perf_counter()
        if channel is Channel.EMAIL:
            letter = made.render(person, "7K3M-9QXA-P", channel)
            assert letter.html
            assert letter.text
        else:
            delivery = Delivery(person.id, channel, DeliveryStatus.PENDING, "7K3M-9QXA-P")
            assert engine.single(paper_letter(made, person, delivery))
        spent.append((time.perf_counter() - start) * 1_000)
    return spent[1:]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Vitesse de la fusion")
    parser.add_argument("--lettres", type=int, default=10_000)
    parser.add_argument("--fois", type=int, default=5)
    parser.add_argument(
        "--liste", type=int, default=0, help="aussi : toute une liste, par exemple 300000"
    )
    asked = parser.parse_args()
    everybody = list(people(asked.lettres))
    merged = median(lambda: merge(everybody), asked.fois)
    checked = median(lambda: merge_and_check(everybody), asked.fois)
    print(f"fusion HTML + texte        {asked.lettres / merged:10,.0f} lettres/s (un cœur)")
    print(
        f"fusion + tous les contrôles{asked.lettres / checked:10,.0f} lettres/s ({checked:.2f} s, un cœur)"
    )
    print(
        f"check_all, fichier chiffré {asked.lettres:10,} lettres en {check_campaign(asked.lettres):.2f} s"
    )
    if asked.liste:
        index, letters = invariant(asked.liste)
        print(
            f"liste entière              {asked.liste:10,} noms indexés en {index:.1f} s, "
            f"lettres écrites et contrôlées en {letters:.1f} s (un cœur)"
        )
    for channel, name in ((Channel.EMAIL, "courriel"), (Channel.PAPER, "page PDF")):
        spent = next_previews(everybody, channel)
        print(
            f"aperçu suivant, {name:9}  médiane {statistics.median(spent):6.1f} ms, pire {max(spent):6.1f} ms"
        )


if __name__ == "__main__":
    main()
