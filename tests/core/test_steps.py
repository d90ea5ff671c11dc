"""Which step is open, done or blocked, and what is missing."""

from dataclasses import replace
from datetime import date

import pytest

from app.core.campaign import ClosingBalance, DeliveryStatus
from app.core.incident import CnilStatus, DataCategory, Incident
from app.core.steps import (
    STEP_OF,
    CampaignFacts,
    Missing,
    Step,
    StepReport,
    StepState,
    step_reports,
)

COMPLETE = Incident(
    categories=(DataCategory.IDENTITY,),
    discovered_on=date(2026, 1, 20),
    measures_taken=("Accès coupés",),
)
READY = CampaignFacts(
    incident=COMPLETE,
    patients=60,
    letter_seen=True,
    letters_blocking=0,
    letters_read=5,
    balance=ClosingBalance(60, {}, not_planned=60),
)


def report(facts: CampaignFacts, step: Step) -> StepReport:
    return step_reports(facts)[step - 1]


def states(facts: CampaignFacts) -> list[StepState]:
    return [each.state for each in step_reports(facts)]


def test_a_new_campaign_opens_the_first_three_steps() -> None:
    assert states(CampaignFacts(Incident())) == [
        StepState.TO_COMPLETE,
        StepState.TO_COMPLETE,
        StepState.TO_CHECK,
        StepState.NOT_YET,
        StepState.NOT_YET,
        StepState.NOTHING,
    ]


def test_a_ready_campaign_may_be_sent() -> None:
    assert states(READY) == [
        StepState.DONE,
        StepState.DONE,
        StepState.DONE,
        StepState.DONE,
        StepState.TO_COMPLETE,
        StepState.NOTHING,
    ]


@pytest.mark.parametrize(
    ("incident", "missing"),
    [
        (replace(COMPLETE, categories=()), Missing.CATEGORIES),
        (replace(COMPLETE, discovered_on=None), Missing.DISCOVERED_ON),
        (replace(COMPLETE, measures_taken=()), Missing.MEASURES),
        (replace(COMPLETE, cnil_status=CnilStatus.NOTIFIED), Missing.CNIL_DATE),
    ],
)
def test_the_incident_says_what_it_lacks(incident: Incident, missing: Missing) -> None:
    facts = replace(READY, incident=incident)
    assert report(facts, Step.INCIDENT).missing == (missing,)
    assert not report(facts, Step.REVIEW).is_open
    assert report(facts, Step.REVIEW).missing == (missing,)
    assert report(facts, Step.SENDING).missing == (missing,)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"practice_missing": ("phone",)}, Missing.PRACTICE),
        ({"details_missing": ("vendor",)}, Missing.DETAILS),
        ({"patients": 0}, Missing.PATIENTS),
        ({"list_blocking": 3}, Missing.PATIENTS_TO_FIX),
        ({"letter_blocking": 1}, Missing.LETTER_TO_FIX),
        ({"letters_blocking": None}, Missing.LETTERS_TO_CHECK),
        ({"letters_blocking": 2}, Missing.LETTERS_TO_CHECK),
        ({"letters_read": 4}, Missing.LETTERS_TO_READ),
    ],
)
def test_nothing_is_sent_while_something_is_missing(
    changes: dict[str, object], missing: Missing
) -> None:
    facts = replace(READY, **changes)  # type: ignore[arg-type]
    sending = report(facts, Step.SENDING)
    assert not sending.is_open
    assert missing in sending.missing


def test_counts_go_with_what_is_to_fix_and_to_check() -> None:
    assert report(replace(READY, list_blocking=3), Step.PATIENTS) == StepReport(
        Step.PATIENTS, StepState.TO_FIX, 3, (Missing.PATIENTS_TO_FIX,)
    )
    to_check = report(replace(READY, list_to_check=12), Step.PATIENTS)
    assert (to_check.state, to_check.count) == (StepState.TO_CHECK, 12)
    assert report(replace(READY, list_to_check=12), Step.SENDING).is_open


@pytest.mark.parametrize(
    ("by_status", "state"),
    [
        ({DeliveryStatus.ACCEPTED: 1, DeliveryStatus.PENDING: 59}, StepState.IN_PROGRESS),
        ({DeliveryStatus.PRINTED: 60}, StepState.IN_PROGRESS),
        ({DeliveryStatus.ACCEPTED: 59, DeliveryStatus.UNCERTAIN: 1}, StepState.TO_CHECK),
        ({DeliveryStatus.ACCEPTED: 50, DeliveryStatus.POSTED: 10}, StepState.DONE),
        ({DeliveryStatus.PENDING: 60}, StepState.TO_COMPLETE),
    ],
)
def test_the_sending_follows_the_letters(
    by_status: dict[DeliveryStatus, int], state: StepState
) -> None:
    facts = replace(READY, balance=ClosingBalance(60, by_status))
    assert report(facts, Step.SENDING).state is state


def test_once_letters_have_left_every_page_stays_open() -> None:
    facts = replace(
        READY,
        incident=Incident(),
        letters_blocking=None,
        balance=ClosingBalance(60, {DeliveryStatus.ACCEPTED: 1, DeliveryStatus.PENDING: 59}),
    )
    assert all(each.is_open for each in step_reports(facts))


def test_the_evidence_waits_for_letters_then_for_its_file() -> None:
    left = ClosingBalance(60, {DeliveryStatus.ACCEPTED: 60})
    assert report(replace(READY, balance=left), Step.EVIDENCE).state is StepState.TO_COMPLETE
    saved = replace(READY, balance=left, evidence_saved=True)
    assert report(saved, Step.EVIDENCE).state is StepState.DONE


def test_a_follow_up_to_everybody_leaves_the_evidence_of_the_first_letters() -> None:
    planned = ClosingBalance(60, {DeliveryStatus.PENDING: 60})
    assert report(replace(READY, balance=planned), Step.EVIDENCE).state is StepState.NOTHING
    follow_up = replace(READY, balance=planned, run=2)
    assert report(follow_up, Step.EVIDENCE).state is StepState.TO_COMPLETE


def test_every_missing_thing_has_its_page() -> None:
    assert set(STEP_OF) == set(Missing)
