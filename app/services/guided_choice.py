"""« Que s’est-il passé ? »: a few questions lead to a letter, its categories, the duties and what is unknown.

It proposes; the user decides. Pure: nothing is saved here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.incident import Certainty, CnilStatus, DataCategory, Incident
from app.core.practice import Practice, PracticeKind
from app.letters.catalogue import Catalogue, LetterTemplate, load
from app.wording.french import typeset
from app.wording.guided_choice import (
    ANSWERS,
    DUTIES,
    REASONS,
    RISKS,
    UNKNOWN,
    answer_text,
    question_text,
)

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer, in French."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers, in French."""

    id: str
    text: str
    answers: tuple[Answer, ...]


class Risk(StrEnum):
    """Whether a high risk to people is likely (GDPR Art. 34(1)); a proposal, never a decision."""

    HIGH = "high"
    LOW = "low"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody to tell. ``left`` is negative once ``deadline`` has passed."""

    id: str
    text: str
    deadline: datetime | None = None
    left: timedelta | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something a complete letter needs and nobody has said. ``name``: field of Incident or of its details."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows from the answers and from what is known of the incident."""

    template: LetterTemplate
    certainty: Certainty
    categories: tuple[DataCategory, ...]
    #: the details (« chiffre », …) that the answers already give
    details: Mapping[str, str]
    risk: Risk
    risk_text: str
    reasons: tuple[str, ...]
    duties: tuple[Duty, ...]
    unknown: tuple[Unknown, ...]


_SECOND: Mapping[str, tuple[str, ...]] = {
    "vendor": ("remarks", "established"),
    "platform": ("established",),
    "published": ("verified",),
    "blocked": ("copied",),
    "stolen": ("encrypted", "established"),
    "misdirected": ("misdirected", "deleted"),
    "mailbox": ("established",),
    "account": ("established",),
    "insider": ("established",),
    "written": ("follow_up",),
}
_CERTAINTY = {
    "yes": Certainty.CONFIRMED,
    "likely": Certainty.PROBABLE,
    "no": Certainty.ALLEGED,
    "unknown": Certainty.ALLEGED,
}
_SIMPLE = {"platform": "T03", "stolen": "T08", "mailbox": "T11", "account": "T12", "insider": "T13"}
_ESTABLISHMENTS = frozenset({PracticeKind.CLINIC, PracticeKind.HOSPITAL})


def next_question(answers: Answers) -> Question | None:
    """The next question, None when everything needed was answered."""
    if "what" not in answers:
        return _question("what")
    for question in _SECOND[answers["what"]]:
        if question not in answers:
            return _question(question)
    return None


def _question(question: str) -> Question:
    listed = tuple(Answer(each, answer_text(question, each)) for each in ANSWERS[question])
    return Question(question, question_text(question), listed)


def template_id(answers: Answers) -> str:
    """The letter that fits complete answers."""
    what = answers["what"]
    if what in _SIMPLE:
        return _SIMPLE[what]
    match what:
        case "published":
            return "T05" if answers["verified"] == "no" else "T04"
        case "blocked":
            return "T07" if answers["copied"] == "no" else "T06"
        case "misdirected":
            return "T10" if answers["misdirected"] == "addresses" else "T09"
        case "written":
            return "T15" if answers["follow_up"] == "not_concerned" else "T14"
    return "T01"


def propose(
    answers: Answers,
    incident: Incident,
    practice: Practice,
    now: datetime,
    catalogue: Catalogue | None = None,
) -> Proposal:
    """The proposal for complete ``answers``. ``incident``: what is already known; ``now`` carries its zone."""
    known = catalogue or load()
    template = known.template(template_id(answers))
    certainty = _certainty(answers, template, incident)
    categories = incident.categories or template.proposes
    if answers.get("remarks") == "yes" and DataCategory.ANNOTATIONS not in categories:
        categories = (*categories, DataCategory.ANNOTATIONS)
    level, reasons = assess(answers, categories, known)
    return Proposal(
        template=template,
        certainty=certainty,
        categories=categories,
        details=_details(answers),
        risk=level,
        risk_text=typeset(RISKS[level]),
        reasons=reasons,
        duties=_duties(answers, incident, practice, now, level),
        unknown=_unknown(template, certainty, incident),
    )


def _certainty(answers: Answers, template: LetterTemplate, incident: Incident) -> Certainty:
    for question in ("established", "verified", "copied"):
        if question in answers:
            found = _CERTAINTY[answers[question]]
            break
    else:
        found = incident.certainty
    if template.id == "T07":
        found = Certainty.CONFIRMED  # the breakdown itself is certain
    return found if found in template.certainties else template.certainties[0]


def _details(answers: Answers) -> dict[str, str]:
    details: dict[str, str] = {}
    if answers.get("encrypted") == "yes":
        details["chiffre"] = "oui"
    if answers.get("deleted") == "yes":
        details["confirmation_suppression"] = "oui"
    return details


def assess(
    answers: Answers, categories: tuple[DataCategory, ...], catalogue: Catalogue | None = None
) -> tuple[Risk, tuple[str, ...]]:
    """Likely risk and its reasons (domain.md §3.6); lower only with encryption or a confirmed deletion."""
    knowledge = (catalogue or load()).knowledge
    if answers.get("follow_up") == "not_concerned":
        return Risk.LOW, (typeset(REASONS["not_concerned"]),)
    if answers.get("encrypted") == "yes":
        return Risk.LOW, (typeset(REASONS["encrypted"]),)
    if answers.get("deleted") == "yes":
        return Risk.LOW, (typeset(REASONS["deleted"]),)
    exposed = set(categories)
    has_identity = DataCategory.IDENTITY in exposed
    signs = {
        "intimate": any(knowledge.categories[category].is_intimate for category in exposed),
        "nir": has_identity and DataCategory.NIR in exposed,
        "bank": has_identity and bool(exposed & {DataCategory.IBAN, DataCategory.PAYMENT_CARD}),
        "password": DataCategory.PASSWORD in exposed,
        "identity_document": DataCategory.IDENTITY_DOCUMENT in exposed,
        "published": answers.get("verified") in {"yes", "likely"},
        "care": answers.get("copied") == "no",
    }
    reasons = [typeset(REASONS[sign]) for sign, holds in signs.items() if holds]
    reasons += [c.reason for c in knowledge.combinations if c.categories <= exposed]
    if reasons:
        return Risk.HIGH, tuple(reasons)
    return Risk.UNCLEAR, (typeset(REASONS["unclear"]),)


def _duties(
    answers: Answers, incident: Incident, practice: Practice, now: datetime, risk: Risk
) -> tuple[Duty, ...]:
    duties: list[Duty] = []
    if answers.get("misdirected") == "document" and answers.get("deleted") != "yes":
        duties.append(_duty("deletion"))
    if risk is not Risk.LOW:
        deadline = incident.notification_deadline()
        left = None if deadline is None else deadline - now
        told = incident.cnil_status is not CnilStatus.NOT_YET
        late = left is not None and left < timedelta(0) and not told
        duties.append(
            Duty("cnil", typeset(DUTIES["cnil_late" if late else "cnil"]), deadline, left, told)
        )
        if answers.get("what") == "vendor":
            duties.append(_duty("cnil_vendor"))
        duties.append(_duty("patients"))
    if practice.kind in _ESTABLISHMENTS:
        duties.append(_duty("cert"))
    duties.append(_duty("register"))
    return tuple(duties)


def _duty(name: str) -> Duty:
    return Duty(name, typeset(DUTIES[name]))


def _unknown(
    template: LetterTemplate, certainty: Certainty, incident: Incident
) -> tuple[Unknown, ...]:
    waived = template.waived or {}
    absent = {
        "categories": not incident.categories and "06" not in waived,
        "happened_on": incident.happened_on is None,
        "discovered_on": incident.discovered_on is None,
        "aware_at": incident.aware_at is None,
        "vendor": "vendor" in template.needs and not incident.vendor,
        "vendor_told_on": "vendor_told_on" in template.needs and incident.vendor_told_on is None,
        "measures": not (incident.measures_taken or incident.measures_planned),
        "cnil": incident.cnil_status is CnilStatus.NOT_YET,
        "next_update_on": certainty is not Certainty.CONFIRMED and incident.next_update_on is None,
    }
    found = [Unknown(name, typeset(UNKNOWN[name])) for name, missing in absent.items() if missing]
    found += [
        Unknown(detail.name, detail.label)
        for detail in template.details
        if detail.is_required and not incident.details.get(detail.name, "").strip()
    ]
    return tuple(found)
