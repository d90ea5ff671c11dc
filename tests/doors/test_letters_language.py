"""Spelling and grammar of every letter, by tools made for French.

Debian packages: hunspell, hunspell-fr, grammalecte-cli.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app.core.campaign import Channel
from app.letters.catalogue import load
from tests.support.letters import CHILD, CODE, PERSON, renderer

#: names, hosts and signs that no dictionary holds
NAMES = {
    "Logimédia", "Télésoin", "Martinez", "cnil.fr", "17cyber.gouv.fr", "ameli", "PHAROS",
    "internet-signalement.gouv.fr", "service-public.fr", "secretariat", CODE,
    "contact@cabinet-tilleuls.example", "SMS", "IBAN",
}  # fmt: skip
#: remarks of the grammar checker that were looked at one by one and are mistaken: rule, words
MISTAKEN = {
    ("typo_tiret_début_ligne", "- "),  # the plain text of an e-mail has ASCII dashes
    ("g3__gn_det_epi_plur_1m__b1_a1_1", "nom"),  # « vos nom, prénom et date de naissance »
    ("num_grand_nombre_soudé", "33700"),
    ("g3__gn_le_2m__b1_a2_1", "partie"),  # « Le vôtre en fait partie »
    ("g3__gn_le_2m__b1_a3_1", "Le"),
    ("g2__tu_mots_composés_verbe_nom__b5_a1_1", "passe partout"),
    ("g3__infi_verbe_de_verbe__b1_a1_1", "coordonnées"),  # « demandons jamais de coordonnées »
}


@cache
def lines() -> tuple[str, ...]:
    """Every different line of every letter, companion, consequence and advice."""
    catalogue = load()
    texts: list[str] = []
    annotated = replace(PERSON, has_annotations=True)
    for template in catalogue.templates.values():
        for certainty in template.certainties:
            for flags in (False, True):
                made = renderer(template.id, certainty, flags=flags)
                for person in (PERSON, CHILD, annotated):
                    texts += [
                        made.render(person, CODE, channel).body
                        for channel in (Channel.EMAIL, Channel.PAPER)
                    ]
                public = renderer("T12", certainty, flags=flags)
                texts += [
                    public.render_public(template.other_text(name)).text for name in template.extras
                ]
    knowledge = catalogue.knowledge
    for category in knowledge.categories.values():
        texts += [category.consequence, category.phrase, category.excluded_phrase]
    texts += [advice.text for advice in knowledge.advice]
    texts += [group.text for group in knowledge.groups]
    texts += [
        each for combo in knowledge.combinations for each in (combo.consequence, combo.reason)
    ]
    return tuple(dict.fromkeys(line for text in texts for line in text.split("\n") if line.strip()))


needs_hunspell = pytest.mark.skipif(
    shutil.which("hunspell") is None, reason="hunspell et hunspell-fr ne sont pas installés"
)
needs_grammalecte = pytest.mark.skipif(
    shutil.which("grammalecte-cli") is None, reason="grammalecte-cli n’est pas installé"
)


def misspelt(texts: Sequence[str]) -> list[str]:
    """Words that the French dictionary does not hold."""
    text = "\n".join(texts).replace("’", "'")
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, " ")
    answer = subprocess.run(
        ["hunspell", "-d", "fr", "-i", "utf-8", "-l"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(set(answer.stdout.split()))


def mistakes(texts: Sequence[str], folder: Path) -> list[tuple[str, str, str]]:
    """Rule, words and message of each mistake of grammar or typography."""
    path = folder / "lettres.txt"
    path.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    answer = subprocess.run(
        ["grammalecte-cli", "-j", "-f", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    written = path.read_text(encoding="utf-8").split("\n")
    found: set[tuple[str, str, str]] = set()
    for paragraph in json.loads(answer.stdout)["data"]:
        line = written[paragraph["iParagraph"] - 1]
        for error in paragraph.get("lGrammarErrors", ()):
            words = line[error["nStart"] : error["nEnd"]]
            if (error["sRuleId"], words) not in MISTAKEN:
                found.add((error["sRuleId"], words, re.sub(r"\s+", " ", error["sMessage"])))
    return sorted(found)


@needs_hunspell
def test_spelling() -> None:
    assert misspelt(lines()) == []


@needs_grammalecte
def test_grammar(tmp_path: Path) -> None:
    assert mistakes(lines(), tmp_path) == []


@needs_hunspell
def test_a_planted_misspelling_is_seen() -> None:
    (line,) = [each for each in lines() if each.startswith("Vous n’avez rien à faire.")][:1]
    assert misspelt([line.replace("rien", "rienn")]) == ["rienn"]


@needs_grammalecte
@pytest.mark.parametrize(
    ("right", "wrong", "at_fault"),
    [
        ("nos patients", "nos patient", "nos patient"),
        ("Nous regrettons", "Nous regrettez", "regrettez"),
        ("vos données", "vos donnée", "vos donnée"),
    ],
)
def test_a_planted_mistake_is_seen(right: str, wrong: str, at_fault: str, tmp_path: Path) -> None:
    line = next(each for each in lines() if right in each)
    found = mistakes([line.replace(right, wrong)], tmp_path)
    assert any(words in at_fault or at_fault in words for _, words, _ in found)
