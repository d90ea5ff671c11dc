"""Letters of a campaign file: draft and frozen wording, previews, the check of every letter."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.core.campaign import Campaign, Channel, Delivery, DeliveryStatus, new_letter_code
from app.core.errors import Cancelled
from app.core.errors.letters import TemplateInvalid, UnknownTemplate
from app.core.issue import Issue, Level
from app.core.letter_facts import fold
from app.core.recipient import ExclusionReason, Recipient, Restriction
from app.letters.catalogue import load
from app.letters.checking import TRIAL_CODE
from app.services import letter_check, lettering
from app.services.control import Control
from app.storage.campaign_file import CampaignFile
from tests.support.letters import PERSON, PRACTICE, incident

NOW = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


class _At:
    """A clock that stands still."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CampaignFile]:
    monkeypatch.setenv("AVIS34_HOME", str(tmp_path / "home"))
    identity = Campaign("essai", "Essai", NOW, is_sample=True)
    with CampaignFile.create(tmp_path / "essai.avis34", identity, b"k" * 32) as made:
        made.save_incident(incident(load().template("T01")))
        made.save_practice(PRACTICE)
        yield made


def _people(count: int) -> list[Recipient]:
    return [
        replace(
            PERSON,
            row=number + 1,
            id=0,
            first_name=f"Prénom{number % 7}",
            last_name=f"Nomexemple{number}",
            email=f"p{number}@exemple.invalid" if number % 2 else "",
            has_annotations=number % 10 == 0,
        )
        for number in range(count)
    ]


def _run(
    campaign: CampaignFile, control: Control | None = None
) -> tuple[list[Issue], letter_check.CheckFinished]:
    *events, last = letter_check.check_all(campaign, control, clock=_At())
    assert isinstance(last, letter_check.CheckFinished)
    return [event for event in events if isinstance(event, Issue)], last


def test_every_letter_is_checked_and_good_ones_raise_nothing(campaign: CampaignFile) -> None:
    campaign.add_recipients(_people(600))
    issues, finished = _run(campaign)
    assert issues == []
    assert (finished.letters, finished.blocking, finished.to_check) == (600, 0, 0)


def test_no_line_of_a_letter_stays_in_memory(campaign: CampaignFile) -> None:
    campaign.add_recipients(_people(3))
    _run(campaign)
    assert fold.cache_info().currsize == 0


def test_people_without_a_letter_are_not_rendered(campaign: CampaignFile) -> None:
    people = _people(4)
    people[1] = replace(people[1], excluded=ExclusionReason.DUPLICATE)
    people[2] = replace(people[2], restriction=Restriction.DO_NOT_WRITE)
    campaign.add_recipients(people)
    assert _run(campaign)[1].letters == 2


def test_a_fault_of_one_letter_is_told_with_its_row(campaign: CampaignFile) -> None:
    people = _people(30)
    people[11] = replace(people[11], last_name="{{NOM}}")
    people[17] = replace(people[17], first_name="", last_name="")
    campaign.add_recipients(people)
    issues, finished = _run(campaign)
    assert ("letter_07_residue", 12) in {(i.code, i.row) for i in issues}
    assert ("letter_10_own_name_missing", 18) in {(i.code, i.row) for i in issues}
    assert {i.row for i in issues} == {12, 18}
    assert finished.blocking > 0


def test_a_name_written_into_the_wording_is_found_in_every_other_letter(
    campaign: CampaignFile,
) -> None:
    campaign.add_recipients(_people(120))
    template = load().template("T01")
    source = template.source.replace(
        "## Vos droits", "Comme pour Prénom3 Nomexemple3.\n\n## Vos droits"
    )
    campaign.save_template_text("T01", template.subject_email, source)
    issues, finished = _run(campaign)
    told = Counter(issue.code for issue in issues)
    plain = 120 - 12  # one in ten gets T02
    assert finished.counts[Level.BLOCKING, "letter_08_other_person"] == plain - 1
    assert told["letter_08_other_person"] == 50  # all are counted, fifty are shown
    assert 4 not in {issue.row for issue in issues}


def test_a_missing_fact_is_a_remark_on_each_letter(campaign: CampaignFile) -> None:
    campaign.add_recipients(_people(3))
    campaign.save_practice(replace(PRACTICE, controller=""))
    _, finished = _run(campaign)
    assert finished.counts[Level.BLOCKING, "letter_07_missing_value"] == 3


def test_planned_letters_are_checked_with_their_own_code_and_channel(
    campaign: CampaignFile,
) -> None:
    campaign.add_recipients(_people(2))
    code = new_letter_code(b"abcdefgh")
    campaign.add_deliveries(
        [Delivery(1, Channel.PAPER, DeliveryStatus.PENDING, code, template_id="T01")]
    )
    _, finished = _run(campaign)
    assert finished.letters == 1
    letter = lettering.preview(campaign, 1, Channel.PAPER)
    assert letter.code == code
    assert code in letter.body
    assert lettering.preview(campaign, 2, Channel.EMAIL).code == TRIAL_CODE


def test_stop_is_obeyed(campaign: CampaignFile) -> None:
    campaign.add_recipients(_people(300))
    control = Control()
    control.stop()
    with pytest.raises(Cancelled):
        list(letter_check.check_all(campaign, control, clock=_At()))


def test_the_practices_wording_replaces_the_catalogues(campaign: CampaignFile) -> None:
    campaign.add_recipients(_people(2))
    template = load().template("T01")
    source = template.source.replace("Nous regrettons sincèrement", "Nous regrettons beaucoup")
    campaign.save_template_text("T01", "Notre objet", source)
    letter = lettering.preview(campaign, 2, Channel.EMAIL)
    assert letter.subject == "Notre objet"
    assert "Nous regrettons beaucoup" in letter.body
    # the variant keeps its own words
    assert "Nous regrettons sincèrement" in lettering.preview(campaign, 1, Channel.EMAIL).body


def test_what_was_frozen_is_what_leaves(campaign: CampaignFile) -> None:
    campaign.add_recipients(_people(2))
    lettering.freeze(campaign, clock=_At())
    before = lettering.renderer_for(campaign).render(campaign.recipient(2), "x", Channel.EMAIL)
    campaign.save_template_text("T01", "Autre objet", "Autre texte")
    campaign.save_incident(replace(campaign.incident(), vendor="Autre société"))
    campaign.save_practice(replace(PRACTICE, name="Autre cabinet"))
    after = lettering.renderer_for(campaign).render(campaign.recipient(2), "x", Channel.EMAIL)
    assert (after.subject, after.text) == (before.subject, before.text)
    assert "2\u00a0février 2026" not in after.body
    assert after.document.place_date == "Exempleville, le 2\u00a0février 2026"
    # the next run speaks with the new words
    assert lettering.renderer_for(campaign, run=2).practice.name == "Autre cabinet"


def test_the_date_of_the_letters_can_be_chosen(campaign: CampaignFile) -> None:
    campaign.set_setting(lettering.LETTER_DATE, "2026-01-30")
    assert lettering.renderer_for(campaign, clock=_At()).letter_date == date(2026, 1, 30)
    campaign.set_setting(lettering.LETTER_DATE, "")
    evening = _At(datetime(2026, 2, 2, 23, 30, tzinfo=UTC))  # already the 3rd in France
    assert lettering.renderer_for(campaign, clock=evening).letter_date == date(2026, 2, 3)


def test_the_variant_can_be_edited_with_a_live_check(campaign: CampaignFile) -> None:
    t02 = lettering.template_of(campaign, "T02")
    assert lettering.check_wording(campaign, t02, _At()) == []
    worse = t02.with_wording(t02.source.replace("{{ conseils }}", ""), t02.subject_email)
    found = lettering.check_wording(campaign, worse, _At())
    assert "letter_05_advice_missing" in {issue.code for issue in found}
    # T01 is not what is being edited
    t01 = lettering.template_of(campaign, "T01")
    assert lettering.check_wording(campaign, t01, _At()) == []


def test_faults_of_a_template_are_errors(campaign: CampaignFile) -> None:
    campaign.add_recipients(_people(2))
    campaign.save_template_text("T01", "Objet", "{{ inconnu }}")
    with pytest.raises(TemplateInvalid):
        lettering.preview(campaign, 2, Channel.EMAIL)
    campaign.save_incident(replace(campaign.incident(), template_id="T77"))
    with pytest.raises(UnknownTemplate):
        lettering.renderer_for(campaign)


def test_a_warning_of_some_letters_only_has_exactly_their_rows(campaign: CampaignFile) -> None:
    """Words are judged once for all letters that share them: those that do not are still told apart."""
    campaign.add_recipients(_people(120))
    template = load().template("T01")
    source = template.source.replace(
        "## Vos droits",
        "{% if par_courrier %}\nAttention au phishing.\n\n{% endif %}\n## Vos droits",
    )
    lettering.save_wording(campaign, template.with_wording(source, template.subject_email))
    issues, finished = _run(campaign)
    by_post = {
        person.row
        for person in campaign.recipients()
        if not person.email and not person.has_annotations  # these get T02
    }
    (warning,) = finished.warnings
    assert warning.code == "letter_11_english"
    assert warning.rows == by_post
    assert finished.counts[Level.CHECK, "letter_11_english"] == len(by_post)
    # each remark shown has its row and the place of its word
    assert all(issue.span is not None and issue.row in by_post for issue in issues)
