"""« Un patient appelle »."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.campaign import new_letter_code
from app.core.incident import DataCategory
from app.core.questions import Question
from app.core.recipient import ExclusionReason
from app.services import patient_calls
from app.storage.campaign_file import CampaignFile
from app.wording import calls as wording
from tests.support.campaigns import NOW, make_recipient
from tests.support.finished_campaign import INCIDENT, PRACTICE, finished_campaign


@pytest.fixture
def file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = finished_campaign(tmp_path)
    yield made
    made.close()


def test_a_code_finds_its_letter_however_it_is_spelt(file: CampaignFile) -> None:
    letter = file.delivery(3)
    for typed in (letter.code, letter.code.lower().replace("-", " "), f" {letter.code} "):
        assert [found.delivery for found in patient_calls.find(file, typed).letters] == [letter]
    (found,) = patient_calls.find(file, letter.code).letters
    assert found.recipient is not None
    assert found.recipient.row == 4
    assert found.categories == INCIDENT.categories
    assert found.has_left


def test_a_well_formed_code_of_nobody_is_probably_a_fraud(file: CampaignFile) -> None:
    foreign = new_letter_code(b"\x07\x07\x07\x07\x07\x07\x07\x07")
    answer = patient_calls.find(file, foreign)
    assert answer.unknown_code
    assert answer.nothing
    text = wording.unknown_code(PRACTICE)
    assert "n’est probablement pas de nous" in text
    assert "03\u00a084\u00a000" in text


def test_a_misread_code_is_asked_again_not_called_a_fraud(file: CampaignFile) -> None:
    code = file.delivery(3).code
    wrong = code[:-1] + ("3" if code[-1] != "3" else "4")
    answer = patient_calls.find(file, wrong)
    assert answer.mistyped_code
    assert not answer.unknown_code


def test_a_name_finds_people_with_and_without_letter(file: CampaignFile) -> None:
    file.add_recipients(
        [make_recipient(61, last_name="Zabriskie", excluded=ExclusionReason.DUPLICATE)]
    )
    answer = patient_calls.find(file, "zabriskie")
    assert [person.row for person in answer.without_letter] == [62]
    durands = patient_calls.find(file, "paul durand")
    assert len(durands.letters) == 12
    assert not durands.too_many
    assert patient_calls.find(file, "Personne Inconnue").nothing
    assert patient_calls.find(file, "  ").nothing
    everybody = patient_calls.find(file, "belfort")
    assert everybody.too_many


def test_own_categories_of_a_person_are_told(file: CampaignFile) -> None:
    person = file.recipient(3)
    own = frozenset({DataCategory.PHONE, DataCategory.IBAN})
    file.update_recipient(make_recipient(3, id=person.id, categories=own, has_annotations=True))
    (found,) = patient_calls.find(file, file.delivery(3).code).letters
    assert found.categories == (DataCategory.PHONE, DataCategory.IBAN, DataCategory.ANNOTATIONS)


def test_calls_are_counted_and_every_question_has_its_answer(file: CampaignFile) -> None:
    patient_calls.note_call(file, Question.BANK, NOW, delivery_id=3)
    patient_calls.note_call(file, Question.GENUINE, NOW, note="M. Durand")
    patient_calls.note_call(file, Question.GENUINE, NOW)
    counts = patient_calls.call_counts(file)
    assert list(counts.items()) == [(Question.GENUINE, 2), (Question.BANK, 1)]
    assert [event.delivery_id for event in file.events(kind="patient_call")] == [3, 0, 0]
    for question in Question:
        assert wording.answer(question)
    assert "relire" in wording.mistyped_code()
