"""The six steps of a campaign: which is open, done or blocked, and what is missing. Pure functions."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from app.core.campaign import ClosingBalance, DeliveryStatus
from app.core.incident import CnilStatus, Incident

#: letters to read before the first sending (interface.md, « Relecture »)
LETTERS_TO_READ = 5


class Step(IntEnum):
    """The pages of a campaign, in their order."""

    INCIDENT = 1
    PATIENTS = 2
    LETTER = 3
    REVIEW = 4
    SENDING = 5
    EVIDENCE = 6


class StepState(StrEnum):
    """What the list of steps says of one of them."""

    TO_COMPLETE = "to_complete"  # open, something is still missing
    TO_FIX = "to_fix"  # open, `count` things block the letters
    TO_CHECK = "to_check"  # open, nothing blocks, `count` things wait for a decision
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_YET = "not_yet"  # an earlier step must be completed first
    NOTHING = "nothing"  # open, nothing to see there for the moment


class Missing(StrEnum):
    """One thing that stands between the user and the next step; the value names the field to focus."""

    HAPPENED_ON = "happened_on"
    DISCOVERED_ON = "discovered_on"
    CATEGORIES = "categories"
    MEASURES = "measures_taken"
    VENDOR = "vendor"
    CNIL_DATE = "cnil_on"
    DETAILS = "details"
    PRACTICE = "practice"
    PATIENTS = "patients"
    PATIENTS_TO_FIX = "patients_to_fix"
    LETTER_TO_FIX = "letter_to_fix"
    LETTERS_TO_CHECK = (
        "letters_to_check"  # the check of every letter has not been run, or is out of date
    )
    LETTERS_TO_READ = "letters_to_read"
    WARNINGS = "warnings"  # somebody must answer for the warnings of the letters
    TRIAL_LETTER = "trial_letter"
    PLAN = "plan"


#: the step on which each missing thing is completed; PRACTICE has its own page, shown from step 1
STEP_OF: dict[Missing, Step] = {
    Missing.HAPPENED_ON: Step.INCIDENT,
    Missing.DISCOVERED_ON: Step.INCIDENT,
    Missing.CATEGORIES: Step.INCIDENT,
    Missing.MEASURES: Step.INCIDENT,
    Missing.VENDOR: Step.INCIDENT,
    Missing.CNIL_DATE: Step.INCIDENT,
    Missing.DETAILS: Step.INCIDENT,
    Missing.PRACTICE: Step.INCIDENT,
    Missing.PATIENTS: Step.PATIENTS,
    Missing.PATIENTS_TO_FIX: Step.PATIENTS,
    Missing.LETTER_TO_FIX: Step.LETTER,
    Missing.LETTERS_TO_CHECK: Step.REVIEW,
    Missing.LETTERS_TO_READ: Step.REVIEW,
    Missing.WARNINGS: Step.REVIEW,
    Missing.TRIAL_LETTER: Step.REVIEW,
    Missing.PLAN: Step.REVIEW,
}


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What the campaign file knows today, in numbers."""

    incident: Incident
    #: names of the empty fields of the practice
    practice_missing: tuple[str, ...] = ()
    #: variables of the chosen template that the incident does not give
    details_missing: tuple[str, ...] = ()
    patients: int = 0
    #: unsettled remarks about the list
    list_blocking: int = 0
    list_to_check: int = 0
    #: True once the practice has seen (opened) the letter of this campaign
    letter_seen: bool = False
    letter_blocking: int = 0
    letter_to_check: int = 0
    #: result of the check of every letter; None when never run or out of date
    letters_blocking: int | None = None
    #: kinds of warnings that nobody accepted yet
    warnings_open: int = 0
    #: a trial letter was taken, or none is due
    trial_sent: bool = True
    letters_read: int = 0
    letters_to_read: int = LETTERS_TO_READ
    balance: ClosingBalance = field(default_factory=lambda: ClosingBalance(0, {}))
    evidence_saved: bool = False
    #: 1 for the first letters, 2 and more once a follow-up was planned: earlier letters have left
    run: int = 1


@dataclass(frozen=True, slots=True)
class StepReport:
    """State of one step; ``count`` goes with TO_FIX and TO_CHECK, ``missing`` is empty when it is done."""

    step: Step
    state: StepState
    count: int = 0
    missing: tuple[Missing, ...] = ()

    @property
    def is_open(self) -> bool:
        """True when its page may be shown."""
        return self.state is not StepState.NOT_YET


def incident_missing(facts: CampaignFacts) -> tuple[Missing, ...]:
    """What the first page still needs before a letter can be complete (GDPR Art. 34(2), 33(3))."""
    incident = facts.incident
    absent = [
        (Missing.CATEGORIES, not incident.categories),
        (Missing.DISCOVERED_ON, incident.discovered_on is None),
        (Missing.MEASURES, not incident.measures_taken),
        (
            Missing.CNIL_DATE,
            incident.cnil_status in {CnilStatus.NOTIFIED, CnilStatus.NOTIFIED_WITH_VENDOR}
            and incident.cnil_on is None,
        ),
        (Missing.DETAILS, bool(facts.details_missing)),
        (Missing.PRACTICE, bool(facts.practice_missing)),
    ]
    return tuple(what for what, is_absent in absent if is_absent)


def _incident(facts: CampaignFacts) -> StepReport:
    missing = incident_missing(facts)
    state = StepState.TO_COMPLETE if missing else StepState.DONE
    return StepReport(Step.INCIDENT, state, missing=missing)


def _patients(facts: CampaignFacts) -> StepReport:
    if not facts.patients:
        return StepReport(Step.PATIENTS, StepState.TO_COMPLETE, missing=(Missing.PATIENTS,))
    if facts.list_blocking:
        return StepReport(
            Step.PATIENTS, StepState.TO_FIX, facts.list_blocking, (Missing.PATIENTS_TO_FIX,)
        )
    if facts.list_to_check:
        return StepReport(Step.PATIENTS, StepState.TO_CHECK, facts.list_to_check)
    return StepReport(Step.PATIENTS, StepState.DONE)


def _letter(facts: CampaignFacts) -> StepReport:
    if facts.letter_blocking:
        return StepReport(
            Step.LETTER, StepState.TO_FIX, facts.letter_blocking, (Missing.LETTER_TO_FIX,)
        )
    if facts.letter_to_check or not facts.letter_seen:
        return StepReport(Step.LETTER, StepState.TO_CHECK, facts.letter_to_check)
    return StepReport(Step.LETTER, StepState.DONE)


def _review(facts: CampaignFacts) -> StepReport:
    missing: list[Missing] = []
    if facts.letters_blocking is None:
        missing.append(Missing.LETTERS_TO_CHECK)
    elif facts.letters_blocking:
        return StepReport(
            Step.REVIEW, StepState.TO_FIX, facts.letters_blocking, (Missing.LETTERS_TO_CHECK,)
        )
    if facts.letters_read < facts.letters_to_read:
        missing.append(Missing.LETTERS_TO_READ)
    if not facts.trial_sent:
        missing.append(Missing.TRIAL_LETTER)
    if facts.warnings_open:
        missing.append(Missing.WARNINGS)
    state = StepState.TO_COMPLETE if missing else StepState.DONE
    return StepReport(Step.REVIEW, state, missing=tuple(missing))


_AT_WORK = (
    DeliveryStatus.OPEN,
    DeliveryStatus.DOT,
    DeliveryStatus.DEFERRED,
    DeliveryStatus.PRINTED,
)
_TO_DECIDE = (
    DeliveryStatus.UNCERTAIN,
    DeliveryStatus.REJECTED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.RETURNED,
)


def has_begun(balance: ClosingBalance) -> bool:
    """True once a letter has left or has been printed: the first steps can no longer close the others."""
    waiting = balance.count(DeliveryStatus.PENDING, DeliveryStatus.EXCLUDED)
    return sum(balance.by_status.values()) > waiting


def _sending(facts: CampaignFacts) -> StepReport:
    balance = facts.balance
    if not has_begun(balance):
        return StepReport(Step.SENDING, StepState.TO_COMPLETE)
    if balance.count(DeliveryStatus.PENDING, *_AT_WORK):
        return StepReport(Step.SENDING, StepState.IN_PROGRESS)
    to_decide = balance.count(*_TO_DECIDE)
    if to_decide:
        return StepReport(Step.SENDING, StepState.TO_CHECK, to_decide)
    return StepReport(Step.SENDING, StepState.DONE)


def _evidence(facts: CampaignFacts) -> StepReport:
    if not has_begun(facts.balance) and facts.run == 1:
        return StepReport(Step.EVIDENCE, StepState.NOTHING)
    if facts.evidence_saved:
        return StepReport(Step.EVIDENCE, StepState.DONE)
    return StepReport(Step.EVIDENCE, StepState.TO_COMPLETE)


def step_reports(facts: CampaignFacts) -> tuple[StepReport, ...]:
    """The six reports, in order.

    Steps 1 to 3 are free in order; the review opens when nothing blocks in them, the sending when the
    review is done; once letters have left, every page stays open.
    """
    first = (_incident(facts), _patients(facts), _letter(facts))
    review, sending = _review(facts), _sending(facts)
    if not has_begun(facts.balance):
        blocking = tuple(what for report in first for what in report.missing)
        if blocking:
            review = StepReport(Step.REVIEW, StepState.NOT_YET, missing=blocking)
        if blocking or review.missing:
            sending = StepReport(
                Step.SENDING, StepState.NOT_YET, missing=blocking or review.missing
            )
    return (*first, review, sending, _evidence(facts))
