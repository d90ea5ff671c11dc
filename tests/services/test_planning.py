"""One delivery per person, decided once; corrections after the plan replace what has not left."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.campaign import Campaign, Channel, DeliveryStatus, read_letter_code
from app.core.errors import BugError, Cancelled
from app.core.recipient import ExclusionReason, PostalAddress, Recipient, Restriction
from app.services.control import Control
from app.services.planning import (
    Plan,
    PlanOptions,
    PlanProgress,
    move_to_paper,
    plan,
    plan_steps,
    survey,
)
from app.storage.campaign_file import CampaignFile
from app.storage.keys import new_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPTIONS = PlanOptions(
    sender="contact@cabinet.example", template_id="T01", annotations_template_id="T02"
)
STREET = PostalAddress(street="3 rue des Lilas", postcode="90000", city="Belfort")


class FixedClock:
    def now(self) -> datetime:
        return NOW


def people() -> list[Recipient]:
    return [
        Recipient(1, last_name="Martin", email="jeanne@exemple.example", address=STREET),
        Recipient(2, last_name="Durand", address=STREET),
        Recipient(3, last_name="Petit", email="anne@exemple.example", has_annotations=True),
        Recipient(4, last_name="Le Goff", restriction=Restriction.HAND_OVER, address=STREET),
        Recipient(5, last_name="Blanc", restriction=Restriction.DO_NOT_WRITE, address=STREET),
        Recipient(6, last_name="Roy"),
        Recipient(
            7, last_name="Noir", email="n@exemple.example", excluded=ExclusionReason.DUPLICATE
        ),
        Recipient(8, last_name="Vidal", email="v@e.example", has_annotations=True, address=STREET),
    ]


@pytest.fixture
def campaign_file(tmp_path: Path) -> Iterator[CampaignFile]:
    made = CampaignFile.create(tmp_path / "envoi.avis34", Campaign("c1", "Envoi", NOW), new_key())
    made.add_recipients(people())
    yield made
    made.close()


def by_row(campaign_file: CampaignFile) -> dict[int, list[tuple[Channel, DeliveryStatus]]]:
    found: dict[int, list[tuple[Channel, DeliveryStatus]]] = {}
    for delivery, person in campaign_file.deliveries_with_recipients():
        found.setdefault(person.row, []).append((delivery.channel, delivery.status))
    return found


def test_each_person_gets_one_delivery_by_the_right_road(campaign_file: CampaignFile) -> None:
    done = plan(campaign_file, OPTIONS, FixedClock())

    assert by_row(campaign_file) == {
        1: [(Channel.EMAIL, DeliveryStatus.PENDING)],
        2: [(Channel.PAPER, DeliveryStatus.PENDING)],
        3: [(Channel.EMAIL, DeliveryStatus.PENDING)],
        4: [(Channel.HAND_OVER, DeliveryStatus.PENDING)],
        5: [(Channel.NONE, DeliveryStatus.EXCLUDED)],
        6: [(Channel.NONE, DeliveryStatus.EXCLUDED)],
        7: [(Channel.NONE, DeliveryStatus.EXCLUDED)],
        8: [(Channel.PAPER, DeliveryStatus.PENDING)],
    }
    assert (done.total, done.letters, done.added) == (8, 5, 8)
    assert done.by_template == {"T01": 3, "T02": 2}
    assert done.exclusions == {
        ExclusionReason.DO_NOT_WRITE: 1,
        ExclusionReason.NO_CHANNEL: 1,
        ExclusionReason.DUPLICATE: 1,
    }
    assert campaign_file.balance().is_exact()


def test_codes_and_message_ids_are_unique_and_well_formed(campaign_file: CampaignFile) -> None:
    plan(campaign_file, OPTIONS)

    letters = list(campaign_file.deliveries())
    codes = {letter.code for letter in letters}
    assert len(codes) == len(letters)
    assert all(read_letter_code(code) == code for code in codes)
    emails = [letter for letter in letters if letter.channel is Channel.EMAIL]
    assert len({letter.message_id for letter in emails}) == len(emails) == 2
    for letter in emails:
        assert letter.message_id.startswith(f"<1.{letter.recipient_id}.")
        assert letter.message_id.endswith("@cabinet.example>")
    assert all(not letter.message_id for letter in letters if letter.channel is not Channel.EMAIL)


def test_the_variant_follows_the_annotations(campaign_file: CampaignFile) -> None:
    plan(campaign_file, OPTIONS)
    variants = {
        person.row: delivery.template_id
        for delivery, person in campaign_file.deliveries_with_recipients()
    }
    assert variants == {1: "T01", 2: "T01", 3: "T02", 4: "T01", 5: "", 6: "", 7: "", 8: "T02"}


def test_a_second_plan_changes_nothing(campaign_file: CampaignFile) -> None:
    plan(campaign_file, OPTIONS)
    before = list(campaign_file.deliveries())
    events = campaign_file.count_events()

    again = plan(campaign_file, OPTIONS)

    assert (again.added, again.changed) == (0, 0)
    assert list(campaign_file.deliveries()) == before
    assert campaign_file.count_events() == events


def test_a_corrected_person_gets_a_new_letter_and_the_old_one_is_replaced(
    campaign_file: CampaignFile,
) -> None:
    plan(campaign_file, OPTIONS)
    email, excluded = (campaign_file.recipient(key) for key in (1, 6))
    campaign_file.update_recipient(Recipient(1, id=email.id, last_name="Martin", address=STREET))
    campaign_file.update_recipient(Recipient(6, id=excluded.id, last_name="Roy", address=STREET))

    again = plan(campaign_file, OPTIONS)

    assert (again.added, again.changed) == (2, 2)
    assert by_row(campaign_file)[1] == [
        (Channel.EMAIL, DeliveryStatus.REPLACED),
        (Channel.PAPER, DeliveryStatus.PENDING),
    ]
    assert by_row(campaign_file)[6] == [
        (Channel.NONE, DeliveryStatus.REPLACED),
        (Channel.PAPER, DeliveryStatus.PENDING),
    ]
    assert campaign_file.balance().is_exact()


def test_a_letter_that_left_is_never_planned_again(campaign_file: CampaignFile) -> None:
    plan(campaign_file, OPTIONS)
    claimed = campaign_file.claim_next(NOW)
    assert claimed is not None
    for status in (DeliveryStatus.DOT, DeliveryStatus.ACCEPTED):
        campaign_file.move(claimed[0].id, status, now=NOW)
    campaign_file.update_recipient(Recipient(1, id=1, last_name="Martin", address=STREET))

    again = plan(campaign_file, OPTIONS)

    assert again.added == 0
    assert by_row(campaign_file)[1] == [(Channel.EMAIL, DeliveryStatus.ACCEPTED)]


def test_a_late_patient_is_added(campaign_file: CampaignFile) -> None:
    plan(campaign_file, OPTIONS)
    campaign_file.add_recipients([Recipient(9, last_name="Tardif", email="t@e.example")])
    assert plan(campaign_file, OPTIONS).added == 1


def test_a_follow_up_keeps_the_people_it_was_started_for(campaign_file: CampaignFile) -> None:
    plan(campaign_file, OPTIONS)
    second = PlanOptions(sender="contact@cabinet.example", template_id="T14", run=2)
    assert plan(campaign_file, second).added == 0
    letter = replace(next(campaign_file.deliveries()), run=2, code="7K3M-9QXA-P", message_id="<2>")
    campaign_file.add_deliveries([letter])
    planned = plan(campaign_file, second)
    assert (planned.added, planned.by_channel) == (0, {Channel.EMAIL: 1})
    assert list(survey(campaign_file, second))[-1] == planned
    campaign_file.update_recipient(Recipient(1, id=1, last_name="Martin", address=STREET))
    assert plan(campaign_file, second).by_channel == {Channel.PAPER: 1}


def test_a_survey_counts_like_the_plan_and_writes_nothing(campaign_file: CampaignFile) -> None:
    counted = list(survey(campaign_file, OPTIONS))[-1]
    assert isinstance(counted, Plan)
    assert not list(campaign_file.deliveries())
    written = plan(campaign_file, OPTIONS)
    assert counted.by_channel == written.by_channel
    assert counted.exclusions == written.exclusions


def test_a_stop_in_the_middle_leaves_nothing(campaign_file: CampaignFile) -> None:
    campaign_file.add_recipients(
        Recipient(row, last_name=f"N{row}", address=STREET) for row in range(100, 2_600)
    )
    control = Control()
    steps = plan_steps(campaign_file, OPTIONS, control)
    first = next(steps)
    assert first == PlanProgress(1_000, 2_508)
    control.stop()
    with pytest.raises(Cancelled):
        list(steps)
    assert not list(campaign_file.deliveries())
    assert plan(campaign_file, OPTIONS).added == 2_508


def test_an_email_needs_the_address_it_leaves_from(campaign_file: CampaignFile) -> None:
    with pytest.raises(BugError):
        plan(campaign_file, PlanOptions())
    assert not list(campaign_file.deliveries())


def test_a_refused_email_goes_by_post_when_there_is_an_address(
    campaign_file: CampaignFile,
) -> None:
    plan(campaign_file, OPTIONS)
    keys = {person.row: letter.id for letter, person in campaign_file.deliveries_with_recipients()}
    for row in (1, 3):
        campaign_file.claim_next(NOW)
        campaign_file.move(keys[row], DeliveryStatus.REJECTED, now=NOW)

    outcome = move_to_paper(campaign_file, [keys[1], keys[2], keys[3]], OPTIONS, FixedClock())

    assert (outcome.moved, outcome.without_address) == (1, (3,))
    rows = by_row(campaign_file)
    assert rows[1] == [
        (Channel.EMAIL, DeliveryStatus.REPLACED),
        (Channel.PAPER, DeliveryStatus.PENDING),
    ]
    assert rows[2] == [(Channel.PAPER, DeliveryStatus.PENDING)]
    assert rows[3] == [(Channel.EMAIL, DeliveryStatus.REJECTED)]
    assert campaign_file.balance().is_exact()
    # a later plan does not send them an e-mail again
    assert plan(campaign_file, OPTIONS).added == 0
