"""Points 18 to 20: what one letter alone cannot show (channel, flags of the person, the whole run)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.campaign import Channel
from app.core.issue import Issue, Level
from app.core.letter_facts import fold
from app.core.recipient import Protection, Recipient, Restriction

#: GSM 03.38 basic character set and its extension; anything else makes the SMS an UCS-2 one of 70
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENDED = frozenset("^{}\\[~]|€")
SMS_LENGTH = 160
_HEALTH_WORDS = (
    "sante",
    "medica",
    "patient",
    "dossier",
    "diagnos",
    "resultat",
    "ordonnance",
    "maladie",
    "traitement",
    "donnees",
)


def sms_length(text: str) -> int | None:
    """Septets the SMS needs, None when it leaves the GSM-7 alphabet."""
    length = 0
    for char in text:
        if char in GSM7:
            length += 1
        elif char in GSM7_EXTENDED:
            length += 2
        else:
            return None
    return length


def check_sms(text: str, sender: str = "") -> list[Issue]:
    """Point 18: 160 septets of GSM-7, no health word besides the ``sender``'s own name, no link."""
    issues: list[Issue] = []
    length = sms_length(text)
    if length is None:
        strange = sorted({char for char in text if char not in GSM7 | GSM7_EXTENDED})
        issues.append(
            Issue(
                "letter_18_sms_alphabet",
                Level.BLOCKING,
                None,
                "sms",
                {"text": "".join(strange)[:20]},
            )
        )
    elif length > SMS_LENGTH:
        issues.append(Issue("letter_18_sms_long", Level.BLOCKING, None, "sms", {"length": length}))
    folded = fold(text)
    told = folded.replace(fold(sender), "") if sender else folded
    issues += [
        Issue("letter_18_sms_health", Level.BLOCKING, None, "sms", {"text": word})
        for word in _HEALTH_WORDS
        if word in told
    ]
    if any(sign in folded for sign in ("http", "www.", ".fr/", ".com")):
        issues.append(Issue("letter_18_sms_link", Level.BLOCKING, None, "sms"))
    return issues


def check_person(recipient: Recipient, channel: Channel, letter_date: date) -> Iterator[Issue]:
    """Point 19: flags of the person are respected; point 18 for paper: an address to post to."""
    written = channel in (Channel.EMAIL, Channel.PAPER)
    if written and recipient.restriction is Restriction.DO_NOT_WRITE:
        yield Issue("letter_19_do_not_write", Level.BLOCKING, recipient.row, "restriction")
    if written and recipient.restriction is Restriction.HAND_OVER:
        yield Issue("letter_19_hand_over", Level.BLOCKING, recipient.row, "restriction")
    if written and recipient.is_excluded:
        yield Issue("letter_19_excluded", Level.BLOCKING, recipient.row, "excluded")
    if channel is Channel.PAPER and not recipient.address.is_complete():
        yield Issue("letter_18_address_incomplete", Level.BLOCKING, recipient.row, "address")
    if channel is Channel.EMAIL and not recipient.email:
        yield Issue("letter_18_email_missing", Level.BLOCKING, recipient.row, "email")
    if written and recipient.deceased:
        yield Issue("letter_19_deceased", Level.BLOCKING, recipient.row, "deceased")
    age = recipient.age_on(letter_date)
    is_minor = recipient.is_minor_on(letter_date)
    if written and is_minor and recipient.has_annotations:
        # the letter offers the parents to hear a remark that may be about care the minor kept from them
        yield Issue("letter_19_minor_remark", Level.CHECK, recipient.row, "birth_date")
    elif written and recipient.protection is Protection.GUARDIANSHIP and not is_minor:
        # the guardian gets the letter, the person a short one (domain.md §3.3; L. 1111-2 CSP)
        yield Issue("letter_19_short_letter", Level.CHECK, recipient.row, "protection")
    elif written and age is not None and age >= 16 and is_minor:
        # L. 1111-5 CSP lets a minor keep care from the parents; only the practice knows
        yield Issue("letter_19_minor_16", Level.INFO, recipient.row, "birth_date", {"age": age})


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known of the whole run before its first letter leaves."""

    #: people who get a letter, by the plan
    letters: int
    #: people of the list
    people: int
    #: people without a letter, whose reason is written
    excluded_with_reason: int
    #: people without a letter and without a reason
    excluded_without_reason: int
    test_sent: bool
    read_letters: int
    needed_readings: int
    second_reader: str = ""


def check_run(run: RunFacts) -> list[Issue]:
    """Point 20: counts agree, reasons are written, a trial was sent, enough letters were read."""
    issues: list[Issue] = []
    if run.people != run.letters + run.excluded_with_reason + run.excluded_without_reason:
        facts: dict[str, str | int] = {"people": run.people, "letters": run.letters}
        issues.append(Issue("letter_20_counts", Level.BLOCKING, None, "run", facts))
    if run.excluded_without_reason:
        count: dict[str, str | int] = {"count": run.excluded_without_reason}
        issues.append(Issue("letter_20_reason_missing", Level.BLOCKING, None, "run", count))
    if not run.test_sent:
        issues.append(Issue("letter_20_no_trial", Level.BLOCKING, None, "run"))
    if run.read_letters < run.needed_readings:
        left: dict[str, str | int] = {"count": run.needed_readings - run.read_letters}
        issues.append(Issue("letter_20_not_read", Level.BLOCKING, None, "run", left))
    if not run.second_reader.strip():
        issues.append(Issue("letter_20_no_second_reader", Level.CHECK, None, "run"))
    return issues


def blocking(issues: Sequence[Issue]) -> list[Issue]:
    """Those that stop sending and printing."""
    return [issue for issue in issues if issue.level is Level.BLOCKING]
