"""Every letter of the catalogue, in every tone and form, is complete and raises nothing."""

import itertools
from dataclasses import replace

import pytest

from app.core.campaign import Channel
from app.core.incident import Certainty, CnilStatus, ComplaintStatus, DataCategory
from app.core.letter_facts import count_words, sentences
from app.core.practice import PracticeKind
from app.letters.catalogue import load
from app.letters.checking import LetterChecker, check_template
from app.letters.context import STRUCTURES
from app.letters.render import LetterRenderer
from app.wording.french import NBSP, NNBSP
from tests.support.letters import CHILD, CODE, PERSON, PRACTICE, TODAY, incident, lean, renderer

LETTERS = [template.id for template in load().letters()]
#: the catalogue of domain.md §3.1
EXPECTED = {f"T{number:02d}" for number in range(1, 16)} | {"T19"}


def test_the_catalogue_holds_every_letter_and_companion() -> None:
    catalogue = load()
    assert set(LETTERS) == EXPECTED
    assert {t for t in catalogue.templates if t not in LETTERS} == {"T16", "T17", "T18", "T20"}
    assert all(t.when and t.title and t.situation for t in catalogue.templates.values())


@pytest.mark.parametrize("template_id", LETTERS)
def test_a_good_letter_raises_nothing(template_id: str) -> None:
    for certainty, flags in itertools.product(
        load().template(template_id).certainties, (False, True)
    ):
        found = check_template(renderer(template_id, certainty, flags=flags), TODAY)
        assert [(i.code, dict(i.facts)) for i in found] == [], (certainty, flags)


@pytest.mark.parametrize("template_id", LETTERS)
def test_a_lean_letter_raises_nothing(template_id: str) -> None:
    template = load().template(template_id)
    practice = replace(PRACTICE, email="", website="")
    for certainty in template.certainties:
        made = renderer(template_id, changed=lean(template, certainty), practice=practice)
        assert [(i.code, dict(i.facts)) for i in check_template(made, TODAY)] == [], certainty


@pytest.mark.parametrize("complaint", list(ComplaintStatus))
@pytest.mark.parametrize("cnil", [s for s in CnilStatus if s is not CnilStatus.NOT_YET])
def test_each_state_of_the_authorities_is_told(
    cnil: CnilStatus, complaint: ComplaintStatus
) -> None:
    facts = replace(incident(load().template("T01")), cnil_status=cnil, complaint_status=complaint)
    made = renderer(changed=facts)
    assert check_template(made, TODAY) == []
    body = made.render(PERSON, CODE, Channel.EMAIL).body
    assert (
        "22\u00a0janvier 2026" in body.replace(facts.measures_taken[0], "").split("CNIL")[1]
    ) is (cnil is not CnilStatus.IN_PROGRESS)
    assert ("porté plainte le 23" in body) is (complaint is ComplaintStatus.FILED)
    assert ("Nous allons porter plainte." in body) is (complaint is ComplaintStatus.PLANNED)


@pytest.mark.parametrize("kind", list(PracticeKind))
def test_the_sender_is_called_by_its_kind(kind: PracticeKind) -> None:
    made = renderer(practice=replace(PRACTICE, kind=kind))
    assert check_template(made, TODAY) == []
    letter = made.render(PERSON, CODE, Channel.EMAIL)
    assert f"Notre {STRUCTURES[kind]} " in letter.body
    assert letter.subject == f"Information importante de votre {STRUCTURES[kind]}"


def test_an_unknown_date_is_said_with_the_day_of_discovery() -> None:
    template = load().template("T08")
    made = renderer("T08", changed=lean(template, Certainty.CONFIRMED))
    body = made.render(PERSON, CODE, Channel.PAPER).body
    assert "à une date exacte inconnue à ce jour" in body
    assert "Nous l’avons découvert le 20\u00a0janvier 2026." in body


def test_categories_of_one_person_replace_those_of_the_incident() -> None:
    made = renderer("T01")
    person = replace(PERSON, categories=frozenset({DataCategory.EMAIL, DataCategory.IBAN}))
    letter = made.render(person, CODE, Channel.PAPER)
    assert "vos coordonnées bancaires (IBAN)" in letter.body
    assert "votre adresse postale" not in letter.body
    assert "l’incident ne touche pas" not in letter.body  # IBAN was excluded for the others
    assert LetterChecker(made, TODAY).check(letter, person) == []
    annotated = replace(PERSON, categories=frozenset({DataCategory.ANNOTATIONS}))
    assert made.render(annotated, CODE, Channel.PAPER).template_id == "T02"


@pytest.mark.parametrize("template_id", LETTERS)
def test_both_forms_differ_where_they_must(template_id: str) -> None:
    certainty = load().template(template_id).certainties[0]
    made = renderer(template_id, certainty)
    by_email = made.render(PERSON, CODE, Channel.EMAIL)
    on_paper = made.render(PERSON, CODE, Channel.PAPER)
    call = by_email.document.salutation
    assert by_email.subject != on_paper.subject
    assert by_email.body.rstrip().endswith("Bien cordialement,")
    assert f"Veuillez agréer, {call}, l’expression de nos salutations" in on_paper.body
    # the first line is what a mailbox shows: neither the person nor the event
    assert by_email.body.split("\n")[0] == f"Cabinet médical des Tilleuls, lettre {CODE}"
    assert f"{call},\n" in on_paper.body


@pytest.mark.parametrize("template_id", LETTERS)
def test_sentences_are_short(template_id: str) -> None:
    certainty = load().template(template_id).certainties[0]
    body = renderer(template_id, certainty, flags=True).render(PERSON, CODE, Channel.PAPER).body
    counts = [n for s in sentences(body) if (n := count_words(s.text)) > 2]
    assert sum(counts) / len(counts) <= 18


@pytest.mark.parametrize("template_id", list(load().templates))
def test_typography(template_id: str) -> None:
    certainty = load().template(template_id).certainties[0]
    body = renderer(template_id, certainty, flags=True).render(PERSON, CODE, Channel.PAPER).body
    assert "'" not in body
    for sign in ";!?":
        assert f" {sign}" not in body
        assert body.count(sign) == body.count(NNBSP + sign)
    for sign in ":»":
        assert f" {sign}" not in body
    assert body.count("«") == body.count("«" + NBSP)
    assert "12 janvier" not in body or "12\u00a0janvier" in body


def test_every_category_has_its_consequence_and_advice_in_both_directions() -> None:
    for category in DataCategory:
        base = incident(load().template("T03"))
        changed = type(base)(
            **{
                name: getattr(base, name) for name in base.__slots__
            }  # a frozen copy, one field changed
            | {"categories": (category,), "excluded_categories": ()}
        )
        found = check_template(renderer("T03", changed=changed), TODAY)
        assert [(i.code, dict(i.facts)) for i in found] == [], category


def test_categories_in_pairs_raise_nothing_of_points_3_5_and_6() -> None:
    for pair in itertools.combinations(DataCategory, 2):
        base = incident(load().template("T03"))
        changed = replace(base, categories=pair, excluded_categories=())
        found = check_template(renderer("T03", changed=changed), TODAY)
        assert [(i.code, dict(i.facts)) for i in found] == [], pair


def test_a_child_is_never_addressed_by_name() -> None:
    letter = renderer("T01").render(CHILD, CODE, Channel.PAPER)
    assert letter.document.salutation == "Madame, Monsieur"
    assert "représentants légaux de Lucas Petit" in letter.body
    assert "Elle est destinée aux représentants légaux de Lucas Petit." in letter.body


@pytest.mark.parametrize("certainty", list(Certainty))
def test_annotations_are_never_told_and_a_talk_is_offered(certainty: Certainty) -> None:
    annotated = replace(PERSON, has_annotations=True)
    letter = renderer("T01", certainty).render(annotated, CODE, Channel.PAPER)
    assert letter.template_id == "T02"
    assert "nous ne répétons pas ici ce que disait cette remarque" in letter.body
    assert "Appelez-nous" in letter.body
    for number in ("116\u00a0006", "3919", "119"):
        assert number.replace("\u00a0", " ") in letter.body.replace("\u00a0", " ")
    plain = renderer("T01", certainty).render(PERSON, CODE, Channel.PAPER)
    assert plain.template_id == "T01"
    assert "remarque" not in plain.body


def _remarks_of(made: LetterRenderer, channel: Channel) -> set[str]:
    checker = LetterChecker(made, TODAY)
    return {issue.code for issue in checker.check(made.render(PERSON, CODE, channel), PERSON)}


def test_a_mailbox_that_was_entered_is_not_written_from() -> None:
    made = renderer("T11")
    assert _remarks_of(made, Channel.EMAIL) == {"letter_18_doubtful_mailbox"}
    assert _remarks_of(made, Channel.PAPER) == set()
    assert _remarks_of(renderer("T11", flags=True), Channel.EMAIL) == set()  # another address
    assert _remarks_of(renderer("T01"), Channel.EMAIL) == set()


def test_an_incident_with_many_categories_has_at_most_six_pieces_of_advice() -> None:
    exposed = (
        DataCategory.IDENTITY,
        DataCategory.PHONE,
        DataCategory.POSTAL_ADDRESS,
        DataCategory.NIR,
        DataCategory.INSURER,
        DataCategory.MEDICAL_DOCUMENTS,
        DataCategory.PRACTITIONER,
        DataCategory.IDENTITY_DOCUMENT,
    )
    template = load().template("T06")
    facts = replace(incident(template, Certainty.PROBABLE), categories=exposed)
    made = renderer("T06", changed=facts)
    assert _remarks_of(made, Channel.PAPER) == set()
    assert check_template(made, TODAY) == []


@pytest.mark.parametrize("template_id", ["T01", "T04", "T05", "T12"])
def test_a_talk_is_offered_as_soon_as_something_intimate_is_exposed(template_id: str) -> None:
    template = load().template(template_id)
    certainty = template.certainties[0]
    plain = incident(template, certainty)
    intimate = replace(plain, categories=(*plain.categories, DataCategory.CONSULTATION_REASON))
    offer = "un médecin peut vous répondre"
    assert offer in renderer(template_id, changed=intimate).render(PERSON, CODE, Channel.PAPER).body
    usual = replace(plain, categories=(DataCategory.IDENTITY,))
    assert (
        offer not in renderer(template_id, changed=usual).render(PERSON, CODE, Channel.PAPER).body
    )
    assert check_template(renderer(template_id, changed=intimate), TODAY) == []


def test_a_follow_up_about_an_unproved_event_does_not_assert_it() -> None:
    body = renderer("T14", Certainty.ALLEGED).render(PERSON, CODE, Channel.PAPER).body
    assert "un possible incident, qui serait survenu" in body
    assert "un incident survenu" not in body
