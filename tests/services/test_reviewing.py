"""Decisions on the list: correct, exclude with a reason, settle, undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors.files import ReasonNeeded
from app.core.issue import Level
from app.core.recipient import ExclusionReason, Restriction
from app.services.reviewing import Decision, Reviewing
from app.storage.campaign_file import CampaignFile
from tests.support.lists import TODAY, empty_campaign, imported, person, write_list


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    path = write_list(
        tmp_path,
        person("DURAND", "Paul", mail="paul@gmial.com"),
        person("PETIT", "Anne", "01/02/1990", "x@", street="", city=""),
        person("PETTIT", "Anne", "01/02/1990", ""),
        person("BLANC", "René", "12/03/15", ""),
    )
    with empty_campaign(tmp_path) as opened:
        imported(opened, path)
        yield opened


@pytest.fixture
def reviewing(campaign_file: CampaignFile) -> Reviewing:
    return Reviewing(campaign_file, today=TODAY)


def open_codes(campaign_file: CampaignFile, row: int) -> list[str]:
    return sorted(stored.issue.code for stored in campaign_file.issues(row=row, settled=False))


def state(campaign_file: CampaignFile) -> tuple[object, ...]:
    issues = sorted(
        (s.issue.row or 0, s.issue.code, s.settled, s.note) for s in campaign_file.issues()
    )
    return (list(campaign_file.recipients()), issues)


def test_a_correction_settles_what_it_corrects(
    campaign_file: CampaignFile, reviewing: Reviewing
) -> None:
    assert open_codes(campaign_file, 3) == ["address_incomplete", "email_invalid"]
    before = state(campaign_file)
    correction = reviewing.correct(2, "email", "anne@courriel.example")
    assert correction.mark is None
    assert campaign_file.recipient(2).email == "anne@courriel.example"
    assert open_codes(campaign_file, 3) == ["address_incomplete_email"]
    assert reviewing.undo() == "recipient_corrected"
    assert state(campaign_file) == before
    assert not reviewing.can_undo


def test_a_bad_correction_is_told_and_shown(
    campaign_file: CampaignFile, reviewing: Reviewing
) -> None:
    correction = reviewing.correct(1, "email", "paul@")
    assert correction.mark is not None
    assert campaign_file.recipient(1).email == ""
    assert "email_invalid" in open_codes(campaign_file, 2)


def test_a_proposal_is_applied_only_when_accepted(
    campaign_file: CampaignFile, reviewing: Reviewing
) -> None:
    assert campaign_file.recipient(1).email == "paul@gmial.com"
    issue = next(s for s in campaign_file.issues(code="email_domain_typo"))
    reviewing.accept_proposal(issue.id)
    assert campaign_file.recipient(1).email == "paul@gmail.com"
    assert open_codes(campaign_file, 2) == []


def test_a_proposed_century(campaign_file: CampaignFile, reviewing: Reviewing) -> None:
    issue = next(s for s in campaign_file.issues(code="date_two_digits"))
    reviewing.accept_proposal(issue.id)
    assert open_codes(campaign_file, 5) == ["minor_alone"]


def test_an_exclusion_carries_a_reason(campaign_file: CampaignFile, reviewing: Reviewing) -> None:
    before = state(campaign_file)
    with pytest.raises(ReasonNeeded):
        reviewing.exclude([2], ExclusionReason.USER_DECISION)
    assert state(campaign_file) == before
    assert (
        reviewing.exclude([2, 3], ExclusionReason.USER_DECISION, "déjà prévenues au cabinet") == 2
    )
    person_2 = campaign_file.recipient(2)
    assert (person_2.excluded, person_2.exclusion_note) == (
        ExclusionReason.USER_DECISION,
        "déjà prévenues au cabinet",
    )
    assert not any(stored.issue.level is Level.BLOCKING for stored in campaign_file.issues(row=3))
    assert reviewing.include([2]) == 1
    assert "address_incomplete" in open_codes(campaign_file, 3)
    reviewing.undo()
    reviewing.undo()
    assert state(campaign_file) == before


def test_restriction(campaign_file: CampaignFile, reviewing: Reviewing) -> None:
    reviewing.set_restriction([1], Restriction.HAND_OVER)
    assert campaign_file.recipient(1).restriction is Restriction.HAND_OVER
    assert "hand_over" in open_codes(campaign_file, 2)


def test_a_likely_pair(campaign_file: CampaignFile, reviewing: Reviewing) -> None:
    before = state(campaign_file)
    pair = next(s for s in campaign_file.issues(code="duplicate_likely"))
    reviewing.same_person(pair.id)
    assert campaign_file.recipient(3).excluded is ExclusionReason.DUPLICATE
    assert campaign_file.recipient(3).exclusion_note == "Même personne que la ligne\u00a03"
    reviewing.undo()
    assert state(campaign_file) == before
    reviewing.different_people(pair.id)
    assert not list(campaign_file.issues(code="duplicate_likely", settled=False))


def test_settling_one_and_all_of_a_kind(campaign_file: CampaignFile, reviewing: Reviewing) -> None:
    before = state(campaign_file)
    assert reviewing.settle_all("duplicate_likely", note="vérifié") == 1
    assert (
        reviewing.settle_all("address_incomplete") == 0
    )  # what blocks is corrected, not waved away
    typo = next(s for s in campaign_file.issues(code="email_domain_typo"))
    reviewing.settle(typo.id, Decision.KEPT)
    assert campaign_file.issue(typo.id).settled == "kept"
    reviewing.reopen(typo.id)
    assert campaign_file.issue(typo.id).settled == ""
    for _ in range(3):
        reviewing.undo()
    assert state(campaign_file) == before


def test_the_journal_names_nobody(campaign_file: CampaignFile, reviewing: Reviewing) -> None:
    reviewing.correct(2, "last_name", "LEGRAND")
    reviewing.exclude([1], ExclusionReason.NOT_CONCERNED, "vu avec Paul DURAND")
    facts = [str(dict(event.facts)) for event in campaign_file.events()]
    assert not any("LEGRAND" in text or "DURAND" in text for text in facts)
    assert campaign_file.verify_chain().is_whole
