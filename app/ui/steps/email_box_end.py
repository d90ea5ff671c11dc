"""How a go at sending ended, in the page's bar, with what can be done next."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import UserError
from app.core.errors import mail as errors
from app.services.sending_events import Finished, Stopped, Tally
from app.ui.steps.sending_gate import SendingGate
from app.ui.theme import Meaning
from app.ui.widgets.message_bar import MessageAction
from app.wording import explain
from app.wording.french import NBSP, count, number
from app.wording.pace import moment_words

#: faults that « Mon cabinet » repairs
_ABOUT_THE_ACCOUNT = (
    errors.LoginRefused,
    errors.PasswordMissing,
    errors.AccountMissing,
    errors.SenderRefused,
    errors.SignInExpired,
    errors.SigningKeyUnreadable,
    errors.ServerNameUnknown,
)
#: faults that the refused letters themselves explain
_ABOUT_REFUSALS = (errors.TooManyRefusals, errors.SameRefusalRepeated, errors.ContentRefused)


@dataclass(frozen=True, slots=True)
class NextActs:
    """What the page can do from the bar."""

    resume: Callable[[], object]
    resume_later: Callable[[], object]
    show_refused: Callable[[], object]
    to_paper: Callable[[], object]


def account_action(page: SendingGate, error: UserError) -> list[MessageAction]:
    """« Ouvrir Mon cabinet » when the fault is repaired there."""
    if isinstance(error, _ABOUT_THE_ACCOUNT):
        return [MessageAction("Ouvrir «\u00a0Mon cabinet\u00a0»", page.practice_requested.emit)]
    return []


def tell_stopped(page: SendingGate, event: Stopped, acts: NextActs) -> None:
    """A fault: what happened, why, what to do, how many are left."""
    told = explain(event.error)
    left = event.tally.left
    lines = [told.what, told.why, told.what_to_do]
    lines.append(f"Il reste {count(left, 'courriel')} à envoyer{NBSP}; rien n’est perdu.")
    actions = account_action(page, event.error)
    if isinstance(event.error, _ABOUT_REFUSALS):
        actions.append(MessageAction("Voir les refus", acts.show_refused))
    if event.resume_at is not None:
        when = moment_words(event.resume_at, page.desk.clock.now())
        actions.append(MessageAction(f"Reprendre {when}", acts.resume_later))
    actions.append(MessageAction("Reprendre l’envoi…", acts.resume))
    words = "\n".join(line for line in lines if line)
    details = "\n".join([words, type(event.error).__name__])
    page.message_bar.show_message(Meaning.PROBLEM, words, actions, details)


def tell_finished(page: SendingGate, event: Finished, acts: NextActs) -> None:
    """The end of the letters, or the user's stop."""
    tally = event.tally
    if event.stopped_by_user:
        page.message_bar.show_message(
            Meaning.ATTENTION,
            f"Envoi arrêté à {number(tally.settled)} sur {number(tally.total)}. "
            "La suite partira quand vous le voudrez.",
            [MessageAction("Reprendre l’envoi…", acts.resume)],
        )
        return
    if event.resume_at is not None:
        when = moment_words(event.resume_at, page.desk.clock.now())
        page.message_bar.show_message(
            Meaning.ATTENTION,
            f"Il reste {count(tally.left, 'courriel')} à envoyer. La suite pourra partir {when}.",
            [MessageAction(f"Reprendre {when}", acts.resume_later)],
        )
        return
    actions = []
    if tally.rejected:
        actions = [
            MessageAction("Voir les refus", acts.show_refused),
            MessageAction(
                f"Écrire par courrier à {count(tally.rejected, 'personne')}", acts.to_paper
            ),
        ]
    page.message_bar.show_message(
        Meaning.ATTENTION if tally.rejected or tally.uncertain else Meaning.DONE,
        f"{end_words(tally)} Des courriels peuvent encore revenir pendant plusieurs semaines{NBSP}: "
        "relevez-les de temps en temps.",
        actions,
    )


def end_words(tally: Tally) -> str:
    """« L’envoi est terminé : 1 829 lettres acceptées par le serveur, 9 refusées. »."""
    words = [f"{count(tally.accepted, 'lettre acceptée', 'lettres acceptées')} par le serveur"]
    if tally.rejected:
        words.append(count(tally.rejected, "refusée", "refusées"))
    if tally.uncertain:
        words.append(count(tally.uncertain, "incertaine", "incertaines"))
    return f"L’envoi est terminé{NBSP}: {', '.join(words)}."


def notice(event: object) -> str:
    """What the system's notification says: figures only, no name."""
    if isinstance(event, Finished) and not event.stopped_by_user:
        return end_words(event.tally)
    if isinstance(event, Stopped):
        return (
            f"{explain(event.error).what} Il reste {count(event.tally.left, 'courriel')} à envoyer."
        )
    return ""
