"""What the commands ask before letters leave, and what the journal keeps of an acceptance."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.envoyer import envoyer
from app.cli.imprimer import imprimer
from app.core.errors.letters import AcceptanceIncomplete, ReasonNamesPatient
from app.core.recipient import ExclusionReason
from app.credentials import KeyringCredentials
from app.letters.catalogue import load
from app.services import letter_check, letter_warnings, lettering
from app.services.campaigns import keep_key, open_campaign
from app.services.departure import plan_options, trial_maildir
from app.services.planning import plan
from app.services.reading import draw_letters, mark_read
from app.services.run_check import note_second_reader, run_issues, second_reader
from app.services.sample_campaign import make_sample_campaign
from app.services.samples import load_sample
from app.services.trial_due import trial_sent
from app.services.trial_letter import TRIAL_SENT_AT
from app.storage.campaign_file import CampaignFile
from tests.support.campaigns import KEY
from tests.support.printing import make_paper_campaign
from tests.support.ready_campaign import NOW, StandingClock, few_people
from tests.support.reviewed import review_everything

PEOPLE = 6


@pytest.fixture
def made(tmp_path: Path) -> Iterator[CampaignFile]:
    """Letters by post, planned, whose text raises a warning in each."""
    with make_paper_campaign(tmp_path, PEOPLE) as file:
        keep_key(KeyringCredentials(), file.campaign.id, KEY)
        template = load().template(file.incident().template_id)
        source = template.source.replace("## Vos droits", "Attention au phishing.\n\n## Vos droits")
        lettering.save_wording(file, template.with_wording(source, template.subject_email))
        yield file


def check(file: CampaignFile) -> None:
    *_, finished = letter_check.check_all(file)
    assert isinstance(finished, letter_check.CheckFinished)
    letter_warnings.record(file, finished)


def read_all(file: CampaignFile) -> None:
    for letter in draw_letters(file):
        mark_read(file, letter.recipient_id)


def call(file: CampaignFile, folder: Path, *words: str) -> Result:
    target = folder / "l.pdf"
    file.close()
    return CliRunner().invoke(
        imprimer, [str(file.folder), "--vers", str(target), *words], standalone_mode=False
    )


def test_letters_nobody_read_are_not_printed(made: CampaignFile, tmp_path: Path) -> None:
    done = call(made, tmp_path)
    assert done.return_value == 2
    assert "Rien n’a été imprimé. Il reste 5" in done.stderr
    assert not (tmp_path / "l.pdf").exists()


def test_a_warning_stops_the_command_and_is_told(made: CampaignFile, tmp_path: Path) -> None:
    read_all(made)
    done = call(made, tmp_path)
    assert done.return_value == 2
    assert "2\u00a0avertissements à accepter" in done.stderr
    assert "Un mot anglais" in done.stderr
    assert "(6\u00a0lettres)" in done.stderr
    assert "--accepter-avertissements NOM --raison TEXTE" in done.stderr
    assert not (tmp_path / "l.pdf").exists()


def test_accepted_on_the_command_line_it_prints(made: CampaignFile, tmp_path: Path) -> None:
    read_all(made)
    folder = made.folder
    without = call(made, tmp_path, "--accepter-avertissements", "Dr Roux")
    assert isinstance(without.exception, AcceptanceIncomplete)
    words = ["--accepter-avertissements", "Dr Roux", "--raison", "mot connu de nos patients"]
    with CampaignFile.open(folder, KEY) as again:
        done = call(again, tmp_path, *words)
    assert done.return_value == 0, done.output
    assert (tmp_path / "l.pdf").exists()
    with CampaignFile.open(folder, KEY) as again:
        told = [
            (a.code, a.letters, a.by, a.reason, a.what) for a in letter_warnings.accepted(again)
        ]
        assert told == [
            (
                "letter_11_english",
                PEOPLE,
                "Dr Roux",
                "mot connu de nos patients",
                "Un mot anglais\u00a0: «\u00a0…\u00a0».",
            ),
            (
                "letter_20_no_second_reader",
                0,
                "Dr Roux",
                "mot connu de nos patients",
                "Personne d’autre n’a relu la lettre.",
            ),
        ]
        assert again.verify_chain().is_whole


def test_the_review_done_in_the_window_is_enough(made: CampaignFile, tmp_path: Path) -> None:
    review_everything(made)
    assert call(made, tmp_path).return_value == 0


def test_a_new_letter_with_the_same_warning_is_asked_about(made: CampaignFile) -> None:
    check(made)
    letter_warnings.accept(made, letter_warnings.open_warnings(made), "Dr Roux", "relu")
    assert letter_warnings.open_warnings(made) == ()
    english = next(w for w in letter_warnings.warnings(made) if w.code == "letter_11_english")
    (entry, *others) = json.loads(made.setting(letter_warnings.WARNINGS) or "")
    entry["rows"] += ",999"
    made.set_setting(letter_warnings.WARNINGS, json.dumps([entry, *others]))
    (left,) = letter_warnings.open_warnings(made)
    assert (left.code, left.rows) == (english.code, frozenset({999}))


@pytest.mark.parametrize(
    "reason",
    [
        "vu avec {first} {last}",
        "vu avec {last} {first}",
        "demandé par Mme {last}",
        "appeler le 06 12 34 56 78",
        "écrire à a.b@exemple.example",
        "NIR 2 56 03 38 111 222 45",
    ],
)
def test_a_reason_that_names_a_patient_is_refused(made: CampaignFile, reason: str) -> None:
    check(made)
    person = next(iter(made.recipients()))
    words = reason.format(first=person.first_name, last=person.last_name)
    with pytest.raises(ReasonNamesPatient):
        letter_warnings.accept(made, letter_warnings.open_warnings(made), "Dr Roux", words)
    assert letter_warnings.accepted(made) == ()
    assert not list(made.events(kind=letter_warnings.ACCEPTED_EVENT))


def test_counts_and_reasons_of_the_whole_run(made: CampaignFile) -> None:
    assert run_issues(made, 1) == []
    person = next(iter(made.recipients()))
    made.update_recipient(replace(person, excluded=ExclusionReason.NOT_CONCERNED))
    assert "letter_20_reason_missing" in {issue.code for issue in run_issues(made, 1)}
    note = "carte d’un autre cabinet"
    made.update_recipient(
        replace(person, excluded=ExclusionReason.NOT_CONCERNED, exclusion_note=note)
    )
    assert "letter_20_reason_missing" not in {issue.code for issue in run_issues(made, 1)}


def test_somebody_added_after_the_plan_is_missed(made: CampaignFile) -> None:
    person = next(iter(made.recipients()))
    made.add_recipients([replace(person, id=0, row=500, last_name="Tardif")])
    assert [issue.code for issue in run_issues(made, 1)] == ["letter_20_counts"]


def test_a_second_reader_is_for_one_text(made: CampaignFile) -> None:
    with pytest.raises(AcceptanceIncomplete):
        note_second_reader(made, "  ", "a")
    note_second_reader(made, "Mme Petit", "a")
    reader = second_reader(made, "a")
    assert reader is not None
    assert reader.by == "Mme Petit"
    assert second_reader(made, "b") is None
    (event,) = made.events(kind="second_reading")
    assert event.facts["by"] == "Mme Petit"


def test_a_trial_letter_is_due_for_real_emails_only(made: CampaignFile) -> None:
    assert trial_sent(made)  # everything goes by post
    made.set_setting(TRIAL_SENT_AT, "2026-03-02T09:00:00+00:00")
    assert trial_sent(made)


def test_emails_wait_for_the_review_too(tmp_path: Path) -> None:
    """The real command on a sample: nothing leaves before the letters were read and the warnings answered for."""
    path = tmp_path / "Exemple" / "Exemple.avis34"
    path.parent.mkdir()
    sample = load_sample("editeur", NOW.date())
    credentials = KeyringCredentials()
    with make_sample_campaign(
        path, "Exemple", sample.practice, sample.incident, credentials, StandingClock()
    ) as file:
        file.add_recipients(few_people())
        plan(file, plan_options(file, None), StandingClock())
        folder, maildir = file.folder, trial_maildir(file)
    words = [str(folder), "--nombre", "9"]
    runner = CliRunner()
    unread = runner.invoke(envoyer, words, standalone_mode=False)
    assert unread.return_value == 2
    assert "Rien n’a été envoyé. Il reste" in unread.stderr
    with open_campaign(folder, credentials) as file:
        read_all(file)
    unanswered = runner.invoke(envoyer, words, standalone_mode=False)
    assert unanswered.return_value == 2
    assert "Personne d’autre n’a relu la lettre." in unanswered.stderr
    assert not maildir.exists() or not list((maildir / "new").iterdir())
    accept = ["--accepter-avertissements", "Dr Roux", "--raison", "seule au cabinet"]
    sent = runner.invoke(envoyer, [*words, *accept], standalone_mode=False)
    assert sent.return_value == 0, sent.output
    assert len(list((maildir / "new").iterdir())) == 9
