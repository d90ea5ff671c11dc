"""What a server's answer means, and for whom. Texts are of the kind real servers send."""

from datetime import timedelta

import pytest

from app.core.campaign import Reply
from app.core.replies import (
    LETTER_RETRIES,
    Outcome,
    Phase,
    Reason,
    Scope,
    back_off,
    classify,
    reason_of,
    retry_delay,
    same_words,
)


def said(code: int, text: str = "", enhanced: str = "") -> Reply:
    return Reply(code, text, enhanced)


@pytest.mark.parametrize("phase", list(Phase))
def test_a_yes_is_a_yes(phase: Phase) -> None:
    assert classify(said(250, "queued as 4Z"), phase).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("reply", "phase", "scope", "outcome"),
    [
        # the account
        (said(421, "closing"), Phase.RCPT, Scope.ACCOUNT, Outcome.BACK_OFF),
        (said(421, "closing"), Phase.DOT, Scope.ACCOUNT, Outcome.BACK_OFF),
        (said(421, "too many connections"), Phase.CONNECT, Scope.ACCOUNT, Outcome.BACK_OFF),
        (said(554, "no service"), Phase.CONNECT, Scope.ACCOUNT, Outcome.STOP),
        (said(454, "temporary failure"), Phase.AUTH, Scope.ACCOUNT, Outcome.BACK_OFF),
        (said(553, "not owned by user"), Phase.MAIL, Scope.ACCOUNT, Outcome.STOP),
        (said(450, "Error: too much mail", "4.7.1"), Phase.MAIL, Scope.ACCOUNT, Outcome.BACK_OFF),
        (
            said(
                450,
                "Requested mail action not taken: mailbox unavailable / Mail send limit exceeded",
            ),
            Phase.RCPT,
            Scope.ACCOUNT,
            Outcome.BACK_OFF,
        ),
        (
            said(550, "Daily SMTP relay limit exceeded for user", "5.4.5"),
            Phase.RCPT,
            Scope.ACCOUNT,
            Outcome.BACK_OFF,
        ),
        (
            said(454, "Throttling failure: Maximum sending rate exceeded."),
            Phase.DOT,
            Scope.ACCOUNT,
            Outcome.BACK_OFF,
        ),
        (said(552, "Trop de messages envoyés"), Phase.DOT, Scope.ACCOUNT, Outcome.BACK_OFF),
        # one letter, later
        (said(450, "Greylisted, see again", "4.2.0"), Phase.RCPT, Scope.LETTER, Outcome.DEFER),
        (said(451, "try later"), Phase.DOT, Scope.LETTER, Outcome.DEFER),
        (said(452, "Mailbox full", "4.2.2"), Phase.RCPT, Scope.LETTER, Outcome.DEFER),
        (
            said(450, "The user you are trying to contact is receiving mail too quickly", "4.2.1"),
            Phase.RCPT,
            Scope.LETTER,
            Outcome.DEFER,
        ),
        # one letter, never
        (said(550, "User unknown", "5.1.1"), Phase.RCPT, Scope.LETTER, Outcome.REJECT),
        (said(552, "Quota exceeded for this user"), Phase.RCPT, Scope.LETTER, Outcome.REJECT),
        (said(554, "Message identified as spam"), Phase.DOT, Scope.LETTER, Outcome.REJECT),
        (said(599), Phase.DATA, Scope.LETTER, Outcome.REJECT),
    ],
)
def test_whom_an_answer_concerns(
    reply: Reply, phase: Phase, scope: Scope, outcome: Outcome
) -> None:
    verdict = classify(reply, phase)
    assert (verdict.scope, verdict.outcome) == (scope, outcome)
    assert (verdict.retry_after is not None) is (outcome in (Outcome.DEFER, Outcome.BACK_OFF))


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (said(550, "Recipient address rejected: User unknown", "5.1.1"), Reason.UNKNOWN_ADDRESS),
        (said(550, "Adresse d au moins un destinataire invalide. OFR_416"), Reason.UNKNOWN_ADDRESS),
        (said(552, "Boite du destinataire pleine", "5.1.1"), Reason.FULL),
        (said(552, "Recipient mailbox is full", "5.2.2"), Reason.FULL),
        (said(550, "", "5.2.2"), Reason.FULL),
        (said(550, "", "5.1.10"), Reason.UNKNOWN_ADDRESS),
        (said(550, "", "5.1.2"), Reason.UNKNOWN_DOMAIN),
        (said(550, "mailbox disabled", "5.2.1"), Reason.DISABLED),
        (said(550, "", "5.2.1"), Reason.DISABLED),
        (said(552, "message too large", "5.3.4"), Reason.TOO_BIG),
        (said(550, "rejected as spam"), Reason.SPAM),
        (
            said(550, "Unauthenticated email is not accepted due to DMARC", "5.7.1"),
            Reason.AUTHENTICATION,
        ),
        (said(550, "Access denied", "5.7.1"), Reason.POLICY),
        (
            said(550, "Access denied, sending domain does not meet", "5.7.515"),
            Reason.AUTHENTICATION,
        ),
        (said(450, "Greylisted"), Reason.GREYLISTED),
        (said(554, "Relay access denied", "5.7.1"), Reason.RELAY_DENIED),
        (said(550, "delivery time expired", "4.4.7"), Reason.EXPIRED),
        (said(450, "connection timed out", "4.4.1"), Reason.UNREACHABLE),
        (said(550, "non"), Reason.OTHER),
    ],
)
def test_the_reason_comes_from_text_then_code(reply: Reply, reason: Reason) -> None:
    assert reason_of(reply) is reason


def test_a_letter_is_retried_four_times_then_given_up() -> None:
    greylisted = said(450, "Greylisted")
    for attempts, delay in enumerate(LETTER_RETRIES, start=1):
        verdict = classify(greylisted, Phase.RCPT, attempts=attempts)
        assert (verdict.outcome, verdict.retry_after) == (Outcome.DEFER, delay)
    last = classify(greylisted, Phase.RCPT, attempts=len(LETTER_RETRIES) + 1)
    assert last.outcome is Outcome.REJECT
    assert retry_delay(0) == LETTER_RETRIES[0]


def test_the_account_waits_longer_each_time() -> None:
    assert [back_off(times) for times in (0, 1, 2, 3, 4, 9)] == [
        timedelta(minutes=m) for m in (1, 1, 5, 15, 60, 60)
    ]


def test_the_same_refusal_is_recognised_without_its_address_and_numbers() -> None:
    first = same_words(said(550, "<paul@exemple.fr>: blocked, id 4F3A21B99 at 10:02", "5.7.1"))
    second = same_words(said(550, "<zoe@exemple.fr>: blocked, id 77B1C0D21 at 11:15", "5.7.1"))
    assert first == second
    assert first != same_words(said(550, "<zoe@exemple.fr>: unknown", "5.1.1"))


def test_no_address_in_a_repr() -> None:
    assert "paul" not in repr(said(550, "<paul@exemple.fr> unknown"))
