"""Companions say the same facts, name no patient and fit their channel."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdf
import pytest

from app.core.campaign import Channel
from app.core.incident import Certainty
from app.core.letter_run_checks import check_person, check_sms, sms_length
from app.core.recipient import Protection
from app.letters.catalogue import load
from app.letters.readability import readability, syllables
from app.services.companions import (
    answer_to,
    companions,
    deletion_request,
    letter_page,
    short_letter,
    to_gsm7,
)
from app.services.paper_letters import block_for
from tests.support.letters import CODE, PERSON, PRACTICE, incident, renderer


def _pdf_text(pdf: bytes) -> tuple[int, str]:
    reader = pypdf.PdfReader(BytesIO(pdf))
    text = " ".join(page.extract_text() for page in reader.pages)
    return len(reader.pages), " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("certainty", list(Certainty))
def test_companions_tell_the_facts(certainty: Certainty) -> None:
    made = companions(renderer("T01", certainty))
    pages, text = _pdf_text(made.poster_pdf)
    assert pages == 1
    for needed in ("22 janvier 2026", "01 99 00 12 34", "33700", "cnil.fr", "Dr Claire Exemplaire"):
        assert needed in text
    assert ("très probablement" in text) is (certainty is Certainty.PROBABLE)
    assert ("auraient pu être exposées" in text) is (certainty is Certainty.ALLEGED)
    assert "{" not in text
    pages, script = _pdf_text(made.phone_script_pdf)
    assert pages <= 2
    assert all(f"{number}. " in script for number in range(1, 11))
    assert "http" not in made.web_page.replace("https://exemple", "")
    assert "<h1>" in made.web_page
    assert "src=" not in made.web_page
    assert "mot de passe" in made.answering_machine


def test_the_phone_script_answers_what_was_really_exposed() -> None:
    without = companions(renderer("T01")).phone_script.text
    assert "Les documents médicaux ne sont pas dans la liste" in without
    with_documents = companions(renderer("T08")).phone_script.text
    assert "Des documents médicaux font partie de la liste" in with_documents
    with_password = companions(renderer("T12")).phone_script.text
    assert "Changez votre mot de passe" in with_password


def test_the_sms_fits_or_says_why() -> None:
    made = companions(renderer())
    assert made.sms_issues == ()
    length = sms_length(made.sms)
    assert length is not None
    assert length <= 160
    long = replace(
        PRACTICE, name="Maison de santé pluriprofessionnelle des Coteaux et de la Plaine"
    )
    assert [i.code for i in companions(renderer(practice=long)).sms_issues] == [
        "letter_18_sms_long"
    ]
    arabic = replace(PRACTICE, name="عيادة")
    text = renderer(practice=arabic).render_public(load().template("T17").other_text("sms")).text
    assert [i.code for i in check_sms(to_gsm7(text.strip()))] == ["letter_18_sms_alphabet"]


def test_gsm7_keeps_what_sms_knows() -> None:
    assert to_gsm7("Évêque à l’œuvre\u00a0: ç") == "Éveque à l'oeuvre: c"


def test_answer_and_deletion_request() -> None:
    t16 = incident(renderer().template)
    asked = replace(t16, details={"date_demande": "2026-02-01", "est_concerne": "oui"})
    letter = answer_to(renderer(changed=asked), PERSON, CODE, Channel.EMAIL)
    assert "Vos informations en font partie" in letter.body
    assert letter.template_id == "T16"
    not_concerned = replace(asked, details={"date_demande": "2026-02-01"})
    assert (
        "n’en font pas partie"
        in answer_to(renderer(changed=not_concerned), PERSON, CODE, Channel.PAPER).body
    )
    wrong = replace(asked, details={"message_date": "2026-01-10"})
    request = deletion_request(renderer(changed=wrong), PERSON, CODE, Channel.PAPER)
    assert "supprimer le message" in request.body
    assert "10\u00a0janvier 2026" in request.body


@pytest.mark.parametrize("template_id", ["T01", "T05", "T07", "T08"])
def test_the_short_letter_is_short_and_says_no_more_than_is_known(template_id: str) -> None:
    for certainty in load().template(template_id).certainties:
        made = renderer(template_id, certainty)
        protected = replace(
            PERSON, protection=Protection.GUARDIANSHIP, representative="Paul Tuteur"
        )
        body = short_letter(made, protected).body
        assert body.startswith("Madame,")
        assert "Tuteur" not in body
        found = readability(body)
        assert found is not None
        assert found.words < 150
        assert found.words_per_sentence < 12
        assert found.score > 80
        assert ("Ce n’est pas sûr" in body) is (
            certainty is Certainty.ALLEGED and template_id != "T07"
        )
        assert ("ne payez rien" in body) is (template_id != "T07")


def test_the_letter_to_a_guardian_asks_for_the_short_one() -> None:
    protected = replace(PERSON, protection=Protection.GUARDIANSHIP, representative="Paul Tuteur")
    day = date(2026, 2, 2)
    codes = [issue.code for issue in check_person(protected, Channel.PAPER, day)]
    assert codes == ["letter_19_short_letter"]
    assert not list(check_person(protected, Channel.HAND_OVER, day))
    curated = replace(protected, protection=Protection.CURATORSHIP)
    assert not list(check_person(curated, Channel.PAPER, day))


def test_the_page_for_a_family_is_addressed_to_the_family() -> None:
    made = renderer("T19")
    text = _pdf_text(letter_page(made, "T19", PERSON, CODE))[1]
    assert "À LA FAMILLE DE JEANNE MARTINEZ" in text
    assert "MADAME JEANNE" not in text
    long = replace(PERSON, first_name="Marie-Antoinette", last_name="de La Rochefoucauld")
    lines = block_for(made, long).lines
    assert lines[:2] == ("À LA FAMILLE DE", "MARIE-ANTOINETTE DE LA ROCHEFOUCAULD")
    assert block_for(renderer("T01"), PERSON).lines[0] == "MADAME JEANNE MARTINEZ"


def test_readability_follows_the_formula() -> None:
    measured = readability("Le chat dort. Le chat mange une souris.")
    assert measured is not None
    assert measured.words == 8
    assert measured.sentences == 2
    assert measured.score == round(207 - 1.015 * 4 - 73.6 * measured.syllables_per_word, 1)
    assert syllables("ordinateur") == 4
    assert readability("Oui.") is None
    hard = readability(
        "L’anticonstitutionnalité présupposée des réglementations interministérielles applicables"
        " conditionne vraisemblablement l’irrecevabilité juridictionnelle des réclamations."
    )
    easy = readability(renderer().render(PERSON, CODE, Channel.PAPER).body)
    assert hard is not None
    assert easy is not None
    assert hard.score < 30 < 60 < easy.score


def test_a_breakdown_is_not_told_as_a_theft() -> None:
    made = companions(renderer("T07"))
    told = made.poster.text + made.phone_script.text
    assert "Rien ne montre que des informations aient été copiées" in told
    assert "escroc" not in told
    assert "17cyber" not in told


def test_an_allegation_is_not_asserted_on_the_answering_machine() -> None:
    assert "pourrait toucher" in companions(renderer("T05", Certainty.ALLEGED)).answering_machine
