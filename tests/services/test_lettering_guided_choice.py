"""The guided choice leads to the right letter, tells the deadline and what is unknown."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.incident import Certainty, CnilStatus, DataCategory, Incident
from app.core.practice import PracticeKind
from app.letters.catalogue import load
from app.services.guided_choice import Answers, Risk, next_question, propose
from app.wording.guided_choice import ANSWERS
from tests.support.letters import PRACTICE, incident

NOW = datetime(2026, 1, 21, 9, 30, tzinfo=UTC)


def _walks() -> list[dict[str, str]]:
    """Every way through the questions."""
    done: list[dict[str, str]] = []
    open_walks: list[dict[str, str]] = [{}]
    while open_walks:
        answers = open_walks.pop()
        question = next_question(answers)
        if question is None:
            done.append(answers)
            continue
        open_walks += [{**answers, question.id: answer.id} for answer in question.answers]
    return done


def test_every_way_leads_to_a_letter_within_three_questions() -> None:
    walks = _walks()
    assert all(len(walk) <= 3 for walk in walks)
    reached = {propose(walk, Incident(), PRACTICE, NOW).template.id for walk in walks}
    assert reached == {f"T{n:02d}" for n in range(1, 16)} - {"T02"}
    assert {w["what"] for w in walks} == set(ANSWERS["what"])
    for walk in walks:
        proposal = propose(walk, Incident(), PRACTICE, NOW)
        assert proposal.certainty in proposal.template.certainties
        assert proposal.reasons
        assert proposal.duties


@pytest.mark.parametrize(
    ("answers", "template", "certainty", "risk"),
    [
        (
            {"what": "vendor", "remarks": "no", "established": "yes"},
            "T01",
            Certainty.CONFIRMED,
            Risk.UNCLEAR,
        ),
        (
            {"what": "vendor", "remarks": "yes", "established": "yes"},
            "T01",
            Certainty.CONFIRMED,
            Risk.HIGH,
        ),
        ({"what": "platform", "established": "likely"}, "T03", Certainty.PROBABLE, Risk.HIGH),
        ({"what": "published", "verified": "no"}, "T05", Certainty.ALLEGED, Risk.UNCLEAR),
        ({"what": "published", "verified": "yes"}, "T04", Certainty.CONFIRMED, Risk.HIGH),
        ({"what": "blocked", "copied": "no"}, "T07", Certainty.CONFIRMED, Risk.HIGH),
        ({"what": "blocked", "copied": "unknown"}, "T06", Certainty.ALLEGED, Risk.HIGH),
        (
            {"what": "stolen", "encrypted": "yes", "established": "yes"},
            "T08",
            Certainty.CONFIRMED,
            Risk.LOW,
        ),
        (
            {"what": "stolen", "encrypted": "no", "established": "yes"},
            "T08",
            Certainty.CONFIRMED,
            Risk.HIGH,
        ),
        (
            {"what": "misdirected", "misdirected": "document", "deleted": "yes"},
            "T09",
            Certainty.CONFIRMED,
            Risk.LOW,
        ),
        (
            {"what": "misdirected", "misdirected": "addresses", "deleted": "no"},
            "T10",
            Certainty.CONFIRMED,
            Risk.UNCLEAR,
        ),
        ({"what": "written", "follow_up": "not_concerned"}, "T15", Certainty.CONFIRMED, Risk.LOW),
    ],
)
def test_answers_lead_to_a_letter(
    answers: Answers, template: str, certainty: Certainty, risk: Risk
) -> None:
    proposal = propose(answers, Incident(), PRACTICE, NOW)
    assert (proposal.template.id, proposal.certainty, proposal.risk) == (template, certainty, risk)


def test_remarks_add_their_category() -> None:
    proposal = propose(
        {"what": "vendor", "remarks": "yes", "established": "yes"}, Incident(), PRACTICE, NOW
    )
    assert DataCategory.ANNOTATIONS in proposal.categories


def test_the_72_hours_run_from_awareness() -> None:
    aware = replace(Incident(), aware_at=NOW - timedelta(hours=30))
    answers = {"what": "published", "verified": "yes"}
    (cnil,) = [d for d in propose(answers, aware, PRACTICE, NOW).duties if d.id == "cnil"]
    assert cnil.left == timedelta(hours=42)
    assert not cnil.is_done
    late = propose(answers, aware, PRACTICE, NOW + timedelta(hours=43))
    (cnil,) = [d for d in late.duties if d.id == "cnil"]
    assert cnil.left == timedelta(hours=-1)
    assert "dites pourquoi" in cnil.text
    told = replace(aware, cnil_status=CnilStatus.NOTIFIED)
    (cnil,) = [d for d in propose(answers, told, PRACTICE, NOW).duties if d.id == "cnil"]
    assert cnil.is_done


@pytest.mark.parametrize("kind", list(PracticeKind))
def test_establishments_tell_cert_sante(kind: PracticeKind) -> None:
    practice = replace(PRACTICE, kind=kind)
    duties = {
        d.id
        for d in propose(
            {"what": "mailbox", "established": "yes"}, Incident(), practice, NOW
        ).duties
    }
    assert ("cert" in duties) is (kind in {PracticeKind.CLINIC, PracticeKind.HOSPITAL})
    assert "register" in duties


def test_what_is_unknown_is_listed_until_it_is_known() -> None:
    answers = {"what": "vendor", "remarks": "no", "established": "likely"}
    absent = {u.name for u in propose(answers, Incident(), PRACTICE, NOW).unknown}
    assert {
        "vendor",
        "vendor_told_on",
        "categories",
        "measures",
        "next_update_on",
        "aware_at",
    } <= absent
    complete = replace(incident(load().template("T01")), aware_at=NOW)
    assert propose(answers, complete, PRACTICE, NOW).unknown == ()
    allegation = propose({"what": "published", "verified": "no"}, Incident(), PRACTICE, NOW)
    assert {"source_allegation", "date_allegation"} <= {u.name for u in allegation.unknown}


def test_riskier_together() -> None:
    pairs = itertools.permutations([DataCategory.IDENTITY, DataCategory.NIR, DataCategory.PHONE])
    for categories in pairs:
        known = replace(Incident(), categories=categories)
        proposal = propose({"what": "platform", "established": "yes"}, known, PRACTICE, NOW)
        assert any("Assurance maladie" in reason for reason in proposal.reasons)
